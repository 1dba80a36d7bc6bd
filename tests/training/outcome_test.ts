import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import type { MemoryName } from "@/memory/memories.ts";
import type { Metrics } from "@/runs/run.ts";
import type { Scores } from "@/tasks/scores.ts";
import type { PairSet } from "@/tasks/streams.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { type FinishedTraining, scoreTable, trainingOutcome } from "@/training/outcome.ts";
import type { TrainingSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { finalSets } from "@/training/validation.ts";
import { startTrainer } from "@/training/trainer.ts";
import { assertSame } from "../same.ts";
import { TINY_SETS, tinySettings } from "./tiny_training.ts";

function untrained(changes: Partial<TrainingSettings> = {}): FinishedTraining {
  const plan = trainingPlan(tinySettings(changes));
  const network = createStepper(plan.shape, startTrainer(plan).parameters());
  return {
    plan,
    sets: finalSets(TINY_SETS, plan),
    evaluate: (set, onProgress) => evaluateNetwork(network, plan.task, set, onProgress),
    network,
    strings: 0,
    history: [],
  };
}

Deno.test("the share that is done grows to 1, and listening to it changes nothing", () => {
  const finished = untrained(), shares: number[] = [];
  const outcome = trainingOutcome(finished, (share) => shares.push(share));
  assertSame(outcome, trainingOutcome(finished));
  assertGreater(shares.length, 20);
  assertEquals(shares, shares.toSorted((a, b) => a - b));
  assertEquals(shares.at(-1), 1);
});

Deno.test("stopped at any step by a callback that throws, the outcome is the same the next time", () => {
  const finished = untrained(), whole = trainingOutcome(finished);
  let steps = 0;
  trainingOutcome(finished, () => steps++);
  for (let last = 1; last <= steps; last += 4) {
    let left = last;
    const stop = () => {
      if (--left === 0) throw new Error("enough");
    };
    assertThrows(() => trainingOutcome(finished, stop), Error, "enough");
    assertSame(trainingOutcome(finished), whole);
  }
});

Deno.test("every set is evaluated with the run's seed, and has its own strict scores", () => {
  const asked: PairSet[] = [], { plan, ...finished } = untrained();
  const found: Scores[] = [
    { strings: 8, exact: 6, coarse: 0.75, fine: 0.875 },
    { strings: 8, exact: 1, coarse: 0.125, fine: 0.5 },
  ];
  const evaluate = (set: PairSet) => {
    asked.push(set);
    const published = { ...found[0], coarse: 1, fine: 1 };
    return { strict: found[asked.length - 1], published, perToken: 1 };
  };
  const { summary } = trainingOutcome({ ...finished, plan: { ...plan, seed: 5 }, evaluate });
  assertEquals(asked, [
    { purpose: "validation", strings: 8, lengths: { shortest: 1, longest: 4 }, seed: 5 },
    { purpose: "test", strings: 8, lengths: { shortest: 12, longest: 12 }, seed: 5 },
  ]);
  assertEquals(summary?.scores, [
    { purpose: "validation", lengths: "1..4", strings: 8, exact: 6, coarse: 0.75, fine: 0.875 },
    { purpose: "test", lengths: "12", strings: 8, exact: 1, coarse: 0.125, fine: 0.5 },
  ]);
});

Deno.test("after the table, the characters of a small alphabet are shown, but not those of ASCII", () => {
  const few = trainingOutcome(untrained()).lines;
  assertEquals(few.slice(-2), ["", 'The strings have characters of "ab"']);
  const { lines } = trainingOutcome(untrained({ symbols: 128 }));
  assertEquals(lines.length, few.length - 2);
});

/** The outcome of a training whose best network has these exact matches, set by set, of 8 strings each. */
function outcomeOf(...exact: number[]) {
  const { sets: [set], ...finished } = untrained(), left = [...exact];
  const evaluate = () => {
    const right = left.shift()!;
    const strict: Scores = { strings: 8, exact: right, coarse: right / 8, fine: 1 };
    return { strict, published: strict, perToken: 1 };
  };
  return trainingOutcome({ ...finished, sets: exact.map(() => set), evaluate });
}

Deno.test("a success is an exact match on every string of every set", () => {
  assertEquals(outcomeOf(8, 8, 8).success, true);
  for (const exact of [[7, 8, 8], [8, 7, 8], [8, 8, 7], [0, 0, 0]]) {
    const { success, summary } = outcomeOf(...exact);
    assertEquals([success, summary!.scores.map(({ exact }) => exact)], [false, exact]);
  }
});

Deno.test("a table has a line for each set, and only a perfect score is 1.0000", () => {
  const of = { strings: 8, exact: 1, coarse: 0.12345, fine: 0.99999 };
  assertEquals(
    scoreTable([
      { purpose: "validation", lengths: "1..4", ...of },
      { purpose: "test", lengths: "12", ...of, strings: 1000, coarse: 1, fine: 1 },
    ]),
    [
      "            strings  length  coarse    fine",
      "validation        8    1..4  0.1235  0.9999",
      "test           1000      12  1.0000  1.0000",
    ],
  );
});

const row: Metrics = {
  iteration: 0,
  error: 0,
  strings: 4,
  coarse: 0.5,
  fine: 0.75,
  live: 0.5,
  readPush: 0.75,
  readPop: 0.25,
  writePush: 0.25,
  writePop: 0.75,
};

Deno.test("figures need measurements, and those of controls a memory", () => {
  const count = (history: Metrics[], memory: MemoryName = "stack") =>
    trainingOutcome({ ...untrained({ memory }), history }).figures.length;
  const { readPush: _, ...unmeasured } = row;
  assertEquals([count([]), count([row]), count([row], "none")], [0, 5, 2]);
  // The trainable region is a stack's; a deque has two pops.
  assertEquals([count([row], "queue"), count([row], "deque")], [4, 3]);
  assertEquals(count([unmeasured as Metrics]), 2);
});

Deno.test("a training that ends without a validation is refused in words that name it, not drawn as 0 %", () => {
  const notValidated = { ...row, strings: 8, coarse: null, fine: null };
  for (const history of [[notValidated], [row, notValidated]]) {
    assertThrows(
      () => trainingOutcome({ ...untrained(), history }),
      TypeError,
      "Cannot draw the validation scores: wanted a validation at the end of the training, " +
        "got none after 8 strings",
    );
  }
});
