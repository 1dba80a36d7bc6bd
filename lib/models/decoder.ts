/**
 * The decoder: starts from a given state and writes a symbol at each step, fed the symbol before.
 *
 * | symbol  | size | what it is                                                                       |
 * | ------- | ---- | -------------------------------------------------------------------------------- |
 * | y_{t−1} |      | the symbol before: START, then what was written                                  |
 * | e_t     | E    | row y_{t−1} of the embedding                                                       |
 * | a_1 … a_S | C  | the places it may attend to: an encoder's states, or the cells of an image         |
 * | z_t     | C    | Σ_s α_s a_s, the context: what attention reads with the top layer's h_{t−1} as query |
 * | h_t     | H    | the top layer's hidden units, layer 0 being fed [e_t; z_t]                       |
 * | logits  | K    | W_l [h_t; z_t] + b_l, of y_t                                                       |
 *
 * The query is h_{t−1}: the decoder looks before it steps, and what it has seen enters the step that writes y_t. Without
 * attention there is no z_t. To the sums of the lowest layer's first step, before its activations, a vector may be added: an
 * image enters there.
 *
 * `T` steps, `S` places, `C` numbers at a place, `A` in a projection of attention, `H` hidden units in a layer, `G`·`H` sums
 * of it, `E` embedding width, `K` symbols.
 *
 * Source: Cho et al. 2014, arXiv:1406.1078, section 2.2; Bahdanau et al. 2015, arXiv:1409.0473, section 3.1, for attention.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import { accumulate, product, productBackward, sum } from "@/network/affine.ts";
import {
  attend,
  attendBackward,
  type AttentionStep,
  type AttentionWeights,
} from "@/network/attention.ts";
import {
  type CellState,
  type CellStateGradient,
  type CellStep,
  type CellWeights,
} from "@/network/cell.ts";
import { crossEntropy, crossEntropyBackward } from "@/network/cross_entropy.ts";
import { embed, embedBackward } from "@/network/embedding.ts";
import { layersBackward, stepLayers } from "@/network/recurrent_layers.ts";
import type { DecoderWeights } from "./decoder_shape.ts";
import { checkSymbols } from "./sequence_checks.ts";

/** What a decoder starts from and may look at. */
export interface DecoderGiven {
  /** Of each layer, its state before the first step. */
  readonly start: readonly CellState[];
  /** a_1 … a_S, `S` × `C`; with attention only. */
  readonly places?: Matrix;
  /** Added to the sums of the lowest layer's first step, `G`·`H`; left out, 0. */
  readonly firstSums?: Vector;
}

/** What a decoder is fed and what it should write, whatever it would write itself (teacher forcing). */
export interface ForcedSymbols {
  /** y_0 … y_{T−1}: START, then the target, `T` symbols. */
  readonly inputs: readonly number[];
  /** y_1 … y_T, `T` symbols, or −1 where there is none. */
  readonly targets: readonly number[];
}

/** What a decoder made of one symbol. */
export interface DecoderStep {
  /** y_{t−1}. */
  readonly symbol: number;
  /** Each layer's step, the lowest first. */
  readonly cells: readonly CellStep[];
  /** With attention only. */
  readonly attention?: AttentionStep;
  /** What it says of y_t, `K`. */
  readonly logits: Vector;
}

/** Gradients of the loss with respect to what a decoder was given. */
export interface DecoderGradient {
  /** Of each layer, ∂L/∂ its state before the first step. */
  readonly gStart: CellStateGradient[];
  /** ∂L/∂a_1 … ∂L/∂a_S, `S` × `C`; no row without attention. */
  readonly gPlaces: Matrix;
  /** ∂L/∂ what was, or could have been, added to the first sums, `G`·`H`. */
  readonly gFirstSums: Vector;
}

/** Feeds a symbol and returns what was made of it; each call is a step. */
export type FeedSymbol<Step> = (symbol: number) => Step;

/**
 * Starts a decoder.
 *
 * @param weights Its parameters.
 * @param given What it starts from and may look at.
 * @returns A function that takes the next step.
 * @throws {TypeError} If there is attention but no place, or places but no attention; the function, if a shape does not fit.
 */
