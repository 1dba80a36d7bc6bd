/**
 * A training on text as a run that the command can host: one iteration is one update, and the validation that may follow it.
 *
 * At intervals the network is validated on the part of the text that is held out, and the best one is kept. A run that is
 * stopped during a validation keeps the update, and begins the validation again.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import { createStepper, type Stepper } from "@/engine/stepper.ts";
import { type Files, join } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import type { Metrics, OnShareDone, Outcome, Resources, Run } from "@/runs/run.ts";
import { bitsPerSymbol } from "@/text/text_score.ts";
import { saveTextModel } from "@/weights/text_model.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS } from "@/weights/trained_model.ts";
import { textOutcome } from "./text_outcome.ts";
import { textCommand, type TextPlan } from "./text_plan.ts";
import {
  resumeTextTrainer,
  startTextTrainer,
  type TextTrainer,
  type TextTrainerState,
} from "./text_trainer.ts";

/** A network that has been validated. */
export interface ValidatedTextNetwork {
  /** Bits per symbol of the held-out text; infinite before the first validation. */
  readonly bits: number;
  readonly parameters: Tensors;
  /** Updates made before. */
  readonly updates: number;
}

/** All that a run remembers. */
export interface TextRunState {
  /** The SHA-256 of the text. */
  readonly text: string;
  readonly trainer: TextTrainerState;
  /** Bits per symbol of the held-out text at the last validation; null before the first. */
  readonly last: number | null;
  readonly best: ValidatedTextNetwork;
  /** Whether the validation of the last update is still to be done. */
  readonly pending: boolean;
}

/** How a run is validated. */
export interface TextValidation {
  /** Symbols between two validations, at least. */
  readonly every: number;
  /** The most validations of a run. */
  readonly most: number;
  /** The most streams of the held-out text side by side. */
  readonly streams: number;
}

/** The usual validation: about a second of each half minute. */
export const STANDARD_VALIDATION: TextValidation = { every: 300_000, most: 40, streams: 32 };

/** The fewest symbols of a held-out stream: each begins from the initial state, knowing nothing of what was before. */
const SHORTEST_STREAM = 1000;

/**
 * Returns the number of streams in which a text is read when a network is scored on it.
 *
 * @example A stream for each thousand symbols, but 32 at most.
 * ```ts
 * import { scoredStreams } from "@/training/text_run.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([20, 5001, 1_000_000].map((symbols) => scoredStreams(symbols)), [1, 5, 32]);
 * ```
 * @param symbols The number of symbols of the text.
 * @param most The most streams.
 * @returns At least 1.
 */
export function scoredStreams(symbols: number, most: number = STANDARD_VALIDATION.streams): number {
  return Math.min(most, Math.max(1, Math.floor((symbols - 1) / SHORTEST_STREAM)));
}

/** Returns the number of updates from one validation of a run to the next; the last update has one as well. */
export function validationInterval(
  { updates, streams: { streams, truncation } }: Pick<TextPlan, "updates" | "streams">,
  { every, most }: TextValidation,
): number {
  return Math.max(1, Math.round(every / (streams * truncation)), Math.ceil(updates / most));
}

const ONE_THREAD: Resources = { threads: 1 };

/** Starts a run. */
export function startTextRun(
  plan: TextPlan,
  validation: TextValidation,
  { threads }: Resources = ONE_THREAD,
): Run<TextRunState> {
  const trainer = startTextTrainer(plan, threads);
  const best = { bits: Infinity, parameters: trainer.parameters(), updates: 0 };
  return new TextRun({ plan, validation, trainer, threads }, { last: null, best, pending: false });
}

/**
 * Resumes a run.
 *
 * @throws {UserError} If the text is not the one that it was started with.
 */
export function resumeTextRun(
  plan: TextPlan,
  validation: TextValidation,
  { text, trainer: trained, ...progress }: TextRunState,
  { threads }: Resources = ONE_THREAD,
): Run<TextRunState> {
  if (text !== plan.hash) {
    const short = (hash: string) => `the SHA-256 ${hash.slice(0, 12)}…`;
    const wanted = `${plan.settings.corpus} with ${short(text)}`;
    throw new UserError("resume the run", wanted, short(plan.hash));
  }
  const trainer = resumeTextTrainer(plan, trained, threads);
  return new TextRun({ plan, validation, trainer, threads }, progress);
}

/**
 * Saves a network of a training on text, with the settings of the training and the command that repeats it.
 *
 * @param files The file system.
 * @param path The file.
 * @param plan The training.
 * @param network The network, and the updates made before.
 * @throws {UserError} If the file cannot be written; the old file remains.
 */
