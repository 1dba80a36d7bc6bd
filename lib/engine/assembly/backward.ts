/**
 * The time loop backwards: what forward.ts did, from the last step to the first, a few steps at a call.
 *
 * Method: at each step the stack is reversed, its gradients pass through the heads, and each layer from the top down
 * reverses its cell and takes its sums' gradients through the packed weights to the state before. Gradients by states are
 * kept for two steps only; those by the sums stay where the gates were, for weight_gradients.ts.
 *
 * Layout: see plan.ts; a worker's rows of a step are `workers` rows apart.
 *
 * Error: that of the kernels it is composed of.
 */
import { headsBackward } from "./heads";
import { lstmBackward } from "./lstm";
import { multiply } from "./multiply";
import { narrowCellBackward } from "./narrow_cell";
import { narrowStackBackward } from "./narrow_stack_backward";
import { Layer, layerOf, ownActive, Plan, rowStart } from "./plan";
import { rnnBackward } from "./rnn";
import { addRow, clearRow } from "./rows";
import { stacksBackward } from "./stack_backward";

/** Reverses steps `last` … `first` of the slots worker, worker + workers, …; later ones have been reversed before. */
export function backward(plan: Plan, worker: i32, workers: i32, first: i32, last: i32): void {
  let after = last == plan.steps ? 0 : ownActive(plan, last + 1, worker, workers);
  for (let t = last; t >= first; t--) {
    const count = ownActive(plan, t, worker, workers);
    if (count > after) end(plan, t, worker + after * workers, workers, count - after);
    after = count;
    if (count == 0) continue;
    if (!oneCellPass(plan)) addLosses(plan, t, worker, workers, count);
    if (plan.stack) memoryBackward(plan, t, worker, workers, count);
    for (let l = plan.layers - 1; l >= 0; l--) layerBackward(plan, l, t, worker, workers, count);
  }
}

/** Whether narrow_cell.ts takes the top layer from the gradients by the heads to those by the sums. */
// @ts-ignore: decorator
@inline
function oneCellPass(plan: Plan): bool {
  return plan.narrow && !plan.lstm;
}

/** Where ∂L/∂state of a layer after step t lies, for slot 0. */
// @ts-ignore: decorator
@inline
function gStatesAt(plan: Plan, layer: Layer, t: i32): usize {
  return layer.gStates + (t & 1) * plan.slots * layer.stateWidth * 4;
}

/** Nothing comes after the last step t of a string: no gradient by its state or its cells. */
function end(plan: Plan, t: i32, slot: i32, workers: i32, count: i32): void {
  const hidden = plan.hidden * 4;
  for (let i = 0; i < count; i++, slot += workers) {
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l), state = layer.stateWidth * 4;
      clearRow(gStatesAt(plan, layer, t) + slot * state, state);
      if (plan.lstm) clearRow(layer.gCells + slot * hidden, hidden);
    }
  }
}

/** ∂L/∂h += what decoder.ts found for the states that were asked for a symbol. */
function addLosses(plan: Plan, t: i32, slot: i32, workers: i32, count: i32): void {
  const top = layerOf(plan, plan.layers - 1), state = top.stateWidth * 4, hidden = plan.hidden * 4;
  const gradients = plan.stack ? plan.gLossStates : plan.gDecoderInput;
  const gH = gStatesAt(plan, top, t) + top.inputWidth * 4, losses = plan.lossOfRow + rowStart(plan, t) * 4;
  for (let i = 0; i < count; i++, slot += workers) {
    const n = load<i32>(losses + slot * 4);
    if (n >= 0) addRow(gH + slot * state, gradients + n * hidden, hidden);
  }
}

/** The stack of each slot, its heads, then ∂L/∂h += Wᵀ ∂L/∂sums for all of them, unless the cell's pass does that. */
function memoryBackward(plan: Plan, t: i32, worker: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), top = layerOf(plan, plan.layers - 1), row = rowStart(plan, t) + worker;
  const gReads = gStatesAt(plan, first, t), between = first.stateWidth * 4;
  if (plan.narrow) narrowStackBackward(plan, row, worker, workers, count, gReads, between);
  else {
    stacksBackward(plan, row, worker, workers, count, gReads, between);
    headsBackward(plan, row, workers, count);
  }
  if (oneCellPass(plan)) return;
  const heads = plan.headWidth * 4, state = top.stateWidth * 4;
  multiply(
    plan.heads + row * heads, workers * heads, plan.packedHeadBackward,
    gStatesAt(plan, top, t) + worker * state + top.inputWidth * 4, workers * state, count, plan.headWidth, plan.hidden,
    1,
  );
}

/** The cell of each slot, then ∂L/∂[input | h] = Wᵀ ∂L/∂sums for all of them. */
function layerBackward(plan: Plan, l: i32, t: i32, worker: i32, workers: i32, count: i32): void {
  const layer = layerOf(plan, l), gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  const from = rowStart(plan, t - 1) + worker, before = gStatesAt(plan, layer, t - 1) + worker * state;
  if (oneCellPass(plan) && l + 1 == plan.layers) {
    narrowCellBackward(plan, layer, t, worker, workers, count, gStatesAt(plan, layer, t));
  } else cellsBackward(plan, layer, t, worker, workers, count);
  multiply(
    layer.gates + from * gates, workers * gates, layer.packedBackward, before, workers * state,
    count, plan.gateWidth, layer.stateWidth, 0,
  );
  if (l == 0) return;
  // the input part of this layer's state is the h of the layer below, after the same step
  const below = layerOf(plan, l - 1), stateBelow = below.stateWidth * 4;
  let gH = gStatesAt(plan, below, t) + worker * stateBelow + below.inputWidth * 4;
  for (let i = 0; i < count; i++, gH += workers * stateBelow) {
    addRow(gH, before + i * workers * state, plan.hidden * 4);
  }
}

function cellsBackward(plan: Plan, layer: Layer, t: i32, slot: i32, workers: i32, count: i32): void {
  const hidden = plan.hidden, bytes = hidden * 4, gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  const input = layer.inputWidth * 4, gStates = gStatesAt(plan, layer, t) + input, lstm = plan.lstm;
  let from = rowStart(plan, t - 1) + slot, to = rowStart(plan, t) + slot;
  for (let i = 0; i < count; i++, slot += workers, from += workers, to += workers) {
    const gate = layer.gates + from * gates, gH = gStates + slot * state;
    if (lstm) {
      lstmBackward(
        gate, layer.cells + from * bytes, layer.tanhCells + to * bytes, gH, layer.gCells + slot * bytes, hidden,
      );
    } else rnnBackward(gate, layer.states + to * state + input, gH, hidden);
  }
}
