/**
 * An examination of a controller on strings that it has not learned from: is it right, does it work its
 * stack, and is a pop's gradient alive?
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { RnnController } from "./rnn_controller.ts";
import { written } from "./controller_errors.ts";
import { createReversalString, drawReversalString, type ReversalTask } from "./tutorial_strings.ts";

/** What came of it. */
export interface Examination {
  /** Share of strings right in every symbol. */
  readonly right: number;
  /** The least push while reading, over all strings and steps. */
  readonly leastReadingPush: number;
  /** The least pop while writing, from the second step of writing on. */
  readonly leastWritingPop: number;
  /** The least pop at the first step of writing. */
  readonly leastFirstWritingPop: number;
  /** The greatest pop while reading. */
  readonly greatestReadingPop: number;
  /** Share of steps at which 2d − 1 < u < d, where a pop's gradient would be alive if controls were constant. */
  readonly live: number;
  /** The mean push, over all strings and steps. */
  readonly meanPush: number;
  /** The mean pop. */
  readonly meanPop: number;
}

/** How many strings are tried. */
const STRINGS = 50;
/** Above this a control is crisp. */
const CRISP = 0.9;

/**
 * Examines a controller on 50 strings of `length` symbols, always the same.
 *
 * A step of writing that puts out what h_t still knows need not pop, and the first one often does not,
 * in the published run too; the last step has no use for the stack. So pops are asked for in between.
 *
 * @param controller Who is examined; its parameters are only read.
 * @param task Which strings.
 * @param length How many symbols each.
 * @returns What came of it.
 */
export function examineController(
  controller: RnnController,
  task: ReversalTask,
  length: number,
): Examination {
  const examinee = withRoom(controller, length), sums = { right: 0, live: 0, push: 0, pop: 0 };
  const extremes = {
    leastReadingPush: 1,
    leastWritingPop: 1,
    leastFirstWritingPop: 1,
    greatestReadingPop: 0,
  };
  const string = createReversalString(task, length), draws = seededRandom("controller: held out");
  for (let k = 0; k < STRINGS; k++) {
    drawReversalString(task, string, length, draws);
    examinee.forward(string);
    const wanted = string.symbols.slice(0, length).reverse();
    if (written(examinee).every((place, i) => place === wanted[i] + task.marks)) sums.right++;
    lookAtControls(examinee, extremes);
    addControls(examinee, sums);
  }
  const { right, live, push, pop } = sums, controls = STRINGS * (2 * length - 1);
  return {
    ...extremes,
    right: right / STRINGS,
    live: live / controls,
    meanPush: push / controls,
    meanPop: pop / controls,
  };
}

type Extremes = Pick<
  Examination,
  "leastReadingPush" | "leastWritingPop" | "leastFirstWritingPop" | "greatestReadingPop"
>;

function lookAtControls({ stack, length: n }: RnnController, found: Writable<Extremes>): void {
  const { pushes, pops } = stack, end = 2 * n - 1;
  found.leastReadingPush = Math.min(found.leastReadingPush, ...pushes.subarray(0, n));
  found.greatestReadingPop = Math.max(found.greatestReadingPop, ...pops.subarray(0, n));
  const first = pops.subarray(n, Math.min(n + 1, end));
  found.leastFirstWritingPop = Math.min(found.leastFirstWritingPop, ...first);
  found.leastWritingPop = Math.min(found.leastWritingPop, ...pops.subarray(n + 1, end));
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

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The same controller with room for `length` symbols. */
function withRoom(controller: RnnController, length: number): RnnController {
  return new RnnController({ ...controller.design, longest: length }, controller.parameters);
}

/** Whether pushes are above 0.9 while reading, and pops above 0.9 while writing, from the second step on. */
export function isCrisp({ leastReadingPush, leastWritingPop }: Examination): boolean {
  return leastReadingPush > CRISP && leastWritingPop > CRISP;
}
