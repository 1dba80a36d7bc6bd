/**
 * The gradients of all parameters, from the rows that the time loop has left.
 *
 * Method: a product over the rows of a few steps at once for each weight matrix, right after those steps were reversed,
 * while their rows are still in the cache. Workers share the outputs, so that each sum is made by one of them in the order
 * of the rows: the same bits however many workers there are. The first layer's input weights see only as many different
 * inputs as there are symbols: the gradients with respect to the sums are first added up by symbol.
 *
 * Layout: each gradient lies where its weights lie in their run; rows as in kernel_plan.ts.
 *
 * Error: that of outer.ts; sums over rows are chains of additions.
 */
import { firstPlace } from "./attention";
import { VECTOR } from "./lanes";
import { addLayerGradients } from "./layer_product";
import { multiply } from "./multiply";
import { outer } from "./outer";
import { Attention, Cell, Given, isGiven, Layer, layerOf, Plan, rowStart } from "./plan";
import { addRow } from "./rows";

/** A worker's share of `outputs` (a multiple of 4): from `first` to `last` − 1, in fours. */
// @ts-ignore: decorator
@inline
function share(outputs: i32, worker: i32, workers: i32): i32 {
  return ((outputs >> 2) * worker / workers) << 2;
}

/** Sets all gradients to 0, a worker's share of them. */
export function clearWeightGradients(plan: Plan, worker: i32, workers: i32): void {
  const all = plan.parameters, table = plan.symbols * plan.gateWidth;
  clearShare(plan.gradientsAt, all, worker, workers);
  clearShare(plan.gTable, table, worker, workers);
}

function clearShare(at: usize, numbers: i32, worker: i32, workers: i32): void {
  const from = share(numbers, worker, workers), to = share(numbers, worker + 1, workers);
  memory.fill(at + from * 4, 0, (to - from) * 4);
}

/** Adds the parts of steps `first` … `last`: gradients of the layers' weights, of the table, and of the weights of heads or queries. */
export function stepGradients(plan: Plan, worker: i32, workers: i32, first: i32, last: i32): void {
  const scratch = plan.scratch + worker * plan.scratchBytes;
  for (let l = 0; l < plan.layers; l++) layerGradients(plan, l, worker, workers, first, last, scratch);
  if (plan.memory) headGradients(plan, worker, workers, first, last, scratch);
  if (plan.attention) queryGradients(plan, worker, workers, first, last, scratch);
}

/** Step t took in the state of row(t − 1), where its sums' gradients are too. */
function layerGradients(plan: Plan, l: i32, worker: i32, workers: i32, first: i32, last: i32, scratch: usize): void {
  const layer = layerOf(plan, l), gates = plan.gateWidth * 4, sums = plan.sumWidth;
  const from = share(plan.gateWidth, worker, workers), to = share(plan.gateWidth, worker + 1, workers);
  const row = rowStart(plan, first - 1), rows = rowStart(plan, last) - row;
  addLayerGradients(plan, layer, row, rows, share(sums, worker, workers), share(sums, worker + 1, workers), scratch);
  if (l == 0) addBySymbol(plan, layer, from, to, row, rows);
  else sumRows(layer.gBias + from * 4, layer.gates + row * gates + from * 4, gates, rows, (to - from) * 4);
}

/** ∂L/∂table: the gradients with respect to the first layer's sums, added up for each input symbol. */
function addBySymbol(plan: Plan, layer: Layer, from: i32, to: i32, row: i32, rows: i32): void {
  const gates = plan.gateWidth * 4, bytes = (to - from) * 4, table = plan.gTable + from * 4;
  let g = layer.gates + row * gates + from * 4;
  for (let i = 0; i < rows; i++, g += gates) {
    addRow(table + load<i32>(plan.symbol + (row + i) * 4) * gates, g, bytes);
  }
}

