/**
 * From states to logits, the loss, and its gradients back to the states: outside the time loop, since nothing of it
 * goes into the next step. All rows that have a loss are gathered, so that these products are large.
 *
 * Method: the rows' h are gathered, then one product for o, one for the logits, and the same two back.
 *
 * Layout: loss rows `from` … `to` − 1 of all workers together; the first `outputLosses` of them are o at a row's h,
 * the others are the values v themselves (the auxiliary losses), the last ones decoded by weights of their own. Without a
 * memory there is no o: the logits are of h. Where they see the reads, a row is [o | reads], and [v | 0] for a value; with
 * attention it is [h | context].
 *
 * Error: that of multiply.ts and squash.ts; the loss of a row within (8 + K / 4) · 2⁻²⁴ of the larger of 1 and itself,
 * K symbols: the sum of shares is four chains of K / 4 additions.
 */
import { crossEntropy } from "./cross_entropy";
import { fnma, VECTOR } from "./lanes";
import { multiply } from "./multiply";
import { layerOf, Plan } from "./plan";
import { addRow, clearRow, copyRow } from "./rows";
import { storeTanh16, tanh4 } from "./squash";

/** Logits of loss rows `from` … `to` − 1, which are all before `previousFrom` or all after it. */
export function decode(plan: Plan, from: i32, to: i32): void {
  const states = min(to, plan.outputLosses);
  if (plan.memory) {
    gatherStates(plan, plan.lossStates, plan.hidden, from, states);
    outputs(plan, from, states);
    if (plan.decoderWidth > plan.outputWidth) gatherReads(plan, plan.lossRow, from, states);
    gatherValues(plan, max(from, plan.outputLosses), to);
  } else gatherStates(plan, plan.decoderInput, plan.decoderWidth, from, states);
  if (plan.attention) gatherReads(plan, plan.contextRow, from, states);
  const width = plan.decoderWidth * 4, logits = plan.logitWidth * 4, previous = from >= plan.previousFrom;
  const bias = previous ? plan.previousBias : plan.logitBias;
  for (let n = from; n < to; n++) copyRow(plan.logits + n * logits, bias, logits);
  multiply(
    plan.decoderInput + from * width, width, previous ? plan.packedPreviousForward : plan.packedLogitForward,
    plan.logits + from * logits, logits, to - from, plan.decoderWidth, plan.logitWidth, 1,
  );
}

/** The loss of each row, and its gradients with respect to the logits and their inputs, h (for backward.ts) or v. */
export function decodeBackward(plan: Plan, from: i32, to: i32): void {
  const width = plan.decoderWidth * 4, logits = plan.logitWidth * 4;
  const packed = from >= plan.previousFrom ? plan.packedPreviousBackward : plan.packedLogitBackward;
  losses(plan, from, to);
  multiply(
    plan.logits + from * logits, logits, packed,
    plan.gDecoderInput + from * width, width, to - from, plan.logitWidth, plan.decoderWidth, 0,
  );
  const states = min(to, plan.outputLosses);
  if (plan.memory) {
    outputsBackward(plan, from, states);
    scatterValues(plan, max(from, plan.outputLosses), to);
  }
}

/** The loss of each row; its logits become their gradients. */
function losses(plan: Plan, from: i32, to: i32): void {
  const width = plan.logitWidth, logits = plan.logits + from * width * 4, at = from * 4;
  const targets = plan.lossTarget + at, weights = plan.lossWeight + at, loss = plan.loss + at;
  for (let i = 0, rows = (to - from) * 4; i < rows; i += 4) {
    store<f32>(loss + i, crossEntropy(logits + i * width, load<i32>(targets + i), load<f32>(weights + i), width));
  }
}

/** o = tanh(W h + b). */
function outputs(plan: Plan, from: i32, to: i32): void {
  if (to <= from) return;
  const width = plan.decoderWidth * 4, hidden = plan.hidden * 4, o = plan.decoderInput + from * width;
  for (let n = from; n < to; n++) copyRow(plan.decoderInput + n * width, plan.outputBias, plan.outputWidth * 4);
  multiply(
    plan.lossStates + from * hidden, hidden, plan.packedOutputForward, o, width, to - from, plan.hidden, plan.outputWidth, 1,
  );
  if (plan.decoderWidth == plan.outputWidth) tanhInPlace(o, plan.decoderInput + to * width);
  else for (let n = from; n < to; n++) tanhInPlace(plan.decoderInput + n * width, plan.decoderInput + n * width + plan.outputWidth * 4);
}

/** tanh in place. */
function tanhInPlace(at: usize, end: usize): void {
  for (; at + 4 * VECTOR <= end; at += 4 * VECTOR) {
    storeTanh16(at, v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48));
  }
  for (; at < end; at += VECTOR) v128.store(at, tanh4(v128.load(at)));
}

/** ∂L/∂(W h + b) = (1 − o²) ∂L/∂o, in place; ∂L/∂h = Wᵀ of it. */
function outputsBackward(plan: Plan, from: i32, to: i32): void {
  if (to <= from) return;
  const width = plan.decoderWidth * 4, hidden = plan.hidden * 4, one = f32x4.splat(1);
  for (let n = from; n < to; n++) {
    for (let at = n * width, end = at + plan.outputWidth * 4; at < end; at += VECTOR) {
      const o = v128.load(plan.decoderInput + at), gO = v128.load(plan.gDecoderInput + at);
      v128.store(plan.gDecoderInput + at, f32x4.mul(gO, fnma(o, o, one)));
    }
  }
  multiply(
    plan.gDecoderInput + from * width, width, plan.packedOutputBackward,
    plan.gLossStates + from * hidden, hidden, to - from, plan.outputWidth, plan.hidden, 0,
  );
}

/** Copies h of the loss rows' states, to rows that are `width` numbers apart. */
function gatherStates(plan: Plan, into: usize, width: i32, from: i32, to: i32): void {
  const top = layerOf(plan, plan.layers - 1), state = top.stateWidth * 4, hidden = plan.hidden * 4;
  for (let n = from; n < to; n++) {
    copyRow(into + n * width * 4, top.states + load<i32>(plan.lossRow + n * 4) * state + top.inputWidth * 4, hidden);
  }
}

/** The reads of a step lie in the input part of the first layer's state after it, its context in that of the state before. */
function gatherReads(plan: Plan, rows: usize, from: i32, to: i32): void {
  const first = layerOf(plan, 0), state = first.stateWidth * 4, reads = first.inputWidth * 4;
  const width = plan.decoderWidth * 4, output = plan.outputWidth * 4;
  for (let n = from; n < to; n++) {
    const into = plan.decoderInput + n * width + output;
    copyRow(into, first.states + load<i32>(rows + n * 4) * state, reads);
    clearRow(into + reads, width - output - reads);
  }
}

function gatherValues(plan: Plan, from: i32, to: i32): void {
  const value = plan.valueWidth * 4, width = plan.decoderWidth * 4, tail = v128.load(plan.tailMask);
  for (let n = from; n < to; n++) {
    const v = plan.values + load<i32>(plan.lossRow + n * 4) * value, into = plan.decoderInput + n * width;
    copyRow(into, v, value);
    v128.store(into + value - VECTOR, v128.and(v128.load(into + value - VECTOR), tail));
    clearRow(into + value, width - value);
  }
}

function scatterValues(plan: Plan, from: i32, to: i32): void {
  const value = plan.valueWidth * 4, width = plan.decoderWidth * 4;
  for (let n = from; n < to; n++) {
    addRow(plan.gValues + load<i32>(plan.lossRow + n * 4) * value, plan.gDecoderInput + n * width, value);
  }
}
