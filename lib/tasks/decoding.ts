/**
 * Greedy decoding: a network reads a source, then writes the symbol with the largest logit at each step.
 *
 * In an autoregressive task it is fed at each step the symbol that it wrote at the last one, until its own terminator.
 * Otherwise it is fed the inputs of the task's layout and answers where they ask for an output. Many strings go through
 * the network side by side: some may still be read while others are written or have ended.
 *
 * `B` strings side by side, `K` symbols, k symbols in a source.
 *
 * @module
 */
import {
  type AutoregressiveTask,
  type AutoregressiveVocabulary,
  checkSource,
  type InPlaceTask,
  NO_TARGET,
  type Pair,
  type Task,
} from "./task.ts";

/** A network that takes `B` strings forward a step at a time. */
export interface SymbolStepper {
  /**
   * Begins anew: initial state, empty memory.
   *
   * @param strings `B`, how many strings there are side by side.
   */
  start(strings: number): void;
  /**
   * Feeds a symbol to each string.
   *
   * @param symbols `B` symbols. The network must not keep the array: the caller reuses it.
   * @returns Logits, `B` × `K`, row by row; they need to last only until the next step.
   */
  step(symbols: Int32Array): Float32Array;
}

/** How strings are decoded. */
export interface DecodingOptions {
  /** The most strings side by side, 64 if left out; answers do not depend on it. */
  readonly batch?: number;
  /** Called after every step of the network. */
  readonly onStep?: () => void;
}

/**
 * Lets a network answer sources of an autoregressive task.
 *
 * Of equal logits the first symbol's wins. A network that does not end is stopped after `longestTarget(k)` symbols.
 * Memory grows with the strings' length, and not with its square.
 *
 * @example A network that writes its terminator whatever it has read.
 * ```ts
 * import { copyTask } from "@/tasks/copy.ts";
 * import { decodeGreedily } from "@/tasks/decoding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), { size, terminator } = task.vocabulary;
 * const silent = {
 *   start() {},
 *   step: (fed: Int32Array) => Float32Array.from({ length: fed.length * size }, (_, i) => i % size),
 * };
 * assertEquals([...decodeGreedily(silent, task, [[0, 1, 1]])[0]], [terminator]);
 * ```
 * @param network The network.
 * @param task The task.
 * @param sources What to answer, each of at least one character.
 * @param options How many go side by side.
 * @returns For each source what was written, with the terminator if there was one.
 * @throws {RangeError} If a source is empty or holds anything but characters, or a logit is NaN.
 * @throws {TypeError} If the network gives more or fewer than `B` × `K` logits.
 */
export function decodeGreedily(
  network: SymbolStepper,
  task: AutoregressiveTask,
  sources: readonly ArrayLike<number>[],
  { batch = 64, onStep = () => {} }: DecodingOptions = {},
): Int32Array[] {
  if (!(Number.isSafeInteger(batch) && batch >= 1)) {
    throw new RangeError(`Cannot decode: wanted 1 string or more in a batch, got ${batch}`);
  }
  for (const source of sources) checkSource(task.vocabulary, source);
  // Strings of like length end together, so that little is computed for those that have ended.
  const order = sources.map((_, i) => i).sort((i, j) => sources[i].length - sources[j].length);
  const answers = new Array<Int32Array>(sources.length);
  for (let from = 0; from < order.length; from += batch) {
    const group = order.slice(from, from + batch);
    const decoded = decodeTogether(network, task, group.map((i) => sources[i]), onStep);
    group.forEach((i, b) => answers[i] = decoded[b]);
  }
  return answers;
}

/**
 * Lets a network answer the sources of pairs, all of them side by side, whatever the kind of the task.
 *
 * @param network The network.
 * @param task The task.
 * @param pairs Sources, and the targets that say where an output is asked for.
 * @param onStep Called after every step of the network.
 * @returns An answer for each pair, to be compared with `expectedAnswer`.
 * @throws {RangeError} If a logit is NaN.
 * @throws {TypeError} If the network gives more or fewer than `B` × `K` logits.
 */
export function answerPairs(
  network: SymbolStepper,
  task: Task,
  pairs: readonly Pair[],
  onStep: () => void = () => {},
): Int32Array[] {
  return task.autoregressive
    ? decodeTogether(network, task, pairs.map(({ source }) => source), onStep)
    : answerInPlace(network, task, pairs, onStep);
}

function decodeTogether(
  network: SymbolStepper,
  task: AutoregressiveTask,
  sources: readonly ArrayLike<number>[],
  onStep: () => void,
): Int32Array[] {
  const { vocabulary } = task, B = sources.length, K = vocabulary.size;
  const answers = sources.map(({ length: k }) => new Int32Array(task.longestTarget(k)));
  const written = new Int32Array(B);
  const fed = new Int32Array(B).fill(vocabulary.start);
  network.start(B);
  for (let t = 0, writing = B; writing > 0; t++) {
    const logits = checkedLogits(network.step(fed), B * K);
    for (let b = 0; b < B; b++) {
      const source = sources[b], answer = answers[b], k = source.length;
      if (t < k) fed[b] = source[t];
      else if (t === k) fed[b] = vocabulary.separator;
      else if (!hasEnded(answer, written[b], vocabulary)) {
        fed[b] = answer[written[b]++] = likeliestSymbol(logits, b * K, K);
        if (hasEnded(answer, written[b], vocabulary)) writing--;
      }
    }
    onStep();
  }
  return answers.map((answer, b) => answer.slice(0, written[b]));
}

function hasEnded(
  answer: Int32Array,
  written: number,
  { terminator }: AutoregressiveVocabulary,
): boolean {
  return written === answer.length || written > 0 && answer[written - 1] === terminator;
}

/** Feeds the laid-out inputs; a string that has ended is fed its last input again. */
function answerInPlace(
  network: SymbolStepper,
  task: InPlaceTask,
  pairs: readonly Pair[],
  onStep: () => void,
): Int32Array[] {
  const laidOut = pairs.map((pair) => task.layOut(pair)), B = pairs.length;
  const K = task.vocabulary.size, answers: number[][] = pairs.map(() => []);
  const steps = Math.max(...laidOut.map(({ inputs }) => inputs.length)), fed = new Int32Array(B);
  network.start(B);
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < B; b++) fed[b] = laidOut[b].inputs[t] ?? fed[b];
    const logits = checkedLogits(network.step(fed), B * K);
    for (let b = 0; b < B; b++) {
      const target = laidOut[b].targets[t] ?? NO_TARGET;
      if (target !== NO_TARGET) answers[b].push(likeliestSymbol(logits, b * K, K));
    }
    onStep();
  }
  return answers.map((answer) => Int32Array.from(answer));
}

/**
 * The symbol with the largest logit; of equal ones the first.
 *
 * @param logits Of several strings.
 * @param from The place of the string's first one.
 * @param K How many a string has.
 * @returns The symbol.
 * @throws {RangeError} If a logit is NaN.
 */
export function likeliestSymbol(logits: Float32Array, from: number, K: number): number {
  let best = 0;
  for (let symbol = 0; symbol < K; symbol++) {
    const logit = logits[from + symbol];
    if (Number.isNaN(logit)) {
      throw new RangeError(`Cannot decode: wanted logits, got NaN for symbol ${symbol}`);
    }
    if (logit > logits[from + best]) best = symbol;
  }
  return best;
}

function checkedLogits(logits: Float32Array, length: number): Float32Array {
  if (logits.length === length) return logits;
  throw new TypeError(
    `Cannot decode: wanted ${length} logits (strings × symbols), got ${logits.length}`,
  );
}
