/**
 * The experiment `text`: a recurrent network learns to predict the next character of a text, and writes one.
 *
 * @module
 */
import { threadsThatPay } from "@/engine/worker_pool.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { asUserError } from "@/options/settings.ts";
import type { Experiment } from "@/runs/run.ts";
import { TEXT_OPTIONS } from "./text_options.ts";
import { resolveTextSettings, SMALLER_TEXT_SIZES, textPlan } from "./text_plan.ts";
import {
  resumeTextRun,
  STANDARD_VALIDATION,
  startTextRun,
  type TextRunState,
  type TextValidation,
} from "./text_run.ts";

/** An experiment on text. */
export type TextExperiment = Experiment<typeof TEXT_OPTIONS, TextRunState>;

/**
 * Creates the experiment with files and a validation of one's own, such as texts in memory for a test.
 *
 * @param files The file system with the texts.
 * @param validation How runs are validated.
 * @returns The experiment.
 */
export function textExperimentOn(files: Files, validation: TextValidation): TextExperiment {
  return {
    name: "text",
    summary: "a recurrent network learns to predict the next character of a text, and writes one",
    options: TEXT_OPTIONS,
    resolve: resolveTextSettings,
    label: ({ corpus, cell }) => `text-${nameOf(corpus)}-${cell}`,
    threadsFor: ({ hidden }, cores) => threadsThatPay(hidden, cores),
    start: (settings, resources) =>
      asUserError(
        "train",
        () => startTextRun(textPlan(settings, files), validation, resources),
        SMALLER_TEXT_SIZES,
      ),
    resume: (settings, state, resources) =>
      resumeTextRun(textPlan(settings, files), validation, state, resources),
  };
}

/** The name of a corpus, or that of a file without its folder and its ending, as part of a folder's name. */
function nameOf(corpus: string): string {
  const file = corpus.replace(/^.*[\\/]/, "").replace(/(?<=.)\.[^.]*$/, "");
  return file.replace(/[^\w-]+/g, "-");
}

/** The experiment. */
export const textExperiment: TextExperiment = textExperimentOn(disk, STANDARD_VALIDATION);
