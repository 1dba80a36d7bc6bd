import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { readWindows, type WindowCase } from "@/figures/read_windows.ts";
import { seededRandom } from "@/math/random.ts";
import { readWeightsAt } from "@/memory/ends.ts";
import { runMemory } from "@/memory/memory.ts";
import { referenceMemory } from "@/memory/memories.ts";
import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
import { STACK_ENDS } from "@/memory/sparse_stack.ts";

const slopeOf = (given: WindowCase) =>
  /∂r\/∂u = ([^.]*)\.$/.exec(readWindows({ title: "A step", cases: [given] }).description)![1];

/** "v₂ − v₃" as a number for each row: 1 for v₂, −1 for v₃. */
function readSlope(slope: string, rows: number): number[] {
  const digits = "₀₁₂₃₄₅₆₇₈₉";
  const row = (name: string) => digits.indexOf(name.slice(1)) - 1;
  const [, added, , taken] = /^(?:(v.))?( ?− ?(v.))?$|^0$/.exec(slope)!;
  return Array.from(
    { length: rows },
    (_, i) => Number(!!added && row(added) === i) - Number(!!taken && row(taken) === i),
  );
}

for (const { name, ports: [ends] } of [STACK_ENDS, QUEUE_ENDS]) {
  Deno.test(`${name}: on random steps the slope is what a slightly larger pop changes in the read`, () => {
    const random = seededRandom(1), memory = referenceMemory(name as "stack")!;
    const seen = { alive: 0, noP: 0, dead: 0 };
    for (let k = 0; k < 500; k++) {
      const strengths = Array.from({ length: random.integer(1, 5) }, () => random.uniform(0.01, 1));
      const given = { name, ends, strengths, pop: random.uniform(0, 1.8), push: random.uniform() };
      const weights = (pop: number) => {
        const pushing = strengths.map((push) => [{ value: [0], pop: 0, push }]);
        const last = [{ value: [0], pop, push: given.push }];
        const { states } = runMemory(memory, [...pushing, last]);
        return readWeightsAt(memory.strengths(states.at(-1)), ends.pops);
      };
      const h = 1e-7, [more, less] = [weights(given.pop + h), weights(given.pop - h)];
      const slope = slopeOf(given), wanted = readSlope(slope, strengths.length + 1);
      more.forEach((weight, row) => {
        const text = `row ${row}, ${slope} of ${JSON.stringify(given)}`;
        assertAlmostEquals((weight - less[row]) / (2 * h), wanted[row], 1e-6, text);
      });
      assertEquals(slope === "0", wanted.every((change) => change === 0), slope);
      seen[slope === "0" ? "dead" : slope.startsWith("−") ? "noP" : "alive"]++;
    }
    assert(Object.values(seen).every((count) => count > 20), JSON.stringify(seen));
  });
}

Deno.test("a push of 1 hides a stack's rows from the read, and not a queue's", () => {
  const given = { name: "covered", strengths: [0.6, 0.6, 0.6], pop: 0.3, push: 1 };
  const [stack, queue] = [STACK_ENDS, QUEUE_ENDS].map(({ ports: [ends] }) =>
    slopeOf({ ...given, ends })
  );
  assert(stack === "0" && queue === "v₃ − v₁", `${stack}, ${queue}`);
});

Deno.test("the words name the rows of both edges", () => {
  const [ends] = STACK_ENDS.ports;
  const given = { name: "stack", ends, strengths: [0.6, 0.6, 0.6], pop: 0.4, push: 0.6 };
  const { description } = readWindows({ title: "A step", cases: [given] });
  assertStringIncludes(description, "stack: strengths 0.6, 0.6, 0.6, pop 0.4 at the top");
  assertStringIncludes(description, "the near edge lies in v₃, the far edge in v₂");
  const emptied = readWindows({ title: "A step", cases: [{ ...given, pop: 2 }] });
  assertStringIncludes(emptied.description, "the near edge lies in no row");
});

Deno.test("no step, too many and negative numbers are refused", () => {
  const [ends] = STACK_ENDS.ports, given = { name: "", ends, strengths: [1], pop: 0, push: 1 };
  const draw = (cases: WindowCase[]) => () => readWindows({ title: "Wrong", cases });
  const message = "Cannot draw the windows of reads: wanted";
  assertThrows(draw([]), RangeError, `${message} 1 to 3 steps, got 0`);
  assertThrows(draw([given, given, given, given]), RangeError, `${message} 1 to 3 steps, got 4`);
  assertThrows(
    draw([{ ...given, pop: -1 }]),
    RangeError,
    `${message} numbers of at least 0, got -1`,
  );
});
