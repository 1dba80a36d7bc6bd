import { createHash } from "node:crypto";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { UserError } from "@/io/user_error.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { portsOf } from "@/memory/memories.ts";
import { parameterShapes } from "@/models/sequence_shape.ts";
import { openStream } from "@/tasks/streams.ts";
import { type TrainingPlan, trainingPlan } from "@/training/training_plan.ts";
import {
  resumeTrainer,
  startTrainer,
  type Trainer,
  type TrainerState,
} from "@/training/trainer.ts";
import { assertSame } from "../same.ts";
import { blanksTask, doubleEach, firstOnly, ruleTask } from "../tasks/toy_tasks.ts";
import { averagingPlan, noisyPlan, tinySettings } from "./tiny_training.ts";

function updated(trainer: Trainer, updates: number): Trainer {
  for (let n = 0; n < updates; n++) trainer.update();
  return trainer;
}

/** Updates that repeat the phase whenever it is over, as a run does. */
function repeated(trainer: Trainer, updates: number): Trainer {
  for (let n = 0; n < updates; n++) {
    if (trainer.hyperparameters.phaseComplete) trainer.repeatPhase();
    trainer.update();
  }
  return trainer;
}

function hashOf(tensors: Readonly<Record<string, Float32Array>>): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of Object.values(tensors)) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex").slice(0, 16);
}

/** A state as a checkpoint of it is read back. */
function saved(state: TrainerState): TrainerState {
  return checkpointFromBytes<TrainerState>(checkpointToBytes(state), "checkpoint");
}

Deno.test("a training stopped after any update and resumed from a checkpoint goes on bit for bit", () => {
  const plan = noisyPlan(), whole = repeated(startTrainer(plan), 24).state();
  assert(whole.noiseStart !== null && whole.noiseStart > 0, "the noise has begun");
  for (let cut = 0; cut <= 24; cut += 3) {
    const first = saved(repeated(startTrainer(plan), cut).state());
    assertSame(repeated(resumeTrainer(plan, first), 24 - cut).state(), whole);
  }
});

/** A plan whose recipe has every part of the loss. */
function everyPart(memory: "stack" | "queue" | "deque"): TrainingPlan {
  const plan = trainingPlan(tinySettings({ memory, task: "copy" }));
  const [low, high] = [{ push: -2, pop: -1 }, { push: 1, pop: -3 }];
  const ports = Array.from(
    { length: portsOf(memory) },
    () => ({ others: low, reading: high, first: low }),
  );
  const anchor = { ...plan.recipe.anchor!, ports }, hinge = { weight: 0.5, bound: -4 };
  return { ...plan, recipe: { ...plan.recipe, anchor, hinge, previousWeight: 1 } };
}

for (const memory of ["stack", "queue", "deque"] as const) {
  Deno.test(`with every part of the loss a resumed training goes on bit for bit: ${memory}`, () => {
    const plan = everyPart(memory), whole = updated(startTrainer(plan), 8).state();
    for (const cut of [0, 3, 8]) {
      const first = saved(updated(startTrainer(plan), cut).state());
      assertSame(updated(resumeTrainer(plan, first), 8 - cut).state(), whole);
    }
    const names = Object.keys(whole.parameters);
    assertEquals(names.slice(-2), ["previous.weight", "previous.bias"]);
    assert(whole.first["previous.bias"].some((x) => x !== 0), "the optimizer does not move it");
  });

  Deno.test(`what names the symbol before is trained, and not in the network that answers: ${memory}`, () => {
    const plan = everyPart(memory), trainer = updated(startTrainer(plan), 3);
    assertEquals(
      Object.keys(trainer.parameters()),
      parameterShapes(plan.shape).map(([name]) => name),
    );
    const without = { ...plan, recipe: { ...plan.recipe, previousWeight: 0 } };
    const begun = startTrainer(plan).parameters();
    assertSame(startTrainer(without).parameters(), begun);
    assert(hashOf(updated(startTrainer(without), 3).parameters()) !== hashOf(trainer.parameters()));
  });
}

