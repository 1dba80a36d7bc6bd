/**
 * The parameters of the recurrent controller, one flat array with a named view of each weight matrix, and the types that
 * configure a controller.
 *
 * | view | shape   | from → to                 | view | shape   | from → to                          |
 * | ---- | ------- | ------------------------- | ---- | ------- | ---------------------------------- |
 * | `Wx` | H × K   | x_t → h_t                 | `bh` | H       | bias of h_t                        |
 * | `Wh` | H × H   | h_{t−1} → h_t             | `bp` | P       | bias of o′_t                       |
 * | `Wr` | H × M   | r_{t−1} → h_t             | `bd` | 1       | bias of the push d_t               |
 * | `Wp` | P × H   | h_t → o′_t                | `bu` | 1       | bias of the pop u_t                |
 * | `Wd` | 1 × P   | o′_t → push d_t           | `bv` | M       | bias of the value v_t              |
 * | `Wu` | 1 × P   | o′_t → pop u_t            | `bo` | Y       | bias of the output o_t             |
 * | `Wv` | M × P   | o′_t → value v_t          | `Ah` | K × H   | h_t → readout of x_{t−1}, no bias  |
 * | `Wo` | Y × P   | o′_t → output o_t         | `Ap` | K × P   | o′_t → readout of x_{t−1}, no bias |
 * |      |         |                           | `Av` | K × M   | v_t → readout of x_{t−1}, no bias  |
 *
 * `K` inputs, `H` hidden units, `P` units of o′, `M` stack width, `Y` outputs.
 *
 * Source: Grefenstette et al. 2015, section 3.4; the readouts from h_t and o′_t are Trask 2016, part 6.
 *
 * @module
 */
import type { StackGradientKind } from "./flat_stack.ts";
import type { Squash } from "./layers.ts";

/** The width of each layer. */
export interface ControllerSizes {
  /** `K`. */
  readonly inputs: number;
  /** `H`. */
  readonly hidden: number;
  /** `P`. */
  readonly outputPrime: number;
  /** `M`. */
  readonly stackWidth: number;
  /** `Y`. */
  readonly outputs: number;
}

/** The order in which the tutorial draws its parameters; `Av`, which it does not have, is last. */
const VIEWS = [
  ...["Wx", "Ah", "Ap", "Wh", "Wr", "bh", "Wp", "bp"] as const,
  ...["Wd", "Wu", "Wv", "Wo", "bd", "bu", "bv", "bo", "Av"] as const,
] as const;

/** The name of a weight matrix or bias. */
export type ParameterName = typeof VIEWS[number];

/** All parameters or their gradients: a flat array, and a view of each part of it. */
export type ControllerParameters =
  & { readonly flat: Float64Array }
  & { readonly [Name in ParameterName]: Float64Array };

/** Returns the shape of each view: rows (outputs), then columns (inputs). */
export function parameterShapes(sizes: ControllerSizes): Record<ParameterName, [number, number]> {
  const { inputs: K, hidden: H, outputPrime: P, stackWidth: M, outputs: Y } = sizes;
  return {
    Wx: [H, K],
    Ah: [K, H],
    Ap: [K, P],
    Wh: [H, H],
    Wr: [H, M],
    bh: [H, 1],
    Wp: [P, H],
    bp: [P, 1],
    Wd: [1, P],
    Wu: [1, P],
    Wv: [M, P],
    Wo: [Y, P],
    bd: [1, 1],
    bu: [1, 1],
    bv: [M, 1],
    bo: [Y, 1],
    Av: [K, M],
  };
}

/**
 * Allocates all parameters of a controller.
 *
 * @example Views share memory with the flat array.
 * ```ts
 * import { createParameters } from "@/tutorial/controller_parameters.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const sizes = { inputs: 4, hidden: 8, outputPrime: 8, stackWidth: 2, outputs: 4 };
 * const parameters = createParameters(sizes);
 * assertEquals(parameters.flat.length, 336);
 * parameters.bd[0] = 0.5;
 * assert(parameters.flat.includes(0.5));
 * ```
 * @param sizes Width of each layer.
 * @returns Parameters, all 0.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 */
