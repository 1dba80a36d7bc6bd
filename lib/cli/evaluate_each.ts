/**
 * The evaluation of a network on strings of every length or depth, or on the strings of a file, each scored on its own.
 *
 * @module
 */
import type { KernelBuild } from "@/engine/kernel_calls.ts";
import { threadsThatPay } from "@/engine/worker_pool.ts";
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import type { StopCode } from "@/io/signals.ts";
import { decodeText } from "@/io/text_encoding.ts";
import { UserError } from "@/io/user_error.ts";
import { parseLengthRange } from "@/options/option.ts";
import type { JobHandler } from "@/runs/worker.ts";
import { scoreText } from "@/tasks/scores.ts";
import { deepPairs, firstPairs } from "@/tasks/streams.ts";
import { checkSource, expectedAnswer, type Pair, type Task } from "@/tasks/task.ts";
import type { TaskName } from "@/tasks/tasks.ts";
import { symbolNoun, symbolsToText, textToSymbols } from "@/tasks/text.ts";
import type { EvaluationProgress } from "@/training/evaluation.ts";
import { evaluateBySize, type SizedPairs, type SizeScores } from "@/training/evaluation_by_size.ts";
import { loadStringsModel, type StringsModel } from "@/weights/any_model.ts";
import { useModel } from "@/weights/trained_model.ts";
import { createAnsweringNetwork, taskOf } from "./answering_network.ts";
import type { EvaluationReport } from "./evaluate_text.ts";
import { evaluateInWorker, evaluationHandler } from "./evaluation_job.ts";
import type { CommandHost } from "./host.ts";

/** Strings that are scored size by size. */
export interface TestStrings {
  readonly sets: readonly SizedPairs[];
  /** Which strings they are, for the first line of the table. */
  readonly title: string;
  /** What a size counts, in the plural: lengths, lines, undos in a row. */
  readonly noun: string;
}

/** The options that say which strings. */
interface StringOptions {
  readonly everyLength: string | null;
  readonly everyDepth: string | null;
  readonly stringsFrom: string | null;
  readonly strings: number | null;
  readonly seed: number;
}

/** How many strings there are of each size, unless others are asked for. */
const STRINGS = 20;
/** The largest number of symbols of all strings together: they are drawn before the first is answered, and cloned. */
const MAX_SYMBOLS = 2e7;
/** The largest file of strings. */
const MAX_FILE_BYTES = 2 ** 24;
/** Sizes with mistakes that the table names. */
const MOST_NAMED = 40;

/**
 * Draws or reads the strings that options ask for.
 *
 * @param task The task.
 * @param options The options.
 * @param files The file system.
 * @returns The strings; undefined if no option asks for sizes or a file.
 * @throws {UserError} If there are none of a size, or too many, or the file is not one of strings of the task.
 */
export function readTestStrings(
  task: Task,
  { everyLength, everyDepth, stringsFrom, strings, seed }: StringOptions,
  files: Files,
): TestStrings | undefined {
  if (stringsFrom !== null) return readStrings(task, stringsFrom, files);
  const size = { strings: strings ?? STRINGS, seed };
  if (everyLength !== null) return drawEveryLength(task, everyLength, size);
  return everyDepth === null ? undefined : drawEveryDepth(task, everyDepth, size);
}

/** How many strings of each size, and of which seed. */
interface SizeOptions {
  readonly strings: number;
  readonly seed: number;
}

function drawEveryLength(task: Task, text: string, { strings, seed }: SizeOptions): TestStrings {
  const sets = everySize("length", text, strings, 1).flatMap((k): SizedPairs[] => {
    const lengths = { shortest: k, longest: k };
    const draw = (strings: number) => firstPairs(task, { strings, seed, purpose: "test", lengths });
    // A task may have no strings of a length, and then draws others: an odd number of brackets, say.
    return draw(1)[0].source.length === k ? [{ size: k, pairs: draw(strings) }] : [];
  });
  if (sets.length === 0) {
    throw new UserError("evaluate", `lengths that ${task.title} has for --every-length`, text);
  }
  const counted = `${countText(strings)} test ${strings === 1 ? "string" : "strings"}`;
  return { sets, title: `${counted} of every length of ${text}, seed ${seed}`, noun: "lengths" };
}

