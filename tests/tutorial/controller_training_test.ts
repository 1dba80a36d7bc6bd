import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { numpyRandom } from "@/math/numpy_random.ts";
import { restoreRandom, seededRandom } from "@/math/random.ts";
import { PUBLISHED_AUTOENCODER, TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
import {
  ControllerTraining,
  numpyDraws,
  startControllerTraining,
} from "@/tutorial/controller_training.ts";
import { assertSame } from "../same.ts";

Deno.test("an update is the mean of the updates of its strings alone", () => {
  const learningRate = 1;
  for (const base of [TUTORIAL_CONTROLLER, PUBLISHED_AUTOENCODER]) {
    const recipe = { ...base, batch: 5, learningRate, pushBiasGrowth: 0 };
    const together = ControllerTraining.start(recipe, seededRandom(1));
    const before = together.controller.parameters.flat.slice();
    // The same five strings one by one, each from the same parameters.
    const draws = seededRandom(1), state = startControllerTraining(recipe, draws);
    const sum = new Float64Array(before.length);
    for (let k = 0; k < 5; k++) {
      const alone = new ControllerTraining({ ...recipe, batch: 1 }, state, draws);
      alone.advance(1);
      alone.controller.parameters.flat.forEach((x, i) => sum[i] += x - before[i]);
    }
    together.advance(5);
    together.controller.parameters.flat.forEach((x, i) =>
      assertAlmostEquals(x - before[i], sum[i] / 5, 1e-15)
    );
  }
});

Deno.test("nothing is updated before a batch is full", () => {
  const training = ControllerTraining.start(PUBLISHED_AUTOENCODER, seededRandom(2));
  const before = training.controller.parameters.flat.slice();
  training.advance(49);
  assertSame(training.controller.parameters.flat, before);
  training.advance(1);
  assert(training.controller.parameters.flat.some((x, i) => x !== before[i]));
});

Deno.test("the extra line multiplies the push bias once for each update", () => {
  const recipe = { ...TUTORIAL_CONTROLLER, learningRate: 0 };
  const training = ControllerTraining.start(recipe, seededRandom(3)),
    before = training.controller.parameters.bd[0];
  training.advance(1000);
  assertAlmostEquals(training.controller.parameters.bd[0], before * 1.0025 ** 100, 1e-12);
});

Deno.test("the published run, seed 1 of numpy, is that of an independent program in numpy", () => {
  // Printed by tests/benchmark/autoencoder_in_numpy.py: Σ |error| over strings 900–999, 1900–1999, ….
  const printed = [
    [545.5306746304431, 628.9337190318632, 596.1280639562079],
    [518.148501386144, 484.92209792374996, 489.76598934716355],
    [472.2701438752581, 455.9866415285242, 455.0061119391174],
    [457.397090306864, 442.8396636001062, 442.9516484842308],
  ];
  const training = ControllerTraining.start(PUBLISHED_AUTOENCODER, numpyDraws(1));
  for (const [output, ...readouts] of printed) {
    training.advance(1000);
    const window = training.lastWindow!;
    [output, ...readouts].forEach((error, k) =>
      assertAlmostEquals([window.output, ...window.readouts][k], error, 1e-9)
    );
  }
});

Deno.test("with the exact gradient too", () => {
  const { design } = PUBLISHED_AUTOENCODER;
  const recipe = {
    ...PUBLISHED_AUTOENCODER,
    design: { ...design, stackGradient: "exact" as const },
  };
  const training = ControllerTraining.start(recipe, numpyDraws(1));
  training.advance(3000);
  const { output, readouts } = training.lastWindow!;
  assertAlmostEquals(output, 477.94260068140136, 1e-8);
  assertAlmostEquals(readouts[0], 407.787435432258, 1e-8);
  assertAlmostEquals(readouts[1], 453.03334460682527, 1e-8);
});

Deno.test("a training that is stopped and resumed ends bit for bit where the other does", () => {
  const sharpening = { below: 1e9, deviation: 2, strings: 100 };
  const { curriculum } = PUBLISHED_AUTOENCODER;
  for (const optimizer of ["descent", "adam"] as const) {
    // Every part of a training is reached: levels, the last level, noise.
    const easy = { ...curriculum, lastLevel: 5, perLevel: 1e9, notBefore: 0, window: 10 };
    const recipe = { ...PUBLISHED_AUTOENCODER, curriculum: easy, optimizer, sharpening, batch: 7 };
    const random = seededRandom(4), whole = ControllerTraining.start(recipe, random);
    whole.advance(23);
    const saved = structuredClone([whole.state(), random.state()] as const);
    const draws = restoreRandom(saved[1]),
      resumed = new ControllerTraining(recipe, saved[0], draws);
    // Within the window and the batch that were under way, and after many more.
    for (const count of [2, 5, 93]) {
      whole.advance(count);
      resumed.advance(count);
      assertSame(resumed.state(), whole.state());
    }
    assertEquals(draws.state(), random.state());
    assertGreater(whole.level, 4);
    assert(whole.state().sharpeningAt !== null);
  }
});

Deno.test("noise begins at the last level, below its bound, and ends after its strings", () => {
  const { curriculum } = PUBLISHED_AUTOENCODER;
  const easy = { ...curriculum, lastLevel: 4, perLevel: 1e9, notBefore: 0 };
  const recipe = (below: number) => ({
    ...PUBLISHED_AUTOENCODER,
    curriculum: easy,
    sharpening: { below, deviation: 1, strings: 150 },
  });
  const started = ControllerTraining.start(recipe(1e9), seededRandom(5)),
    never = ControllerTraining.start(recipe(0), seededRandom(5));
  never.advance(300);
  assertEquals([never.lastLevelAt, never.state().sharpeningAt], [100, null]);
  started.advance(249);
  assertEquals([started.state().sharpeningAt, started.sharpened], [100, false]);
  started.advance(1);
  assert(started.sharpened);
});

Deno.test("patience ends with new weights, an empty memory and the first level", () => {
  const { curriculum } = PUBLISHED_AUTOENCODER;
  const easy = { ...curriculum, perLevel: 1e9, notBefore: 0 };
  const recipe = { ...PUBLISHED_AUTOENCODER, curriculum: easy, optimizer: "adam" as const };
  const patient = ControllerTraining.start({ ...recipe, patience: 250 }, seededRandom(7));
  const first = patient.controller.parameters.flat.slice();
  patient.advance(249);
  assertEquals([patient.weightsDrawnAt, patient.level], [0, 5]);
  patient.advance(1);
  assertEquals([patient.weightsDrawnAt, patient.level], [250, 3]);
  const { adam, errors, gradient } = patient.state();
  assertEquals([adam!.steps, errors.output], [0, 0]);
  assert(gradient.every((g) => g === 0) && adam!.square.every((q) => q === 0));
  // Fresh weights lie where weights are drawn, and are not the first ones.
  const { Wx } = patient.controller.parameters;
  assert(Wx.every((w) => Math.abs(w) <= 0.1) && Wx.some((w, i) => w !== first[i]));
  patient.advance(250);
  assertEquals(patient.weightsDrawnAt, 500);
});

Deno.test("a restart leaves nothing of the batch and the window under way: it goes on as a new training", () => {
  const { curriculum } = PUBLISHED_AUTOENCODER;
  const easy = { ...curriculum, perLevel: 1e9, notBefore: 0, window: 90 };
  for (const optimizer of ["adam", "descent"] as const) {
    // 230 strings are four batches of 50 and a part, and two windows of 90 and a part.
    const recipe = { ...PUBLISHED_AUTOENCODER, curriculum: easy, optimizer, patience: 230 };
    const random = seededRandom(9), restarted = ControllerTraining.start(recipe, random);
    const draws = seededRandom(9),
      before = ControllerTraining.start({ ...recipe, patience: null }, draws);
    restarted.advance(230);
    before.advance(230);
    assert(before.state().gradient.some((g) => g !== 0) && before.state().errors.output > 0);
    const anew = ControllerTraining.start(recipe, draws);
    for (const count of [0, 20, 30, 10, 30, 60]) {
      restarted.advance(count);
      anew.advance(count);
      const { weightsDrawnAt, iteration, lastLevelAt: _, lastWindow, ...got } = restarted.state();
      const {
        weightsDrawnAt: __,
        iteration: age,
        lastLevelAt: ___,
        lastWindow: window,
        ...wanted
      } = anew.state();
      assertEquals([weightsDrawnAt, iteration], [230, 230 + age]);
      assertSame(got, wanted);
      if (age >= 90) assertSame(lastWindow, window);
    }
  }
});

Deno.test("patience has no end once the noise has begun", () => {
  const { curriculum } = PUBLISHED_AUTOENCODER;
  const recipe = {
    ...PUBLISHED_AUTOENCODER,
    curriculum: { ...curriculum, lastLevel: 4, perLevel: 1e9, notBefore: 0 },
    sharpening: { below: 1e9, deviation: 1, strings: 1000 },
    patience: 250,
  };
  const training = ControllerTraining.start(recipe, seededRandom(8));
  training.advance(400);
  assertEquals([training.weightsDrawnAt, training.state().sharpeningAt], [0, 100]);
});

Deno.test("an error that is NaN or infinite stops the training, be it that of a readout", () => {
  for (const error of [NaN, Infinity, -Infinity]) {
    for (const part of [{ output: error }, { readouts: [0, error] }]) {
      const draws = seededRandom(6), state = startControllerTraining(PUBLISHED_AUTOENCODER, draws);
      const errors = { ...state.errors, ...part };
      const training = new ControllerTraining(PUBLISHED_AUTOENCODER, { ...state, errors }, draws);
      training.advance(99);
      assertThrows(
        () => training.advance(1),
        RangeError,
        `Cannot train: wanted a finite error, got ${error} at iteration 100`,
      );
    }
  }
});

Deno.test("parameters that are no numbers stop the training at the end of the window", () => {
  const training = ControllerTraining.start(PUBLISHED_AUTOENCODER, seededRandom(6));
  training.controller.parameters.bh[0] = NaN;
  assertThrows(() => training.advance(1000), RangeError, "got NaN at iteration 100");
});

Deno.test("a training starts with the first draws, and goes on with those that follow", () => {
  const recipe = PUBLISHED_AUTOENCODER, draws = seededRandom(6), sameDraws = seededRandom(6);
  const started = ControllerTraining.start(recipe, draws);
  const state = startControllerTraining(recipe, sameDraws);
  assertSame(started.state(), state);
  assertEquals(draws.state(), sameDraws.state());
  const built = new ControllerTraining(recipe, state, sameDraws);
  for (const training of [started, built]) training.advance(60);
  assertSame(started.state(), built.state());
});

Deno.test("numpy's draws are its rand, randn and randint", () => {
  const draws = numpyDraws(1), { rand, randn, randint } = numpyRandom(1);
  const ours = [draws.uniform(), draws.normal(), draws.integer(3, 50)];
  assertEquals(ours, [rand(), randn(), randint(3, 50)]);
});
