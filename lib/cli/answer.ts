/**
 * What a network did with its stack while it answered a string, as a table for a screen of 80 columns.
 *
 * @module
 */
import { type Vocabulary, reversalTarget } from "@/tasks/reversal.ts";
import {
  type DecodingTrace,
  type TopRows,
  topRows,
  traceDecoding,
} from "@/training/decoding_trace.ts";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { createStepper } from "@/engine/stepper.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { rightBeforeMistake } from "@/tasks/scores.ts";
import { UserError } from "@/io/user_error.ts";
import type { Files } from "@/io/files.ts";
import { choice } from "@/training/option.ts";
import {
  answering,
  loadTrainedModel,
  type TrainedModel,
  weightsOfRun,
} from "@/training/trained_model.ts";
import { openProgress } from "./progress.ts";
import { countText } from "@/io/readable_numbers.ts";
import { processTerminal, standardInput, type Terminal } from "@/io/terminal.ts";
import { wordsAndOptions } from "./words_and_options.ts";
import { disk } from "@/io/disk.ts";

/** As many rows of the stack as there is room for. */
const ROWS = 36;
/** What is weaker than this is not worth a sign. */
const WEAKEST = 0.005;
const BARS = [..."▁▂▃▄▅▆▇█"];
/** The width of the longest word among the symbols. */
const SYMBOL = "terminator".length;

/**
 * Makes the table, line by line.
 *
 * @example A toy network that holds one character.
 * ```ts
 * import { decodingTable } from "@/cli/answer.ts";
 * import { createVocabulary } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { start, separator, terminator } = createVocabulary(), a = 97;
 * const trace = {
 *   fed: Int32Array.of(start, a, separator, a),
 *   answer: Int32Array.of(a, terminator),
 *   pushes: Float32Array.of(0, 1, 0, 0),
 *   pops: Float32Array.of(0, 0, 0.5, 1),
 * };
 * assertEquals([...decodingTable(trace, createVocabulary())].slice(0, 5), [
 *   "step  read        written       pop   push  stack, its top on the right",
 *   "   1  start                   0.000  0.000",
 *   "   2  a                       0.000  1.000  █",
 *   "   3  separator   a           0.500  0.000  ▄",
 *   "   4  a           terminator  1.000  0.000",
 * ]);
 * ```
 * @param trace What happened.
 * @param symbols The symbols of the task.
 * @returns A generator of lines, none longer than 80 columns.
 */
export function* decodingTable(trace: DecodingTrace, symbols: Vocabulary): Generator<string> {
  const { fed, answer, pushes, pops } = trace;
  const firstWritten = fed.length - answer.length, digits = Math.max(4, `${fed.length}`.length);
  const line = (...[step, read, written, pop, push, stack]: readonly string[]) =>
    `${step.padStart(digits)}  ${read.padEnd(SYMBOL)}  ${written.padEnd(SYMBOL)}  ` +
    `${pop.padStart(5)}  ${push.padStart(5)}  ${stack}`.trimEnd();
  const room = ROWS + 4 - digits;
  yield line("step", "read", "written", "pop", "push", "stack, its top on the right");
  let t = 0;
  for (const rows of topRows(trace, { most: room, least: WEAKEST })) {
    const written = t < firstWritten ? "" : symbolWord(answer[t - firstWritten], symbols);
    const [u, d] = [pops[t].toFixed(3), pushes[t].toFixed(3)];
    yield line(String(t + 1), symbolWord(fed[t], symbols), written, u, d, bars(rows, room));
    t++;
  }
  yield "";
  yield "A step writes, pops, pushes and reads its stack, in this order. Each bar is a";
  yield `row of the stack, ▁ to █ its strength; +9 are nine more. Rows of less than ${WEAKEST}`;
  yield "are left out.";
}

