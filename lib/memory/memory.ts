/**
 * The interface of a memory: ports to push to, pop from and read, a step forward, and the step's adjoint.
 *
 * A memory has one port (a stack's top) or two (a deque's ends). At each step every port gets a value with a push and a
 * pop, and gives a read. A memory knows one step; the loop over time is here, once for all of them. A model, whose
 * controls depend on the previous read, has its own loop over the same two functions.
 *
 * `T` steps, `M` numbers in a value, `P` ports; t counts steps from 0.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";

/** The controls of one port at one step. */
export interface Controls {
  /** v_t, `M`. */
  readonly value: Vector;
  /** u_t, at least 0. */
  readonly pop: number;
  /** d_t, at least 0. */
  readonly push: number;
}

/** Gradients of the loss with respect to one port's controls at one step. */
export interface ControlsGradient {
  /** ∂L/∂v_t, `M`. */
  readonly gValue: Vector;
  /** ∂L/∂u_t. */
  readonly gPop: number;
  /** ∂L/∂d_t. */
  readonly gPush: number;
}

/** A memory's state after a step, and its reads. */
export interface MemoryStep<State> {
  readonly state: State;
  /** r_t of each port, `P` × `M`. */
  readonly reads: readonly Vector[];
}

/** A step, as its adjoint needs it. */
export interface TakenStep<State> {
  readonly before: State;
  readonly controls: readonly Controls[];
  readonly after: State;
}

/** The result of a step's adjoint. */
export interface MemoryStepGradient<Gradient> {
  /** ∂L/∂state before the step. */
  readonly gState: Gradient;
  /** Of each port's controls, `P`. */
  readonly gControls: readonly ControlsGradient[];
}

/**
 * A memory: its step, and the adjoint of the step.
 *
 * A state may be a value that `step` leaves alone (the literal memories) or one object that every step changes (the
 * sparse ones). So steps are reversed from the last to the first, each once, after `startBackward`.
 */
export interface Memory<State = unknown, Gradient = unknown> {
  /** `P`. */
  readonly ports: 1 | 2;
  /** An empty memory for values of `width` numbers, with room for `steps` steps. */
  start(width: number, steps: number): State;
  /** Pops, pushes and reads. */
  step(state: State, controls: readonly Controls[]): MemoryStep<State>;
  /** s_t, the strength of each row, bottom row first; empty where a memory does not keep them all. */
  strengths(state: State): Vector;
  /** ∂L/∂state after the last step: nothing reads the memory after it. */
  startBackward(last: State): Gradient;
  /**
   * Reverses a step.
   *
   * @param taken The step.
   * @param gNext ∂L/∂state after the step.
   * @param gReads ∂L/∂r_t of each port.
   */
  backward(
    taken: TakenStep<State>,
    gNext: Gradient,
    gReads: readonly Vector[],
  ): MemoryStepGradient<Gradient>;
}

/** A memory's controls, states and reads over `T` steps. */
export interface MemoryTrace<State> {
  /** `T` × `P`. */
  readonly controls: readonly (readonly Controls[])[];
  /** The state before each step and after the last, `T` + 1. */
  readonly states: readonly State[];
  /** `T` × `P` × `M`. */
  readonly reads: readonly (readonly Vector[])[];
}

/**
 * Runs an empty memory over a whole sequence of controls.
 *
 * @example A value that is pushed in full is read in full.
 * ```ts
 * import { runMemory } from "@/memory/memory.ts";
 * import { stackMemory } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { reads } = runMemory(stackMemory, [[{ value: [2, 3], pop: 0, push: 1 }]]);
 * assertEquals(reads, [[[2, 3]]]);
 * ```
 * @param memory Which memory.
 * @param controls Of each port at each step, `T` × `P`; not checked.
 * @returns The states and the reads.
 */
export function runMemory<State>(
  memory: Memory<State>,
  controls: readonly (readonly Controls[])[],
): MemoryTrace<State> {
  const states = [memory.start(controls[0]?.[0].value.length ?? 0, controls.length)];
  const reads: (readonly Vector[])[] = [];
  for (let t = 0; t < controls.length; t++) {
    const step = memory.step(states[t], controls[t]);
    states.push(step.state);
    reads.push(step.reads);
  }
  return { controls, states, reads };
}

/**
 * Reverses {@linkcode runMemory}: from ∂L/∂r_t at every step to the gradients of all controls.
 *
 * @example A value's gradient is the weight with which it was read.
 * ```ts
 * import { runMemory, runMemoryBackward } from "@/memory/memory.ts";
 * import { stackMemory } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runMemory(stackMemory, [[{ value: [4], pop: 0, push: 0.5 }]]);
 * const gControls = runMemoryBackward(stackMemory, trace, [[[1]]]);
 * assertEquals(gControls, [[{ gValue: [0.5], gPop: 0, gPush: 4 }]]);
 * ```
 * @param memory The same memory.
 * @param trace What {@linkcode runMemory} returned.
 * @param gReads ∂L/∂r_t of each port at each step, `T` × `P` × `M`; not checked.
 * @returns ∂L/∂controls, `T` × `P`.
 */
export function runMemoryBackward<State, Gradient>(
  memory: Memory<State, Gradient>,
  { controls, states }: MemoryTrace<State>,
  gReads: readonly (readonly Vector[])[],
): (readonly ControlsGradient[])[] {
  const T = controls.length, gControls: (readonly ControlsGradient[])[] = [];
  let gNext = memory.startBackward(states[T]);
  for (let t = T - 1; t >= 0; t--) {
    const taken = { before: states[t], controls: controls[t], after: states[t + 1] };
    const step = memory.backward(taken, gNext, gReads[t]);
    gControls[t] = step.gControls;
    gNext = step.gState;
  }
  return gControls;
}
