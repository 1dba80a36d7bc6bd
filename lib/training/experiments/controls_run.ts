/**
 * Gradient descent on a list of pops and pushes, as a run that can be stopped and resumed.
 *
 * `n` values to reverse, `T` = 2n steps.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { type Controls, controlsGradient, type Descent } from "@/models/controls_gradient.ts";
import { type ValueReversal, valueReversal } from "@/tasks/value_reversal.ts";
import type { Run } from "../experiment.ts";
import { integer, number } from "../number_option.ts";
import { controlsOutcome } from "./controls_outcome.ts";
import { SEQUENCE_OPTIONS } from "./value_sequence.ts";

/** The options of both experiments that learn controls without a network. */
export const CONTROLS_OPTIONS = {
  ...SEQUENCE_OPTIONS,
  iterations: integer({
    default: 2000,
    minimum: 1,
    description: "steps of gradient descent",
  }),
  learningRate: number({ default: 1, above: 0, description: "length of each of them" }),
};

/** All that such a run remembers. */
export interface ControlsState {
  readonly iteration: number;
  /** The sequence to reverse, n. */
  readonly sequence: Vector;
  /** u_1 … u_T. */
  readonly pops: Vector;
  /** d_1 … d_T. */
  readonly pushes: Vector;
}

/** One step of descent on some of the controls. */
export type DescentStep = (
  task: ValueReversal,
  controls: Controls,
  learningRate: number,
) => Descent;

/**
 * Makes the run.
 *
 * @param descend Which controls learn, and how.
 * @param settings How long and how fast.
 * @param state Where to set out, or to go on.
 * @returns The run.
 */
export function controlsRun(
  descend: DescentStep,
  settings: { readonly iterations: number; readonly learningRate: number },
  state: ControlsState,
): Run<ControlsState> {
  const { iterations, learningRate } = settings;
  const { sequence } = state;
  const task = valueReversal(sequence.map((value) => [value]));
  let iteration = state.iteration;
  let controls: Controls = { pops: state.pops, pushes: state.pushes };
  return {
    get iteration() {
      return iteration;
    },
    iterations,
    get finished() {
      return iteration >= iterations;
    },
    advance(count) {
      for (; count > 0 && iteration < iterations; count--, iteration++) {
        ({ controls } = descend(task, controls, learningRate));
      }
    },
    metrics: () => ({ iteration, error: controlsGradient(task, controls).loss, ...controls }),
    state: () => ({ iteration, sequence, ...controls }),
    outcome: (history) => controlsOutcome(task, controls, history),
  };
}
