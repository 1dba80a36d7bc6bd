/**
 * A flip-flop with undo: a bit is written, ignored or read, and the last write can be undone; every read is answered in place.
 *
 * | symbols    | meaning                                                                  |
 * | ---------- | ------------------------------------------------------------------------ |
 * | `w`, a bit | write: the bit stands until the next write, and again if that is undone  |
 * | `i`, a bit | ignore: the bit means nothing                                            |
 * | `u`        | undo the last write that stands; never the only one                      |
 * | `r`        | read: the answer is the bit that stands                                  |
 *
 * A string begins with a write and ends with a read. Between them, operations are drawn one after the other. An undo
 * that is not possible gives its share to the write, and when one symbol is left, it is a read or an undo in their proportion.
 * (Some of the public strings are a symbol shorter instead.)
 *
 * Source: "UNDO Flip-Flop", arXiv:2604.05923, with its public strings.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import {
  checkLengths,
  checkSource,
  type InPlaceTask,
  type LengthRange,
  NO_TARGET,
  NoTargetError,
  type TaskLengths,
  type Vocabulary,
} from "./task.ts";

/** The bits are the symbols 0 and 1, and what is asked for at a read. */
const BITS = 2, WRITE = 2, IGNORE = 3, UNDO = 4, READ = 5;
const ALPHABET = "01wiur";
const VOCABULARY: Vocabulary = { characters: 6, alphabet: ALPHABET, marks: [], size: 6 };
/** A write and a read. */
const SHORTEST = 3;

const LENGTHS: TaskLengths = {
  training: { shortest: SHORTEST, longest: 50 },
  test: { shortest: 51, longest: 500 },
  validation: [],
};

/** The probability of each operation; together 1. */
interface Operations {
  readonly ignore: number;
  readonly read: number;
  readonly write: number;
  readonly undo: number;
}

/** Those of the public strings. */
const PUBLISHED: Operations = { ignore: .8, read: .1, write: .05, undo: .05 };
/** Three undos in a row come in a twentieth of the strings of 50 symbols, with {@linkcode PUBLISHED} in hardly any. */
const DENSE: Operations = { ignore: .4, read: .2, write: .2, undo: .2 };

type Random = Pick<RandomSource, "integer" | "uniform">;

function drawSource(random: Random, operations: Operations, lengths: LengthRange): Int32Array {
  checkLengths(lengths);
  const bounds = [lengths.shortest, lengths.longest].map((k) => Math.max(k, SHORTEST));
  const k = random.integer(bounds[0], bounds[1] + 1), source = [WRITE, random.integer(0, BITS)];
  for (let standing = 1; source.length < k - 1;) {
    const hasRoom = source.length < k - 2;
    const operation = drawOperation(random, operations, { hasRoom, canUndo: standing > 1 });
    source.push(operation);
    if (operation === WRITE || operation === IGNORE) source.push(random.integer(0, BITS));
    standing += operation === WRITE ? 1 : operation === UNDO ? -1 : 0;
  }
  return Int32Array.from([...source, READ]);
}

/** Draws an operation of those that are possible: with a bit only if there is room for two symbols. */
function drawOperation(
  random: Random,
  { ignore, read, write, undo }: Operations,
  { hasRoom, canUndo }: { readonly hasRoom: boolean; readonly canUndo: boolean },
): number {
  const shares: [operation: number, share: number][] = [
    [IGNORE, hasRoom ? ignore : 0],
    [WRITE, hasRoom ? canUndo ? write : write + undo : 0],
    [UNDO, canUndo ? undo : 0],
    [READ, read],
  ];
  let left = random.uniform() * shares.reduce((sum, [, share]) => sum + share, 0);
  // The last one, if rounding leaves more than nothing.
  return shares.find(([, share]) => (left -= share) < 0)?.[0] ?? READ;
}

/** As many undos in a row as is asked for, after one write more than that, then a read. */
function drawUndos(random: Pick<RandomSource, "integer">, undos: number): Int32Array {
  const writes = Array.from({ length: undos + 1 }, () => [WRITE, random.integer(0, BITS)]);
  return Int32Array.from([...writes.flat(), ...new Array<number>(undos).fill(UNDO), READ]);
}

/** The bit that stands at each read; undefined if the source breaks a rule. */
function answersTo(source: Int32Array): number[] | undefined {
  const standing: number[] = [], answers: number[] = [];
  for (let t = 0; t < source.length; t++) {
    const operation = source[t], bit = source[t + 1];
    if (operation === WRITE || operation === IGNORE) {
      if (!(bit < BITS)) return undefined;
      if (operation === WRITE) standing.push(bit);
      t++;
    } else if (operation === UNDO && standing.length > 1) standing.pop();
    else if (operation === READ && standing.length > 0) answers.push(standing.at(-1)!);
    else return undefined;
    if (standing.length === 0) return undefined;
  }
  return answers.length > 0 ? answers : undefined;
}

function createUndoTask(name: string, title: string, operations: Operations): InPlaceTask {
  return {
    name,
    title,
    vocabulary: VOCABULARY,
    lengths: LENGTHS,
    autoregressive: false,
    sample(random, lengths) {
      const source = drawSource(random, operations, lengths);
      return { source, target: Int32Array.from(answersTo(source)!) };
    },
    pairOf(symbols) {
      checkSource(VOCABULARY, symbols);
      const source = Int32Array.from(symbols), answers = answersTo(source);
      if (answers) return { source, target: Int32Array.from(answers) };
      throw new NoTargetError(
        "a write first, one read or more, and no undo of the only write",
        "another string",
      );
    },
    deep: {
      noun: "undos in a row",
      sample(random, undos) {
        const source = drawUndos(random, undos);
        return { source, target: Int32Array.from(answersTo(source)!) };
      },
    },
    layOut({ source, target }) {
      const inputs = Array.from(source);
      let reads = 0;
      return {
        inputs,
        targets: inputs.map((symbol) => symbol === READ ? target[reads++] : NO_TARGET),
        valueTargets: inputs.map((bit, t) => inputs[t - 1] === WRITE ? bit : NO_TARGET),
        popping: inputs.map((symbol) => symbol === UNDO),
      };
    },
  };
}

/**
 * Makes the task.
 *
 * @example The second write is undone between two reads.
 * ```ts
 * import { textToSymbols } from "@/tasks/text.ts";
 * import { undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { vocabulary, pairOf } = undoFlipFlopTask();
 * assertEquals([...pairOf!(textToSymbols("w0w1i0rur", vocabulary)).target], [1, 0]);
 * ```
 * @returns The task; its `pairOf` throws a `NoTargetError` for a string that breaks the rules.
 */
export function undoFlipFlopTask(): InPlaceTask {
  return createUndoTask("undo-flip-flop", "a flip-flop with undo", PUBLISHED);
}

/**
 * Makes the task with more undos in a row: operations have the probabilities .4 (ignore), .2, .2 and .2.
 *
 * @returns The task.
 */
export function undoFlipFlopDenseTask(): InPlaceTask {
  return createUndoTask("undo-flip-flop-dense", "a flip-flop with many undos", DENSE);
}
