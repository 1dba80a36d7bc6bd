import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { evaluateController } from "@/tutorial/controller_evaluation.ts";
import { measureDivergence, trainAndEvaluate } from "@/tutorial/controller_progress.ts";
import { PUBLISHED_AUTOENCODER, TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
import { ControllerTraining } from "@/tutorial/controller_training.ts";
import { assertSame } from "../same.ts";

Deno.test("progress is that of the training itself, evaluated after each interval", () => {
  const [watched, alone] = [1, 1].map((seed) =>
    ControllerTraining.start(TUTORIAL_CONTROLLER, seededRandom(seed))
  );
  const progress = trainAndEvaluate(watched, { strings: 600, every: 200, length: 4 });
  assertEquals(progress.length, 3);
  for (const found of progress) {
    alone.advance(200);
    const { iteration, level, controller } = alone, pushBias = controller.parameters.bd[0];
    const evaluation = evaluateController(controller, TUTORIAL_CONTROLLER.task, 4);
    assertEquals(found, { iteration, level, pushBias, ...evaluation });
  }
  assertSame(watched.state(), alone.state());
});

Deno.test("two trainings are as far apart as the parameter that was changed, at first", () => {
  const recipe = { ...PUBLISHED_AUTOENCODER, learningRate: 0 };
  const plan = { seed: 3, nudge: 0.5, strings: 100, every: 50 };
  const { iterations, distances } = measureDivergence(recipe, plan);
  assertEquals(iterations, [50, 100]);
  for (const distance of distances) assertAlmostEquals(distance, 0.5, 1e-15);
});

Deno.test("then they grow apart by learning, and the growth of the push bias is left out", () => {
  const plan = { seed: 1, nudge: 1e-3, strings: 2000, every: 2000 };
  const [distance] = measureDivergence(PUBLISHED_AUTOENCODER, plan).distances;
  assertGreater(distance, 1.1e-3);
  // A push bias of some 10^8 would differ by far more than the other parameters.
  const grown = { ...TUTORIAL_CONTROLLER, pushBiasGrowth: 0.1, learningRate: 0.05 };
  const { distances } = measureDivergence(grown, plan);
  assertAlmostEquals(distances[0], 1e-3, 1e-3);
});

Deno.test("an interval that does not divide the strings is refused", () => {
  const plan = { seed: 1, nudge: 0, strings: 100 };
  for (const every of [30, 0, NaN]) {
    assertThrows(
      () => measureDivergence(TUTORIAL_CONTROLLER, { ...plan, every }),
      RangeError,
      `Cannot watch a training: wanted a divisor of 100 strings, got every ${every}`,
    );
  }
});
