/**
 * The interfaces of an experiment and of one run of it, which can be started, advanced, stopped and resumed.
 *
 * An experiment defines its options and its mathematics. Everything else belongs to the command that runs it
 * (`deno task train`): run folders, progress, checkpoints, many seeds and reports.
 *
 * @module
 */
import type { Figure } from "@/figures/figure.ts";
import type { Files } from "@/io/files.ts";
import type { OptionValue } from "@/options/option.ts";
import type { OptionTable, ValuesOf } from "@/options/settings.ts";

/** The value of every option of `O`, and the seed. */
export type SettingsOf<O extends OptionTable> = ValuesOf<O> & { readonly seed: number };

/** The measurements at one iteration: a line of `metrics.jsonl`. */
export interface Metrics {
  /** The number of iterations done. */
  readonly iteration: number;
  /** The quantity that training minimizes; training stops if it is NaN or infinite. */
  readonly error: number;
  /** Further measurements, as JSON values; single numbers are shown beside the progress bar. */
  readonly [name: string]: OptionValue | readonly OptionValue[];
}

/** The outcome of a run. */
export interface Outcome {
  /** The lines of a summary to print, such as the true sequence above the learned one. */
  readonly lines: readonly string[];
  /** Whether the run succeeded, by the experiment's own criterion. */
  readonly success: boolean;
  /** Figures for the report. */
  readonly figures: readonly Figure[];
  /**
   * The trained parameters, for `parameters.json`: numbers, arrays and typed arrays of them, and objects of those.
   * Absent if the experiment saves its own files.
   */
  readonly parameters?: object;
  /** Scores, for `result.json` and for the table of a run over many seeds. */
  readonly summary?: OutcomeSummary;
  /** Finite numbers by name, for `result.json` and for the table of a run over many seeds, such as bits per character. */
  readonly measures?: Measures;
}

/** What was measured at the end of a run, by name. */
export type Measures = Readonly<Record<string, number>>;

/** The scores of a trained sequence model. */
export interface OutcomeSummary {
  /** The number of strings that it was trained on. */
  readonly strings: number;
  /** The training recipe with every default filled in. */
  readonly recipe: object;
  /** The scores on each set of strings. */
  readonly scores: readonly SetScores[];
}

/** The scores on one set of strings. */
export interface SetScores {
  /** The purpose of the set, such as "test". */
  readonly purpose: string;
  /** The range of the length of a source, such as "65..128". */
  readonly lengths: string;
  readonly strings: number;
  /** The number of answers that match in full (exact match). */
  readonly exact: number;
  /** `exact` ÷ `strings`. */
  readonly coarse: number;
  /** The mean share of symbols before the first error (prefix accuracy). */
  readonly fine: number;
}

/** The labels of a run in its progress. */
export interface ProgressLabels {
  /** The unit of the count, in the plural, such as "strings". */
  readonly unit: string;
  /** The number of units in one iteration. */
  readonly perIteration: number;
  /** The name of the training error, such as "loss". */
  readonly error: string;
  /** The names of other metrics to show, the most important first. */
  readonly shown: readonly string[];
}

/**
 * Receives the share, from 0 to 1, of a long computation that is done. It may throw, usually {@linkcode Stopped}, to
 * cancel the computation; its caller must leave everything in a state from which the computation can be repeated.
 */
export type OnShareDone = (share: number) => void;

/** Thrown by a progress callback to stop the work in progress. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * A run in progress, which can be stopped after any iteration.
 *
 * `advance(3)` followed by `advance(4)` leaves it in exactly the same state as `advance(7)`.
 */
export interface Run<S extends object = object> {
  /** The number of iterations done. */
  readonly iteration: number;
  /** The maximum number of iterations. */
  readonly iterations: number;
  /** The labels of its progress; by default iterations, the error, and every metric that is a number. */
  readonly labels?: ProgressLabels;
  /** Whether the run has finished; true at the latest when `iteration` reaches `iterations`. */
  readonly finished: boolean;
  /**
   * Does `count` iterations, or fewer if it finishes before.
   *
   * @param count The number of iterations, at least 1.
   * @param onShareDone Receives the share done of an evaluation within an iteration. If it throws, that iteration does not
   * count; the run can still be saved, and a resumed run ends bit for bit like one that was never stopped.
   * @throws {RangeError} If the numbers have diverged; the message names the iteration.
   */
  advance(count: number, onShareDone?: OnShareDone): void;
  /** Measures the run in its current state, quickly and without changing it. */
  metrics(): Metrics;
  /**
   * Returns the whole state of the run: numbers, texts, booleans, null, typed arrays, and arrays and objects of those.
   *
   * It is saved bit for bit (−0 and infinities included; NaN is refused). It may share arrays with the run, because it is
   * written before the run advances.
   */
  state(): S;
  /**
   * Saves additional files in the run folder, each atomically; called before every checkpoint and after a divergence.
   *
   * @throws {UserError} If one cannot be written.
   */
  save?(files: Files, folder: string): void;
  /**
   * Evaluates the finished run.
   *
   * @param history All measurements, from iteration 0 on.
   * @param onShareDone Receives the share that is done; if it throws, `outcome` can be called again.
   */
  outcome(history: readonly Metrics[], onShareDone?: OnShareDone): Outcome;
  /** Ends the threads of the run, if it has any. */
  close?(): void;
}

/** The resources of the machine that a run may use; its results do not depend on them. */
export interface Resources {
  /** The number of threads. */
  readonly threads: number;
}

/**
 * Something that can be trained: `deno task train` offers those that `lib/cli/experiments.ts` lists.
 *
 * @example An experiment that halves a number repeatedly, stopped and resumed on the way.
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
  /** The name on the command line, in lower case with hyphens. */
  readonly name: string;
  /** A description for the help, in one line. */
  readonly summary: string;
  /** The options of this experiment; the seed and the run folder are options of the command. */
  readonly options: O;
  /**
   * Fills in the settings whose default depends on others, such as the memory that suits a task; by default there are none.
   *
   * @throws {UserError} If two settings contradict each other.
   */
  resolve?(settings: SettingsOf<O>): SettingsOf<O>;
  /** A short name for a run with these settings, for its folder and its title; by default the experiment's name. */
  label?(settings: SettingsOf<O>): string;
  /** The number of threads that suits a run with these settings on a machine with `cores` cores; by default 1. */
  threadsFor?(settings: SettingsOf<O>, cores: number): number;
  /**
   * Starts a run at iteration 0.
   *
   * @throws {UserError} If two settings contradict each other.
   */
  start(settings: SettingsOf<O>, resources?: Resources): Run<S>;
  /** Resumes a run from a state that {@linkcode Run.state} returned under the same settings. */
  resume(settings: SettingsOf<O>, state: S, resources?: Resources): Run<S>;
}
