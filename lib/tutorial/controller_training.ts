/**
 * Steps down a gradient: plain, and Adam.
 *
 * @module
 */
import { RnnController } from "./rnn_controller.ts";
import { type ControlNoise, createParameters, drawParameters } from "./controller_parameters.ts";
import { addErrors, type ControllerErrors, noErrors } from "./controller_errors.ts";
import {
  createReversalString,
  drawReversalString,
  type ReversalString,
  type StringDraws,
} from "./tutorial_strings.ts";
import { type ControllerRecipe, longestOf, nextLevel } from "./controller_recipes.ts";

/** What Adam remembers, bit for bit. */
export interface AdamState {
  /** Steps taken. */
  steps: number;
  /** Running mean of the gradient. */
  readonly mean: Float64Array;
  /** Running mean of its square. */
  readonly square: Float64Array;
}

const MEAN_DECAY = 0.9, SQUARE_DECAY = 0.999, TINY = 1e-8;

/** Adam before its first step, for `length` parameters. */
export function createAdam(length: number): AdamState {
  return { steps: 0, mean: new Float64Array(length), square: new Float64Array(length) };
}

/**
 * Takes a step of the same size in every direction in which the gradient keeps its sign.
 *
 * m ← 0.9 m + 0.1 g, q ← 0.999 q + 0.001 g², θ ← θ − η (m / (1 − 0.9^k)) / (√(q / (1 − 0.999^k)) + 10⁻⁸)
 *
 * Source: Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1.
 *
 * @example The first step is as long as the learning rate, however small the gradient.
 * ```ts
 * import { adamStep, createAdam } from "@/tutorial/controller_training.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const parameters = new Float64Array([1, 1]);
 * adamStep(createAdam(2), parameters, new Float64Array([0.001, -5]), 0.1);
 * assertAlmostEquals(parameters[0], 0.9, 1e-5);
 * assertAlmostEquals(parameters[1], 1.1, 1e-5);
 * ```
 * @param state What is remembered, changed.
 * @param parameters θ, changed.
 * @param gradient g, as many numbers.
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
    parameters[i] -= rate * (m[i] / mShare) / (Math.sqrt(q[i] / qShare) + TINY);
  }
}

/**
 * Takes a plain step.
 *
 * θ ← θ − η g
 *
 * @param parameters θ, changed.
 * @param gradient g, as many numbers.
 * @param rate η, the learning rate.
 */
export function descentStep(
  parameters: Float64Array,
  gradient: Float64Array,
  rate: number,
): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * gradient[i];
}

/** Where strings, starting weights and noise come from. */
export interface ControllerDraws extends StringDraws {
  /** A normal number of mean 0 and deviation 1. */
  normal(): number;
}

/** All that a training remembers, save its random numbers. */
export interface ControllerTrainingState {
  readonly iteration: number;
  /** When the weights were drawn. */
  readonly drawnAt: number;
  readonly level: number;
  /** When the last level began; null before. */
  readonly lastLevelAt: number | null;
  /** When the noise began; null before. */
  readonly sharpeningAt: number | null;
  /** Mistakes in the window under way. */
  readonly errors: ControllerErrors;
  /** Mistakes in the last window that was full; null before. */
  readonly lastWindow: ControllerErrors | null;
  readonly parameters: Float64Array;
  /** Gradients added up since the last update. */
  readonly gradient: Float64Array;
  readonly adam: AdamState | null;
}

/** Draws the starting parameters of a recipe; the rest of the state is empty. */
export function startControllerTraining(
  recipe: ControllerRecipe,
  draws: ControllerDraws,
): ControllerTrainingState {
  const { flat } = drawParameters(recipe.design.sizes, recipe.start, draws);
  const readouts = Object.values(recipe.design.readouts).filter((weight) => weight > 0);
  return {
    iteration: 0,
    drawnAt: 0,
    level: recipe.curriculum.firstLevel,
    lastLevelAt: null,
    sharpeningAt: null,
    errors: { output: 0, readouts: readouts.map(() => 0) },
    lastWindow: null,
    parameters: flat,
    gradient: new Float64Array(flat.length),
    adam: recipe.optimiser === "adam" ? createAdam(flat.length) : null,
  };
}

/** A training under way. */
export class ControllerTraining {
  readonly recipe: ControllerRecipe;
  readonly controller: RnnController;
  readonly #draws: ControllerDraws;
  readonly #string: ReversalString;
  readonly #noise: ControlNoise | undefined;
  #adam: AdamState | null;
  #iteration: number;
  #drawnAt: number;
  #level: number;
  #lastLevelAt: number | null;
  #sharpeningAt: number | null;
  #errors: ControllerErrors;
  #lastWindow: ControllerErrors | null;

