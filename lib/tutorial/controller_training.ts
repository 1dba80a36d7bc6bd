/**
 * The training of the tutorial's controllers: mini-batches, curriculum, sharpening and restarts, with two optimizers.
 *
 * Each iteration is one string: draw it at the current level, run it forward, add its errors to the window, run it
 * backward. Every `batch` strings the mean gradient makes an update; every `window` strings the curriculum decides the
 * level. At the last level sharpening begins once the error is small enough; if it has not begun after `patience`
 * strings, the weights are drawn again, and a new batch and a new window begin with them.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6; Kingma and Ba 2015, "Adam: A Method for
 * Stochastic Optimization".
 *
 * @module
 */
import { numpyRandom } from "@/math/numpy_random.ts";
import { RnnController } from "./rnn_controller.ts";
import { type ControlNoise, createParameters, drawParameters } from "./controller_parameters.ts";
import { addErrors, type ControllerErrors, createErrors } from "./controller_measurements.ts";
import {
  createReversalString,
  drawReversalString,
  type ReversalString,
  type StringDraws,
} from "./tutorial_reversal.ts";
import { type ControllerRecipe, maxStringLength, nextLevel } from "./controller_recipes.ts";

/** The source of random strings, initial weights and noise. */
export interface ControllerDraws extends StringDraws {
  /** Draws a normal number of mean 0 and deviation 1. */
  normal(): number;
}

/** The state from which a training can be resumed, without that of its random numbers. */
export interface ControllerTrainingState {
  readonly iteration: number;
  /** Iteration at which the weights were drawn. */
  readonly weightsDrawnAt: number;
  readonly level: number;
  /** Iteration at which the last level began; null before. */
  readonly lastLevelAt: number | null;
  /** Iteration at which sharpening began; null before. */
  readonly sharpeningAt: number | null;
  /** Errors summed over the current window. */
  readonly errors: ControllerErrors;
  /** Errors summed over the last full window; null before. */
  readonly lastWindow: ControllerErrors | null;
  readonly parameters: Float64Array;
  /** Gradients summed since the last update. */
  readonly gradient: Float64Array;
  readonly adam: AdamState | null;
}

/** Creates the initial state of a training, with random parameters. */
export function startControllerTraining(
  recipe: ControllerRecipe,
  draws: ControllerDraws,
): ControllerTrainingState {
  const { flat } = drawParameters(recipe.design.sizes, recipe.start, draws);
  const readouts = Object.values(recipe.design.readouts).filter((weight) => weight > 0);
  return {
    iteration: 0,
    weightsDrawnAt: 0,
    level: recipe.curriculum.firstLevel,
    lastLevelAt: null,
    sharpeningAt: null,
    errors: { output: 0, readouts: readouts.map(() => 0) },
    lastWindow: null,
    parameters: flat,
    gradient: new Float64Array(flat.length),
    adam: recipe.optimizer === "adam" ? createAdam(flat.length) : null,
  };
}

/**
 * Creates numpy's generator in the form that a training asks for, so that it draws what the tutorial's code draws.
 *
 * @example The same seed as `numpy.random.seed(1)`.
 * ```ts
 * import { numpyDraws } from "@/tutorial/controller_training.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(numpyDraws(1).uniform(), 0.417022004702574, 1e-15);
 * ```
 * @param seed The seed of numpy's legacy generator.
 * @returns `numpy.random.rand`, `randn` and `randint` under the names of {@linkcode ControllerDraws}.
 */
export function numpyDraws(seed: number): ControllerDraws {
  const { rand, randn, randint } = numpyRandom(seed);
  return {
    uniform: () => rand(),
    normal: () => randn(),
    integer: (low, high) => randint(low, high),
  };
}

/** A training in progress. */
export class ControllerTraining {
  readonly recipe: ControllerRecipe;
  readonly controller: RnnController;
  readonly #draws: ControllerDraws;
  readonly #string: ReversalString;
  readonly #noise: ControlNoise | undefined;
  #adam: AdamState | null;
  #iteration: number;
  #weightsDrawnAt: number;
  #level: number;
  #lastLevelAt: number | null;
  #sharpeningAt: number | null;
  #errors: ControllerErrors;
  #lastWindow: ControllerErrors | null;

