/**
 * The results of the study `board` as rows of tables: every task with every memory, and the deep and the public strings.
 *
 * Runs that were trained with another recipe than today's do not count.
 *
 * @module
 */
import { mean, median, sum } from "@/math/lists.ts";
import { scoreText } from "@/tasks/scores.ts";
import type { SizeScores } from "@/training/evaluation_by_size.ts";
import { type LengthScores, meanPerToken } from "./length_scores.ts";
import type { TitledRows } from "./study.ts";
import { rateColumns } from "./success_rate.ts";
import type { TrainingSetup } from "./training_setup.ts";
import { currentRuns, rightShare, type TrainingRun, type TrainingTable } from "./training_table.ts";

/** Some strings, and how many of them are wrong. */
export type StringsScore = readonly [strings: number, wrong: number];

/** A run, and its scores; none if the training diverged. */
export interface BoardRun extends TrainingRun {
  /** On every length of the task's tests. */
  readonly every?: LengthScores;
  /** By depth: undos in a row, or brackets inside each other. */
  readonly deep?: Readonly<Record<string, StringsScore>>;
  /** On public strings, by their lengths. */
  readonly files?: Readonly<Record<string, StringsScore>>;
}

/** The stored table. */
export type BoardTable = TrainingTable<BoardRun>;

/**
 * Counts the strings of several sizes, and the wrong ones.
 *
 * @param scores Of each size.
 * @returns Both numbers.
 */
export function scoresOf(scores: readonly SizeScores[]): StringsScore {
  return [sum(scores.map(({ strings }) => strings)), sum(scores.map(({ wrong }) => wrong))];
}

/**
 * Says whether a trained network is exact: right in full on every test string of every length, and on the deep and the public
 * strings of undo flip-flop. Brackets must be right at 1,000 symbols, too.
 *
 * @example One length has a mistake.
 * ```ts
 * import { type BoardRun, isExactEverywhere } from "@/studies/board_rows.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const run = (faulty: number): BoardRun => ({ seed: 1, strings: 5000, seconds: 4, threads: 1,
 *   scores: {}, every: { lengths: "41..60", strings: 20, faulty, bins: [[41, 400, faulty, 1]] } });
 * assertEquals([0, 1].map((faulty) => isExactEverywhere(run(faulty), "reverse-binary")), [true, false]);
 * ```
 * @param run The run.
 * @param task Its task.
 * @returns Whether it is; false if the training diverged.
 */
export function isExactEverywhere(
  { every, deep = {}, files = {}, scores }: BoardRun,
  task: string,
): boolean {
  const [strings, exact] = scores["1000"] ?? [0, 0];
  const counted = task.startsWith("dyck")
    ? [[strings, strings - exact]]
    : [...Object.values(deep), ...Object.values(files)];
  return every !== undefined && every.faulty === 0 && counted.every(([, wrong]) => wrong === 0);
}

const NOTHING = "–";

/** What a column shows of a list; a dash if it is empty. */
const cellOf = (list: readonly unknown[], text: () => string) =>
  list.length === 0 ? NOTHING : text();

