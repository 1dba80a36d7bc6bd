/**
 * The encoder: reads a source from its start to its end, and keeps its state at every symbol.
 *
 * A bidirectional encoder is two: one reads the source as it is, the other from its end to its start, each with parameters
 * of its own. Their states at the same symbol stand side by side, [h→_s; h←_s], and so do their final states.
 *
 * An encoder is the sequence model of the same cell without its readout: `encoder.` and a name of `parameterShapes`, and
 * `reverse_encoder.` for the one that reads backwards.
 *
 * `S` symbols in the source, `L` layers, `H` hidden units in a layer of one direction, `D` directions, 1 or 2,
 * `E` embedding width, `K` symbols.
 *
 * Source: Cho et al. 2014, arXiv:1406.1078, section 2.2; Schuster and Paliwal 1997, "Bidirectional Recurrent Neural
 * Networks".
 *
 * @module
 */
import type { Matrix, Vector } from "@/math/shapes.ts";
import {
  type CellState,
  type CellStateGradient,
  type CellStep,
  type CellWeights,
  startCell,
  stateAfter,
} from "@/network/cell.ts";
import { embed, embedBackward } from "@/network/embedding.ts";
import { runLayers, runLayersBackward, startBackward } from "@/network/recurrent_layers.ts";
import {
  type NamedTensors,
  type ParameterShape,
  tensorsOfPart,
  withPrefix,
} from "./named_tensors.ts";
import { cellWeights } from "./sequence_parameters.ts";
import { type CellName, parameterShapes, type SequenceModelShape } from "./sequence_shape.ts";

/** Everything that defines an encoder except its parameters. */
export interface EncoderShape {
  /** The kind of every layer's cell. */
  readonly cell: CellName;
  /** `L`. */
  readonly layers: number;
  /** `H`, of one direction. */
  readonly hidden: number;
  /** `E`. */
  readonly embedding: number;
  /** `K`. */
  readonly symbols: number;
  /** Whether a second encoder reads the source from its end; no, if left out. */
  readonly bidirectional?: boolean;
}

/** The parameters of one direction, or their gradients. */
export interface DirectionWeights {
  /** A row for each symbol, `K` × `E`. */
  readonly embedding: Float64Array;
  /** Of each layer, the lowest first. */
  readonly cells: readonly CellWeights[];
}

/** What an encoder made of a source. */
export interface EncoderTrace {
  /** Of each direction, its steps in the order in which it took them, each layer's. */
  readonly directions: readonly (readonly (readonly CellStep[])[])[];
  /** The top layer's h at each symbol, the directions side by side, `S` × `D`·`H`. */
  readonly states: Matrix;
  /** Of each layer, the state in which it ended, the directions side by side. */
  readonly final: readonly CellState[];
}

/**
 * The sequence model whose cells an encoder has, one direction of it.
 *
 * @param shape The encoder's.
 * @returns The shape of a model without a memory, whose readout the encoder does not have.
 */
export function directionShape(
  { cell, layers, hidden, embedding, symbols }: EncoderShape,
): SequenceModelShape {
  return { cell, layers, hidden, embedding, symbols, memory: "none", valueWidth: 0 };
}

/** The names of an encoder's directions, the one that reads the source as it is first. */
export function directionNames({ bidirectional }: EncoderShape): readonly string[] {
  return bidirectional ? ["encoder", "reverse_encoder"] : ["encoder"];
}

/**
 * Lists an encoder's parameters.
 *
 * @example One direction of a small RNN, and both.
 * ```ts
 * import { encoderShapes } from "@/models/encoder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shape = { cell: "rnn", layers: 1, hidden: 16, embedding: 2, symbols: 6 } as const;
 * assertEquals(encoderShapes(shape), [
 *   ["encoder.embedding.weight", [6, 2]],
 *   ["encoder.cells.0.weight_ih", [16, 2]],
 *   ["encoder.cells.0.weight_hh", [16, 16]],
 *   ["encoder.cells.0.bias", [16]],
 *   ["encoder.cells.0.h0", [16]],
 * ]);
 * assertEquals(encoderShapes({ ...shape, bidirectional: true }).length, 2 * 5);
 * ```
 * @param shape The encoder's shape.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 */
