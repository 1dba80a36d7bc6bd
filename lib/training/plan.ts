/**
 * The options of the experiment `string-reversal`, and what they mean: a network, a recipe, a budget.
 *
 * @module
 */
import type { Optimiser } from "@/engine/optimiser.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { LengthRange } from "@/tasks/streams.ts";
import { type ReversalSymbols, reversalSymbols } from "@/tasks/reversal.ts";
import { BadInput } from "@/io/user_error.ts";
import type { SettingsOf } from "@/runs/run.ts";
import { lengthRange, parseLengthRange } from "./length_range_option.ts";
import { integer, number } from "./number_option.ts";
import { choice } from "./option.ts";
import { INGREDIENTS, recipeFor, type ReversalRecipe, withoutIngredient } from "./recipe.ts";

const BY_RECIPE = "the recipe's";
const size = (text: string, value: number) =>
  integer({ default: value, minimum: 1, maximum: 4096, description: text });

/** The options. */
export const REVERSAL_OPTIONS = {
  model: choice({
    choices: ["lstm+stack", "lstm", "rnn"],
    default: "lstm+stack",
    description: "the network",
  }),
  hidden: size("hidden units in each layer", 64),
  layers: integer({ default: 1, minimum: 1, maximum: 64, description: "layers" }),
  stackWidth: size("numbers in a value on the stack", 32),
  embedding: size("numbers that stand for a symbol", 32),
  symbols: integer({
    default: 128,
    minimum: 1,
    maximum: 65_536,
    description: "different characters; 128 are those of ASCII",
  }),
  lengths: lengthRange({ default: "8..64", description: "characters in a training string" }),
  strings: integer({ default: 15_000, minimum: 1, description: "training strings at most" }),
  recipe: choice({
    choices: ["standard", "flamant-2019", "dusell-2017"],
    default: "standard",
    description: "how a network with a stack is trained",
  }),
  without: choice({
    choices: ["nothing", ...INGREDIENTS],
    default: "nothing",
    description: "an ingredient of the recipe to leave out",
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
    description: "the rule of descent",
  }),
  learningRate: number({
    default: null,
    defaultText: BY_RECIPE,
    above: 0,
    description: "its step",
  }),
  clip: number({
    default: null,
    defaultText: BY_RECIPE,
    above: 0,
    description: "longest gradient, all parameters together",
  }),
  forgetBias: number({
    default: null,
    defaultText: BY_RECIPE,
    description: "first bias of an LSTM's forget gates",
  }),
  popBias: number({
    default: null,
    defaultText: BY_RECIPE,
    description: "first bias of the pop",
  }),
  build: choice({
    choices: ["relaxed", "strict"],
    default: "relaxed",
    description: "kernels: the faster ones, or those that give the same bits on every machine",
  }),
};

/** Their values, and the seed. */
export type ReversalSettings = SettingsOf<typeof REVERSAL_OPTIONS>;

/** What is to be trained, and how. */
export interface ReversalPlan {
  readonly shape: SequenceModelShape;
  readonly symbols: ReversalSymbols;
  readonly lengths: LengthRange;
  readonly recipe: ReversalRecipe;
  /** Updates at most: as many as the budget of strings allows. */
  readonly updates: number;
  readonly seed: number;
  /** What the plan was made of. */
  readonly settings: ReversalSettings;
}

/**
 * Makes a plan of settings.
 *
 * @example The default: an LSTM with a stack, 128 characters and three marks.
 * ```ts
 * import { REVERSAL_OPTIONS, reversalPlan } from "@/training/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const entries = Object.entries(REVERSAL_OPTIONS).map(([name, option]) => [name, option.default]);
 * const { shape, updates } = reversalPlan({ ...Object.fromEntries(entries), seed: 1 });
 * assertEquals([shape.cell, shape.memory, shape.symbols, updates], ["lstm", "stack", 131, 3750]);
 * ```
 * @param settings A value for each option.
 * @returns The plan.
 * @throws {BadInput} If settings contradict each other.
 */
export function reversalPlan(settings: ReversalSettings): ReversalPlan {
  const { model, hidden, layers, embedding, stackWidth, strings, seed } = settings;
  const stack = model === "lstm+stack", symbols = reversalSymbols(settings.symbols);
  const shape: SequenceModelShape = {
    cell: model === "rnn" ? "rnn" : "lstm",
    layers,
    hidden,
    embedding,
    memory: stack ? "stack" : "none",
    valueWidth: stack ? stackWidth : 0,
    symbols: symbols.size,
  };
  const recipe = recipeOf(settings, shape);
  if (recipe.batch > strings) {
    throw new BadInput("train", `at least ${recipe.batch} --strings, a batch`, String(strings));
  }
  return {
    shape,
    symbols,
    lengths: lengthsOf(settings),
    recipe,
    updates: Math.floor(strings / recipe.batch),
    seed,
    settings,
  };
}

function lengthsOf({ lengths }: ReversalSettings): LengthRange {
  const range = parseLengthRange(lengths);
  if (range) return range;
  throw new BadInput("read --lengths", REVERSAL_OPTIONS.lengths.wanted, JSON.stringify(lengths));
}

function recipeOf(settings: ReversalSettings, shape: SequenceModelShape): ReversalRecipe {
  const { model, without, batch, forgetBias, popBias } = settings;
  checkBelong(settings);
  const named = recipeFor(model === "lstm+stack" ? settings.recipe : "no-stack", shape);
  const start = { ...named.start };
  if (forgetBias !== null) Object.assign(start, { forgetBias });
  if (popBias !== null) Object.assign(start, { popBias });
  const optimiser = optimiserOf(named.optimiser, settings);
  const recipe = { ...named, batch: batch ?? named.batch, start, optimiser };
  return without === "nothing" ? recipe : withoutIngredient(recipe, without);
}

/** What a network does not have cannot be set. */
function checkBelong(
  { model, recipe, without, stackWidth, popBias, forgetBias }: ReversalSettings,
) {
  const ofStack = {
    "--recipe": recipe !== "standard",
    "--without": without !== "nothing",
    "--stack-width": stackWidth !== REVERSAL_OPTIONS.stackWidth.default,
    "--pop-bias": popBias !== null,
  };
  const strange = Object.entries(ofStack).find(([, given]) => given)?.[0];
  if (strange !== undefined && model !== "lstm+stack") {
    throw new BadInput("train", `--model lstm+stack with ${strange}`, `--model ${model}`);
  }
  if (forgetBias !== null && model === "rnn") {
    throw new BadInput("train", "a model with LSTM cells with --forget-bias", `--model ${model}`);
  }
}

function optimiserOf(named: Optimiser, settings: ReversalSettings): Optimiser {
  const { optimizer, learningRate } = settings, clip = settings.clip ?? named.clip;
  const same = optimizer === "recipe" || optimizer === named.rule;
  const kept = same ? named : { rule: optimizer, rate: named.rate };
  return { ...kept, rate: learningRate ?? kept.rate, ...(clip !== undefined && { clip }) };
}
