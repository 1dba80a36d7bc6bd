/**
 * What the libraries are compared on: a character LSTM, its starting parameters and one batch of strings.
 *
 * @module
 */
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { Contender } from "./peer_rounds.ts";
import type { PeerTask } from "./peer_session.ts";

/** A size of network. */
export interface PeerSize {
  readonly name: string;
  readonly hidden: number;
}

/** The hidden units of the sizes `small` and `paper` of `sizes.ts`. */
export const PEER_SIZES: readonly PeerSize[] = [
  { name: "lstm-64", hidden: 64 },
  { name: "lstm-256", hidden: 256 },
];

/** Adam, not clipped; TensorFlow.js has another ε by default. */
const ADAM = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const SYMBOLS = 131, EMBEDDING = 32, STRINGS = 32, STEPS = 34;

function shapeOf(hidden: number): SequenceModelShape {
  const sizes = { layers: 1, hidden, embedding: EMBEDDING, valueWidth: 0, symbols: SYMBOLS };
  return { cell: "lstm", memory: "none", ...sizes };
}

/** The task of a size: the same at every call. */
export function peerTask({ hidden }: PeerSize): PeerTask {
  const random = seededRandom(1);
  const strings = Array.from(
    { length: STRINGS },
    () => Array.from({ length: STEPS + 1 }, () => random.integer(0, SYMBOLS)),
  );
  const parameters = Object.entries(initialParameters(shapeOf(hidden), random));
  return {
    symbols: SYMBOLS,
    embedding: EMBEDDING,
    hidden,
    adam: ADAM,
    inputs: strings.map((string) => string.slice(0, -1)),
    targets: strings.map((string) => string.slice(1)),
    parameters: Object.fromEntries(parameters.map(([name, W]) => [name, [...W]])),
  };
}

/** This project's engine, on one thread. */
export function engineContender(
  { hidden, adam, inputs, targets, parameters }: PeerTask,
): Contender {
  const engine = createEngine(shapeOf(hidden));
  engine.setParameters(parameters);
  const batch = {
    strings: inputs.map((inputs, n) => ({ inputs, targets: targets[n] })),
    outputWeight: 1 / inputs.flat().length,
  };
  return {
    prepare: () => Promise.resolve(),
    round(updates) {
      const begun = performance.now();
      const losses = Array.from(
        { length: updates },
        () => engine.update(batch, { rule: "adam", ...adam }).loss,
      );
      return Promise.resolve({ seconds: (performance.now() - begun) / 1000, loss: losses[0] });
    },
    close: () => engine.close(),
  };
}
