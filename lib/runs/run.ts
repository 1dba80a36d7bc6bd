/**
 * What an experiment is: something that can be started, advanced, stopped, resumed and told about.
 *
 * An experiment knows its mathematics and nothing else. Options, run folders, progress, checkpoints,
 * many seeds and reports belong to the command that hosts it (`deno task train`).
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import type { Files } from "@/io/files.ts";
import type { Option, OptionValue } from "@/training/option.ts";

/** Options by their names in code; `learningRate` is `--learning-rate` on the command line. */
export type OptionTable = Readonly<Record<string, Option>>;

/** What every experiment is given besides its own options. */
export interface CommonSettings {
  /** Where its random numbers start, a whole number from 0 to 2³² − 1. */
  readonly seed: number;
}

/** The value of every option of `O`, and the seed. */
export type SettingsOf<O extends OptionTable> =
  & { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never }
  & CommonSettings;

/** Settings of any experiment. */
export type Settings = Readonly<Record<string, OptionValue>> & CommonSettings;

/** What is measured at one iteration: a line of `metrics.jsonl`. */
export interface Metrics {
  /** Iterations done. */
  readonly iteration: number;
  /** What the experiment brings down; training stops where it is NaN or infinite. */
  readonly error: number;
  /** Anything else as JSON; single numbers are shown beside the progress bar. */
  readonly [name: string]: OptionValue | readonly OptionValue[];
}

/** What a run has come to. */
export interface Outcome {
  /** A summary to print, such as the true and the learned sequence one above the other. */
  readonly lines: readonly string[];
  /** Whether the experiment has reached what it sets out to reach. */
  readonly success: boolean;
  /** Pictures for the report. */
  readonly figures: readonly Figure[];
  /**
   * What was learned, for `parameters.json`: numbers, arrays, typed arrays, objects of those. Left out by
   * an experiment that saves files of its own.
   */
  readonly parameters?: object;
  /** What the run is worth in numbers, for `result.json` and for the table of many seeds. */
  readonly summary?: OutcomeSummary;
}

/** What a network that answers strings is worth. */
export interface OutcomeSummary {
  /** Strings it was trained on. */
  readonly strings: number;
  /** How it was trained, as its settings come out. */
  readonly recipe: object;
  /** Its scores, set by set. */
  readonly scores: readonly SetScores[];
}

/** Scores on one set of strings. */
export interface SetScores {
  /** What the strings were drawn for. */
  readonly purpose: string;
  /** Characters in a string, as "65..128". */
  readonly lengths: string;
  readonly strings: number;
  /** How many were answered right in full. */
  readonly exact: number;
  /** `exact` ÷ `strings`. */
  readonly coarse: number;
  /** Mean share before the first mistake. */
  readonly fine: number;
}

/** How a run speaks of its progress. */
export interface ProgressWords {
  /** What is counted, in the plural. */
  readonly unit: string;
  /** How many of them an iteration is. */
  readonly perIteration: number;
  /** What the error is called. */
  readonly error: string;
  /** Which of the other metrics are shown, the most important first. */
  readonly shown: readonly string[];
}

/**
 * A run under way: a machine that can be stopped after any iteration.
 *
 * `advance(3)` then `advance(4)` leaves it exactly where `advance(7)` would.
 */
export interface Run<S extends object = object> {
  /** Iterations done. */
  readonly iteration: number;
  /** Iterations that there will be at most. */
  readonly iterations: number;
  /** What its progress is told in; if left out, iterations, an error, and every metric that is one number. */
  readonly words?: ProgressWords;
  /** Whether there is nothing left to do; true at the latest when `iteration` is `iterations`. */
  readonly finished: boolean;
  /**
   * Does up to `count` iterations, fewer only if it has finished.
   *
   * @param count How many, at least 1.
   * @throws {RangeError} If the numbers have diverged; the message names the iteration.
   */
  advance(count: number): void;
  /**
   * Does the same a step at a time, for a run in which an iteration may take long: yields the share that is
   * done of it. Between two steps the run can be left for good, and its state be kept; an iteration that is
   * not over does not count, and whoever goes on ends it bit for bit as if nothing had happened.
   *
   * @param count How many, at least 1.
   * @throws {RangeError} As `advance` does.
   */
  advanceSteps?(count: number): Generator<number, void>;
  /** Measures the run as it is now; changes nothing, and takes little time. */
  metrics(): Metrics;
  /**
   * All that the run remembers: numbers, texts, booleans, null, typed arrays, arrays and objects of
   * those. It is kept bit for bit (NaN is refused, −0 and infinities are not), and may share arrays
   * with the run, since it is written at once.
   */
  state(): S;
  /**
   * Saves further files in the run folder, each as a whole, before every checkpoint and where the numbers
   * have diverged.
   *
   * @throws {BadInput} If one cannot be written.
   */
  save?(files: Files, folder: string): void;
  /**
   * Tells what the run has come to.
   *
   * @param history Everything that was measured, from iteration 0 on.
   */
  outcome(history: readonly Metrics[]): Outcome;
  /**
   * Tells the same a step at a time, for a run in which it takes long: yields the share that is done, so that
   * it can be shown, and stopped in between.
   *
   * @param history Everything that was measured, from iteration 0 on.
   */
  outcomeSteps?(history: readonly Metrics[]): Generator<number, Outcome>;
}

/**
 * Something to train: one line in the registry makes it available to `deno task train`.
 *
 * @example An experiment that halves a number until it is small, and can be stopped in between.
 * ```ts
 * import type { Experiment, Run } from "@/runs/run.ts";
 * import { integer } from "@/training/number_option.ts";
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
  /** What it does, in less than a line. */
  readonly summary: string;
  /** Its own options; the seed and the run folder are the command's. */
  readonly options: O;
  /**
   * Begins at iteration 0.
   *
   * @throws {BadInput} If two settings contradict each other.
   */
  start(settings: SettingsOf<O>): Run<S>;
  /** Continues from a state that {@linkcode Run.state} gave under the same settings. */
  resume(settings: SettingsOf<O>, state: S): Run<S>;
}