function drawEveryDepth(task: Task, text: string, { strings, seed }: SizeOptions): TestStrings {
  const { deep } = task;
  if (!deep) {
    throw new UserError(
      "evaluate",
      "a task whose strings have a depth for --every-depth",
      task.name,
    );
  }
  const symbols = 3; // for each unit of depth: a write and its undo
  const sets = everySize("depth", text, strings, symbols).map((depth) => {
    return { size: depth, pairs: deepPairs(deep, { strings, seed, depth }) };
  });
  const counted = `${countText(strings)} test ${strings === 1 ? "string" : "strings"}`;
  return {
    sets,
    title: `${counted} with each of ${text} ${deep.noun}, seed ${seed}`,
    noun: deep.noun,
  };
}

/** Lists the sizes of a range. */
function everySize(name: string, text: string, strings: number, symbols: number): number[] {
  const { shortest, longest } = parseLengthRange(text)!, sizes = longest - shortest + 1;
  const total = strings * symbols * sizes * (shortest + longest) / 2;
  if (total <= MAX_SYMBOLS) return Array.from({ length: sizes }, (_, i) => shortest + i);
  const wanted = `--strings and --every-${name} of at most ${MAX_SYMBOLS} symbols together`;
  throw new UserError("evaluate", wanted, String(total));
}

/** Reads a file with a string a line, after a tab its answer, which must be the task's. */
function readStrings(task: Task, path: string, files: Files): TestStrings {
  const action = `read ${path}`;
  if (files.kindOf(path) !== "file") throw new UserError(action, "a file of strings", "none");
  const text = decodeText(files.readBytes(path, MAX_FILE_BYTES), action);
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  if (!task.pairOf) {
    throw new UserError(action, "a task in which a string has one answer", task.name);
  }
  const sets = lines.map((line, i) => ({
    size: i + 1,
    pairs: [readLine(task, line, i + 1, action)],
  }));
  return { sets, title: `${countText(lines.length)} strings of ${path}`, noun: "lines" };
}

function readLine(task: Task, line: string, number: number, action: string): Pair {
  const [source, answer, ...more] = line.split("\t"), { vocabulary } = task;
  const refuse = (wanted: string, got: string) => {
    throw new UserError(action, `${wanted} in line ${number}`, got);
  };
  if (answer === undefined || more.length > 0) {
    refuse("a string, a tab and its answer", JSON.stringify(line.slice(0, 40)));
  }
  let pair: Pair;
  try {
    const symbols = textToSymbols(source, vocabulary);
    checkSource(vocabulary, symbols);
    pair = task.pairOf!(symbols);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const [, wanted = "a string of the task", got = source] =
      /: wanted (.*), got (.*)$/.exec(error.message) ?? [];
    return refuse(wanted, got) as never;
  }
  const right = symbolsToText(expectedAnswer(task, pair), vocabulary);
  if (right !== answer) refuse(`the answer ${JSON.stringify(right)}`, JSON.stringify(answer));
  return pair;
}

/** A network, and the strings to evaluate it on. */
export interface EvaluateEachJob {
  /** The weights file. */
  readonly path: string;
  /** The task whose strings it answers; null for its own. */
  readonly task: TaskName | null;
  readonly sets: readonly SizedPairs[];
  readonly build: KernelBuild;
}

/** What is evaluated. */
export interface EachEvaluation {
  /** The weights file. */
  readonly path: string;
  readonly model: Pick<StringsModel, "shape">;
  readonly task: Task;
  /** The name of the task, if it is not the network's own. */
  readonly name: TaskName | null;
  readonly sets: TestStrings;
  readonly build: KernelBuild;
}

