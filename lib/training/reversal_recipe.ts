/**
 * Recipes for training a network on string reversal: how it starts, what it descends, and what helps it.
 *
 * A network with a stack sits on a plateau until two things hold at once: its pushes and pops are within
 * reach of a gradient (the live window), and the values that it pushes tell the symbols. Off the plateau
 * it is soon right on every string as long as those it learns from; to be right on far longer ones, its
 * pushes and pops must be all but 0 and 1, and stay so however long the string. The default recipe has
 * four helps, none of them from the paper:
 *
 * | help           | while                     | what it does                                             |
 * | -------------- | ------------------------- | -------------------------------------------------------- |
 * | auxiliary loss | always                    | v_t is decoded as o_t is, and should say the symbol read |
 * | anchor         | loss above `above` ln K   | holds the sums of push and pop inside the live window    |
 * | noise          | from loss `below` ln K on | on both sums, ever stronger: only large sums survive it  |
 * | doubling       | in what is examined       | of both sums: 10⁻⁷ from 0 or 1 becomes 10⁻¹⁴             |
 *
 * `K` symbols; ln K is the loss of a network that knows nothing.
 *
 * @module
 */
import type { Optimiser } from "@/engine/optimiser.ts";
import type { InitialOptions } from "@/models/sequence_parameters.ts";

/** A pull of the push's and the pop's sums towards fixed numbers. */
export interface Anchor {
  /** Of the mean squared distance. */
  readonly weight: number;
  readonly push: number;
  readonly pop: number;
  /** It holds while the running loss is above this share of ln K. */
  readonly above: number;
}

/** Normal noise on the push's and the pop's sums, in training only. */
export interface ControlNoise {
  /** It begins once the running loss is below this share of ln K. */
  readonly below: number;
  /** Its first standard deviation. */
  readonly first: number;
  /** How much that grows with each thousand strings. */
  readonly growth: number;
  /** What it grows to. */
  readonly most: number;
  /** The deviation from which on a network may be done. */
  readonly enough: number;
}

/** All that defines a training, save sizes and seed. */
export interface ReversalRecipe {
  /** Strings in a batch. */
  readonly batch: number;
  readonly optimiser: Optimiser;
  /** Biases, and the gain of the push's and the pop's heads. */
  readonly start: InitialOptions;
  /** What the mean cross-entropy from v_t to the symbol just read counts; that of the answers counts 1. */
  readonly auxiliaryWeight: number;
  readonly anchor: Anchor | null;
  readonly noise: ControlNoise | null;
  /** What the push's and the pop's heads are multiplied with in the network that is examined and kept. */
  readonly controlGain: number;
}

/** What the recipes are called. */
export type RecipeName = "default" | "flamant-2019" | "dusell-2017" | "no-stack";

const NO_HELP = { auxiliaryWeight: 0, anchor: null, noise: null, controlGain: 1 };
const ZERO_BIASES = { forgetBias: 0, pushBias: 0, popBias: 0 };

/**
 * The recipes, by name.
 *
 * "flamant-2019" and "dusell-2017" are the published ones, as far as this engine has their parts: the
 * second one's LSTM had its input and forget gates coupled. "no-stack" is for networks without a stack.
 *
 * Source: Flamant 2019, "neural-stack"; DuSell 2017, as quoted there.
 */
export const RECIPES: Readonly<Record<RecipeName, ReversalRecipe>> = {
  "default": {
    batch: 4,
    optimiser: { rule: "adam", rate: 0.004, clip: 0.1 },
    start: ZERO_BIASES,
    auxiliaryWeight: 1,
    anchor: { weight: 0.025, push: 0, pop: -1, above: 0.7 },
    noise: { below: 0.1, first: 1, growth: 0.625, most: 4, enough: 2 },
    controlGain: 2,
  },
  "flamant-2019": {
    batch: 50,
    optimiser: { rule: "adam", rate: 0.001 },
    start: ZERO_BIASES,
    ...NO_HELP,
  },
  "dusell-2017": {
    batch: 10,
    optimiser: { rule: "rmsprop", rate: 0.001, decay: 0.99, clip: 1 },
    start: { forgetBias: 0, pushBias: 0, popBias: -1, controlGain: 0.5 },
    ...NO_HELP,
  },
  "no-stack": {
    batch: 50,
    optimiser: { rule: "adam", rate: 0.001, clip: 1 },
    start: { forgetBias: 1 },
    ...NO_HELP,
  },
};

/** A part of the default recipe that can be left out. */
export type Ingredient = "auxiliary-loss" | "anchor" | "noise" | "doubling" | "clipping";

/**
 * Leaves an ingredient out of a recipe.
 *
 * @example Everything else stays.
 * ```ts
 * import { RECIPES, withoutIngredient } from "@/training/reversal_recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = RECIPES["default"];
 * assertEquals(withoutIngredient(recipe, "anchor"), { ...recipe, anchor: null });
 * ```
 * @param recipe The recipe.
 * @param ingredient What is to be left out.
 * @returns The recipe without it.
 */
export function withoutIngredient(recipe: ReversalRecipe, ingredient: Ingredient): ReversalRecipe {
  const { clip: _, ...unclipped } = recipe.optimiser;
  const rest: Record<Ingredient, Partial<ReversalRecipe>> = {
    "auxiliary-loss": { auxiliaryWeight: 0 },
    "anchor": { anchor: null },
    "noise": { noise: null },
    "doubling": { controlGain: 1 },
    "clipping": { optimiser: unclipped },
  };
  return { ...recipe, ...rest[ingredient] };
}

/** What changes in a recipe as a training goes on. */
export interface RecipeMoment {
  /** Of the anchor; 0 where it does not hold. */
  readonly anchorWeight: number;
  /** The noise's standard deviation; 0 where there is none. */
  readonly deviation: number;
}

/** Where a training is, as far as its recipe asks. */
export interface RecipeProgress {
  /** Strings learned from. */
  readonly strings: number;
  /** The running loss as a share of ln K. */
  readonly share: number;
  /** Strings learned from when the noise began; null before. */
  readonly noiseFrom: number | null;
}

/**
 * Reads off a recipe what it asks for.
 *
 * @example At the start there is an anchor, but no noise.
 * ```ts
 * import { recipeMoment, RECIPES } from "@/training/reversal_recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const moment = recipeMoment(RECIPES["default"], { strings: 0, share: 1, noiseFrom: null });
 * assertEquals(moment, { anchorWeight: 0.025, deviation: 0 });
 * ```
 * @param recipe The recipe.
 * @param progress Where the training is.
 * @returns What it asks for.
 */
export function recipeMoment(
  { anchor, noise }: ReversalRecipe,
  { strings, share, noiseFrom }: RecipeProgress,
): RecipeMoment {
  return {
    anchorWeight: anchor && share > anchor.above ? anchor.weight : 0,
    deviation: noise && noiseFrom !== null
      ? Math.min(noise.most, noise.first + noise.growth * (strings - noiseFrom) / 1000)
      : 0,
  };
}
