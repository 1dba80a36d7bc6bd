/**
 * `deno task answer`, also called `reverse`: lets a trained network answer one text.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { createStepper } from "@/engine/stepper.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/readable_numbers.ts";
import { processTerminal, standardInput, type Terminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import { memoryPorts } from "@/models/sequence_shape.ts";
import { choice, flag, text as textOption } from "@/options/option.ts";
import type { Command } from "@/options/command.ts";
import { runCommand } from "@/options/run_command.ts";
import { rightBeforeMistake } from "@/tasks/scores.ts";
import { expectedAnswer, type Pair, type Task, type Vocabulary } from "@/tasks/task.ts";
import { symbolsToText, symbolText, textToSymbols } from "@/tasks/text.ts";
import {
  type DecodingTrace,
  type TopRows,
  topRows,
  traceDecoding,
} from "@/training/decoding_trace.ts";
import {
  findWeights,
  loadTrainedModel,
  type TrainedModel,
  useModel,
} from "@/weights/model_file.ts";
import { openProgress } from "./progress.ts";

/** The world around the command. */
export interface AnswerHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The weights that come with the project. */
  readonly shippedWeights: string;
  /** A clock in milliseconds. */
  now(): number;
  /** Whether someone would have to type the input. */
  inputIsTerminal(): boolean;
  /** Reads standard input, to its end or until there are more than `atMost` bytes. */
  readInput(atMost: number): Promise<Uint8Array>;
}

const COMMAND = {
  action: "answer a text",
  summary: "Lets a trained network answer a text, and prints the answer.",
  usage: [
    'deno task answer "A text" [--show] [--run RUN] [--build B]',
    "echo A text | deno task answer",
  ],
  words: {
    name: "TEXT",
    description: "the text; standard input if left out",
    minimum: 0,
    maximum: 1,
    wanted: "one text, in quotes if there are blanks in it",
    mayBeEmpty: true,
  },
  options: {
    show: flag({ description: "add what the network did with its memory at each step" }),
    run: textOption({
      default: null,
      defaultText: "the weights that come with the project",
      placeholder: "RUN",
      description: "a run folder, whose best weights are used, or a .safetensors file",
    }),
    build: choice({
      choices: ["relaxed", "strict"],
      default: "relaxed",
      description: "the faster kernels, or those with the same bits on every machine",
    }),
  },
  notes: [
    "What comes after -- is text, even if it begins with a hyphen.",
    "The text is ASCII. A wrong answer is printed as it is, with a note on standard error.",
  ],
} satisfies Command;

/** Minutes of work; more is probably a mistake. */
const MOST_CHARACTERS = 1_000_000;
/** From so many characters on, a progress bar is shown. */
const LONG = 5000;
/** Steps between two updates of the progress bar. */
const STEPS_SHOWN = 500;

/**
 * Runs the command.
 *
 * @param words The command line, without the command.
 * @param host The world around it.
 * @returns The exit code: 0 answered, rightly or wrongly, 2 wrong input.
 */
export function answerCommand(words: readonly string[], host: AnswerHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ words, values }) => {
    const { show, run, build } = values;
    // The weights first: nobody should have to type a text for a network that is not there.
    const path = weightsPath(run, host), model = loadTrainedModel(host.files, path);
    if (show && memoryPorts(model.shape) === 0) {
      throw new UserError("show the memory", `a network that has one in ${path}`, "one without");
    }
    return answer(await readText(words, host), model, { path, show, build }, host);
  });
}

function weightsPath(run: string | null, { files, shippedWeights }: AnswerHost): string {
  if (run !== null) return findWeights(files, run);
  if (files.kindOf(shippedWeights) === "file") return shippedWeights;
  const wanted = `the project's weights in ${shippedWeights}, or others named by --run`;
  throw new UserError(COMMAND.action, wanted, "none");
}

/** The text as an argument, or from standard input. */
async function readText(words: readonly string[], host: AnswerHost): Promise<string> {
  if (words.length === 1) return checkLength(words[0]);
  if (host.inputIsTerminal()) host.terminal.note("Type a text, and end it with Ctrl-D");
  const bytes = await host.readInput(4 * MOST_CHARACTERS);
  return checkLength(decode(bytes).replace(/\r?\n$/, ""));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(COMMAND.action, "ASCII characters", "bytes that are not text");
  }
}

function checkLength(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const wanted = `at most ${countText(MOST_CHARACTERS)} characters`;
  throw new UserError(COMMAND.action, wanted, `${countText(text.length)} or more`);
}

