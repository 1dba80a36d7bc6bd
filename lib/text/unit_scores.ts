/**
 * How well single units of a network tell a label of a text. A unit is chosen on one half of a text and scored on the other,
 * because the best of many units is good by chance where it was chosen.
 *
 * `T` symbols. The halves are blocks of 1,000 symbols in turn, so that both have something of every part of the text.
 *
 * @module
 */
import { mean } from "@/math/lists.ts";
import { activationsOf, type HiddenStates, type Unit, unitsOf } from "./hidden_states.ts";

/** A score whose open parts, such as a sign, are fitted. */
export interface FittedScore {
  /** The score of the activations and labels on which it is fitted. */
  readonly score: number;
  /** Scores others. */
  scoreOf(activations: Float32Array, labels: Float64Array): number;
}

/** A score of a unit, higher if it is better: fits on activations and labels what the score leaves open. */
export type UnitScore = (activations: Float32Array, labels: Float64Array) => FittedScore;

/**
 * Fits a line from activations to labels; its score is R², the share of the labels' variance that the line explains.
 *
 * R² = 1 − Σ (y − a x − b)² / Σ (y − ȳ)²
 *
 * It is 0 of a line that always says the mean, and can be negative where the line has not been fitted.
 *
 * @example A unit that counts, and another range of the same count.
 * ```ts
 * import { lineFit } from "@/text/unit_scores.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const line = lineFit(Float32Array.of(0, 0.5, 1), Float64Array.of(1, 2, 3));
 * assertAlmostEquals(line.score, 1);
 * assertAlmostEquals(line.scoreOf(Float32Array.of(1, 2), Float64Array.of(3, 5)), 1);
 * assertAlmostEquals(line.scoreOf(Float32Array.of(1, 1), Float64Array.of(2, 4)), 0);
 * ```
 * @param x The activations, `T`.
 * @param y The labels, `T`.
 * @returns The score of the line that fits best.
 */
export const lineFit: UnitScore = (x, y) => {
  const [xMean, yMean] = [mean(x), mean(y)];
  let [covariance, variance] = [0, 0];
  for (let t = 0; t < x.length; t++) {
    covariance += (x[t] - xMean) * (y[t] - yMean);
    variance += (x[t] - xMean) ** 2;
  }
  const a = variance === 0 ? 0 : covariance / variance;
  const scoreOf = (x: Float32Array, y: Float64Array) =>
    explainedShare(y, (t) => yMean + a * (x[t] - xMean));
  return { score: scoreOf(x, y), scoreOf };
};

/** R² of an estimate of the labels; 0 if they do not vary. */
function explainedShare(y: Float64Array, estimate: (t: number) => number): number {
  const yMean = mean(y);
  let [left, all] = [0, 0];
  for (let t = 0; t < y.length; t++) {
    left += (y[t] - estimate(t)) ** 2;
    all += (y[t] - yMean) ** 2;
  }
  return all === 0 ? 0 : 1 - left / all;
}

/**
 * Fits a sign; the score is the area under the ROC curve (AUC): the share of pairs, one symbol with label 1 and one with label
 * 0, in which the first one's activation is higher if the sign is +, and lower if it is −. Equal ones count half.
 *
 * A unit that knows nothing has 0.5.
 *
 * Source: Hanley and McNeil 1982, "The Meaning and Use of the Area under a ROC Curve".
 *
 * @example Two of two pairs, and half of them.
 * ```ts
 * import { separation } from "@/text/unit_scores.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const labels = Float64Array.of(0, 1, 0), falling = separation(Float32Array.of(3, 1, 2), labels);
 * assertEquals(falling.score, 1);
 * assertEquals(falling.scoreOf(Float32Array.of(3, 2, 1), labels), 0.5);
 * ```
 * @param x The activations, `T`.
 * @param y The labels, 0 or 1, `T`.
 * @returns The score with the sign that is better here.
 */
export const separation: UnitScore = (x, y) => {
  const area = areaUnderCurve(x, y), signed = (area_: number) => area < 0.5 ? 1 - area_ : area_;
  return { score: signed(area), scoreOf: (x, y) => signed(areaUnderCurve(x, y)) };
};