Deno.test("strings grow as the loss falls, from the curriculum's first length to the longest", () => {
  const plan = trainingPlan(tinySettings({ lengths: "2..9" }));
  const curriculum = { first: 4, by: 2, below: 0.999 };
  const growing = { ...plan, recipe: { ...plan.recipe, curriculum } };
  const training = startTrainer(growing), longest = () => training.state().lengths.longest;
  const lengths = Array.from({ length: 60 }, () => (training.update(), longest()));
  assertEquals([...new Set(lengths)], [4, 6, 8, 9]);
  assertEquals(startTrainer(plan).state().lengths, plan.lengths);
});

Deno.test("a rate that cools falls once half of the strings of the budget are spent", () => {
  const plan = trainingPlan(tinySettings({ strings: 40 })), { rate } = plan.recipe.optimizer;
  const cooling = { ...plan, recipe: { ...plan.recipe, finalRateShare: 0.01 } };
  const training = startTrainer(cooling);
  const rates = [5, 5].map((updates) => updated(training, updates).hyperparameters.rate);
  assertAlmostEquals(rates[0], rate, 1e-12);
  assertAlmostEquals(rates[1], 0.01 * rate, 1e-12);
});

Deno.test("a training whose strings grow goes on bit for bit", () => {
  const plan = trainingPlan(tinySettings({ lengths: "2..9" }));
  const curriculum = { first: 3, by: 1, below: 0.999 };
  const growing = { ...plan, recipe: { ...plan.recipe, curriculum, finalRateShare: 0.1 } };
  const whole = updated(startTrainer(growing), 40).state();
  for (const cut of [0, 10, 30]) {
    const kept = updated(startTrainer(growing), cut).state();
    assertSame(updated(resumeTrainer(growing, kept), 40 - cut).state(), whole);
  }
});

Deno.test("the first update goes down the gradient of the mean losses of the first strings", () => {
  const settings = { optimizer: "sgd", learningRate: 0.5, clip: 1e9 } as const;
  const plan = trainingPlan(tinySettings(settings));
  const training = startTrainer(plan), before = training.parameters();
  training.update();
  const random = openStream(plan.seed, "training", plan.lengths);
  const drawn = Array.from({ length: 4 }, () => plan.task.sample(random, plan.lengths));
  const engine = createEngine(plan.shape);
  engine.setParameters(before);
  const characters = drawn.reduce((sum, { source }) => sum + source.length, 0);
  const { gradients, outputLoss } = engine.gradient({
    strings: drawn.map((pair) => plan.task.layOut(pair)),
    outputWeight: 1 / (characters + 4),
    valueWeight: 1 / characters,
    anchorWeight: 0.04 / (2 * characters + 8),
    anchorPush: 0,
    anchorPop: -1,
  });
  const after = training.parameters();
  for (const [name, gradient] of Object.entries(gradients)) {
    gradient.forEach((g, i) =>
      assertAlmostEquals(after[name][i], before[name][i] - 0.5 * g, 1e-6, `${name}[${i}]`)
    );
  }
  const kept = Math.exp(-4 / 320), start = Math.log(plan.shape.symbols);
  assertAlmostEquals(training.loss, kept * start + (1 - kept) * outputLoss, 1e-9);
});

