/**
 * The study `touched-rows` of notebook 09: time, visited rows and memory of a reversal, forward and backward, with the
 * three stacks of `stack_benchmark.ts`, by length.
 *
 * `deno task statistics touched-rows` takes about a minute. Rows and bytes are the same on every machine. Microseconds
 * are the minimum of many runs, in rounds over all stacks and lengths, so that other load on the machine affects all of
 * them; only their ratios carry over to other machines.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Growth } from "@/figures/growth_chart.ts";
import { disk } from "@/io/disk.ts";
import { writeAtomically } from "@/io/files.ts";
import { type PreparedStack, prepareStack, type StackVariant } from "./stack_benchmark.ts";
import { createReversalSequence } from "./stack_sequences.ts";
import type { Study, StudyHost } from "./study.ts";

/** The cost of a reversal of one length. */
export interface TouchedRowsEntry {
  readonly steps: number;
  /** Rows visited by the forward pass. */
  readonly rows: number;
  /** Memory of the stack's numbers. */
  readonly bytes: number;
  /** Time of the whole sequence, forward and backward. */
  readonly microseconds: number;
}

/** The stored table. */
export interface TouchedRowsStatistics {
  /** `M`, numbers in a value. */
  readonly width: number;
  readonly contenders: Readonly<Record<StackVariant, readonly TouchedRowsEntry[]>>;
}

/** Path of the table, from the project's folder. */
export const TOUCHED_ROWS_FILE = "notebooks/data/touched_rows.json";

/** `M`, numbers in a value. */
export const BENCHMARK_WIDTH = 16;

/** Lengths of the sequences for each stack, in steps. */
export const BENCHMARK_LENGTHS: Readonly<Record<StackVariant, readonly number[]>> = {
  "as printed": [30, 100, 300, 1000],
  "running sums": [100, 300, 1000, 3000, 10_000],
  "sparse": [100, 300, 1000, 3000, 10_000, 30_000, 100_000],
};

const ROUNDS = 5;
/** Minimum time of one stack at one length in a round, in milliseconds. */
const MIN_TIME = 100;

/** One stack at one length, with its best time so far. */
interface Measurement {
  readonly name: StackVariant;
  readonly steps: number;
  readonly stack: PreparedStack;
  microseconds: number;
}

/**
 * Runs a stack again and again for a tenth of a second, and returns the minimum time of a run.
 *
 * @example A reversal of 100 steps.
 * ```ts
 * import { timeInMicroseconds } from "@/studies/touched_rows_study.ts";
 * import { prepareStack } from "@/studies/stack_benchmark.ts";
 * import { createReversalSequence } from "@/studies/stack_sequences.ts";
 * import { assertGreater } from "@std/assert";
 *
 * const stack = prepareStack("sparse", createReversalSequence(100, 2));
 * assertGreater(timeInMicroseconds(stack), 0);
 * ```
 * @param stack The stack.
 * @returns The time of one run, forward and backward, in microseconds.
 */
export function timeInMicroseconds(stack: PreparedStack): number {
  let [best, total] = [Infinity, 0];
  while (total < MIN_TIME) {
    const start = performance.now();
    stack.run();
    const time = performance.now() - start;
    [best, total] = [Math.min(best, time), total + time];
  }
  return 1000 * best;
}

/**
 * Returns one column of the table as the series of a growth chart, one series for each stack.
 *
 * @example The sparse stack, of which two lengths are in the table.
 * ```ts
 * import { growthSeries } from "@/studies/touched_rows_study.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [one, two] = [{ steps: 10, rows: 45 }, { steps: 20, rows: 90 }];
 * const more = { bytes: 1, microseconds: 1 };
 * const sparse = [{ ...one, ...more }, { ...two, ...more }];
 * const contenders = { "as printed": [], "running sums": [], sparse };
 * assertEquals(growthSeries({ width: 16, contenders }, "rows")[2], {
 *   name: "sparse",
 *   style: 2,
 *   x: [10, 20],
 *   y: [45, 90],
 * });
 * ```
 * @param statistics The table.
 * @param measure What is on the y axis: visited rows, bytes, or seconds.
 * @returns The series, in the order of the table; x is the number of steps.
 */
