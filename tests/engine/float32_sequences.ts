/** Models and batches whose numbers are all Float32, so that the reference and the engine are given the same. */
import type { RandomSource } from "@/math/random.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { randomBatch, randomCells, randomParameters } from "../models/random_sequences.ts";
export { KINDS } from "../models/random_sequences.ts";

/** A model of a kind; widths are mostly not divisible by 4 or 8, and some take several panels. */
export function float32Shape(
  random: RandomSource,
  kind: Pick<SequenceModelShape, "cell" | "memory" | "layers">,
): SequenceModelShape {
  const width = () => random.integer(1, random.uniform() < 0.2 ? 44 : 12);
  return {
    ...kind,
    hidden: width(),
    embedding: width(),
    valueWidth: kind.memory !== "none" ? width() : 0,
    symbols: random.integer(2, 20),
    ...(kind.memory !== "none" && random.uniform() < 0.5 && { namesPrevious: true }),
    ...(kind.memory !== "none" && random.uniform() < 0.5 && { logitsSeeReads: true }),
    ...randomCells(random, kind),
  };
}

/**
 * Parameters in all their range, every sum of about the same size: with weights as large as 1 in wide layers a model
 * is chaotic, and then no two ways of rounding agree.
 */
export function float32Parameters(
  random: RandomSource,
  shape: SequenceModelShape,
): SequenceParameters {
  const parameters = randomParameters(random, shape);
  for (const [name, [, inputs = 1]] of parameterShapes(shape)) {
    const size = name === "embedding.weight" ? 1 : Math.sqrt(inputs);
    parameters[name].forEach((x, i, tensor) => tensor[i] = Math.fround(x / size));
  }
  return parameters;
}

/** Strings of these lengths, with every part of the loss and noise where there is a stack. */
export function float32Batch(
  random: RandomSource,
  shape: SequenceModelShape,
  lengths: number[],
): SequenceBatch {
  const { strings, ...weights } = randomBatch(random, shape, lengths);
  const rounded = Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => //
    [name, typeof weight === "number" ? Math.fround(weight) : weight]),
  ) as unknown as typeof weights;
  return {
    ...rounded,
    strings: strings.map((string) => ({
      ...string,
      ...(string.pushNoise && { pushNoise: string.pushNoise.map(Math.fround) }),
      ...(string.popNoise && { popNoise: string.popNoise.map(Math.fround) }),
    })),
  };
}

/** As many lengths as strings, from 1 to `longest`; one string or one step, every now and then. */
export function randomLengths(random: RandomSource, longest: number): number[] {
  const strings = random.uniform() < 0.25 ? 1 : random.integer(2, 10);
  const most = random.uniform() < 0.2 ? 1 : longest;
  return Array.from({ length: strings }, () => random.integer(1, most + 1));
}
