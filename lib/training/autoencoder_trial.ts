/**
 * One trial of a recipe for the autoencoder: train it from a seed until it works its stack or its time is up.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { examineController, isCrisp } from "./controller_examination.ts";
import type { ControllerRecipe } from "./controller_recipe.ts";
import { ControllerTraining, startControllerTraining } from "./controller_training.ts";

/** What came of a trial. */
export interface Trial {
  readonly seed: number;
  /** Whether the curriculum came to its end with crisp controls and every held-out string right. */
  readonly success: boolean;
  /** How many strings it learned from. */
  readonly strings: number;
  /** How often new weights were drawn. */
  readonly restarts: number;
  /** Level of the curriculum at the end. */
  readonly level: number;
  /** Share of held-out strings of 10 symbols that are right. */
  readonly right: number;
  /** The same for 100 symbols, eight times longer than any it learned from. */
  readonly rightLong: number;
  /** The least push while reading, of the strings of 10 symbols. */
  readonly push: number;
  /** The least pop while writing, from the second step on. */
  readonly pop: number;
}

/** Strings between two looks at how far it has come. */
const LOOK = 1000;

/**
 * Tries a recipe.
 *
 * @param recipe What to do.
 * @param seed Where its random numbers start.
 * @param most The most strings to learn from, a multiple of 1,000.
 * @returns What came of it; numbers are rounded to four decimals.
 */
export function tryRecipe(recipe: ControllerRecipe, seed: number, most: number): Trial {
  const draws = seededRandom(seed);
  const training = new ControllerTraining(recipe, startControllerTraining(recipe, draws), draws);
  let restarts = 0;
  while (training.iteration < most && !hasCome(training)) {
    const { drawnAt } = training;
    training.advance(LOOK);
    if (training.drawnAt !== drawnAt) restarts++;
  }
  const short = examineController(training.controller, recipe.task, 10);
  const long = examineController(training.controller, recipe.task, 100);
  const rounded = (x: number) => Math.round(x * 1e4) / 1e4;
  return {
    seed,
    success: hasSucceeded(training),
    strings: training.iteration,
    restarts,
    level: training.level,
    right: short.right,
    rightLong: long.right,
    push: rounded(short.leastReadingPush),
    pop: rounded(short.leastWritingPop),
  };
}

/** Whether there is nothing more to wait for. */
function hasCome(training: ControllerTraining): boolean {
  return training.recipe.sharpening === null ? hasSucceeded(training) : training.sharpened;
}

/**
 * Whether a training has reached what it sets out to reach: its curriculum is at its end, its controls
 * are crisp, and every held-out string of 10 symbols is right.
 */
export function hasSucceeded({ controller, level, recipe }: ControllerTraining): boolean {
  if (level < recipe.curriculum.lastLevel) return false;
  const examination = examineController(controller, recipe.task, 10);
  return isCrisp(examination) && examination.right === 1;
}
