/**
 * `deno task answer`, also called `reverse`: prints the answer of a trained network to one text.
 *
 * @module
 */
import "@/io/require_deno.ts";
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { enterCallerFolder, projectPath } from "@/io/caller_folder.ts";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import { processTerminal, readStream, type Terminal } from "@/io/terminal.ts";
import { decodeText } from "@/io/text_encoding.ts";
import { UserError } from "@/io/user_error.ts";
import type { MemoryName } from "@/memory/memories.ts";
import { choice, flag, joinWithOr, text as textOption } from "@/options/option.ts";
import { BUILD_OPTION } from "@/options/settings.ts";
import type { Command } from "@/options/command.ts";
import { runCommand } from "@/options/run_command.ts";
import { rightBeforeMistake } from "@/tasks/scores.ts";
import {
  expectedAnswer,
  NoTargetError,
  type Pair,
  type Task,
  type Vocabulary,
} from "@/tasks/task.ts";
import { TASK_NAMES, type TaskName } from "@/tasks/tasks.ts";
import { describeAlphabet, symbolNoun, symbolsToText, textToSymbols } from "@/tasks/text.ts";
import { type DecodingTrace, traceDecoding } from "@/training/decoding_trace.ts";
import { loadStringsModel, type StringsModel } from "@/weights/any_model.ts";
import { findWeights, shippedWeights, useModel } from "@/weights/trained_model.ts";
import { createAnsweringNetwork } from "./answering_network.ts";
import { decodingTable } from "./decoding_table.ts";
import { createProgressBar } from "./progress.ts";
import { RUN_WORDS } from "./run_words.ts";

/** Everything outside its own code that the command uses. */
export interface AnswerHost {
  readonly files: Files;
  readonly terminal: Terminal;
  /** The folder of the networks that are part of the repository, see {@linkcode shippedWeights}. */
  readonly shipped: string;
  /** A clock in milliseconds. */
  now(): number;
  /** Whether standard input is a terminal, so that the user has to type the text. */
  inputIsTerminal(): boolean;
  /** Reads standard input to its end, or until there are more than `atMost` bytes. */
  readInput(atMost: number): Promise<Uint8Array>;
}

/** The command. */
export const COMMAND = {
  action: "answer a text",
  summary: "Prints the answer of a trained network to a text.",
  usage: [
    'deno task answer "A text" [--task NAME | --run RUN] [--show] [--build B]',
    "echo A text | deno task answer",
  ],
  words: {
    name: "TEXT",
    description: "the text (default standard input)",
    minimum: 0,
    maximum: 1,
    wanted: "one text, in quotes if it contains spaces",
    mayBeEmpty: true,
  },
  options: {
    show: flag({ description: "print what the network does with its memory at each step" }),
    task: choice({
      choices: TASK_NAMES,
      default: TASK_NAMES[0],
      description: "the task whose network in the repository answers",
    }),
    run: textOption({
      default: null,
      defaultText: "the network of --task",
      placeholder: "RUN",
      description: RUN_WORDS.description,
    }),
    build: BUILD_OPTION,
  },
  exclusive: [["task", "run"]],
  notes: [
    "Put -- before a text that begins with a hyphen. The text must be ASCII, or what the task has;",
    "a network with fewer characters knows the first ones of a-z, A-Z, 0-9, punctuation and the space.",
    "The answer is printed even if it is wrong; standard error then says so.",
  ],
} satisfies Command;

/** The longest accepted text, which takes minutes to answer. */
const MAX_CHARACTERS = 1_000_000;
/** A progress bar is shown for texts of at least this many characters. */
const PROGRESS_CHARACTERS = 5000;
/** The number of steps between two updates of the progress bar. */
const PROGRESS_STEPS = 500;

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, terminal, clock and standard input to use.
 * @returns The exit code: 0 answered, rightly or wrongly, 2 wrong input.
 */
export function answerCommand(words: readonly string[], host: AnswerHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ words, values }) => {
    const { show, task, run, build } = values;
    // Weights are loaded first, so that the user does not type a text in vain if they are missing.
    const path = run === null ? shippedPath(task, host) : findWeights(host.files, run);
    const model = loadStringsModel(host.files, path);
    for (const warning of model.warnings) host.terminal.note(warning);
    if (show && memoryOf(model) === "none") {
      throw new UserError("show the memory", `a network that has one in ${path}`, "one without");
    }
    const text = await readText(words, model.task.vocabulary, host);
    return answer(text, model, { path, show, build }, host);
  });
}

/** Returns the name of a network's memory; an encoder–decoder has none. */
function memoryOf(model: StringsModel): MemoryName {
  return "order" in model ? "none" : model.shape.memory;
}