  /**
   * @param recipe The settings.
   * @param state The initial state, or that of a stopped training; its arrays are copied.
   * @param draws Source of the random numbers from this state on.
   */
  constructor(recipe: ControllerRecipe, state: ControllerTrainingState, draws: ControllerDraws) {
    const parameters = createParameters(recipe.design.sizes);
    parameters.flat.set(state.parameters);
    this.recipe = recipe;
    this.controller = new RnnController(recipe.design, parameters);
    this.controller.gradient.flat.set(state.gradient);
    this.#draws = draws;
    this.#string = createReversalString(recipe.task, maxStringLength(recipe.curriculum));
    this.#noise = recipe.sharpening === null
      ? undefined
      : { deviation: recipe.sharpening.deviation, normal: () => draws.normal() };
    this.#adam = structuredClone(state.adam);
    this.#iteration = state.iteration;
    this.#weightsDrawnAt = state.weightsDrawnAt;
    this.#level = state.level;
    this.#lastLevelAt = state.lastLevelAt;
    this.#sharpeningAt = state.sharpeningAt;
    this.#errors = structuredClone(state.errors);
    this.#lastWindow = structuredClone(state.lastWindow);
  }

  /**
   * Starts a training with random parameters.
   *
   * @example One hundred strings of the tutorial's first controller.
   * ```ts
   * import { ControllerTraining } from "@/tutorial/controller_training.ts";
   * import { TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
   * import { seededRandom } from "@/math/random.ts";
   * import { assertEquals } from "@std/assert";
   *
   * const training = ControllerTraining.start(TUTORIAL_CONTROLLER, seededRandom(1));
   * training.advance(100);
   * assertEquals(training.iteration, 100);
   * ```
   * @param recipe The settings.
   * @param draws Source of the initial parameters, and then of all strings and noise.
   * @returns The training, before its first string.
   */
  static start(recipe: ControllerRecipe, draws: ControllerDraws): ControllerTraining {
    return new ControllerTraining(recipe, startControllerTraining(recipe, draws), draws);
  }

  /** Number of training strings so far. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Current level of the curriculum. */
  get level(): number {
    return this.#level;
  }

  /** Errors summed over the last full window; null before. */
  get lastWindow(): ControllerErrors | null {
    return this.#lastWindow;
  }

  /** Iteration at which the last level began; null before. */
  get lastLevelAt(): number | null {
    return this.#lastLevelAt;
  }

  /** Iteration at which the weights were drawn: 0, or later after a restart. */
  get weightsDrawnAt(): number {
    return this.#weightsDrawnAt;
  }

  /** True once the sharpening phase has ended. */
  get sharpened(): boolean {
    const { sharpening } = this.recipe, since = this.#sharpeningAt;
    return sharpening !== null && since !== null && this.#iteration >= since + sharpening.strings;
  }

