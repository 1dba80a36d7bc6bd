import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  EMPTY_LINE,
  type LinePart,
  type MemoryLine,
  partsInWindow,
  splitByWindows,
  takeLineStep,
} from "@/figures/parts/memory_line.ts";
import { seededRandom } from "@/math/random.ts";
import { readWeightsAt } from "@/memory/ends.ts";
import { runMemory } from "@/memory/memory.ts";
import { referenceMemory } from "@/memory/memories.ts";
import { DEQUE_ENDS } from "@/memory/sparse_deque.ts";
import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
import { STACK_ENDS } from "@/memory/sparse_stack.ts";

const T = 8;

/** Random controls of every port at every step; each value has a name of its own. */
function programOf(ports: number, seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: T }, (_, t) =>
    Array.from({ length: ports }, (_, p) => ({
      pop: random.uniform(0, 1.2),
      push: random.uniform(),
      name: `${p}:${t}`,
      value: [0],
    })));
}

/** The names of the rows after a number of steps, from the bottom to the top. */
function rowNames(ports: number, steps: number): string[] {
  const of = (p: number) => Array.from({ length: steps }, (_, t) => `${p}:${t}`);
  return ports === 1 ? of(0) : [...of(1).toReversed(), ...of(0)];
}

function assertAmounts(parts: readonly LinePart[], names: string[], wanted: readonly number[]) {
  names.forEach((name, i) => {
    const mine = parts.filter((part) => part.name === name);
    const amount = mine.reduce((sum, { from, to }) => sum + to - from, 0);
    assertAlmostEquals(amount, wanted[i], 1e-8, name);
  });
}

for (const { name, ports: ends } of [STACK_ENDS, QUEUE_ENDS, DEQUE_ENDS]) {
  Deno.test(`${name}: on random programs the rows are as high as the reference's strengths, and as much of each is read`, () => {
    const memory = referenceMemory(name as "stack")!;
    for (let seed = 1; seed <= 100; seed++) {
      const program = programOf(ends.length, seed);
      const { states } = runMemory(memory, program);
      let line: MemoryLine = EMPTY_LINE;
      program.forEach((controls, t) => {
        const step = takeLineStep(line, controls.map((port, p) => ({ ...port, ends: ends[p] })));
        line = step.line;
        const s = memory.strengths(states[t + 1]), names = rowNames(ends.length, t + 1);
        assertAmounts(line.rows, names, s);
        ends.forEach(({ pops }, p) => {
          const read = partsInWindow(line.rows, step.windows[p]);
          assertAmounts(read, names, readWeightsAt(s, pops));
        });
      });
    }
  });

  Deno.test(`${name}: what is neither popped nor pushed keeps its height`, () => {
    for (let seed = 1; seed <= 100; seed++) {
      let line: MemoryLine = EMPTY_LINE;
      for (const controls of programOf(ends.length, seed)) {
        const step = takeLineStep(line, controls.map((port, p) => ({ ...port, ends: ends[p] })));
        for (const row of step.line.rows) {
          const before = line.rows.find((other) => other.name === row.name);
          const cut = step.popped.filter((other) => other.name === row.name);
          if (!before) continue;
          assertAlmostEquals(row.from, cut.find((c) => c.from === before.from)?.to ?? before.from);
          assertAlmostEquals(row.to, cut.find((c) => c.to === before.to)?.from ?? before.to);
        }
        line = step.line;
      }
    }
  });
}

Deno.test("two windows that overlap read what they share once", () => {
  const rows = [{ name: "a", from: 0, to: 1.5 }];
  const { read, unread } = splitByWindows(rows, [{ from: 0, to: 1 }, { from: 0.5, to: 1.5 }]);
  assertEquals(read, [{ name: "a", from: 0, to: 1 }, { name: "a", from: 1, to: 1.5 }]);
  assertEquals(unread, []);
});
