/**
 * What happened while a network with a stack answered one string: what it was fed, and what it told its
 * stack, step by step.
 *
 * `T` steps, as many as it took: 2k + 2 if the answer is the reverse of k characters.
 *
 * @module
 */
import type { Stepper } from "@/engine/stepper.ts";
import { createSparseStack, stepSparseStack } from "@/memory/sparse_stack.ts";
import { decodingSteps } from "@/tasks/decoding.ts";
import type { ReversalSymbols } from "@/tasks/reversal.ts";

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
 * Lets a network answer a string, and notes what happens.
 *
 * @example An untrained network, which does not know when to end, is stopped after 2k symbols.
 * ```ts
 * import { createStepper } from "@/engine/stepper.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { reversalSymbols } from "@/tasks/reversal.ts";
 * import { traceDecoding } from "@/training/decoding_trace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const symbols = reversalSymbols(2);
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 4, symbols: symbols.size };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const stepper = createStepper(shape, initialParameters(shape, seededRandom(1)));
 * const { fed, answer } = traceDecoding(stepper, symbols, [0, 1, 1]);
 * assertEquals([...fed.slice(0, 5)], [symbols.start, 0, 1, 1, symbols.separator]);
 * assertEquals([...fed.slice(5)], [...answer.slice(0, -1)]);
 * ```
 * @param network The network; without a stack, pushes and pops mean nothing.
 * @param symbols The symbols of the task.
 * @param string a_1 … a_k, at least one; characters only.
 * @param onStep Called after each step with the number of steps so far.
 * @returns What happened.
 * @throws {RangeError} If a logit is NaN.
 */
export function traceDecoding(
  network: Stepper,
  symbols: ReversalSymbols,
  string: ArrayLike<number>,
  onStep: (steps: number) => void = () => {},
): DecodingTrace {
  const most = 3 * string.length + 1; // start, the string, and 2k symbols more, the separator among them
  const fed = new Int32Array(most);
  const [pushes, pops] = [new Float32Array(most), new Float32Array(most)];
  let T = 0;
  const watched = {
    start: (strings: number) => network.start(strings),
    step(symbols: Int32Array): Float32Array {
      fed[T] = symbols[0];
      const logits = network.step(symbols), { pushes: [d], pops: [u] } = network.controls();
      [pushes[T], pops[T]] = [d, u];
      onStep(++T);
      return logits;
    },
  };
  const steps = decodingSteps(watched, symbols, [string]);
  let next = steps.next();
  while (!next.done) next = steps.next();
  const [answer] = next.value;
  return {
    answer,
    fed: fed.slice(0, T),
    pushes: pushes.slice(0, T),
    pops: pops.slice(0, T),
  };
}

/** Rows of a stack, from the top down. */
export interface TopRows {
  /** Their strengths, the topmost first. */
  readonly strengths: readonly number[];
  /** How many there are below them, weak ones among them. */
  readonly deeper: number;
}

/**
 * What is on top of a stack after each step, by equation (2) from pops and pushes alone.
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
 * @param shown At `most` so many rows are given, each of strength `least` or more.
 * @returns A generator that yields what is on top after each step.
 */
export function* topRows(
  { pushes, pops }: {
    readonly pushes: ArrayLike<number>;
    readonly pops: ArrayLike<number>;
  },
  { most, least }: { readonly most: number; readonly least: number },
): Generator<TopRows> {
  const T = pushes.length, stack = createSparseStack(T, 1); // what the values are is of no account
  stack.pushes.set(pushes);
  stack.pops.set(pops);
  const heights = new Int32Array(T); // what lies beneath row t is settled at step t for good
  const heightOf = (row: number) => row < 0 ? 0 : heights[row];
  for (let t = 0; t < T; t++) {
    stepSparseStack(stack, t);
    heights[t] = heightOf(stack.below[t]) + 1;
    const strengths: number[] = [];
    let k = t;
    for (; k >= 0 && strengths.length < most; k = stack.below[k]) {
      if (stack.strengths[k] >= least) strengths.push(stack.strengths[k]);
    }
    yield { strengths, deeper: heightOf(k) };
  }
}
