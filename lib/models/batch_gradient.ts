/**
 * The loss of a batch of strings and its gradient, by the literal reference: what the engine is held against.
 *
 * `T` steps, `K` symbols.
 *
 * @module
 */
import type { Matrix } from "@/math/shapes.ts";
import { referenceMemory } from "@/memory/memories.ts";
import type { Memory } from "@/memory/memory.ts";
import type { CellState, CellStateGradient } from "@/network/cell.ts";
import type { SequenceBatch } from "./sequence_batch.ts";
import { checkBatch, checkParameters } from "./sequence_checks.ts";
import { sequenceLoss } from "./sequence_loss.ts";
import { runSequence, sequenceBackward } from "./sequence_model.ts";
import { type SequenceParameters, zeroParameters } from "./sequence_parameters.ts";
import type { SequenceModelShape } from "./sequence_shape.ts";

/** What is known of a batch. */
export interface BatchGradient {
  /** L, added up over the strings. */
  readonly loss: number;
  /** ∂L by every parameter. */
  readonly gradient: SequenceParameters;
  /** Of each string, `T` × `K`. */
  readonly logits: Matrix[];
  /** The state in which each string ended, layer by layer. */
  readonly final: (readonly CellState[])[];
  /** ∂L/∂ the state from which each string started, layer by layer. */
  readonly gStart: (readonly CellStateGradient[])[];
}

/**
 * Computes the loss of a batch and its gradient, one string after the other.
 *
 * L = Σ over the strings of `sequenceLoss`; where a string has a `gFinal`, the gradient is of L and of what reads its final
 * state, of which `loss` knows nothing.
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
 * @param memory The memory; the reference of the shape's memory if left out.
 * @returns The loss, its gradient, and each string's logits and states.
 * @throws {TypeError} If the parameters do not fit the shape, or the strings the model.
 * @throws {RangeError} If there is no string, or one is empty, a symbol is not the model's, or a number is NaN or
 * infinite.
 */
export function batchLossAndGradient(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  batch: SequenceBatch,
  memory: Memory | undefined = referenceMemory(shape.memory, shape.memoryCells),
): BatchGradient {
  checkParameters("run the batch", shape, parameters);
  checkBatch("run the batch", shape, batch);
  const gradient = zeroParameters(shape), logits: Matrix[] = [];
  const final: (readonly CellState[])[] = [], gStart: (readonly CellStateGradient[])[] = [];
  let loss = 0;
  for (const string of batch.strings) {
    const trace = runSequence(shape, parameters, string, memory);
    loss += sequenceLoss(batch, string, trace);
    const run = { parameters, string, weights: batch, trace };
    gStart.push(sequenceBackward(shape, run, gradient, memory));
    logits.push(trace.logits);
    final.push(trace.final);
  }
  return { loss, gradient, logits, final, gStart };
}
