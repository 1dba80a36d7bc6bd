import { assertEquals, assertLess } from "@std/assert";
import { largestDifference } from "@/math/lists.ts";
import type { Matrix } from "@/math/shapes.ts";
import { runMemory, runMemoryBackward } from "@/memory/memory.ts";
import {
  endsOf,
  hasNoOp,
  MEMORY_NAMES,
  portsOf,
  referenceMemory,
  sparseMemoryNamed,
  takesCells,
} from "@/memory/memories.ts";
import { controlsByStep, gradientOfPort, type PortGradient } from "@/memory/port_inputs.ts";
import { stackMemory } from "@/memory/stack.ts";
import { literalRun, MEMORIES, randomPorts } from "./sparse_cases.ts";

function numbersOf({ gValues, gPops, gPushes }: PortGradient): Matrix {
  return [...gValues, gPops, gPushes];
}

for (const name of MEMORY_NAMES.filter((name) => endsOf(name))) {
  Deno.test(`${name}: its name leads to the literal and to the sparse memory, which agree`, () => {
    const literal = referenceMemory(name)!, sparse = sparseMemoryNamed(name)!;
    assertEquals(literal as unknown, MEMORIES[name].literal);
    assertEquals([literal.ports, sparse.ports], [portsOf(name), portsOf(name)]);
    const both = randomPorts("uniform", 7, portsOf(name), 12);
    const wanted = literalRun(MEMORIES[name], both);
    const trace = runMemory(sparse, controlsByStep(both.ports));
    const gReads = both.gReads[0].map((_, t) => both.gReads.map((gPort) => gPort[t]));
    const gControls = runMemoryBackward(sparse, trace, gReads);
    both.ports.forEach((_, p) => {
      const reads = trace.reads.map((step) => step[p]);
      assertLess(largestDifference(reads, wanted.reads[p]), 1e-12);
      assertLess(
        largestDifference(numbersOf(gradientOfPort(gControls, p)), numbersOf(wanted.gradients[p])),
        1e-12,
      );
    });
  });
}

for (const name of MEMORY_NAMES.filter((name) => name !== "none")) {
  Deno.test(`${name}: a trace can be reversed twice, in both forms`, () => {
    for (const memory of [referenceMemory(name)!, sparseMemoryNamed(name)!]) {
      const { ports, gReads } = randomPorts("uniform", 1, memory.ports, 5);
      const trace = runMemory(memory, controlsByStep(ports));
      const gBySteps = gReads[0].map((_, t) => gReads.map((gPort) => gPort[t]));
      const [first, second] = [0, 1].map(() => runMemoryBackward(memory, trace, gBySteps));
      assertEquals(first, second);
    }
  });
}

Deno.test("a superposition stack has no sparse form, and as many cells as it is given", () => {
  const push = (item: number) => [{ value: [item], push: 1, pop: 0 }];
  for (const memory of [referenceMemory, sparseMemoryNamed]) {
    const contents = (cells?: number) =>
      runMemory(memory("superposition", cells)!, [1, 2, 3].map(push)).states[3];
    assertEquals(contents(), [[3], [2], [1]]);
    assertEquals(contents(2), [[3], [2]]);
  }
  assertEquals(referenceMemory("stack", 2), stackMemory as unknown); // whose rows have no limit
  const only = (has: (name: typeof MEMORY_NAMES[number]) => boolean) => MEMORY_NAMES.filter(has);
  assertEquals([only(takesCells), only(hasNoOp)], [["superposition"], ["superposition"]]);
});

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
