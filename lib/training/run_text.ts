/**
 * The text of a run: read and split as its settings say, also those in the metadata of its weights.
 *
 * @module
 */
import { fromAnyFolder } from "@/io/caller_folder.ts";
import type { Files } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { settingsFromFile } from "@/options/settings.ts";
import { hashOfText, isCorpusName, readCorpus, type SplitText, splitText } from "@/text/corpus.ts";
import { wrapLines } from "@/text/line_wrapping.ts";
import { TEXT_OPTIONS, type TextSettings } from "./text_options.ts";

/** The settings that say what the text is. */
type TextChoice = Pick<TextSettings, "corpus" | "wrap" | "unit" | "heldOut">;

/** The text of a run. */
export interface RunText {
  /** The name of the corpus, or the path of the file from the current folder. */
  readonly corpus: string;
  readonly text: SplitText;
  /** The SHA-256 of the text, with its lines wrapped if they are. */
  readonly hash: string;
}

/**
 * Reads the text of a run.
 *
 * @param settings The settings, as `resolveTextSettings` returns them.
 * @param files The file system with the text.
 * @returns The text.
 * @throws {UserError} If the text cannot be read.
 */
export function readRunText({ corpus, wrap, unit, heldOut }: TextChoice, files: Files): RunText {
  const path = isCorpusName(corpus) ? corpus : fromAnyFolder(corpus);
  const whole = readCorpus(path, files), wrapped = wrap === null ? whole : wrapLines(whole, wrap);
  return { corpus: path, text: splitText(wrapped, unit, heldOut), hash: hashOfText(wrapped) };
}

/**
 * Reads the text of the run that has saved weights.
 *
 * @param action The action that fails, as in "Cannot <action>".
 * @param metadata The metadata of the weights.
 * @param files The file system with the text.
 * @returns The text.
 * @throws {UserError} If the metadata do not say which text it is, or it cannot be read or has changed since.
 */
export function readTextOfWeights(
  action: string,
  metadata: ReadonlyMap<string, string>,
  files: Files,
): RunText {
  const { corpus, wrap, unit, heldOut } = TEXT_OPTIONS;
  const options = { corpus, wrap, unit, heldOut }, saved = parsed(metadata.get("settings"));
  const names = [...Object.keys(options), "seed"].filter((name) => name in saved);
  const chosen = Object.fromEntries(names.map((name) => [name, saved[name]]));
  const settings = settingsFromFile({ name: "text", options }, chosen, action) as unknown;
  const found = readRunText(settings as TextChoice, files), hash = metadata.get("text_sha256");
  if (found.hash === hash) return found;
  const got = `the SHA-256 ${found.hash.slice(0, 12)}…`;
  throw new UserError(action, `${found.corpus} with the SHA-256 ${hash?.slice(0, 12)}…`, got);
}

function parsed(text = "{}"): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
