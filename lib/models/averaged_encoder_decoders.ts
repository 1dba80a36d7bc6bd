/**
 * Two encoder–decoders with averaged predictions: one reads the source as it is, the other from its end, and each symbol's
 * probability is the mean of the two that they give it.
 *
 * It is the alternative to a bidirectional encoder, whose directions have their states joined: here they meet only in what
 * they predict. The parameters are those of `encoderDecoderShapes`, once after `forwards.` and once after `backwards.`. Each of
 * the two may also be trained by itself, on its own cross-entropy, and averaged afterwards.
 *
 * `S` symbols in the source, `T` steps, `K` symbols.
 *
 * Source: Schuster and Paliwal 1997, "Bidirectional Recurrent Neural Networks", section II.
 *
 * @module
 */
import { checkVector, type Matrix, type Vector } from "@/math/shapes.ts";
import { averagePredictions, averagePredictionsBackward } from "@/network/averaged_predictions.ts";
import { type FeedSymbol, targetLoss } from "./decoder.ts";
import {
  encoderDecoderBackward,
  type EncoderDecoderShape,
  encoderDecoderShapes,
  type PairBatch,
  type PairBatchGradient,
  type PairString,
  readSource,
  runEncoderDecoder,
} from "./encoder_decoder.ts";
import {
  type NamedTensors,
  type ParameterShape,
  tensorsOfPart,
  withPrefix,
  zeroTensors,
} from "./named_tensors.ts";

/** The two networks. */
const READERS = ["forwards", "backwards"] as const;

/**
 * Lists the parameters of both networks.
 *
 * @param shape The shape of each.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell or attention.
 * @throws {RangeError} If a size is not a whole number of at least 1, or there is a width of attention without attention.
 */
export function averagedShapes(shape: EncoderDecoderShape): ParameterShape[] {
  return READERS.flatMap((reader) => withPrefix(reader, encoderDecoderShapes(shape)));
}

/** The pair as one of the networks reads it. */
function readBy(reader: (typeof READERS)[number], source: readonly number[]): readonly number[] {
  return reader === "forwards" ? source : source.toReversed();
}

/**
 * Computes the loss of a batch of pairs and its gradient: the cross-entropy of the averaged predictions.
 *
 * L = −λ Σ ln (½ p→ + ½ p←) of each target
 *
 * Source: Schuster and Paliwal 1997, section II, for the mean.
 *
 * @param shape The shape of each network.
 * @param parameters Of both.
 * @param batch Pairs, as the first network reads them, and the weight of their targets.
 * @returns The loss, its gradient, and each pair's logarithms of probabilities, `T` × `K`, as logits.
 * @throws {TypeError} If the parameters do not fit the shape, or the lists of a pair are not equally long.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is no pair.
 */
export function averagedGradient(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  { strings, outputWeight }: PairBatch,
): PairBatchGradient {
  if (strings.length === 0) {
    throw new RangeError("Cannot run the batch: wanted 1 pair or more, got 0");
  }
  checkVector("run the batch", "outputWeight", [outputWeight]);
  const gradient = zeroTensors(averagedShapes(shape)), logits: Matrix[] = [];
  let loss = 0;
  for (const string of strings) {
    const runs = READERS.map((reader) => {
      const own = tensorsOfPart(reader, parameters);
      const read: PairString = { ...string, source: readBy(reader, string.source) };
      return { reader, own, read, trace: runEncoderDecoder(shape, own, read) };
    });
    const each = string.inputs.map((_, t) => runs.map(({ trace }) => trace.logits[t]));
    const averages = each.map(averagePredictions);
    const target = targetLoss(averages, string.targets, outputWeight);
    const gEach = each.map((both, t) => averagePredictionsBackward(both, target.gLogits[t]));
    runs.forEach(({ reader, own, read, trace }, n) => {
      const gOwn = tensorsOfPart(reader, gradient), gLogits = gEach.map((both) => both[n]);
      encoderDecoderBackward(shape, own, gOwn, read, trace, gLogits);
    });
    loss += target.loss;
    logits.push(averages);
  }
  return { loss, gradient, logits };
}

/**
 * Reads a source with both networks, and makes them ready to write together.
 *
 * @param shape The shape of each network.
 * @param parameters Of both.
 * @param source `S` symbols, as the first network reads them.
 * @returns A function that feeds a symbol to both decoders; its logits are the logarithms of the averaged probabilities.
 * @throws {TypeError} If the parameters do not fit the shape.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function readSourceBothWays(
  shape: EncoderDecoderShape,
  parameters: NamedTensors,
  source: readonly number[],
): FeedSymbol<{ readonly logits: Vector }> {
  const feeds = READERS.map((reader) =>
    readSource(shape, tensorsOfPart(reader, parameters), readBy(reader, source))
  );
  return (symbol) => ({ logits: averagePredictions(feeds.map((feed) => feed(symbol).logits)) });
}
