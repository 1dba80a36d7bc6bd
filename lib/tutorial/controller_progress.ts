/**
 * Trainings watched as they go: evaluations at regular intervals, and how far two almost equal trainings grow apart.
 *
 * @module
 */
import { largestDifference } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { type ControllerEvaluation, evaluateController } from "./controller_evaluation.ts";
import type { ControllerRecipe } from "./controller_recipes.ts";
import { ControllerTraining } from "./controller_training.ts";

/** How far a training has come. */
export interface ControllerProgress extends ControllerEvaluation {
  /** Number of training strings so far. */
  readonly iteration: number;
  /** Level of the curriculum. */
  readonly level: number;
  /** b_d, the bias of the push. */
  readonly pushBias: number;
}

/** Until when a training is watched, and how often. */
export interface Intervals {
  /** Number of training strings. */
  readonly strings: number;
  /** Number of training strings between two looks; a divisor of `strings`. */
  readonly every: number;
}

/** Calls `look` after every `every` of `strings` strings, and returns its results. */
function watch<Look>({ strings, every }: Intervals, look: () => Look): Look[] {
  if (!(every >= 1 && Number.isInteger(strings / every))) {
    throw new RangeError(
      `Cannot watch a training: wanted a divisor of ${strings} strings, got every ${every}`,
    );
  }
  return Array.from({ length: strings / every }, look);
}

/**
 * Trains, and evaluates the controller on held-out strings at regular intervals.
 *
 * @example Two evaluations, after 100 and after 200 strings.
 * ```ts
 * import { trainAndEvaluate } from "@/tutorial/controller_progress.ts";
 * import { TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
 * import { ControllerTraining } from "@/tutorial/controller_training.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const training = ControllerTraining.start(TUTORIAL_CONTROLLER, seededRandom(1));
 * const progress = trainAndEvaluate(training, { strings: 200, every: 100, length: 5 });
 * assertEquals(progress.map(({ iteration }) => iteration), [100, 200]);
 * ```
 * @param training The training; it is advanced.
 * @param plan Number of training strings, how many of them come before each evaluation, and the number of symbols of the
 * held-out strings.
 * @returns The evaluations, in their order.
 * @throws {RangeError} If `every` does not divide `strings`, or the training fails.
 */
export function trainAndEvaluate(
  training: ControllerTraining,
  plan: Intervals & { readonly length: number },
): ControllerProgress[] {
  const { controller, recipe } = training;
  return watch(plan, () => {
    training.advance(plan.every);
    const { iteration, level } = training, pushBias = controller.parameters.bd[0];
    return {
      iteration,
      level,
      pushBias,
      ...evaluateController(controller, recipe.task, plan.length),
    };
  });
}

/** The distance of two trainings as both go on. */
export interface Divergence {
  /** Numbers of training strings, ascending. */
  readonly iterations: number[];
  /** Maximum difference of a parameter at each of them. */
  readonly distances: number[];
}

/** All parameters but b_d, whose growth by `pushBiasGrowth` hides the differences of the others. */
function comparedParameters({ controller: { parameters } }: ControllerTraining): Float64Array {
  const { flat, bd } = parameters, skipped = (bd.byteOffset - flat.byteOffset) / 8;
  return flat.filter((_, i) => i !== skipped);
}

/**
 * Trains twice with the same seed, one parameter changed a little, and measures how far the two trainings are apart.
 *
 * distance = max_i |θ_i − θ′_i|, over all parameters but b_d, where θ′ began as θ with `nudge` added to one of its numbers.
 *
 * @example Nothing changed, nothing apart.
 * ```ts
 * import { measureDivergence } from "@/tutorial/controller_progress.ts";
 * import { TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = { seed: 1, nudge: 0, strings: 40, every: 20 };
 * assertEquals(measureDivergence(TUTORIAL_CONTROLLER, plan), {
 *   iterations: [20, 40],
 *   distances: [0, 0],
 * });
 * ```
 * @param recipe The settings of both trainings.
 * @param plan The seed of both, what is added to the first parameter of one of them, the number of training strings, and
 * how many of them come before each comparison.
 * @returns The distance after every `every` strings.
 * @throws {RangeError} If `every` does not divide `strings`, or a training fails.
 */
export function measureDivergence(
  recipe: ControllerRecipe,
  plan: Intervals & { readonly seed: number; readonly nudge: number },
): Divergence {
  const [one, other] = [0, plan.nudge].map((nudge) => {
    const training = ControllerTraining.start(recipe, seededRandom(plan.seed));
    training.controller.parameters.flat[0] += nudge;
    return training;
  });
  const distances = watch(plan, () => {
    for (const training of [one, other]) training.advance(plan.every);
    return largestDifference(comparedParameters(one), comparedParameters(other));
  });
  return { iterations: distances.map((_, k) => (k + 1) * plan.every), distances };
}