/** Heads act after a step. */
function headGradients(plan: Plan, worker: i32, workers: i32, first: i32, last: i32, scratch: usize): void {
  const top = layerOf(plan, plan.layers - 1), state = top.stateWidth * 4, heads = plan.headWidth * 4;
  const from = share(plan.headWidth, worker, workers), to = share(plan.headWidth, worker + 1, workers);
  const row = rowStart(plan, first), rows = rowStart(plan, last + 1) - row, hidden = plan.hidden * 4;
  const Y = plan.heads + row * heads + from * 4, X = top.states + row * state + top.inputWidth * 4;
  outer(Y, heads, X, state, plan.gHeadWeights + from * hidden, hidden, rows, to - from, plan.hidden, scratch);
  sumRows(plan.gHeadBias + from * 4, Y, heads, rows, (to - from) * 4);
}

/** The query of step t was made from the h of row(t − 1). */
function queryGradients(plan: Plan, worker: i32, workers: i32, first: i32, last: i32, scratch: usize): void {
  const top = layerOf(plan, plan.layers - 1), state = top.stateWidth * 4, query = plan.attentionWidth * 4;
  const from = share(plan.attentionWidth, worker, workers), to = share(plan.attentionWidth, worker + 1, workers);
  const row = rowStart(plan, first - 1), rows = rowStart(plan, last) - row, hidden = plan.hidden * 4;
  const Y = plan.gQueries + row * query + from * 4, X = top.states + row * state + top.inputWidth * 4;
  outer(Y, query, X, state, plan.gQueryWeights + from * hidden, hidden, rows, to - from, plan.hidden, scratch);
}

/** ∂L/∂W_k and ∂L/∂w, a worker's share of their columns; ∂L/∂a += W_kᵀ ∂L/∂k, its share of the places. */
function placeGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const key = plan.attentionWidth * 4, place = plan.placeWidth * 4, places = firstPlace(plan, plan.slots);
  const from = share(plan.attentionWidth, worker, workers), to = share(plan.attentionWidth, worker + 1, workers);
  const G = plan.gKeyWeights + from * place;
  outer(plan.gKeys + from * 4, key, plan.places, place, G, place, places, to - from, plan.placeWidth, scratch);
  if (plan.attention == Attention.additive) {
    sumRows(plan.gScoreWeights + from * 4, plan.gSlotScoreWeights + from * 4, key, plan.slots, (to - from) * 4);
  }
  const first = places * worker / workers, last = places * (worker + 1) / workers;
  multiply(
    plan.gKeys + first * key, key, plan.packedKeyBackward, plan.gPlaces + first * place, place,
    last - first, plan.attentionWidth, plan.placeWidth, 1,
  );
}

/** The gradients that need all steps reversed; the embedding's needs the table's gradient of every worker, and follows. */
export function weightGradients(plan: Plan, worker: i32, workers: i32): void {
  const scratch = plan.scratch + worker * plan.scratchBytes;
  inputGradients(plan, worker, workers, scratch);
  decoderGradients(plan, worker, workers, scratch);
  if (plan.memory) outputGradients(plan, worker, workers, scratch);
  if (plan.attention) placeGradients(plan, worker, workers, scratch);
  if (worker == 0) {
    for (let l = 0; l < plan.layers; l++) startGradients(plan, layerOf(plan, l));
  }
}

/** ∂L/∂W_x = (∂L/∂table)ᵀ E, ∂L/∂b = Σ ∂L/∂table: of the table's columns that this worker has added up. */
function inputGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const gates = plan.gateWidth * 4, embedding = plan.embeddingWidth * 4;
  const from = share(plan.gateWidth, worker, workers), to = share(plan.gateWidth, worker + 1, workers);
  const Y = plan.gTable + from * 4, G = plan.gInputWeights + from * embedding;
  const sums = min(to, plan.sumWidth) - from; // what lies beyond is a bias alone
  if (sums > 0) outer(Y, gates, plan.embedding, embedding, G, embedding, plan.symbols, sums, plan.embeddingWidth, scratch);
  sumRows(layerOf(plan, 0).gBias + from * 4, Y, gates, plan.symbols, (to - from) * 4);
}