/** Returns the file with the shipped network of a task. */
function shippedPath(task: TaskName, { files, shipped }: AnswerHost): string {
  const paths = shippedWeights(files, shipped), path = paths.get(task);
  if (path !== undefined) return path;
  const tasks = joinWithOr([...paths.keys()]) || "none has one";
  const wanted = `--run, or a --task with a network in ${shipped} (${tasks})`;
  throw new UserError(COMMAND.action, wanted, `--task ${task}`);
}

/** Returns the text that was given as an argument, or reads it from standard input. */
async function readText(
  words: readonly string[],
  vocabulary: Vocabulary,
  host: AnswerHost,
): Promise<string> {
  if (words.length === 1) return checkLength(words[0]);
  if (host.inputIsTerminal()) {
    const characters = describeAlphabet(vocabulary);
    host.terminal.note(`Type a text with ${characters}, and end it with Ctrl-D`);
  }
  const bytes = await host.readInput(4 * MAX_CHARACTERS);
  return checkLength(decodeText(bytes, COMMAND.action).replace(/\r?\n$/, ""));
}

function checkLength(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const wanted = `at most ${countText(MAX_CHARACTERS)} characters`;
  throw new UserError(COMMAND.action, wanted, `${countText(text.length)} or more`);
}

interface AnswerRequest {
  /** The weights file. */
  readonly path: string;
  readonly show: boolean;
  readonly build: KernelBuild;
}

/** Prints the answer, and a note if it is wrong; returns the exit code. */
function answer(
  text: string,
  model: StringsModel,
  { path, show, build }: AnswerRequest,
  host: AnswerHost,
): number {
  const { terminal } = host, { task } = model, { pair, noTarget } = readPair(text, task);
  const trace = useModel(path, () => traceAnswer(model, pair, build, host));
  terminal.print(symbolsToText(trace.answer, task.vocabulary));
  if (show) {
    const cells = "order" in model ? undefined : model.shape.memoryCells;
    const table = decodingTable(trace, memoryOf(model), task.vocabulary, cells);
    for (const line of ["", ...table]) terminal.print(line);
  }
  if (noTarget) {
    const reason = `wanted ${noTarget.wanted}, got ${noTarget.got}`;
    terminal.note(`There is no right answer to this text (${task.title}): ${reason}`);
    return 0;
  }
  const expected = expectedAnswer(task, pair);
  const right = rightBeforeMistake(trace.answer, expected), { length } = pair.target;
  const noun = symbolNoun(task.vocabulary);
  if (right === expected.length) return 0;
  const detail = right === length
    ? `all ${countText(length)} ${noun} are right, but it does not end there`
    : `${countText(right)} of ${countText(length)} ${noun} are right before the first mistake`;
  terminal.note(`This answer is wrong (${task.title}): ${detail}`);
  return 0;
}

/** Creates the pair whose source is a text; its target is empty if the task has none for it. */
function readPair(
  text: string,
  task: Task,
): { readonly pair: Pair; readonly noTarget?: NoTargetError } {
  if (!task.pairOf) throw new UserError(COMMAND.action, "a task on texts", task.title);
  const source = readSymbols(text, task);
  try {
    return { pair: task.pairOf(source) };
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
    // Where a network answers in place, the target says at which steps.
    if (!task.autoregressive) throw new UserError(COMMAND.action, error.wanted, error.got);
    return { pair: { source, target: new Int32Array() }, noTarget: error };
  }
}

function readSymbols(text: string, { vocabulary }: Task): Int32Array {
  try {
    return textToSymbols(text, vocabulary);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [, wanted, got] = /wanted (.*), got (.*)$/s.exec(error.message) ?? ["", "a text", text];
    throw new UserError(COMMAND.action, wanted, got);
  }
}

function traceAnswer(
  model: StringsModel,
  pair: Pair,
  build: KernelBuild,
  { terminal, now }: AnswerHost,
): DecodingTrace {
  const { task } = model, network = createAnsweringNetwork(model, { build });
  if (pair.source.length < PROGRESS_CHARACTERS) return traceDecoding(network, task, pair);
  const progress = createProgressBar(terminal, "Answering", now);
  const total = task.layOut(pair).inputs.length; // if the answer has the right length
  const trace = traceDecoding(network, task, pair, (steps) => {
    if (steps % PROGRESS_STEPS !== 0) return;
    progress.show({ share: Math.min(1, steps / total), details: [] });
  });
  progress.show({ share: 1, details: [] });
  progress.end();
  return trace;
}

if (import.meta.main) {
  enterCallerFolder();
  const code = await answerCommand(Deno.args, {
    files: disk,
    terminal: processTerminal,
    shipped: projectPath("lib/weights/shipped"),
    now: () => performance.now(),
    inputIsTerminal: () => Deno.stdin.isTerminal(),
    readInput: (atMost) => readStream(Deno.stdin.readable, atMost),
  });
  Deno.exit(code);
}
