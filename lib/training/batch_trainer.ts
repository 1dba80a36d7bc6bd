/**
 * The trainer of a network that is updated batch by batch: it draws batches and updates the parameters; it can be stopped after
 * any update and resumed bit for bit.
 *
 * @module
 */
import type { OptimizerState, Tensors } from "@/engine/engine.ts";
import type { Optimizer, StepReport } from "@/engine/optimizer.ts";
import { type RandomSource, type RandomState, restoreRandom } from "@/math/random.ts";
import { asUserError } from "@/options/settings.ts";
import { checkApplied } from "./divergence.ts";

/** The complete state of a trainer. */
export interface BatchTrainerState {
  /** Updates made. */
  readonly updates: number;
  /** The running mean of the cross-entropy, in nats per symbol. */
  readonly loss: number;
  readonly parameters: Tensors;
  /** Steps of the optimizer. */
  readonly steps: number;
  /** The optimizer's two running means. */
  readonly first: Tensors;
  readonly second: Tensors;
  /** The stream of training examples. */
  readonly strings: RandomState;
}

/** A training in progress. */
export interface BatchTrainer {
  readonly updates: number;
  /** Examples trained on. */
  readonly strings: number;
  /** The running mean of the cross-entropy, in nats per symbol. */
  readonly loss: number;
  /**
   * Makes an update.
   *
   * @throws {RangeError} If the loss or its gradient is not finite; the parameters are then as before.
   * @throws {UserError} If there is not enough memory for the batch.
   */
  update(): void;
  /** Returns a copy of the parameters. */
  parameters(): Tensors;
  state(): BatchTrainerState;
  /** Ends its threads, if it has any. */
  close(): void;
}

/** What a trainer needs of an engine. */
export interface TrainedEngine<Batch> {
  update(batch: Batch, optimizer: Optimizer): StepReport & { readonly loss: number };
  parameters(): Tensors;
  optimizerState(): OptimizerState;
  close(): void;
}

/** What is trained on, and how. */
export interface BatchTraining<Batch> {
  /** Draws the examples of the next update. */
  drawBatch(random: RandomSource): Batch;
  /** Examples in a batch. */
  readonly batch: number;
  /** What an example is, in the plural, such as "strings". */
  readonly unit: string;
  /** The rule of the update that follows so many others. */
  optimizerAfter(updates: number): Optimizer;
  /** What to change if a batch needs more memory than there is, as in "wanted …". */
  readonly smaller: string;
}

/** Time constant of the running loss, in examples. */
const LOSS_MEMORY = 2000;

/**
 * Makes the trainer of an engine.
 *
 * @param engine The engine, with its parameters and its optimizer's state; the trainer closes it.
 * @param training What it is trained on.
 * @param begun Where the training is: at its start, or in a state that a trainer returned.
 * @returns The trainer.
 */
export function trainerOn<Batch>(
  engine: TrainedEngine<Batch>,
  { drawBatch, batch, unit, optimizerAfter, smaller }: BatchTraining<Batch>,
  begun: Pick<BatchTrainerState, "updates" | "loss" | "strings">,
): BatchTrainer {
  const random = restoreRandom(begun.strings), kept = Math.exp(-batch / LOSS_MEMORY);
  let { updates, loss } = begun;
  return {
    get updates() {
      return updates;
    },
    get strings() {
      return updates * batch;
    },
    get loss() {
      return loss;
    },
    update() {
      const report = asUserError(
        `train on ${batch} ${unit} at a time`,
        () => engine.update(drawBatch(random), optimizerAfter(updates)),
        smaller,
      );
      checkApplied(report, updates + 1);
      updates++;
      loss = kept * loss + (1 - kept) * report.loss;
    },
    parameters: () => engine.parameters(),
    state() {
      const { steps, first, second } = engine.optimizerState(), parameters = engine.parameters();
      return { updates, loss, parameters, steps, first, second, strings: random.state() };
    },
    close: () => engine.close(),
  };
}