/** ∂L/∂h_0 and ∂L/∂c_0: every string starts from them that is given no other state. */
function startGradients(plan: Plan, layer: Layer): void {
  const slots = plan.slots;
  for (let from = 0, to = 0; from < slots; from = ++to) { // slots from … to − 1 are given none
    while (to < slots && !isGiven(plan, to, Given.start)) to++;
    addStarts(plan, layer, from, to - from);
  }
}

function addStarts(plan: Plan, layer: Layer, slot: i32, count: i32): void {
  const hidden = plan.hidden * 4, state = layer.stateWidth * 4;
  sumRows(layer.gH0, layer.gStates + slot * state + layer.inputWidth * 4, state, count, hidden);
  if (plan.cell == Cell.lstm) sumRows(layer.gC0, layer.gCells + slot * hidden, hidden, count, hidden);
}

function outputGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const width = plan.decoderWidth * 4, hidden = plan.hidden * 4, rows = plan.outputLosses;
  const from = share(plan.outputWidth, worker, workers), to = share(plan.outputWidth, worker + 1, workers);
  const Y = plan.gDecoderInput + from * 4, G = plan.gOutputWeights + from * hidden;
  outer(Y, width, plan.lossStates, hidden, G, hidden, rows, to - from, plan.hidden, scratch);
  sumRows(plan.gOutputBias + from * 4, Y, width, rows, (to - from) * 4);
}

function decoderGradients(plan: Plan, worker: i32, workers: i32, scratch: usize): void {
  const named = plan.previousFrom, previous = plan.losses - named;
  readoutGradients(plan, 0, named, plan.gLogitWeights, plan.gLogitBias, worker, workers, scratch);
  if (previous > 0) {
    readoutGradients(plan, named, previous, plan.gPreviousWeights, plan.gPreviousBias, worker, workers, scratch);
  }
}

/** Of the weights that decode `rows` loss rows from number `row` on. */
function readoutGradients(
  plan: Plan, row: i32, rows: i32, gWeights: usize, gBias: usize, worker: i32, workers: i32, scratch: usize,
): void {
  const logits = plan.logitWidth * 4, width = plan.decoderWidth * 4;
  const from = share(plan.logitWidth, worker, workers), to = share(plan.logitWidth, worker + 1, workers);
  const Y = plan.logits + row * logits + from * 4, X = plan.decoderInput + row * width;
  outer(Y, logits, X, width, gWeights + from * width, width, rows, to - from, plan.decoderWidth, scratch);
  sumRows(gBias + from * 4, Y, logits, rows, (to - from) * 4);
}

/** ∂L/∂E = ∂L/∂table W_x, a worker's share of the symbols. */
export function embeddingGradient(plan: Plan, worker: i32, workers: i32): void {
  const from = plan.symbols * worker / workers, to = plan.symbols * (worker + 1) / workers;
  const gates = plan.gateWidth * 4, embedding = plan.embeddingWidth * 4;
  multiply(
    plan.gTable + from * gates, gates, plan.packedInputBackward, plan.gEmbedding + from * embedding, embedding,
    to - from, plan.sumWidth, plan.embeddingWidth, 0,
  );
}

/** sum += Σ rows, sixteen columns at a time. */
function sumRows(sum: usize, rows: usize, between: i32, count: i32, bytes: i32): void {
  let at = 0;
  for (; at + 48 < bytes; at += 64) {
    const into = sum + at;
    let s0 = v128.load(into), s1 = v128.load(into, 16), s2 = v128.load(into, 32), s3 = v128.load(into, 48);
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
    let s0 = v128.load(sum + at), row = rows + at;
    for (let i = 0; i < count; i++, row += between) s0 = f32x4.add(s0, v128.load(row));
    v128.store(sum + at, s0);
  }
}
