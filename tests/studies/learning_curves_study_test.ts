import { assert, assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import {
  createCurveTraining,
  type CurvePlan,
  CURVES_FILE,
  type CurvesStatistics,
} from "@/studies/learning_curves_study.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { startTrainer, type TrainerState } from "@/training/trainer.ts";
import { assertSame } from "../same.ts";
import { tinySettings } from "../training/tiny_training.ts";

const TINY: CurvePlan = {
  name: "tiny",
  settings: tinySettings({ strings: 100 }),
  every: 30,
  examined: 5,
};

Deno.test("points come at the start, after every so many strings, and at the end of the budget", () => {
  const training = createCurveTraining(TINY), strings: number[] = [];
  for (let point = training.next(); point; point = training.next()) strings.push(point.strings);
  assertEquals(strings, [0, 32, 60, 92, 100]); // in batches of 4
  assertEquals(training.next(), undefined);
});

Deno.test("a point has the scores of the network as it is, by both counts", () => {
  const training = createCurveTraining(TINY), plan = trainingPlan(TINY.settings);
  training.next();
  const point = training.next()!, state = training.state();
  assertEquals(point.loss, state.loss);
  const network = createStepper(plan.shape, state.parameters);
  const lengths = { validation: plan.lengths, test: { shortest: 5, longest: 8 } };
  for (const purpose of ["validation", "test"] as const) {
    const set = { strings: 5, seed: 1, purpose, lengths: lengths[purpose] };
    const { strict, published } = evaluateNetwork(network, plan.task, set);
    const { coarse, fine } = strict;
    assertEquals(point[purpose], { coarse, fine, publishedFine: published.fine });
  }
  assertNotEquals(training.scores(50), training.scores(5));
});

Deno.test("a curve left at any point and resumed from a checkpoint ends bit for bit the same", () => {
  const rest = (training: ReturnType<typeof createCurveTraining>) => {
    const points = [];
    for (let point = training.next(); point; point = training.next()) points.push(point);
    return { points, state: training.state() };
  };
  const whole = rest(createCurveTraining(TINY));
  for (let left = 1; left <= 5; left++) {
    const first = createCurveTraining(TINY);
    for (let n = 0; n < left; n++) first.next();
    const state = checkpointFromBytes<TrainerState>(checkpointToBytes(first.state()), "curve");
    const { points, state: end } = rest(createCurveTraining(TINY, state));
    assertEquals([points, end], [whole.points.slice(left), whole.state]);
  }
});

Deno.test("a curve goes on with its phase, and repeats it, until its budget is spent", () => {
  const sizes = { hidden: 16, valueWidth: 8, embedding: 8, lengths: "2..8", strings: 6000 };
  const plan: CurvePlan = { ...TINY, settings: tinySettings(sizes), every: 3000 };
  const training = createCurveTraining(plan), trainer = startTrainer(trainingPlan(plan.settings));
  for (let point = training.next(); point; point = training.next());
  let ends = 0;
  while (trainer.strings < 6000) {
    if (trainer.hyperparameters.phaseComplete) {
      ends++;
      trainer.repeatPhase();
    }
    trainer.update();
  }
  assertGreater(ends, 0);
  assertSame(training.state(), trainer.state());
});

Deno.test({
  name: "the stored curves are those of three networks, from their first string to their last",
  ignore: Deno.permissions.querySync({ name: "read", path: CURVES_FILE }).state !== "granted",
  fn() {
    const curves: CurvesStatistics = JSON.parse(Deno.readTextFileSync(CURVES_FILE));
    assertEquals(Object.keys(curves), ["LSTM + stack", "RNN", "LSTM"]);
    for (const { settings, points, end } of Object.values(curves)) {
      const { updates, recipe } = trainingPlan(settings), strings = points.map((p) => p.strings);
      assertEquals([strings[0], strings.at(-1)], [0, updates * recipe.batch]);
      assertEquals(strings, strings.toSorted((a, b) => a - b));
      assert(end && end.validation.fine >= end.test.fine);
    }
  },
});