/** A sign for each row, from the bottom up; of those that there is no room for, how many they are. */
function bars({ strengths, deeper }: TopRows, room: number): string {
  const all = deeper + strengths.length, count = `+${all} `.length;
  const shown = deeper > 0 ? strengths.slice(0, room - count) : strengths;
  const hidden = deeper > 0 ? `+${all - shown.length}`.padEnd(count) : "";
  return hidden + shown.map(bar).reverse().join("");
}

function bar(strength: number): string {
  return BARS[Math.max(1, Math.min(BARS.length, Math.round(BARS.length * strength))) - 1];
}

/**
 * A symbol in a way that takes a place on the screen and does nothing else to it.
 *
 * @example Marks are words, blanks and controls have signs.
 * ```ts
 * import { symbolWord } from "@/cli/answer.ts";
 * import { createVocabulary } from "@/tasks/reversal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = [97, 32, 10, 127, 128].map((symbol) => symbolWord(symbol, createVocabulary()));
 * assertEquals(words, ["a", "␣", "␊", "␡", "start"]);
 * ```
 * @param symbol 0 … `K` − 1.
 * @param symbols The symbols of the task.
 * @returns One sign for a character of ASCII, its number for any other, a word for a mark.
 */
export function symbolWord(symbol: number, symbols: Vocabulary): string {
  if (symbol === symbols.start) return "start";
  if (symbol === symbols.separator) return "separator";
  if (symbol === symbols.terminator) return "terminator";
  if (symbol === 32) return "␣";
  if (symbol === 127) return "␡";
  if (symbol > 127) return String(symbol);
  return String.fromCharCode(symbol < 32 ? 0x2400 + symbol : symbol); // Unicode's control pictures
}

/** The world around the command. */
export interface ReverseHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The weights that come with the project. */
  readonly shippedWeights: string;
  /** A clock in milliseconds. */
  now(): number;
  /** Whether someone would have to type what is read. */
  inputIsTerminal(): boolean;
  /** Reads standard input, to its end or until there are more than `atMost` bytes. */
  readInput(atMost: number): Promise<Uint8Array>;
}

const FLAGS = new Map([["--show", false], ["--run", true], ["--build", true], ["--help", false]]);

const HELP = [
  "Lets a trained network with a neural stack reverse a text, and prints what it answers.",
  "",
  'Usage: deno task reverse "A text to reverse" [--show] [--run RUN] [--build B]',
  "       echo A text to reverse | deno task reverse",
  "",
  "  --show      adds what the network did with its stack at each step",
  "  --run RUN   a run folder, whose best weights are used, or a .safetensors file, in place of the",
  "              weights that come with the project",
  "  --build B   relaxed or strict kernels: the faster ones, or the same bits on every machine",
  "              (default relaxed)",
  "  --          what comes after it is text, even if it begins with a hyphen",
  "",
  "The text is ASCII. A wrong answer is printed as it is, with a note on standard error.",
  "",
  "Exit codes: 0 answered, 2 wrong input.",
];

const BUILD = choice({ choices: ["relaxed", "strict"], default: "relaxed", description: "" });

/** Minutes of work; more is a slip of the finger. */
const MOST_CHARACTERS = 1_000_000;
/** Of as many characters on, how far it is can be seen. */
const LONG = 5000;
/** Steps between two looks at it. */
const SHOWN = 500;

/**
 * Runs the command.
 *
 * @param line The command line, without the command.
 * @param host The world around it.
 * @returns The exit code: 0 answered, rightly or wrongly, 2 wrong input.
 */
export async function reverseCommand(line: readonly string[], host: ReverseHost): Promise<number> {
  const { terminal } = host;
  try {
    const { words, options } = wordsAndOptions(line, FLAGS);
    if (options.has("--help")) {
      HELP.forEach((line) => terminal.print(line));
      return 0;
    }
    // The weights first: nobody should have to type a text for a network that is not there.
    const path = weightsPath(options.get("--run"), host),
      model = loadTrainedModel(host.files, path);
    const show = options.has("--show"), build = options.get("--build") ?? BUILD.default;
    if (!BUILD.accepts(build)) {
      throw new UserError("read --build", BUILD.wanted, JSON.stringify(build));
    }
    if (show && model.shape.memory === "none") {
      throw new UserError("show the stack", `a network that has one in ${path}`, "one without");
    }
    return reverse(await textOf(words, host), model, path, { show, build }, host);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.note(error.message);
    return 2;
  }
}

