/**
 * The time loop backwards: forward.ts reversed, from the last step to the first, a few steps at a call.
 *
 * Method: at each step the memory is reversed, its gradients pass through the heads, and each layer from the top down
 * reverses its cell and takes its sums' gradients through the packed weights to the state before. Gradients with respect to states are
 * kept for two steps only; those by the sums replace the gates, for weight_gradients.ts.
 *
 * Layout: see kernel_plan.ts; a worker's rows of a step are `workers` rows apart.
 *
 * Error: that of the kernels it is composed of.
 */
import { attendBackward } from "./attention";
import { gruBackward } from "./gru";
import { headsBackward } from "./heads";
import { layerBackward } from "./layer_product";
import { lstmBackward } from "./lstm";
import { multiply } from "./multiply";
import { memoryBackward } from "./memory";
import { Cell, Given, isGiven, Layer, layerOf, ownActive, Plan, rowStart } from "./plan";
import { rnnBackward } from "./rnn";
import { addRow, clearRow } from "./rows";

/** Reverses steps `last` … `first` of the slots worker, worker + workers, …; later ones have been reversed before. */
export function backward(plan: Plan, worker: i32, workers: i32, first: i32, last: i32): void {
  let after = last == plan.steps ? 0 : ownActive(plan, last + 1, worker, workers);
  for (let t = last; t >= first; t--) {
    const count = ownActive(plan, t, worker, workers);
    if (count > after) clearLastStep(plan, t, worker + after * workers, workers, count - after);
    after = count;
    if (count == 0) continue;
    addLosses(plan, t, worker, workers, count);
    if (plan.memory) controlsBackward(plan, t, worker, workers, count);
    for (let l = plan.layers - 1; l >= 0; l--) reverseLayer(plan, l, t, worker, workers, count);
    if (plan.attention) contextsBackward(plan, t, worker, workers, count);
  }
}

/** Where ∂L/∂state of a layer after step t lies, for slot 0. */
// @ts-ignore: decorator
@inline
function gStatesAt(plan: Plan, layer: Layer, t: i32): usize {
  return layer.gStates + (t & 1) * plan.slots * layer.stateWidth * 4;
}

/** The gradients with respect to a string's state and its cells after its last step t start at 0, unless they are given. */
function clearLastStep(plan: Plan, t: i32, slot: i32, workers: i32, count: i32): void {
  const hidden = plan.hidden * 4;
  for (let i = 0; i < count; i++, slot += workers) {
    if (isGiven(plan, slot, Given.gFinal)) continue;
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l), state = layer.stateWidth * 4;
      clearRow(gStatesAt(plan, layer, t) + slot * state, state);
      if (plan.cell == Cell.lstm) clearRow(layer.gCells + slot * hidden, hidden);
    }
  }
}

/** ∂L/∂h += the gradients from decoder.ts, for the states that have a loss row. */
function addLosses(plan: Plan, t: i32, slot: i32, workers: i32, count: i32): void {
  const top = layerOf(plan, plan.layers - 1), state = top.stateWidth * 4, hidden = plan.hidden * 4;
  const gradients = plan.memory ? plan.gLossStates : plan.gDecoderInput;
  const between = plan.memory ? hidden : plan.decoderWidth * 4;
  const gH = gStatesAt(plan, top, t) + top.inputWidth * 4, losses = plan.lossOfRow + rowStart(plan, t) * 4;
  for (let i = 0; i < count; i++, slot += workers) {
    const n = load<i32>(losses + slot * 4);
    if (n >= 0) addRow(gH + slot * state, gradients + n * between, hidden);
  }
}

/** ∂L/∂reads or ∂L/∂contexts, by slot, += those from decoder.ts, where the logits of step t see them. */
function addReadLosses(plan: Plan, t: i32, gReads: usize, slot: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), state = first.stateWidth * 4, losses = plan.lossOfRow + rowStart(plan, t) * 4;
  const gradients = plan.gDecoderInput + plan.outputWidth * 4;
  for (let i = 0; i < count; i++, slot += workers) {
    const n = load<i32>(losses + slot * 4);
    if (n >= 0) addRow(gReads + slot * state, gradients + n * plan.decoderWidth * 4, first.inputWidth * 4);
  }
}

/** The memory of each slot, its heads, then ∂L/∂h += Wᵀ ∂L/∂sums for all of them. */
function controlsBackward(plan: Plan, t: i32, worker: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), top = layerOf(plan, plan.layers - 1), row = rowStart(plan, t) + worker;
  const gReads = gStatesAt(plan, first, t), between = first.stateWidth * 4;
  if (plan.decoderWidth > plan.outputWidth) addReadLosses(plan, t, gReads, worker, workers, count);
  memoryBackward(plan, row, worker, workers, count, gReads, between);
  headsBackward(plan, row, workers, count);
  const heads = plan.headWidth * 4, state = top.stateWidth * 4;
  multiply(
    plan.heads + row * heads, workers * heads, plan.packedHeadBackward,
    gStatesAt(plan, top, t) + worker * state + top.inputWidth * 4, workers * state, count, plan.headWidth, plan.hidden,
    1,
  );
}

/** The context that step t took in, then ∂L/∂h += W_qᵀ ∂L/∂queries: its query was h before the step. */
function contextsBackward(plan: Plan, t: i32, worker: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), top = layerOf(plan, plan.layers - 1), row = rowStart(plan, t - 1) + worker;
  const gContexts = gStatesAt(plan, first, t - 1), between = first.stateWidth * 4;
  addReadLosses(plan, t, gContexts, worker, workers, count);
  for (let i = 0, slot = worker; i < count; i++, slot += workers) {
    attendBackward(plan, row + i * workers, slot, gContexts + slot * between);
  }
  const query = plan.attentionWidth * 4, state = top.stateWidth * 4;
  multiply(
    plan.gQueries + row * query, workers * query, plan.packedQueryBackward,
    gStatesAt(plan, top, t - 1) + worker * state + top.inputWidth * 4, workers * state, count,
    plan.attentionWidth, plan.hidden, 1,
  );
}

/** The cell of each slot, then ∂L/∂[input | h] = Wᵀ ∂L/∂sums for all of them. */
function reverseLayer(plan: Plan, l: i32, t: i32, worker: i32, workers: i32, count: i32): void {
  const layer = layerOf(plan, l), state = layer.stateWidth * 4;
  const before = gStatesAt(plan, layer, t - 1) + worker * state;
  cellsBackward(plan, layer, t, worker, workers, count);
  layerBackward(plan, layer, rowStart(plan, t - 1) + worker, before, workers, count);
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
  const input = layer.inputWidth * 4, gStates = gStatesAt(plan, layer, t) + input, kind = plan.cell;
  const gBefore = gStatesAt(plan, layer, t - 1) + input;
  let from = rowStart(plan, t - 1) + slot, to = rowStart(plan, t) + slot;
  for (let i = 0; i < count; i++, slot += workers, from += workers, to += workers) {
    const gate = layer.gates + from * gates, gH = gStates + slot * state;
    if (kind == Cell.lstm) {
      lstmBackward(
        gate, layer.cells + from * bytes, layer.tanhCells + to * bytes, gH, layer.gCells + slot * bytes, hidden,
      );
    } else if (kind == Cell.gru) {
      gruBackward(gate, layer.states + from * state + input, gH, gBefore + slot * state, hidden);
    } else rnnBackward(gate, layer.states + to * state + input, gH, hidden);
  }
}
