/**
 * The studies of `deno task statistics`, in the order of its help. A new study is entered here.
 *
 * @module
 */
import { ATTENTION_STUDY } from "./attention_study.ts";
import { AUTOENCODER_STUDY } from "./autoencoder_study.ts";
import { BASELINES_STUDY } from "./baselines_study.ts";
import { BOARD_STUDY } from "./board_study.ts";
import { CAPTION_STUDY } from "./caption_study.ts";
import { CURVES_STUDY } from "./learning_curves_study.ts";
import { HIDDEN_STATES_STUDY } from "./hidden_states_study.ts";
import { PAPER_STUDY } from "./paper_study.ts";
import { TRAINING_STUDY } from "./reversal_study.ts";
import { SEQUENCE_TO_SEQUENCE_STUDY } from "./sequence_to_sequence_study.ts";
import type { Study } from "./study.ts";
import { TEXT_STUDY } from "./text_study.ts";
import { TOUCHED_ROWS_STUDY } from "./touched_rows_study.ts";
import { TRUNCATION_STUDY } from "./truncation_study.ts";
import { WINDOW_TIMES_STUDY } from "./window_times_study.ts";

/** All studies. */
export const STUDIES: readonly Study[] = [
  TOUCHED_ROWS_STUDY,
  AUTOENCODER_STUDY,
  TRAINING_STUDY,
  CURVES_STUDY,
  BASELINES_STUDY,
  PAPER_STUDY,
  BOARD_STUDY,
  TEXT_STUDY,
  TRUNCATION_STUDY,
  WINDOW_TIMES_STUDY,
  HIDDEN_STATES_STUDY,
  SEQUENCE_TO_SEQUENCE_STUDY,
  ATTENTION_STUDY,
  CAPTION_STUDY,
];
