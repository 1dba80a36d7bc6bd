/**
 * What someone wants from `deno task evaluate`.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import type { LengthRange } from "@/tasks/reversal_streams.ts";
import { BadInput } from "@/training/bad_input.ts";
import { lengthRange, parseLengthRange } from "@/training/length_range_option.ts";
import { integer } from "@/training/number_option.ts";
import { choice, type Option, type OptionValue } from "@/training/option.ts";
import { MAXIMUM_SEED } from "@/training/seed_range.ts";
import { wordsAndOptions } from "./words_and_options.ts";

/** Which network, on which strings. */
export interface EvaluateRequest {
  /** A run folder, or a weights file. */
  readonly run: string;
  readonly lengths: LengthRange;
  /** How many strings. */
  readonly strings: number;
  readonly seed: number;
  /** Which kernels. */
  readonly build: KernelBuild;
  /** Whether to end with a line of JSON. */
  readonly json: boolean;
}

/** Lines to print. */
export const EVALUATE_HELP: readonly string[] = [
  "Asks a trained network for the reverse of strings of the test stream, and scores its answers.",
  "",
  "Usage: deno task evaluate RUN [options]",
  "",
  "  RUN               a run folder, whose best weights are used, or a .safetensors file",
  "  --lengths A..B    how many characters a string has (default 65..128)",
  "  --strings N       how many strings (default 1000)",
  "  --seed N          where the stream starts (default 1)",
  "  --build B         relaxed or strict kernels: the faster ones, or the same bits on every machine",
  "                    (default relaxed)",
  "  --json            end with the scores as one line of JSON",
  "",
  "The network writes by itself, each step fed what it wrote at the last one, until its own",
  "terminator or until it has written twice the string's length. coarse is the share of answers",
  "that are right in full, terminator included; fine the mean share before the first mistake.",
  "",
  "Exit codes: 0 done, 2 wrong input, 130 stopped by Ctrl-C.",
];

const FLAGS = new Map([
  ["--lengths", true],
  ["--strings", true],
  ["--seed", true],
  ["--build", true],
  ["--json", false],
  ["--help", false],
]);

const STRINGS = integer({ default: 1000, minimum: 1, maximum: 1e6, description: "" });
const SEED = integer({ default: 1, minimum: 0, maximum: MAXIMUM_SEED, description: "" });
const LENGTHS = lengthRange({ default: "65..128", description: "" });
const BUILD = choice({ choices: ["relaxed", "strict"], default: "relaxed", description: "" });
/** They are drawn before the first is answered. */
const MOST_CHARACTERS = 1e8;

/**
 * Reads a command line.
 *
 * @example A run and some strings.
 * ```ts
 * import { readEvaluateRequest } from "@/cli/evaluate_request.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const line = [".runs/a", "--lengths", "1000", "--strings", "100", "--seed", "7"];
 * assertEquals(readEvaluateRequest(line), {
 *   run: ".runs/a",
 *   lengths: { shortest: 1000, longest: 1000 },
 *   strings: 100,
 *   seed: 7,
 *   build: "relaxed",
 *   json: false,
 * });
 * ```
 * @param line The command line, without the command.
 * @returns What is asked for.
 * @throws {BadInput} If there is not one run, or an option is unknown, has no value, or a value that it does
 * not accept.
 */
export function readEvaluateRequest(line: readonly string[]): EvaluateRequest | "help" {
  const { words, options } = wordsAndOptions(line, FLAGS);
  if (options.has("--help")) return "help";
  const [run, ...others] = words;
  if (!run || others.length > 0) {
    const got = words.map((word) => JSON.stringify(word)).join(" and ");
    throw new BadInput("evaluate", "one run folder or weights file", got || "none");
  }
  const strings = valueOf("--strings", STRINGS, options);
  const lengths = parseLengthRange(valueOf("--lengths", LENGTHS, options))!; // it accepts nothing else
  if (strings * lengths.longest > MOST_CHARACTERS) {
    const wanted = `--strings times the longest of --lengths to be at most ${MOST_CHARACTERS}`;
    throw new BadInput("evaluate", wanted, String(strings * lengths.longest));
  }
  const seed = valueOf("--seed", SEED, options);
  const build = valueOf("--build", BUILD, options);
  return { run, lengths, strings, seed, build, json: options.has("--json") };
}

function valueOf<T extends OptionValue>(
  flag: string,
  option: Option<T>,
  options: ReadonlyMap<string, string>,
): T {
  const text = options.get(flag);
  if (text === undefined) return option.default;
  const value = option.convert(text);
  if (option.accepts(value)) return value;
  throw new BadInput(`read ${flag}`, option.wanted, JSON.stringify(text));
}
