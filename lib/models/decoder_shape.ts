/**
 * The decoder's shape and its parameters by name.
 *
 * Without attention these are the sequence model's of the same cell, without the start where it is given one. With attention
 * the lowest layer and the logits also read the context.
 *
 * | name                     | dimensions          | what it is                              |
 * | ------------------------ | ------------------- | --------------------------------------- |
 * | `embedding.weight`       | K × E               | what stands for each symbol             |
 * | `cells.l.…`              |                     | as in `parameterShapes`; layer 0 has E + C inputs |
 * | `attention.query.weight` | A × H               | W_q, from h_{t−1}; with attention only  |
 * | `attention.key.weight`   | A × C               | W_k, from a place                       |
 * | `attention.score.weight` | 1 × A               | w; additive attention only              |
 * | `logits.weight`, `.bias` | K × (H + C), K      | [h_t; z_t] → logits                     |
 *
 * `H` hidden units, `E` embedding width, `C` numbers at a place that is attended to (0 without attention), `A` in a projection,
 * `K` symbols.
 *
 * @module
 */
import type { AttentionWeights } from "@/network/attention.ts";
import type { CellWeights } from "@/network/cell.ts";
import type { NamedTensors, ParameterShape } from "./named_tensors.ts";
import { cellWeights, type ReadoutWeights } from "./sequence_parameters.ts";
import { type CellName, parameterShapes, type SequenceModelShape } from "./sequence_shape.ts";

/** The kinds of attention. */
export const ATTENTION_NAMES = ["none", "additive", "dot-product"] as const;

/** One of them. */
export type AttentionName = (typeof ATTENTION_NAMES)[number];

/** Everything that defines a decoder except its parameters. */
export interface DecoderShape {
  /** The kind of every layer's cell. */
  readonly cell: CellName;
  readonly layers: number;
  /** `H`. */
  readonly hidden: number;
  /** `E`. */
  readonly embedding: number;
  /** `K`. */
  readonly symbols: number;
  /** How it reads the places that it may attend to. */
  readonly attention: AttentionName;
  /** `A`; 0 without attention. */
  readonly attentionWidth: number;
  /** `C`; 0 without attention. */
  readonly placeWidth: number;
  /** Whether h_0 and c_0 are trained; otherwise it is given a state to start from. */
  readonly trainsStart: boolean;
}

/** The parameters of a decoder, or their gradients; the cells have no h_0 and c_0 unless they are trained. */
export interface DecoderWeights extends ReadoutWeights {
  /** A row for each symbol, `K` × `E`. */
  readonly embedding: Float64Array;
  /** Of each layer, the lowest first. */
  readonly cells: readonly CellWeights[];
  /** With attention only. */
  readonly attention?: AttentionWeights;
}

/**
 * The sequence model that a decoder without attention is.
 *
 * @param shape The decoder's.
 * @returns The shape of a model without a memory.
 */
export function decoderModelShape(
  { cell, layers, hidden, embedding, symbols }: DecoderShape,
): SequenceModelShape {
  return { cell, layers, hidden, embedding, symbols, memory: "none", valueWidth: 0 };
}

/**
 * Lists a decoder's parameters.
 *
 * @example A small RNN that attends to places of 3 numbers.
 * ```ts
 * import { decoderShapes } from "@/models/decoder_shape.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 4, embedding: 2, symbols: 6, trainsStart: false };
 * const attention = { attention: "additive", attentionWidth: 5, placeWidth: 3 } as const;
 * assertEquals(decoderShapes({ cell: "rnn", ...sizes, ...attention }), [
 *   ["embedding.weight", [6, 2]],
 *   ["cells.0.weight_ih", [4, 2 + 3]],
 *   ["cells.0.weight_hh", [4, 4]],
 *   ["cells.0.bias", [4]],
 *   ["attention.query.weight", [5, 4]],
 *   ["attention.key.weight", [5, 3]],
 *   ["attention.score.weight", [1, 5]],
 *   ["logits.weight", [6, 4 + 3]],
 *   ["logits.bias", [6]],
 * ]);
 * ```
 * @param shape The decoder's shape.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell or attention.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a width of attention without attention.
 */
export function decoderShapes(shape: DecoderShape): ParameterShape[] {
  checkAttention("list the decoder's parameters", shape);
  const { hidden: H, attention, attentionWidth: A, placeWidth: C, trainsStart } = shape;
  const shapes = parameterShapes(decoderModelShape(shape))
    .filter(([name]) => trainsStart || !/\.[hc]0$/.test(name))
    .map(([name, [rows, columns]]): ParameterShape =>
      ["cells.0.weight_ih", "logits.weight"].includes(name)
        ? [name, [rows, columns + C]]
        : [name, columns === undefined ? [rows] : [rows, columns]]
    );
  if (attention === "none") return shapes;
  const own: ParameterShape[] = [
    ["attention.query.weight", [A, H]],
    ["attention.key.weight", [A, C]],
  ];
  if (attention === "additive") own.push(["attention.score.weight", [1, A]]);
  return shapes.toSpliced(-2, 0, ...own); // before the logits
}

function checkAttention(
  action: string,
  { attention, attentionWidth, placeWidth }: DecoderShape,
): void {
  if (!ATTENTION_NAMES.includes(attention)) {
    const wanted = ATTENTION_NAMES.map((name) => `"${name}"`).join(" or ");
    throw new TypeError(`Cannot ${action}: wanted attention ${wanted}, got ${attention}`);
  }
  for (const [name, size] of Object.entries({ attentionWidth, placeWidth })) {
    const isRight = attention === "none" ? size === 0 : Number.isSafeInteger(size) && size >= 1;
    if (isRight) continue;
    const wanted = attention === "none" ? `${name} 0 without attention` : `${name} of at least 1`;
    throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${size}`);
  }
}

/**
 * Groups a decoder's parameters; nothing is copied.
 *
 * @param shape The decoder's shape.
 * @param parameters Its parameters by name, among others.
 * @returns The same arrays.
 */
export function decoderWeights(shape: DecoderShape, parameters: NamedTensors): DecoderWeights {
  const attention = {
    Wq: parameters["attention.query.weight"],
    Wk: parameters["attention.key.weight"],
    w: parameters["attention.score.weight"],
  };
  return {
    embedding: parameters["embedding.weight"],
    cells: Array.from({ length: shape.layers }, (_, l) => cellWeights(parameters, l)),
    attention: shape.attention === "none" ? undefined : attention,
    Wl: parameters["logits.weight"],
    bl: parameters["logits.bias"],
  };
}