Deno.test("losses are means over what is asked for, whatever the lengths of the targets", () => {
  const tasks = [
    ruleTask(doubleEach, 2, (k) => 2 * k + 1),
    ruleTask(firstOnly, 2, () => 2),
    blanksTask(2),
  ];
  for (const task of tasks) {
    const settings = { optimizer: "sgd", learningRate: 0.5, clip: 1e9 } as const;
    const plan = { ...trainingPlan(tinySettings(settings)), task };
    const trainer = startTrainer(plan), before = trainer.parameters();
    trainer.update();
    const random = openStream(plan.seed, "training", plan.lengths);
    const strings = Array.from({ length: 4 }, () => task.layOut(task.sample(random, plan.lengths)));
    const asked = (lists: number[][]) => lists.flat().filter((symbol) => symbol >= 0).length;
    const engine = createEngine(plan.shape);
    engine.setParameters(before);
    const { gradients } = engine.gradient({
      strings,
      outputWeight: 1 / asked(strings.map(({ targets }) => targets)),
      valueWeight: 1 / asked(strings.map(({ valueTargets }) => valueTargets)),
      anchorWeight: 0.04 / asked(strings.map(({ inputs }) => inputs)),
      anchorPush: 0,
      anchorPop: -1,
    });
    const after = trainer.parameters();
    for (const [name, gradient] of Object.entries(gradients)) {
      gradient.forEach((g, i) =>
        assertAlmostEquals(after[name][i], before[name][i] - 0.5 * g, 1e-6, `${name}[${i}]`)
      );
    }
  }
});

Deno.test("a phase that is over stays over until it is repeated, then begins with the first rate", () => {
  const plan = noisyPlan(), trainer = startTrainer(plan), { rate } = plan.recipe.optimizer;
  while (!trainer.hyperparameters.phaseComplete) trainer.update();
  const over = trainer.hyperparameters, { noiseStart } = trainer.state();
  assertEquals([over.deviation, over.rate], [3, 0.5 * rate]);
  updated(trainer, 3);
  assertEquals([trainer.hyperparameters, trainer.state().noiseStart], [over, noiseStart]);
  trainer.repeatPhase();
  const { deviation, phaseComplete, rate: again } = trainer.hyperparameters;
  assertEquals([deviation, phaseComplete, again], [0, false, rate]);
  trainer.update(); // the loss is low enough: the phase begins at once
  assertEquals(trainer.hyperparameters.deviation, 1);
  assertEquals(trainer.state().noiseStart, trainer.strings);
});

Deno.test("in the noise phase the network that answers is a running mean, and the trained one as without", () => {
  const plan = averagingPlan(), withoutMean = { ...plan.recipe, averagedStrings: undefined };
  const averaging = startTrainer(plan), plain = startTrainer({ ...plan, recipe: withoutMean });
  const first = (trainer: Trainer) => trainer.parameters()["push.weight"][0];
  while (plain.state().noiseStart === null) {
    assertEquals(first(averaging), first(plain));
    [plain, averaging].forEach((trainer) => trainer.update());
  }
  let mean = first(plain);
  for (let n = 0; n < 4; n++) {
    assertAlmostEquals(first(averaging), mean, 1e-7);
    [plain, averaging].forEach((trainer) => trainer.update());
    mean = (mean + first(plain)) / 2;
  }
  assertSame(averaging.state().parameters, plain.state().parameters);
  averaging.repeatPhase();
  assertEquals(first(averaging), first(plain)); // a phase averages its own networks only
});

Deno.test("a training that averages, stopped and resumed from a checkpoint, goes on bit for bit", () => {
  const plan = averagingPlan(), whole = repeated(startTrainer(plan), 24);
  assert(whole.state().average, "nothing is averaged");
  for (let cut = 0; cut <= 24; cut += 3) {
    const first = saved(repeated(startTrainer(plan), cut).state());
    const resumed = repeated(resumeTrainer(plan, first), 24 - cut);
    assertSame(resumed.state(), whole.state());
    assertSame(resumed.parameters(), whole.parameters());
  }
});

Deno.test("what a trainer has given is not changed by its further updates", () => {
  const trainer = updated(startTrainer(averagingPlan()), 20);
  const state = trainer.state(), parameters = trainer.parameters();
  const before = [hashOf(state.average!), hashOf(parameters)];
  updated(resumeTrainer(averagingPlan(), state), 2);
  updated(trainer, 2);
  assertEquals([hashOf(state.average!), hashOf(parameters)], before);
});