export function createParameters(sizes: ControllerSizes): ControllerParameters {
  for (const [name, size] of Object.entries(sizes)) {
    if (!(Number.isInteger(size) && size > 0)) {
      throw new RangeError(`Cannot make a controller: wanted ${name} of at least 1, got ${size}`);
    }
  }
  const shapes = parameterShapes(sizes);
  const total = VIEWS.reduce((sum, name) => sum + shapes[name][0] * shapes[name][1], 0);
  const flat = new Float64Array(total);
  const views: Partial<Record<ParameterName, Float64Array>> = {};
  let offset = 0;
  for (const name of VIEWS) {
    const size = shapes[name][0] * shapes[name][1];
    views[name] = flat.subarray(offset, offset + size);
    offset += size;
  }
  return { flat, ...views as Record<ParameterName, Float64Array> };
}

/** The distribution of the initial parameters. */
export interface ParameterStart {
  /** Lower end of the range of b_d, which is 0.2 wide. */
  readonly pushBias: number;
  /** Lower end of the range of b_u, which is 0.2 wide. */
  readonly popBias: number;
  /** True to draw the readout from v_t too, after all others; otherwise it is 0. The tutorial does not have it. */
  readonly valueReadout: boolean;
}

/**
 * Draws initial parameters in the order of the tutorial: uniform from −0.1 to 0.1, except for b_d and b_u.
 *
 * The tutorial's matrices are inputs × outputs; the ones here are outputs × inputs, so they are filled column by column.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @param sizes Width of each layer.
 * @param start Ranges of b_d and b_u, and whether to draw the readout from v_t.
 * @param draws Source of random numbers in [0, 1).
 * @returns The random parameters.
 */
export function drawParameters(
  sizes: ControllerSizes,
  start: ParameterStart,
  draws: { uniform(): number },
): ControllerParameters {
  const parameters = createParameters(sizes), shapes = parameterShapes(sizes);
  for (const name of VIEWS) {
    if (name === "Av" && !start.valueReadout) continue;
    const [rows, columns] = shapes[name], view = parameters[name];
    const low = name === "bd" ? start.pushBias : name === "bu" ? start.popBias : -0.1;
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < rows; j++) view[j * columns + i] = draws.uniform() * 0.2 + low;
    }
  }
  return parameters;
}

/** The configuration of a controller, without its parameters. */
export interface ControllerDesign {
  readonly sizes: ControllerSizes;
  /** Maximum number of symbols n of a string; T = 2n. */
  readonly longest: number;
  /** Activation function of o_t. */
  readonly output: Squash;
  /** h_0 and r_0: all 0, or (1, 0, 0, …) as in the tutorial's first run. */
  readonly start: "zeros" | "one-hot";
  /** λ_h, λ_p and λ_v, the weights of the readouts in the loss; 0 disables a readout. */
  readonly readouts: ReadoutWeights;
  /** The gradient of the stack that the backward pass computes. */
  readonly stackGradient: StackGradientKind;
}

/** The weights in the loss of the readouts, which must reconstruct the previous input. */
export interface ReadoutWeights {
  /** λ_h: from h_t. */
  readonly hidden: number;
  /** λ_p: from o′_t. */
  readonly outputPrime: number;
  /** λ_v: from v_t. */
  readonly value: number;
}

/** A string of n symbols as T = 2n steps of inputs and targets. */
export interface ControllerString {
  /** n. */
  readonly length: number;
  /** T × K. */
  readonly inputs: Float64Array;
  /** T × Y. */
  readonly targets: Float64Array;
}

/** Noise added to push and pop before their σ; it drives the network towards saturated gates, near 0 or 1. */
export interface ControlNoise {
  /** Standard deviation. */
  readonly deviation: number;
  /** Draws a normal number of mean 0 and deviation 1. */
  normal(): number;
}