export function growthSeries(
  { contenders }: TouchedRowsStatistics,
  measure: "rows" | "bytes" | "seconds",
): Growth[] {
  return Object.entries(contenders).map(([name, entries], style) => ({
    name,
    style,
    x: entries.map(({ steps }) => steps),
    y: entries.map((entry) => measure === "seconds" ? entry.microseconds * 1e-6 : entry[measure]),
  }));
}

/**
 * Counts rows and bytes of one stack's entries again; both are the same on every machine.
 *
 * @example An entry whose rows are wrong.
 * ```ts
 * import { countAgain } from "@/studies/touched_rows_study.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const wrong = { steps: 20, rows: 1, bytes: 4880, microseconds: 1 };
 * const contenders = { "as printed": [wrong], "running sums": [], "sparse": [] };
 * const [entry] = countAgain({ width: 4, contenders }, "as printed", 20);
 * assertEquals(entry, { ...wrong, rows: 400 });
 * ```
 * @param statistics The table.
 * @param variant Which of the three stacks.
 * @param maxSteps The length up to which entries are counted.
 * @returns The entries of at most that length, with the microseconds of the table.
 */
export function countAgain(
  { width, contenders }: TouchedRowsStatistics,
  variant: StackVariant,
  maxSteps: number,
): TouchedRowsEntry[] {
  const entries = contenders[variant].filter(({ steps }) => steps <= maxSteps);
  return entries.map((entry) => {
    const stack = prepareStack(variant, createReversalSequence(entry.steps, width));
    stack.run();
    return { ...entry, rows: stack.rows(), bytes: stack.bytes };
  });
}

/** Prepares every stack at each of its lengths. */
function prepareMeasurements(): Measurement[] {
  const names = Object.keys(BENCHMARK_LENGTHS) as StackVariant[];
  return names.flatMap((name) =>
    BENCHMARK_LENGTHS[name].map((steps): Measurement => {
      const stack = prepareStack(name, createReversalSequence(steps, BENCHMARK_WIDTH));
      return { name, steps, stack, microseconds: Infinity };
    })
  );
}

function measureAll(): TouchedRowsStatistics {
  const all = prepareMeasurements();
  for (let round = 0; round < ROUNDS; round++) {
    for (const measurement of all) {
      const time = timeInMicroseconds(measurement.stack);
      measurement.microseconds = Math.min(measurement.microseconds, time);
    }
  }
  const entriesOf = (wanted: StackVariant) =>
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
  return { width: BENCHMARK_WIDTH, contenders };
}

/** Formats the table as JSON with one length a line, so that a diff shows single rows. */
function formatTable({ width, contenders }: TouchedRowsStatistics): string {
  const tables = Object.entries(contenders).map(([name, entries]) =>
    `    ${JSON.stringify(name)}: [\n` +
    entries.map((entry) => `      ${JSON.stringify(entry)}`).join(",\n") + "\n    ]"
  );
  return `{\n  "width": ${width},\n  "contenders": {\n${tables.join(",\n")}\n  }\n}\n`;
}

function make(part: string, { terminal }: StudyHost): void {
  if (part !== "") throw new UserError("make touched-rows", "no PART", JSON.stringify(part));
  const statistics = measureAll();
  writeAtomically(disk, TOUCHED_ROWS_FILE, formatTable(statistics));
  for (const [name, entries] of Object.entries(statistics.contenders)) {
    for (const { steps, rows, microseconds } of entries) {
      const each = (microseconds / steps).toPrecision(3), visited = (rows / steps).toFixed(1);
      terminal.print(`${name}, ${steps} steps: ${each} µs and ${visited} rows a step`);
    }
  }
}

/** The study on the command line. */
export const TOUCHED_ROWS_STUDY: Study = {
  name: "touched-rows",
  about: `${TOUCHED_ROWS_FILE}, for notebook 9; always computed in full`,
  make,
};
