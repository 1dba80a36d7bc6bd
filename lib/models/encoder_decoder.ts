/**
 * The encoder–decoder: an encoder reads the source, many to one, and a decoder starts from its final state and writes the
 * target, one to many.
 *
 * The decoder's layer l starts from the state in which the encoder's layer l has ended; of a bidirectional encoder from both
 * directions' side by side, so that it has twice the hidden units. With attention the decoder also reads the
 * encoder's top layer at every symbol of the source. Whether the source is reversed is a matter of the data: see
 * `layOutSourceAndTarget`.
 *
 * This is the literal reference: one pair at a time, in Float64. Without attention it is two sequence models joined by states.
 * Its parameters are those of `encoderShapes`, and those of `decoderShapes` after `decoder.`.
 *
 * `S` symbols in the source, `T` steps of the decoder, `K` symbols.
 *
 * Source: Cho et al. 2014, arXiv:1406.1078; Sutskever et al. 2014, arXiv:1409.3215; Bahdanau et al. 2015, arXiv:1409.0473,
 * for attention.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import { checkVector, type Matrix } from "@/math/shapes.ts";
import {
  checkForced,
  decoderBackward,
  type DecoderGiven,
  type DecoderStep,
  type FeedSymbol,
  type ForcedSymbols,
  runDecoder,
  startDecoder,
  targetLoss,
} from "./decoder.ts";
import {
  type AttentionName,
  type DecoderShape,
  decoderShapes,
  type DecoderWeights,
  decoderWeights,
} from "./decoder_shape.ts";
import {
  type DirectionWeights,
  encoderBackward,
  type EncoderShape,
  encoderShapes,
  type EncoderTrace,
  encoderWeights,
  runEncoder,
} from "./encoder.ts";
import {
  checkTensors,
  drawTensors,
  type NamedTensors,
  type ParameterShape,
  tensorsOfPart,
  withPrefix,
  zeroTensors,
} from "./named_tensors.ts";
import { checkSymbols } from "./sequence_checks.ts";
import { fillForgetBiases } from "./sequence_parameters.ts";

/** Everything that defines an encoder–decoder except its parameters. */
export interface EncoderDecoderShape extends EncoderShape {
  /** How the decoder reads the encoder's states. */
  readonly attention: AttentionName;
  /** `A`, numbers in a projection of attention; 0 without attention. */
  readonly attentionWidth: number;
}

/** A source, and the decoder's inputs and targets. */
export interface PairString extends ForcedSymbols {
  /** `S` symbols. */
  readonly source: readonly number[];
}

/** Pairs, and the weight of each target's cross-entropy: normally 1 / (targets in the batch). */
export interface PairBatch {
  readonly strings: readonly PairString[];
  readonly outputWeight: number;
}

/** What an encoder–decoder made of a pair. */
export interface EncoderDecoderTrace {
  readonly encoder: EncoderTrace;
  /** `T` steps. */
  readonly steps: readonly DecoderStep[];
  /** `T` × `K`. */
  readonly logits: Matrix;
}

/** What is known of a batch of pairs. */
export interface PairBatchGradient {
  /** L, added up over the pairs. */
  readonly loss: number;
  /** ∂L by every parameter. */
  readonly gradient: NamedTensors;
  /** Of each pair, `T` × `K`. */
  readonly logits: Matrix[];
}

/**
 * The shape of an encoder–decoder's decoder.
 *
 * @param shape The whole model's.
 * @returns The decoder's: as many hidden units as all directions of the encoder have.
 */
export function decoderShapeOf(shape: EncoderDecoderShape): DecoderShape {
  const { cell, layers, embedding, symbols, attention, attentionWidth } = shape;
  const hidden = shape.bidirectional ? 2 * shape.hidden : shape.hidden;
  const placeWidth = attention === "none" ? 0 : hidden;
  const sizes = { layers, hidden, embedding, symbols, attentionWidth, placeWidth };
  return { cell, attention, ...sizes, trainsStart: false };
}

