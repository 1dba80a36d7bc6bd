import { assert, assertEquals, assertGreater } from "@std/assert";
import { type ReversalEnd, reversalOutcome, reversalOutcomeSteps } from "@/training/outcome.ts";
import { createExaminer } from "@/training/validation.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { trainingPlan } from "@/training/plan.ts";
import { startTraining } from "@/training/trainer.ts";
import { TINY_SETS, tinySettings } from "./tiny_training.ts";

function untrained(): ReversalEnd {
  const plan = trainingPlan(tinySettings()), sets = TINY_SETS;
  const parameters = startTraining(plan).parameters();
  const best = { parameters, strings: 0, coarse: 0, fine: 0, done: false };
  return { plan, sets, examiner: createExaminer(plan, sets), best, strings: 0, history: [] };
}

Deno.test("told in steps, a run comes to the same, and the share that is done grows to 1", () => {
  const end = untrained(), shares: number[] = [];
  const steps = reversalOutcomeSteps(end);
  let next = steps.next();
  for (; !next.done; next = steps.next()) shares.push(next.value);
  assertEquals(next.value, reversalOutcome(end));
  assertGreater(shares.length, 20);
  assertEquals(shares, shares.toSorted((a, b) => a - b));
  assertEquals(shares.at(-1), 1);
});

Deno.test("every set has the scores of an evaluation by itself", () => {
  const end = untrained(), { summary } = reversalOutcome(end);
  const { plan, best, examiner } = end, sets = TINY_SETS.last(plan);
  const network = examiner.network(best.parameters);
  assert(summary && summary.scores.length === sets.length);
  sets.forEach((set, i) => {
    const asked = { ...set, seed: plan.seed };
    const { exact, coarse, fine } = evaluateNetwork(network, plan.symbols, asked).strict;
    const { purpose, lengths: _, ...scores } = summary.scores[i];
    assertEquals([purpose, scores], [set.purpose, { strings: set.strings, exact, coarse, fine }]);
  });
});
