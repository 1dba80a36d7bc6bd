/**
 * The parameters of a sequence model, or their gradients: a typed array for each name.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import type { CellWeights } from "@/network/cell.ts";
import type { MemoryHeadsWeights, PortHeadsWeights } from "@/network/memory_heads.ts";
import { drawTensors, type NamedTensors, zeroTensors } from "./named_tensors.ts";
import {
  isOfControls,
  parameterShapes,
  portSuffixes,
  type SequenceModelShape,
} from "./sequence_shape.ts";

/** A tensor for each name that {@linkcode parameterShapes} lists, in its order, row by row. */
export type SequenceParameters = NamedTensors;

/** The initial biases, and the gain of the push's, the pop's and the no-op's heads. */
export interface InitialOptions {
  /** The bias of an LSTM's forget gates, 1 if left out: the cell then keeps most of its state. */
  readonly forgetBias?: number;
  /** The bias of the push's head, 0 if left out. */
  readonly pushBias?: number;
  /** The same at a deque's bottom, `pushBias` if left out. */
  readonly bottomPushBias?: number;
  /** The bias of the pop's head, −1 if left out: with these two, the pop has a gradient from the start. */
  readonly popBias?: number;
  /** The factor on the initial weights of the push's, the pop's and the no-op's heads, 1 if left out. */
  readonly gateGain?: number;
}

/**
 * Allocates a model's parameters, or their gradients.
 *
 * @example A number for each place in each tensor.
 * ```ts
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const parameters = zeroParameters({
 *   cell: "lstm",
 *   layers: 2,
 *   hidden: 8,
 *   embedding: 4,
 *   memory: "stack",
 *   valueWidth: 3,
 *   symbols: 6,
 * });
 * assertEquals(parameters["cells.0.weight_ih"].length, 4 * 8 * (4 + 3));
 * assertEquals(parameters["cells.1.c0"], new Float64Array(8));
 * ```
 * @param shape The model's shape.
 * @returns All tensors, all 0.
 * @throws {TypeError} If there is no such cell or memory.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a value width without a memory.
 */
export function zeroParameters(shape: SequenceModelShape): SequenceParameters {
  return zeroTensors(parameterShapes(shape));
}

/**
 * Copies parameters as Float64, the precision of the reference; the engine's have the same names and shapes in Float32.
 *
 * @example A tensor in double precision.
 * ```ts
 * import { copyAsFloat64 } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(copyAsFloat64({ bias: Float32Array.of(0.5) }), { bias: Float64Array.of(0.5) });
 * ```
 * @param tensors Tensors by name.
 * @returns Copies under the same names.
 */
export function copyAsFloat64(
  tensors: Readonly<Record<string, ArrayLike<number>>>,
): SequenceParameters {
  const copies = Object.entries(tensors).map(([name, W]) => [name, Float64Array.from(W)] as const);
  return Object.fromEntries(copies);
}

/**
 * Draws starting parameters, in the order of {@linkcode parameterShapes}.
 *
 * Weight matrices are uniform from −1/√n to 1/√n with n the inputs of each sum (their columns);
 * embeddings are normal with deviation 1; biases and the starting states h_0 and c_0 are 0, save the three biases
 * that the options name.
 *
 * Source: LeCun et al. 1998, "Efficient BackProp", section 4.6, for the scale of the weights, here without its √3;
 * Gers et al. 2000, "Learning to Forget", for the forget gate's bias.
 *
 * @example The same seed, the same parameters; the pop starts below one half.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = {
 *   cell: "lstm",
 *   layers: 1,
 *   hidden: 2,
 *   embedding: 4,
 *   memory: "stack",
 *   valueWidth: 3,
 *   symbols: 6,
 * } as const;
 * const parameters = initialParameters(shape, seededRandom(1));
 * assertEquals(parameters, initialParameters(shape, seededRandom(1)));
 * assertEquals([...parameters["cells.0.bias"]], [0, 0, 1, 1, 0, 0, 0, 0]);
 * assertEquals([...parameters["pop.bias"]], [-1]);
 * ```
 * @param shape The model's shape.
 * @param random Where the numbers come from.
 * @param options Biases, and the gain of the controls.
 * @returns Parameters, drawn.
 * @throws {TypeError} If there is no such cell or memory.
 * @throws {RangeError} If a size is not a whole number of at least 1, or an option is NaN or infinite.
 */
