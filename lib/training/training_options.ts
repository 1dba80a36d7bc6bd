/**
 * The options of a training on a task.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { MEMORY_NAMES, type MemoryName } from "@/memory/memories.ts";
import { CELL_NAMES } from "@/models/sequence_shape.ts";
import { choice, flag, integer, lengthRange, number } from "@/options/option.ts";
import { BUILD_OPTION, defaultsOf } from "@/options/settings.ts";
import type { SettingsOf } from "@/runs/run.ts";
import { TASK_NAMES } from "@/tasks/tasks.ts";
import {
  ANNEALED_RECIPE_PARTS,
  IN_PLACE_RECIPE_PARTS,
  QUEUE_RECIPE_PARTS,
  RECIPE_PARTS,
} from "./ablation.ts";

const BY_RECIPE = "the recipe's";
/** Bounds of a positive number that stays one in Float32, as do its products with numbers near 1. */
export const FLOAT32_RANGE = { minimum: 1e-30, maximum: 1e30 };
/** Bounds of a bias; a sigmoid is saturated long before. */
export const BIAS_RANGE = { minimum: -1000, maximum: 1000 };
const size = (text: string, value: number) =>
  integer({ default: value, minimum: 1, maximum: 4096, description: text });

/** The options. */
export const TRAINING_OPTIONS = {
  task: choice({ choices: TASK_NAMES, default: TASK_NAMES[0], description: "what to learn" }),
  memory: choice({
    choices: MEMORY_NAMES,
    default: null,
    defaultText: "the task's",
    description: "the network's memory",
  }),
  cell: choice({
    choices: CELL_NAMES,
    default: "lstm",
    description: "the recurrent cell of each layer",
  }),
  hidden: size("hidden units in each layer", 64),
  layers: integer({ default: 1, minimum: 1, maximum: 64, description: "recurrent layers" }),
  memoryCells: integer({
    default: null,
    defaultText: "as many as steps",
    minimum: 1,
    maximum: 65_536,
    description: "cells of a superposition stack: a push drops the last one",
  }),
  valueWidth: size("width of a value in the memory", 32),
  logitsSeeReads: flag({
    description:
      "let an answer depend on what the memory reads at the same step, not only on the reads before",
  }),
  embedding: size("width of a symbol's embedding", 32),
  symbols: integer({
    default: 128,
    minimum: 1,
    maximum: 65_536,
    description:
      "different characters, if the task does not have its own: the 128 of ASCII, or the first of a-z, A-Z, 0-9, punctuation, space",
  }),
  lengths: lengthRange({
    default: null,
    defaultText: "the task's",
    description: "characters or words in a training string",
  }),
  strings: integer({
    default: null,
    defaultText: BY_RECIPE,
    minimum: 1,
    maximum: 1e9,
    description:
      "maximum number of training strings; training ends sooner if validation is perfect, but not with --recipe annealed",
  }),
  recipe: choice({
    choices: [
      "standard",
      "annealed",
      "in-place",
      "grefenstette-2015",
      "flamant-2019",
      "dusell-2017",
      "no-memory",
    ],
    default: null,
    defaultText: "the task's",
    description:
      "how the network is trained; in-place is for answers at blanks or among the input, no-memory for a network without a memory",
  }),
  ablate: choice({
    choices: [
      "nothing",
      ...RECIPE_PARTS,
      ...QUEUE_RECIPE_PARTS,
      ...ANNEALED_RECIPE_PARTS,
      ...IN_PLACE_RECIPE_PARTS,
    ],
    default: "nothing",
    description:
      "a part of the recipe to leave out, to see what it does (tables in lib/training/recipes.ts)",
  }),
  batch: integer({
    default: null,
    defaultText: BY_RECIPE,
    minimum: 1,
    maximum: 65_536,
    description: "strings in a batch",
  }),
  optimizer: choice({
    choices: ["recipe", "adam", "rmsprop", "sgd"],
    default: "recipe",
    description: "the optimizer",
  }),
  learningRate: number({
    default: null,
    defaultText: BY_RECIPE,
    ...FLOAT32_RANGE,
    description: "the learning rate",
  }),
  clip: number({
    default: null,
    defaultText: BY_RECIPE,
    ...FLOAT32_RANGE,
    description: "the largest norm of the gradient, all parameters together",
  }),
  forgetBias: number({
    default: null,
    defaultText: BY_RECIPE,
    ...BIAS_RANGE,
    description: "initial bias of an LSTM's forget gates",
  }),
  popBias: number({
    default: null,
    defaultText: BY_RECIPE,
    ...BIAS_RANGE,
    description: "initial bias of the pop",
  }),
  build: BUILD_OPTION,
};

/** Their values, and the seed. */
export type TrainingSettings = SettingsOf<typeof TRAINING_OPTIONS>;

/** Settings that say which memory, which lengths, which recipe, and how many strings. */
export interface ResolvedSettings extends TrainingSettings {
  readonly memory: MemoryName;
  readonly lengths: string;
  readonly recipe: NonNullable<TrainingSettings["recipe"]>;
  readonly strings: number;
}

/** The defaults, with a seed; memory, lengths, recipe and budget are null: the task's, and the recipe's for the budget. */
export function defaultSettings(seed: number): TrainingSettings {
  return { ...defaultsOf(TRAINING_OPTIONS), seed };
}

/** Refuses the bias of a gate that the cell does not have. */
export function checkForgetBias(
  { cell, forgetBias }: Pick<TrainingSettings, "cell" | "forgetBias">,
): void {
  if (forgetBias === null || cell === "lstm") return;
  throw new UserError("train", "--cell lstm for --forget-bias", `--cell ${cell}`);
}
