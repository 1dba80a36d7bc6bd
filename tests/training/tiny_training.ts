/** Training made small: two characters, short strings, validations that take no time. */
import type { Settings } from "@/options/settings.ts";
import { defaultSettings, type TrainingSettings } from "@/training/plan.ts";
import type { ValidationSets } from "@/training/validation.ts";

const exactly = (length: number) => ({ shortest: length, longest: length });

/** Validations every 16 strings, on a few short strings. */
export const TINY_SETS: ValidationSets = {
  every: 16,
  validated: 6,
  longer: [{ purpose: "longer validation", strings: 2, lengths: exactly(9) }],
  final: (lengths) => [
    { purpose: "validation", strings: 8, lengths },
    { purpose: "test", strings: 8, lengths: exactly(12) },
  ],
};

/** Settings of a small network: the defaults, but for what is named. */
export function tinySettings(changes: Partial<TrainingSettings> = {}): TrainingSettings & Settings {
  return {
    ...defaultSettings(1),
    hidden: 6,
    valueWidth: changes.memory === "none" ? 32 : 3, // what there is not cannot be set
    embedding: 3,
    symbols: 2,
    lengths: "1..4",
    strings: 400,
    ...changes,
  };
}
