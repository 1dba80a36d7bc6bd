/**
 * What an evaluation came to, for people and for programs.
 *
 * @module
 */
import type { Scores } from "@/tasks/scores.ts";
import { evaluationSteps, type Evaluation } from "@/training/evaluation.ts";
import {
  answering,
  loadTrainedModel,
  type TrainedModel,
  weightsOfRun,
} from "@/training/trained_model.ts";
import { countText, durationText } from "@/io/readable_numbers.ts";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { firstStrings, type LengthRange } from "@/tasks/streams.ts";
import { UserError } from "@/io/user_error.ts";
import { lengthRange, parseLengthRange } from "@/training/length_range_option.ts";
import { integer } from "@/training/number_option.ts";
import { choice, type Option, type OptionValue } from "@/training/option.ts";
import { MAXIMUM_SEED } from "@/training/seed_range.ts";
import { wordsAndOptions } from "./words_and_options.ts";
import { createStepper } from "@/engine/stepper.ts";
import type { Files } from "@/io/files.ts";
import { openProgress } from "./progress.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";
import { disk } from "@/io/disk.ts";
import { createInterrupts } from "@/io/signals.ts";

/**
 * A score in four digits; 1 and 0 only for what is exactly so.
 *
 * @example One mistake in a hundred thousand is a mistake.
 * ```ts
 * import { scoreText } from "@/cli/evaluate.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([1, 0.99999, 0.5, 0].map(scoreText), ["1.0000", "0.9999", "0.5000", "0.0000"]);
 * ```
 * @param score From 0 to 1.
 * @returns Its digits.
 */
export function scoreText(score: number): string {
  const bound = score < 1 ? 0.9999 : 1;
  return Math.max(score > 0 ? 0.0001 : 0, Math.min(bound, score)).toFixed(4);
}

/**
 * The scores of a network, as a small table.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param request Which strings they are of.
 * @returns Lines.
 */
export function evaluationTable(
  { strict, published }: Evaluation,
  { symbols }: TrainedModel,
  { strings, lengths: { shortest, longest }, seed }: EvaluateRequest,
): string[] {
  const range = shortest === longest
    ? countText(shortest)
    : `${countText(shortest)} to ${countText(longest)}`;
  const set = `${countText(strings)} test ${strings === 1 ? "string" : "strings"} of ${range} ` +
    `characters, seed ${seed}, ${countText(symbols.characters)} different characters`;
  return [
    set,
    "",
    "                        coarse    fine  right in full",
    row("strict", strict),
    row("as published code", published),
  ];
}

function row(name: string, { strings, exact, coarse, fine }: Scores): string {
  const counts = `${countText(exact)} of ${countText(strings)}`;
  return `${name.padEnd(22)}  ${scoreText(coarse)}  ${scoreText(fine)}  ${counts}`;
}

/**
 * The same, as an object for one line of JSON.
 *
 * @param evaluation The scores.
 * @param model The network.
 * @param weights Its file.
 * @param request Which strings they are of.
 * @param seconds How long it took.
 * @returns Plain data.
 */
export function evaluationSummary(
  { strict, published }: Evaluation,
  { shape, symbols }: TrainedModel,
  weights: string,
  { strings, lengths, seed }: EvaluateRequest,
  seconds: number,
): object {
  return {
    weights,
    shape,
    characters: symbols.characters,
    lengths,
    strings,
    seed,
    seconds,
    exact: strict.exact,
    coarse: strict.coarse,
    fine: strict.fine,
    published: { exact: published.exact, coarse: published.coarse, fine: published.fine },
  };
}

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
 * import { readEvaluateRequest } from "@/cli/evaluate.ts";
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
 * @throws {UserError} If there is not one run, or an option is unknown, has no value, or a value that it does
 * not accept.
 */
