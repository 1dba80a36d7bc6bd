/**
 * What an experiment is, and what a run of it is: something that can be started, advanced, stopped and resumed.
 *
 * An experiment knows its mathematics and nothing else. Options, run folders, progress, checkpoints, many seeds and
 * reports belong to the command that hosts it (`deno task train`).
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import type { Files } from "@/io/files.ts";
import type { OptionValue } from "@/options/option.ts";
import type { OptionTable, ValuesOf } from "@/options/settings.ts";

/** The value of every option of `O`, and the seed. */
export type SettingsOf<O extends OptionTable> = ValuesOf<O> & { readonly seed: number };

/** What is measured at one iteration: a line of `metrics.jsonl`. */
export interface Metrics {
  /** Iterations done. */
  readonly iteration: number;
  /** What training minimizes; training stops where it is NaN or infinite. */
  readonly error: number;
  /** Anything else as JSON; numbers are shown beside the progress bar. */
  readonly [name: string]: OptionValue | readonly OptionValue[];
}

/** The outcome of a run. */
export interface Outcome {
  /** A summary to print, such as the true and the learned sequence one above the other. */
  readonly lines: readonly string[];
  /** Whether the run has succeeded, by the experiment's own criterion. */
  readonly success: boolean;
  /** Figures for the report. */
  readonly figures: readonly Figure[];
  /**
   * The trained parameters, for `parameters.json`: numbers, arrays, typed arrays, objects of those. Left out by
   * an experiment that saves files of its own.
   */
  readonly parameters?: object;
  /** Scores, for `result.json` and for the table of many seeds. */
  readonly summary?: OutcomeSummary;
}

/** Scores of a network that answers strings. */
export interface OutcomeSummary {
  /** Strings it was trained on. */
  readonly strings: number;
  /** Its recipe, as its settings resolve. */
  readonly recipe: object;
  /** Scores, set by set. */
  readonly scores: readonly SetScores[];
}

/** Scores on one set of strings. */
export interface SetScores {
  /** What the strings were drawn for, such as "test". */
  readonly purpose: string;
  /** Characters in a string, as "65..128". */
  readonly lengths: string;
  readonly strings: number;
  /** How many were answered right in full (exact match). */
  readonly exact: number;
  /** `exact` ÷ `strings`. */
  readonly coarse: number;
  /** Mean share of symbols before the first error (prefix accuracy). */
  readonly fine: number;
}

/** The words of a run's progress. */
export interface ProgressWords {
  /** What is counted, in the plural, such as "strings". */
  readonly unit: string;
  /** How many of them an iteration is. */
  readonly perIteration: number;
  /** The name of the error, such as "loss". */
  readonly error: string;
  /** Other metrics to show, the most important first. */
  readonly shown: readonly string[];
}

/**
 * Receives the share that is done of something that takes long. It may throw, usually {@linkcode Stopped}, and whoever
 * called it leaves everything so that the work can be done again.
 */
export type OnShare = (share: number) => void;

/** Thrown by a progress callback in order to stop. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * A run in progress: it can be stopped after any iteration.
 *
 * `advance(3)` then `advance(4)` leaves it exactly where `advance(7)` would.
 */
export interface Run<S extends object = object> {
  /** Iterations done. */
  readonly iteration: number;
  /** The most iterations that there will be. */
  readonly iterations: number;
  /** The words of its progress; if left out, iterations, an error, and every metric that is one number. */
  readonly words?: ProgressWords;
  /** Whether there is nothing left to do; true at the latest when `iteration` is `iterations`. */
  readonly finished: boolean;
  /**
   * Does up to `count` iterations, fewer only if it has finished.
   *
   * @param count How many, at least 1.
   * @param onShare Receives the share that is done of an evaluation within an iteration. If it throws, the iteration does
   * not count; the run can be saved, and whoever resumes it ends bit for bit as if nothing had happened.
   * @throws {RangeError} If the numbers have diverged; the message names the iteration.
   */
  advance(count: number, onShare?: OnShare): void;
  /** Measures the run as it is now; changes nothing, and takes little time. */
  metrics(): Metrics;
  /**
   * All that the run remembers: numbers, texts, booleans, null, typed arrays, arrays and objects of those. It is saved bit
   * for bit (NaN is refused, −0 and infinities are not), and may share arrays with the run, since it is written at once.
   */
  state(): S;
  /**
   * Saves further files in the run folder, each as a whole, before every checkpoint and where the numbers have diverged.
   *
   * @throws {UserError} If one cannot be written.
   */
  save?(files: Files, folder: string): void;
  /**
   * Evaluates the run.
   *
   * @param history Everything that was measured, from iteration 0 on.
   * @param onShare Receives the share that is done; if it throws, `outcome` can be called again.
   */
  outcome(history: readonly Metrics[], onShare?: OnShare): Outcome;
  /** Ends its threads, if it has any. */
  close?(): void;
}

/** What a run may use of the machine; its numbers do not depend on it. */
export interface Resources {
  /** Threads. */
  readonly threads: number;
}

/**
 * Something to train: an entry in the registry makes it available to `deno task train`.
 *
 * @example An experiment that halves a number until it is small, and can be stopped in between.
 * ```ts
 * import type { Experiment, Run } from "@/runs/run.ts";
 * import { integer } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const options = { iterations: integer({ default: 9, minimum: 1, description: "halvings" }) };
 * type State = { iteration: number; x: number };
 *
 * function run(iterations: number, { iteration, x }: State): Run<State> {
 *   return {
 *     get iteration() {
 *       return iteration;
 *     },
 *     iterations,
 *     get finished() {
 *       return iteration >= iterations;
 *     },
 *     advance(count) {
 *       for (; count > 0 && iteration < iterations; count--, iteration++) x /= 2;
 *     },
 *     metrics: () => ({ iteration, error: x }),
 *     state: () => ({ iteration, x }),
 *     outcome: () => ({ lines: [`x = ${x}`], success: x < 0.01, figures: [], parameters: { x } }),
 *   };
 * }
 *
 * const halving: Experiment<typeof options, State> = {
 *   name: "halving",
 *   summary: "halves a number",
 *   options,
 *   start: ({ iterations }) => run(iterations, { iteration: 0, x: 1 }),
 *   resume: ({ iterations }, state) => run(iterations, state),
 * };
 *
 * const started = halving.start({ iterations: 9, seed: 1 });
 * started.advance(4);
 * const resumed = halving.resume({ iterations: 9, seed: 1 }, started.state());
 * resumed.advance(100);
 * assertEquals(resumed.outcome([]).parameters, { x: 2 ** -9 });
 * ```
 */
export interface Experiment<O extends OptionTable = OptionTable, S extends object = object> {
  /** Its name on the command line, in lower case with hyphens. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Its own options; the seed and the run folder belong to the command. */
  readonly options: O;
  /** A short name for a run with these settings, for its folder and its title; the experiment's name if left out. */
  label?(settings: SettingsOf<O>): string;
  /** The threads that pay for a run with these settings on a machine with so many cores; 1 if left out. */
  threadsFor?(settings: SettingsOf<O>, cores: number): number;
  /**
   * Begins at iteration 0.
   *
   * @throws {UserError} If two settings contradict each other.
   */
  start(settings: SettingsOf<O>, resources?: Resources): Run<S>;
  /** Continues from a state that {@linkcode Run.state} gave under the same settings. */
  resume(settings: SettingsOf<O>, state: S, resources?: Resources): Run<S>;
}
