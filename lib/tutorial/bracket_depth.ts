/**
 * Balanced brackets of two kinds: a network reads them, and says after each one which closing bracket is due. For notebook 18.
 *
 * A read of a memory acts one step later, so a blank follows each bracket, and there the network answers.
 *
 * | step   | 1   | 2     | 3   | 4     | 5   | 6     | 7   | 8     |
 * | ------ | --- | ----- | --- | ----- | --- | ----- | --- | ----- |
 * | input  | `(` | blank | `[` | blank | `]` | blank | `)` | blank |
 * | target |     | `)`   |     | `]`   |     | `)`   |     | `.`   |
 * | depth  | 1   | 1     | 2   | 2     | 1   | 1     | 0   | 0     |
 *
 * @module
 */
import { createEngine, type Engine } from "@/engine/engine.ts";
import { range, sum } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/** The symbols: brackets that open and that close, the blank, and the answer where no bracket is open. */
export const BRACKETS = "([)] .";
const K = BRACKETS.length, BLANK = 4, NONE_OPEN = 5;

/** A string of brackets. */
export interface BracketString extends SequenceString {
  /** How many brackets are open after each step. */
  readonly depths: readonly number[];
}

/** A network and its parameters. */
export interface BracketNetwork {
  readonly shape: SequenceModelShape;
  readonly parameters: Readonly<Record<string, Float32Array>>;
}

/**
 * Draws a balanced string: wherever a bracket may open and may close, either has a probability of one half.
 *
 * @example Two pairs.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { BRACKETS, drawBrackets } from "@/tutorial/bracket_depth.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { inputs, targets, depths } = drawBrackets(2, seededRandom(12));
 * assertEquals(inputs.map((symbol) => BRACKETS[symbol]).join(""), "[ ( ) ] ");
 * assertEquals(targets.map((symbol) => BRACKETS[symbol] ?? "").join(""), "])].");
 * assertEquals(depths, [1, 1, 2, 2, 1, 1, 0, 0]);
 * ```
 * @param pairs The number of brackets that open, at least 1.
 * @param draws Source of the random numbers, drawn in order.
 * @returns The string, of 4 steps for each pair.
 */
export function drawBrackets(pairs: number, draws: RandomSource): BracketString {
  const open: number[] = [];
  const steps = range(2 * pairs).map((done) => {
    const left = 2 * pairs - done;
    const mayClose = open.length > 0, mayOpen = open.length < left;
    const opens = mayOpen && (!mayClose || draws.uniform() < 0.5);
    const kind = opens ? draws.integer(0, 2) : open.pop()!;
    if (opens) open.push(kind);
    const due = open.length > 0 ? 2 + open.at(-1)! : NONE_OPEN;
    return { symbol: opens ? kind : 2 + kind, pushed: opens ? kind : -1, due, depth: open.length };
  });
  return {
    inputs: steps.flatMap(({ symbol }) => [symbol, BLANK]),
    targets: steps.flatMap(({ due }) => [-1, due]),
    valueTargets: steps.flatMap(({ pushed }) => [pushed, -1]),
    depths: steps.flatMap(({ depth }) => [depth, depth]),
  };
}

/** The sizes of a network: one layer of 16 units. */
function shapeWith(memory: "stack" | "none"): SequenceModelShape {
  const valueWidth = memory === "stack" ? 8 : 0;
  return { cell: "lstm", memory, layers: 1, hidden: 16, embedding: 8, valueWidth, symbols: K };
}

/** The most pairs of a string to learn from. */
export const LONGEST_TRAINED = 25;
/** New strings in each update. */
export const STRINGS_PER_UPDATE = 4;
/** A loss below this ends the anchor, and lets the noise begin. */
const SETTLED = 0.1;
/** Where a stack's controls are held at first: a push where a bracket opens, else little of either. */
const ANCHORS = {
  first: { push: 0, pop: -3 },
  reading: { push: 0, pop: -3 },
  others: { push: -3, pop: -1 },
};

