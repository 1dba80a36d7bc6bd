/**
 * A training on string reversal as a run that the command can host: one iteration is one update, and the
 * examination that may follow it.
 *
 * Every few hundred strings the network is examined on validation strings. The best one is kept, and the
 * run is done when one of them answers all the longer validation strings as well. Who leaves the run in the
 * middle of an examination keeps the update, and begins the examination anew.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import { BadInput } from "@/io/user_error.ts";
import type { Metrics, Run } from "@/runs/run.ts";
import { join } from "@/io/files.ts";
import {
  atLeastAsGood,
  createExaminer,
  type Examination,
  type ExaminedNetwork,
  type Examiner,
  type ReversalSets,
  withCrispControls,
} from "./validation.ts";
import type { ReversalPlan } from "./plan.ts";
import type { ReversalRecipe } from "./recipe.ts";
import { reversalOutcome, reversalOutcomeSteps } from "./outcome.ts";
import {
  resumeReversalTraining,
  type ReversalTraining,
  type ReversalTrainingState,
  startReversalTraining,
} from "./trainer.ts";
import { allAtOnce } from "./steps.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS, saveTrainedModel } from "./trained_model.ts";

/** What the examinations have found so far. */
interface Findings {
  /** Null before the first, which may take minutes. */
  readonly last: Examination | null;
  readonly best: ExaminedNetwork;
}

/** Where the examinations are. */
interface Standing extends Findings {
  /** Whether that of the last update is still to come. */
  readonly examining: boolean;
}

/** All that a run remembers. */
export interface ReversalRunState extends Standing {
  /** What it was begun with; another version of this project may have another. */
  readonly recipe: ReversalRecipe;
  readonly training: ReversalTrainingState;
}

/** Any network that was examined is at least as good. */
const WORST: Examination = { coarse: 0, fine: 0, done: false };

/** Begins a run. */
export function startReversalRun(plan: ReversalPlan, sets: ReversalSets): Run<ReversalRunState> {
  const training = startReversalTraining(plan), examiner = createExaminer(plan, sets);
  const parts = { plan, sets, training, examiner }, { parameters, strings } = network(parts);
  return runFrom(parts, { last: null, best: { ...WORST, parameters, strings }, examining: false });
}

/**
 * Goes on with a run.
 *
 * @throws {BadInput} If it was begun with another recipe.
 */
export function resumeReversalRun(
  plan: ReversalPlan,
  sets: ReversalSets,
  { recipe, training: trained, ...standing }: ReversalRunState,
): Run<ReversalRunState> {
  const [begun, now] = [JSON.stringify(recipe), JSON.stringify(plan.recipe)];
  if (begun !== now) throw new BadInput("go on with the run", `one begun with ${now}`, begun);
  const training = resumeReversalTraining(plan, trained), examiner = createExaminer(plan, sets);
  return runFrom({ plan, sets, training, examiner }, standing);
}

interface RunParts {
  readonly plan: ReversalPlan;
  readonly sets: ReversalSets;
  readonly training: ReversalTraining;
  readonly examiner: Examiner;
}

function runFrom(parts: RunParts, begun: Standing): Run<ReversalRunState> {
  const { plan, training } = parts, { recipe, updates, shape } = plan;
  const course = courseFrom(parts, begun);
  let saved: ExaminedNetwork | undefined;
  const endOf = (history: readonly Metrics[]) => (
    { ...parts, best: course.findings.best, strings: training.strings, history }
  );
  return {
    get iteration() {
      return course.iteration;
    },
    iterations: updates,
    words: {
      unit: "strings",
      perIteration: recipe.batch,
      error: "loss",
      shown: ["coarse", "fine", ...(shape.memory === "stack" ? ["live"] : [])],
    },
    get finished() {
      return course.finished;
    },
    advance: (count) => allAtOnce(course.advanceSteps(count)),
    advanceSteps: (count) => course.advanceSteps(count),
    metrics: () => measured(training, course),
    state: () => ({ recipe, training: training.state(), ...course.standing() }),
    save(files, folder) {
      const keep = (name: string, network: Pick<ExaminedNetwork, "parameters" | "strings">) =>
        saveTrainedModel(files, join(folder, name), { shape, ...network }, notes(plan, network));
      const { best } = course.findings;
      keep(LAST_WEIGHTS, network(parts));
      if (saved !== best) keep(BEST_WEIGHTS, best);
      saved = best;
    },
    outcome: (history) => reversalOutcome(endOf(history)),
    outcomeSteps: (history) => reversalOutcomeSteps(endOf(history)),
  };
}