function weightsPath(run: string | undefined, { files, shippedWeights }: ReverseHost): string {
  if (run !== undefined) return weightsOfRun(files, run);
  if (files.kindOf(shippedWeights) === "file") return shippedWeights;
  const wanted = `the project's weights in ${shippedWeights}, or others named by --run`;
  throw new UserError("reverse a text", wanted, "none");
}

/** The text as an argument, or from standard input. */
async function textOf(words: readonly string[], host: ReverseHost): Promise<string> {
  if (words.length > 1) {
    const wanted = "one text, in quotes if there are blanks in it";
    throw new UserError("reverse a text", wanted, `${words.length} words`);
  }
  if (words.length === 1) return checkLength(words[0]);
  if (host.inputIsTerminal()) host.terminal.note("Type a text, and end it with Ctrl-D");
  const bytes = await host.readInput(4 * MOST_CHARACTERS);
  return checkLength(decode(bytes).replace(/\r?\n$/, ""));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError("reverse a text", "ASCII characters", "bytes that are no text");
  }
}

function checkLength(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const wanted = `at most ${countText(MOST_CHARACTERS)} characters`;
  throw new UserError("reverse a text", wanted, `${countText(text.length)} or more`);
}

/** Prints the answer, and what else is to be said of it; the exit code. */
function reverse(
  text: string,
  model: TrainedModel,
  path: string,
  { show, build }: { readonly show: boolean; readonly build: KernelBuild },
  host: ReverseHost,
): number {
  const { terminal } = host, { symbols } = model;
  const string = symbolsOf(text, symbols, terminal);
  if (!string) return 2;
  const trace = answering(path, () => answer(model, string, build, host));
  terminal.print(symbolsToText(trace.answer, symbols));
  if (show) { for (const line of ["", ...decodingTable(trace, symbols)]) terminal.print(line); }
  const target = reversalTarget(symbols, string), right = rightBeforeMistake(trace.answer, target);
  if (right === target.length) return 0;
  const until = right === text.length ? "it should have ended there" : "then comes a mistake";
  const count = `${countText(right)} of ${countText(text.length)} characters are right`;
  terminal.note(`This is not the reverse: ${count}, ${until}`);
  return 0;
}

function symbolsOf(
  text: string,
  symbols: Vocabulary,
  terminal: Terminal,
): Int32Array | undefined {
  try {
    return textToSymbols(text, symbols);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    terminal.note(error.message);
  }
}

function answer(
  { shape, parameters, symbols }: TrainedModel,
  string: Int32Array,
  build: KernelBuild,
  { terminal, now }: ReverseHost,
): DecodingTrace {
  const network = createStepper(shape, parameters, build), k = string.length;
  if (k < LONG) return traceDecoding(network, symbols, string);
  const progress = openProgress(terminal, "Reversing", now);
  const trace = traceDecoding(network, symbols, string, (steps) => {
    const share = Math.min(1, steps / (2 * k + 2)); // T = 2k + 2, if the network ends in time
    if (steps % SHOWN === 0) progress.show({ share, details: [] });
  });
  progress.show({ share: 1, details: [] });
  progress.end();
  return trace;
}

if (import.meta.main) {
  const code = await reverseCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    shippedWeights: "lib/training/weights/string_reversal.safetensors",
    now: () => performance.now(),
    inputIsTerminal: () => Deno.stdin.isTerminal(),
    readInput: (atMost) => standardInput(Deno.stdin.readable, atMost),
  });
  Deno.exit(code);
}
