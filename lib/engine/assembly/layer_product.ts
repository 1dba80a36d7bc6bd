/**
 * A layer's product: from a row of its states, [input | h], to a row of gates; forwards, backwards, and for its weights.
 *
 * Method: one product with the whole row for the LSTM and the vanilla cell. In a GRU the reset gate multiplies what h adds to the
 * candidate, so that must stay apart: of a row [n | r | z | m] the input feeds n, r and z, and h feeds r, z and m. There
 * are two products then, each with `sumWidth` of the columns, and none with zeros.
 *
 * Layout: weights are sumWidth × stateWidth, by rows. A GRU's rows are n, r, z in the input's columns and r, z, m in
 * those of h; packed, either way, the input's weights come before those of h.
 *
 * Error: that of multiply.ts and outer.ts.
 */
import { multiply } from "./multiply";
import { outer } from "./outer";
import { packBoth } from "./pack";
import { Cell, Layer, Plan } from "./plan";
import { clearRow } from "./rows";

/** Where the weights of h begin among those of a GRU's layer that are packed. */
// @ts-ignore: decorator
@inline
function weightsOfH(plan: Plan, layer: Layer, packed: usize): usize {
  return packed + layer.inputWidth * plan.sumWidth * 4;
}

/** Packs a worker's share of the layer's weights. */
export function packLayer(plan: Plan, layer: Layer, worker: i32, workers: i32): void {
  const W = layer.weights, state = layer.stateWidth * 4, sums = plan.sumWidth;
  const forwards = layer.packedForward, backwards = layer.packedBackward;
  if (plan.cell != Cell.gru) {
    packBoth(W, state, sums, layer.depth, layer.stateWidth, forwards, backwards, worker, workers);
    return;
  }
  const input = layer.inputWidth, hidden = plan.hidden;
  packBoth(W, state, sums, input, input, forwards, backwards, worker, workers);
  packBoth(
    W + input * 4, state, sums, hidden, hidden, weightsOfH(plan, layer, forwards), weightsOfH(plan, layer, backwards),
    worker, workers,
  );
}

/** Sums of `count` rows of gates from the states of the same rows: row `from`, from + workers, …. */
export function layerForward(plan: Plan, layer: Layer, from: i32, workers: i32, count: i32): void {
  const gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  const A = layer.states + from * state, betweenA = workers * state;
  const C = layer.gates + from * gates, betweenC = workers * gates;
  if (plan.cell != Cell.gru) {
    multiply(A, betweenA, layer.packedForward, C, betweenC, count, layer.depth, plan.gateWidth, 0);
    return;
  }
  const input = layer.inputWidth, hidden = plan.hidden, sums = plan.sumWidth;
  for (let i = 0; i < count; i++) clearRow(C + i * betweenC, hidden * 4); // h has no part in n
  const ofH = weightsOfH(plan, layer, layer.packedForward);
  multiply(A + input * 4, betweenA, ofH, C + hidden * 4, betweenC, count, hidden, sums, 0);
  if (input > 0) multiply(A, betweenA, layer.packedForward, C, betweenC, count, input, sums, 1);
}

/** ∂L/∂states, in rows from `gStates` on, from ∂L/∂sums; a GRU's h is added to what its cell has left there. */
export function layerBackward(plan: Plan, layer: Layer, from: i32, gStates: usize, workers: i32, count: i32): void {
  const gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  const A = layer.gates + from * gates, betweenA = workers * gates, betweenC = workers * state;
  const W = layer.packedBackward;
  if (plan.cell != Cell.gru) {
    multiply(A, betweenA, W, gStates, betweenC, count, plan.gateWidth, layer.stateWidth, 0);
    return;
  }
  const input = layer.inputWidth, hidden = plan.hidden, sums = plan.sumWidth, ofH = weightsOfH(plan, layer, W);
  if (input > 0) multiply(A, betweenA, W, gStates, betweenC, count, sums, input, 0);
  multiply(A + hidden * 4, betweenA, ofH, gStates + input * 4, betweenC, count, sums, hidden, 1);
}

/** Adds what `rows` rows from number `row` on give to sums `first` … `last` − 1 of ∂L/∂weights. */
export function addLayerGradients(
  plan: Plan, layer: Layer, row: i32, rows: i32, first: i32, last: i32, scratch: usize,
): void {
  const gates = plan.gateWidth * 4, state = layer.stateWidth * 4, count = last - first;
  const Y = layer.gates + row * gates + first * 4, X = layer.states + row * state;
  const G = layer.gWeights + first * state;
  if (plan.cell != Cell.gru) {
    outer(Y, gates, X, state, G, state, rows, count, layer.stateWidth, scratch);
    return;
  }
  const input = layer.inputWidth * 4, hidden = plan.hidden;
  if (input > 0) outer(Y, gates, X, state, G, state, rows, count, layer.inputWidth, scratch);
  outer(Y + hidden * 4, gates, X + input, state, G + input, state, rows, count, hidden, scratch);
}
