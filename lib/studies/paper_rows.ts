/**
 * The results of the study `paper` as rows of tables: every task with every memory beside the paper's figures, the paper's
 * recipe beside the default one, the default recipe with one part left out, and variants.
 *
 * Runs that were trained with another recipe than today's do not count.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { median } from "@/math/lists.ts";
import { scoreText } from "@/tasks/scores.ts";
import { defaultRecipe } from "@/training/recipes.ts";
import { PAPER_SETUPS, type PaperMemory, type PaperSetup } from "./paper_setups.ts";
import { currentRuns, rightShare, type TrainingRun, type TrainingTable } from "./training_table.ts";
import { readStoredTable } from "./stored_table.ts";
import { rateColumns } from "./success_rate.ts";

/** The paper's results: exact match (coarse) and prefix accuracy (fine) of its networks. */
export interface PublishedResults {
  readonly source: string;
  /** The names of the four numbers. */
  readonly columns: readonly string[];
  /** Four numbers by task and network. */
  readonly tasks: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** Path of the paper's results, from the project's folder. */
export const PUBLISHED_FILE = "notebooks/data/grefenstette_2015.json";

/** Reads the paper's results; none if the file is missing. */
export function readPublishedResults(files: Files): PublishedResults {
  return readStoredTable(files, PUBLISHED_FILE, { source: "", columns: [], tasks: {} });
}

/** The paper's name of a network with each memory; without one, its LSTM with as many layers as ours. */
const NETWORKS: Readonly<Record<PaperMemory, string>> = {
  none: "LSTM-1",
  stack: "Stack",
  queue: "Queue",
  deque: "DeQue",
};

/** The lengths of the strings that a network must answer without a mistake to count as exact. */
const EXACT_AT = ["65..128", "1000"] as const;

/**
 * Says whether a trained network is exact: right in full on every test string of 65 to 128 symbols and of 1,000.
 *
 * @example One of 100 strings of 1,000 is wrong.
 * ```ts
 * import { isExact } from "@/studies/paper_rows.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const run = { seed: 1, strings: 7428, seconds: 8, threads: 1 };
 * const exactAt = (exact: number) =>
 *   isExact({ ...run, scores: { "65..128": [1000, 1000, 1], "1000": [100, exact, 0.999] } });
 * assertEquals([exactAt(100), exactAt(99), isExact({ ...run, scores: {} })], [true, false, false]);
 * ```
 * @param run The run.
 * @returns Whether it is; false if the training diverged.
 */
export function isExact({ scores }: TrainingRun): boolean {
  return EXACT_AT.every((lengths) => {
    const [strings, exact] = scores[lengths] ?? [1, 0];
    return exact === strings;
  });
}

/** One row: the cells by the titles of their columns. */
export type PaperRow = Readonly<Record<string, string>>;

const NOTHING = "–";

/** The cells that sum up the runs of a setup; dashes if there are none. */
function resultColumns(runs: readonly TrainingRun[], { seeds: { first, last } }: PaperSetup) {
  const isEmpty = runs.length === 0;
  const cell = (text: () => string) => isEmpty ? NOTHING : text();
  const { successes, "95 % interval": interval } = isEmpty
    ? { successes: NOTHING, "95 % interval": NOTHING }
    : rateColumns(runs.filter(isExact).length, runs.length);
  const middle = (of: (strings: number, exact: number, fine: number) => number) =>
    cell(() => scoreText(median(runs.map(({ scores }) => of(...scores["65..128"] ?? [1, 0, 0])))));
  const share = (lengths: string) => cell(() => rightShare(runs, lengths));
  return {
    "exact seeds": successes,
    "95 % interval": interval,
    "planned": String(last - first + 1),
    "strings": cell(() => median(runs.map(({ strings }) => strings)).toLocaleString("en")),
    "coarse": middle((strings, exact) => exact / strings),
    "fine": middle((_strings, _exact, fine) => fine),
    "1,000": share("1000"),
    "10,000": share("10000"),
  };
}

function publishedColumns({ tasks }: PublishedResults, { task, memory }: PaperSetup) {
  const [, , coarse, fine] = tasks[task]?.[NETWORKS[memory]] ?? [];
  const text = (score: number | undefined) => score === undefined ? NOTHING : score.toFixed(2);
  return { "paper's coarse": text(coarse), "paper's fine": text(fine) };
}

/**
 * Makes the table of every task with every memory, with the default recipe, beside the paper's results.
 *
 * Strings of training are medians over the seeds; so are coarse and fine, on strings of 65 to 128 symbols; the columns of 1,000
 * and of 10,000 symbols are shares of the strings of all seeds that are right in full.
 *
 * @param table The stored table, whole or partial.
 * @param published The paper's results.
 * @param setups All setups.
 * @returns A row for each task and memory, with dashes if no run has finished.
 */
export function taskRows(
  table: TrainingTable,
  published: PublishedResults,
  setups: readonly PaperSetup[] = PAPER_SETUPS,
): PaperRow[] {
  return setups.filter(({ kind }) => kind === "solvable" || kind === "unsolvable").map((setup) => ({
    task: setup.task,
    memory: setup.memory,
    ...resultColumns(currentRuns(table, setup), setup),
    ...publishedColumns(published, setup),
  }));
}

/** The setup with the same task and memory and the default recipe. */
function defaultSetup(setups: readonly PaperSetup[], { task, memory }: PaperSetup): PaperSetup {
  const found = setups.find((setup) =>
    setup.task === task && setup.memory === memory &&
    (setup.kind === "solvable" || setup.kind === "unsolvable")
  );
  if (found) return found;
  throw new TypeError(`Cannot compare: wanted a default setup of ${task}/${memory}, got none`);
}

/**
 * Makes the table of the paper's recipe: for each task, a row of the default recipe and one of the paper's, as
 * {@linkcode taskRows} has them.
 *
 * @param table The stored table, whole or partial.
 * @param published The paper's results, with networks of 256 to 512 units.
 * @param setups All setups.
 * @returns Two rows for each task.
 * @throws {TypeError} If a task has no setup with the default recipe.
 */
export function publishedRecipeRows(
  table: TrainingTable,
  published: PublishedResults,
  setups: readonly PaperSetup[] = PAPER_SETUPS,
): PaperRow[] {
  return setups.filter(({ kind }) => kind === "published recipe").flatMap((setup) =>
    [defaultSetup(setups, setup), setup]
      .map((each) => ({
        task: setup.task,
        memory: setup.memory,
        recipe: each.changes.recipe ?? defaultRecipe(setup.task, setup.memory),
        ...resultColumns(currentRuns(table, each), each),
        ...publishedColumns(published, setup),
      }))
  );
}

/**
 * Makes the table of ablations: for each pair of task and memory, a row of the whole recipe and one for each part left out.
 *
 * @param table The stored table, whole or partial.
 * @param setups All setups.
 * @returns The rows, in the order of the parts.
 * @throws {TypeError} If a pair has no setup with the default recipe.
 */
export function ablationRows(
  table: TrainingTable,
  setups: readonly PaperSetup[] = PAPER_SETUPS,
): PaperRow[] {
  const row = (setup: PaperSetup, without: string): PaperRow => ({
    task: setup.task,
    memory: setup.memory,
    without,
    ...resultColumns(currentRuns(table, setup), setup),
  });
  const pairs = new Set<PaperSetup>();
  return setups.filter(({ kind }) => kind === "ablation").flatMap((setup) => {
    const whole = defaultSetup(setups, setup), isFirst = !pairs.has(whole);
    pairs.add(whole);
    return [...(isFirst ? [row(whole, "nothing")] : []), row(setup, partOf(setup))];
  });
}

/** What an ablation leaves out, or the recipe that it has instead. */
function partOf({ changes: { ablate, recipe } }: PaperSetup): string {
  return (ablate ?? recipe)!;
}

/** The default setups beside which variants are shown. */
const VARIED = ["svo-sov/queue", "svo-sov/deque", "gender/queue"];

/**
 * Makes the table of variants, below the default setups that they vary.
 *
 * @param table The stored table, whole or partial.
 * @param setups All setups.
 * @returns The rows.
 */
export function variantRows(
  table: TrainingTable,
  setups: readonly PaperSetup[] = PAPER_SETUPS,
): PaperRow[] {
  const usual = setups.filter(({ name }) => VARIED.includes(name));
  return [...usual, ...setups.filter(({ kind }) => kind === "variant")].map((setup) => ({
    network: setup.name,
    ...resultColumns(currentRuns(table, setup), setup),
  }));
}
