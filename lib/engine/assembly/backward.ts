/**
 * The time loop backwards: what forward.ts did, from the last step to the first.
 *
 * Method: at each step the stack is reversed, its gradients pass through the heads, and each layer from the top down
 * reverses its cell and takes its sums' gradients through the packed weights to the state before. The gradients by
 * the sums stay where the gates were: all weights' gradients are made of them afterwards (weight_gradients.ts).
 *
 * Error: that of the kernels it is composed of.
 */
import { headsBackward } from "./heads";
import { lstmBackward } from "./lstm";
import { multiply } from "./multiply";
import { Layer, layerOf, ownActive, Plan, rowStart } from "./plan";
import { rnnBackward } from "./rnn";
import { addRow, clearRow } from "./rows";
import { stacksBackward } from "./stack_backward";

/** Reverses all steps of the slots worker, worker + workers, …. */
export function backward(plan: Plan, worker: i32, workers: i32): void {
  end(plan, worker, workers);
  for (let t = plan.steps; t >= 1; t--) {
    const count = ownActive(plan, t, worker, workers);
    const from = rowStart(plan, t - 1) + worker, to = rowStart(plan, t) + worker;
    if (plan.stack && count > 0) memoryBackward(plan, to, worker, workers, count);
    for (let l = plan.layers - 1; l >= 0 && count > 0; l--) {
      layerBackward(plan, l, from, to, worker, workers, count);
    }
  }
}

/** Nothing comes after a string's last row: no gradient by its cells, and none by sums that were never made. */
function end(plan: Plan, worker: i32, workers: i32): void {
  const hidden = plan.hidden * 4, gates = plan.gateWidth * 4;
  for (let slot = worker; slot < plan.slots; slot += workers) {
    let last = plan.steps;
    while (load<i32>(plan.active + last * 4) <= slot) last--;
    const row = rowStart(plan, last) + slot;
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l);
      if (plan.lstm) clearRow(layer.gCells + slot * hidden, hidden);
      if (last < plan.steps) clearRow(layer.gates + row * gates, gates);
    }
  }
}

/** The stack of each slot, its heads, then ∂L/∂h += Wᵀ ∂L/∂sums for all of them. */
function memoryBackward(plan: Plan, to: i32, worker: i32, workers: i32, count: i32): void {
  const top = layerOf(plan, plan.layers - 1);
  stacksBackward(plan, to, worker, workers, count);
  headsBackward(plan, to, workers, count);
  const heads = plan.headWidth * 4, state = top.stateWidth * 4;
  multiply(
    plan.heads + to * heads, workers * heads, plan.packedHeadBackward,
    top.gStates + to * state + top.inputWidth * 4, workers * state, count, plan.headWidth, plan.hidden, 1,
  );
}

/** The cell of each slot, then ∂L/∂[input | h] += Wᵀ ∂L/∂sums for all of them. */
function layerBackward(plan: Plan, l: i32, from: i32, to: i32, worker: i32, workers: i32, count: i32): void {
  const layer = layerOf(plan, l), gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  for (let i = 0; i < count; i++) {
    cellBackward(plan, layer, from + i * workers, to + i * workers, worker + i * workers);
  }
  multiply(
    layer.gates + from * gates, workers * gates, layer.packedBackward,
    layer.gStates + from * state, workers * state, count, plan.gateWidth, layer.stateWidth, 1,
  );
  if (l == 0) return;
  // the input part of this layer's state is the h of the layer below, after the same step
  const below = layerOf(plan, l - 1), stateBelow = below.stateWidth * 4;
  for (let i = 0, a = from, b = to; i < count; i++, a += workers, b += workers) {
    addRow(below.gStates + b * stateBelow + below.inputWidth * 4, layer.gStates + a * state, plan.hidden * 4);
  }
}

function cellBackward(plan: Plan, layer: Layer, from: i32, to: i32, slot: i32): void {
  const hidden = plan.hidden * 4, h = to * layer.stateWidth * 4 + layer.inputWidth * 4;
  const gates = layer.gates + from * plan.gateWidth * 4;
  if (plan.lstm) {
    lstmBackward(
      gates, layer.cells + from * hidden, layer.tanhCells + to * hidden, layer.gStates + h,
      layer.gCells + slot * hidden, plan.hidden,
    );
  } else rnnBackward(gates, layer.states + h, layer.gStates + h, plan.hidden);
}
