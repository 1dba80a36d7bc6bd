/**
 * `deno task statistics`.
 *
 * @module
 */
import { AUTOENCODER_STUDY } from "./autoencoder_statistics.ts";
import { BASELINES_STUDY } from "./baselines_statistics.ts";
import { CURVES_STUDY } from "./curves_statistics.ts";
import { REVERSAL_STUDY } from "./reversal_statistics.ts";
import { statisticsCommand } from "./statistics_command.ts";
import { processTerminal } from "./terminal.ts";
import { TOUCHED_ROWS_STUDY } from "./touched_rows_statistics.ts";

/** Every study that a notebook or the README shows. */
const STUDIES = [
  TOUCHED_ROWS_STUDY,
  AUTOENCODER_STUDY,
  REVERSAL_STUDY,
  CURVES_STUDY,
  BASELINES_STUDY,
];

if (import.meta.main) Deno.exit(await statisticsCommand(Deno.args, STUDIES, processTerminal));
