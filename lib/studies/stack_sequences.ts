/**
 * Random sequences of a stack's inputs, by the kind of their controls, on which two stacks can be compared.
 *
 * | kind              | pops and pushes                                                              |
 * | ----------------- | ---------------------------------------------------------------------------- |
 * | `"uniform"`       | from 0 to 1                                                                  |
 * | `"nearly 0 or 1"` | within 0.01 of 0 or 1, four pops and six pushes of ten near 1                |
 * | `"reversal"`      | pushes near 1 and pops near 0 in the first half, the other way in the second |
 * | `"tiny"`          | pops below 0.001, pushes below 0.002                                         |
 * | `"eighths"`       | multiples of 1/8, so that nothing is rounded and many pops end between rows  |
 *
 * The controls of `"reversal"` are those of a network that has learned to reverse, but whose gates are not saturated yet.
 *
 * `T` steps, `M` value width.
 *
 * @module
 */
import { range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import type { StackInputs } from "@/memory/stack.ts";

/** A sequence, and the gradients of its reads. */
export interface StackSequence {
  readonly inputs: StackInputs;
  /** ∂L/∂r_1 … ∂L/∂r_T, `T` × `M`. */
  readonly gReads: Matrix;
}

/** How the controls of a sequence are drawn. */
export interface ControlKind {
  /** Draws u_t, where `t` counts from 0 and `steps` is `T`. */
  pop(random: RandomSource, t: number, steps: number): number;
  /** Draws d_t. */
  push(random: RandomSource, t: number, steps: number): number;
}

/** Draws a number within 0.01 of 1 or of 0. */
function drawNearly(one: boolean, random: RandomSource): number {
  const distance = random.uniform(0, 0.01);
  return one ? 1 - distance : distance;
}

/** The kinds of controls by their names. */
export const CONTROL_KINDS: Readonly<Record<string, ControlKind>> = {
  "uniform": { pop: (random) => random.uniform(), push: (random) => random.uniform() },
  "nearly 0 or 1": {
    pop: (random) => drawNearly(random.uniform() < 0.4, random),
    push: (random) => drawNearly(random.uniform() < 0.6, random),
  },
  "reversal": {
    pop: (random, t, T) => drawNearly(t >= T / 2, random),
    push: (random, t, T) => drawNearly(t < T / 2, random),
  },
  "tiny": {
    pop: (random) => random.uniform(0, 0.001),
    push: (random) => random.uniform(0, 0.002),
  },
  "eighths": {
    pop: (random) => random.integer(0, 9) / 8,
    push: (random) => random.integer(0, 9) / 8,
  },
};

/**
 * Draws a sequence: its controls, and whole numbers from −9 to 9 as values and as gradients of its reads.
 *
 * @example Controls in eighths.
 * ```ts
 * import { CONTROL_KINDS, drawStackSequence } from "@/studies/stack_sequences.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const { inputs, gReads } = drawStackSequence(CONTROL_KINDS["eighths"], 100, 2, seededRandom(1));
 * assert(inputs.pops.every((u) => Number.isInteger(8 * u)));
 * assertEquals([gReads.length, gReads[0].length], [100, 2]);
 * ```
 * @param kind How its controls are drawn.
 * @param steps `T`.
 * @param width `M`.
 * @param random The source of all numbers: first pops, then pushes, values, and gradients.
 * @returns The sequence.
 */
export function drawStackSequence(
  kind: ControlKind,
  steps: number,
  width: number,
  random: RandomSource,
): StackSequence {
  const times = range(steps), wholes = () => range(width).map(() => random.integer(-9, 10));
  const pops = times.map((t) => kind.pop(random, t, steps));
  const pushes = times.map((t) => kind.push(random, t, steps));
  const values = times.map(wholes), gReads = times.map(wholes);
  return { inputs: { values, pops, pushes }, gReads };
}

/**
 * Creates the reversal of the benchmark: values between −1 and 1, pushes and pops within 0.01 of 0 or 1.
 *
 * @example Pushes first, then pops.
 * ```ts
 * import { createReversalSequence } from "@/studies/stack_sequences.ts";
 * import { assert } from "@std/assert";
 *
 * const { inputs: { pushes, pops } } = createReversalSequence(100, 4);
 * assert(pushes[0] > 0.99 && pops[0] < 0.01);
 * assert(pushes[99] < 0.01 && pops[99] > 0.99);
 * ```
 * @param steps `T`; an even number gives as many pops as pushes.
 * @param width `M`.
 * @returns The sequence, which depends on `steps` and `width` only.
 */
export function createReversalSequence(steps: number, width: number): StackSequence {
  const random = seededRandom(`a reversal of ${steps} steps`);
  const drawControl = (on: boolean) => drawNearly(on, random);
  const rows = () =>
    Array.from({ length: steps }, () => Array.from({ length: width }, () => random.uniform(-1, 1)));
  const values = rows(), half = steps / 2;
  const pops = values.map((_, t) => drawControl(t >= half));
  const pushes = values.map((_, t) => drawControl(t < half));
  return { inputs: { values, pops, pushes }, gReads: rows() };
}
