/**
 * The time loop forwards: a worker takes its slots of the batch through all steps.
 *
 * Method: each step is, with attention, a look at the places; for each layer, one product of the worker's rows with the packed weights, then the cell; then
 * one product for the heads, then the memory of each slot. Strings do not meet, so workers need not wait for each other.
 *
 * Layout: see kernel_plan.ts; a worker's rows of a step are `workers` rows apart.
 *
 * Error: that of the kernels it is composed of.
 */
import { attend, startAttention } from "./attention";
import { gruForward } from "./gru";
import { headsForward } from "./heads";
import { layerForward } from "./layer_product";
import { lstmForward } from "./lstm";
import { multiply } from "./multiply";
import { memoryForward, startMemory } from "./memory";
import { Cell, Given, isGiven, Layer, layerOf, ownActive, Plan, rowStart } from "./plan";
import { rnnForward } from "./rnn";
import { addRow, clearRow, copyRow } from "./rows";

/** Runs all steps of the slots worker, worker + workers, …; clears a worker's share of the gradients with respect to values. */
export function forward(plan: Plan, worker: i32, workers: i32): void {
  if (plan.memory) clearGradients(plan, worker, workers);
  start(plan, worker, workers);
  let before = ownActive(plan, 1, worker, workers);
  for (let t = 1; t <= plan.steps; t++) {
    const count = ownActive(plan, t, worker, workers);
    if (count < before) clearLastRow(plan, rowStart(plan, t - 1) + worker + count * workers, workers, before - count);
    before = count;
    if (count == 0) return;
    forwardStep(plan, rowStart(plan, t - 1) + worker, rowStart(plan, t) + worker, worker, workers, count);
  }
}

/** No step starts from a string's last row, but it lies among rows from which one does: their results are 0 there. */
function clearLastRow(plan: Plan, row: i32, workers: i32, count: i32): void {
  const gates = plan.gateWidth * 4;
  for (let i = 0; i < count; i++, row += workers) {
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l);
      clearRow(layer.gates + row * gates, gates);
      if (l > 0 || plan.attention) clearRow(layer.states + row * layer.stateWidth * 4, layer.inputWidth * 4);
    }
    if (plan.attention) clearRow(plan.gQueries + row * plan.attentionWidth * 4, plan.attentionWidth * 4);
  }
}

/** Sets row(0) of a worker's slots: no read yet, the trained h_0 and c_0 unless a state is given, an empty memory. */
export function start(plan: Plan, worker: i32, workers: i32): void {
  const hidden = plan.hidden * 4;
  for (let slot = worker; slot < plan.slots; slot += workers) {
    for (let l = 0; l < plan.layers; l++) {
      const layer = layerOf(plan, l), state = layer.states + slot * layer.stateWidth * 4;
      clearRow(state, layer.inputWidth * 4);
      if (isGiven(plan, slot, Given.start)) continue;
      copyRow(state + layer.inputWidth * 4, layer.h0, hidden);
      if (plan.cell == Cell.lstm) copyRow(layer.cells + slot * hidden, layer.c0, hidden);
    }
    if (plan.memory) startMemory(plan, slot);
    if (plan.attention) startAttention(plan, slot);
  }
}

/** No gradient is added before all workers have finished, so any share of the rows will do. */
function clearGradients(plan: Plan, worker: i32, workers: i32): void {
  const all = plan.rows * plan.ports, from = all * worker / workers, rows = all * (worker + 1) / workers - from;
  const value = plan.valueWidth * 4;
  memory.fill(plan.gValues + from * value, 0, rows * value);
  memory.fill(plan.gStrength + from * 4, 0, rows * 4);
}

/** One step of `count` slots: from rows `from`, from + workers, … to rows `to`, to + workers, …. */
export function forwardStep(plan: Plan, from: i32, to: i32, slot: i32, workers: i32, count: i32): void {
  if (plan.attention) attend(plan, from, slot, workers, count);
  for (let l = 0; l < plan.layers; l++) {
    const layer = layerOf(plan, l);
    layerForward(plan, layer, from, workers, count);
    cells(plan, layer, l, from, to, workers, count);
  }
  if (plan.memory) controlMemory(plan, to, slot, workers, count);
}

/** The cell of each slot; h goes to the layer's own next state, and up as the next layer's input. */
function cells(plan: Plan, layer: Layer, l: i32, from: i32, to: i32, workers: i32, count: i32): void {
  const hidden = plan.hidden, bytes = hidden * 4, gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  const kind = plan.cell, above = l + 1 < plan.layers ? layerOf(plan, l + 1) : layer;
  const every = workers * gates, table = plan.table, symbol = plan.symbol;
  let gate = layer.gates + from * gates, h = layer.states + to * state + layer.inputWidth * 4;
  for (let i = 0; i < count; i++, from += workers, to += workers) {
    // W_x x + b, from the table for the first layer
    const bias = l == 0 ? table + load<i32>(symbol + from * 4) * gates : layer.bias;
    // row(0) is that of the slot
    if (l == 0 && from < plan.slots && isGiven(plan, from, Given.firstSums)) addRow(gate, plan.firstSums + from * gates, gates);
    if (kind == Cell.lstm) {
      lstmForward(
        gate, bias, layer.cells + from * bytes, layer.cells + to * bytes, layer.tanhCells + to * bytes, h, hidden,
      );
    } else if (kind == Cell.gru) {
      gruForward(gate, bias, layer.states + from * state + layer.inputWidth * 4, h, hidden);
    } else rnnForward(gate, bias, h, hidden);
    if (above !== layer) copyRow(above.states + from * above.stateWidth * 4, h, bytes);
    gate += every;
    h += workers * state;
  }
}

/** The heads of all slots, then each slot's memory; the read goes where the first layer takes it in. */
function controlMemory(plan: Plan, to: i32, slot: i32, workers: i32, count: i32): void {
  const top = layerOf(plan, plan.layers - 1), heads = plan.headWidth * 4, state = top.stateWidth * 4;
  multiply(
    top.states + to * state + top.inputWidth * 4, workers * state, plan.packedHeadForward,
    plan.heads + to * heads, workers * heads, count, plan.hidden, plan.headWidth, 0,
  );
  headsForward(plan, to, slot, workers, count);
  memoryForward(plan, to, slot, workers, count);
}
