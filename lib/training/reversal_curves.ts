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
import { startReversalTraining } from "./reversal_training.ts";

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

/**
 * Trains a network, and scores it on the way.
 *
 * @example Two points of a small network.
 * ```ts
 * import { curveOf } from "@/training/reversal_curves.ts";
 * import { REVERSAL_OPTIONS } from "@/training/reversal_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const entries = Object.entries(REVERSAL_OPTIONS).map(([name, option]) => [name, option.default]);
 * const settings = { ...Object.fromEntries(entries), model: "rnn", symbols: 2, hidden: 4, seed: 1 };
 * const plan = { name: "rnn", settings: { ...settings, strings: 100 }, every: 50, examined: 2 };
 * assertEquals([...curveOf(plan)].map(({ strings }) => strings), [0, 50, 100]);
 * ```
 * @param plan What is trained, and how often it is scored.
 * @returns A generator of moments, the start and the end among them.
 * @throws {RangeError} If the numbers diverge.
 */
export function* curveOf({ settings, every, examined }: CurvePlan): Generator<CurvePoint> {
  const plan = reversalPlan(settings), training = startReversalTraining(plan);
  const { shape, symbols, lengths, seed } = plan;
  const longer = { shortest: lengths.longest + 1, longest: 2 * lengths.longest };
  const network = createStepper(shape, training.parameters());

  function point(): CurvePoint {
    network.setParameters(training.parameters());
    const score = (purpose: "validation" | "test", range: typeof lengths) =>
      scoresOf(
        evaluateReversal(network, symbols, { strings: examined, lengths: range, purpose, seed }),
      );
    const { strings, loss } = training;
    return { strings, loss, validation: score("validation", lengths), test: score("test", longer) };
  }

  yield point();
  for (let next = every; training.updates < plan.updates;) {
    training.update();
    if (training.strings < next && training.updates < plan.updates) continue;
    yield point();
    next += every;
  }
}

function scoresOf({ strict, published }: ReversalEvaluation): CurveScores {
  return { coarse: strict.coarse, fine: strict.fine, publishedFine: published.fine };
}
