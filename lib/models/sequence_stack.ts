/**
 * The stack as a model uses it, a step at a time: the dense reference, or the exact sparse one for long strings.
 *
 * A model cannot hand a stack all its pushes and pops at once, since each depends on the read before it.
 *
 * `T` steps, `M` value width; t counts steps from 0.
 *
 * @module
 */
import type { Matrix, Vector } from "@/math/shapes.ts";
import { createSparseStack, type SparseStack, stepSparseStack } from "@/memory/sparse_stack.ts";
import { reverseSparseStackStep } from "@/memory/sparse_stack_gradient.ts";
import { nextStrengths, nextValues, readStack, type StackTrace } from "@/memory/stack.ts";
import { readBackward, strengthsBackward } from "@/memory/stack_gradient.ts";

/** What is asked of a stack at one step. */
export interface StackControls {
  /** v_t, `M`. */
  readonly value: Vector;
  /** u_t, at least 0. */
  readonly pop: number;
  /** d_t, at least 0. */
  readonly push: number;
}

/** What a stack gives at one step. */
export interface StackStep {
  /** r_t, `M`. */
  readonly read: Vector;
  /** s_t, t + 1 strengths; none from the sparse stack, which never writes them all down. */
  readonly strengths: Vector;
}

/** Gradients of the loss by what was asked of a stack at one step. */
export interface StackStepGradient {
  /** ∂L/∂v_t, `M`. */
  readonly gValue: Vector;
  /** ∂L/∂u_t. */
  readonly gPop: number;
  /** ∂L/∂d_t. */
  readonly gPush: number;
}

/** A way to keep a stack. */
export interface StackKind {
  /** Starts with an empty stack for `steps` steps of values of `width` numbers; what it returns takes a step. */
  readonly start: (steps: number, width: number) => (controls: StackControls) => StackStep;
  /** Starts at the end of what was run; what it returns reverses a step, from the last to the first. */
  readonly startBackward: (trace: StackTrace) => (gRead: Vector) => StackStepGradient;
}

/**
 * The reference: every row at every step, as the equations are printed.
 *
 * V_t, s_t and r_t from equations (1)–(3) in `stack.ts`; backwards, `stack_gradient.ts`.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (1)–(3) and Appendix A.
 *
 * @example Push two values, and reverse both steps from a gradient by the last read.
 * ```ts
 * import { denseStack } from "@/models/sequence_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const step = denseStack.start(2, 1), [values, pops, pushes] = [[[2], [4]], [0, 0], [0.75, 0.5]];
 * const steps = values.map((value, t) => step({ value, pop: pops[t], push: pushes[t] }));
 * const [reads, strengths] = [steps.map(({ read }) => read), steps.map(({ strengths }) => strengths)];
 * assertEquals(reads, [[1.5], [3]]);
 * const reverse = denseStack.startBackward({ values, pops, pushes, reads, strengths });
 * assertEquals(reverse([1]), { gValue: [0.5], gPop: 0, gPush: 2 });
 * assertEquals(reverse([0]), { gValue: [0.5], gPop: 0, gPush: 0 });
 * ```
 */
export const denseStack: StackKind = {
  start() {
    let [V, s]: [Matrix, Vector] = [[], []];
    return ({ value, pop, push }) => {
      V = nextValues(V, value);
      s = nextStrengths(s, pop, push);
      return { read: readStack(V, s), strengths: s };
    };
  },
  startBackward({ values, pops, strengths }) {
    const gV = values.map((value) => value.map(() => 0));
    let gSNext: Vector = values.map(() => 0); // ∂L/∂s_t, as felt from step t + 1 on
    let t = values.length;
    return (gRead) => {
      t--;
      const read = readBackward(values.slice(0, t + 1), strengths[t], gRead);
      read.gValues.forEach((row, i) => row.forEach((gV_im, m) => gV[i][m] += gV_im));
      const gS = read.gStrengths.map((gS_i, i) => gS_i + gSNext[i]);
      const step = strengthsBackward(strengths[t - 1] ?? [], pops[t], gS);
      gSNext = step.gStrengthsPrev;
      return { gValue: gV[t], gPop: step.gPop, gPush: step.gPush };
    };
  },
};

/**
 * The exact sparse stack: only the rows that a step touches.
 *
 * The same numbers as {@linkcode denseStack}, save for rounding, in time and memory linear in the steps.
 *
 * Source: `sparse_stack.ts` and `sparse_stack_gradient.ts`.
 *
 * @example The same reads.
 * ```ts
 * import { denseStack, sparseStack } from "@/models/sequence_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [dense, sparse] = [denseStack, sparseStack].map((kind) => kind.start(2, 1));
 * for (const controls of [{ value: [2], pop: 0, push: 0.75 }, { value: [4], pop: 0.25, push: 0.5 }]) {
 *   assertEquals(sparse(controls).read, dense(controls).read);
 * }
 * ```
 */
export const sparseStack: StackKind = {
  start(steps, width) {
    const stack = createSparseStack(steps, width);
    return (controls) => {
      const read = stepSparse(stack, controls);
      return { read, strengths: [] };
    };
  },
  startBackward({ values, pops, pushes }) {
    const stack = createSparseStack(values.length, values[0].length);
    values.forEach((value, t) => stepSparse(stack, { value, pop: pops[t], push: pushes[t] }));
    return (gRead) => {
      const t = stack.time - 1;
      stack.gReads.set(gRead, t * stack.width);
      reverseSparseStackStep(stack, t);
      const gValue = rowOf(stack.gValues, stack.width, t);
      return { gValue, gPop: stack.gPops[t], gPush: stack.gPushes[t] };
    };
  },
};

/** Takes the next step of a sparse stack, and returns r_t. */
function stepSparse(stack: SparseStack, { value, pop, push }: StackControls): Vector {
  const t = stack.time;
  stack.values.set(value, t * stack.width);
  stack.pops[t] = pop;
  stack.pushes[t] = push;
  stepSparseStack(stack, t);
  return rowOf(stack.reads, stack.width, t);
}

function rowOf(rows: Float64Array, width: number, t: number): Vector {
  return [...rows.subarray(t * width, (t + 1) * width)];
}