export function readEvaluateRequest(line: readonly string[]): EvaluateRequest | "help" {
  const { words, options } = wordsAndOptions(line, FLAGS);
  if (options.has("--help")) return "help";
  const [run, ...others] = words;
  if (!run || others.length > 0) {
    const got = words.map((word) => JSON.stringify(word)).join(" and ");
    throw new UserError("evaluate", "one run folder or weights file", got || "none");
  }
  const strings = valueOf("--strings", STRINGS, options);
  const lengths = parseLengthRange(valueOf("--lengths", LENGTHS, options))!; // it accepts nothing else
  if (strings * lengths.longest > MOST_CHARACTERS) {
    const wanted = `--strings times the longest of --lengths to be at most ${MOST_CHARACTERS}`;
    throw new UserError("evaluate", wanted, String(strings * lengths.longest));
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
  throw new UserError(`read ${flag}`, option.wanted, JSON.stringify(text));
}

/** The world around the command. */
export interface EvaluateHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** A clock in milliseconds. */
  now(): number;
  /** Lets signals in. */
  pause(): Promise<void>;
  /** Calls `listener` at Ctrl-C, until the function that it returns is called. */
  onInterrupt(listener: () => void): () => void;
}

/** How long the command may be deaf to signals, in milliseconds. */
const DEAF_MS = 50;

/**
 * Runs the command.
 *
 * @param line The command line, without the command.
 * @param host The world around it.
 * @returns The exit code: 0 done, 2 wrong input, 130 stopped by Ctrl-C.
 */
export async function evaluateCommand(
  line: readonly string[],
  host: EvaluateHost,
): Promise<number> {
  const { terminal, files } = host;
  try {
    const request = readEvaluateRequest(line);
    if (request === "help") {
      EVALUATE_HELP.forEach((line) => terminal.print(line));
      return 0;
    }
    const path = weightsOfRun(files, request.run), model = loadTrainedModel(files, path);
    const began = host.now(), scores = await evaluate(model, path, request, host);
    if (!scores) return 130;
    const seconds = (host.now() - began) / 1000;
    evaluationTable(scores, model, request).forEach((line) => terminal.print(line));
    terminal.note(`Answered in ${durationText(seconds)}`);
    if (!request.json) return 0;
    terminal.print(JSON.stringify(evaluationSummary(scores, model, path, request, seconds)));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.note(error.message);
    return 2;
  }
}

/** The scores, or nothing if there was a Ctrl-C. */
async function evaluate(
  model: TrainedModel,
  path: string,
  { strings, seed, lengths, build }: EvaluateRequest,
  host: EvaluateHost,
): Promise<Evaluation | undefined> {
  const drawn = firstStrings(strings, seed, "test", model.symbols, lengths);
  const network = answering(path, () => createStepper(model.shape, model.parameters, build));
  const steps = evaluationSteps(network, model.symbols, drawn);
  const progress = openProgress(host.terminal, "Evaluating", host.now);
  let stopped = false, pausedAt = host.now(), where = "";
  const forget = host.onInterrupt(() => stopped = true);
  host.terminal.note(`Evaluating ${path}`);
  try {
    while (!stopped) {
      const next = answering(path, () => steps.next());
      if (next.done) return next.value;
      const { answered, share } = next.value;
      if (host.now() - pausedAt < DEAF_MS && share < 1) continue;
      where = `${countText(answered)} of ${countText(strings)} strings`;
      progress.show({ share, details: [where] });
      await host.pause();
      pausedAt = host.now();
    }
  } finally {
    forget();
    progress.end();
  }
  host.terminal.note(`Stopped by Ctrl-C after ${where}; there are no scores`);
}

if (import.meta.main) {
  const now = () => performance.now();
  const interrupts = createInterrupts(now, () => Deno.exit(130));
  Deno.addSignalListener("SIGINT", () => interrupts.signal());
  const code = await evaluateCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    now,
    pause: () => new Promise((resolve) => setTimeout(resolve, 0)),
    onInterrupt: (listener) => interrupts.listen(listener),
  });
  Deno.exit(code);
}
