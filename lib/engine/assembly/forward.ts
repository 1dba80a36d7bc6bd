/**
 * The time loop forwards: a worker takes its slots of the batch through all steps.
 *
 * Method: each step is, for each layer, one product of the worker's rows with the packed weights, then the cell; then
 * one product for the heads, then the stack of each slot. Strings do not meet, so workers need not wait for each other.
 *
 * Error: that of the kernels it is composed of.
 */
import { headsForward } from "./heads";
import { lstmForward } from "./lstm";
import { multiply } from "./multiply";
import { Layer, layerOf, ownActive, Plan, rowStart } from "./plan";
import { rnnForward } from "./rnn";
import { clearRow, copyRow } from "./rows";
import { stackForward } from "./stack";

/** Runs all steps of the slots worker, worker + workers, …; row(0) is set to the trained start, all gradients to 0. */
export function forward(plan: Plan, worker: i32, workers: i32): void {
  start(plan, worker, workers);
  for (let t = 1; t <= plan.steps; t++) {
    const count = ownActive(plan, t, worker, workers);
    if (count == 0) return;
    clearGradients(plan, rowStart(plan, t) + worker, workers, count);
    forwardStep(plan, rowStart(plan, t - 1) + worker, rowStart(plan, t) + worker, worker, workers, count);
  }
}

/** Sets row(0) of a worker's slots: no read yet, the trained h_0 and c_0, an empty stack. */
export function start(plan: Plan, worker: i32, workers: i32): void {
  const hidden = plan.hidden * 4;
  for (let slot = worker; slot < plan.slots; slot += workers) {
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l), state = layer.states + slot * layer.stateWidth * 4;
      clearRow(state, layer.inputWidth * 4);
      copyRow(state + layer.inputWidth * 4, layer.h0, hidden);
      if (plan.lstm) copyRow(layer.cells + slot * hidden, layer.c0, hidden);
    }
    if (plan.stack) {
      store<i32>(plan.liveCount + slot * 4, 0);
      store<i32>(plan.logCount + slot * 4, 0);
    }
  }
  if (plan.remember) clearGradients(plan, worker, workers, (plan.slots - worker + workers - 1) / workers);
}

function clearGradients(plan: Plan, row: i32, workers: i32, count: i32): void {
  for (let i = 0; i < count; i++, row += workers) {
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l), bytes = layer.stateWidth * 4;
      clearRow(layer.gStates + row * bytes, bytes);
    }
    if (plan.stack) {
      clearRow(plan.gValues + row * plan.valueWidth * 4, plan.valueWidth * 4);
      store<f32>(plan.gStrength + row * 4, 0);
    }
  }
}

/** One step of `count` slots: from rows `from`, from + workers, … to rows `to`, to + workers, …. */
export function forwardStep(plan: Plan, from: i32, to: i32, slot: i32, workers: i32, count: i32): void {
  for (let l = 0; l < plan.layers; l++) {
    const layer = layerOf(plan, l);
    sums(plan, layer, l, from, workers, count);
    cells(plan, layer, l, from, to, workers, count);
  }
  if (plan.stack) memory(plan, to, slot, workers, count);
}

/** W_x x + b, from the table for the first layer, plus W [input | h]. */
function sums(plan: Plan, layer: Layer, l: i32, from: i32, workers: i32, count: i32): void {
  const gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  for (let i = 0, row = from; i < count; i++, row += workers) {
    const bias = l == 0 ? plan.table + load<i32>(plan.symbol + row * 4) * gates : layer.bias;
    copyRow(layer.gates + row * gates, bias, gates);
  }
  multiply(
    layer.states + from * state, workers * state, layer.packedForward,
    layer.gates + from * gates, workers * gates, count, layer.depth, plan.gateWidth,
  );
}

/** The cell of each slot; h goes to the layer's own next state, and up as the next layer's input. */
function cells(plan: Plan, layer: Layer, l: i32, from: i32, to: i32, workers: i32, count: i32): void {
  const hidden = plan.hidden * 4, gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  for (let i = 0; i < count; i++, from += workers, to += workers) {
    const h = layer.states + to * state + layer.inputWidth * 4, gate = layer.gates + from * gates;
    if (plan.lstm) {
      lstmForward(
        gate, layer.cells + from * hidden, layer.cells + to * hidden, layer.tanhCells + to * hidden, h, plan.hidden,
      );
    } else rnnForward(gate, h, plan.hidden);
    if (l + 1 < plan.layers) {
      const above = layerOf(plan, l + 1);
      copyRow(above.states + from * above.stateWidth * 4, h, hidden);
    }
  }
}

/** The heads of all slots, then each slot's stack; the read goes where the first layer takes it in. */
function memory(plan: Plan, to: i32, slot: i32, workers: i32, count: i32): void {
  const top = layerOf(plan, plan.layers - 1), heads = plan.headWidth * 4, state = top.stateWidth * 4;
  for (let i = 0, row = to; i < count; i++, row += workers) copyRow(plan.heads + row * heads, plan.headBias, heads);
  multiply(
    top.states + to * state + top.inputWidth * 4, workers * state, plan.packedHeadForward,
    plan.heads + to * heads, workers * heads, count, plan.hidden, plan.headWidth,
  );
  const first = layerOf(plan, 0);
  for (let i = 0; i < count; i++, to += workers, slot += workers) {
    const valueRow = plan.remember ? to : slot * plan.capacity + load<i32>(plan.liveCount + slot * 4);
    headsForward(plan, to, valueRow);
    const pop = load<f32>(plan.pops + to * 4), push = load<f32>(plan.pushes + to * 4);
    stackForward(plan, slot, to, valueRow, pop, push, first.states + to * first.stateWidth * 4);
  }
}
