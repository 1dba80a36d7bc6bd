import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { createLocalEngine } from "@/engine/local_engine.ts";
import { drawString, reversalStream } from "@/tasks/reversal_streams.ts";
import { layOutReversal } from "@/tasks/string_reversal.ts";
import { fromExactJson, toExactJson } from "@/training/exact_json.ts";
import { type ReversalPlan, reversalPlan } from "@/training/reversal_options.ts";
import {
  resumeReversalTraining,
  type ReversalTraining,
  type ReversalTrainingState,
  startReversalTraining,
} from "@/training/reversal_training.ts";
import { tinySettings } from "./tiny_reversal.ts";

function updated(training: ReversalTraining, updates: number): ReversalTraining {
  for (let n = 0; n < updates; n++) training.update();
  return training;
}

/** A plan whose noise begins after a few updates, ends after as many, and begins anew. */
function noisyPlan(): ReversalPlan {
  const plan = reversalPlan(tinySettings());
  const noise = { below: 0.999, first: 1, last: 3, rateTo: 0.5, strings: 20 };
  return { ...plan, recipe: { ...plan.recipe, noise } };
}

Deno.test("a training cut off after any update and resumed through JSON goes on bit for bit", () => {
  const plan = noisyPlan(), whole = updated(startReversalTraining(plan), 24).state();
  assert(whole.noiseFrom !== null && whole.noiseFrom > 0, "the noise has begun");
  for (let cut = 0; cut <= 24; cut += 3) {
    const first = updated(startReversalTraining(plan), cut).state();
    const kept = fromExactJson(toExactJson(first)) as ReversalTrainingState;
    assertEquals(updated(resumeReversalTraining(plan, kept), 24 - cut).state(), whole);
  }
});

Deno.test("the first update goes down the gradient of the mean losses of the first strings", () => {
  const settings = { optimizer: "sgd", learningRate: 0.5, clip: 1e9 } as const;
  const plan = reversalPlan(tinySettings(settings));
  const training = startReversalTraining(plan), before = training.parameters();
  training.update();
  const random = reversalStream(plan.seed, "training", plan.lengths);
  const drawn = Array.from({ length: 4 }, () => drawString(random, plan.symbols, plan.lengths));
  const engine = createLocalEngine(plan.shape);
  engine.setParameters(before);
  const characters = drawn.reduce((sum, { length }) => sum + length, 0);
  const { gradients, outputLoss } = engine.gradient({
    strings: drawn.map((string) => layOutReversal(plan.symbols, string)),
    outputWeight: 1 / (characters + 4),
    valueWeight: 1 / characters,
    anchorWeight: 0.04 / (2 * characters + 8),
    anchorPush: 0,
    anchorPop: -1,
  });
  const after = training.parameters();
  for (const [name, gradient] of Object.entries(gradients)) {
    gradient.forEach((g, i) => assertAlmostEquals(after[name][i], before[name][i] - 0.5 * g, 1e-6));
  }
  const kept = Math.exp(-4 / 320), start = Math.log(plan.shape.symbols);
  assertAlmostEquals(training.loss, kept * start + (1 - kept) * outputLoss, 1e-9);
});

Deno.test("a phase that is over and did not end the training begins anew, with the rate of the start", () => {
  const plan = noisyPlan(), training = startReversalTraining(plan), seen: boolean[] = [];
  for (let n = 0; n < 40; n++) {
    training.update();
    seen.push(training.moment.mayBeDone);
    if (seen.at(-2)) assertAlmostEquals(training.moment.rate, plan.recipe.optimiser.rate, 1e-12);
  }
  assertGreater(seen.filter((over) => over).length, 2);
  assert(!seen.some((over, n) => over && seen[n + 1]), "each time only once");
});

Deno.test("seeds differ in their parameters and in their strings", () => {
  const [one, other] = [1, 2].map((seed) =>
    startReversalTraining(reversalPlan(tinySettings({ seed }))).state()
  );
  assert(one.strings.a !== other.strings.a && one.noise.a !== other.noise.a);
  assert(one.parameters["push.weight"].every((w, i) => w !== other.parameters["push.weight"][i]));
});

Deno.test("all biases and starting states begin at 0, save those that the settings name", () => {
  const start = (changes: Parameters<typeof tinySettings>[0]) =>
    startReversalTraining(reversalPlan(tinySettings(changes))).parameters();
  for (const [name, tensor] of Object.entries(start({}))) {
    const zero = /bias$|[hc]0$/.test(name);
    assertEquals(tensor.every((x) => x === 0), zero, name);
  }
  assertEquals([...start({ popBias: -1 })["pop.bias"]], [-1]);
  assertEquals(start({ forgetBias: 2 })["cells.0.bias"].reduce((sum, b) => sum + b), 12);
});

Deno.test("without a stack there are no controls, no noise and no anchor", () => {
  for (const model of ["lstm", "rnn"] as const) {
    const training = updated(startReversalTraining(reversalPlan(tinySettings({ model }))), 3);
    assertEquals(training.controls, null);
    const { anchorWeight, deviation, mayBeDone } = training.moment;
    assertEquals([anchorWeight, deviation, mayBeDone], [0, 0, true]);
  }
});

Deno.test("numbers that explode end the training with the update's number, and are not taken in", () => {
  const settings = tinySettings({ optimizer: "sgd", learningRate: 1e38, clip: 1e38 });
  const training = startReversalTraining(reversalPlan(settings));
  assertThrows(
    () => updated(training, 50),
    RangeError,
    `Cannot go on training: wanted a finite loss and gradient, got NaN at update`,
  );
  assertGreater(50, training.updates);
});
