/**
 * The captioner: an image encoder, and a decoder that says in words what is in the image.
 *
 * | symbol  | size  | what it is                                                            |
 * | ------- | ----- | --------------------------------------------------------------------- |
 * | f_s     | F     | the features of cell s of the image                                   |
 * | v       | S·F   | the image vector: f_1 … f_S, one after the other                        |
 * | a_s     | F     | f_s + row s of the positions: what attention reads                      |
 *
 * The image is no x_t: W_i v is added to the sums of the first step, before its activations,
 * h_1 = tanh(W_ih [e_1; z_1] + W_hh h_0 + b + W_i v) in an RNN, and so in every gate of the others. (W_i, from image to hidden,
 * is often called W_ih; here W_ih is that of the input.) h_0, and c_0 in an LSTM, are trained. START is the first symbol that
 * is fed. Without attention all that is known of the image has come in with v. With attention each step is also fed the
 * summary z_t of the cells, a mean weighted by the distribution α_t over them, which h_{t−1} has chosen. Without their
 * positions two equal cells could not be told apart.
 *
 * This is the literal reference: one image at a time, in Float64. Its parameters are those of `imageEncoderShapes` after
 * `image.`, those of `decoderShapes` after `decoder.`, `decoder.image.weight`, which is W_i, and with attention
 * `position_embedding.weight`.
 *
 * `S` cells, `F` features of a cell, `H` hidden units in a layer, `G`·`H` sums of it, `T` steps, `K` symbols.
 *
 * Source: Vinyals et al. 2015, "Show and Tell", arXiv:1411.4555, and Karpathy and Fei-Fei 2015, "Deep Visual-Semantic
 * Alignments", arXiv:1412.2306, section 3.2, for the image in the first step; Xu et al. 2015, "Show, Attend and Tell",
 * arXiv:1502.03044, for attention over a grid.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import { checkVector, type Matrix } from "@/math/shapes.ts";
import { product, productBackward, sum } from "@/network/affine.ts";
import { startCell } from "@/network/cell.ts";
import type { ConvolutionWeights } from "@/network/convolution.ts";
import { startBackward } from "@/network/recurrent_layers.ts";
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
  encodeImage,
  encodeImageBackward,
  gridSize,
  type ImageEncoderShape,
  imageEncoderShapes,
  imageEncoderWeights,
  type ImageTrace,
  imageVectorSize,
} from "./image_encoder.ts";
import {
  checkTensors,
  drawTensors,
  type NamedTensors,
  type ParameterShape,
  tensorsOfPart,
  withPrefix,
  zeroTensors,
} from "./named_tensors.ts";
import { fillForgetBiases } from "./sequence_parameters.ts";
import { type CellName, SUMS_OF_CELL } from "./sequence_shape.ts";

/** Everything that defines a captioner except its parameters. */
export interface CaptionerShape extends ImageEncoderShape {
  /** The kind of every layer's cell. */
  readonly cell: CellName;
  readonly layers: number;
  /** `H`. */
  readonly hidden: number;
  /** Numbers that stand for a symbol. */
  readonly embedding: number;
  /** `K`. */
  readonly symbols: number;
  /** How the decoder reads the cells. */
  readonly attention: AttentionName;
  /** Numbers in a projection of attention; 0 without attention. */
  readonly attentionWidth: number;
}

/** An image, and its caption as the decoder is fed it and should write it. */
export interface CaptionedImage extends ForcedSymbols {
  /** x, channel after channel, by rows. */
  readonly image: Float64Array;
}

/** Images with captions, and the weight of each target's cross-entropy: normally 1 / (targets in the batch). */
export interface CaptionBatch {
  readonly images: readonly CaptionedImage[];
  readonly outputWeight: number;
}

/** What a captioner made of an image and its caption. */
export interface CaptionTrace {
  readonly image: ImageTrace;
  /** `T` steps; with attention, α_t is `attention.weights`. */
  readonly steps: readonly DecoderStep[];
  /** `T` × `K`. */
  readonly logits: Matrix;
}

/** What is known of a batch of images. */
export interface CaptionBatchGradient {
  /** L, added up over the images. */
  readonly loss: number;
  /** ∂L by every parameter. */
  readonly gradient: NamedTensors;
  /** Of each image, `T` × `K`. */
  readonly logits: Matrix[];
}

/**
 * The shape of a captioner's decoder.
 *
 * @param shape The whole model's.
 * @returns The decoder's, which trains what it starts from.
 */
export function decoderShapeOf(shape: CaptionerShape): DecoderShape {
  const { cell, layers, hidden, embedding, symbols, attention, attentionWidth } = shape;
  const placeWidth = attention === "none" ? 0 : gridSize(shape).channels;
  const sizes = { layers, hidden, embedding, symbols, attentionWidth, placeWidth };
  return { cell, attention, ...sizes, trainsStart: true };
}