  /**
   * Trains on `count` more strings.
   *
   * @throws {RangeError} If the error of a window is NaN or infinite.
   */
  advance(count: number): void {
    const { batch, curriculum } = this.recipe;
    for (; count > 0; count--) {
      this.#trainOnString();
      this.#iteration++;
      const age = this.#iteration - this.#weightsDrawnAt; // of the weights, in strings
      if (age % curriculum.window === 0) this.#closeWindow();
      if (age % batch === 0) this.#update();
      if (age === this.recipe.patience && this.#sharpeningAt === null) this.#restart();
    }
  }

  /** Draws new weights and begins the curriculum again. */
  #restart(): void {
    const fresh = startControllerTraining(this.recipe, this.#draws);
    this.controller.parameters.flat.set(fresh.parameters);
    this.controller.gradient.flat.fill(0);
    this.#adam = fresh.adam;
    this.#weightsDrawnAt = this.#iteration;
    this.#level = fresh.level;
    this.#lastLevelAt = null;
    this.#errors = fresh.errors;
  }

  #trainOnString(): void {
    const { shortest } = this.recipe.curriculum;
    const length = this.#draws.integer(0, this.#level) + shortest;
    drawReversalString(this.recipe.task, this.#string, length, this.#draws);
    this.controller.forward(this.#string, this.#sharpeningAt === null ? undefined : this.#noise);
    addErrors(this.controller, this.#errors);
    this.controller.backward();
  }

  /** Decides the next level and whether sharpening begins, then clears the window. */
  #closeWindow(): void {
    const { curriculum, sharpening } = this.recipe, { output: error, readouts } = this.#errors;
    const wrong = [error, ...readouts].find((each) => !Number.isFinite(each));
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot train: wanted a finite error, got ${wrong} at iteration ${this.#iteration}`,
      );
    }
    this.#level = nextLevel(curriculum, {
      level: this.#level,
      error,
      iteration: this.#iteration - 1,
    });
    if (this.#level === curriculum.lastLevel) {
      this.#lastLevelAt ??= this.#iteration;
      if (sharpening !== null && error < sharpening.below) this.#sharpeningAt ??= this.#iteration;
    }
    this.#lastWindow = this.#errors;
    this.#errors = createErrors(this.controller);
  }

  /** Updates θ with the mean gradient of the mini-batch, then grows b_d as the tutorial's code does. */
  #update(): void {
    const { batch, learningRate, pushBiasGrowth } = this.recipe;
    const { parameters, gradient } = this.controller;
    for (let i = 0; i < gradient.flat.length; i++) gradient.flat[i] /= batch;
    if (this.#adam === null) descentStep(parameters.flat, gradient.flat, learningRate);
    else adamStep(this.#adam, parameters.flat, gradient.flat, learningRate);
    parameters.bd[0] += parameters.bd[0] * pushBiasGrowth;
    gradient.flat.fill(0);
  }

  /** Returns the current state; its arrays are not copied and change with further training. */
  state(): ControllerTrainingState {
    return {
      iteration: this.#iteration,
      weightsDrawnAt: this.#weightsDrawnAt,
      level: this.#level,
      lastLevelAt: this.#lastLevelAt,
      sharpeningAt: this.#sharpeningAt,
      errors: this.#errors,
      lastWindow: this.#lastWindow,
      parameters: this.controller.parameters.flat,
      gradient: this.controller.gradient.flat,
      adam: this.#adam,
    };
  }
}

/** The state of the Adam optimizer. */
export interface AdamState {
  /** Number of steps k. */
  steps: number;
  /** m, the running mean of the gradient. */
  readonly mean: Float64Array;
  /** q, the running mean of its square. */
  readonly square: Float64Array;
}

const MEAN_DECAY = 0.9, SQUARE_DECAY = 0.999, EPSILON = 1e-8;

/** Creates the initial state of Adam for `length` parameters. */
export function createAdam(length: number): AdamState {
  return { steps: 0, mean: new Float64Array(length), square: new Float64Array(length) };
}

/**
 * Takes one step of Adam, whose size does not depend on the scale of the gradient.
 *
 * m ← 0.9 m + 0.1 g, q ← 0.999 q + 0.001 g², θ ← θ − η (m / (1 − 0.9^k)) / (√(q / (1 − 0.999^k)) + 10⁻⁸)
 *
 * Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1.
 *
 * @example The first step of each parameter has the size of the learning rate.
 * ```ts
 * import { adamStep, createAdam } from "@/tutorial/controller_training.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const parameters = new Float64Array([1, 1]);
 * adamStep(createAdam(2), parameters, new Float64Array([0.001, -5]), 0.1);
 * assertAlmostEquals(parameters[0], 0.9, 1e-5);
 * assertAlmostEquals(parameters[1], 1.1, 1e-5);
 * ```
 * @param state The running means, updated.
 * @param parameters θ, updated.
 * @param gradient g, of the same length.
 * @param rate η, the learning rate.
 */
export function adamStep(
  state: AdamState,
  parameters: Float64Array,
  gradient: Float64Array,
  rate: number,
): void {
  const { mean: m, square: q } = state, k = ++state.steps;
  const mShare = 1 - MEAN_DECAY ** k, qShare = 1 - SQUARE_DECAY ** k;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    m[i] += (1 - MEAN_DECAY) * (g - m[i]);
    q[i] += (1 - SQUARE_DECAY) * (g * g - q[i]);
    parameters[i] -= rate * (m[i] / mShare) / (Math.sqrt(q[i] / qShare) + EPSILON);
  }
}

/**
 * Takes one step of plain gradient descent.
 *
 * θ ← θ − η g
 *
 * @param parameters θ, updated.
 * @param gradient g, of the same length.
 * @param rate η, the learning rate.
 */
export function descentStep(
  parameters: Float64Array,
  gradient: Float64Array,
  rate: number,
): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
}