Deno.test("the weight decay of the cells is the schedule's", () => {
  const plan = noisyPlan(), noise = { ...plan.recipe.noise!, finalDecayShare: 1e-3 };
  const decaying = { ...plan, recipe: { ...plan.recipe, noise } };
  const trainer = updated(startTrainer(decaying), 12),
    { cellDecay } = trainer.hyperparameters;
  assert(cellDecay > 0 && cellDecay < plan.recipe.optimizer.cellDecay!, `${cellDecay}`);
  const constant = { ...decaying.recipe, noise: { ...noise, finalDecayShare: 1 } };
  const withDecay = (cellDecay: number) => {
    const recipe = { ...constant, optimizer: { ...constant.optimizer, cellDecay } };
    return updated(resumeTrainer({ ...plan, recipe }, trainer.state()), 1).parameters();
  };
  const [wanted, other] = [cellDecay, cellDecay / 2].map(withDecay);
  assertSame(updated(trainer, 1).parameters(), wanted);
  assert(hashOf(other) !== hashOf(wanted));
});

Deno.test("a phase that is repeated whenever it is over trains to the same bits as ever", () => {
  const plan = noisyPlan({ build: "strict" }), trainer = repeated(startTrainer(plan), 40);
  assertEquals([trainer.loss, trainer.state().noiseStart], [1.3992578112289547, 156]);
  assertEquals(hashOf(trainer.parameters()), "34662a8df3f32a39");
});

Deno.test("copying and reversal differ in what is trained, not in their random numbers", () => {
  const states = (["reversal", "copy"] as const).map((task) =>
    updated(startTrainer(trainingPlan(tinySettings({ task, memory: "stack" }))), 3).state()
  );
  for (const { strings, noise, parameters } of states.slice(1)) {
    assertEquals([strings, noise], [states[0].strings, states[0].noise]);
    assert(hashOf(parameters) !== hashOf(states[0].parameters));
  }
});

Deno.test("a recipe's limits are shares of the loss after its first strings, once there are so many", () => {
  const plan = trainingPlan(tinySettings({ task: "copy", memory: "queue", strings: 80 }));
  const { anchor, noise, batch } = plan.recipe, unitAfter = 3 * batch;
  const limits = { anchor: { ...anchor!, above: 0.5 }, noise: { ...noise!, below: 2 } };
  const trainer = startTrainer({ ...plan, recipe: { ...plan.recipe, ...limits, unitAfter } });
  const units = [1, 2, 3].map(() => {
    const { anchorWeight, deviation } = trainer.hyperparameters;
    assertEquals([anchorWeight > 0, deviation], [true, 0]);
    return updated(trainer, 1).state().unit;
  });
  assertEquals(units, [null, null, trainer.loss]);
  assertEquals(trainer.state().noiseStart, unitAfter); // the loss is below twice itself
});

Deno.test("a state of an earlier version, which had no unit and no mean, goes on bit for bit", () => {
  const plan = noisyPlan(), whole = updated(startTrainer(plan), 12).state();
  const { unit: _, average: __, ...earlier } = updated(startTrainer(plan), 4).state();
  assertSame(updated(resumeTrainer(plan, earlier), 8).state(), whole);
});

Deno.test("seeds differ in their parameters and in their strings", () => {
  const [one, other] = [1, 2].map((seed) =>
    startTrainer(trainingPlan(tinySettings({ seed }))).state()
  );
  assert(one.strings.a !== other.strings.a && one.noise.a !== other.noise.a);
  assert(one.parameters["push.weight"].every((w, i) => w !== other.parameters["push.weight"][i]));
});

Deno.test("all biases and initial states begin at 0, but for those that the settings name", () => {
  const start = (changes: Parameters<typeof tinySettings>[0]) =>
    startTrainer(trainingPlan(tinySettings(changes))).parameters();
  for (const [name, tensor] of Object.entries(start({}))) {
    const zero = /bias$|[hc]0$/.test(name);
    assertEquals(tensor.every((x) => x === 0), zero, name);
  }
  assertEquals([...start({ popBias: -1 })["pop.bias"]], [-1]);
  assertEquals(start({ forgetBias: 2 })["cells.0.bias"].reduce((sum, b) => sum + b), 12);
});

