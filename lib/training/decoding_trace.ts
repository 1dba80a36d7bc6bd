/**
 * A trace of one answer of a network with a memory: what it was fed, and its pushes and pops, step by step.
 *
 * `T` steps, as many as it took.
 *
 * @module
 */
import type { Stepper } from "@/engine/stepper.ts";
import { stepSparseRows } from "@/memory/sparse_rows.ts";
import { createSparseStack } from "@/memory/sparse_stack.ts";
import { answerPairs } from "@/tasks/decoding.ts";
import type { Pair, Task } from "@/tasks/task.ts";

/** One answer, and how it came about. */
export interface DecodingTrace {
  /** What was written, with the terminator if there was one. */
  readonly answer: Int32Array;
  /** The symbol that was fed at each step, `T`. */
  readonly fed: Int32Array;
  /** d_t, `T`. */
  readonly pushes: Float32Array;
  /** u_t, `T`. */
  readonly pops: Float32Array;
}

/**
 * Lets a network answer the source of a pair, and records each step.
 *
 * @example What is fed is the source, then the network's own answer.
 * ```ts
 * import { createStepper } from "@/engine/stepper.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { copyTask } from "@/tasks/copy.ts";
 * import { traceDecoding } from "@/training/decoding_trace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = copyTask(2), { start, separator, size } = task.vocabulary;
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 4, symbols: size };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const stepper = createStepper(shape, initialParameters(shape, seededRandom(1)));
 * const { fed, answer } = traceDecoding(stepper, task, task.pairOf!([0, 1, 1]));
 * assertEquals([...fed.slice(0, 5)], [start, 0, 1, 1, separator]);
 * assertEquals([...fed.slice(5)], [...answer.slice(0, -1)]);
 * ```
 * @param network The network; without a memory, pushes and pops mean nothing.
 * @param task The task.
 * @param pair Its source is answered.
 * @param onStep Called after each step with the number of steps so far.
 * @returns The trace.
 * @throws {RangeError} If a logit is NaN.
 */
export function traceDecoding(
  network: Stepper,
  task: Task,
  pair: Pair,
  onStep: (steps: number) => void = () => {},
): DecodingTrace {
  const fed: number[] = [], pushes: number[] = [], pops: number[] = [];
  const recorded = {
    start: (strings: number) => network.start(strings),
    step(symbols: Int32Array): Float32Array {
      fed.push(symbols[0]);
      const logits = network.step(symbols), { pushes: [d], pops: [u] } = network.controls();
      pushes.push(d);
      pops.push(u);
      return logits;
    },
  };
  const [answer] = answerPairs(recorded, task, [pair], () => onStep(fed.length));
  return {
    answer,
    fed: Int32Array.from(fed),
    pushes: Float32Array.from(pushes),
    pops: Float32Array.from(pops),
  };
}

/** The topmost rows of a stack, from the top down. */
export interface TopRows {
  /** Their strengths, the topmost first. */
  readonly strengths: readonly number[];
  /** How many rows lie below them, weak ones included. */
  readonly deeper: number;
}

/**
 * The topmost rows of a stack after each step, by equation (2) from pops and pushes alone.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equation (2).
 *
 * @example Two pushes; a pop takes the upper row and half of the lower.
 * ```ts
 * import { topRows } from "@/training/decoding_trace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const steps = topRows({ pushes: [1, 1, 0], pops: [0, 0, 1.5] }, { most: 8, least: 0.01 });
 * assertEquals([...steps].map(({ strengths }) => strengths), [[1], [1, 1], [0.5]]);
 * ```
 * @param controls d and u, `T` each.
 * @param shown At most `most` rows are given, each of strength `least` or more.
 * @returns A generator that yields the topmost rows after each step.
 */
export function* topRows(
  { pushes, pops }: {
    readonly pushes: ArrayLike<number>;
    readonly pops: ArrayLike<number>;
  },
  { most, least }: { readonly most: number; readonly least: number },
): Generator<TopRows> {
  const T = pushes.length, stack = createSparseStack(T, 1); // values do not matter here
  stack.pushes.set(pushes);
  stack.pops.set(pops);
  for (let t = 0; t < T; t++) {
    stepSparseRows(stack, t);
    const strengths: number[] = [];
    let place = stack.tail - 1;
    for (; place >= stack.head && strengths.length < most; place--) {
      const strength = stack.strengths[stack.line[place]];
      if (strength >= least) strengths.push(strength);
    }
    yield { strengths, deeper: place + 1 - stack.head };
  }
}
