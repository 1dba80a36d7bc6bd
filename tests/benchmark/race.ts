/**
 * (a) The engine against PyTorch's best, rounds interleaved, threads 1 and all.
 *
 * @module
 */
import { type Contestant, engineContestant } from "./engine_contestant.ts";
import { digits, note, printTable, record } from "./output.ts";
import { type BenchSize, operations } from "./sizes.ts";
import { type Spread, spread } from "./statistics.ts";
import { torchContestant, torchVariants } from "./torch_contestant.ts";

/** Seconds that a round should take. */
const ROUND_SECONDS = 0.5;
/** Milliseconds in which idle threads of the other side fall asleep. */
const PAUSE = 250;

/** Programs that leave the gradients to PyTorch's autograd; in all others they are written by hand. */
const AUTOGRAD = ["eager", "eager-compiled"];

/** What came of one size. */
export interface RaceResult {
  readonly size: string;
  readonly threads: number;
  /** Milliseconds an update. */
  readonly engine: Spread;
  /** Beside the fastest program of all, and the fastest that autograd differentiates. */
  readonly best: Opponent;
  readonly autograd: Opponent;
  readonly wanted: number;
}

interface Opponent {
  readonly variant: string;
  readonly torch: Spread;
  /** How many times as fast the engine is, round by round. */
  readonly ratio: Spread;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

async function updatesOf(contestant: Contestant): Promise<number> {
  const once = await contestant.round(1);
  const few = Math.max(1, Math.min(20, Math.round(0.1 / once)));
  return Math.max(1, Math.round(ROUND_SECONDS / (await contestant.round(few) / few)));
}

/** Milliseconds of one update, over a round. */
async function timeUpdate(contestant: Contestant, updates: number): Promise<number> {
  await pause();
  return await contestant.round(updates) / updates * 1000;
}

interface Timed {
  readonly contestant: Contestant;
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
  for (const variant of await torchVariants(python, size)) {
    if (!chosen.includes(variant)) continue;
    const contestant = await torchContestant(python, size, variant, threads);
    if (typeof contestant === "string") {
      note(`  PyTorch ${variant}, threads ${threads}: ${contestant}`);
      continue;
    }
    const updates = await updatesOf(contestant);
    const times = [await timeUpdate(contestant, updates), await timeUpdate(contestant, updates)];
    const time = Math.min(...times);
    note(`  PyTorch ${variant}, threads ${threads}: ${digits(time)} ms an update`);
    record({ section: "variant", size: size.name, threads, variant, milliseconds: time });
    timed.push({ contestant, time });
  }
  if (timed.length === 0) {
    throw new Error(`Cannot race at ${size.name}: no variant of PyTorch's runs`);
  }
  return timed.sort((a, b) => a.time - b.time);
}

/** Races a size at one number of threads: the engine, PyTorch's best, and the best that autograd differentiates. */
async function raceAt(
  size: BenchSize,
  threads: number,
  { python, rounds, variants }: RaceOptions,
): Promise<RaceResult> {
  const timed = await timedVariants(python, size, threads, variants), [best] = timed;
  const autograd = timed.find(({ contestant }) => AUTOGRAD.includes(contestant.name)) ?? best;
  for (const other of timed) if (other !== best && other !== autograd) other.contestant.close();
  const engine = await engineContestant(size, threads);
  const entered = [...new Set([engine, best.contestant, autograd.contestant])];
  const updates: number[] = [], times = entered.map((): number[] => []);
  for (const contestant of entered) updates.push(await updatesOf(contestant));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < entered.length; i++) {
      times[i].push(await timeUpdate(entered[i], updates[i]));
    }
  }
  const memory = entered.map((contestant) => contestant.memoryBytes());
  for (const contestant of entered) contestant.close();
  const opponent = ({ contestant }: Timed): Opponent => {
    const theirs = times[entered.indexOf(contestant)];
    const ratio = spread(theirs.map((time, round) => time / times[0][round]));
    return { variant: contestant.name, torch: spread(theirs), ratio };
  };
  const result = {
    size: size.name,
    threads,
    engine: spread(times[0]),
    best: opponent(best),
    autograd: opponent(autograd),
    wanted: size.wanted,
  };
  record({ section: "update", ...result, rounds, times, memory, operations: operations(size) });
  return result;
}

/** How a race is run. */
export interface RaceOptions {
  readonly python: string;
  readonly rounds: number;
  /** All cores. */
  readonly allThreads: number;
  /** Which of PyTorch's programs, as far as they apply to a size. */
  readonly variants: readonly string[];
}

/** Races all sizes and prints the table. */
export async function race(sizes: readonly BenchSize[], options: RaceOptions): Promise<void> {
  const results: RaceResult[] = [];
  for (const size of sizes) {
    note(
      `${size.name}: ${JSON.stringify({ ...size.shape, batch: size.batch, length: size.length })}`,
    );
    for (const threads of new Set([1, options.allThreads])) {
      results.push(await raceAt(size, threads, options));
    }
  }
  const line = ({ median, least, most }: Spread) =>
    `${digits(median)} (${digits(least)}–${digits(most)})`;
  const rows = (of: (result: RaceResult) => Opponent) =>
    results.map((result) => [
      result.size,
      String(result.threads),
      line(result.engine),
      line(of(result).torch),
      of(result).variant,
      line(of(result).ratio),
      `≥ ${result.wanted}`,
    ]);
  const heading = (opponent: string) => [
    "ms an update",
    "threads",
    "engine",
    opponent,
    "program",
    "times as fast",
    "wanted",
  ];
  printTable(heading("PyTorch with autograd"), rows(({ autograd }) => autograd));
  printTable(heading("PyTorch, best of all"), rows(({ best }) => best));
}
