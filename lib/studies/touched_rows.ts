/**
 * The table behind notebook 09: the time of a reversal, forward and backward, for the three stacks of
 * `stack_costs.ts`, against its length; beside it the rows that were touched, and the memory.
 *
 * `deno task statistics touched-rows` takes about a minute. Rows and bytes are the same on every machine.
 * Microseconds are the least of many runs, in rounds over all contenders and lengths, so that what else the
 * machine does meanwhile falls on all of them; only their ratios mean anything elsewhere.
 *
 * @module
 */
import {
  type PreparedStack,
  prepareStack,
  reversalExercise,
  type StackContender,
} from "./stack_costs.ts";
import type { Study, StudyHost } from "./study.ts";

/** What a reversal of one length took. */
export interface TouchedRowsEntry {
  readonly steps: number;
  /** Visited on the way forward. */
  readonly rows: number;
  /** Of the stack's numbers. */
  readonly bytes: number;
  /** For the whole sequence, forward and backward. */
  readonly microseconds: number;
}

/** The table. */
export interface TouchedRowsStatistics {
  /** How many numbers a value has. */
  readonly width: number;
  readonly contenders: Readonly<Record<StackContender, readonly TouchedRowsEntry[]>>;
}

/** Where the table is, from the project's folder. */
export const TOUCHED_ROWS_FILE = "notebooks/data/touched_rows.json";

/** How many numbers a value has. */
export const RACE_WIDTH = 16;

/** How long the sequences are. */
export const RACE_LENGTHS: Readonly<Record<StackContender, readonly number[]>> = {
  "as printed": [30, 100, 300, 1000],
  "running sums": [100, 300, 1000, 3000, 10_000],
  "sparse": [100, 300, 1000, 3000, 10_000, 30_000, 100_000],
};

const ROUNDS = 5;
/** How long one contender runs at one length in a round, in milliseconds, if more than one run fits in. */
const TURN = 100;

interface Contest {
  readonly name: StackContender;
  readonly steps: number;
  readonly stack: PreparedStack;
  microseconds: number;
}

function timeInMicroseconds(stack: PreparedStack): number {
  let [least, spent] = [Infinity, 0];
  while (spent < TURN) {
    const begun = performance.now();
    stack.run();
    const time = performance.now() - begun;
    [least, spent] = [Math.min(least, time), spent + time];
  }
  return 1000 * least;
}

function contests(): Contest[] {
  const names = Object.keys(RACE_LENGTHS) as StackContender[];
  return names.flatMap((name) =>
    RACE_LENGTHS[name].map((steps): Contest => {
      const stack = prepareStack(name, reversalExercise(steps, RACE_WIDTH));
      return { name, steps, stack, microseconds: Infinity };
    })
  );
}

function race(): TouchedRowsStatistics {
  const all = contests();
  for (let round = 0; round < ROUNDS; round++) {
    for (const contest of all) {
      contest.microseconds = Math.min(contest.microseconds, timeInMicroseconds(contest.stack));
    }
  }
  const entriesOf = (wanted: StackContender) =>
    all.filter(({ name }) => name === wanted).map(({ steps, stack, microseconds }) => ({
      steps,
      rows: stack.rows(),
      bytes: stack.bytes,
      microseconds: Number(microseconds.toPrecision(3)),
    }));
  const contenders = {
    "as printed": entriesOf("as printed"),
    "running sums": entriesOf("running sums"),
    "sparse": entriesOf("sparse"),
  };
  return { width: RACE_WIDTH, contenders };
}

/** One length a line, so that a change shows as a line. */
function inLines({ width, contenders }: TouchedRowsStatistics): string {
  const tables = Object.entries(contenders).map(([name, entries]) =>
    `    ${JSON.stringify(name)}: [\n` +
    entries.map((entry) => `      ${JSON.stringify(entry)}`).join(",\n") + "\n    ]"
  );
  return `{\n  "width": ${width},\n  "contenders": {\n${tables.join(",\n")}\n  }\n}\n`;
}

function make(_part: string, { terminal }: StudyHost): void {
  const statistics = race();
  Deno.mkdirSync("notebooks/data", { recursive: true });
  Deno.writeTextFileSync(TOUCHED_ROWS_FILE, inLines(statistics));
  for (const [name, entries] of Object.entries(statistics.contenders)) {
    for (const { steps, rows, microseconds } of entries) {
      const each = (microseconds / steps).toPrecision(3), visited = (rows / steps).toFixed(1);
      terminal.print(`${name}, ${steps} steps: ${each} µs and ${visited} rows a step`);
    }
  }
}

/** The study as the command line knows it. */
export const TOUCHED_ROWS_STUDY: Study = {
  name: "touched-rows",
  about: `${TOUCHED_ROWS_FILE}, for notebook 9; always made in full`,
  make,
};