export function initialParameters(
  shape: SequenceModelShape,
  random: Pick<RandomSource, "uniform" | "normal">,
  options: InitialOptions = {},
): SequenceParameters {
  const { forgetBias = 1, pushBias = 0, popBias = -1, gateGain = 1 } = options;
  const { bottomPushBias = pushBias } = options;
  checkOptions({ forgetBias, pushBias, bottomPushBias, popBias, gateGain });
  const gainOf = (name: string) => isOfControls(name) ? gateGain : 1;
  const parameters = drawTensors(parameterShapes(shape), random, gainOf);
  if (shape.cell === "lstm") fillForgetBiases(sequenceWeights(shape, parameters).cells, forgetBias);
  portSuffixes(shape).forEach((suffix, port) => {
    parameters[`push${suffix}.bias`].fill(port === 0 ? pushBias : bottomPushBias);
    parameters[`pop${suffix}.bias`].fill(popBias);
  });
  return parameters;
}

/**
 * Sets the biases of the forget gates of LSTM cells.
 *
 * Source: Gers et al. 2000, "Learning to Forget".
 *
 * @param cells The cells' parameters, written to; gates lie in the order i, f, g, o.
 * @param forgetBias The number.
 */
export function fillForgetBiases(cells: readonly CellWeights[], forgetBias: number): void {
  for (const { b } of cells) {
    const H = b.length / 4;
    b.fill(forgetBias, H, 2 * H);
  }
}

function checkOptions(options: Required<InitialOptions>): void {
  for (const [name, number] of Object.entries(options)) {
    if (!Number.isFinite(number)) {
      throw new RangeError(`Cannot draw parameters: wanted a finite ${name}, got ${number}`);
    }
  }
}

/** A readout: x → logits. */
export interface ReadoutWeights {
  /** `K` × the width of x. */
  readonly Wl: Float64Array;
  /** `K`. */
  readonly bl: Float64Array;
}

/** The arrays of {@linkcode SequenceParameters}, grouped by part of the model; the readout is of o_t, without a memory of o′_t. */
export interface SequenceWeights extends ReadoutWeights {
  /** A row for each symbol, `K` × `E`. */
  readonly embedding: Float64Array;
  /** Of each layer, the lowest first. */
  readonly cells: readonly CellWeights[];
  /** With a memory only. */
  readonly heads?: MemoryHeadsWeights;
  /** r_t of all ports → logits, `K` × `P`·`M`, if the shape has it. */
  readonly Wr?: Float64Array;
  /** v_t → logits of the symbol before, if the shape has it. */
  readonly previous?: ReadoutWeights;
}

/**
 * Groups parameters by the part of the model that they belong to; nothing is copied.
 *
 * @example What is added to a part's gradient is added to the model's.
 * ```ts
 * import { sequenceWeights, zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 4, symbols: 5 };
 * const shape = { cell: "rnn", memory: "stack", ...sizes } as const;
 * const gradient = zeroParameters(shape);
 * sequenceWeights(shape, gradient).heads!.ports[0].bd[0] += 7;
 * assertEquals([...gradient["push.bias"]], [7]);
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters, checked before.
 * @returns The same arrays.
 */
export function sequenceWeights(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
): SequenceWeights {
  const suffixes = portSuffixes(shape);
  return {
    embedding: parameters["embedding.weight"],
    cells: Array.from({ length: shape.layers }, (_, l) => cellWeights(parameters, l)),
    heads: suffixes.length > 0 ? headsWeights(parameters, suffixes) : undefined,
    Wl: parameters["logits.weight"],
    bl: parameters["logits.bias"],
    Wr: parameters["logits.read_weight"],
    previous: shape.namesPrevious
      ? { Wl: parameters["previous.weight"], bl: parameters["previous.bias"] }
      : undefined,
  };
}

/**
 * Groups the parameters of a layer; nothing is copied.
 *
 * @param parameters `cells.l.weight_ih` and so on, of all layers.
 * @param l The layer, from 0.
 * @returns The same arrays; there is no h_0 and no c_0 if the parameters have none.
 */
export function cellWeights(parameters: NamedTensors, l: number): CellWeights {
  return {
    Wih: parameters[`cells.${l}.weight_ih`],
    Whh: parameters[`cells.${l}.weight_hh`],
    b: parameters[`cells.${l}.bias`],
    bHn: parameters[`cells.${l}.bias_hn`],
    h0: parameters[`cells.${l}.h0`],
    c0: parameters[`cells.${l}.c0`],
  };
}

function headsWeights(
  parameters: SequenceParameters,
  suffixes: readonly string[],
): MemoryHeadsWeights {
  return {
    ports: suffixes.map((suffix): PortHeadsWeights => ({
      Wd: parameters[`push${suffix}.weight`],
      bd: parameters[`push${suffix}.bias`],
      Wu: parameters[`pop${suffix}.weight`],
      bu: parameters[`pop${suffix}.bias`],
      Wn: parameters[`no_op${suffix}.weight`],
      bn: parameters[`no_op${suffix}.bias`],
      Wv: parameters[`value${suffix}.weight`],
      bv: parameters[`value${suffix}.bias`],
    })),
    Wo: parameters["output.weight"],
    bo: parameters["output.bias"],
  };
}