Deno.test("an anchor that is released for good stays so as the loss rises, after a resume too", () => {
  const plan = trainingPlan(tinySettings()), { anchor } = plan.recipe;
  const weightsOf = (releasedForGood: boolean) => {
    // It is released by the first update, and the loss that it has made is then above the limit.
    const own = { ...anchor!, above: 0.999, ...(releasedForGood && { releasedForGood }) };
    const withIt = { ...plan, recipe: { ...plan.recipe, anchor: own } };
    const state = saved(updated(startTrainer(withIt), 4).state());
    const rising = updated(resumeTrainer(withIt, { ...state, loss: 9 }), 1);
    return [state.released, rising.hyperparameters.anchorWeight];
  };
  assertEquals([weightsOf(true), weightsOf(false)], [[true, 0], [false, 0.04]]);
});

Deno.test("without a memory there are no controls, no noise and no anchor", () => {
  for (const cell of ["lstm", "rnn"] as const) {
    const settings = tinySettings({ memory: "none", cell });
    const training = updated(startTrainer(trainingPlan(settings)), 3);
    assertEquals(training.controls, null);
    const { anchorWeight, deviation, phaseComplete } = training.hyperparameters;
    assertEquals([anchorWeight, deviation, phaseComplete], [0, 0, true]);
  }
});

Deno.test("numbers that diverge end the training with the update's number, and change no parameter", () => {
  const settings = tinySettings({ optimizer: "sgd", learningRate: 1e38, clip: 1e38 });
  const training = startTrainer(trainingPlan(settings));
  assertThrows(
    () => updated(training, 50),
    RangeError,
    `Cannot train: wanted a finite loss and gradient, got NaN at update`,
  );
  assertGreater(50, training.updates);
  assert(
    Object.values(training.parameters()).flatMap((tensor) => [...tensor]).every(Number.isFinite),
  );
});

Deno.test("an infinite loss ends the training, even where its gradient is finite", () => {
  const plan = trainingPlan(tinySettings({ build: "strict" })), state = startTrainer(plan).state();
  // A logit is 3e38 and the others −3e38: their difference is beyond Float32, the softmax is not.
  const bias = state.parameters["logits.bias"].map((_, symbol) => symbol === 0 ? 3e38 : -3e38);
  const parameters: TrainerState["parameters"] = { ...state.parameters, "logits.bias": bias };
  const trainer = resumeTrainer(plan, { ...state, parameters });
  assertThrows(
    () => trainer.update(),
    RangeError,
    "Cannot train: wanted a finite loss and gradient, got Infinity at update 1",
  );
  const { updates, steps, parameters: after } = trainer.state();
  assertEquals([updates, steps], [0, 0]);
  assertSame({ ...after }, parameters);
});

/** The message of an update that is refused. */
function refusal(changes: Parameters<typeof tinySettings>[0]): string {
  const training = startTrainer(trainingPlan(tinySettings(changes)));
  const { message } = assertThrows(() => training.update(), UserError);
  assertEquals(training.updates, 0);
  return message;
}

Deno.test("a batch without room and a rate out of range are not called a divergence", () => {
  const sizes = "--hidden, --layers, --value-width, --embedding, --symbols, --batch or --lengths";
  const wanted = `strings at a time: wanted a smaller ${sizes}, got settings that fail:`;
  assertStringIncludes(
    refusal({ hidden: 512, lengths: "500..500", batch: 400 }),
    `Cannot train on 400 ${wanted} Cannot make room for the batch: wanted 7189 MiB of memory, got`,
  );
  assertStringIncludes(
    refusal({ learningRate: 1e308, optimizer: "sgd" }),
    `Cannot train on 4 ${wanted} Cannot train: wanted rate from 0 to 3.4e38, got 1e+308`,
  );
});
