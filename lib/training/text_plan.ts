/**
 * What the options of a training on text resolve to: a text, a network, an optimizer, a budget.
 *
 * @module
 */
import type { Optimizer } from "@/engine/optimizer.ts";
import { pathInProject } from "@/io/caller_folder.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import { UserError } from "@/io/user_error.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { heldOutCount, isCorpusName, type SplitText } from "@/text/corpus.ts";
import {
  cutStreams,
  shortestText,
  type StreamSizes,
  type TextStreams,
} from "@/text/text_streams.ts";
import { readRunText } from "./run_text.ts";
import { defaultTextSettings, TEXT_OPTIONS, type TextSettings } from "./text_options.ts";
import { trainLine } from "./train_line.ts";
import { checkForgetBias } from "./training_options.ts";

/** What to change if the network and its batch need more memory than there is, as in "wanted …". */
export const SMALLER_TEXT_SIZES =
  "a smaller --hidden, --layers, --embedding, --batch or --truncate, or --unit bytes";

/** Text, network, optimizer and budget of a training on text. */
export interface TextPlan {
  readonly settings: TextSettings;
  readonly text: SplitText;
  /** The SHA-256 of the text that is trained on, with its lines wrapped if they are. */
  readonly hash: string;
  readonly streams: TextStreams;
  readonly shape: SequenceModelShape;
  readonly optimizer: Optimizer;
  /** Initial bias of an LSTM's forget gates; left out, the usual one. */
  readonly forgetBias?: number;
  /** Whether an update begins with the state at the end of the one before. */
  readonly carry: boolean;
  /** The number of updates. */
  readonly updates: number;
}

/**
 * Makes settings independent of the folder in which the command is called, and refuses those that contradict each other.
 *
 * @param settings A value for each option.
 * @returns The settings; the path of a file counts from the project's folder.
 * @throws {UserError} If settings contradict each other.
 */
export function resolveTextSettings(settings: TextSettings): TextSettings {
  const { corpus } = settings, atOnce = symbolsOfUpdate(settings);
  checkForgetBias(settings);
  if (settings.characters < atOnce) {
    const wanted = `--characters of at least ${atOnce} (--batch times --truncate)`;
    throw new UserError("train", wanted, String(settings.characters));
  }
  if (atOnce > MAX_UPDATE_SYMBOLS) {
    const wanted = `--batch times --truncate to be at most ${MAX_UPDATE_SYMBOLS}`;
    throw new UserError("train", wanted, String(atOnce));
  }
  return isCorpusName(corpus) ? settings : { ...settings, corpus: pathInProject(corpus) };
}

/** The most symbols in an update; far fewer fill the memory, unless the network is tiny. */
const MAX_UPDATE_SYMBOLS = 1e7;

function symbolsOfUpdate({ batch, truncate }: TextSettings): number {
  return batch * truncate;
}

/**
 * Reads the text, and makes the plan of a training on it.
 *
 * @param settings The settings, as {@linkcode resolveTextSettings} returns them.
 * @param files The file system with the text.
 * @returns The plan.
 * @throws {UserError} If the text cannot be read, or is too short.
 */
export function textPlan(settings: TextSettings, files: Files): TextPlan {
  const { batch, truncate, forgetBias } = settings,
    { text, hash, corpus } = readRunText(settings, files);
  const sizes = { streams: batch, truncation: truncate };
  checkLength(text, corpus, sizes, settings);
  const { cell, layers, hidden, embedding, learningRate: rate, clip, resetState } = settings;
  const symbols = text.alphabet.size;
  return {
    settings,
    text,
    hash,
    streams: cutStreams(text.training, sizes),
    shape: { cell, layers, hidden, embedding, memory: "none", valueWidth: 0, symbols },
    optimizer: { rule: "adam", rate, clip },
    ...(forgetBias !== null && { forgetBias }),
    carry: !resetState,
    updates: Math.floor(settings.characters / symbolsOfUpdate(settings)),
  };
}

/** The fewest symbols to validate on: one to read, and one to predict. */
const SHORTEST_VALIDATION = 2;

function checkLength(
  { training, validation }: SplitText,
  path: string,
  sizes: StreamSizes,
  { unit, heldOut }: TextSettings,
): void {
  const shortest = shortestText(sizes);
  if (training.length >= shortest && validation.length >= SHORTEST_VALIDATION) return;
  let wanted = Math.max(shortest, Math.floor((shortest - 1) / (1 - heldOut)));
  while (!isLongEnough(wanted, shortest, heldOut)) wanted++;
  const got = training.length + validation.length;
  const how =
    `--batch ${sizes.streams} streams of --truncate ${sizes.truncation}, and --held-out ${heldOut}`;
  throw new UserError(
    `train on ${path}`,
    `a text of at least ${countText(wanted)} ${unit} (${how})`,
    countText(got),
  );
}

function isLongEnough(symbols: number, shortest: number, heldOut: number): boolean {
  const validation = heldOutCount(symbols, heldOut);
  return symbols - validation >= shortest && validation >= SHORTEST_VALIDATION;
}

/**
 * Writes the command line that trains with these settings.
 *
 * @example Task, corpus and seed are always named.
 * ```ts
 * import { defaultTextSettings } from "@/training/text_options.ts";
 * import { textCommand } from "@/training/text_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   textCommand({ ...defaultTextSettings(7), hidden: 64 }),
 *   "deno task train --task text --corpus moby-dick --hidden 64 --seed 7",
 * );
 * ```
 * @param settings The settings of a plan.
 * @returns The command with these three options and all others that are not the default.
 */
export function textCommand(settings: TextSettings): string {
  return trainLine(TEXT_OPTIONS, settings, defaultTextSettings(0), ["task", "corpus"]);
}
