/**
 * A network that learns to reverse strings: batch after batch by a recipe, as a machine that can be stopped
 * after any update and go on bit for bit.
 *
 * `K` symbols, `T` steps of a string.
 *
 * @module
 */
import type { Engine, Tensors } from "@/engine/engine.ts";
import { createLocalEngine } from "@/engine/local_engine.ts";
import { type RandomSource, type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { drawString, type LengthRange, reversalStream } from "@/tasks/streams.ts";
import { layOutReversal } from "@/tasks/reversal.ts";
import { BadInput } from "@/io/user_error.ts";
import { type ControlSummary, summariseControls } from "./control_summary.ts";
import { firstLengths, grownLengths } from "./recipe.ts";
import { type RecipeMoment, recipeMoment } from "./schedule.ts";
import type { ReversalPlan } from "./plan.ts";

/** All that a training remembers. */
export interface ReversalTrainingState {
  /** Updates made. */
  readonly updates: number;
  /** The running mean of the answers' cross-entropy. */
  readonly loss: number;
  /** Strings learned from when the noise's phase began; null while there is none. */
  readonly noiseFrom: number | null;
  /** How long the next strings are. */
  readonly lengths: LengthRange;
  /** What the last batch's controls were like; null before the first, and without a stack. */
  readonly controls: ControlSummary | null;
  readonly parameters: Tensors;
  /** Steps of the optimiser; fewer than updates never. */
  readonly steps: number;
  /** The optimiser's two running means. */
  readonly first: Tensors;
  readonly second: Tensors;
  /** Where strings come from. */
  readonly strings: RandomState;
  /** Where the noise comes from. */
  readonly noise: RandomState;
}

/** A training under way. */
export interface ReversalTraining {
  readonly updates: number;
  /** Strings learned from. */
  readonly strings: number;
  readonly loss: number;
  readonly controls: ControlSummary | null;
  /** What the recipe asks for at the next update. */
  readonly moment: RecipeMoment;
  /**
   * Makes an update.
   *
   * @throws {RangeError} If the loss or its gradient is not finite; the parameters are then as before.
   * @throws {BadInput} If there is no room for the batch, or a number of the optimiser is out of range.
   */
  update(): void;
  /** A copy of the parameters. */
  parameters(): Tensors;
  state(): ReversalTrainingState;
}

/** The running loss forgets as fast as this many strings come. */
const MEMORY_STRINGS = 320;

/**
 * Draws starting parameters, and begins.
 *
 * @param plan What is trained, and how.
 * @returns The training before its first update.
 */
export function startReversalTraining(plan: ReversalPlan): ReversalTraining {
  const { shape, seed, lengths, recipe, settings: { build } } = plan;
  const engine = createLocalEngine(shape, build);
  const random = seededRandom(`parameters, seed ${seed}`);
  engine.setParameters(initialParameters(shape, random, recipe.start));
  const parameters = engine.parameters(), { steps, first, second } = engine.optimiserState();
  return trainingFrom(plan, engine, {
    updates: 0,
    loss: Math.log(shape.symbols), // of a network that knows nothing
    noiseFrom: null,
    lengths: firstLengths(recipe.curriculum, lengths),
    controls: null,
    ...{ parameters, steps, first, second },
    strings: reversalStream(seed, "training", lengths).state(),
    noise: seededRandom(`noise, seed ${seed}`).state(),
  });
}

/**
 * Goes on.
 *
 * @param plan The same as at the start.
 * @param state Where the training was.
 * @returns The training.
 */
export function resumeReversalTraining(
  plan: ReversalPlan,
  state: ReversalTrainingState,
): ReversalTraining {
  const engine = createLocalEngine(plan.shape, plan.settings.build);
  const { steps, first, second } = state;
  engine.setParameters(state.parameters);
  engine.setOptimiserState({ steps, first, second });
  return trainingFrom(plan, engine, state);
}

function trainingFrom(
  plan: ReversalPlan,
  engine: Engine,
  state: ReversalTrainingState,
): ReversalTraining {
  const { recipe, shape } = plan,
    { batch, optimiser, noise } = recipe,
    top = Math.log(shape.symbols);
  const sources = { strings: restoreRandom(state.strings), noise: restoreRandom(state.noise) };
  const kept = Math.exp(-batch / MEMORY_STRINGS);
  // Trainings of earlier versions do not say how long their strings are: they never grew.
  let { updates, loss, noiseFrom, lengths = plan.lengths, controls } = state;
  const seen = () => updates * batch, share = () => loss / top;
  const moment = () =>
    recipeMoment(recipe, {
      strings: seen(),
      share: share(),
      noiseFrom,
      spent: updates / plan.updates,
    });

  function update(): void {
    if (moment().mayBeDone) noiseFrom = null; // it was not done
    const now = moment(), { drawnLengths, ...drawn } = drawBatch(plan, lengths, now, sources);
    const report = accepted(batch, () => engine.update(drawn, { ...optimiser, rate: now.rate }));
    if (!report.applied || !Number.isFinite(report.loss)) {
      const got = Number.isFinite(report.loss) ? report.gradientNorm : report.loss;
      throw new RangeError(
        `Cannot go on training: wanted a finite loss and gradient, got ${got} at update ${
          updates + 1
        }`,
      );
    }
    updates++;
    loss = kept * loss + (1 - kept) * report.outputLoss;
    if (shape.memory === "stack") controls = summariseControls(engine.controls(), drawnLengths);
    if (noise && noiseFrom === null && loss < noise.below * top) noiseFrom = seen();
    if (recipe.curriculum) {
      lengths = grownLengths(recipe.curriculum, plan.lengths, lengths, share());
    }
  }

  return {
    get updates() {
      return updates;
    },
    get strings() {
      return seen();
    },
    get loss() {
      return loss;
    },
    get controls() {
      return controls;
    },
    get moment() {
      return moment();
    },
    update,
    parameters: () => engine.parameters(),
    state() {
      const { steps, first, second } = engine.optimiserState(), parameters = engine.parameters();
      const [strings, noise] = [sources.strings.state(), sources.noise.state()];
      return {
        updates,
        loss,
        noiseFrom,
        lengths,
        controls,
        parameters,
        steps,
        first,
        second,
        strings,
        noise,
      };
    },
  };
}

/** Numbers that diverge are reported: what the engine refuses is a batch without room, or a rate out of range. */
function accepted<T>(batch: number, update: () => T): T {
  try {
    return update();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const action = `train on ${batch} strings at a time`, got = `some that fail: ${error.message}`;
    throw new BadInput(action, "settings that can be trained with", got);
  }
}

/** Where a batch is drawn from. */
interface Sources {
  readonly strings: RandomSource;
  readonly noise: RandomSource;
}

/** A batch, each part of its loss a mean over the batch, and how long its strings are. */
function drawBatch(
  { symbols, recipe }: ReversalPlan,
  lengths: LengthRange,
  { anchorWeight, deviation }: RecipeMoment,
  { strings, noise }: Sources,
): SequenceBatch & { readonly drawnLengths: number[] } {
  const drawn = Array.from({ length: recipe.batch }, () => drawString(strings, symbols, lengths));
  const characters = drawn.reduce((sum, { length }) => sum + length, 0), count = drawn.length;
  return {
    drawnLengths: drawn.map(({ length }) => length),
    strings: drawn.map((string) => noisy(layOutReversal(symbols, string), deviation, noise)),
    outputWeight: 1 / (characters + count),
    valueWeight: recipe.auxiliaryWeight / characters,
    anchorWeight: anchorWeight / (2 * characters + 2 * count),
    anchorPush: recipe.anchor?.push,
    anchorPop: recipe.anchor?.pop,
  };
}

function noisy(string: SequenceString, deviation: number, random: RandomSource): SequenceString {
  if (deviation === 0) return string;
  const draw = () => string.inputs.map(() => random.normal(0, deviation));
  return { ...string, pushNoise: draw(), popNoise: draw() };
}
