/**
 * The stored table of a study of trainings: the scores of every finished run, and the recipe that it was trained with.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { type Scores, scoreText } from "@/tasks/scores.ts";
import type { RunResult } from "@/runs/run_result.ts";
import { isPlanOf, planOf, type SetupPlan, type TrainingSetup } from "./training_setup.ts";
import { readStoredTable } from "./stored_table.ts";

/** The scores on one set of strings; `exact` of them are right in full, `fine` is the prefix accuracy. */
export type SetScore = readonly [strings: number, exact: number, fine: number];

/** One finished run. */
export interface TrainingRun {
  readonly seed: number;
  /** Number of training strings. */
  readonly strings: number;
  /** Training time; only its order of magnitude is meaningful, since another run is trained at the same time. */
  readonly seconds: number;
  readonly threads: number;
  /** Scores of the best network by the lengths of the strings; none if the training diverged. */
  readonly scores: Readonly<Record<string, SetScore>>;
}

/** The finished runs of one setup; a study may keep more of each. */
export interface SetupRuns<Run extends TrainingRun = TrainingRun> {
  /** What the setup resolved to when they were trained. */
  readonly plan: SetupPlan;
  /** Number of seeds that the study trains. */
  readonly planned: number;
  /** Finished runs by seed, in ascending order. */
  readonly runs: readonly Run[];
}

/** The finished runs by the names of their setups. */
export type TrainingTable<Run extends TrainingRun = TrainingRun> = Readonly<
  Record<string, SetupRuns<Run>>
>;

/** Reads the stored table; empty if there is none. */
export function readTrainingTable<Run extends TrainingRun = TrainingRun>(
  files: Files,
  path: string,
): TrainingTable<Run> {
  return readStoredTable<TrainingTable<Run>>(files, path, {});
}

/**
 * Selects what the table keeps of scores.
 *
 * @param scores The scores on each set of strings.
 * @returns The scores by the lengths of the strings.
 */
export function setScores(
  scores: readonly (Pick<Scores, "strings" | "exact" | "fine"> & { readonly lengths: string })[],
): TrainingRun["scores"] {
  return Object.fromEntries(
    scores.map(({ lengths, strings, exact, fine }) =>
      [lengths, [strings, exact, Number(fine.toFixed(6))]] as const
    ),
  );
}

/**
 * Selects what the table keeps of a finished run.
 *
 * @param result The result of the run.
 * @param threads Number of threads that trained it.
 * @returns The row of the table.
 */
export function trainingRunOf(
  { settings, seconds, summary, metrics }: RunResult,
  threads: number,
): TrainingRun {
  return {
    seed: settings.seed,
    strings: summary?.strings ?? Number(metrics?.strings ?? 0),
    seconds: Number(seconds.toPrecision(3)),
    threads,
    scores: setScores(summary?.scores ?? []),
  };
}

/**
 * Selects the stored runs of a setup that were trained as it is today.
 *
 * @param table The stored table.
 * @param setup The setup.
 * @returns Its runs; none if the stored ones are of another recipe.
 */
export function currentRuns<Run extends TrainingRun>(
  table: TrainingTable<Run>,
  setup: TrainingSetup,
): readonly Run[] {
  const stored = table[setup.name];
  return stored && isPlanOf(stored.plan, setup) ? stored.runs : [];
}

/**
 * Selects the setups whose stored runs were trained with another recipe.
 *
 * @param table The stored table.
 * @param setups The setups to look at.
 * @returns Those of which no stored run counts.
 */
export function outdatedSetups(
  table: TrainingTable,
  setups: readonly TrainingSetup[],
): TrainingSetup[] {
  return setups.filter((setup) =>
    table[setup.name] !== undefined && !isPlanOf(table[setup.name].plan, setup)
  );
}

/**
 * Adds a run to the table; stored runs of another recipe are dropped.
 *
 * @param table The stored table.
 * @param setup The setup of the run.
 * @param run The run.
 * @returns A new table.
 */
export function addRun<Run extends TrainingRun>(
  table: TrainingTable<Run>,
  setup: TrainingSetup,
  run: Run,
): TrainingTable<Run> {
  const others = currentRuns(table, setup).filter(({ seed }) => seed !== run.seed);
  const runs = [...others, run].sort((a, b) => a.seed - b.seed);
  const planned = setup.seeds.last - setup.seeds.first + 1;
  return { ...table, [setup.name]: { plan: planOf(setup), planned, runs } };
}

/**
 * Formats the table as JSON with one run a line, so that a diff shows single runs.
 *
 * @param table The table.
 * @param setups All setups, whose order the table gets.
 * @returns The text.
 */
export function formatTrainingTable(
  table: TrainingTable,
  setups: readonly TrainingSetup[],
): string {
  const parts = setups.filter(({ name }) => name in table).map(({ name }) => {
    const { plan, planned, runs } = table[name];
    const lines = runs.map((run) => `    ${JSON.stringify(run)}`).join(",\n");
    return `  ${JSON.stringify(name)}: { "plan": ${JSON.stringify(plan)},\n` +
      `    "planned": ${planned}, "runs": [\n${lines}\n  ]}`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

/**
 * Says which share of all runs' strings is right in full; a run that diverged counts as wrong on as many as another.
 *
 * @param runs The runs, at least one.
 * @param lengths The lengths of the strings, as the scores have them.
 * @returns The share.
 */
export function rightShare(runs: readonly TrainingRun[], lengths: string): string {
  const most = Math.max(...runs.map(({ scores }) => scores[lengths]?.[0] ?? 1));
  const rights = runs.map(({ scores }) => scores[lengths]?.[1] ?? 0);
  return scoreText(rights.reduce((sum, right) => sum + right, 0) / (most * runs.length));
}
