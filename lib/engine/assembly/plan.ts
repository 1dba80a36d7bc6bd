/**
 * Where everything lies: the one argument of every kernel, written by the host (lib/engine/plan_fields.ts, same order).
 *
 * Letters: a *row* is one string's state after so many steps; row(τ, slot) = rowStart[τ] + slot, τ from 0, the trained
 * start. Strings are sorted by length, longest in slot 0, so that the strings still under way at a step are the
 * first `active[t]` slots and no row is padding. Step t leads from row(t − 1, slot) to row(t, slot).
 *
 * All fields are 4 bytes; addresses are bytes into the memory, widths are numbers (f32 unless said otherwise), and
 * every width is padded as lanes.ts and multiply.ts need it.
 */

/** One recurrent layer. A row of `states` is [input | h]: what the layer's product takes in at the next step. */
@unmanaged
export class Layer {
  /** Width of the input part: the read's for the first layer (0 without memory), `hidden` for the others. */
  inputWidth: i32;
  /** inputWidth + hidden: the product's inner dimension. */
  depth: i32;
  /** `depth` rounded up to whole panels: the distance between rows of states and of weights. */
  stateWidth: i32;
  states: usize;
  /** ∂L/∂states of two steps by turns: row (t mod 2, slot). */
  gStates: usize;
  /** Sums, then activations, then gradients by the sums: rows × gateWidth. */
  gates: usize;
  /** LSTM: c and tanh(c), rows × hidden; ∂L/∂c, slots × hidden. */
  cells: usize;
  tanhCells: usize;
  gCells: usize;
  /** gateWidth × stateWidth; and the two ways it is packed. */
  weights: usize;
  packedForward: usize;
  packedBackward: usize;
  gWeights: usize;
  bias: usize;
  gBias: usize;
  h0: usize;
  gH0: usize;
  c0: usize;
  gC0: usize;
}

/** Everything else. */
@unmanaged
export class Plan {
  /** 0: vanilla recurrent, 1: LSTM. */
  lstm: i32;
  layers: i32;
  /** The layers' descriptions, one after the other. */
  layerAt: usize;
  /** Numbers of h, and of a row of gates (hidden, or 4 × hidden). */
  hidden: i32;
  gateWidth: i32;

  /** Symbols; embedding: symbols × embeddingWidth; its product with the first layer's input weights. */
  symbols: i32;
  embeddingWidth: i32;
  embedding: usize;
  gEmbedding: usize;
  /** gateWidth × embeddingWidth. */
  inputWeights: usize;
  packedInputForward: usize;
  packedInputBackward: usize;
  gInputWeights: usize;
  /** symbols × gateWidth: W_x e + b for every symbol, and the gradient by it. */
  table: usize;
  gTable: usize;

  /** 1: there is a stack. */
  stack: i32;
  /** M rounded up to whole vectors; `tailMask` clears what is beyond M in a row's last vector. */
  valueWidth: i32;
  tailMask: usize;
  /** M, but at least 2: the column of the push in a row of heads; the pop is next to it. */
  pushColumn: i32;
  /** M + 2 rounded up to whole panels. Heads: headWidth × hidden. */
  headWidth: i32;
  headWeights: usize;
  packedHeadForward: usize;
  packedHeadBackward: usize;
  gHeadWeights: usize;
  headBias: usize;
  gHeadBias: usize;
  /** Rows × headWidth: sums forwards, gradients by them backwards. */
  heads: usize;
  /** Rows × valueWidth. */
  values: usize;
  gValues: usize;
  /** One number for each row. */
  pushes: usize;
  pops: usize;
  gStrength: usize;
  gPop: usize;
  pushNoise: usize;
  popNoise: usize;
  /** The log of stack.ts: entries for each slot, and what each step took. */
  capacity: i32;
  liveRow: usize;
  liveStrength: usize;
  liveCount: usize;
  logRow: usize;
  logStrength: usize;
  logCount: usize;
  removedCount: usize;
  partialStrength: usize;
  /** 1: M ≤ 2, and half a panel counts as a whole one in widths that M is part of. The stacks of narrow_stack.ts. */
  narrow: i32;
  entries: usize;
  entryLog: usize;
  stackTop: usize;
  logTop: usize;
  stepLog: usize;
  /** 1: keep what the way back needs. 0: values lie by live entry, slot × capacity + entry, and nothing is kept. */
  remember: i32;
  /** Pull of the push's and the pop's sum towards a place: weight of the squares, the two places. */
  anchorWeight: f32;
  anchorPush: f32;
  anchorPop: f32;
  /** What the anchor costs at each row. */
  anchorLoss: usize;

  /** Numbers that the logits are made of: M or hidden, rounded up to whole panels; rows of it for each loss row. */
  decoderWidth: i32;
  decoderInput: usize;
  gDecoderInput: usize;
  /** With a stack: the h of each loss row, and the layer o = tanh(W h + b), decoderWidth × hidden. */
  lossStates: usize;
  gLossStates: usize;
  outputWeights: usize;
  packedOutputForward: usize;
  packedOutputBackward: usize;
  gOutputWeights: usize;
  outputBias: usize;
  gOutputBias: usize;
  /** Symbols rounded up to whole panels; the padding's bias is so low that it never gets a share. */
  logitWidth: i32;
  logitWeights: usize;
  packedLogitForward: usize;
  packedLogitBackward: usize;
  gLogitWeights: usize;
  logitBias: usize;
  gLogitBias: usize;
  /** Loss rows × logitWidth: logits, then gradients by them. */
  logits: usize;
  /** What is asked: first `outputLosses` rows of o, then up to `losses` rows of v. */
  outputLosses: i32;
  losses: i32;
  lossRow: usize;
  /** The loss row of each row's state, −1 for none. */
  lossOfRow: usize;
  lossTarget: usize;
  lossWeight: usize;
  loss: usize;

  /** The batch: strings, steps of the longest, rows in all; rowStart[0 … steps + 1], active[0 … steps], symbol of a row. */
  slots: i32;
  steps: i32;
  rows: i32;
  rowStart: usize;
  active: usize;
  symbol: usize;

  /** All parameters lie together, as do their gradients and the optimiser's two memories: `parameters` numbers. */
  parameters: i32;
  weightsAt: usize;
  gradientsAt: usize;
  firstMoment: usize;
  secondMoment: usize;
  /** Sums of squares (f64), one for each chunk of the gradient. */
  squares: usize;
  /** Scratch of outer.ts, `scratchBytes` for each worker. */
  scratch: usize;
  scratchBytes: i32;
}

/** The description of layer `l`. */
export function layerOf(plan: Plan, l: i32): Layer {
  return changetype<Layer>(plan.layerAt + l * offsetof<Layer>());
}

/** Row of slot 0 after τ steps. */
// @ts-ignore: decorator
@inline
export function rowStart(plan: Plan, τ: i32): i32 {
  return load<i32>(plan.rowStart + τ * 4);
}

/** How many of a worker's slots are under way at step t: slots worker, worker + workers, … below active[t]. */
// @ts-ignore: decorator
@inline
export function ownActive(plan: Plan, t: i32, worker: i32, workers: i32): i32 {
  const active = load<i32>(plan.active + t * 4) - worker;
  return active > 0 ? (active + workers - 1) / workers : 0;
}
