/**
 * From the words of a command line to options on one side and plain words on the other.
 *
 * @module
 */
import { givenOptions } from "./given_options.ts";

/** A command line, taken apart. */
export interface WordsAndOptions {
  /** The words that are no options, in their order. */
  readonly words: readonly string[];
  /** The text of each given option; "true" for a flag that takes no value. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * Takes a command line apart that has plain words as well as options.
 *
 * Whatever begins with a hyphen is an option, up to a word that is `--` alone; what comes after that is
 * plain. A single hyphen is a plain word too.
 *
 * @example A plain word before an option, and one that only looks like an option.
 * ```ts
 * import { wordsAndOptions } from "@/cli/words_and_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const known = new Map([["--seed", true]]);
 * const { words, options } = wordsAndOptions(["a b", "--seed", "7", "--", "--seed"], known);
 * assertEquals(words, ["a b", "--seed"]);
 * assertEquals([...options], [["--seed", "7"]]);
 * ```
 * @param line The command line, without the command.
 * @param known Whether each flag takes a value.
 * @returns Words and options.
 * @throws {UserError} If an option is unknown, given twice, has no value or one too many.
 */
export function wordsAndOptions(
  line: readonly string[],
  known: ReadonlyMap<string, boolean>,
): WordsAndOptions {
  const end = line.includes("--") ? line.indexOf("--") : line.length;
  const words: string[] = [], optionWords: string[] = [];
  for (let i = 0; i < end; i++) {
    if (!/^-./.test(line[i])) {
      words.push(line[i]);
      continue;
    }
    optionWords.push(line[i]);
    // With its value, if there is one: `--seed -1` too, but not `--seed --json`, nor `--seed=7`.
    if (known.get(line[i]) && i + 1 < end) optionWords.push(line[++i]);
  }
  return { words: [...words, ...line.slice(end + 1)], options: givenOptions(optionWords, known) };
}
