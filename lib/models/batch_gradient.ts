/**
 * The loss of a batch, its gradient by every parameter, and what the model says: all that training and every faster
 * engine is held against.
 *
 * `T` steps, `K` symbols.
 *
 * @module
 */
import type { Matrix } from "@/math/shapes.ts";
import type { SequenceBatch } from "./sequence_batch.ts";
import { checkBatch, checkParameters } from "./sequence_checks.ts";
import { reverseSequence } from "./sequence_gradient.ts";
import { sequenceLoss } from "./sequence_loss.ts";
import { runSequence } from "./sequence_model.ts";
import { type SequenceParameters, zeroParameters } from "./sequence_parameters.ts";
import type { SequenceModelShape } from "./sequence_shape.ts";
import { denseStack, type StackKind } from "./sequence_stack.ts";

/** What is known of a batch. */
export interface BatchGradient {
  /** L, added up over the strings. */
  readonly loss: number;
  /** ∂L by every parameter. */
  readonly gradient: SequenceParameters;
  /** Of each string, `T` × `K`. */
  readonly logits: Matrix[];
}

/**
 * Computes the loss of a batch and its gradient, one string after the other.
 *
 * L = Σ over the strings of `sequenceLoss`
 *
 * Source: Grefenstette et al. 2015, sections 3.4 and 4.
 *
 * @example A step down the gradient is a step down the loss.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { batchLossAndGradient } from "@/models/batch_gradient.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { assertLess } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 4, embedding: 3, valueWidth: 2, symbols: 5 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const parameters = initialParameters(shape, seededRandom(1));
 * const strings = [{ inputs: [0, 3, 1, 3], targets: [-1, -1, 3, 2] }, { inputs: [0], targets: [4] }];
 * const batch = { strings, outputWeight: 1 / 3 };
 * const { loss, gradient } = batchLossAndGradient(shape, parameters, batch);
 * for (const name in parameters) {
 *   parameters[name].forEach((w, i) => parameters[name][i] = w - 0.1 * gradient[name][i]);
 * }
 * assertLess(batchLossAndGradient(shape, parameters, batch).loss, loss);
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param batch Strings, and what their loss counts.
 * @param stack How to keep the stack; the dense reference if left out.
 * @returns The loss, its gradient, and each string's logits.
 * @throws {TypeError} If the parameters do not fit the shape, or the strings the model.
 * @throws {RangeError} If there is no string, or one is empty, a symbol is not the model's, or a number is NaN or
 * infinite.
 */
export function batchLossAndGradient(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  batch: SequenceBatch,
  stack: StackKind = denseStack,
): BatchGradient {
  checkParameters("run the batch", shape, parameters);
  checkBatch("run the batch", shape, batch);
  const gradient = zeroParameters(shape), logits: Matrix[] = [];
  let loss = 0;
  for (const string of batch.strings) {
    const trace = runSequence(shape, parameters, string, stack);
    loss += sequenceLoss(batch, string, trace);
    reverseSequence(shape, { parameters, string, weights: batch, trace }, gradient, stack);
    logits.push(trace.logits);
  }
  return { loss, gradient, logits };
}
