/** String reversal made small: two characters, short strings, examinations that take no time. */
import type { Settings } from "@/options/settings.ts";
import type { TrainingSettings } from "@/training/plan.ts";
import type { ValidationSets } from "@/training/validation.ts";

const exactly = (length: number) => ({ shortest: length, longest: length });

/** Examinations every 16 strings, on a few short strings. */
export const TINY_SETS: ValidationSets = {
  every: 16,
  examined: 6,
  longer: [{ purpose: "longer validation", strings: 2, lengths: exactly(9) }],
  last: ({ lengths }) => [
    { purpose: "validation", strings: 8, lengths },
    { purpose: "test", strings: 8, lengths: exactly(12) },
  ],
};

/** Settings of a small network: the defaults, but for what is named. */
export function tinySettings(changes: Partial<TrainingSettings> = {}): TrainingSettings & Settings {
  const { model = "lstm+stack" } = changes;
  return {
    model,
    hidden: 6,
    layers: 1,
    stackWidth: model === "lstm+stack" ? 3 : 32, // what there is not cannot be set
    embedding: 3,
    symbols: 2,
    lengths: "1..4",
    strings: 400,
    recipe: "standard",
    without: "nothing",
    batch: null,
    optimizer: "recipe",
    learningRate: null,
    clip: null,
    forgetBias: null,
    popBias: null,
    build: "relaxed",
    seed: 1,
    ...changes,
  };
}
