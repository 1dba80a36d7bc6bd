import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createLocalEngine } from "@/engine/local_engine.ts";
import { drawString, openStream } from "@/tasks/streams.ts";
import { layOutReversal } from "@/tasks/reversal.ts";
import { UserError } from "@/io/user_error.ts";
import { fromExactJson, toExactJson } from "@/training/exact_json.ts";
import { type TrainingPlan, trainingPlan } from "@/training/plan.ts";
import {
  resumeTrainer,
  startTraining,
  type Trainer,
  type TrainerState,
} from "@/training/trainer.ts";
import { tinySettings } from "./tiny_training.ts";

function updated(training: Trainer, updates: number): Trainer {
  for (let n = 0; n < updates; n++) training.update();
  return training;
}

/** A plan whose noise begins after a few updates, ends after as many, and begins anew. */
function noisyPlan(): TrainingPlan {
  const plan = trainingPlan(tinySettings());
  const noise = { below: 0.999, first: 1, last: 3, rateTo: 0.5, strings: 20 };
  return { ...plan, recipe: { ...plan.recipe, noise } };
}

Deno.test("a training cut off after any update and resumed through JSON goes on bit for bit", () => {
  const plan = noisyPlan(), whole = updated(startTraining(plan), 24).state();
  assert(whole.noiseFrom !== null && whole.noiseFrom > 0, "the noise has begun");
  for (let cut = 0; cut <= 24; cut += 3) {
    const first = updated(startTraining(plan), cut).state();
    const kept = fromExactJson(toExactJson(first)) as TrainerState;
    assertEquals(updated(resumeTrainer(plan, kept), 24 - cut).state(), whole);
  }
});

Deno.test("a training kept before strings could grow goes on as one whose strings do not", () => {
  const plan = trainingPlan(tinySettings()),
    whole = updated(startTraining(plan), 9).state();
  const { lengths: _, ...kept } = updated(startTraining(plan), 3).state();
  const resumed = resumeTrainer(plan, kept as TrainerState);
  assertEquals(updated(resumed, 6).state(), whole);
});

Deno.test("strings grow as they are learned, from the curriculum's first length to the longest", () => {
  const plan = trainingPlan(tinySettings({ lengths: "2..9" }));
  const curriculum = { first: 4, by: 2, below: 0.999 };
  const growing = { ...plan, recipe: { ...plan.recipe, curriculum } };
  const training = startTraining(growing), longest = () => training.state().lengths.longest;
  const lengths = Array.from({ length: 60 }, () => (training.update(), longest()));
  assertEquals([...new Set(lengths)], [4, 6, 8, 9]);
  assertEquals(startTraining(plan).state().lengths, plan.lengths);
});

Deno.test("a rate that cools falls once half of the strings of the budget are spent", () => {
  const plan = trainingPlan(tinySettings({ strings: 40 })), { rate } = plan.recipe.optimiser;
  const cooling = { ...plan, recipe: { ...plan.recipe, coolsTo: 0.01 } };
  const training = startTraining(cooling);
  const rates = [5, 5].map((updates) => updated(training, updates).moment.rate);
  assertAlmostEquals(rates[0], rate, 1e-12);
  assertAlmostEquals(rates[1], 0.01 * rate, 1e-12);
});

Deno.test("a training whose strings grow goes on bit for bit", () => {
  const plan = trainingPlan(tinySettings({ lengths: "2..9" }));
  const curriculum = { first: 3, by: 1, below: 0.999 };
  const growing = { ...plan, recipe: { ...plan.recipe, curriculum, coolsTo: 0.1 } };
  const whole = updated(startTraining(growing), 40).state();
  for (const cut of [0, 10, 30]) {
    const kept = updated(startTraining(growing), cut).state();
    assertEquals(updated(resumeTrainer(growing, kept), 40 - cut).state(), whole);
  }
});

Deno.test("the first update goes down the gradient of the mean losses of the first strings", () => {
  const settings = { optimizer: "sgd", learningRate: 0.5, clip: 1e9 } as const;
  const plan = trainingPlan(tinySettings(settings));
  const training = startTraining(plan), before = training.parameters();
  training.update();
  const random = openStream(plan.seed, "training", plan.lengths);
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
  const plan = noisyPlan(), training = startTraining(plan), seen: boolean[] = [];
  for (let n = 0; n < 40; n++) {
    training.update();
    seen.push(training.moment.phaseComplete);
    if (seen.at(-2)) assertAlmostEquals(training.moment.rate, plan.recipe.optimiser.rate, 1e-12);
  }
  assertGreater(seen.filter((over) => over).length, 2);
  assert(!seen.some((over, n) => over && seen[n + 1]), "each time only once");
});

Deno.test("seeds differ in their parameters and in their strings", () => {
  const [one, other] = [1, 2].map((seed) =>
    startTraining(trainingPlan(tinySettings({ seed }))).state()
  );
  assert(one.strings.a !== other.strings.a && one.noise.a !== other.noise.a);
  assert(one.parameters["push.weight"].every((w, i) => w !== other.parameters["push.weight"][i]));
});

Deno.test("all biases and starting states begin at 0, save those that the settings name", () => {
  const start = (changes: Parameters<typeof tinySettings>[0]) =>
    startTraining(trainingPlan(tinySettings(changes))).parameters();
  for (const [name, tensor] of Object.entries(start({}))) {
    const zero = /bias$|[hc]0$/.test(name);
    assertEquals(tensor.every((x) => x === 0), zero, name);
  }
  assertEquals([...start({ popBias: -1 })["pop.bias"]], [-1]);
  assertEquals(start({ forgetBias: 2 })["cells.0.bias"].reduce((sum, b) => sum + b), 12);
});

Deno.test("without a stack there are no controls, no noise and no anchor", () => {
  for (const model of ["lstm", "rnn"] as const) {
    const training = updated(startTraining(trainingPlan(tinySettings({ model }))), 3);
    assertEquals(training.controls, null);
    const { anchorWeight, deviation, phaseComplete } = training.moment;
    assertEquals([anchorWeight, deviation, phaseComplete], [0, 0, true]);
  }
});

Deno.test("numbers that explode end the training with the update's number, and are not taken in", () => {
  const settings = tinySettings({ optimizer: "sgd", learningRate: 1e38, clip: 1e38 });
  const training = startTraining(trainingPlan(settings));
  assertThrows(
    () => updated(training, 50),
    RangeError,
    `Cannot go on training: wanted a finite loss and gradient, got NaN at update`,
  );
  assertGreater(50, training.updates);
});

/** What is said of an update that is refused. */
function refusal(changes: Parameters<typeof tinySettings>[0]): string {
  const training = startTraining(trainingPlan(tinySettings(changes)));
  const { message } = assertThrows(() => training.update(), UserError);
  assertEquals(training.updates, 0);
  return message;
}

Deno.test("a batch without room and a rate out of range are not called a divergence", () => {
  const wanted = "strings at a time: wanted settings that can be trained with, got some that fail:";
  assertStringIncludes(
    refusal({ hidden: 512, lengths: "500..500", batch: 400 }),
    `Cannot train on 400 ${wanted} Cannot make room for the batch: wanted 7185 MiB of memory, got`,
  );
  assertStringIncludes(
    refusal({ learningRate: 1e308 }),
    `Cannot train on 4 ${wanted} Cannot train: wanted rate from 0 to 3.4e38, got 1e+308`,
  );
});