interface AnswerRequest {
  /** The weights file. */
  readonly path: string;
  readonly show: boolean;
  readonly build: KernelBuild;
}

/** Prints the answer, and whether it is right; the exit code. */
function answer(
  text: string,
  model: TrainedModel,
  { path, show, build }: AnswerRequest,
  host: AnswerHost,
): number {
  const { terminal } = host, { task } = model, pair = pairOf(text, task);
  const trace = useModel(path, () => traceAnswer(model, pair, build, host));
  terminal.print(symbolsToText(trace.answer, task.vocabulary));
  if (show) {
    for (const line of ["", ...decodingTable(trace, task.vocabulary)]) terminal.print(line);
  }
  const expected = expectedAnswer(task, pair);
  const right = rightBeforeMistake(trace.answer, expected), { length } = pair.target;
  if (right === expected.length) return 0;
  const until = right === length ? "it should have ended there" : "then comes a mistake";
  const count = `${countText(right)} of ${countText(length)} characters are right`;
  terminal.note(`This is not the right answer (${task.title}): ${count}, ${until}`);
  return 0;
}

/** The pair whose source is a text. */
function pairOf(text: string, task: Task): Pair {
  if (!task.pairOf) throw new UserError(COMMAND.action, "a task on texts", task.title);
  try {
    return task.pairOf(textToSymbols(text, task.vocabulary));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [, wanted, got] = /wanted (.*), got (.*)$/s.exec(error.message) ?? ["", "a text", text];
    throw new UserError(COMMAND.action, wanted, got);
  }
}

function traceAnswer(
  { task, shape, parameters }: TrainedModel,
  pair: Pair,
  build: KernelBuild,
  { terminal, now }: AnswerHost,
): DecodingTrace {
  const network = createStepper(shape, parameters, { build });
  if (pair.source.length < LONG) return traceDecoding(network, task, pair);
  const progress = openProgress(terminal, "Answering", now);
  const all = task.layOut(pair).inputs.length; // if the network ends in time
  const trace = traceDecoding(network, task, pair, (steps) => {
    if (steps % STEPS_SHOWN === 0) progress.show({ share: Math.min(1, steps / all), details: [] });
  });
  progress.show({ share: 1, details: [] });
  progress.end();
  return trace;
}

/** As many rows of the stack as there is room for. */
const ROWS = 36;
/** What is weaker than this is not worth a sign. */
const WEAKEST = 0.005;
const BARS = [..."▁▂▃▄▅▆▇█"];
/** The width of the longest word among the symbols. */
const SYMBOL = "terminator".length;

/**
 * The trace of one answer as a table for a screen of 80 columns.
 *
 * @example A toy network that holds one character.
 * ```ts
 * import { decodingTable } from "@/cli/answer.ts";
 * import { createVocabulary } from "@/tasks/task.ts";
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
 * @param trace The trace of one answer.
 * @param vocabulary The symbols of the task.
 * @returns A generator of lines, none longer than 80 columns.
 */
export function* decodingTable(trace: DecodingTrace, vocabulary: Vocabulary): Generator<string> {
  const { fed, answer, pushes, pops } = trace;
  const firstWritten = fed.length - answer.length, digits = Math.max(4, `${fed.length}`.length);
  const line = (...[step, read, written, pop, push, stack]: readonly string[]) =>
    `${step.padStart(digits)}  ${read.padEnd(SYMBOL)}  ${written.padEnd(SYMBOL)}  ` +
    `${pop.padStart(5)}  ${push.padStart(5)}  ${stack}`.trimEnd();
  const room = ROWS + 4 - digits;
  yield line("step", "read", "written", "pop", "push", "stack, its top on the right");
  let t = 0;
  for (const rows of topRows(trace, { most: room, least: WEAKEST })) {
    const written = t < firstWritten ? "" : symbolText(answer[t - firstWritten], vocabulary);
    const [u, d] = [pops[t].toFixed(3), pushes[t].toFixed(3)];
    yield line(String(t + 1), symbolText(fed[t], vocabulary), written, u, d, bars(rows, room));
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

if (import.meta.main) {
  const code = await answerCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    shippedWeights: "lib/weights/shipped/string_reversal.safetensors",
    now: () => performance.now(),
    inputIsTerminal: () => Deno.stdin.isTerminal(),
    readInput: (atMost) => standardInput(Deno.stdin.readable, atMost),
  });
  Deno.exit(code);
}
