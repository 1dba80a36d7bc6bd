/**
 * (a) The engine against PyTorch's best, rounds interleaved, threads 1 and all.
 *
 * @module
 */
import { engineProgram, type TimedProgram } from "./engine_program.ts";
import { digits, note, printTable, record } from "./output.ts";
import { type BenchSize, operations } from "./sizes.ts";
import { type Spread, spread } from "./statistics.ts";
import { pytorchProgram, pytorchVariants } from "./pytorch_program.ts";

/** Seconds that a round should take. */
const ROUND_SECONDS = 0.5;
/** Milliseconds in which idle threads of the other side fall asleep. */
const PAUSE = 250;

/** Programs that leave the gradients to PyTorch's autograd; in all others they are written by hand. */
const AUTOGRAD = ["eager", "eager-compiled"];

/** What came of one size. */
export interface ComparisonResult {
  readonly size: string;
  readonly threads: number;
  /** Milliseconds an update. */
  readonly engine: Spread;
  /** Beside the fastest program of all, and the fastest that autograd differentiates. */
  readonly best: PyTorchResult;
  readonly autograd: PyTorchResult;
  readonly wanted: number;
}

interface PyTorchResult {
  readonly variant: string;
  readonly torch: Spread;
  /** How many times as fast the engine is, round by round. */
  readonly ratio: Spread;
}

/** Waits for them to do so. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

async function updatesOf(program: TimedProgram): Promise<number> {
  const once = await program.round(1);
  const few = Math.max(1, Math.min(20, Math.round(0.1 / once)));
  return Math.max(1, Math.round(ROUND_SECONDS / (await program.round(few) / few)));
}

/** Milliseconds of one update, over a round. */
async function timeUpdate(program: TimedProgram, updates: number): Promise<number> {
  await pause();
  return await program.round(updates) / updates * 1000;
}

interface Timed {
  readonly program: TimedProgram;
  readonly time: number;
}

/** All variants at a number of threads, fastest first, by the better of two short rounds each. */
async function timedVariants(
  python: string,
  size: BenchSize,
  threads: number,
  chosen: readonly string[],
): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const variant of await pytorchVariants(python, size)) {
    if (!chosen.includes(variant)) continue;
    const program = await pytorchProgram(python, size, variant, threads);
    if (typeof program === "string") {
      note(`  PyTorch ${variant}, threads ${threads}: ${program}`);
      continue;
    }
    const updates = await updatesOf(program);
    const times = [await timeUpdate(program, updates), await timeUpdate(program, updates)];
    const time = Math.min(...times);
    note(`  PyTorch ${variant}, threads ${threads}: ${digits(time)} ms an update`);
    record({ section: "variant", size: size.name, threads, variant, milliseconds: time });
    timed.push({ program, time });
  }
  if (timed.length === 0) {
    throw new Error(`Cannot compare at ${size.name}: no variant of PyTorch's runs`);
  }
  return timed.sort((a, b) => a.time - b.time);
}

/** Compares a size at one number of threads: the engine, PyTorch's best, and the best that autograd differentiates. */
async function compareAt(
  size: BenchSize,
  threads: number,
  { python, rounds, variants }: ComparisonOptions,
): Promise<ComparisonResult> {
  const timed = await timedVariants(python, size, threads, variants), [best] = timed;
  const autograd = timed.find(({ program }) => AUTOGRAD.includes(program.name)) ?? best;
  for (const other of timed) if (other !== best && other !== autograd) other.program.close();
  const engine = await engineProgram(size, threads);
  const programs = [...new Set([engine, best.program, autograd.program])];
  const updates: number[] = [], times = programs.map((): number[] => []);
  for (const program of programs) updates.push(await updatesOf(program));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < programs.length; i++) {
      times[i].push(await timeUpdate(programs[i], updates[i]));
    }
  }
  const memory = programs.map((program) => program.memoryBytes());
  for (const program of programs) program.close();
  const resultOf = ({ program }: Timed): PyTorchResult => {
    const theirs = times[programs.indexOf(program)];
    const ratio = spread(theirs.map((time, round) => time / times[0][round]));
    return { variant: program.name, torch: spread(theirs), ratio };
  };
  const result = {
    size: size.name,
    threads,
    engine: spread(times[0]),
    best: resultOf(best),
    autograd: resultOf(autograd),
    wanted: size.wanted,
  };
  record({ section: "update", ...result, rounds, times, memory, operations: operations(size) });
  return result;
}

/** How a comparison is run. */
export interface ComparisonOptions {
  readonly python: string;
  readonly rounds: number;
  /** All cores. */
  readonly allThreads: number;
  /** Which of PyTorch's programs, as far as they apply to a size. */
  readonly variants: readonly string[];
}

/** Compares all sizes and prints the tables. */
export async function compareWithPyTorch(
  sizes: readonly BenchSize[],
  options: ComparisonOptions,
): Promise<void> {
  const results: ComparisonResult[] = [];
  for (const size of sizes) {
    note(
      `${size.name}: ${JSON.stringify({ ...size.shape, batch: size.batch, length: size.length })}`,
    );
    for (const threads of new Set([1, options.allThreads])) {
      results.push(await compareAt(size, threads, options));
    }
  }
  const line = ({ median, least, most }: Spread) =>
    `${digits(median)} (${digits(least)}–${digits(most)})`;
  const rows = (of: (result: ComparisonResult) => PyTorchResult) =>
    results.map((result) => [
      result.size,
      String(result.threads),
      line(result.engine),
      line(of(result).torch),
      of(result).variant,
      line(of(result).ratio),
      `≥ ${result.wanted}`,
    ]);
  const heading = (program: string) => [
    "ms an update",
    "threads",
    "engine",
    program,
    "program",
    "times as fast",
    "wanted",
  ];
  printTable(heading("PyTorch with autograd"), rows(({ autograd }) => autograd));
  printTable(heading("PyTorch, best of all"), rows(({ best }) => best));
}
