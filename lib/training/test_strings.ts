/**
 * Test strings of every length or every depth, or from a file: what is scored size by size.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { countText } from "@/io/number_format.ts";
import { decodeText } from "@/io/text_encoding.ts";
import { UserError } from "@/io/user_error.ts";
import { parseLengthRange } from "@/options/option.ts";
import { deepPairs, firstPairs, hasLengths } from "@/tasks/streams.ts";
import { checkSource, expectedAnswer, type Pair, type Task } from "@/tasks/task.ts";
import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
import type { SizedPairs } from "./evaluation_by_size.ts";

/** Strings that are scored size by size. */
export interface TestStrings {
  readonly sets: readonly SizedPairs[];
  /** Which strings they are, for the first line of the table. */
  readonly title: string;
  /** What a size counts, in the plural: lengths, lines, undos in a row. */
  readonly noun: string;
}

/** The options that say which strings. */
export interface StringOptions {
  readonly everyLength: string | null;
  readonly everyDepth: string | null;
  readonly stringsFrom: string | null;
  readonly strings: number | null;
  readonly seed: number;
}

/** How many strings there are of each size, unless others are asked for. */
const STRINGS = 20;
/** The largest number of symbols of all strings together: they are drawn before the first is answered, and cloned. */
const MAX_SYMBOLS = 4e7;
/** The largest file of strings. */
const MAX_FILE_BYTES = 2 ** 24;

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
    if (!hasLengths(task, lengths)) return [];
    return [{ size: k, pairs: firstPairs(task, { strings, seed, purpose: "test", lengths }) }];
  });
  if (sets.length === 0) {
    throw new UserError(
      "evaluate",
      `lengths of strings of the task ${task.name} for --every-length`,
      text,
    );
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