export function encoderShapes(shape: EncoderShape): ParameterShape[] {
  const own = parameterShapes(directionShape(shape)).filter(([name]) =>
    !name.startsWith("logits.")
  );
  return directionNames(shape).flatMap((name) => withPrefix(name, own));
}

/**
 * Groups an encoder's parameters by direction; nothing is copied.
 *
 * @param shape The encoder's shape.
 * @param parameters Its parameters, among others.
 * @returns The same arrays.
 */
export function encoderWeights(shape: EncoderShape, parameters: NamedTensors): DirectionWeights[] {
  return directionNames(shape).map((name) => {
    const own = tensorsOfPart(name, parameters);
    const cells = Array.from({ length: shape.layers }, (_, l) => cellWeights(own, l));
    return { embedding: own["embedding.weight"], cells };
  });
}

/** The order in which a direction reads: as it is, or from the end. */
function inOrder<Item>(direction: number, list: readonly Item[]): Item[] {
  return direction === 0 ? [...list] : list.toReversed();
}

/**
 * Reads a source.
 *
 * h→_s = cell(e_s, h→_{s−1}) from s = 1 on, h←_s = cell(e_s, h←_{s+1}) from s = S down; h_s = [h→_s; h←_s]
 *
 * Source: Cho et al. 2014, section 2.2; Bahdanau et al. 2015, arXiv:1409.0473, section 3.2, for both directions.
 *
 * @param shape The encoder's shape.
 * @param weights Of each direction.
 * @param source `S` symbols, at least one.
 * @returns Its steps, its state at each symbol, and its final state.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If there is no such symbol.
 */
export function runEncoder(
  shape: EncoderShape,
  weights: readonly DirectionWeights[],
  source: readonly number[],
): EncoderTrace {
  const directions = weights.map(({ embedding, cells }, d) => {
    const inputs = source.map((symbol) => embed(embedding, shape.embedding, symbol));
    return runLayers(cells, inOrder(d, inputs), cells.map((cell) => startCell(cell)));
  });
  const tops = directions.map((steps, d) =>
    inOrder(d, steps.map((step) => step[step.length - 1].h))
  );
  const states = source.map((_, s) => tops.flatMap((top) => top[s]));
  const ends = directions.map((steps) => steps[steps.length - 1].map(stateAfter));
  const final = ends[0].map((_, l) => joinStates(ends.map((states) => states[l])));
  return { directions, states, final };
}

/** Puts the states of a layer's directions side by side. */
function joinStates(states: readonly CellState[]): CellState {
  const h = states.flatMap(({ h }) => h), c = states.flatMap(({ c }) => c ?? []);
  return c.length > 0 ? { h, c } : { h };
}

/**
 * Reverses {@linkcode runEncoder}.
 *
 * Each direction has its half of ∂L/∂h_s and of ∂L/∂ the final state; it goes back from where it ended.
 *
 * Source: Werbos 1990, "Backpropagation Through Time".
 *
 * @param shape The encoder's shape.
 * @param weights Of each direction.
 * @param gWeights ∂L/∂weights, added to.
 * @param source What was read, `S` symbols.
 * @param trace What `runEncoder` returned.
 * @param gStates ∂L/∂ the states at each symbol, `S` × `D`·`H`.
 * @param gFinal Of each layer, ∂L/∂ its final state.
 * @returns Of each direction, ∂L/∂ the embedding that it read at each symbol of the source, `S` × `E`.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function encoderBackward(
  { hidden: H }: EncoderShape,
  weights: readonly DirectionWeights[],
  gWeights: readonly DirectionWeights[],
  source: readonly number[],
  trace: EncoderTrace,
  gStates: Matrix,
  gFinal: readonly CellStateGradient[],
): Matrix[] {
  return weights.map(({ cells }, d) => {
    const part = (numbers: Vector) => numbers.slice(d * H, (d + 1) * H), own = gWeights[d];
    const { gInputs, gStart } = runLayersBackward(
      cells,
      own.cells,
      trace.directions[d],
      inOrder(d, gStates).map(part),
      gFinal.map(({ gH, gC }) => ({ gH: part(gH), gC: part(gC) })),
    );
    startBackward(own.cells, gStart);
    const gEmbedded = inOrder(d, gInputs);
    source.forEach((symbol, s) => embedBackward(own.embedding, symbol, gEmbedded[s]));
    return gEmbedded;
  });
}
