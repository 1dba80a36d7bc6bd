/**
 * The trainer: draws batches by a recipe's schedule and updates the parameters; it can be stopped after any update and
 * resumed bit for bit.
 *
 * `K` symbols, `T` steps of a string.
 *
 * @module
 */
import { createEngine, type Engine, type Tensors } from "@/engine/engine.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { asUserError } from "@/options/settings.ts";
import { openStream } from "@/tasks/streams.ts";
import type { LengthRange } from "@/tasks/task.ts";
import { drawBatch } from "./batch.ts";
import { type ControlSummary, summarizeControls } from "./control_summary.ts";
import { SMALLER_SIZES, type TrainingPlan } from "./training_plan.ts";
import { firstLengths, grownLengths } from "./curriculum.ts";
import { checkApplied } from "./divergence.ts";
import { updateAverage } from "./parameter_average.ts";
import { type Hyperparameters, scheduleAt } from "./schedule.ts";

/** The complete state of a trainer. */
export interface TrainerState {
  /** Updates made. */
  readonly updates: number;
  /** The running mean of the outputs' cross-entropy. */
  readonly loss: number;
  /** The loss of which the recipe's limits are shares; null while it is not known, absent in states of earlier versions. */
  readonly unit?: number | null;
  /** Strings trained on when the noise phase began; null outside it. */
  readonly noiseStart: number | null;
  /** Whether the anchor has been released for good; absent in states of earlier versions. */
  readonly released?: boolean;
  /** Lengths of the next strings. */
  readonly lengths: LengthRange;
  /** The last batch's pushes and pops; null before the first, and without a memory. */
  readonly controls: ControlSummary | null;
  /** All of them, those included that only the training needs. */
  readonly parameters: Tensors;
  /** The mean of the parameters in the noise phase; null where there is none, absent in states of earlier versions. */
  readonly average?: Tensors | null;
  /** Steps of the optimizer. */
  readonly steps: number;
  /** The optimizer's two running means. */
  readonly first: Tensors;
  readonly second: Tensors;
  /** The stream of training strings. */
  readonly strings: RandomState;
  /** The stream of the noise. */
  readonly noise: RandomState;
}

/** A training in progress. */
export interface Trainer {
  readonly updates: number;
  /** Strings trained on. */
  readonly strings: number;
  readonly loss: number;
  readonly controls: ControlSummary | null;
  /** Of the next update. */
  readonly hyperparameters: Hyperparameters;
  /**
   * Makes an update.
   *
   * @throws {RangeError} If the loss or its gradient is not finite; the parameters are then as before.
   * @throws {UserError} If there is not enough memory for the batch, or a number of the optimizer is out of range.
   */
  update(): void;
  /** Ends the noise phase; it begins again at the next update whose running loss is low enough. */
  repeatPhase(): void;
  /** A copy of the parameters of the network that answers: their mean if the recipe wants it, and without those that only the training needs. */
  parameters(): Tensors;
  state(): TrainerState;
  /** Ends its threads, if it has any. */
  close(): void;
}

/** Time constant of the running loss, in strings. */
const LOSS_MEMORY = 320;

/**
 * Draws initial parameters and makes a trainer before its first update.
 *
 * @param plan What is trained, and how.
 * @param threads Threads of the engine; the result does not depend on them.
 * @returns The trainer.
 */
export function startTrainer(plan: TrainingPlan, threads = 1): Trainer {
  const engine = createEngineFor(plan, threads);
  return closeOnFailure(engine, () => startOn(engine, plan));
}

function startOn(engine: Engine, plan: TrainingPlan): Trainer {
  const { seed, lengths, recipe } = plan, { shape } = engine;
  const random = seededRandom(`parameters, seed ${seed}`);
  engine.setParameters(initialParameters(shape, random, recipe.start));
  const parameters = engine.parameters(), { steps, first, second } = engine.optimizerState();
  return trainerFrom(plan, engine, {
    updates: 0,
    loss: Math.log(shape.symbols), // of a uniform guess
    unit: firstUnit(plan),
    noiseStart: null,
    released: false,
    lengths: firstLengths(recipe.curriculum, lengths),
    controls: null,
    ...{ parameters, steps, first, second },
    average: null,
    strings: openStream(seed, "training", lengths).state(),
    noise: seededRandom(`noise, seed ${seed}`).state(),
  });
}

