/**
 * A training on a task as a run that the command can host: one iteration is one update, and the validation that may
 * follow it.
 *
 * Every few hundred strings the network is validated. The best one is kept, and the run has finished once a network whose
 * last phase is over answers all the further validation strings as well; one that does not repeats the phase. A run that is
 * stopped during a validation keeps the update, and begins the validation again.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import { createStepper, type Stepper } from "@/engine/stepper.ts";
import { join } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { endsOf } from "@/memory/memories.ts";
import type { Metrics, OnShareDone, Resources, Run } from "@/runs/run.ts";
import { evaluateNetwork, type EvaluateSet } from "./evaluation.ts";
import { trainingOutcome } from "./outcome.ts";
import { trainingCommand, type TrainingPlan } from "./training_plan.ts";
import type { Recipe } from "./recipe.ts";
import { resumeTrainer, startTrainer, type Trainer, type TrainerState } from "./trainer.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS, saveTrainedModel } from "@/weights/trained_model.ts";
import {
  atLeastAsGood,
  finalSets,
  sharpenGates,
  validate,
  type ValidatedNetwork,
  type Validation,
  type ValidationSets,
} from "./validation.ts";

/** The results of the validations so far. */
interface ValidationState {
  /** Null before the first, which may take minutes. */
  readonly last: Validation | null;
  readonly best: ValidatedNetwork;
  /** Whether the validation of the last update is still to be done. */
  readonly pending: boolean;
}

/** All that a run remembers. */
export interface SequenceRunState extends ValidationState {
  /** What it was started with. */
  readonly recipe: Recipe;
  readonly trainer: TrainerState;
}

/** Any validated network is at least as good. */
const WORST: Validation = { coarse: 0, fine: 0, further: 0, done: false };

/** Starts a run. */
export function startSequenceRun(
  plan: TrainingPlan,
  sets: ValidationSets,
  { threads }: Resources = ONE_THREAD,
): Run<SequenceRunState> {
  const trainer = startTrainer(plan, threads), { strings } = trainer;
  const best = { ...WORST, parameters: trainer.parameters(), strings };
  return new SequenceRun({ plan, sets, trainer, threads }, { last: null, best, pending: false });
}

/**
 * Resumes a run.
 *
 * @throws {UserError} If it was started with another recipe.
 */
export function resumeSequenceRun(
  plan: TrainingPlan,
  sets: ValidationSets,
  { recipe, trainer: trained, ...validation }: SequenceRunState,
  { threads }: Resources = ONE_THREAD,
): Run<SequenceRunState> {
  // In older checkpoints the recipe has no budget: that of the settings holds.
  const complete = { strings: plan.recipe.strings, ...recipe as Partial<Recipe> };
  const [begun, now] = [JSON.stringify(complete), JSON.stringify(plan.recipe)];
  if (begun !== now) throw new UserError("resume the run", `one begun with ${now}`, begun);
  const trainer = resumeTrainer(plan, trained, threads);
  const best = { ...WORST, ...validation.best }; // earlier versions did not count further pairs
  return new SequenceRun({ plan, sets, trainer, threads }, { ...validation, best });
}

const ONE_THREAD: Resources = { threads: 1 };

interface RunParts {
  readonly plan: TrainingPlan;
  readonly sets: ValidationSets;
  readonly trainer: Trainer;
  readonly threads: number;
}

class SequenceRun implements Run<SequenceRunState> {
  readonly plan: TrainingPlan;
  readonly sets: ValidationSets;
  readonly trainer: Trainer;
  readonly threads: number;
  readonly iterations: number;
  readonly labels;
  #last: Validation | null;
  #best: ValidatedNetwork;
  #pending: boolean;
  #saved: ValidatedNetwork | undefined;
  #stepper: Stepper | undefined;

