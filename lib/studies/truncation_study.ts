/**
 * The study `truncation` of notebook 17: small networks learn to recall a symbol after a delay, from windows of k steps,
 * across which the gradient does not flow. The state is carried from window to window, or reset.
 *
 * | delays    | what the strings of a stream have                    | windows          |
 * | --------- | ---------------------------------------------------- | ---------------- |
 * | one       | one of {@linkcode TRUNCATION_DELAYS}, all the same   | 4 to 64 steps    |
 * | all       | each whole number up to the longest of these         | 2 to 64 steps    |
 * | two       | a short one and the longest, equally often           | 4 steps          |
 *
 * `deno task statistics truncation` takes some minutes on one core; every training is stored when it is done, so that a
 * stopped study resumes.
 *
 * @module
 */
import { disk } from "@/io/disk.ts";
import { type Files, writeAtomically } from "@/io/files.ts";
import { range } from "@/math/lists.ts";
import type { SeedRange } from "@/options/option.ts";
import { LEARNED_SHARE, trainOnWindows } from "@/tutorial/recalling_in_a_stream.ts";
import { readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";

/** The delays at which networks are examined: those that just fit into a window of 2, 4, 8 … steps, and that just do not. */
export const TRUNCATION_DELAYS = [1, 3, 4, 7, 8, 15, 16, 31, 32] as const;
/** k, the lengths of the windows; a window of 2 steps is tried with all delays only. */
export const TRUNCATION_WINDOWS = [2, 4, 8, 16, 32, 64] as const;
/** Path of the table, from the project's folder. */
export const TRUNCATION_FILE = "notebooks/data/truncation.json";

/** Seeds of each training. */
const SEEDS: SeedRange = { first: 1, last: 5 };
const LONGEST = Math.max(...TRUNCATION_DELAYS);
const SHORT_DELAYS = [1, 3, 4];

/** A training of the study, without its seed. */
export interface TruncationSetup {
  /** What the delays are called in the table. */
  readonly name: string;
  readonly delays: readonly number[];
  /** The delays at which it is examined. */
  readonly exam: readonly number[];
  /** k. */
  readonly window: number;
}

/** The record of one training. */
export interface TruncationRecord {
  /** The name of the delays. */
  readonly delays: string;
  readonly window: number;
  readonly seed: number;
  /** Steps of each stream that it has read. */
  readonly steps: number;
  /** The share of right answers by the delay. */
  readonly right: Readonly<Record<string, number>>;
}

/** Finished trainings by the name of the row. */
export type TruncationTable = Readonly<Record<string, readonly TruncationRecord[]>>;

/** A row of the study. */
export interface TruncationRow {
  readonly name: string;
  /** Whether the state is carried from window to window. */
  readonly carry: boolean;
  readonly setups: readonly TruncationSetup[];
}

const oneDelay = TRUNCATION_WINDOWS.filter((window) => window > 2).flatMap((window) =>
  TRUNCATION_DELAYS.map((delay) => ({
    name: `${delay}`,
    delays: [delay],
    exam: [delay],
    window,
  }))
);
const allDelays = TRUNCATION_WINDOWS.map((window) => ({
  name: `1 to ${LONGEST}`,
  delays: range(1, LONGEST + 1),
  exam: TRUNCATION_DELAYS,
  window,
}));
const twoDelays = SHORT_DELAYS.map((short) => ({
  name: `${short} and ${LONGEST}`,
  delays: [short, LONGEST],
  exam: [short, LONGEST],
  window: 4,
}));

/** The rows of the study. */
export const TRUNCATION_ROWS: readonly TruncationRow[] = Object.entries({
  "one delay": oneDelay,
  "all delays": allDelays,
  "two delays": twoDelays,
}).flatMap(([delays, setups]) => [
  { name: `${delays}, state carried`, carry: true, setups },
  { name: `${delays}, state reset`, carry: false, setups },
]);

/**
 * Makes one training of the study.
 *
 * @param setup What is trained.
 * @param carry Whether the state is carried from window to window.
 * @param seed Of its parameters and streams.
 * @returns Its record, the same on every machine.
 */
export function trainTruncation(
  { name, delays, exam, window }: TruncationSetup,
  carry: boolean,
  seed: number,
): TruncationRecord {
  const { steps, right } = trainOnWindows({ delays, window, carry, seed }, exam);
  const shares = exam.map((delay, k) => [delay, Number(right[k].toFixed(4))]);
  return { delays: name, window, seed, steps, right: Object.fromEntries(shares) };
}

/**
 * Counts the trainings that have learned a delay.
 *
 * @example One of two.
 * ```ts
 * import { countLearned } from "@/studies/truncation_study.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const record = { delays: "8", window: 4, steps: 32_768 };
 * const records = [{ ...record, seed: 1, right: { 8: 0.98 } }, { ...record, seed: 2, right: { 8: 0.3 } }];
 * assertEquals(countLearned(records, 8), 1);
 * ```
 * @param records Their records.
 * @param delay The delay, at which all of them were examined.
 * @returns How many are right on at least 95 of 100 questions.
 */
export function countLearned(records: readonly TruncationRecord[], delay: number): number {
  return records.filter(({ right }) => right[delay] >= LEARNED_SHARE).length;
}

/** Formats the table as JSON with one training a line. */
function formatTable(table: TruncationTable): string {
  const parts = TRUNCATION_ROWS.filter(({ name }) => name in table).map(({ name, setups }) => {
    const placeOf = ({ delays, window }: TruncationRecord) =>
      setups.findIndex((setup) => setup.name === delays && setup.window === window);
    const records = table[name].toSorted((a, b) => placeOf(a) - placeOf(b) || a.seed - b.seed);
    const lines = records.map((record) => `    ${JSON.stringify(record)}`).join(",\n");
    return `  ${JSON.stringify(name)}: [\n${lines}\n  ]`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

const readTable = (files: Files): TruncationTable => readStoredTable(files, TRUNCATION_FILE, {});

/** Makes and stores what is missing of a row for a seed. */
function makeRow({ name, carry, setups }: TruncationRow, seed: number, files: Files): void {
  for (const setup of setups) {
    const table = readTable(files), stored = table[name] ?? [];
    const isStored = stored.some((record) =>
      record.delays === setup.name && record.window === setup.window && record.seed === seed
    );
    if (isStored) continue;
    const records = [...stored, trainTruncation(setup, carry, seed)];
    writeAtomically(files, TRUNCATION_FILE, formatTable({ ...table, [name]: records }));
  }
}

/** The stored table for the terminal: for each window, how many seeds have learned each delay. */
function tables(): TitledRows[] {
  return Object.entries(readTable(disk)).map(([title, records]) => {
    const windows = [...new Set(records.map(({ window }) => window))];
    return { title: `Seeds that have learned a delay: ${title}`, rows: windows.map(rowOf) };

    function rowOf(window: number) {
      const cells = TRUNCATION_ROWS.find(({ name }) => name === title)!.setups
        .filter((setup) => setup.window === window)
        .flatMap(({ name, delays, exam }) =>
          exam.map((delay) => {
            const chosen = records.filter((record) =>
              record.window === window && record.delays === name
            );
            const column = delays.length === 2 ? `${delay} of ${name}` : `delay ${delay}`;
            return [column, `${countLearned(chosen, delay)} of ${chosen.length}`];
          })
        );
      return { window: `${window}`, ...Object.fromEntries(cells) };
    }
  });
}

/** The study on the command line. */
export const TRUNCATION_STUDY: Study = {
  name: "truncation",
  about: `${TRUNCATION_FILE}, for notebook 17; PART is a row such as "one delay"`,
  takesSeeds: true,
  make(part, { terminal }, seeds) {
    const chosen = chooseRows(TRUNCATION_ROWS, part);
    for (const seed of chooseSeeds(SEEDS, seeds)) {
      for (const row of chosen) {
        terminal.note(`${row.name}, seed ${seed}`);
        makeRow(row, seed, disk);
      }
    }
  },
  tables,
};
