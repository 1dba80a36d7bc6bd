import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { runStack } from "@/memory/stack.ts";
import { runStackBackward } from "@/memory/stack_gradient.ts";
import { denseStack, sparseStack } from "@/models/sequence_stack.ts";

function randomMatrix(random: RandomSource, rows: number, width: number): Matrix {
  return Array.from({ length: rows }, () => Array.from({ length: width }, () => random.normal()));
}

/** Soft controls, or such as are mostly exactly 0 or 1. */
function randomControls(random: RandomSource, T: number, crisp: boolean): number[] {
  const draw = () => crisp ? [0, 0.5, 1][random.integer(0, 3)] : random.uniform();
  return Array.from({ length: T }, draw);
}

for (const [name, kind] of Object.entries({ denseStack, sparseStack })) {
  Deno.test(`${name}: step by step it is the reference, forwards and backwards, ties included`, () => {
    const random = seededRandom(name);
    for (let n = 0; n < 60; n++) {
      const T = random.integer(1, 10), M = random.integer(1, 4), crisp = n % 2 === 0;
      const values = randomMatrix(random, T, M), gReads = randomMatrix(random, T, M);
      const [pops, pushes] = [0, 1].map(() => randomControls(random, T, crisp));
      const trace = runStack({ values, pops, pushes });
      const step = kind.start(T, M);
      const steps = values.map((value, t) => step({ value, pop: pops[t], push: pushes[t] }));
      assertClose(steps.map(({ read }) => read), trace.reads);
      if (kind === denseStack) assertEquals(steps.map((s) => s.strengths), trace.strengths);

      const wanted = runStackBackward(trace, gReads), reverse = kind.startBackward(trace);
      for (let t = T - 1; t >= 0; t--) {
        const { gValue, gPop, gPush } = reverse(gReads[t]);
        assertClose([gValue, [gPop, gPush]], [
          wanted.gValues[t],
          [wanted.gPops[t], wanted.gPushes[t]],
        ]);
      }
    }
  });
}

function assertClose(a: Matrix, b: Matrix): void {
  assertEquals(a.map(({ length }) => length), b.map(({ length }) => length));
  b.forEach((row, i) => row.forEach((x, j) => assertAlmostEquals(a[i][j], x, 1e-12)));
}

Deno.test("a trace can be reversed as often as one likes", () => {
  const trace = runStack({ values: [[2], [4]], pops: [0, 0.25], pushes: [0.75, 0.5] });
  for (const kind of [denseStack, sparseStack]) {
    const [first, second] = [0, 1].map(() => {
      const reverse = kind.startBackward(trace);
      return [reverse([1]), reverse([2])];
    });
    assertEquals(first, second);
  }
});