  constructor(
    { plan, sets, trainer, threads }: RunParts,
    { last, best, pending }: ValidationState,
  ) {
    [this.plan, this.sets, this.trainer, this.threads] = [plan, sets, trainer, threads];
    [this.#last, this.#best, this.#pending] = [last, best, pending];
    this.iterations = plan.updates;
    const ofMemory = endsOf(plan.shape.memory) ? ["live"] : [];
    const shown = ["coarse", "fine", ...ofMemory];
    this.labels = { unit: "strings", perIteration: plan.recipe.batch, error: "loss", shown };
  }

  /** An update counts once its validation is over, if it has one. */
  get iteration(): number {
    return this.trainer.updates - (this.#pending ? 1 : 0);
  }

  get finished(): boolean {
    return this.iteration >= this.iterations || this.#last?.done === true;
  }

  advance(count: number, onShareDone: OnShareDone = () => {}): void {
    for (; count > 0 && !this.finished; count--) {
      if (!this.#pending) {
        // The network was not finished at the end of its last phase.
        if (this.trainer.hyperparameters.phaseComplete) this.trainer.repeatPhase();
        this.trainer.update();
      }
      this.#pending ||= this.#isValidationDue();
      if (this.#pending) this.#validate(onShareDone);
      this.#pending = false;
    }
  }

  /** Every few hundred strings, at the end of the last phase, and at the end of the budget. */
  #isValidationDue(): boolean {
    const { plan: { recipe, updates }, sets, trainer } = this;
    const every = Math.max(1, Math.round(sets.every / recipe.batch));
    const phaseOver = recipe.noise !== null && trainer.hyperparameters.phaseComplete;
    return trainer.updates % every === 0 || trainer.updates === updates || phaseOver;
  }

  #validate(onShareDone: OnShareDone): void {
    const { plan: { task, lengths, seed }, sets, trainer: { strings } } = this;
    const { phaseComplete } = this.trainer.hyperparameters, parameters = this.#parameters();
    const request = { sets, task, lengths, seed, phaseComplete };
    const last = this.#useModel(() => validate(this.#evaluate(parameters), request, onShareDone));
    if (atLeastAsGood(last, this.#best)) this.#best = { ...last, parameters, strings };
    this.#last = last;
  }

  /** The parameters as they are validated and kept: with sharpened gates, once the last phase is over. */
  #parameters(): Tensors {
    const parameters = this.trainer.parameters(), { gateGain } = this.plan.recipe;
    const { phaseComplete } = this.trainer.hyperparameters;
    return phaseComplete ? sharpenGates(parameters, gateGain) : parameters;
  }

  #network(parameters: Tensors): Stepper {
    const { shape, settings: { build } } = this.plan;
    if (this.#stepper) this.#stepper.setParameters(parameters);
    else this.#stepper = createStepper(shape, parameters, { build, threads: this.threads });
    return this.#stepper;
  }

  #evaluate(parameters: Tensors): EvaluateSet {
    const network = this.#network(parameters);
    return (set, onProgress) => evaluateNetwork(network, this.plan.task, set, onProgress);
  }

  /** Finite weights may already give logits that are not. */
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
    const { trainer, iteration } = this, { coarse, fine } = this.#last ?? NOT_VALIDATED;
    return {
      iteration,
      error: trainer.loss,
      strings: trainer.strings,
      coarse,
      fine,
      noise: trainer.hyperparameters.deviation,
      ...trainer.controls,
    };
  }

  state(): SequenceRunState {
    const validation = { last: this.#last, best: this.#best, pending: this.#pending };
    return { recipe: this.plan.recipe, trainer: this.trainer.state(), ...validation };
  }

  save(...[files, folder]: Parameters<NonNullable<Run["save"]>>): void {
    const { plan: { task, shape, settings }, trainer: { strings } } = this;
    const keep = (name: string, network: Pick<ValidatedNetwork, "parameters" | "strings">) =>
      saveTrainedModel(files, join(folder, name), { task, shape, ...network }, [
        ["settings", JSON.stringify(settings)],
        ["command", trainingCommand(settings)],
        ["strings", String(network.strings)],
      ]);
    keep(LAST_WEIGHTS, { parameters: this.#parameters(), strings });
    if (this.#saved !== this.#best) keep(BEST_WEIGHTS, this.#best);
    this.#saved = this.#best;
  }

  outcome(history: readonly Metrics[], onShareDone?: OnShareDone) {
    const { plan, trainer: { strings } } = this, { parameters } = this.#best;
    const evaluate = this.#evaluate(parameters), network = this.#network(parameters);
    const sets = finalSets(this.sets, plan);
    return trainingOutcome({ plan, sets, evaluate, network, strings, history }, onShareDone);
  }

  close(): void {
    this.trainer.close();
    this.#stepper?.close();
  }
}

const NOT_VALIDATED = { coarse: null, fine: null };
