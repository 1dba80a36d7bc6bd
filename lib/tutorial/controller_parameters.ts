/**
 * The parameters of the recurrent controller: one flat array, and a named view of each weight matrix.
 *
 * | view | shape   | from → to                 | view | shape   | from → to                          |
 * | ---- | ------- | ------------------------- | ---- | ------- | ---------------------------------- |
 * | `Wx` | H × K   | x_t → h_t                 | `bh` | H       | bias of h_t                        |
 * | `Wh` | H × H   | h_{t−1} → h_t             | `bp` | P       | bias of o′_t                       |
 * | `Wr` | H × M   | r_{t−1} → h_t             | `bd` | 1       | bias of the push d_t               |
 * | `Wp` | P × H   | h_t → o′_t                | `bu` | 1       | bias of the pop u_t                |
 * | `Wd` | 1 × P   | o′_t → push d_t           | `bv` | M       | bias of the value v_t              |
 * | `Wu` | 1 × P   | o′_t → pop u_t            | `bo` | Y       | bias of the output o_t             |
 * | `Wv` | M × P   | o′_t → value v_t          | `Ah` | K × H   | h_t → a guess at x_{t−1}, no bias  |
 * | `Wo` | Y × P   | o′_t → output o_t         | `Ap` | K × P   | o′_t → a guess at x_{t−1}, no bias |
 * |      |         |                           | `Av` | K × M   | v_t → a guess at x_{t−1}, no bias  |
 *
 * `K` inputs, `H` hidden units, `P` units of o′, `M` stack width, `Y` outputs.
 *
 * Source: Grefenstette et al. 2015, section 3.4; the readouts from h_t and o′_t are Trask 2016, part 6.
 *
 * @module
 */
import type { StackGradientKind } from "./flat_stack.ts";
import type { Squash } from "./layers.ts";

/** How wide each layer is. */
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

/** In the tutorial's order of drawing; `Av`, which it has not, comes last. */
const VIEWS = [
  ...["Wx", "Ah", "Ap", "Wh", "Wr", "bh", "Wp", "bp"] as const,
  ...["Wd", "Wu", "Wv", "Wo", "bd", "bu", "bv", "bo", "Av"] as const,
] as const;

/** The name of a weight matrix or bias. */
export type ParameterName = typeof VIEWS[number];

/** All parameters, or all gradients by them: a flat array, and a view of each part of it. */
export type ControllerParameters =
  & { readonly flat: Float64Array }
  & { readonly [Name in ParameterName]: Float64Array };

/** The shape of each view, rows (outputs) then columns (inputs). */
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
 * Makes room for all parameters of a controller.
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
 * @param sizes How wide each layer is.
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
  let at = 0;
  for (const name of VIEWS) {
    const size = shapes[name][0] * shapes[name][1];
    views[name] = flat.subarray(at, at + size);
    at += size;
  }
  return { flat, ...views as Record<ParameterName, Float64Array> };
}

/** How the parameters start. */
export interface ParameterStart {
  /** Least b_d; it is drawn from the 0.2 above. */
  readonly pushBias: number;
  /** Least b_u; it is drawn from the 0.2 above. */
  readonly popBias: number;
  /** Whether the readout from v_t, which the tutorial has not, is drawn too, after all others; 0 otherwise. */
  readonly valueReadout: boolean;
}

/**
 * Draws starting parameters as the tutorial does, in its order: uniform from −0.1 to 0.1, except for b_d and b_u.
 *
 * Its weights lie inputs × outputs, ours the other way round, so ours are filled by columns.
 *
 * Source: Trask 2016, "DeepMind's Neural Stack Machine", parts 5 and 6.
 *
 * @param sizes How wide each layer is.
 * @param start Where b_d and b_u start, and whether there is a readout from v_t.
 * @param draws Numbers from [0, 1).
 * @returns Parameters, drawn.
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
    const least = name === "bd" ? start.pushBias : name === "bu" ? start.popBias : -0.1;
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < rows; j++) view[j * columns + i] = draws.uniform() * 0.2 + least;
    }
  }
  return parameters;
}

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
