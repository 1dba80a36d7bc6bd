/**
 * A training of an encoder–decoder as a run that the command can host: one iteration is one update, and the validation that
 * may follow it.
 *
 * At intervals the network is validated, and the best one is kept; the run ends with its budget. A run that is stopped
 * during a validation keeps the update, and begins the validation again.
 *
 * @module
 */
import {
  createEncoderDecoderEngine,
  type EncoderDecoderEngine,
} from "@/engine/encoder_decoder_engine.ts";
import type { Tensors } from "@/engine/engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { join } from "@/io/files.ts";
import type { Metrics, OnShareDone, Outcome, Resources, Run } from "@/runs/run.ts";
import { testLengths } from "@/tasks/task.ts";
import { saveEncoderDecoder } from "@/weights/encoder_decoder_model.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS } from "@/weights/trained_model.ts";
import { encoderDecoderCommand, type EncoderDecoderPlan } from "./encoder_decoder_plan.ts";
import {
  type EncoderDecoderTrainer,
  type EncoderDecoderTrainerState,
  resumeEncoderDecoderTrainer,
  startEncoderDecoderTrainer,
} from "./encoder_decoder_trainer.ts";
import { evaluateNetwork, type EvaluateSet } from "./evaluation.ts";
import { scoredOutcome } from "./outcome.ts";
import {
  atLeastAsGood,
  finalSets,
  validate,
  type ValidatedNetwork,
  type Validation,
  type ValidationSets,
} from "./validation.ts";

/** The results of the validations so far. */
interface ValidationState {
  /** Null before the first. */
  readonly last: Validation | null;
  readonly best: ValidatedNetwork;
  /** Whether the validation of the last update is still to be done. */
  readonly pending: boolean;
}

/** All that a run remembers. */
export interface EncoderDecoderRunState extends ValidationState {
  readonly trainer: EncoderDecoderTrainerState;
}

/** The sets of `deno task train`: tests as long as the training strings, and beyond. */
export const STANDARD_PAIR_SETS: ValidationSets = {
  every: 6400,
  validated: 200,
  further: () => [], // nothing ends a run early
  scored: 1000,
  test: ({ lengths, task }) =>
    [lengths, testLengths(task.lengths, lengths)].map((lengths) => ({ strings: 1000, lengths })),
};

const ONE_THREAD: Resources = { threads: 1 };

/** Starts a run. */
export function startEncoderDecoderRun(
  plan: EncoderDecoderPlan,
  sets: ValidationSets,
  { threads }: Resources = ONE_THREAD,
): Run<EncoderDecoderRunState> {
  const trainer = startEncoderDecoderTrainer(plan, threads);
  const worst = { coarse: 0, fine: 0, further: 0, done: false };
  const best = { ...worst, parameters: trainer.parameters(), strings: 0 };
  const parts = { plan, sets, trainer, threads };
  return new EncoderDecoderRun(parts, { last: null, best, pending: false });
}

/** Resumes a run. */
export function resumeEncoderDecoderRun(
  plan: EncoderDecoderPlan,
  sets: ValidationSets,
  { trainer: trained, ...validation }: EncoderDecoderRunState,
  { threads }: Resources = ONE_THREAD,
): Run<EncoderDecoderRunState> {
  const trainer = resumeEncoderDecoderTrainer(plan, trained, threads);
  return new EncoderDecoderRun({ plan, sets, trainer, threads }, validation);
}

interface RunParts {
  readonly plan: EncoderDecoderPlan;
  readonly sets: ValidationSets;
  readonly trainer: EncoderDecoderTrainer;
  readonly threads: number;
}

class EncoderDecoderRun implements Run<EncoderDecoderRunState> {
  readonly plan: EncoderDecoderPlan;
  readonly sets: ValidationSets;
  readonly trainer: EncoderDecoderTrainer;
  readonly threads: number;
  readonly labels;
  #last: Validation | null;
  #best: ValidatedNetwork;
  #pending: boolean;
  #saved: ValidatedNetwork | undefined;
  /** Of the networks that are validated and scored; the trainer has its own. */
  #engine: EncoderDecoderEngine | undefined;

  constructor(
    { plan, sets, trainer, threads }: RunParts,
    { last, best, pending }: ValidationState,
  ) {
    [this.plan, this.sets, this.trainer, this.threads] = [plan, sets, trainer, threads];
    [this.#last, this.#best, this.#pending] = [last, best, pending];
    const shown = ["coarse", "fine"];
    this.labels = { unit: "strings", perIteration: plan.batch, error: "loss", shown };
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
    const { plan: { batch, updates }, sets, trainer } = this;
    const every = Math.max(1, Math.round(sets.every / batch));
    return trainer.updates % every === 0 || trainer.updates === updates;
  }

  #validate(onShareDone: OnShareDone): void {
    const { plan: { task, lengths, seed }, sets, trainer: { strings } } = this;
    const parameters = this.trainer.parameters();
    const request = { sets, task, lengths, seed, phaseComplete: false };
    const last = this.#useModel(() => validate(this.#evaluate(parameters), request, onShareDone));
    if (atLeastAsGood(last, this.#best)) this.#best = { ...last, parameters, strings };
    this.#last = last;
  }

  #evaluate(parameters: Tensors): EvaluateSet {
    const { shape, task, order, settings: { build } } = this.plan, { threads } = this;
    this.#engine ??= createEncoderDecoderEngine(shape, { build, threads });
    this.#engine.setParameters(parameters);
    const network = engineSourceStepper(this.#engine, task.vocabulary, order);
    return (set, onProgress) => evaluateNetwork(network, task, set, onProgress);
  }

  /** Finite weights may already give states that are not. */
  #useModel<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RangeError(
        `Cannot train: wanted a network that answers, got "${error.message}" ` +
          `after update ${this.trainer.updates}`,
      );
    }
  }

  metrics(): Metrics {
    const { trainer: { loss, strings }, iteration } = this;
    const { coarse, fine } = this.#last ?? { coarse: null, fine: null };
    return { iteration, error: loss, strings, coarse, fine };
  }

  state(): EncoderDecoderRunState {
    const validation = { last: this.#last, best: this.#best, pending: this.#pending };
    return { trainer: this.trainer.state(), ...validation };
  }

  save(...[files, folder]: Parameters<NonNullable<Run["save"]>>): void {
    const { plan: { task, order, shape, settings }, trainer: { strings } } = this;
    const keep = (name: string, network: Pick<ValidatedNetwork, "parameters" | "strings">) =>
      saveEncoderDecoder(files, join(folder, name), { task, order, shape, ...network }, [
        ["settings", JSON.stringify(settings)],
        ["command", encoderDecoderCommand(settings)],
        ["strings", String(network.strings)],
      ]);
    keep(LAST_WEIGHTS, { parameters: this.trainer.parameters(), strings });
    if (this.#saved !== this.#best) keep(BEST_WEIGHTS, this.#best);
    this.#saved = this.#best;
  }

  outcome(history: readonly Metrics[], onShareDone?: OnShareDone): Outcome {
    const { plan: { task, seed, batch, optimizer, settings, ...plan }, trainer: { strings } } =
      this;
    const evaluate = this.#evaluate(this.#best.parameters);
    const recipe = { strings: settings.strings, batch, optimizer, forgetBias: settings.forgetBias };
    const sets = finalSets(this.sets, { lengths: plan.lengths, task });
    return scoredOutcome({ task, seed, recipe, sets, evaluate, strings, history }, onShareDone);
  }

  close(): void {
    this.trainer.close();
    this.#engine?.close();
  }
}
