/**
 * The experiment `rnn-controller`: the tutorial's first controller, which learns to do without its stack.
 *
 * @module
 */
import { examineController } from "../controller_examination.ts";
import { CHEATING_CONTROLLER } from "../controller_recipes.ts";
import { type ControllerRunPlan, type ControllerRunState } from "../controller_run.ts";
import { resumeControllerRun, startControllerRun } from "../controller_run.ts";
import type { Experiment, SettingsOf } from "../experiment.ts";
import { integer, number } from "../number_option.ts";
import { choice } from "../option.ts";

/** Symbols in the strings that it is examined on. */
const LENGTH = 5;

const options = {
  iterations: integer({ default: 300_000, minimum: 1, description: "strings to learn from" }),
  learningRate: number({
    default: CHEATING_CONTROLLER.learningRate,
    above: 0,
    description: "step of the descent",
  }),
  pushBiasGrowth: number({
    default: CHEATING_CONTROLLER.pushBiasGrowth,
    minimum: 0,
    description: "growth of the push bias at every update, the tutorial's extra line",
  }),
  gradient: choice({
    choices: ["published", "exact"],
    default: "published",
    description: "which gradient of the stack to descend",
  }),
};

function planOf(settings: SettingsOf<typeof options>): ControllerRunPlan {
  const { iterations, learningRate, pushBiasGrowth, gradient } = settings;
  const design = { ...CHEATING_CONTROLLER.design, stackGradient: gradient };
  return {
    recipe: { ...CHEATING_CONTROLLER, design, learningRate, pushBiasGrowth },
    iterations,
    examinedLength: LENGTH,
    hasSucceeded: ({ controller, recipe }) =>
      examineController(controller, recipe.task, LENGTH).right === 1,
  };
}

/** Reverses strings, as the tutorial's controller does; whether by its stack is another question. */
export const rnnController: Experiment<typeof options, ControllerRunState> = {
  name: "rnn-controller",
  summary: "a recurrent controller learns to reverse strings, with or without its stack",
  options,
  start: (settings) => startControllerRun(planOf(settings), settings.seed),
  resume: (settings, state) => resumeControllerRun(planOf(settings), state),
};
