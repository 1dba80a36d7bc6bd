/**
 * A sequence model's parameters, or the gradients by them, in the hands of the parts that use them.
 *
 * @module
 */
import type { MemoryHeadsWeights } from "@/network/memory_heads.ts";
import type { CellWeights } from "./sequence_cells.ts";
import type { SequenceParameters } from "./sequence_parameters.ts";
import type { SequenceModelShape } from "./sequence_shape.ts";

/** The same arrays as in {@linkcode SequenceParameters}, by what they are for. */
export interface SequenceWeights {
  /** What stands for each symbol, `K` × `E`. */
  readonly embedding: Float64Array;
  /** Of each layer, the lowest first. */
  readonly cells: readonly CellWeights[];
  /** With a stack only. */
  readonly heads?: MemoryHeadsWeights;
  /** o_t → logits, `K` × `M`; without a stack o′_t → logits, `K` × `H`. */
  readonly Wl: Float64Array;
  /** `K`. */
  readonly bl: Float64Array;
}

/**
 * Hands out parameters to the parts of a model; nothing is copied.
 *
 * @example What is added to a part's gradient is added to the model's.
 * ```ts
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { sequenceWeights } from "@/models/sequence_weights.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 4, symbols: 5 };
 * const shape = { cell: "rnn", memory: "stack", ...sizes } as const;
 * const gradient = zeroParameters(shape);
 * sequenceWeights(shape, gradient).heads!.bd[0] += 7;
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
  return {
    embedding: parameters["embedding.weight"],
    cells: Array.from({ length: shape.layers }, (_, l) => cellWeights(parameters, l)),
    heads: shape.memory === "stack" ? headsWeights(parameters) : undefined,
    Wl: parameters["logits.weight"],
    bl: parameters["logits.bias"],
  };
}

function cellWeights(parameters: SequenceParameters, l: number): CellWeights {
  return {
    Wih: parameters[`cells.${l}.weight_ih`],
    Whh: parameters[`cells.${l}.weight_hh`],
    b: parameters[`cells.${l}.bias`],
    h0: parameters[`cells.${l}.h0`],
    c0: parameters[`cells.${l}.c0`],
  };
}

function headsWeights(parameters: SequenceParameters): MemoryHeadsWeights {
  return {
    Wd: parameters["push.weight"],
    bd: parameters["push.bias"],
    Wu: parameters["pop.weight"],
    bu: parameters["pop.bias"],
    Wv: parameters["value.weight"],
    bv: parameters["value.bias"],
    Wo: parameters["output.weight"],
    bo: parameters["output.bias"],
  };
}
