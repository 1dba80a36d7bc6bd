/**
 * The experiment `captions`: a network says what is in an image.
 *
 * @module
 */
import { asUserError } from "@/options/settings.ts";
import type { Experiment } from "@/runs/run.ts";
import { CAPTION_OPTIONS } from "./caption_options.ts";
import { captionPlan, SMALLER_CAPTION_SIZES } from "./caption_plan.ts";
import {
  type CaptionSets,
  resumeCaptionRun,
  STANDARD_CAPTION_SETS,
  startCaptionRun,
} from "./caption_run.ts";
import type { ValidatedRunState } from "./validated_run.ts";

/** An experiment on captions. */
export type CaptionExperiment = Experiment<typeof CAPTION_OPTIONS, ValidatedRunState>;

/**
 * Makes the experiment with validation and final sets of one's own, such as small ones for a test.
 *
 * @param sets The sets.
 * @returns The experiment.
 */
export function captionExperimentOn(sets: CaptionSets): CaptionExperiment {
  return {
    name: "captions",
    summary: "a network says what is in an image of coloured shapes",
    options: CAPTION_OPTIONS,
    resolve: (settings) => captionPlan(settings).settings,
    label: ({ architecture }) => `captions-${architecture}`,
    start: (settings) =>
      asUserError(
        "train",
        () => startCaptionRun(captionPlan(settings), sets),
        SMALLER_CAPTION_SIZES,
      ),
    resume: (settings, state) => resumeCaptionRun(captionPlan(settings), sets, state),
  };
}

/** The experiment. */
export const captionExperiment: CaptionExperiment = captionExperimentOn(STANDARD_CAPTION_SETS);
