/**
 * A trained network for a task on strings, ready to answer, whatever its kind.
 *
 * @module
 */
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { createStepper } from "@/engine/stepper.ts";
import type { EngineOptions } from "@/engine/worker_pool.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import type { TracedNetwork } from "@/training/decoding_trace.ts";
import type { StringsModel } from "@/weights/any_model.ts";

/** A network that answers, until it is closed. */
export interface AnsweringNetwork extends TracedNetwork {
  /** Ends its threads, if it has any. */
  close(): void;
}

/**
 * Creates a network that answers.
 *
 * @param model The trained network.
 * @param options How it is run.
 * @returns The network.
 * @throws {RangeError} If there is not enough memory for it.
 */
export function createAnsweringNetwork(
  model: StringsModel,
  options: EngineOptions,
): AnsweringNetwork {
  if (!("order" in model)) return createStepper(model.shape, model.parameters, options);
  const { shape, parameters, task: { vocabulary }, order } = model;
  const engine = createEncoderDecoderEngine(shape, options);
  closeOnFailure(engine, () => engine.setParameters(parameters));
  return {
    ...engineSourceStepper(engine, vocabulary, order),
    controls: () => [], // it has no memory
    close: () => engine.close(),
  };
}
