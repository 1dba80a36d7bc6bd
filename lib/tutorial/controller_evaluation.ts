/**
 * The evaluation of a controller on strings that it is not trained on: the share of strings that are right, whether push and pop are
 * saturated, and how often a pop is in the trainable region 2d − 1 < u < d.
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { RnnController } from "./rnn_controller.ts";
import { decodeOutput } from "./controller_measurements.ts";
import {
  createReversalString,
  drawReversalString,
  type ReversalTask,
} from "./tutorial_reversal.ts";

/** The measurements of a controller on one set. */
export interface ControllerEvaluation {
  /** Share of strings right in every symbol. */
  readonly right: number;
  /** Minimum push while reading, over all strings and steps. */
  readonly minReadingPush: number;
  /** Minimum pop while writing, from the second step of writing on, without the last step. */
  readonly minWritingPop: number;
  /** Minimum pop at the first step of writing. */
  readonly minFirstWritingPop: number;
  /** Maximum pop while reading. */
  readonly maxReadingPop: number;
  /** Share of steps in the trainable region 2d − 1 < u < d, where a pop has a gradient if controls are constant. */
  readonly live: number;
  /** Mean push, over all strings and steps. */
  readonly meanPush: number;
  /** Mean pop, over all strings and steps. */
  readonly meanPop: number;
}

/** Sets of strings, each from a stream of its own: early stopping looks at validation strings, final scores at held-out ones. */
export type ControllerSet = "validation" | "held out";

/** Number of strings in each set. */
const STRINGS = 50;
/** A push or pop above this counts as saturated. */
const SATURATED = 0.9;

/**
 * Evaluates a controller on 50 strings of `length` symbols, which are the same in every call with the same set.
 *
 * The first step of writing can output the last symbol from h_t without a pop, and often does, in the published run too;
 * the last step does not use the stack. So the minimum pop while writing is taken over the steps in between.
 *
 * @param controller The controller; it is not changed.
 * @param task Alphabet and encoding of the strings.
 * @param length Number of symbols of each string.
 * @param set Which strings.
 * @returns The measurements.
 */
export function evaluateController(
  controller: RnnController,
  task: ReversalTask,
  length: number,
  set: ControllerSet = "held out",
): ControllerEvaluation {
  const copy = withLongest(controller, length), sums = { right: 0, live: 0, push: 0, pop: 0 };
  const extremes = {
    minReadingPush: 1,
    minWritingPop: 1,
    minFirstWritingPop: 1,
    maxReadingPop: 0,
  };
  const string = createReversalString(task, length), draws = seededRandom(`controller: ${set}`);
  for (let k = 0; k < STRINGS; k++) {
    drawReversalString(task, string, length, draws);
    copy.forward(string);
    const wanted = string.symbols.slice(0, length).reverse();
    if (decodeOutput(copy).every((index, i) => index === wanted[i] + task.marks)) sums.right++;
    updateExtremes(copy, extremes);
    addControls(copy, sums);
  }
  const { right, live, push, pop } = sums, steps = STRINGS * (2 * length - 1);
  return {
    ...extremes,
    right: right / STRINGS,
    live: live / steps,
    meanPush: push / steps,
    meanPop: pop / steps,
  };
}

type Extremes = Pick<
  ControllerEvaluation,
  "minReadingPush" | "minWritingPop" | "minFirstWritingPop" | "maxReadingPop"
>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function updateExtremes({ stack, length: n }: RnnController, found: Writable<Extremes>): void {
  const { pushes, pops } = stack, end = 2 * n - 1;
  found.minReadingPush = Math.min(found.minReadingPush, ...pushes.subarray(0, n));
  found.maxReadingPop = Math.max(found.maxReadingPop, ...pops.subarray(0, n));
  const first = pops.subarray(n, Math.min(n + 1, end));
  found.minFirstWritingPop = Math.min(found.minFirstWritingPop, ...first);
  found.minWritingPop = Math.min(found.minWritingPop, ...pops.subarray(n + 1, end));
}

function addControls(
  { stack, length: n }: RnnController,
  sums: { live: number; push: number; pop: number },
): void {
  const { pushes: d, pops: u } = stack;
  for (let t = 0; t < 2 * n - 1; t++) {
    sums.live += +(2 * d[t] - 1 < u[t] && u[t] < d[t]);
    sums.push += d[t];
    sums.pop += u[t];
  }
}

/** Returns a controller with the same parameters for strings of up to `length` symbols. */
function withLongest(controller: RnnController, length: number): RnnController {
  return new RnnController({ ...controller.design, longest: length }, controller.parameters);
}

/** Tells whether all pushes while reading, and all pops while writing from the second step on, are above 0.9. */
export function isSaturated({ minReadingPush, minWritingPop }: ControllerEvaluation): boolean {
  return minReadingPush > SATURATED && minWritingPop > SATURATED;
}
