import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { autoencoder, autoencoderRecipe } from "@/tutorial/controller_experiments.ts";
import { FIXED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
import { ControllerTraining } from "@/tutorial/controller_training.ts";
import { seededRandom } from "@/math/random.ts";
import { runTrial } from "@/studies/autoencoder_study.ts";
import { assertSame } from "../same.ts";

const SETTINGS = {
  seed: 1,
  iterations: 500_000,
  gradient: "exact",
  readouts: "all",
  begin: "trainable",
  optimizer: "adam",
  learningRate: null,
  curriculum: "fast",
  noise: 2,
  patience: 80_000,
} as const;

Deno.test("the default settings are the mended recipe", () => {
  assertEquals(autoencoderRecipe(SETTINGS), FIXED_AUTOENCODER);
});

Deno.test("the mended recipe works its stack, and reverses strings eight times longer than any it has seen", () => {
  const trial = runTrial(FIXED_AUTOENCODER, SETTINGS.seed, SETTINGS.iterations);
  assert(trial.success);
  assertEquals([trial.right, trial.rightLong, trial.level], [1, 1, 10]);
  assertGreater(trial.push, 0.99);
  assertGreater(trial.pop, 0.99);
  assertLess(trial.strings, 100_000);
});

Deno.test("without the auxiliary loss the same strings come to nothing", () => {
  const run = autoencoder.start({ ...SETTINGS, readouts: "none", iterations: 80_000 });
  run.advance(80_000);
  assertEquals(run.outcome([run.metrics()]).success, false);
});

Deno.test("a resumed autoencoder ends bit for bit where the uninterrupted one does", () => {
  const whole = autoencoder.start(SETTINGS), part = autoencoder.start(SETTINGS);
  whole.advance(2000);
  part.advance(777);
  const resumed = autoencoder.resume(SETTINGS, structuredClone(part.state()));
  resumed.advance(1);
  resumed.advance(1222);
  assertSame(resumed.state(), whole.state());
  assertEquals(resumed.metrics(), whole.metrics());
});

Deno.test("a run is the training of its recipe, from the same stream of random numbers", () => {
  const run = autoencoder.start(SETTINGS), random = seededRandom(SETTINGS.seed);
  const training = ControllerTraining.start(FIXED_AUTOENCODER, random);
  run.advance(500);
  training.advance(500);
  assertSame(run.state().parameters, training.state().parameters);
});

Deno.test("a training stops after exactly as many iterations as it may have", () => {
  const run = autoencoder.start({ ...SETTINGS, iterations: 130 });
  run.advance(1000);
  assertEquals([run.iteration, run.finished], [130, true]);
});
