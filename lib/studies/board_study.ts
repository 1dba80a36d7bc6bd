/**
 * The study `board` of notebook 15: every task that is answered in place with every memory, scored on every length.
 *
 * A network is trained on strings of the task's training lengths, as `deno task train` does it. Then it answers test strings
 * of every length of the task's tests; strings with 10, 100 and 1,000 undos in a row, or brackets inside each other, where the
 * task has such; and the public strings of undo flip-flop.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { type Files, join } from "@/io/files.ts";
import { lengthRangeText } from "@/options/option.ts";
import type { JobWorker } from "@/runs/worker.ts";
import { createTask, type TaskName } from "@/tasks/tasks.ts";
import type { EvaluateEachJob } from "@/training/evaluate_jobs.ts";
import type { SizedPairs, SizeScores } from "@/training/evaluation_by_size.ts";
import { readTestStrings, type StringOptions } from "@/training/test_strings.ts";
import { BEST_WEIGHTS } from "@/weights/trained_model.ts";
import { type BoardRun, boardTables, scoresOf } from "./board_rows.ts";
import { BOARD_SETUPS, boardStringsFor } from "./board_setups.ts";
import { gatherLengths } from "./length_scores.ts";
import type { Study } from "./study.ts";
import type { SetupSeed, TrainingSetup } from "./training_setup.ts";
import { type SetupRun, trainingStudy } from "./training_study.ts";
import { trainingRunOf } from "./training_table.ts";

/** Path of the table, from the project's folder. */
export const BOARD_FILE = "notebooks/data/board.json";

/**
 * The public strings of undo flip-flop, by their lengths.
 *
 * Source: "UNDO Flip-Flop", arXiv:2604.05923, its public test sets, as text; Apache Licence 2.0.
 */
export const UNDO_FILES = {
  "1..50": "notebooks/data/undo_flip_flop_1_to_50.txt",
  "51..100": "notebooks/data/undo_flip_flop_51_to_100.txt",
};

/** The depths of deep strings, and how many there are of each. */
const DEPTHS = [10, 100, 1000], DEEP_STRINGS = 20;

/** The strings that the networks of a task answer; all networks the same. */
interface BoardStrings {
  readonly everyLength: readonly SizedPairs[];
  readonly deep: readonly SizedPairs[];
  readonly files: Readonly<Record<string, readonly SizedPairs[]>>;
}

/** Draws and reads the strings of a task: `strings` of every length. */
function boardStrings(files: Files, name: TaskName, strings: number): BoardStrings {
  const task = createTask(name);
  const none: StringOptions = {
    everyLength: null,
    everyDepth: null,
    stringsFrom: null,
    strings: null,
    seed: 1,
  };
  const read = (options: Partial<StringOptions>) =>
    readTestStrings(task, { ...none, ...options }, files)!.sets;
  const deep = task.deep ? DEPTHS : [], isUndo = name.startsWith("undo-flip-flop");
  return {
    everyLength: read({ everyLength: lengthRangeText(task.lengths.test), strings }),
    deep: deep.flatMap((k) => read({ everyDepth: `${k}..${k}`, strings: DEEP_STRINGS })),
    files: Object.fromEntries(
      Object.entries(isUndo ? UNDO_FILES : {})
        .map(([lengths, path]) => [lengths, read({ stringsFrom: path })]),
    ),
  };
}

/** What the study is made of; tests have smaller setups and a disk in memory. */
export interface BoardStudyParts {
  readonly files: Files;
  readonly setups: readonly TrainingSetup[];
  /** How many test strings of every length the network of a run answers. */
  stringsFor(run: SetupSeed): number;
}

/**
 * Creates the study.
 *
 * @param parts Its setups, the disk of its table and its runs, and how many strings there are of every length.
 * @returns The study.
 */
export function boardStudy({ files, setups, stringsFor }: BoardStudyParts): Study {
  const drawn = new Map<string, BoardStrings>();
  function stringsOf(run: SetupSeed): BoardStrings {
    const { setup: { task } } = run, strings = stringsFor(run), key = `${task} ${strings}`;
    if (!drawn.has(key)) drawn.set(key, boardStrings(files, task, strings));
    return drawn.get(key)!;
  }

  /** Scores the weights of a run; null if a stop is requested. */
  async function score(run: SetupRun, worker: JobWorker) {
    const { everyLength, deep, files } = stringsOf(run), path = join(run.job.path, BEST_WEIGHTS);
    const sets = [...everyLength, ...deep, ...Object.values(files).flat()];
    const rest = await worker.run<EvaluateEachJob, unknown, SizeScores[] | null>(
      "evaluate each",
      { path, task: null, sets, build: "relaxed" },
      () => {},
    );
    if (rest === null) return null;
    const take = (sets: readonly SizedPairs[]) => rest.splice(0, sets.length);
    const every = gatherLengths(take(everyLength));
    const ofDeep = take(deep).map((each) => [each.size, scoresOf([each])] as const);
    const ofFiles = Object.entries(files).map(([name, sets]) =>
      [name, scoresOf(take(sets))] as const
    );
    return {
      every,
      ...ofDeep.length > 0 && { deep: Object.fromEntries(ofDeep) },
      ...ofFiles.length > 0 && { files: Object.fromEntries(ofFiles) },
    };
  }

  return trainingStudy<BoardRun>({
    name: "board",
    about: "for notebook 15",
    file: BOARD_FILE,
    files,
    setups,
    async recordOf(result, run, worker) {
      const record = trainingRunOf(result, run.job.threads);
      if (result.diverged !== undefined) return record;
      const scores = await score(run, worker);
      return scores === null ? "stopped" : { ...record, ...scores };
    },
    describe({ every }) {
      if (!every) return "diverged";
      const wrong = every.bins.reduce((sum, [, , wrong]) => sum + wrong, 0);
      return `${every.faulty} lengths of ${every.lengths} with mistakes, ${wrong} strings wrong`;
    },
    tables: (table) => boardTables(table, setups),
  });
}

/** The study on the command line. */
export const BOARD_STUDY: Study = boardStudy({
  files: disk,
  setups: BOARD_SETUPS,
  stringsFor: boardStringsFor,
});
