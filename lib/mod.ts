/**
 * Differentiable memories: a stack whose pushes, pops and reads are a matter of degree, the networks that use it, and
 * their training, every gradient written by hand.
 *
 * This module exports what a user of the library needs. Notebooks and tests import from the file where a thing lives
 * (`@/memory/stack.ts`), so that a reader sees where to look.
 *
 * | paper | in signatures | in bodies | previous step | gradient |
 * | ----- | ------------- | --------- | ------------- | -------- |
 * | V_t   | `values`      | `V`       | `VPrev`       | `gV`     |
 * | s_t   | `strengths`   | `s`       | `sPrev`       | `gS`     |
 * | u_t   | `pop`         | `u`       |               | `gU`     |
 * | d_t   | `push`        | `d`       |               | `gD`     |
 * | v_t   | `value`       | `value`   |               | `gValue` |
 * | r_t   | `read`        | `r`       |               | `gR`     |
 *
 * Gradients are prefixed g and never d: d is the push. No suffix means "at step t", `Prev` t − 1, `[i]` is row i with 0 at
 * the bottom. `T` steps, `B` strings in a batch, `H` hidden units, `M` numbers in a value, `K` symbols. u is open at the
 * top (pop), d is closed (push).
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516.
 *
 * @example Three steps of a stack, and their gradient.
 * ```ts
 * import { runStack, runStackBackward } from "@/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2], [0]], pops: [0, 0, 1], pushes: [1, 1, 0] });
 * assertEquals(trace.reads, [[1], [2], [1]]);
 * assertEquals(runStackBackward(trace, [[0], [0], [1]]).gValues, [[1], [0], [0]]);
 * ```
 *
 * @example A network with a stack learns to copy strings for a moment.
 * ```ts
 * import { defaultSettings, startTrainer, trainingPlan } from "@/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = trainingPlan({ ...defaultSettings(1), task: "copy", hidden: 8, symbols: 4 });
 * const trainer = startTrainer(plan);
 * trainer.update();
 * assertEquals(trainer.strings, plan.recipe.batch);
 * trainer.close();
 * ```
 *
 * @module
 */

// Memories: one step and its adjoint, whole sequences, and the exact sparse forms.
export { type Memory, runMemory, runMemoryBackward } from "./memory/memory.ts";
export {
  runStack,
  runStackBackward,
  type StackGradient,
  type StackInputs,
  stackMemory,
  type StackTrace,
} from "./memory/stack.ts";
export { queueMemory, runQueue, runQueueBackward } from "./memory/queue.ts";
export {
  type BothEnds,
  dequeMemory,
  type DequeTrace,
  runDeque,
  runDequeBackward,
} from "./memory/deque.ts";
export {
  createSuperpositionStack,
  superpositionStackMemory,
} from "./memory/superposition_stack.ts";
export type { PortGradient, PortInputs, PortTrace } from "./memory/port_inputs.ts";
export {
  runSparseStack,
  runSparseStackBackward,
  sparseStackMemory,
} from "./memory/sparse_stack.ts";
export {
  runSparseQueue,
  runSparseQueueBackward,
  sparseQueueMemory,
} from "./memory/sparse_queue.ts";
export {
  runSparseDeque,
  runSparseDequeBackward,
  sparseDequeMemory,
} from "./memory/sparse_deque.ts";

// Tasks: pairs of strings, greedy decoding, scores.
export { createTask, TASK_NAMES, type TaskName } from "./tasks/tasks.ts";
export { expectedAnswer, type LengthRange, type Pair, type Task } from "./tasks/task.ts";
export { decodeGreedily } from "./tasks/decoding.ts";
export { firstPairs, type PairSet, type Purpose } from "./tasks/streams.ts";
export { type Scores, strictScores } from "./tasks/scores.ts";

// The sequence model, literal: one string, Float64.
export { seededRandom } from "./math/random.ts";
export { checkGradient } from "./math/gradient_check.ts";
export { batchLossAndGradient } from "./models/batch_gradient.ts";
export { runSequence } from "./models/sequence_model.ts";
export { initialParameters, type SequenceParameters } from "./models/sequence_parameters.ts";
export { parameterShapes, type SequenceModelShape } from "./models/sequence_shape.ts";
export type { SequenceBatch, SequenceString } from "./models/sequence_batch.ts";

// Models that read something, then write: a source, an image; literal, Float64.
export { attend, type AttentionStep } from "./network/attention.ts";
export {
  encoderDecoderGradient,
  type EncoderDecoderShape,
  initialEncoderDecoder,
  readSource,
  runEncoderDecoder,
} from "./models/encoder_decoder.ts";
export {
  captionerGradient,
  type CaptionerShape,
  initialCaptioner,
  readImage,
  runCaptioner,
} from "./models/captioner.ts";
export { sourceStepper, writeGreedily } from "./models/greedy_writing.ts";
export { layOutSourceAndTarget, layOutTarget } from "./tasks/source_and_target.ts";
export { CAPTION_VOCABULARY, drawDescribedScene, DRAWING_SIZE } from "./tasks/drawn_shapes.ts";

// The sequence model and the encoder–decoder on the engine: a batch, Float32, WebAssembly.
export { createEngine, type Engine } from "./engine/engine.ts";
export {
  createEncoderDecoderEngine,
  type EncoderDecoderEngine,
} from "./engine/encoder_decoder_engine.ts";
export { engineSourceStepper } from "./engine/greedy_answers.ts";
export type { Optimizer } from "./engine/optimizer.ts";
export { createStepper, type Stepper } from "./engine/stepper.ts";

// Training and evaluation.
export {
  defaultSettings,
  type ResolvedSettings,
  type TrainingSettings,
} from "./training/training_options.ts";
export { type TrainingPlan, trainingPlan } from "./training/training_plan.ts";
export {
  resumeTrainer,
  startTrainer,
  type Trainer,
  type TrainerState,
} from "./training/trainer.ts";
export { evaluateNetwork, type Evaluation } from "./training/evaluation.ts";
export {
  type LoadedModel,
  loadTrainedModel,
  saveTrainedModel,
  type TrainedModel,
} from "./weights/trained_model.ts";
export {
  type EncoderDecoderModel,
  loadEncoderDecoder,
  saveEncoderDecoder,
} from "./weights/encoder_decoder_model.ts";

// Text: corpora and their symbols, n-gram models, networks that have been trained on text, sampling, bits per character.
export { type Alphabet, decodeSymbols, encodeText } from "./text/alphabet.ts";
export { readCorpus, type SplitText, splitText } from "./text/corpus.ts";
export { countNgrams, ngramBits, type NgramModel } from "./text/ngram_model.ts";
export { sampleSymbols, type SamplingRule } from "./text/sampling.ts";
export { bitsPerSymbol, perplexityOf } from "./text/text_score.ts";
export { loadTextModel, saveTextModel, type TextModel } from "./weights/text_model.ts";
