/**
 * A trained network for a task on strings, ready to answer, whatever its kind, and the task whose strings it answers.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { createStepper } from "@/engine/stepper.ts";
import type { EngineOptions } from "@/engine/worker_pool.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { UserError } from "@/io/user_error.ts";
import { reverseTargets } from "@/tasks/source_and_target.ts";
import type { Task } from "@/tasks/task.ts";
import { createTask, type TaskName } from "@/tasks/tasks.ts";
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

/**
 * Finds the task whose strings a network answers: its own, or another one that has the same symbols.
 *
 * @param path The weights file, for messages.
 * @param model The network.
 * @param name The name of the task; null for its own.
 * @returns The task.
 * @throws {UserError} If it has other symbols.
 */
export function taskOf(path: string, model: StringsModel, name: TaskName | null): Task {
  const { task: own } = model;
  if (name === null) return own;
  const task = createTask(name, own.vocabulary.characters);
  if (isDeepStrictEqual(task.vocabulary, own.vocabulary)) {
    const isReversed = "order" in model && model.order.reverseTarget;
    return isReversed && task.autoregressive ? reverseTargets(task) : task;
  }
  throw new UserError(`evaluate ${path}`, `--task with the symbols of ${own.title}`, name);
}
