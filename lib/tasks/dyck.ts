/**
 * The Dyck languages, balanced brackets of several kinds: after each bracket, say which brackets may come next.
 *
 * | step   | 1   | 2   | 3   | 4   | 5   | 6   |
 * | ------ | --- | --- | --- | --- | --- | --- |
 * | input  | `(` | `[` | `]` | `(` | `)` | `)` |
 * | target | `)` | `]` | `)` | `)` | `)` | none |
 *
 * Every opening bracket may come at every step, and of the closing ones only that of the last bracket that is still open.
 * So the target is one symbol, that closing bracket, or the mark "none": it says the same as the published target, a set
 * that has all opening brackets in it as well.
 *
 * A source of k brackets is a string of the grammar S → ( S ) with probability 1/2, S S with 1/4, the empty string with 1/4,
 * given that it has k of them; the kinds are uniform. Every even k is equally likely. (The published strings have the
 * lengths of the grammar within the bounds, no string twice.)
 *
 * Method: of the grammar an S becomes m pairs of brackets side by side, with an S in each. A string of N pairs is a tree of N + 1
 * such S. Their numbers m are drawn one after the other, all again until they add up to N; then exactly one rotation of their
 * list is that of a tree, parents before children (the cycle lemma), and each such tree has the grammar's probability.
 *
 * Source: Suzgun et al. 2019, "Memory-Augmented Recurrent Neural Networks Can Learn Generalized Dyck Languages",
 * arXiv:1911.03329; for the cycle lemma Dvoretzky and Motzkin 1947, "A problem of arrangements".
 *
 * @module
 */
import { sum } from "@/math/lists.ts";
import type { RandomSource } from "@/math/random.ts";
import {
  checkLengths,
  checkSource,
  drawLength,
  type InPlaceTask,
  type LengthRange,
  NO_TARGET,
  NoTargetError,
  type TaskLengths,
  type Vocabulary,
} from "./task.ts";

/** The kinds of brackets in the published program. */
const OPENING = "([{<+a", CLOSING = ")]}>-b";

/** The published lengths, all of them even; the longest test strings here are those of the other benchmarks. */
const LENGTHS: TaskLengths = {
  training: { shortest: 2, longest: 50 },
  test: { shortest: 52, longest: 500 },
  validation: [],
};

/** The probabilities of S → ( S ) and of S → S S; the rest is the empty string's. */
const PAIR = 1 / 2, TWO = 1 / 4;

type Random = Pick<RandomSource, "integer" | "uniform">;

/** Draws how many pairs of brackets stand side by side in an S. */
function drawPairs(random: Random): number {
  let pairs = 0;
  for (let left = 1; left > 0;) {
    const rule = random.uniform();
    if (rule < PAIR) pairs++;
    left += rule >= PAIR && rule < PAIR + TWO ? 1 : -1;
  }
  return pairs;
}

/** Draws a tree of N + 1 nodes: how many children each has, parents before children. */
function drawTree(random: Random, N: number): number[] {
  while (true) {
    const children: number[] = [];
    for (let left = N; children.length <= N && left >= 0;) {
      children.push(drawPairs(random));
      left -= children.at(-1)!;
    }
    if (children.length === N + 1 && sum(children) === N) return rotateToTree(children);
  }
}

/** Rotates a list to begin behind the first minimum of the sums of (children − 1). */
function rotateToTree(children: readonly number[]): number[] {
  let [total, least, from] = [0, Infinity, 0];
  children.forEach((count, i) => {
    total += count - 1;
    if (total < least) [least, from] = [total, i + 1];
  });
  return [...children.slice(from), ...children.slice(0, from)];
}

function drawSource(random: Random, kinds: number, lengths: LengthRange): Int32Array {
  checkLengths(lengths);
  const tree = drawTree(random, drawLength(random, lengths, true) / 2), source: number[] = [];
  // The nodes from the root to the current one: children to come, and the kind of the bracket around it.
  const path = [{ left: tree[0], kind: NO_TARGET }];
  for (let node = 1; path.length > 0;) {
    const last = path.at(-1)!;
    if (last.left-- > 0) {
      const kind = random.integer(0, kinds);
      source.push(kind);
      path.push({ left: tree[node++], kind });
    } else {
      path.pop();
      if (path.length > 0) source.push(kinds + last.kind);
    }
  }
  return Int32Array.from(source);
}

/** The closing bracket that may come after each symbol, `none` where no bracket is open; undefined if brackets do not match. */
function answersTo(source: Int32Array, kinds: number, none: number): Int32Array | undefined {
  const open: number[] = [];
  const answers = source.map((symbol) => {
    if (symbol < kinds) open.push(kinds + symbol);
    else if (open.pop() !== symbol) return NO_TARGET;
    return open.at(-1) ?? none;
  });
  return open.length === 0 && !answers.includes(NO_TARGET) ? answers : undefined;
}

function createDyckTask(kinds: number): InPlaceTask {
  const alphabet = OPENING.slice(0, kinds) + CLOSING.slice(0, kinds), none = 2 * kinds;
  const vocabulary: Vocabulary = { characters: none, alphabet, marks: ["none"], size: none + 1 };
  return {
    name: `dyck-${kinds}`,
    title: `brackets of ${kinds} kinds`,
    vocabulary,
    lengths: LENGTHS,
    autoregressive: false,
    sample(random, lengths) {
      const source = drawSource(random, kinds, lengths);
      return { source, target: answersTo(source, kinds, none)! };
    },
    pairOf(symbols) {
      checkSource(vocabulary, symbols);
      const source = Int32Array.from(symbols), answers = answersTo(source, kinds, none);
      if (answers) return { source, target: answers };
      throw new NoTargetError("brackets that match", "others");
    },
    deep: {
      noun: "brackets inside each other",
      sample(random, depth) {
        const opening = Array.from({ length: depth }, () => random.integer(0, kinds));
        const closing = opening.map((kind) => kinds + kind).reverse();
        const source = Int32Array.from([...opening, ...closing]);
        return { source, target: answersTo(source, kinds, none)! };
      },
    },
    layOut: ({ source, target }) => ({
      inputs: Array.from(source),
      targets: Array.from(target),
      valueTargets: Array.from(source, (symbol) => symbol < kinds ? kinds + symbol : NO_TARGET),
      popping: Array.from(source, (symbol) => symbol >= kinds),
    }),
  };
}

/**
 * Makes the task with two kinds of brackets.
 *
 * @example Inside, between and behind brackets.
 * ```ts
 * import { dyck2Task } from "@/tasks/dyck.ts";
 * import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { vocabulary, pairOf } = dyck2Task();
 * const { target } = pairOf!(textToSymbols("([]())", vocabulary));
 * assertEquals(symbolsToText(target, vocabulary), ")])))⟨none⟩");
 * ```
 * @returns The task; its `pairOf` throws a `NoTargetError` for brackets that do not match.
 */
export function dyck2Task(): InPlaceTask {
  return createDyckTask(2);
}

/**
 * Makes the task with six kinds of brackets.
 *
 * @returns The task.
 */
export function dyck6Task(): InPlaceTask {
  return createDyckTask(6);
}