/**
 * Lists an encoder–decoder's parameters: the encoder's, then the decoder's.
 *
 * @example A small RNN without attention.
 * ```ts
 * import { encoderDecoderShapes } from "@/models/encoder_decoder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 4, embedding: 2, symbols: 6, attentionWidth: 0 };
 * const shapes = encoderDecoderShapes({ cell: "rnn", attention: "none", ...sizes });
 * assertEquals(shapes.map(([name]) => name), [
 *   "encoder.embedding.weight",
 *   "encoder.cells.0.weight_ih",
 *   "encoder.cells.0.weight_hh",
 *   "encoder.cells.0.bias",
 *   "encoder.cells.0.h0",
 *   "decoder.embedding.weight",
 *   "decoder.cells.0.weight_ih",
 *   "decoder.cells.0.weight_hh",
 *   "decoder.cells.0.bias",
 *   "decoder.logits.weight",
 *   "decoder.logits.bias",
 * ]);
 * ```
 * @param shape The model's shape.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell or attention.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a width of attention without attention.
 */
export function encoderDecoderShapes(shape: EncoderDecoderShape): ParameterShape[] {
  const { attention: _a, attentionWidth: _w, ...encoder } = shape;
  return [
    ...encoderShapes(encoder),
    ...withPrefix("decoder", decoderShapes(decoderShapeOf(shape))),
  ];
}

/** The parameters of an encoder–decoder, grouped. */
interface Weights {
  readonly encoder: readonly DirectionWeights[];
  readonly decoder: DecoderWeights;
}

function weightsOf(shape: EncoderDecoderShape, parameters: NamedTensors): Weights {
  return {
    encoder: encoderWeights(shape, parameters),
    decoder: decoderWeights(decoderShapeOf(shape), tensorsOfPart("decoder", parameters)),
  };
}

/**
 * Draws starting parameters; see `drawTensors`.
 *
 * @param shape The model's shape.
 * @param random Where the numbers come from.
 * @param forgetBias The bias of an LSTM's forget gates.
 * @returns Parameters, drawn.
 */
export function initialEncoderDecoder(
  shape: EncoderDecoderShape,
  random: Pick<RandomSource, "uniform" | "normal">,
  forgetBias = 1,
): NamedTensors {
  const parameters = drawTensors(encoderDecoderShapes(shape), random);
  const { encoder, decoder } = weightsOf(shape, parameters);
  if (shape.cell === "lstm") {
    for (const { cells } of [...encoder, decoder]) fillForgetBiases(cells, forgetBias);
  }
  return parameters;
}

/** The final state, and with attention the states at all symbols. */
function givenBy(
  { attention }: EncoderDecoderShape,
  { final, states }: EncoderTrace,
): DecoderGiven {
  return attention === "none" ? { start: final } : { start: final, places: states };
}

/**
 * Runs an encoder–decoder over a pair, the decoder being fed the right symbols.
 *
 * Source: Cho et al. 2014, section 2.2.
 *
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param string The pair.
 * @returns What was made of it.
 * @throws {TypeError} If the parameters do not fit the shape, or the lists of the pair are not equally long.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or a list is empty.
 */
export function runEncoderDecoder(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  string: PairString,
): EncoderDecoderTrace {
  checkTensors("run the encoder–decoder", encoderDecoderShapes(shape), parameters);
  checkPair("run the encoder–decoder", shape, string);
  const weights = weightsOf(shape, parameters);
  const encoder = runEncoder(shape, weights.encoder, string.source);
  const steps = runDecoder(weights.decoder, givenBy(shape, encoder), string.inputs);
  return { encoder, steps, logits: steps.map(({ logits }) => logits) };
}