export function saveTrainedText(
  files: Files,
  path: string,
  { text: { alphabet }, hash, shape, settings, streams }: TextPlan,
  { parameters, updates }: Pick<ValidatedTextNetwork, "parameters" | "updates">,
): void {
  saveTextModel(files, path, { alphabet, shape, parameters }, [
    ["settings", JSON.stringify(settings)],
    ["command", textCommand(settings)],
    ["text_sha256", hash],
    ["trained_on", `${updates * streams.streams * streams.truncation} ${settings.unit}`],
  ]);
}

interface RunParts {
  readonly plan: TextPlan;
  readonly validation: TextValidation;
  readonly trainer: TextTrainer;
  readonly threads: number;
}

class TextRun implements Run<TextRunState> {
  readonly plan: TextPlan;
  readonly validation: TextValidation;
  readonly trainer: TextTrainer;
  readonly threads: number;
  readonly labels;
  #last: number | null;
  #best: ValidatedTextNetwork;
  #pending: boolean;
  #saved: ValidatedTextNetwork | undefined;
  #stepper: Stepper | undefined;

  constructor(
    { plan, validation, trainer, threads }: RunParts,
    { last, best, pending }: Pick<TextRunState, "last" | "best" | "pending">,
  ) {
    [this.plan, this.validation, this.trainer, this.threads] = [plan, validation, trainer, threads];
    [this.#last, this.#best, this.#pending] = [last, best, pending];
    const perIteration = plan.streams.streams * plan.streams.truncation;
    this.labels = {
      unit: plan.settings.unit,
      perIteration,
      error: "training bits",
      shown: ["validation"],
    };
  }

  get iterations(): number {
    return this.plan.updates;
  }

  /** An update counts once its validation is over, if it has one. */
  get iteration(): number {
    return this.trainer.updates - (this.#pending ? 1 : 0);
  }

  get finished(): boolean {
    return this.iteration >= this.iterations;
  }

  advance(count: number, onShareDone: OnShareDone = () => {}): void {
    for (; count > 0 && !this.finished; count--) {
      if (!this.#pending) this.trainer.update();
      this.#pending ||= this.#isValidationDue();
      if (this.#pending) this.#validate(onShareDone);
      this.#pending = false;
    }
  }

  #isValidationDue(): boolean {
    const { plan, validation, trainer: { updates } } = this;
    return updates % validationInterval(plan, validation) === 0 || updates === plan.updates;
  }

  #validate(onShareDone: OnShareDone): void {
    const { plan: { shape, text: { validation } }, trainer: { updates } } = this;
    const parameters = this.trainer.parameters();
    const streams = scoredStreams(validation.length, this.validation.streams);
    const network = this.#network(parameters);
    const bits = bitsPerSymbol(network, shape.symbols, validation, { streams, onShareDone });
    if (bits <= this.#best.bits) this.#best = { bits, parameters, updates };
    this.#last = bits;
  }

  #network(parameters: Tensors): Stepper {
    const { plan: { shape, settings: { build } }, threads } = this;
    if (this.#stepper) this.#stepper.setParameters(parameters);
    else this.#stepper = createStepper(shape, parameters, { build, threads });
    return this.#stepper;
  }

  metrics(): Metrics {
    const { trainer: { loss }, iteration, labels: { perIteration } } = this;
    return { iteration, error: loss, symbols: iteration * perIteration, validation: this.#last };
  }

  state(): TextRunState {
    const progress = { pending: this.#pending, last: this.#last, best: this.#best };
    return { text: this.plan.hash, trainer: this.trainer.state(), ...progress };
  }

  save(...[files, folder]: Parameters<NonNullable<Run["save"]>>): void {
    const keep = (name: string, network: Pick<ValidatedTextNetwork, "parameters" | "updates">) =>
      saveTrainedText(files, join(folder, name), this.plan, network);
    keep(LAST_WEIGHTS, { parameters: this.trainer.parameters(), updates: this.trainer.updates });
    if (this.#saved !== this.#best) keep(BEST_WEIGHTS, this.#best);
    this.#saved = this.#best;
  }

  outcome(history: readonly Metrics[]): Outcome {
    const { plan } = this, best = this.#best;
    return textOutcome({ plan, best, network: this.#network(best.parameters), history });
  }

  close(): void {
    this.trainer.close();
    this.#stepper?.close();
  }
}