/**
 * Lists a captioner's parameters: the image encoder's, the positions, the decoder's, W_i.
 *
 * @example A small RNN that attends to the four cells of an image.
 * ```ts
 * import { captionerShapes } from "@/models/captioner.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { channels: 3, height: 4, width: 4 }, blocks = [{ channels: 5, kernel: 3, pool: 2 }];
 * const sizes = { layers: 1, hidden: 6, embedding: 2, symbols: 7, attentionWidth: 8 };
 * const shape = { image, blocks, cell: "rnn", attention: "dot-product", ...sizes } as const;
 * const shapes = Object.fromEntries(captionerShapes(shape));
 * assertEquals(shapes["image.convolutions.0.weight"], [5, 3, 3, 3]);
 * assertEquals(shapes["position_embedding.weight"], [4, 5]);
 * assertEquals(shapes["decoder.cells.0.weight_ih"], [6, 2 + 5]);
 * assertEquals(shapes["decoder.image.weight"], [6, 4 * 5]);
 * ```
 * @param shape The captioner's shape.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell or attention.
 * @throws {RangeError} If a size is not a whole number of at least 1, a block does not fit what is below it, or there is a width
 * of attention without attention.
 */
export function captionerShapes(shape: CaptionerShape): ParameterShape[] {
  const { cell, hidden: H, attention } = shape, { channels: F, height, width } = gridSize(shape);
  const positions: ParameterShape = ["position_embedding.weight", [height * width, F]];
  const imageWeight: ParameterShape = [
    "decoder.image.weight",
    [SUMS_OF_CELL[cell] * H, imageVectorSize(shape)],
  ];
  return [
    ...withPrefix("image", imageEncoderShapes(shape)),
    ...(attention === "none" ? [] : [positions]),
    ...withPrefix("decoder", decoderShapes(decoderShapeOf(shape))),
    imageWeight,
  ];
}

/** The parameters of a captioner, grouped. */
interface Weights {
  readonly image: readonly ConvolutionWeights[];
  /** `S` × `F`; with attention only. */
  readonly positions: Float64Array | undefined;
  readonly decoder: DecoderWeights;
  /** W_i, `G`·`H` × `S`·`F`. */
  readonly Wi: Float64Array;
}

function weightsOf(shape: CaptionerShape, parameters: NamedTensors): Weights {
  return {
    image: imageEncoderWeights(shape, tensorsOfPart("image", parameters)),
    positions: parameters["position_embedding.weight"],
    decoder: decoderWeights(decoderShapeOf(shape), tensorsOfPart("decoder", parameters)),
    Wi: parameters["decoder.image.weight"],
  };
}

/**
 * Draws starting parameters; see `drawTensors`.
 *
 * @param shape The captioner's shape.
 * @param random Where the numbers come from.
 * @param forgetBias The bias of an LSTM's forget gates.
 * @returns Parameters, drawn.
 */
export function initialCaptioner(
  shape: CaptionerShape,
  random: Pick<RandomSource, "uniform" | "normal">,
  forgetBias = 1,
): NamedTensors {
  const parameters = drawTensors(captionerShapes(shape), random);
  const { decoder: { cells } } = weightsOf(shape, parameters);
  if (shape.cell === "lstm") fillForgetBiases(cells, forgetBias);
  return parameters;
}

/** h_0 and c_0, W_i v for the first step, and with attention the cells with their positions. */
function givenBy({ decoder, positions, Wi }: Weights, { cells }: ImageTrace): DecoderGiven {
  const start = decoder.cells.map((cell) => startCell(cell));
  const given = { start, firstSums: product(Wi, cells.flat()) }, F = cells[0].length;
  if (positions === undefined) return given;
  return { ...given, places: cells.map((f, s) => sum(f, positions.subarray(s * F, (s + 1) * F))) };
}

