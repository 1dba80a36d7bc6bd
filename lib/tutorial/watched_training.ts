/**
 * A training that is watched: every hundred strings its loss is noted, and where its controls are on the same few
 * validation strings.
 *
 * @module
 */
import { createEngine } from "@/engine/engine.ts";
import type { ControlPath } from "@/figures/trainable_region.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { type ControlSummary, summarizeControls } from "@/training/control_summary.ts";
import { startTrainer, type Trainer } from "@/training/trainer.ts";
import type { TrainingPlan } from "@/training/training_plan.ts";

/** Training strings from one look to the next. */
const EVERY = 100;
/** Validation strings that are looked at. */
const WATCHED_STRINGS = 8;

/** What was seen at one look: the controls on the watched strings, without noise. */
export interface CoursePoint extends ControlSummary {
  /** Strings trained on. */
  readonly strings: number;
  /** The running mean of the loss. */
  readonly loss: number;
}

/** A training and what was seen of it so far. */
export interface WatchedTraining {
  readonly trainer: Trainer;
  /** One point for each call of {@linkcode WatchedTraining.learn} that trained. */
  readonly course: readonly CoursePoint[];
  /**
   * Trains on the next hundred strings, or up to the end, then looks; it can be called without its object.
   *
   * @returns The number of strings; 0 once the recipe's last phase is over or the plan's budget is spent.
   */
  learn(): number;
  /** Learns until the trainer has been given so many strings, or until the end. */
  learnUntil(strings: number): void;
}

/**
 * Starts a training that will be watched. Watching does not change it.
 *
 * @example Three looks at 250 strings.
 * ```ts
 * import { defaultSettings } from "@/training/training_options.ts";
 * import { trainingPlan } from "@/training/training_plan.ts";
 * import { watchTraining } from "@/tutorial/watched_training.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { symbols: 2, hidden: 4, valueWidth: 2, embedding: 2, lengths: "1..4", strings: 250 };
 * const training = watchTraining(trainingPlan({ ...defaultSettings(1), ...small }));
 * training.learnUntil(1000);
 * assertEquals(training.course.map(({ strings }) => strings), [100, 200, 248]); // whole batches of 4
 * assertEquals(training.learn(), 0);
 * ```
 * @param plan What is trained, and how; a network with a memory.
 * @returns The training, before its first update.
 */
export function watchTraining(plan: TrainingPlan): WatchedTraining {
  const { task, shape, lengths, seed, recipe, settings: { build } } = plan;
  const trainer = startTrainer(plan), engine = createEngine(shape, { build });
  const set = { purpose: "validation", strings: WATCHED_STRINGS, lengths, seed } as const;
  const watched = firstPairs(task, set).map((pair) => task.layOut(pair));
  const course: CoursePoint[] = [];

  function look(): CoursePoint {
    const { strings, loss } = trainer;
    engine.setParameters(trainer.parameters());
    engine.logits({ strings: watched, outputWeight: 1 });
    return { strings, loss, ...summarizeControls(engine.controls()[0], watched) };
  }
  function isOver(): boolean {
    // Without a noise phase, no phase is ever before its end.
    const phaseIsOver = recipe.noise !== null && trainer.hyperparameters.phaseComplete;
    return phaseIsOver || trainer.updates >= plan.updates;
  }
  function learn(): number {
    const { strings } = trainer;
    while (trainer.strings < strings + EVERY && !isOver()) trainer.update();
    if (trainer.strings > strings) course.push(look());
    return trainer.strings - strings;
  }
  function learnUntil(strings: number): void {
    while (trainer.strings < strings && !isOver()) learn();
  }
  return { trainer, course, learn, learnUntil };
}

/**
 * Takes the path of the mean controls in one phase of the strings from a course, to be drawn by `trainableRegion`.
 *
 * @example Two points of the controls while writing.
 * ```ts
 * import { controlPath } from "@/tutorial/watched_training.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const reading = { strings: 100, loss: 1, live: 1, readPush: 0.5, readPop: 0.25 };
 * const course = [0.5, 0.125].map((push) => ({ ...reading, writePush: push, writePop: 1 - push }));
 * assertEquals(controlPath("writing", course, "write"), {
 *   name: "writing",
 *   pushes: [0.5, 0.125],
 *   pops: [0.5, 0.875],
 * });
 * ```
 * @param name The path's label.
 * @param course What was seen of a training.
 * @param phase While strings are read, or while answers are written.
 * @returns The path.
 */
export function controlPath(
  name: string,
  course: readonly CoursePoint[],
  phase: "read" | "write",
): ControlPath {
  return {
    name,
    pushes: course.map(({ readPush, writePush }) => phase === "read" ? readPush : writePush),
    pops: course.map(({ readPop, writePop }) => phase === "read" ? readPop : writePop),
  };
}