  /**
   * @param recipe What to do.
   * @param state Where to go on from; its arrays are copied.
   * @param draws Random numbers from there on.
   */
  constructor(recipe: ControllerRecipe, state: ControllerTrainingState, draws: ControllerDraws) {
    const parameters = createParameters(recipe.design.sizes);
    parameters.flat.set(state.parameters);
    this.recipe = recipe;
    this.controller = new RnnController(recipe.design, parameters);
    this.controller.gradient.flat.set(state.gradient);
    this.#draws = draws;
    this.#string = createReversalString(recipe.task, longestOf(recipe.curriculum));
    this.#noise = recipe.sharpening === null
      ? undefined
      : { deviation: recipe.sharpening.deviation, normal: () => draws.normal() };
    this.#adam = structuredClone(state.adam);
    this.#iteration = state.iteration;
    this.#drawnAt = state.drawnAt;
    this.#level = state.level;
    this.#lastLevelAt = state.lastLevelAt;
    this.#sharpeningAt = state.sharpeningAt;
    this.#errors = structuredClone(state.errors);
    this.#lastWindow = structuredClone(state.lastWindow);
  }

  /** Strings so far. */
  get iteration(): number {
    return this.#iteration;
  }

  /** Level of the curriculum. */
  get level(): number {
    return this.#level;
  }

  /** Mistakes in the last window that was full; null before. */
  get lastWindow(): ControllerErrors | null {
    return this.#lastWindow;
  }

  /** When the last level began; null before. */
  get lastLevelAt(): number | null {
    return this.#lastLevelAt;
  }

  /** When the weights were drawn: 0, or later where patience was at its end. */
  get drawnAt(): number {
    return this.#drawnAt;
  }

  /** Whether the noise has lasted as long as it should. */
  get sharpened(): boolean {
    const { sharpening } = this.recipe, since = this.#sharpeningAt;
    return sharpening !== null && since !== null && this.#iteration >= since + sharpening.strings;
  }

  /**
   * Learns from `count` more strings.
   *
   * @throws {RangeError} If the error is no longer a number.
   */
  advance(count: number): void {
    const { batch, curriculum } = this.recipe;
    for (; count > 0; count--) {
      this.#learn();
      this.#iteration++;
      if (this.#iteration % curriculum.window === 0) this.#closeWindow();
      if (this.#iteration % batch === 0) this.#update();
      const waited = this.#iteration - this.#drawnAt;
      if (waited === this.recipe.patience && this.#sharpeningAt === null) this.#startAgain();
    }
  }

  #startAgain(): void {
    const fresh = startControllerTraining(this.recipe, this.#draws);
    this.controller.parameters.flat.set(fresh.parameters);
    this.controller.gradient.flat.fill(0);
    this.#adam = fresh.adam;
    this.#drawnAt = this.#iteration;
    this.#level = fresh.level;
    this.#lastLevelAt = null;
    this.#errors = fresh.errors;
  }

  #learn(): void {
    const { shortest } = this.recipe.curriculum;
    const length = this.#draws.integer(0, this.#level) + shortest;
    drawReversalString(this.recipe.task, this.#string, length, this.#draws);
    this.controller.forward(this.#string, this.#sharpeningAt === null ? undefined : this.#noise);
    addErrors(this.controller, this.#errors);
    this.controller.backward();
  }

  #closeWindow(): void {
    const { curriculum, sharpening } = this.recipe, error = this.#errors.output;
    if (!Number.isFinite(error)) {
      throw new RangeError(
        `Cannot train: wanted a finite error, got ${error} at iteration ${this.#iteration}`,
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
    this.#errors = noErrors(this.controller);
  }

  /** θ ← θ − η · mean of the batch's gradients, and the tutorial's extra line. */
  #update(): void {
    const { batch, learningRate, pushBiasGrowth } = this.recipe;
    const { parameters, gradient } = this.controller;
    for (let i = 0; i < gradient.flat.length; i++) gradient.flat[i] /= batch;
    if (this.#adam === null) descentStep(parameters.flat, gradient.flat, learningRate);
    else adamStep(this.#adam, parameters.flat, gradient.flat, learningRate);
    parameters.bd[0] += parameters.bd[0] * pushBiasGrowth;
    gradient.flat.fill(0);
  }

  /** All that the training remembers; its arrays are the training's own. */
  state(): ControllerTrainingState {
    return {
      iteration: this.#iteration,
      drawnAt: this.#drawnAt,
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