/**
 * Runs a captioner over an image, the decoder being fed the right words.
 *
 * Source: Vinyals et al. 2015; Xu et al. 2015, section 3.1.
 *
 * @param shape The captioner's shape.
 * @param parameters Its parameters.
 * @param captioned The image and its caption.
 * @returns What was made of it.
 * @throws {TypeError} If the parameters do not fit the shape, the image is of another size, or there are not as many targets as
 * inputs.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function runCaptioner(
  shape: CaptionerShape,
  parameters: NamedTensors,
  captioned: CaptionedImage,
): CaptionTrace {
  checkTensors("caption an image", captionerShapes(shape), parameters);
  checkForced("caption an image", shape.symbols, captioned);
  const weights = weightsOf(shape, parameters);
  const image = encodeImage(shape, weights.image, captioned.image);
  const steps = runDecoder(weights.decoder, givenBy(weights, image), captioned.inputs);
  return { image, steps, logits: steps.map(({ logits }) => logits) };
}

/**
 * Reverses {@linkcode runCaptioner}.
 *
 * A cell's features have a gradient through v and, with attention, from every step that read them.
 *
 * @param shape The captioner's shape.
 * @param parameters Its parameters.
 * @param gradient ∂L/∂parameters, added to.
 * @param trace What `runCaptioner` returned.
 * @param gLogits ∂L/∂logits, `T` × `K`.
 * @returns ∂L/∂x, of the size of the image.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function captionerBackward(
  shape: CaptionerShape,
  parameters: NamedTensors,
  gradient: NamedTensors,
  { image, steps }: CaptionTrace,
  gLogits: Matrix,
): Float64Array {
  const [w, g] = [weightsOf(shape, parameters), weightsOf(shape, gradient)];
  const given = givenBy(w, image);
  const { gStart, gPlaces, gFirstSums } = decoderBackward(
    w.decoder,
    g.decoder,
    given,
    steps,
    gLogits,
  );
  startBackward(g.decoder.cells, gStart);
  // the first sums were W_i v, with v = f_1 … f_S
  const gV = productBackward(w.Wi, g.Wi, image.cells.flat(), gFirstSums), F = image.cells[0].length;
  const gCells = image.cells.map((_, s) => gV.slice(s * F, (s + 1) * F));
  // a_s = f_s + position s
  gPlaces.flat().forEach((gPlace, i) => {
    g.positions![i] += gPlace;
    gCells[Math.floor(i / F)][i % F] += gPlace;
  });
  return encodeImageBackward(shape, w.image, g.image, image, gCells);
}

/**
 * Computes the loss of a batch of captioned images and its gradient, one image after the other.
 *
 * L = λ Σ over images Σ_t CE(logits_t, target_t)
 *
 * @param shape The captioner's shape.
 * @param parameters Its parameters.
 * @param batch Images with captions, and the weight of their words.
 * @returns The loss, its gradient, and each image's logits.
 * @throws {TypeError} If the parameters do not fit the shape, an image is of another size, or there are not as many targets as
 * inputs.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is no image.
 */
export function captionerGradient(
  shape: CaptionerShape,
  parameters: NamedTensors,
  { images, outputWeight }: CaptionBatch,
): CaptionBatchGradient {
  if (images.length === 0) {
    throw new RangeError("Cannot run the batch: wanted 1 image or more, got 0");
  }
  checkVector("run the batch", "outputWeight", [outputWeight]);
  const gradient = zeroTensors(captionerShapes(shape)), logits: Matrix[] = [];
  let loss = 0;
  for (const captioned of images) {
    const trace = runCaptioner(shape, parameters, captioned);
    const target = targetLoss(trace.logits, captioned.targets, outputWeight);
    loss += target.loss;
    captionerBackward(shape, parameters, gradient, trace, target.gLogits);
    logits.push(trace.logits);
  }
  return { loss, gradient, logits };
}

/**
 * Looks at an image, and makes the decoder ready to write.
 *
 * @example The decoder's own words, until its own terminator, each with the distribution over the cells that it came from.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { initialCaptioner, readImage } from "@/models/captioner.ts";
 * import { writeGreedily } from "@/models/greedy_writing.ts";
 * import { assert } from "@std/assert";
 *
 * const image = { channels: 1, height: 4, width: 4 }, blocks = [{ channels: 3, kernel: 3, pool: 2 }];
 * const sizes = { layers: 1, hidden: 6, embedding: 2, symbols: 7, attentionWidth: 8 };
 * const shape = { image, blocks, cell: "lstm", attention: "additive", ...sizes } as const;
 * const feed = readImage(shape, initialCaptioner(shape, seededRandom(1)), new Float64Array(16));
 * const { symbols, steps } = writeGreedily(feed, { start: 5, terminator: 6 }, 9);
 * assert(symbols.length === 9 || symbols.at(-1) === 6);
 * assert(steps.every(({ attention }) => attention!.weights.length === 4));
 * ```
 * @param shape The captioner's shape.
 * @param parameters Its parameters.
 * @param image x.
 * @returns A function that takes the decoder's next step.
 * @throws {TypeError} If the parameters do not fit the shape, or the image is of another size.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function readImage(
  shape: CaptionerShape,
  parameters: NamedTensors,
  image: Float64Array,
): FeedSymbol<DecoderStep> {
  checkTensors("caption an image", captionerShapes(shape), parameters);
  const weights = weightsOf(shape, parameters);
  const given = givenBy(weights, encodeImage(shape, weights.image, image));
  return startDecoder(weights.decoder, given);
}
