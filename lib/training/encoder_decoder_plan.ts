/**
 * What the options of a training of an encoder–decoder resolve to: a task, a network, an optimizer, a budget.
 *
 * @module
 */
import type { Optimizer } from "@/engine/optimizer.ts";
import { UserError } from "@/io/user_error.ts";
import type { EncoderDecoderShape } from "@/models/encoder_decoder.ts";
import { lengthRangeText } from "@/options/option.ts";
import { flagOf } from "@/options/settings.ts";
import { type ReadingOrder, reverseTargets } from "@/tasks/source_and_target.ts";
import type { AutoregressiveTask, LengthRange } from "@/tasks/task.ts";
import {
  type ChosenAttention,
  defaultEncoderDecoderSettings,
  ENCODER_DECODER_OPTIONS,
  type EncoderDecoderSettings,
} from "./encoder_decoder_options.ts";
import { trainLine } from "./train_line.ts";
import { checkForgetBias } from "./training_options.ts";
import { checkBatch, createTrainedTask, lengthsOf } from "./training_plan.ts";

/** What to change if the network and its batch need more memory than there is, as in "wanted …". */
export const SMALLER_PAIR_SIZES = "a smaller --hidden, --layers, --attention-width, --embedding, " +
  "--symbols, --batch or --lengths";

/** Task, network, optimizer and budget of a training of an encoder–decoder. */
export interface EncoderDecoderPlan {
  /** The task as it is learned: with reversed targets, if `order` says so. */
  readonly task: AutoregressiveTask;
  readonly order: Required<ReadingOrder>;
  readonly shape: EncoderDecoderShape;
  readonly lengths: LengthRange;
  readonly batch: number;
  readonly optimizer: Optimizer;
  /** The number of updates. */
  readonly updates: number;
  readonly seed: number;
  /** The settings that the plan was made from, with lengths and attention; they make the same plan. */
  readonly settings: EncoderDecoderSettings & { readonly lengths: string };
}

/**
 * Resolves settings to a plan.
 *
 * @example The default of the attention.
 * ```ts
 * import { defaultEncoderDecoderSettings } from "@/training/encoder_decoder_options.ts";
 * import { encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const settings = { ...defaultEncoderDecoderSettings(1), architecture: "attention" } as const;
 * const { shape, updates } = encoderDecoderPlan(settings);
 * assertEquals([shape.attention, shape.attentionWidth, updates], ["additive", 128, 6000]);
 * ```
 * @param settings A value for each option.
 * @returns The plan.
 * @throws {UserError} If settings contradict each other.
 */
export function encoderDecoderPlan(settings: EncoderDecoderSettings): EncoderDecoderPlan {
  const { cell, layers, hidden, embedding, bidirectional, strings, batch, seed } = settings;
  const { reverseSource, reverseTarget, learningRate: rate, clip } = settings;
  const task = createTrainedTask(settings) as AutoregressiveTask; // the options have no others
  checkForgetBias(settings);
  const chosen = {
    ...settings,
    ...attentionOf(settings),
    lengths: settings.lengths ?? lengthRangeText(task.lengths.training),
  };
  const { attention, attentionWidth } = chosen, lengths = lengthsOf(chosen, task);
  checkBatch(settings, { strings, batch }, lengths);
  return {
    task: reverseTarget ? reverseTargets(task) : task,
    order: { reverseSource, reverseTarget },
    shape: {
      ...{ cell, layers, hidden, embedding, bidirectional, symbols: task.vocabulary.size },
      attention: attention ?? "none",
      attentionWidth: attentionWidth ?? 0,
    },
    lengths,
    batch,
    optimizer: { rule: "adam", rate, clip },
    updates: Math.floor(strings / batch),
    seed,
    settings: chosen,
  };
}

/** The options that say how a decoder attends. */
type AttentionSettings = Pick<
  EncoderDecoderSettings,
  "architecture" | "attention" | "attentionWidth" | "hidden"
>;

/**
 * Chooses the attention of a network.
 *
 * @param settings What was chosen.
 * @returns Kind and width; null in an encoder–decoder without attention.
 * @throws {UserError} If one was chosen for the latter.
 */
export function attentionOf(
  settings: AttentionSettings,
): { attention: ChosenAttention | null; attentionWidth: number | null } {
  const { architecture, attention, attentionWidth, hidden } = settings;
  if (architecture === "attention") {
    return { attention: attention ?? "additive", attentionWidth: attentionWidth ?? hidden };
  }
  const given = (["attention", "attentionWidth"] as const).find((name) => settings[name] !== null);
  if (given === undefined) return { attention: null, attentionWidth: null };
  const wanted = `--architecture attention for ${flagOf(given)}`;
  throw new UserError("train", wanted, `--architecture ${architecture}`);
}

/**
 * Writes the command line that trains with these settings.
 *
 * @example Task, architecture and seed are always named.
 * ```ts
 * import { defaultEncoderDecoderSettings } from "@/training/encoder_decoder_options.ts";
 * import { encoderDecoderCommand, encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { settings } = encoderDecoderPlan({
 *   ...defaultEncoderDecoderSettings(7),
 *   task: "substitution",
 *   symbols: 32,
 *   reverseSource: true,
 * });
 * assertEquals(
 *   encoderDecoderCommand(settings),
 *   "deno task train --task substitution --architecture encoder-decoder --reverse-source --symbols 32 --seed 7",
 * );
 * ```
 * @param settings The settings of a plan.
 * @returns The command with these three options and all others that are not the default, or not the task's.
 */
export function encoderDecoderCommand(settings: EncoderDecoderPlan["settings"]): string {
  const { task, architecture, hidden } = settings;
  const usual = { ...defaultEncoderDecoderSettings(0), task, architecture, hidden };
  const defaults = {
    ...encoderDecoderPlan(usual).settings,
    hidden: ENCODER_DECODER_OPTIONS.hidden.default,
  };
  return trainLine(ENCODER_DECODER_OPTIONS, settings, defaults, ["task", "architecture"]);
}
