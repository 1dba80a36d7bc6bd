/**
 * What a recipe asks for at a moment of a training: the anchor's weight, the noise, the rate.
 *
 * @module
 */
import type { ReversalRecipe } from "./recipe.ts";

/** What changes in a recipe as a training goes on. */
export interface RecipeMoment {
  /** Of the anchor; 0 where it does not hold. */
  readonly anchorWeight: number;
  /** The noise's standard deviation; 0 where there is none. */
  readonly deviation: number;
  /** Of the optimiser. */
  readonly rate: number;
  /** Whether the network may be done: the noise's phase is over, or there is none. */
  readonly mayBeDone: boolean;
}

/** Where a training is, as far as its recipe asks. */
export interface RecipeProgress {
  /** Strings learned from. */
  readonly strings: number;
  /** The running loss as a share of ln K. */
  readonly share: number;
  /** Strings learned from when the noise's phase began; null while there is none. */
  readonly noiseFrom: number | null;
  /** The share of the budget that is spent, 0 if left out. */
  readonly spent?: number;
}

/**
 * Reads off a recipe what it asks for.
 *
 * @example At the start there is an anchor, but no noise.
 * ```ts
 * import { recipeMoment } from "@/training/schedule.ts";
 * import { recipeFor } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const recipe = recipeFor("standard", { cell: "lstm", memory: "stack", ...sizes });
 * const moment = recipeMoment(recipe, { strings: 0, share: 1, noiseFrom: null });
 * assertEquals(moment, { anchorWeight: 0.04, deviation: 0, rate: 0.004, mayBeDone: false });
 * ```
 * @param recipe The recipe.
 * @param progress Where the training is.
 * @returns What it asks for.
 */
export function recipeMoment(
  { anchor, noise, coolsTo = 1, optimiser }: ReversalRecipe,
  { strings, share, noiseFrom, spent = 0 }: RecipeProgress,
): RecipeMoment {
  const rate = optimiser.rate * coolsTo ** Math.max(0, 2 * spent - 1);
  const anchorWeight = anchor && share > anchor.above ? anchor.weight : 0;
  if (noise === null) return { anchorWeight, deviation: 0, rate, mayBeDone: true };
  if (noiseFrom === null) return { anchorWeight, deviation: 0, rate, mayBeDone: false };
  const { first, last, rateTo } = noise;
  const passed = Math.min(1, (strings - noiseFrom) / noise.strings);
  return {
    anchorWeight,
    deviation: first + (last - first) * passed,
    rate: rate * (1 + (rateTo - 1) * passed),
    mayBeDone: passed === 1,
  };
}
