/**
 * A training on string reversal as a run that the command can host: one iteration is one update.
 *
 * Every few hundred strings the network is examined on validation strings. The best one is kept, and the
 * run is done when one of them answers all the longer validation strings as well.
 *
 * @module
 */
import type { Tensors } from "@/engine/engine.ts";
import { BadInput } from "./bad_input.ts";
import type { Metrics, Run } from "./experiment.ts";
import { join } from "./files.ts";
import {
  atLeastAsGood,
  createExaminer,
  type Examination,
  type ExaminedNetwork,
  type Examiner,
  withCrispControls,
} from "./reversal_examination.ts";
import type { ReversalPlan } from "./reversal_options.ts";
import type { ReversalRecipe } from "./reversal_recipe.ts";
import { reversalOutcome, reversalOutcomeSteps } from "./reversal_outcome.ts";
import type { ReversalSets } from "./reversal_sets.ts";
import {
  resumeReversalTraining,
  type ReversalTraining,
  type ReversalTrainingState,
  startReversalTraining,
} from "./reversal_training.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS, saveTrainedModel } from "./trained_model.ts";

/** What the examinations have found so far. */
interface Findings {
  readonly last: Examination;
  readonly best: ExaminedNetwork;
}

/** All that a run remembers. */
export interface ReversalRunState extends Findings {
  /** What it was begun with; another version of this project may have another. */
  readonly recipe: ReversalRecipe;
  readonly training: ReversalTrainingState;
}

/** Begins a run. */
export function startReversalRun(plan: ReversalPlan, sets: ReversalSets): Run<ReversalRunState> {
  const training = startReversalTraining(plan), examiner = createExaminer(plan, sets);
  return runFrom({ plan, sets, training, examiner }, undefined);
}

/**
 * Goes on with a run.
 *
 * @throws {BadInput} If it was begun with another recipe.
 */
export function resumeReversalRun(
  plan: ReversalPlan,
  sets: ReversalSets,
  { recipe, training: trained, last, best }: ReversalRunState,
): Run<ReversalRunState> {
  const [begun, now] = [JSON.stringify(recipe), JSON.stringify(plan.recipe)];
  if (begun !== now) throw new BadInput("go on with the run", `one begun with ${now}`, begun);
  const training = resumeReversalTraining(plan, trained), examiner = createExaminer(plan, sets);
  return runFrom({ plan, sets, training, examiner }, { last, best });
}

interface RunParts {
  readonly plan: ReversalPlan;
  readonly sets: ReversalSets;
  readonly training: ReversalTraining;
  readonly examiner: Examiner;
}

function runFrom(parts: RunParts, earlier: Findings | undefined): Run<ReversalRunState> {
  const { plan, sets, training } = parts, { recipe, updates, shape } = plan;
  const every = Math.max(1, Math.round(sets.every / recipe.batch));
  let findings = earlier ?? examined(parts), saved: ExaminedNetwork | undefined;
  const endOf = (history: readonly Metrics[]) => (
    { ...parts, best: findings.best, strings: training.strings, history }
  );
  const finished = () => training.updates >= updates || findings.last.done;
  return {
    get iteration() {
      return training.updates;
    },
    iterations: updates,
    words: {
      unit: "strings",
      perIteration: recipe.batch,
      error: "loss",
      shown: ["coarse", "fine", ...(shape.memory === "stack" ? ["live"] : [])],
    },
    get finished() {
      return finished();
    },
    advance(count) {
      for (; count > 0 && !finished(); count--) {
        training.update();
        const due = training.updates % every === 0 || training.updates === updates;
        const phaseOver = recipe.noise !== null && training.moment.mayBeDone;
        if (due || phaseOver) findings = examined(parts, findings.best);
      }
    },
    metrics: () => measured(training, findings.last),
    state: () => ({ recipe, training: training.state(), ...findings }),
    save(files, folder) {
      const keep = (name: string, network: Pick<ExaminedNetwork, "parameters" | "strings">) =>
        saveTrainedModel(files, join(folder, name), { shape, ...network }, notes(plan, network));
      keep(LAST_WEIGHTS, network(parts));
      if (saved !== findings.best) keep(BEST_WEIGHTS, findings.best);
      saved = findings.best;
    },
    outcome: (history) => reversalOutcome(endOf(history)),
    outcomeSteps: (history) => reversalOutcomeSteps(endOf(history)),
  };
}

/** The network as it is examined and kept: with crisp controls, once it may be done. */
function network({ plan: { recipe }, training }: RunParts) {
  const { strings, moment: { mayBeDone } } = training, parameters = training.parameters();
  if (!mayBeDone) return { parameters, strings, mayBeDone };
  return { parameters: withCrispControls(parameters, recipe.controlGain), strings, mayBeDone };
}

function examined(parts: RunParts, best?: ExaminedNetwork): Findings {
  const { parameters, strings, mayBeDone } = network(parts);
  const last = examineAt(parts, parameters, mayBeDone);
  const better = best === undefined || atLeastAsGood(last, best);
  return { last, best: better ? { ...last, parameters, strings } : best };
}

/** Weights that are still numbers may already give logits that are none. */
function examineAt(
  { examiner, training }: RunParts,
  parameters: Tensors,
  mayBeDone: boolean,
): Examination {
  try {
    return examiner.examine(parameters, mayBeDone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `Cannot go on training: wanted a network that answers, got "${error.message}" ` +
        `after update ${training.updates}`,
    );
  }
}

function measured(training: ReversalTraining, { coarse, fine }: Examination): Metrics {
  return {
    iteration: training.updates,
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
