/**
 * Every parameter's gradient, from what the time loop left in its rows.
 *
 * Method: one product over all rows for each weight matrix, shared out among workers by outputs, so that each sum is
 * made by one worker in the order of the rows: the same bits however many workers there are. The first layer's input
 * weights see only as many different inputs as there are symbols: the gradients by the sums are first added up by symbol.
 *
 * Error: that of outer.ts; sums over rows are chains of additions.
 */
import { VECTOR } from "./lanes";
import { multiply } from "./multiply";
import { outer } from "./outer";
import { Layer, layerOf, Plan, rowStart } from "./plan";
import { addRow, clearRow } from "./rows";

/** A worker's share of `outputs` (a multiple of 4): from `first` to `last` − 1, in fours. */
// @ts-ignore: decorator
@inline
function share(outputs: i32, worker: i32, workers: i32): i32 {
  return ((outputs >> 2) * worker / workers) << 2;
}

/** All gradients but the embedding's, which needs every worker's part of the table's. */
export function weightGradients(plan: Plan, worker: i32, workers: i32): void {
  const scratch = plan.scratch + worker * plan.scratchBytes;
  for (let l = 0; l < plan.layers; l++) layerGradients(plan, l, worker, workers, scratch);
  decoderGradients(plan, worker, workers, scratch);
  if (plan.stack) {
    headGradients(plan, worker, workers, scratch);
    outputGradients(plan, worker, workers, scratch);
  }
}

function layerGradients(plan: Plan, l: i32, worker: i32, workers: i32, scratch: usize): void {
  const layer = layerOf(plan, l), gates = plan.gateWidth * 4, state = layer.stateWidth * 4;
  const from = share(plan.gateWidth, worker, workers), to = share(plan.gateWidth, worker + 1, workers);
  const rows = rowStart(plan, plan.steps), Y = layer.gates + from * 4; // the last rows lead nowhere
  const G = layer.gWeights + from * state;
  clearRow(G, (to - from) * state);
  outer(Y, gates, layer.states, state, G, state, rows, to - from, layer.stateWidth, scratch);
  if (l == 0) tableGradients(plan, layer, from, to, rows, scratch);
  else sumRows(layer.gBias + from * 4, Y, gates, rows, (to - from) * 4);
  if (worker == 0) startGradients(plan, layer);
}

/** ∂L/∂table by symbol, from which come ∂L/∂W_x and ∂L/∂b. */
function tableGradients(plan: Plan, layer: Layer, from: i32, to: i32, rows: i32, scratch: usize): void {
  const gates = plan.gateWidth * 4, bytes = (to - from) * 4, embedding = plan.embeddingWidth * 4;
  for (let k = 0; k < plan.symbols; k++) clearRow(plan.gTable + k * gates + from * 4, bytes);
  for (let row = 0; row < rows; row++) {
    const symbol = load<i32>(plan.symbol + row * 4);
    addRow(plan.gTable + symbol * gates + from * 4, layer.gates + row * gates + from * 4, bytes);
  }
  const G = plan.gInputWeights + from * embedding;
  clearRow(G, (to - from) * embedding);
  outer(
    plan.gTable + from * 4, gates, plan.embedding, embedding, G, embedding, plan.symbols, to - from,
    plan.embeddingWidth, scratch,
  );
  sumRows(layer.gBias + from * 4, plan.gTable + from * 4, gates, plan.symbols, bytes);
}

/** ∂L/∂h_0 and ∂L/∂c_0: every string starts from them. */
function startGradients(plan: Plan, layer: Layer): void {
  const hidden = plan.hidden * 4, state = layer.stateWidth * 4;
  sumRows(layer.gH0, layer.gStates + layer.inputWidth * 4, state, plan.slots, hidden);
  if (plan.lstm) sumRows(layer.gC0, layer.gCells, hidden, plan.slots, hidden);
}

function headGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const top = layerOf(plan, plan.layers - 1), state = top.stateWidth * 4, heads = plan.headWidth * 4;
  const from = share(plan.headWidth, worker, workers), to = share(plan.headWidth, worker + 1, workers);
  const row = rowStart(plan, 1), rows = plan.rows - row, hidden = plan.hidden * 4; // heads act after a step
  const Y = plan.heads + row * heads + from * 4, G = plan.gHeadWeights + from * hidden;
  clearRow(G, (to - from) * hidden);
  outer(
    Y, heads, top.states + row * state + top.inputWidth * 4, state, G, hidden, rows, to - from, plan.hidden, scratch,
  );
  sumRows(plan.gHeadBias + from * 4, Y, heads, rows, (to - from) * 4);
}

function outputGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const width = plan.decoderWidth * 4, hidden = plan.hidden * 4;
  const from = share(plan.decoderWidth, worker, workers), to = share(plan.decoderWidth, worker + 1, workers);
  const Y = plan.gDecoderInput + from * 4, G = plan.gOutputWeights + from * hidden;
  clearRow(G, (to - from) * hidden);
  outer(
    Y, width, plan.lossStates, hidden, G, hidden, plan.outputLosses, to - from, plan.hidden, scratch,
  );
  sumRows(plan.gOutputBias + from * 4, Y, width, plan.outputLosses, (to - from) * 4);
}

function decoderGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const logits = plan.logitWidth * 4, width = plan.decoderWidth * 4;
  const from = share(plan.logitWidth, worker, workers), to = share(plan.logitWidth, worker + 1, workers);
  const Y = plan.logits + from * 4, G = plan.gLogitWeights + from * width;
  clearRow(G, (to - from) * width);
  outer(Y, logits, plan.decoderInput, width, G, width, plan.losses, to - from, plan.decoderWidth, scratch);
  sumRows(plan.gLogitBias + from * 4, Y, logits, plan.losses, (to - from) * 4);
}

/** ∂L/∂E = ∂L/∂table W_x, a worker's share of the symbols. */
export function embeddingGradient(plan: Plan, worker: i32, workers: i32): void {
  const from = plan.symbols * worker / workers, to = plan.symbols * (worker + 1) / workers;
  const gates = plan.gateWidth * 4, embedding = plan.embeddingWidth * 4;
  multiply(
    plan.gTable + from * gates, gates, plan.packedInputBackward, plan.gEmbedding + from * embedding, embedding,
    to - from, plan.gateWidth, plan.embeddingWidth, 0,
  );
}

/** sum = Σ rows, sixteen columns at a time. */
function sumRows(sum: usize, rows: usize, between: i32, count: i32, bytes: i32): void {
  let at = 0;
  for (; at + 48 < bytes; at += 64) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let row = rows + at;
    for (let i = 0; i < count; i++, row += between) {
      s0 = f32x4.add(s0, v128.load(row));
      s1 = f32x4.add(s1, v128.load(row, 16));
      s2 = f32x4.add(s2, v128.load(row, 32));
      s3 = f32x4.add(s3, v128.load(row, 48));
    }
    v128.store(sum + at, s0);
    v128.store(sum + at, s1, 16);
    v128.store(sum + at, s2, 32);
    v128.store(sum + at, s3, 48);
  }
  for (; at < bytes; at += VECTOR) {
    let s0 = f32x4.splat(0), row = rows + at;
    for (let i = 0; i < count; i++, row += between) s0 = f32x4.add(s0, v128.load(row));
    v128.store(sum + at, s0);
  }
}