/**
 * Reverses {@linkcode runEncoderDecoder}.
 *
 * Without attention the gradient reaches the encoder through its final state alone; with attention also through its state at
 * every symbol.
 *
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param gradient ∂L/∂parameters, added to.
 * @param string The pair.
 * @param trace What `runEncoderDecoder` returned.
 * @param gLogits ∂L/∂logits, `T` × `K`.
 * @returns Of each direction of the encoder, ∂L/∂ the embedding that it read at each symbol of the source, `S` × `E`: how much
 * of the loss reaches that symbol.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function encoderDecoderBackward(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  gradient: NamedTensors,
  { source }: PairString,
  { encoder, steps }: EncoderDecoderTrace,
  gLogits: Matrix,
): Matrix[] {
  const [w, g] = [weightsOf(shape, parameters), weightsOf(shape, gradient)];
  const given = givenBy(shape, encoder);
  const { gStart, gPlaces } = decoderBackward(w.decoder, g.decoder, given, steps, gLogits);
  const gStates = given.places ? gPlaces : encoder.states.map((state) => state.map(() => 0));
  return encoderBackward(shape, w.encoder, g.encoder, source, encoder, gStates, gStart);
}

/**
 * Computes the loss of a batch of pairs and its gradient, one pair after the other.
 *
 * L = λ Σ over pairs Σ_t CE(logits_t, target_t)
 *
 * @example A step down the gradient is a step down the loss.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { encoderDecoderGradient, initialEncoderDecoder } from "@/models/encoder_decoder.ts";
 * import { assertLess } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 4, embedding: 3, symbols: 5, attentionWidth: 4 };
 * const shape = { cell: "gru", attention: "additive", ...sizes } as const;
 * const parameters = initialEncoderDecoder(shape, seededRandom(1));
 * const strings = [{ source: [0, 1, 0], inputs: [3, 1, 2], targets: [1, 2, 4] }];
 * const { loss, gradient } = encoderDecoderGradient(shape, parameters, { strings, outputWeight: 1 });
 * for (const name in parameters) {
 *   parameters[name].forEach((w, i) => parameters[name][i] = w - 0.1 * gradient[name][i]);
 * }
 * const after = encoderDecoderGradient(shape, parameters, { strings, outputWeight: 1 });
 * assertLess(after.loss, loss);
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param batch Pairs, and the weight of their targets.
 * @returns The loss, its gradient, and each pair's logits.
 * @throws {TypeError} If the parameters do not fit the shape, or the lists of a pair are not equally long.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is no pair.
 */
export function encoderDecoderGradient(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  { strings, outputWeight }: PairBatch,
): PairBatchGradient {
  if (strings.length === 0) {
    throw new RangeError("Cannot run the batch: wanted 1 pair or more, got 0");
  }
  checkVector("run the batch", "outputWeight", [outputWeight]);
  const gradient = zeroTensors(encoderDecoderShapes(shape)), logits: Matrix[] = [];
  let loss = 0;
  for (const string of strings) {
    const trace = runEncoderDecoder(shape, parameters, string);
    const target = targetLoss(trace.logits, string.targets, outputWeight);
    loss += target.loss;
    encoderDecoderBackward(shape, parameters, gradient, string, trace, target.gLogits);
    logits.push(trace.logits);
  }
  return { loss, gradient, logits };
}

/**
 * Reads a source, and makes a decoder ready to write.
 *
 * @example The decoder's own symbols, until its own terminator.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { initialEncoderDecoder, readSource } from "@/models/encoder_decoder.ts";
 * import { writeGreedily } from "@/models/greedy_writing.ts";
 * import { assert } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 4, embedding: 3, symbols: 5, attentionWidth: 4 };
 * const shape = { cell: "lstm", attention: "dot-product", ...sizes } as const;
 * const feed = readSource(shape, initialEncoderDecoder(shape, seededRandom(1)), [0, 1, 0]);
 * const { symbols, steps } = writeGreedily(feed, { start: 3, terminator: 4 }, 10);
 * assert(symbols.length === 10 || symbols.at(-1) === 4);
 * assert(steps.every(({ attention }) => attention!.weights.length === 3)); // one weight for each symbol
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param source `S` symbols, in the order in which they are to be read.
 * @returns A function that takes the decoder's next step.
 * @throws {TypeError} If the parameters do not fit the shape.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function readSource(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  source: readonly number[],
): FeedSymbol<DecoderStep> {
  checkTensors("read a source", encoderDecoderShapes(shape), parameters);
  checkPair("read a source", shape, { source, inputs: [0], targets: [0] });
  const weights = weightsOf(shape, parameters);
  return startDecoder(weights.decoder, givenBy(shape, runEncoder(shape, weights.encoder, source)));
}

/**
 * Checks that a pair fits a model.
 *
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param string The pair.
 * @throws {TypeError} If there are not as many targets as inputs.
 * @throws {RangeError} If the source or the inputs are empty, or a symbol is not the model's.
 */
export function checkPair(
  action: string,
  { symbols }: Pick<EncoderDecoderShape, "symbols">,
  { source, inputs, targets }: PairString,
): void {
  if (source.length === 0) {
    throw new RangeError(`Cannot ${action}: wanted at least 1 symbol in the source, got 0`);
  }
  checkSymbols(action, "symbols", "in the source", source, source.length, 0, symbols - 1);
  checkForced(action, symbols, { inputs, targets });
}