export function startDecoder(
  weights: DecoderWeights,
  given: DecoderGiven,
): FeedSymbol<DecoderStep> {
  checkPlaces("run the decoder", weights, given);
  let states = given.start, first = true;
  return (symbol) => {
    const e = embed(weights.embedding, embeddingWidth(weights, given), symbol);
    const attention = weights.attention &&
      attend(weights.attention, states[states.length - 1].h, given.places!);
    const context = attention?.context ?? [];
    const cells = stepLayers(
      first ? withSums(weights.cells, given.firstSums) : weights.cells,
      [...e, ...context],
      states,
    );
    const logits = sum(product(weights.Wl, [...cells[cells.length - 1].h, ...context]), weights.bl);
    [states, first] = [cells, false];
    return { symbol, cells, attention, logits };
  };
}

function checkPlaces(
  action: string,
  { attention }: DecoderWeights,
  { places }: DecoderGiven,
): void {
  if ((attention === undefined) === (places === undefined)) return;
  const [wanted, got] = attention ? ["places with", "none"] : ["no places without", "some"];
  throw new TypeError(`Cannot ${action}: wanted ${wanted} attention, got ${got}`);
}

/** `E`: what is left of the inputs of the lowest layer without the context. */
function embeddingWidth({ cells: [{ Wih, b }] }: DecoderWeights, { places }: DecoderGiven): number {
  return Wih.length / b.length - (places?.[0]?.length ?? 0);
}

/** The cells with a vector added to the biases of the lowest. */
function withSums(cells: readonly CellWeights[], sums: Vector | undefined): readonly CellWeights[] {
  if (sums === undefined) return cells;
  const [{ b, ...lowest }, ...others] = cells;
  return [{ ...lowest, b: Float64Array.from(sum(sums, b)) }, ...others];
}

/**
 * Runs a decoder over the symbols that come before those that it should write (teacher forcing).
 *
 * @param weights Its parameters.
 * @param given What it starts from and may look at.
 * @param inputs y_0 … y_{T−1}.
 * @returns What was made of each.
 * @throws {TypeError} If there is attention but no place, or places but no attention, or a shape does not fit.
 * @throws {RangeError} If there is no such symbol.
 */
export function runDecoder(
  weights: DecoderWeights,
  given: DecoderGiven,
  inputs: readonly number[],
): DecoderStep[] {
  const feed = startDecoder(weights, given);
  return inputs.map((symbol) => feed(symbol));
}

/**
 * Reverses {@linkcode runDecoder}.
 *
 * ∂L/∂z_t comes from the logits and from the input [e_t; z_t]; through attention it reaches every place and h_{t−1}, to which
 * step t adds its part as well.
 *
 * Source: Werbos 1990, "Backpropagation Through Time".
 *
 * @param weights The decoder's parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param given What it started from and could look at.
 * @param steps What `runDecoder` returned, at least one step.
 * @param gLogits ∂L/∂logits, `T` × `K`.
 * @returns ∂L/∂given.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function decoderBackward(
  weights: DecoderWeights,
  gWeights: DecoderWeights,
  given: DecoderGiven,
  steps: readonly DecoderStep[],
  gLogits: Matrix,
): DecoderGradient {
  checkMatrix("reverse the decoder", "gradients of the logits", gLogits, steps.length);
  const E = embeddingWidth(weights, given);
  const gPlaces: Matrix = (given.places ?? []).map((place) => place.map(() => 0));
  const gFirst = firstGradients(gWeights.cells);
  let gStates = noGradients(given.start);
  for (let t = steps.length - 1; t >= 0; t--) {
    const step = steps[t];
    // logits = W_l [h; z] + b_l
    const { gTop, gContext } = reverseReadout(weights, gWeights, step, gLogits[t]);
    const [cells, gCells] = t === 0
      ? [withSums(weights.cells, given.firstSums), gFirst]
      : [weights.cells, gWeights.cells];
    const { gInput, gStatesPrev } = layersBackward(cells, gCells, step.cells, gStates, gTop);
    // the input was [e; z]
    embedBackward(gWeights.embedding, step.symbol, gInput.slice(0, E));
    gStates = gStatesPrev;
    if (step.attention && weights.attention && gWeights.attention) {
      const gZ = sum(gContext, gInput.slice(E));
      const both = [weights.attention, gWeights.attention] as const;
      gStates = reverseAttention(...both, step.attention, gZ, gStates, gPlaces);
    }
  }
  // the first sums and the bias were added
  const gFirstSums = [...gFirst[0].b];
  accumulate(gWeights.cells[0].b, gFirstSums);
  return { gStart: gStates, gPlaces, gFirstSums };
}

/** The gradients of the first step: those of the others, but for the lowest layer's bias, which gets memory of its own. */
function firstGradients([lowest, ...others]: readonly CellWeights[]): readonly CellWeights[] {
  return [{ ...lowest, b: new Float64Array(lowest.b.length) }, ...others];
}

