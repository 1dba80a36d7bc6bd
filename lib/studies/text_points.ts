/**
 * A training on text whose network is looked at after every validation, and which can be stopped there and resumed.
 *
 * @module
 */
import type { TextSettings } from "@/training/text_options.ts";
import type { TextPlan } from "@/training/text_plan.ts";
import {
  resumeTextRun,
  STANDARD_VALIDATION,
  startTextRun,
  type TextRunState,
  type TextValidation,
} from "@/training/text_run.ts";

/** A training after a validation. */
export interface UnfinishedText<Point> {
  readonly settings: TextSettings;
  readonly points: readonly Point[];
  readonly run: TextRunState;
}

/** How a training is looked at. */
export interface TextLook<Point> {
  /** Makes a point from the training's state and the characters trained on. */
  pointOf(state: TextRunState, characters: number): Point;
  /** What `onPoint` received last, of the same settings; default: a new training. */
  readonly from?: UnfinishedText<Point>;
  /** Receives the training after every validation. */
  onPoint?(unfinished: UnfinishedText<Point>): void;
  /** How it is validated; default: as by the command. */
  readonly validation?: TextValidation;
}

/**
 * Trains a network on a text, or resumes its training.
 *
 * @param plan What is trained, and how.
 * @param look What is looked at.
 * @returns The points and the state at the end.
 * @throws {UserError} If the text is not the one that the training was started with.
 */
export function trainWithPoints<Point>(
  plan: TextPlan,
  { pointOf, from, onPoint, validation = STANDARD_VALIDATION }: TextLook<Point>,
): UnfinishedText<Point> {
  const { settings } = plan;
  const run = from ? resumeTextRun(plan, validation, from.run) : startTextRun(plan, validation);
  try {
    let [points, last] = [from?.points ?? [], from?.run.last ?? null];
    while (!run.finished) {
      run.advance(1);
      const { validation: bits, symbols } = run.metrics();
      if (bits === last) continue;
      last = Number(bits);
      const state = run.state();
      points = [...points, pointOf(state, Number(symbols))];
      onPoint?.({ settings, points, run: state });
    }
    return { settings, points, run: run.state() };
  } finally {
    run.close?.();
  }
}
