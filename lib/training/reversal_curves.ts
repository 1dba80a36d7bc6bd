/**
 * How networks with and without a stack come along on string reversal: loss, and scores on validation and on test
 * strings, all the way through a training.
 *
 * Test strings are looked at here while a network learns, for a picture of the whole way. Nothing is decided by it.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { evaluateReversal, type ReversalEvaluation } from "./reversal_evaluation.ts";
import { reversalPlan, type ReversalSettings } from "./reversal_options.ts";
import {
  resumeReversalTraining,
  type ReversalTrainingState,
  startReversalTraining,
} from "./reversal_training.ts";

/** A network, and how long it learns. */
export interface CurvePlan {
  readonly name: string;
  readonly settings: ReversalSettings;
  /** Training strings between two points. */
  readonly every: number;
  /** Strings in each score. */
  readonly examined: number;
}

/** Scores of one set of strings. */
export interface CurveScores {
  readonly coarse: number;
  /** Share before the first mistake, as this project counts. */
  readonly fine: number;
  /** Share of matching places, as published code counts. */
  readonly publishedFine: number;
}

/** A moment of a training. */
export interface CurvePoint {
  readonly strings: number;
  /** Running mean of the answers' cross-entropy, in nats a symbol. */
  readonly loss: number;
  /** Strings as long as those learned from. */
  readonly validation: CurveScores;
  /** Strings longer than those, up to twice as long. */
  readonly test: CurveScores;
}

/** A training that is scored on the way, and can be gone on with. */
export interface CurveTraining {
  /** Trains up to the next point, the first time not at all; nothing once the budget is spent. */
  next(): CurvePoint | undefined;
  /** Where the training is. */
  state(): ReversalTrainingState;
  /** Scores the network as it is. */
  scores(strings: number): Pick<CurvePoint, "validation" | "test">;
}

/**
 * Begins a training that is scored on the way, or goes on with one.
 *
 * @example What is left of it is the same as if it had never been stopped.
 * ```ts
 * import { curveTraining } from "@/training/reversal_curves.ts";
 * import { REVERSAL_OPTIONS } from "@/training/reversal_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const entries = Object.entries(REVERSAL_OPTIONS).map(([name, option]) => [name, option.default]);
 * const settings = { ...Object.fromEntries(entries), model: "rnn", symbols: 2, hidden: 4, seed: 1 };
 * const plan = { name: "rnn", settings: { ...settings, strings: 96 }, every: 48, examined: 2 };
 * const whole = curveTraining(plan);
 * whole.next(), whole.next();
 * const rest = curveTraining(plan, whole.state());
 * assertEquals(rest.next(), whole.next());
 * ```
 * @param plan What is trained, and how often it is scored.
 * @param from Where an earlier training of the same plan was when it gave a point.
 * @returns The training.
 */
export function curveTraining(
  { settings, every, examined }: CurvePlan,
  from?: ReversalTrainingState,
): CurveTraining {
  const plan = reversalPlan(settings), { shape, symbols, lengths, seed } = plan;
  const training = from ? resumeReversalTraining(plan, from) : startReversalTraining(plan);
  const longer = { shortest: lengths.longest + 1, longest: 2 * lengths.longest };
  const network = createStepper(shape, training.parameters(), settings.build);
  let begun = from !== undefined;

  function scores(strings: number) {
    network.setParameters(training.parameters());
    const score = (purpose: "validation" | "test", range: typeof lengths) =>
      scoresOf(evaluateReversal(network, symbols, { strings, lengths: range, purpose, seed }));
    return { validation: score("validation", lengths), test: score("test", longer) };
  }
  const over = () => training.updates >= plan.updates;
  return {
    scores,
    state: () => training.state(),
    next() {
      if (begun && over()) return undefined;
      const next = begun ? (Math.floor(training.strings / every) + 1) * every : 0;
      while (training.strings < next && !over()) training.update();
      begun = true;
      const { strings, loss } = training;
      return { strings, loss, ...scores(examined) };
    },
  };
}

/**
 * Trains a network, and scores it on the way.
 *
 * @example Three points of a small network.
 * ```ts
 * import { curveOf } from "@/training/reversal_curves.ts";
 * import { REVERSAL_OPTIONS } from "@/training/reversal_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const entries = Object.entries(REVERSAL_OPTIONS).map(([name, option]) => [name, option.default]);
 * const settings = { ...Object.fromEntries(entries), model: "rnn", symbols: 2, hidden: 4, seed: 1 };
 * const plan = { name: "rnn", settings: { ...settings, strings: 96 }, every: 48, examined: 2 };
 * assertEquals([...curveOf(plan)].map(({ strings }) => strings), [0, 48, 96]);
 * ```
 * @param plan What is trained, and how often it is scored.
 * @returns A generator of moments, the start and the end among them.
 * @throws {RangeError} If the numbers diverge.
 */
export function* curveOf(plan: CurvePlan): Generator<CurvePoint> {
  const training = curveTraining(plan);
  for (let point = training.next(); point; point = training.next()) yield point;
}

/**
 * What a curve keeps of an evaluation.
 *
 * @param evaluation The scores of one set of strings.
 * @returns Coarse and fine as this project counts, and fine as published code does.
 */
export function scoresOf({ strict, published }: ReversalEvaluation): CurveScores {
  return { coarse: strict.coarse, fine: strict.fine, publishedFine: published.fine };
}