/** Scores that others have published; shares of 1. */
export interface PublishedScores {
  /** Per-token accuracy on lengths of 41 to 500, by task and network; the best of many trainings. */
  readonly benchmark: {
    readonly source: string;
    /** Strings that each network was trained on. */
    readonly strings: number;
    /** From which score on a network is said to generalise. */
    readonly solved: number;
    readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  /** Share of strings of undo flip-flop with every read right. */
  readonly undo: { readonly source: string; readonly scores: Readonly<Record<string, number>> };
}

/** The cells that sum up the runs of a setup. */
function resultColumns(runs: readonly BoardRun[], { task, seeds: { first, last } }: TrainingSetup) {
  const exact = runs.filter((run) => isExactEverywhere(run, task));
  const scored = runs.flatMap(({ every }) => every ?? []), perToken = scored.map(meanPerToken);
  const rates = runs.length === 0 ? undefined : rateColumns(exact.length, runs.length);
  const rightShareOf = ({ bins }: LengthScores) =>
    1 - sum(bins.map(([, , wrong]) => wrong)) / sum(bins.map(([, strings]) => strings));
  return {
    "exact seeds": rates?.successes ?? NOTHING,
    "95 % interval": rates?.["95 % interval"] ?? NOTHING,
    "planned": String(last - first + 1),
    "strings": cellOf(exact, () => median(exact.map((run) => run.strings)).toLocaleString("en")),
    "seconds": cellOf(exact, () => median(exact.map((run) => run.seconds)).toFixed(0)),
    "right in full": cellOf(scored, () => scoreText(mean(scored.map(rightShareOf)))),
    "per token": cellOf(scored, () => scoreText(mean(perToken))),
    "best": cellOf(scored, () => scoreText(Math.max(...perToken))),
    "worst": cellOf(scored, () => scoreText(Math.min(...perToken))),
    "1,000": cellOf(runs, () => rightShare(runs, "1000")),
    "10,000": cellOf(runs, () => rightShare(runs, "10000")),
  };
}

/** One row: the cells by the titles of their columns. */
export type BoardRow = Readonly<Record<string, string>>;

/**
 * Makes the table of every setup.
 *
 * Strings and seconds of training are medians over the seeds that became exact. "Right in full" is the mean share of strings,
 * "per token" the mean per-token accuracy over all lengths, then that of the best and the worst seed. The columns of 1,000 and
 * of 10,000 symbols are shares of the strings of all seeds that are right in full.
 *
 * @param table The stored table, whole or partial.
 * @param setups All setups.
 * @returns A row for each setup, with dashes if no run has finished.
 */
export function boardRows(table: BoardTable, setups: readonly TrainingSetup[]): BoardRow[] {
  return setups.map((setup) => ({
    task: setup.task,
    memory: setup.name.slice(setup.task.length + 1),
    ...resultColumns(currentRuns(table, setup), setup),
  }));
}

/**
 * Makes the table of the deep strings and of the public ones: the share of all seeds' strings that is right in full.
 *
 * @param table The stored table, whole or partial.
 * @param setups All setups.
 * @returns A row for each setup that has such strings.
 */
export function deepRows(table: BoardTable, setups: readonly TrainingSetup[]): BoardRow[] {
  return setups.flatMap((setup) => {
    const runs = currentRuns(table, setup).filter(({ deep }) => deep);
    if (runs.length === 0) return [];
    const share = (scores: readonly StringsScore[]) =>
      scoreText(1 - sum(scores.map(([, wrong]) => wrong)) / sum(scores.map(([all]) => all)));
    const columns = (of: (run: BoardRun) => BoardRun["deep"], title: (name: string) => string) =>
      Object.keys(of(runs[0]) ?? {}).map((name) => //
      [title(name), share(runs.map((run) => of(run)![name]))]);
    return [{
      task: setup.task,
      memory: setup.name.slice(setup.task.length + 1),
      seeds: String(runs.length),
      ...Object.fromEntries([
        ...columns(({ deep }) => deep, (depth) => `depth ${depth}`),
        ...columns(({ files }) => files, (lengths) => `public ${lengths}`),
      ]),
    }];
  });
}

/**
 * Makes the tables for the terminal.
 *
 * @param table The stored table, whole or partial.
 * @param setups All setups.
 * @returns The table of every setup, and those of deep and public strings.
 */
export function boardTables(table: BoardTable, setups: readonly TrainingSetup[]): TitledRows[] {
  const deep = deepRows(table, setups), isUndo = ({ task }: BoardRow) => task.startsWith("undo");
  return [
    {
      title: "Every task with every memory, on every length of its tests",
      rows: boardRows(table, setups),
    },
    { title: "Undos in a row, and the public strings", rows: deep.filter(isUndo) },
    { title: "Brackets inside each other", rows: deep.filter((row) => !isUndo(row)) },
  ];
}