/**
 * Evaluates a network size by size.
 *
 * @param evaluation The network and the strings.
 * @param host The files, terminal, clock, signals and workers to use.
 * @returns The scores, or the exit code if a stop was requested.
 */
export async function evaluateEach(
  { path, model, task, name, sets: strings, build }: EachEvaluation,
  host: CommandHost,
): Promise<EvaluationReport | StopCode> {
  const job: EvaluateEachJob = { path, task: name, sets: strings.sets, build };
  const total = countText(strings.sets.reduce((sum, { pairs }) => sum + pairs.length, 0));
  const position = ({ answered } = { answered: 0 }) => `${countText(answered)} of ${total} strings`;
  const scores = await evaluateInWorker<EvaluationProgress, SizeScores[]>(
    { kind: "evaluate each", job, position },
    host,
  );
  if (typeof scores === "number") return scores;
  const { lines, ...figures } = sizesReport(task, strings, scores);
  const summary = { weights: path, task: task.name, shape: model.shape, ...figures };
  return { lines, summary };
}

/**
 * Reports the scores of each size.
 *
 * @param task The task.
 * @param strings Which strings they are.
 * @param scores Of each size.
 * @returns The lines of a table; how many strings there are, how many are right in full, both accuracies; and for each size
 * its strings, its wrong answers and its per-token accuracy.
 */
export function sizesReport(
  { title, vocabulary }: Pick<Task, "title" | "vocabulary">,
  { title: which, noun }: Pick<TestStrings, "title" | "noun">,
  scores: readonly SizeScores[],
) {
  const sum = (of: (scores: SizeScores) => number) => scores.reduce((sum, s) => sum + of(s), 0);
  const strings = sum((each) => each.strings), exact = strings - sum(({ wrong }) => wrong);
  const coarse = exact / strings;
  const perToken = sum((each) => each.perToken * each.strings) / strings;
  const faulty = scores.filter(({ wrong }) => wrong > 0);
  const named = faulty.slice(0, MOST_NAMED).map(({ size, wrong, strings }) =>
    strings === 1 ? countText(size) : `${countText(size)} (${countText(wrong)})`
  );
  const more = faulty.length - named.length;
  const list = [...named, ...(more > 0 ? [`${countText(more)} more`] : [])].join(", ");
  const right = scores.length - faulty.length;
  const sizes = noun === "lines" ? [] : [
    `${noun} without a mistake`.padEnd(PADDING) +
    `${countText(right)} of ${countText(scores.length)}`,
  ];
  const unit = noun === "lengths" ? `, in ${symbolNoun(vocabulary)}` : "";
  const lines = [
    `${title}: ${which}${unit}`,
    "",
    "right in full".padEnd(PADDING) + `${countText(exact)} of ${countText(strings)}`,
    "exact match".padEnd(PADDING) + scoreText(coarse),
    "per-token accuracy".padEnd(PADDING) + scoreText(perToken),
    ...sizes,
    ...(faulty.length > 0 ? ["", `${noun} with mistakes: ${list}`] : []),
  ];
  return { lines, strings, exact, coarse, perToken, sizes: scores };
}

/** The width of the names in the table. */
const PADDING = 48;

/**
 * Creates the handler of evaluations size by size.
 *
 * @param files The file system with the weights.
 * @param now A clock in milliseconds.
 * @returns The handler of an {@linkcode EvaluateEachJob}; it returns the scores of each size, or null if a stop is requested.
 */
export function evaluateEachHandler(files: Files, now: () => number): JobHandler {
  return evaluationHandler(
    (
      { path, task: name, sets, build }: EvaluateEachJob,
      onProgress: (progress: EvaluationProgress) => void,
    ) => {
      const model = loadStringsModel(files, path), task = taskOf(path, model, name);
      return useModel(path, () => {
        const threads = threadsThatPay(model.shape.hidden, navigator.hardwareConcurrency);
        const network = createAnsweringNetwork(model, { build, threads });
        try {
          return evaluateBySize(network, task, sets, onProgress);
        } finally {
          network.close();
        }
      });
    },
    now,
  );
}