/** The AUC of activations that are higher where the label is 1; 0.5 if all labels are equal. */
function areaUnderCurve(x: Float32Array, y: Float64Array): number {
  const [zeros, ones] = sortByLabel(x, y), pairs = zeros.length * ones.length;
  if (pairs === 0) return 0.5;
  let [wins, below, upTo] = [0, 0, 0]; // how many zeros are below one, and how many are not above it
  for (const one of ones) {
    while (below < zeros.length && zeros[below] < one) below++;
    while (upTo < zeros.length && zeros[upTo] <= one) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / pairs;
}

/** The activations with label 0 and those with label 1, both in order, as integers of the same order. */
function sortByLabel(x: Float32Array, y: Float64Array): [Uint32Array, Uint32Array] {
  const all = orderedIntegers(x), sorted = new Uint32Array(x.length);
  let [zeros, ones] = [0, x.length];
  for (let t = 0; t < x.length; t++) sorted[y[t] === 1 ? --ones : zeros++] = all[t];
  return [radixSort(sorted.subarray(0, zeros)), radixSort(sorted.subarray(ones))];
}

/** The bits of floats, changed so that as integers they have the floats' order; −0 is 0. */
function orderedIntegers(x: Float32Array): Uint32Array {
  const bits = new Uint32Array(x.map((x_t) => x_t + 0).buffer);
  for (let t = 0; t < bits.length; t++) bits[t] ^= bits[t] >> 31 | 0x8000_0000;
  return bits;
}

/** Bits of a digit, and the values that it can have. */
const DIGIT = 11, VALUES = 1 << DIGIT;

/** Sorts by the lowest digit, then by the next one …; for 10,000 numbers several times as fast as `sort`. */
function radixSort(numbers: Uint32Array): Uint32Array {
  let [from, to]: Uint32Array[] = [numbers, new Uint32Array(numbers.length)];
  for (let shift = 0; shift < 32; shift += DIGIT) {
    const starts = new Uint32Array(VALUES + 1);
    for (let n = 0; n < from.length; n++) starts[(from[n] >>> shift & VALUES - 1) + 1]++;
    for (let digit = 0; digit < VALUES; digit++) starts[digit + 1] += starts[digit];
    for (let n = 0; n < from.length; n++) {
      to[starts[from[n] >>> shift & VALUES - 1]++] = from[n];
    }
    [from, to] = [to, from];
  }
  return from;
}

/** A unit, and how well it tells a label. */
export interface ScoredUnit {
  readonly unit: Unit;
  /** Its score on the half of the text where it is fitted. */
  readonly chosen: number;
  /** Its score on the other half. */
  readonly held: number;
}

/** The length of a block, in symbols. */
const BLOCK = 1000;

/** The blocks with even numbers, and those with odd ones. */
function splitBlocks<T extends Float32Array | Float64Array>(numbers: T): [T, T] {
  const halves = [numbers.slice(), numbers.slice()] as [T, T], lengths = [0, 0];
  for (let from = 0; from < numbers.length; from += BLOCK) {
    const half = from / BLOCK % 2, block = numbers.subarray(from, from + BLOCK);
    halves[half].set(block, lengths[half]);
    lengths[half] += block.length;
  }
  return halves.map((half, k) => half.subarray(0, lengths[k])) as [T, T];
}

/**
 * Scores every unit of a network for a label: fits on one half of a text, and scores on both.
 *
 * @param states The states of the network over the text.
 * @param labels The labels of its symbols, `T`.
 * @param score The score.
 * @returns All units; the one with the highest score on the first half, which is the one to choose, comes first.
 * @throws {RangeError} If there are not as many labels as symbols.
 */
export function scoreUnits(
  states: HiddenStates,
  labels: Float64Array,
  score: UnitScore,
): ScoredUnit[] {
  if (labels.length !== states.symbols) {
    const wanted = `${states.symbols} labels (one for each symbol)`;
    throw new RangeError(`Cannot score units: wanted ${wanted}, got ${labels.length}`);
  }
  const [yFirst, ySecond] = splitBlocks(labels);
  const scored = unitsOf(states).map((unit) => {
    const [xFirst, xSecond] = splitBlocks(activationsOf(states, unit));
    const fitted = score(xFirst, yFirst);
    return { unit, chosen: fitted.score, held: fitted.scoreOf(xSecond, ySecond) };
  });
  return scored.sort((a, b) => b.chosen - a.chosen);
}