/** Updates and examinations in their order. */
interface Course {
  /** An update counts once its examination is over, if it has one. */
  readonly iteration: number;
  readonly finished: boolean;
  readonly findings: Findings;
  standing(): Standing;
  advanceSteps(count: number): Generator<number, void>;
}

/** Runs of earlier versions were never left in the middle of an examination, and do not say so. */
function courseFrom(parts: RunParts, { examining = false, ...earlier }: Standing): Course {
  const { training, plan: { updates } } = parts;
  let findings: Findings = earlier;
  return {
    get iteration() {
      return training.updates - (examining ? 1 : 0);
    },
    get finished() {
      return this.iteration >= updates || findings.last?.done === true;
    },
    get findings() {
      return findings;
    },
    standing: () => ({ ...findings, examining }),
    *advanceSteps(count) {
      for (; count > 0 && !this.finished; count--) {
        if (!examining) training.update();
        examining ||= isExaminationDue(parts);
        if (examining) findings = yield* examinationSteps(parts, findings.best);
        examining = false;
      }
    },
  };
}

/** Now and then, at the end of the noise's phase, and at the end of all. */
function isExaminationDue({ plan: { recipe, updates }, sets, training }: RunParts): boolean {
  const every = Math.max(1, Math.round(sets.every / recipe.batch));
  const phaseOver = recipe.noise !== null && training.moment.mayBeDone;
  return training.updates % every === 0 || training.updates === updates || phaseOver;
}

/** The network as it is examined and kept: with crisp controls, once it may be done. */
function network({ plan: { recipe }, training }: RunParts) {
  const { strings, moment: { mayBeDone } } = training, parameters = training.parameters();
  if (!mayBeDone) return { parameters, strings, mayBeDone };
  return { parameters: withCrispControls(parameters, recipe.controlGain), strings, mayBeDone };
}

function* examinationSteps(
  parts: RunParts,
  best: ExaminedNetwork,
): Generator<number, Findings> {
  const { parameters, strings, mayBeDone } = network(parts);
  const last = yield* answeringSteps(parts, parameters, mayBeDone);
  return { last, best: atLeastAsGood(last, best) ? { ...last, parameters, strings } : best };
}

/** Weights that are still numbers may already give logits that are none. */
function* answeringSteps(
  { examiner, training }: RunParts,
  parameters: Tensors,
  mayBeDone: boolean,
): Generator<number, Examination> {
  try {
    return yield* examiner.examination(parameters, mayBeDone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `Cannot go on training: wanted a network that answers, got "${error.message}" ` +
        `after update ${training.updates}`,
    );
  }
}

function measured(
  training: ReversalTraining,
  { iteration, findings: { last } }: Course,
): Metrics {
  const { coarse, fine } = last ?? { coarse: null, fine: null };
  return {
    iteration,
    error: training.loss,
    strings: training.strings,
    coarse,
    fine,
    noise: training.moment.deviation,
    ...training.controls,
  };
}

/** What the weights' file says of where they come from. */
function notes({ settings }: ReversalPlan, { strings }: { readonly strings: number }) {
  return [["settings", JSON.stringify(settings)], ["strings", String(strings)]] as const;
}
