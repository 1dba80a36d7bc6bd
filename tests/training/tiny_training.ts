/** String reversal made small: two characters, short strings, validations that take no time. */
import type { NoisePhase } from "@/training/recipe.ts";
import { defaultSettings, type TrainingSettings } from "@/training/training_options.ts";
import { type TrainingPlan, trainingPlan } from "@/training/training_plan.ts";
import type { ValidationSets } from "@/training/validation.ts";

const exactly = (length: number) => ({ shortest: length, longest: length });

/** Validations every 16 strings, on a few short strings. */
export const TINY_SETS: ValidationSets = {
  every: 16,
  validated: 6,
  further: () => [{ strings: 2, lengths: exactly(9) }],
  scored: 8,
  test: () => [{ strings: 8, lengths: exactly(12) }],
};

/** Settings of a small network: the defaults, but for its sizes and `changes`. */
export function tinySettings(changes: Partial<TrainingSettings> = {}): TrainingSettings {
  const sizes = { hidden: 6, embedding: 3, symbols: 2, lengths: "1..4", strings: 400 };
  const ofMemory = changes.memory === "none" ? {} : { valueWidth: 3 }; // refused without a memory
  return { ...defaultSettings(1), ...sizes, ...ofMemory, ...changes };
}

/** A noise phase that begins after a few updates and is over after as many. */
const BRIEF_NOISE: NoisePhase = {
  below: 0.999,
  first: 1,
  last: 3,
  finalRateShare: 0.5,
  strings: 20,
};

/** A plan with a brief noise phase. */
export function noisyPlan(changes: Partial<TrainingSettings> = {}): TrainingPlan {
  const plan = trainingPlan(tinySettings(changes));
  return { ...plan, recipe: { ...plan.recipe, noise: BRIEF_NOISE } };
}

/** A plan whose noise phase begins after a few updates and lasts to the end, with a mean of which half is kept at each update. */
export function averagingPlan(changes: Partial<TrainingSettings> = {}): TrainingPlan {
  const plan = noisyPlan(changes), averagedStrings = plan.recipe.batch / Math.LN2;
  const { strings: _, ...noise } = BRIEF_NOISE, { unitAfter: __, ...recipe } = plan.recipe;
  return { ...plan, recipe: { ...recipe, noise, averagedStrings } };
}
