/**
 * `deno task statistics`.
 *
 * @module
 */
import { AUTOENCODER_STUDY } from "@/studies/autoencoder_study.ts";
import { BASELINES_STUDY } from "@/studies/baselines_statistics.ts";
import { CURVES_STUDY } from "@/studies/learning_curves.ts";
import { REVERSAL_STUDY } from "./training_studies.ts";
import { statisticsCommand } from "./statistics_command.ts";
import { processTerminal } from "@/io/terminal.ts";
import { TOUCHED_ROWS_STUDY } from "@/studies/touched_rows.ts";

/** Every study that a notebook or the README shows. */
const STUDIES = [
  TOUCHED_ROWS_STUDY,
  AUTOENCODER_STUDY,
  REVERSAL_STUDY,
  CURVES_STUDY,
  BASELINES_STUDY,
];

if (import.meta.main) Deno.exit(await statisticsCommand(Deno.args, STUDIES, processTerminal));