function noGradients(states: readonly CellState[]): CellStateGradient[] {
  return states.map(({ h, c = [] }) => ({ gH: h.map(() => 0), gC: c.map(() => 0) }));
}

function reverseReadout(
  { Wl }: DecoderWeights,
  gWeights: DecoderWeights,
  { cells, attention }: DecoderStep,
  gLogits: Vector,
): { readonly gTop: Vector; readonly gContext: Vector } {
  const { h } = cells[cells.length - 1], x = [...h, ...attention?.context ?? []];
  accumulate(gWeights.bl, gLogits);
  const gX = productBackward(Wl, gWeights.Wl, x, gLogits);
  return { gTop: gX.slice(0, h.length), gContext: gX.slice(h.length) };
}

/** The query was the top layer's h_{t−1}; keys and values were the places. */
function reverseAttention(
  weights: AttentionWeights,
  gWeights: AttentionWeights,
  step: AttentionStep,
  gContext: Vector,
  gStates: readonly CellStateGradient[],
  gPlaces: Matrix,
): CellStateGradient[] {
  const { gQuery, gKeys, gValues } = attendBackward(weights, gWeights, step, gContext);
  gPlaces.forEach((gPlace, s) => gPlaces[s] = sum(gPlace, gKeys[s], gValues[s]));
  const top = gStates[gStates.length - 1];
  return [...gStates.slice(0, -1), { gH: sum(top.gH, gQuery), gC: top.gC }];
}

/**
 * Computes the cross-entropy of the targets, and its gradient.
 *
 * @param logits `T` × `K`.
 * @param targets `T` symbols, or −1 where there is none.
 * @param weight λ, of each target.
 * @returns λ Σ_t CE(logits_t, target_t) and ∂/∂logits, `T` × `K`.
 */
export function targetLoss(
  logits: Matrix,
  targets: readonly number[],
  weight: number,
): { readonly loss: number; readonly gLogits: Matrix } {
  let loss = 0;
  const gLogits = logits.map((x, t): Vector => {
    if (targets[t] < 0) return x.map(() => 0);
    loss += weight * crossEntropy(x, targets[t]);
    return crossEntropyBackward(x, targets[t], weight);
  });
  return { loss, gLogits };
}

/**
 * Checks what a decoder is fed and what it should write.
 *
 * @param action What the caller cannot do if the check fails.
 * @param K How many symbols the decoder has.
 * @param symbols What to check.
 * @throws {TypeError} If there are not as many targets as inputs.
 * @throws {RangeError} If there is no input, or a symbol is not the decoder's.
 */
export function checkForced(action: string, K: number, { inputs, targets }: ForcedSymbols): void {
  const T = inputs.length;
  if (T === 0) throw new RangeError(`Cannot ${action}: wanted at least 1 input, got 0`);
  checkSymbols(action, "inputs", "of the decoder", inputs, T, 0, K - 1);
  checkSymbols(action, "targets", "of the decoder", targets, T, -1, K - 1);
}
