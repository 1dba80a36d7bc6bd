/**
 * The hand-written gradient of the sequence model: backpropagation through time, as literal as the forward equations.
 *
 * Walks t = T … 1, and at each step from the loss down to the symbol. Three things are felt from the step after:
 * each layer's h_t and c_t, and the read r_t. A gradient of X is called gX.
 *
 * `T` steps, `L` layers, `H` hidden units, `E` embedding width, `M` value width; t counts steps from 0.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, Appendix A, for the stack; Werbos 1990 for the rest.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { accumulate, productBackward, sum } from "@/network/affine.ts";
import { embedBackward } from "@/network/embedding.ts";
import { memoryHeadsBackward } from "@/network/memory_heads.ts";
import type { LossWeights, SequenceString } from "./sequence_batch.ts";
import {
  type CellStateGradient,
  type CellStep,
  type CellWeights,
  reverseCell,
} from "./sequence_cells.ts";
import { checkLossWeights, checkParameters, checkString } from "./sequence_checks.ts";
import { checkTrace, stepLossBackward, type StepLossGradient } from "./sequence_loss.ts";
import type { MemoryStep, SequenceTrace } from "./sequence_model.ts";
import type { SequenceParameters } from "./sequence_parameters.ts";
import type { SequenceModelShape } from "./sequence_shape.ts";
import { denseStack, type StackKind, type StackStepGradient } from "./sequence_stack.ts";
import { type SequenceWeights, sequenceWeights } from "./sequence_weights.ts";

/** What has been learnt, and the gradients by it. */
interface Both {
  readonly w: SequenceWeights;
  readonly g: SequenceWeights;
}

/** What a string's trace and its loss belong to. */
export interface SequenceRun {
  /** The model's parameters. */
  readonly parameters: SequenceParameters;
  /** What was read, and what was wanted. */
  readonly string: SequenceString;
  /** What the loss counts. */
  readonly weights: LossWeights;
  /** What `runSequence` returned. */
  readonly trace: SequenceTrace;
}

/**
 * Reverses `runSequence` and `sequenceLoss`: adds ∂L/∂parameters to `gradient`.
 *
 * Source: Werbos 1990, "Backpropagation Through Time"; Grefenstette et al. 2015, Appendix A.
 *
 * @example All parameters 0 and two symbols: the right one's bias is pulled up, the other's pushed down.
 * ```ts
 * import { reverseSequence } from "@/models/sequence_gradient.ts";
 * import { runSequence } from "@/models/sequence_model.ts";
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 1, symbols: 2 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const [parameters, gradient] = [zeroParameters(shape), zeroParameters(shape)];
 * const string = { inputs: [0, 1], targets: [-1, 0] };
 * const trace = runSequence(shape, parameters, string);
 * reverseSequence(shape, { parameters, string, weights: { outputWeight: 1 }, trace }, gradient);
 * assertEquals([...gradient["logits.bias"]], [-0.5, 0.5]);
 * ```
 * @param shape The model's shape.
 * @param run What was run, and its loss.
 * @param gradient ∂L/∂parameters, added to.
 * @param stack How the stack was kept; the dense reference if left out.
 * @throws {TypeError} If parameters, gradient, string or trace do not fit.
 * @throws {RangeError} If a number is NaN or infinite, a symbol is not the model's, or there is none.
 */
export function reverseSequence(
  shape: SequenceModelShape,
  run: SequenceRun,
  gradient: SequenceParameters,
  stack: StackKind = denseStack,
): void {
  checkRun(shape, run, gradient);
  const { parameters, string, weights, trace } = run, { embedding: E, valueWidth: M } = shape;
  const both = { w: sequenceWeights(shape, parameters), g: sequenceWeights(shape, gradient) };
  const reverseStack = shape.memory === "stack" ? stack.startBackward(trace) : undefined;
  let gStates = both.w.cells.map(noStateGradient);
  let gRead: Vector = new Array(M).fill(0); // r_T is never used
  for (let t = trace.steps.length - 1; t >= 0; t--) {
    const step = trace.steps[t], { cells, memory } = step, oPrime = cells[cells.length - 1].h;
    const gLoss = stepLossBackward(weights, string, step, t);
    const gOPrime = memory && reverseStack
      ? reverseMemory(both, oPrime, memory, gLoss, reverseStack(gRead))
      : reverseReadout(both, oPrime, gLoss.gLogits);
    const { gInput, gStatesPrev } = reverseLayers(both, cells, gStates, gOPrime);
    // the input was [e_t; r_{t−1}]
    embedBackward(both.g.embedding, string.inputs[t], gInput.slice(0, E));
    gRead = gInput.slice(E);
    gStates = gStatesPrev;
  }
  both.g.cells.forEach((gCell, l) => reverseStart(gCell, gStates[l]));
}

function checkRun(
  shape: SequenceModelShape,
  { parameters, string, weights, trace }: SequenceRun,
  gradient: SequenceParameters,
): void {
  const action = "reverse the model";
  checkParameters(action, shape, parameters);
  checkParameters(action, shape, gradient);
  checkLossWeights(action, shape, weights);
  checkString(action, shape, string);
  checkTrace(action, string, trace);
}

/** What h_T and c_T are felt by after the last step: nothing. */
function noStateGradient({ h0, c0 }: CellWeights): CellStateGradient {
  return { gH: new Array(h0.length).fill(0), gC: new Array(c0?.length ?? 0).fill(0) };
}

/** h_0 and c_0 are learnt. */
function reverseStart(gCell: CellWeights, { gH, gC }: CellStateGradient): void {
  accumulate(gCell.h0, gH);
  if (gCell.c0 !== undefined) accumulate(gCell.c0, gC);
}

/** y = W_l x + b_l; returns ∂L/∂x. */
function reverseReadout({ w, g }: Both, x: Vector, gY: Vector): Vector {
  accumulate(g.bl, gY);
  return productBackward(w.Wl, g.Wl, x, gY);
}

/** o_t and v_t through the readout, d_t, u_t and v_t through the stack; returns ∂L/∂o′_t. */
function reverseMemory(
  both: Both,
  oPrime: Vector,
  { heads }: MemoryStep,
  { gLogits, gValueLogits, gPushSum, gPopSum }: StepLossGradient,
  { gPush, gPop, gValue }: StackStepGradient,
): Vector {
  const { w, g } = both;
  return memoryHeadsBackward(w.heads!, g.heads!, oPrime, heads, { // where there is a stack, there are heads
    gPushSum,
    gPopSum,
    gPush,
    gPop,
    gValue: sum(gValue, reverseReadout(both, heads.value, gValueLogits)),
    gOutput: reverseReadout(both, heads.output, gLogits),
  });
}

/** h^l_t from h^{l−1}_t, from the top layer down; h_t is felt from above and from step t + 1. */
function reverseLayers(
  { w, g }: Both,
  cells: readonly CellStep[],
  gStates: readonly CellStateGradient[],
  gOPrime: Vector,
): { gInput: Vector; gStatesPrev: CellStateGradient[] } {
  const gStatesPrev: CellStateGradient[] = [];
  let gFromAbove = gOPrime;
  for (let l = cells.length - 1; l >= 0; l--) {
    const gState = { gH: sum(gStates[l].gH, gFromAbove), gC: gStates[l].gC };
    const { gInput, gH, gC } = reverseCell(w.cells[l], g.cells[l], cells[l], gState);
    gStatesPrev[l] = { gH, gC };
    gFromAbove = gInput;
  }
  return { gInput: gFromAbove, gStatesPrev };
}
