/**
 * One step of a layer's cell, LSTM, GRU or RNN: an LSTM has a cell state c besides its hidden state h, the others do not.
 *
 * `H` hidden units, `I` inputs.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { gruCell, gruCellBackward, type GruStep, type GruWeights } from "./gru_cell.ts";
import { lstmCell, lstmCellBackward, type LstmStep, type LstmWeights } from "./lstm_cell.ts";
import { rnnCell, rnnCellBackward, type RnnStep, type RnnWeights } from "./rnn_cell.ts";

/** The parameters of a layer, or their gradients. */
export interface CellWeights extends RnnWeights, LstmWeights {
  /** b_hn, `H`; GRU only. */
  readonly bHn?: Float64Array;
  /** h_0, `H`. */
  readonly h0: Float64Array;
  /** c_0, `H`; LSTM only. */
  readonly c0?: Float64Array;
}

/** A layer's state, carried from one step to the next. */
export interface CellState<Numbers extends ArrayLike<number> = Vector> {
  /** h_t, `H`. */
  readonly h: Numbers;
  /** c_t, `H`; LSTM only. */
  readonly c?: Numbers;
}

/** A step of a layer; it contains the new {@linkcode CellState}. */
export type CellStep = RnnStep | LstmStep | GruStep;

/** Gradients with respect to a layer's state, as received from later steps. */
export interface CellStateGradient<Numbers extends ArrayLike<number> = Vector> {
  /** ∂L/∂h_t, `H`. */
  readonly gH: Numbers;
  /** ∂L/∂c_t, `H`; empty without a c. */
  readonly gC: Numbers;
}

/**
 * The state before the first step.
 *
 * @param weights The layer's parameters: h_0, and c_0 in an LSTM.
 * @param state Another state to start from, in their place.
 * @returns A copy.
 */
export function startCell(
  { h0, c0 }: CellWeights,
  state: CellState<ArrayLike<number>> = { h: h0, c: c0 },
): CellState {
  const h = Array.from(state.h);
  return state.c === undefined ? { h } : { h, c: Array.from(state.c) };
}

/** The state after a step, without the rest of it. */
export function stateAfter(step: CellStep): CellState {
  return "c" in step ? { h: step.h, c: step.c } : { h: step.h };
}

/**
 * The gradients with respect to the state after the last step.
 *
 * @param weights The layer's parameters.
 * @param gState What reads that state passes back; 0 if nothing reads it.
 * @returns A copy.
 */
export function lastStateGradient(
  { h0, c0 }: CellWeights,
  gState?: CellStateGradient<ArrayLike<number>>,
): CellStateGradient {
  const [gH, gC] = gState === undefined
    ? [new Array(h0.length).fill(0), new Array(c0?.length ?? 0).fill(0)]
    : [Array.from(gState.gH), Array.from(gState.gC)];
  return { gH, gC };
}

/** Takes a layer's step: {@linkcode lstmCell} if there is a c, {@linkcode gruCell} if there is a b_hn, {@linkcode rnnCell} otherwise. */
export function stepCell(weights: CellWeights, input: Vector, { h, c }: CellState): CellStep {
  if (c !== undefined) return lstmCell(weights, input, h, c);
  return isGru(weights) ? gruCell(weights, input, h) : rnnCell(weights, input, h);
}

function isGru(weights: CellWeights): weights is CellWeights & GruWeights {
  return weights.bHn !== undefined;
}

/**
 * Reverses {@linkcode stepCell}.
 *
 * @param weights The layer's parameters.
 * @param gWeights ∂L/∂weights, added to.
 * @param step What `stepCell` returned.
 * @param gState ∂L/∂h_t and ∂L/∂c_t.
 * @returns ∂L/∂input, `I`, and ∂L/∂h_{t−1} and ∂L/∂c_{t−1}.
 */
export function cellBackward(
  weights: CellWeights,
  gWeights: CellWeights,
  step: CellStep,
  { gH, gC }: CellStateGradient,
): CellStateGradient & { readonly gInput: Vector } {
  if ("c" in step) {
    const { gInput, gHPrev, gCPrev } = lstmCellBackward(weights, gWeights, step, gH, gC);
    return { gInput, gH: gHPrev, gC: gCPrev };
  }
  const { gInput, gHPrev } = "n" in step && isGru(weights) && isGru(gWeights)
    ? gruCellBackward(weights, gWeights, step, gH)
    : rnnCellBackward(weights, gWeights, step, gH);
  return { gInput, gH: gHPrev, gC: [] };
}
