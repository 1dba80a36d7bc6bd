/**
 * An examination of a controller on strings that it has not learned from: is it right, does it work its
 * stack, and is a pop's gradient alive?
 *
 * @module
 */
import { seededRandom } from "@/math/random.ts";
import { RnnController } from "@/models/rnn_controller.ts";
import { written } from "@/models/rnn_controller_errors.ts";
import {
  createReversalString,
  drawReversalString,
  type ReversalTask,
} from "@/tasks/tutorial_reversal.ts";

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
  const n = length,
    T = 2 * n,
    examinee = withRoom(controller, n),
    { pushes, pops } = examinee.stack;
  const string = createReversalString(task, n), draws = seededRandom("controller: held out");
  let [right, live, pushed, popped] = [0, 0, 0, 0], leastReadingPush = 1, leastWritingPop = 1;
  let leastFirstWritingPop = 1, greatestReadingPop = 0;
  for (let k = 0; k < STRINGS; k++) {
    drawReversalString(task, string, n, draws);
    examinee.forward(string);
    const wanted = string.symbols.slice(0, n).reverse();
    if (written(examinee).every((place, i) => place === wanted[i] + task.marks)) right++;
    leastReadingPush = Math.min(leastReadingPush, ...pushes.subarray(0, n));
    greatestReadingPop = Math.max(greatestReadingPop, ...pops.subarray(0, n));
    leastFirstWritingPop = Math.min(
      leastFirstWritingPop,
      ...pops.subarray(n, Math.min(n + 1, T - 1)),
    );
    leastWritingPop = Math.min(leastWritingPop, ...pops.subarray(n + 1, T - 1));
    for (let t = 0; t < T - 1; t++) {
      live += +(2 * pushes[t] - 1 < pops[t] && pops[t] < pushes[t]);
      pushed += pushes[t];
      popped += pops[t];
    }
  }
  const controls = STRINGS * (T - 1);
  return {
    right: right / STRINGS,
    live: live / controls,
    meanPush: pushed / controls,
    meanPop: popped / controls,
    leastReadingPush,
    leastWritingPop,
    leastFirstWritingPop,
    greatestReadingPop,
  };
}

/** The same controller with room for `length` symbols. */
function withRoom(controller: RnnController, length: number): RnnController {
  return new RnnController({ ...controller.design, longest: length }, controller.parameters);
}

/** Whether pushes are above 0.9 while reading, and pops above 0.9 while writing, from the second step on. */
export function isCrisp({ leastReadingPush, leastWritingPop }: Examination): boolean {
  return leastReadingPush > CRISP && leastWritingPop > CRISP;
}
