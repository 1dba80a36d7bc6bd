/**
 * The schedule of a recipe: the hyperparameters that change during training.
 *
 * @module
 */
import type { AnchorWeight, Recipe } from "./recipe.ts";

/** The hyperparameters of the next update. */
export interface Hyperparameters {
  /** Of the anchor; 0 where it does not hold. */
  readonly anchorWeight: number;
  /** The same at the first symbol of a string. */
  readonly firstAnchorWeight: number;
  /** The noise's standard deviation; 0 outside the noise phase. */
  readonly deviation: number;
  /** The learning rate. */
  readonly rate: number;
  /** The weight decay of the cells. */
  readonly cellDecay: number;
  /** Whether the last phase is over, so that the network may be finished: true where the recipe has no noise phase. */
  readonly phaseComplete: boolean;
}

/** The progress that a schedule depends on. */
export interface TrainingProgress {
  /** Strings trained on. */
  readonly strings: number;
  /** The running loss as a share of its unit; infinite before there is one. */
  readonly share: number;
  /** Strings trained on when the noise phase began; null outside it. */
  readonly noiseStart: number | null;
  /** Whether the anchor has been released for good; no, if left out. */
  readonly released?: boolean;
  /** The share of the budget that is spent, 0 if left out. */
  readonly spent?: number;
}

/**
 * The hyperparameters at a point of training.
 *
 * In the noise phase, p of which is over: deviation = first + (last − first) p, rate = r (1 + (finalRateShare − 1) p), and
 * weight decay = λ · finalDecayShare^p.
 * In the second half of a budget, of which a share s is spent, a recipe with `finalRateShare` has r = r₀ · finalRateShare^(2s − 1).
 *
 * @example At the start there is an anchor, but no noise.
 * ```ts
 * import { recipeFor } from "@/training/recipes.ts";
 * import { scheduleAt } from "@/training/schedule.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const recipe = recipeFor("standard", { cell: "lstm", memory: "stack", ...sizes });
 * const now = scheduleAt(recipe, { strings: 0, share: 1, noiseStart: null });
 * assertEquals([now.anchorWeight, now.deviation, now.rate], [0.04, 0, 0.004]);
 * ```
 * @param recipe The recipe.
 * @param progress How far the training has come.
 * @returns The hyperparameters of the next update.
 */
export function scheduleAt(
  recipe: Recipe,
  { strings, share, noiseStart, released = false, spent = 0 }: TrainingProgress,
): Hyperparameters {
  const { anchor, noise, finalRateShare = 1, optimizer: { rate: firstRate, cellDecay = 0 } } =
    recipe;
  const rate = firstRate * finalRateShare ** Math.max(0, 2 * spent - 1);
  const weights = {
    anchorWeight: released ? 0 : weightOf(anchor, share),
    firstAnchorWeight: released ? 0 : weightOf(anchor?.first ?? anchor, share),
  };
  const now = { ...weights, deviation: 0, rate, cellDecay };
  if (noise === null || noiseStart === null) return { ...now, phaseComplete: noise === null };
  const { first, last, strings: length = wholeBatches(recipe) - noiseStart } = noise;
  const passed = Math.min(1, (strings - noiseStart) / Math.max(1, length));
  return {
    ...weights,
    deviation: first + (last - first) * passed,
    rate: rate * (1 + (noise.finalRateShare - 1) * passed),
    cellDecay: cellDecay * (noise.finalDecayShare ?? 1) ** passed,
    phaseComplete: passed === 1,
  };
}

/** The budget in strings, without those that fill no batch. */
function wholeBatches({ strings, batch }: Recipe): number {
  return strings - strings % batch;
}

function weightOf(anchor: AnchorWeight | null, share: number): number {
  return anchor && share > anchor.above ? anchor.weight : 0;
}
