import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { type Memory, runMemory, runMemoryBackward } from "@/memory/memory.ts";
import { MEMORY_NAMES, portsOf, referenceMemory } from "@/memory/memories.ts";
import { sparseStackMemory } from "@/memory/sparse_stack.ts";
import { runStack, runStackBackward, stackMemory } from "@/memory/stack.ts";

const MEMORIES: Record<string, Memory> = { stackMemory, sparseStackMemory };

function randomMatrix(random: RandomSource, rows: number, width: number): Matrix {
  return Array.from({ length: rows }, () => Array.from({ length: width }, () => random.normal()));
}

/** Soft controls, or such as are mostly exactly 0, ½ or 1. */
function drawControls(random: RandomSource, T: number, saturated: boolean): number[] {
  const draw = () => saturated ? [0, 0.5, 1][random.integer(0, 3)] : random.uniform();
  return Array.from({ length: T }, draw);
}

function assertClose(a: Matrix, b: Matrix): void {
  assertEquals(a.map(({ length }) => length), b.map(({ length }) => length));
  b.forEach((row, i) => row.forEach((x, j) => assertAlmostEquals(a[i][j], x, 1e-12)));
}

for (const [name, memory] of Object.entries(MEMORIES)) {
  Deno.test(`${name}: the loop over time gives what runStack gives, forward and backward, ties included`, () => {
    const random = seededRandom(name);
    for (let n = 0; n < 60; n++) {
      const T = random.integer(1, 10), M = random.integer(1, 4), saturated = n % 2 === 0;
      const values = randomMatrix(random, T, M), gReads = randomMatrix(random, T, M);
      const [pops, pushes] = [0, 1].map(() => drawControls(random, T, saturated));
      const whole = runStack({ values, pops, pushes });
      const controls = values.map((value, t) => [{ value, pop: pops[t], push: pushes[t] }]);
      const trace = runMemory(memory, controls);
      assertClose(trace.reads.map(([read]) => [...read]), whole.reads);

      const wanted = runStackBackward(whole, gReads);
      const found = runMemoryBackward(memory, trace, gReads.map((gRead) => [gRead]));
      for (const [t, [{ gValue, gPop, gPush }]] of found.entries()) {
        assertClose([[...gValue], [gPop, gPush]], [
          wanted.gValues[t],
          [wanted.gPops[t], wanted.gPushes[t]],
        ]);
      }
    }
  });

  Deno.test(`${name}: a trace can be reversed twice`, () => {
    const controls = [{ value: [2], pop: 0, push: 0.75 }, { value: [4], pop: 0.25, push: 0.5 }];
    const trace = runMemory(memory, controls.map((port) => [port]));
    const [first, second] = [0, 1].map(() => runMemoryBackward(memory, trace, [[[2]], [[1]]]));
    assertEquals(first, second);
  });
}

Deno.test("every name but none has a literal memory, with as many reads as ports", () => {
  assertEquals([referenceMemory("none"), portsOf("none")], [undefined, 0]);
  for (const name of MEMORY_NAMES.filter((name) => name !== "none")) {
    const memory = referenceMemory(name)!, ports = portsOf(name);
    const controls = Array.from({ length: ports }, () => ({ value: [1, 2], pop: 0, push: 1 }));
    assertEquals(memory.step(memory.start(2, 1), controls).reads.length, ports);
  }
});

Deno.test("an empty sequence gives nothing", () => {
  assertEquals(runMemory(stackMemory, []).reads, []);
});
