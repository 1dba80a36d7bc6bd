import { MEMORY_NAMES, takesCells } from "@/memory/memories.ts";
import type { RandomSource } from "@/math/random.ts";
import type { PortAnchors, SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import { type SequenceParameters, zeroParameters } from "@/models/sequence_parameters.ts";
import { memoryPorts, type SequenceModelShape } from "@/models/sequence_shape.ts";

/** Every kind of model, of one to three layers. */
export const KINDS = (["rnn", "lstm", "gru"] as const).flatMap((cell) =>
  MEMORY_NAMES.flatMap((memory) => [1, 2, 3].map((layers) => ({ cell, memory, layers })))
);

/** A small model of one of the {@linkcode KINDS}; no two of its sizes are always the same. */
export function randomShape(
  random: RandomSource,
  kind: Pick<SequenceModelShape, "cell" | "memory" | "layers">,
): SequenceModelShape {
  return {
    ...kind,
    hidden: random.integer(1, 4),
    embedding: random.integer(1, 4),
    valueWidth: kind.memory !== "none" ? random.integer(1, 4) : 0,
    symbols: random.integer(2, 6),
    ...(kind.memory !== "none" && random.uniform() < 0.5 && { namesPrevious: true }),
    ...(kind.memory !== "none" && random.uniform() < 0.5 && { logitsSeeReads: true }),
    ...randomCells(random, kind),
  };
}

/** Of a superposition stack sometimes a few cells, so that a push drops the last one. */
export function randomCells(
  random: RandomSource,
  { memory }: Pick<SequenceModelShape, "memory">,
): Pick<SequenceModelShape, "memoryCells"> {
  return takesCells(memory) && random.uniform() < 0.5 ? { memoryCells: random.integer(1, 6) } : {};
}

/** Parameters at large: controls, gates and values in all their range. */
export function randomParameters(
  random: RandomSource,
  shape: SequenceModelShape,
): SequenceParameters {
  const parameters = zeroParameters(shape);
  for (const name in parameters) {
    parameters[name].forEach((_, i) => parameters[name][i] = random.normal(0, 0.8));
  }
  return parameters;
}

/** A string of symbols with targets at about half of its steps. */
export function randomString(
  random: RandomSource,
  { symbols: K }: SequenceModelShape,
  T: number,
): SequenceString {
  const symbols = (least: number) => Array.from({ length: T }, () => random.integer(least, K));
  const targets = symbols(0).map((target) => random.uniform() < 0.5 ? -1 : target);
  targets[T - 1] = random.integer(0, K); // at least one
  return { inputs: symbols(0), targets };
}

/** The same with value targets and noise. */
export function steeredString(
  random: RandomSource,
  shape: SequenceModelShape,
  T: number,
): SequenceString {
  const length = memoryPorts(shape) * T;
  const noise = () => Array.from({ length }, () => random.normal());
  const [string, { targets }] = [randomString(random, shape, T), randomString(random, shape, T)];
  const popping = string.inputs.map((symbol) => symbol % 2 === 0);
  return { ...string, valueTargets: targets, popping, pushNoise: noise(), popNoise: noise() };
}

/** Strings of these lengths, all parts of the loss at work if there is a memory. */
export function randomBatch(
  random: RandomSource,
  shape: SequenceModelShape,
  lengths: number[],
): SequenceBatch {
  if (shape.memory === "none") {
    const strings = lengths.map((T) => randomString(random, shape, T));
    return { strings, outputWeight: 0.3 };
  }
  return {
    strings: lengths.map((T, i) => (i % 2 ? randomString : steeredString)(random, shape, T)),
    ...{ outputWeight: 0.3, valueWeight: 0.7, anchorWeight: 0.2, anchorPush: 0.5, anchorPop: -1 },
    ...(random.uniform() < 0.5 && { anchors: randomAnchors(random, shape) }),
    ...(random.uniform() < 0.5 && { firstAnchorWeight: 0.4 }),
    ...{ hingeWeight: 0.1, hingeBound: -0.5 },
    ...(shape.namesPrevious && { previousWeight: 0.6 }),
  };
}

/** Anchors for each port and kind of step. */
function randomAnchors(random: RandomSource, shape: SequenceModelShape): PortAnchors[] {
  const sums = () => ({ push: Math.fround(random.normal()), pop: Math.fround(random.normal()) });
  const port = () => {
    const [others, reading, first] = [sums(), sums(), sums()];
    return { others, reading, first, popping: { push: first.pop, pop: others.push } };
  };
  return Array.from({ length: memoryPorts(shape) }, port);
}