/**
 * Makes a trainer from a state.
 *
 * @param plan The same as at the start.
 * @param state What {@linkcode Trainer.state} gave.
 * @param threads Threads of the engine.
 * @returns The trainer.
 */
export function resumeTrainer(plan: TrainingPlan, state: TrainerState, threads = 1): Trainer {
  const engine = createEngineFor(plan, threads), { steps, first, second } = state;
  return closeOnFailure(engine, () => {
    engine.setParameters(state.parameters);
    engine.setOptimizerState({ steps, first, second });
    return trainerFrom(plan, engine, state);
  });
}

/** The plan's shape is that of the network that answers; its training may need parameters more. */
function createEngineFor(
  { shape, recipe, settings: { build } }: TrainingPlan,
  threads: number,
): Engine {
  const inTraining = recipe.previousWeight ? { ...shape, namesPrevious: true } : shape;
  return createEngine(inTraining, { threads, build });
}

/** The parameters that a network of a shape has, of those of its training. */
function parametersOf(shape: SequenceModelShape, all: Tensors): Tensors {
  return Object.fromEntries(parameterShapes(shape).map(([name]) => [name, all[name]]));
}

function copyOf(tensors: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, tensor.slice()]),
  );
}

/** The unit of the loss at the start: ln K, or unknown before so many strings. */
function firstUnit({ recipe, shape }: TrainingPlan): number | null {
  return recipe.unitAfter === undefined ? Math.log(shape.symbols) : null;
}

function trainerFrom(plan: TrainingPlan, engine: Engine, state: TrainerState): Trainer {
  const { recipe, shape } = plan, { batch, optimizer, noise } = recipe;
  const sources = { strings: restoreRandom(state.strings), noise: restoreRandom(state.noise) };
  const { averagedStrings } = recipe;
  const keptAfter = (strings: number) => Math.exp(-batch / strings);
  const kept = keptAfter(LOSS_MEMORY),
    keptOfAverage = averagedStrings && keptAfter(averagedStrings);
  let { updates, loss, unit = firstUnit(plan), noiseStart, lengths, controls } = state;
  let { released = false } = state;
  let average = state.average ? copyOf(state.average) : null;
  const strings = () => updates * batch, share = () => unit === null ? Infinity : loss / unit;
  const hyperparameters = () =>
    scheduleAt(recipe, {
      strings: strings(),
      share: share(),
      noiseStart,
      released,
      spent: updates / plan.updates,
    });

  function update(): void {
    const now = hyperparameters(), drawn = drawBatch(plan, lengths, now, sources);
    const report = asUserError(
      `train on ${batch} strings at a time`,
      () => engine.update(drawn, { ...optimizer, rate: now.rate, cellDecay: now.cellDecay }),
      SMALLER_SIZES,
    );
    checkApplied(report, updates + 1);
    updates++;
    loss = kept * loss + (1 - kept) * report.outputLoss;
    const [port] = engine.controls(); // a deque's top
    if (port) controls = summarizeControls(port, drawn.strings, shape.memory);
    if (unit === null && strings() >= recipe.unitAfter!) unit = loss;
    if (recipe.anchor?.releasedForGood && share() <= recipe.anchor.above) released = true;
    if (noise && noiseStart === null && share() < noise.below) noiseStart = strings();
    if (keptOfAverage !== undefined && noiseStart !== null) {
      average = updateAverage(average, engine.parameters(), keptOfAverage);
    }
    if (recipe.curriculum) {
      lengths = grownLengths(recipe.curriculum, plan.lengths, lengths, share());
    }
  }

  return {
    get updates() {
      return updates;
    },
    get strings() {
      return strings();
    },
    get loss() {
      return loss;
    },
    get controls() {
      return controls;
    },
    get hyperparameters() {
      return hyperparameters();
    },
    update,
    repeatPhase: () => void (noiseStart = average = null),
    parameters: () => parametersOf(shape, average ? copyOf(average) : engine.parameters()),
    state() {
      const { steps, first, second } = engine.optimizerState(), parameters = engine.parameters();
      const random = { strings: sources.strings.state(), noise: sources.noise.state() };
      const scalars = { updates, loss, unit, noiseStart, released, lengths, controls };
      const mean = average && copyOf(average);
      return { ...scalars, parameters, average: mean, steps, first, second, ...random };
    },
    close: () => engine.close(),
  };
}
