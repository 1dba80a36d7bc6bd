/**
 * A training on a fixed budget of examples as a run that the command can host: one iteration is one update, and the validation
 * that may follow it.
 *
 * At intervals the network is validated, and the best one is kept; the run ends with its budget. A run that is stopped
 * during a validation keeps the update, and begins the validation again.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import type { Files } from "@/io/files.ts";
import { join } from "@/io/files.ts";
import type { Metrics, OnShareDone, Outcome, Run } from "@/runs/run.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS } from "@/weights/trained_model.ts";
import type { BatchTrainer, BatchTrainerState } from "./batch_trainer.ts";
import { atLeastAsGood, type ValidatedNetwork, type Validation } from "./validation.ts";

/** The results of the validations so far. */
interface ValidationState {
  /** Null before the first. */
  readonly last: Validation | null;
  readonly best: ValidatedNetwork;
  /** Whether the validation of the last update is still to be done. */
  readonly pending: boolean;
}

/** All that a run remembers. */
export interface ValidatedRunState extends ValidationState {
  readonly trainer: BatchTrainerState;
}

/** Parameters, and the examples that they were trained on. */
export type KeptNetwork = Pick<ValidatedNetwork, "parameters" | "strings">;

/** What a run trains, and how it is validated, saved and scored. */
export interface ValidatedTraining {
  readonly trainer: BatchTrainer;
  /** What an example is, in the plural, such as "strings". */
  readonly unit: string;
  /** Examples in a batch. */
  readonly batch: number;
  /** The number of updates. */
  readonly updates: number;
  /** Examples between two validations. */
  readonly every: number;
  /** Validates a network; the result depends on its parameters alone. */
  validate(parameters: Tensors, onShareDone: OnShareDone): Validation;
  /** Saves a network in a file. */
  save(files: Files, path: string, network: KeptNetwork): void;
  /** Evaluates the best network. */
  outcome(
    best: KeptNetwork,
    history: readonly Metrics[],
    onShareDone?: OnShareDone,
  ): Outcome;
  /** Ends the threads that are not the trainer's. */
  close(): void;
}

/**
 * Makes a run.
 *
 * @param training What is trained; its trainer is at its start or has been resumed.
 * @param validation The results of the validations so far; none if left out.
 * @returns The run.
 */
export function validatedRun(
  training: ValidatedTraining,
  validation: ValidationState = noValidation(training),
): Run<ValidatedRunState> {
  return new ValidatedRun(training, validation);
}

function noValidation({ trainer }: ValidatedTraining): ValidationState {
  const worst = { coarse: 0, fine: 0, further: 0, done: false };
  const best = { ...worst, parameters: trainer.parameters(), strings: 0 };
  return { last: null, best, pending: false };
}

class ValidatedRun implements Run<ValidatedRunState> {
  readonly training: ValidatedTraining;
  readonly labels;
  #last: Validation | null;
  #best: ValidatedNetwork;
  #pending: boolean;
  #saved: ValidatedNetwork | undefined;

  constructor(training: ValidatedTraining, { last, best, pending }: ValidationState) {
    this.training = training;
    [this.#last, this.#best, this.#pending] = [last, best, pending];
    const { unit, batch } = training, shown = ["coarse", "fine"];
    this.labels = { unit, perIteration: batch, error: "loss", shown };
  }

  get iterations(): number {
    return this.training.updates;
  }

  /** An update counts once its validation is over, if it has one. */
  get iteration(): number {
    return this.training.trainer.updates - (this.#pending ? 1 : 0);
  }

  get finished(): boolean {
    return this.iteration >= this.iterations;
  }

  advance(count: number, onShareDone: OnShareDone = () => {}): void {
    for (; count > 0 && !this.finished; count--) {
      if (!this.#pending) this.training.trainer.update();
      this.#pending ||= this.#isValidationDue();
      if (this.#pending) this.#validate(onShareDone);
      this.#pending = false;
    }
  }

  #isValidationDue(): boolean {
    const { batch, updates, every, trainer } = this.training;
    const between = Math.max(1, Math.round(every / batch));
    return trainer.updates % between === 0 || trainer.updates === updates;
  }

  /** Finite weights may already give states that are not. */
  #validate(onShareDone: OnShareDone): void {
    const { trainer } = this.training, parameters = trainer.parameters();
    try {
      const last = this.training.validate(parameters, onShareDone);
      if (atLeastAsGood(last, this.#best)) {
        this.#best = { ...last, parameters, strings: trainer.strings };
      }
      this.#last = last;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(
        `Cannot train: wanted a network that answers, got "${error.message}" ` +
          `after update ${trainer.updates}`,
      );
    }
  }

  metrics(): Metrics {
    const { training: { trainer: { loss, strings } }, iteration } = this;
    const { coarse, fine } = this.#last ?? { coarse: null, fine: null };
    return { iteration, error: loss, strings, coarse, fine };
  }

  state(): ValidatedRunState {
    const validation = { last: this.#last, best: this.#best, pending: this.#pending };
    return { trainer: this.training.trainer.state(), ...validation };
  }

  save(files: Files, folder: string): void {
    const { training, training: { trainer } } = this, { strings } = trainer;
    training.save(files, join(folder, LAST_WEIGHTS), { parameters: trainer.parameters(), strings });
    if (this.#saved !== this.#best) training.save(files, join(folder, BEST_WEIGHTS), this.#best);
    this.#saved = this.#best;
  }

  outcome(history: readonly Metrics[], onShareDone?: OnShareDone): Outcome {
    return this.training.outcome(this.#best, history, onShareDone);
  }

  close(): void {
    this.training.trainer.close();
    this.training.close();
  }
}
