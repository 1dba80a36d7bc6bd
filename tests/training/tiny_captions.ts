/** Training of a captioner made small: few units, few images, validations that take no time. */
import { type CaptionExperiment, captionExperimentOn } from "@/training/caption_experiment.ts";
import { type CaptionSettings, defaultCaptionSettings } from "@/training/caption_options.ts";
import type { CaptionSets } from "@/training/caption_run.ts";

/** Validations every 8 images, on a few. */
export const TINY_CAPTION_SETS: CaptionSets = { every: 8, validated: 3, scored: 4 };

/** Settings of a small network: the defaults, but for its sizes and `changes`. */
export function tinyCaptionSettings(changes: Partial<CaptionSettings> = {}): CaptionSettings {
  const sizes = { hidden: 5, embedding: 3, images: 20, batch: 4 };
  return { ...defaultCaptionSettings(1), ...sizes, ...changes };
}

/** The experiment with these sets. */
export function tinyCaptionExperiment(): CaptionExperiment {
  return captionExperimentOn(TINY_CAPTION_SETS);
}