/** Strings with the weights of their loss; a stack has the aids of `recipes.ts`: auxiliary loss, anchor, noise. */
function lossOf(
  strings: readonly BracketString[],
  memory: "stack" | "none",
  noise: RandomSource | null,
): SequenceBatch {
  const steps = sum(strings.map(({ inputs }) => inputs.length)), outputWeight = 2 / steps;
  if (memory === "none") {
    return { strings: strings.map(({ inputs, targets }) => ({ inputs, targets })), outputWeight };
  }
  const aids = {
    valueWeight: 4 / steps,
    anchors: [ANCHORS],
    anchorWeight: noise ? 0 : 0.04 / steps,
  };
  if (!noise) return { strings, outputWeight, ...aids };
  const drawn = (string: BracketString) => string.inputs.map(() => noise.normal());
  const noisy = strings.map((string) => ({
    ...string,
    pushNoise: drawn(string),
    popNoise: drawn(string),
  }));
  return { strings: noisy, outputWeight, ...aids };
}

/**
 * Trains an LSTM on strings of 1 to 25 pairs, with a stack or without one.
 *
 * The engine's strict build computes the same bits on every machine.
 *
 * @example Without an update it is the untrained network.
 * ```ts
 * import { trainOnBrackets } from "@/tutorial/bracket_depth.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { shape } = trainOnBrackets("stack", 0, 1);
 * assertEquals([shape.hidden, shape.valueWidth], [16, 8]);
 * ```
 * @param memory Its memory.
 * @param updates The updates, each with 4 new strings.
 * @param seed Of its parameters and its strings.
 * @returns The network.
 */
export function trainOnBrackets(
  memory: "stack" | "none",
  updates: number,
  seed: number,
): BracketNetwork {
  const shape = shapeWith(memory), engine = createEngine(shape, { build: "strict" });
  const [weights, strings, noise] = ["parameters", "strings", "noise"]
    .map((of) => seededRandom(`${of}, seed ${seed}`));
  const biases = { forgetBias: 0, pushBias: 0, popBias: 0 };
  engine.setParameters(initialParameters(shape, weights, biases));
  let loss = Math.log(K), settled = false;
  for (let n = 0; n < updates; n++) {
    settled ||= loss < SETTLED;
    const drawn = range(STRINGS_PER_UPDATE).map(() =>
      drawBrackets(strings.integer(1, LONGEST_TRAINED + 1), strings)
    );
    const batch = lossOf(drawn, memory, settled ? noise : null);
    const decay = memory === "stack" ? { cellDecay: 0.5 } : {};
    const report = engine.update(batch, { rule: "adam", rate: 0.008, clip: 0.1, ...decay });
    loss = 0.98 * loss + 0.02 * report.outputLoss;
  }
  return { shape, parameters: engine.parameters() };
}

/**
 * Marks the answers of a network.
 *
 * @example An untrained network gives nearly all strings wrong answers.
 * ```ts
 * import { range } from "@/math/lists.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { drawBrackets, markAnswers, trainOnBrackets } from "@/tutorial/bracket_depth.ts";
 * import { assert } from "@std/assert";
 *
 * const draws = seededRandom(1), strings = range(9).map(() => drawBrackets(9, draws));
 * const marks = markAnswers(trainOnBrackets("stack", 0, 1), strings);
 * assert(marks.filter((answers) => answers.every((right) => right)).length < 2);
 * ```
 * @param network The network.
 * @param strings What it reads.
 * @returns Of each string, whether the answer after each bracket is right.
 */
export function markAnswers(
  { shape, parameters }: BracketNetwork,
  strings: readonly BracketString[],
): boolean[][] {
  const engine = createEngine(shape, { build: "strict" });
  engine.setParameters(parameters);
  return answersOf(engine, strings).map((answers, k) => {
    const due = strings[k].targets.filter((target) => target >= 0);
    return due.map((target, n) => answers[2 * n + 1] === target);
  });
}

/** The likeliest symbol at each step. */
function answersOf(engine: Engine, strings: readonly BracketString[]): number[][] {
  const plain = strings.map(({ inputs, targets }) => ({ inputs, targets }));
  return engine.logits({ strings: plain, outputWeight: 1 }).map((logits) =>
    range(logits.length / K).map((t) => {
      const row = logits.subarray(t * K, (t + 1) * K);
      return row.indexOf(Math.max(...row));
    })
  );
}
