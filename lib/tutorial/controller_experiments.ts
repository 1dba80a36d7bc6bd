/**
 * The experiments `rnn-controller`, the tutorial's first controller, which ignores its stack, and `autoencoder`, the
 * fixed controller, which reverses strings by pushing and popping.
 *
 * The default settings of `autoencoder` are those of the recipe in `controller_recipes.ts`; each option replaces one part
 * by the published one.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @module
 */
import { evaluateController } from "./controller_evaluation.ts";
import {
  type ControllerRecipe,
  FIXED_AUTOENCODER,
  PUBLISHED_AUTOENCODER,
  TUTORIAL_CONTROLLER,
} from "./controller_recipes.ts";
import {
  type ControllerRunPlan,
  type ControllerRunState,
  isTrainingSuccessful,
  resumeControllerRun,
  startControllerRun,
} from "./controller_run.ts";
import type { Experiment, SettingsOf } from "@/runs/run.ts";
import { choice, integer, number } from "@/options/option.ts";

/** Number of symbols of the held-out strings of `rnn-controller`. */
const EVALUATED_LENGTH = 5;

const RNN_CONTROLLER_OPTIONS = {
  iterations: integer({
    default: 300_000,
    minimum: 1,
    maximum: 1e9,
    description: "training strings",
  }),
  learningRate: number({
    default: TUTORIAL_CONTROLLER.learningRate,
    above: 0,
    maximum: 1000,
    description: "step size of the optimizer",
  }),
  pushBiasGrowth: number({
    default: TUTORIAL_CONTROLLER.pushBiasGrowth,
    minimum: 0,
    maximum: 1000,
    description: "growth of the push bias at every update, as in the tutorial's code",
  }),
  gradient: choice({
    choices: ["published", "exact"],
    default: "published",
    description: "which gradient of the stack to follow",
  }),
};

function rnnControllerPlan(settings: SettingsOf<typeof RNN_CONTROLLER_OPTIONS>): ControllerRunPlan {
  const { iterations, learningRate, pushBiasGrowth, gradient } = settings;
  const design = { ...TUTORIAL_CONTROLLER.design, stackGradient: gradient };
  return {
    recipe: { ...TUTORIAL_CONTROLLER, design, learningRate, pushBiasGrowth },
    iterations,
    evaluatedLength: EVALUATED_LENGTH,
    isTrainingSuccessful: ({ controller, recipe }) =>
      evaluateController(controller, recipe.task, EVALUATED_LENGTH).right === 1,
  };
}

/** Trains the tutorial's controller to reverse strings; it succeeds even if it ignores its stack. */
export const rnnController: Experiment<typeof RNN_CONTROLLER_OPTIONS, ControllerRunState> = {
  name: "rnn-controller",
  summary: "a recurrent controller learns to reverse strings, with or without its stack",
  options: RNN_CONTROLLER_OPTIONS,
  start: (settings) => startControllerRun(rnnControllerPlan(settings), settings.seed),
  resume: (settings, state) => resumeControllerRun(rnnControllerPlan(settings), state),
};

const LEARNING_RATES = {
  adam: FIXED_AUTOENCODER.learningRate,
  descent: PUBLISHED_AUTOENCODER.learningRate,
};
const READOUTS = {
  all: FIXED_AUTOENCODER.design.readouts,
  published: PUBLISHED_AUTOENCODER.design.readouts,
  none: { hidden: 0, outputPrime: 0, value: 0 },
};

const AUTOENCODER_OPTIONS = {
  iterations: integer({
    default: 500_000,
    minimum: 1,
    maximum: 1e9,
    description: "maximum number of training strings",
  }),
  gradient: choice({
    choices: ["exact", "published"],
    default: "exact",
    description: "which gradient of the stack to follow",
  }),
  readouts: choice({
    choices: ["all", "published", "none"],
    default: "all",
    description:
      "layers that must reconstruct the previous input: all (h, o' and v), published (h and o') or none",
  }),
  begin: choice({
    choices: ["trainable", "published"],
    default: "trainable",
    description: "initial push and pop: in the trainable region, or as published",
  }),
  optimizer: choice({
    choices: ["adam", "descent"],
    default: "adam",
    description: "optimizer: Adam or plain gradient descent",
  }),
  learningRate: number({
    default: null,
    defaultText: `${LEARNING_RATES.adam} with adam, ${LEARNING_RATES.descent} with descent`,
    above: 0,
    maximum: 1000,
    description: "step size of the optimizer",
  }),
  curriculum: choice({
    choices: ["fast", "published"],
    default: "fast",
    description: "when strings get longer: early, or only when nearly all are right",
  }),
  noise: number({
    default: FIXED_AUTOENCODER.sharpening!.deviation,
    minimum: 0,
    maximum: 1000,
    description: "standard deviation of the noise on push and pop at the end, before the sigmoid",
  }),
  patience: integer({
    default: FIXED_AUTOENCODER.patience!,
    minimum: 0,
    maximum: 1e9,
    description: "strings after which new weights are drawn if there is no progress; 0 for never",
  }),
};

type AutoencoderSettings = SettingsOf<typeof AUTOENCODER_OPTIONS>;

/** Builds the recipe that the settings describe. */
export function autoencoderRecipe(settings: AutoencoderSettings): ControllerRecipe {
  const { design, start, curriculum, sharpening } = FIXED_AUTOENCODER;
  const published = PUBLISHED_AUTOENCODER;
  const biases = settings.begin === "trainable" ? start : published.start;
  return {
    ...FIXED_AUTOENCODER,
    design: { ...design, stackGradient: settings.gradient, readouts: READOUTS[settings.readouts] },
    start: { ...biases, valueReadout: settings.readouts === "all" },
    curriculum: settings.curriculum === "fast"
      ? curriculum
      : { ...published.curriculum, lastLevel: curriculum.lastLevel },
    optimizer: settings.optimizer,
    learningRate: settings.learningRate ?? LEARNING_RATES[settings.optimizer],
    sharpening: { ...sharpening!, deviation: settings.noise },
    patience: settings.patience || null,
  };
}

function autoencoderPlan(settings: AutoencoderSettings): ControllerRunPlan {
  const { iterations } = settings, recipe = autoencoderRecipe(settings);
  return { recipe, iterations, evaluatedLength: 10, isTrainingSuccessful };
}

/**
 * Trains a controller to reverse strings by pushing and popping.
 *
 * @example A run that was stopped and resumed ends with the same weights as an uninterrupted one.
 * ```ts
 * import { autoencoder } from "@/tutorial/controller_experiments.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = {
 *   seed: 1,
 *   iterations: 300,
 *   gradient: "exact",
 *   readouts: "all",
 *   begin: "trainable",
 *   optimizer: "adam",
 *   learningRate: null,
 *   curriculum: "fast",
 *   noise: 2,
 *   patience: 100,
 * } as const;
 * const [whole, half] = [autoencoder.start(settings), autoencoder.start(settings)];
 * whole.advance(300);
 * half.advance(123);
 * const resumed = autoencoder.resume(settings, structuredClone(half.state()));
 * resumed.advance(177);
 * assertEquals(resumed.state(), whole.state());
 * ```
 */
export const autoencoder: Experiment<typeof AUTOENCODER_OPTIONS, ControllerRunState> = {
  name: "autoencoder",
  summary: "a controller that must remember its last input learns to push and pop",
  options: AUTOENCODER_OPTIONS,
  start: (settings) => startControllerRun(autoencoderPlan(settings), settings.seed),
  resume: (settings, state) => resumeControllerRun(autoencoderPlan(settings), state),
};
