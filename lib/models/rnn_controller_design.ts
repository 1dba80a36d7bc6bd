/**
 * What defines a recurrent controller, save its parameters, and what it is given to work on.
 *
 * @module
 */
import type { StackGradientKind } from "@/memory/flat_stack_gradient.ts";
import type { Squash } from "@/network/squash.ts";
import type { ControllerSizes } from "./rnn_controller_parameters.ts";

/** All that defines a controller, save its parameters. */
export interface ControllerDesign {
  readonly sizes: ControllerSizes;
  /** The most symbols n that a string will have; T = 2n. */
  readonly longest: number;
  /** What o_t ends in. */
  readonly output: Squash;
  /** h_0 and r_0: all 0, or (1, 0, 0, …) as in the tutorial's first run. */
  readonly start: "zeros" | "one-hot";
  /** λ_h, λ_p and λ_v, the weights of the readouts in the loss; 0 leaves one out. */
  readonly readouts: ReadoutWeights;
  /** Which gradient of the stack to follow. */
  readonly stackGradient: StackGradientKind;
}

/** What each readout that must reconstruct the previous input counts for. */
export interface ReadoutWeights {
  /** λ_h: from h_t. */
  readonly hidden: number;
  /** λ_p: from o′_t. */
  readonly outputPrime: number;
  /** λ_v: from v_t. */
  readonly value: number;
}

/** A string: n symbols, T = 2n steps of inputs and targets. */
export interface ControllerString {
  /** n. */
  readonly length: number;
  /** T × K. */
  readonly inputs: Float64Array;
  /** T × Y. */
  readonly targets: Float64Array;
}

/** Noise on the push and the pop, before their σ: it makes the network prefer controls that are all or nothing. */
export interface ControlNoise {
  /** Its standard deviation. */
  readonly deviation: number;
  /** Normal numbers of deviation 1. */
  normal(): number;
}
