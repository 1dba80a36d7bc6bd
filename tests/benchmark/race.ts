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

/** What came of one size. */
export interface RaceResult {
  readonly size: string;
  readonly threads: number;
  readonly opponent: string;
  /** Milliseconds an update. */
  readonly engine: Spread;
  readonly torch: Spread;
  /** How many times as fast, round by round. */
  readonly ratio: Spread;
  readonly wanted: number;
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

/** The fastest variant at a number of threads, by the best of two short rounds each. */
async function fastestTorch(python: string, size: BenchSize, threads: number): Promise<Contestant> {
  let best: { contestant: Contestant; time: number } | undefined;
  for (const variant of await torchVariants(python, size)) {
    const contestant = await torchContestant(python, size, variant, threads);
    if (typeof contestant === "string") {
      note(`  PyTorch ${variant}, ${threads} threads: ${contestant}`);
      continue;
    }
    const updates = await updatesOf(contestant);
    const times = [await timeUpdate(contestant, updates), await timeUpdate(contestant, updates)];
    const time = Math.min(...times);
    note(`  PyTorch ${variant}, threads ${threads}: ${digits(time)} ms an update`);
    record({ section: "variant", size: size.name, threads, variant, milliseconds: time });
    if (best && best.time <= time) contestant.close();
    else {
      best?.contestant.close();
      best = { contestant, time };
    }
  }
  if (!best) throw new Error(`Cannot race at ${size.name}: no variant of PyTorch's runs`);
  return best.contestant;
}

/** Races a size at one number of threads. */
async function raceAt(
  size: BenchSize,
  threads: number,
  python: string,
  rounds: number,
): Promise<RaceResult> {
  const torch = await fastestTorch(python, size, threads);
  const engine = await engineContestant(size, threads);
  const [torchUpdates, engineUpdates] = [await updatesOf(torch), await updatesOf(engine)];
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await timeUpdate(torch, torchUpdates));
    ours.push(await timeUpdate(engine, engineUpdates));
  }
  const memory = { engine: engine.memoryBytes(), torch: torch.memoryBytes() };
  engine.close();
  torch.close();
  const result = {
    size: size.name,
    threads,
    opponent: torch.name,
    engine: spread(ours),
    torch: spread(theirs),
    ratio: spread(theirs.map((time, i) => time / ours[i])),
    wanted: size.wanted,
  };
  record({
    section: "update",
    ...result,
    rounds,
    ours,
    theirs,
    memory,
    operations: operations(size),
  });
  return result;
}

/** Races all sizes and prints the table. */
export async function race(
  sizes: readonly BenchSize[],
  python: string,
  rounds: number,
  allThreads: number,
): Promise<void> {
  const results: RaceResult[] = [];
  for (const size of sizes) {
    note(
      `${size.name}: ${JSON.stringify({ ...size.shape, batch: size.batch, length: size.length })}`,
    );
    for (const threads of new Set([1, allThreads])) {
      results.push(await raceAt(size, threads, python, rounds));
    }
  }
  const line = ({ median, least, most }: Spread) =>
    `${digits(median)} (${digits(least)}–${digits(most)})`;
  printTable(
    [
      "update time, ms",
      "threads",
      "engine",
      "PyTorch's best",
      "variant",
      "times as fast",
      "wanted",
    ],
    results.map((result) => [
      result.size,
      String(result.threads),
      line(result.engine),
      line(result.torch),
      result.opponent,
      line(result.ratio),
      `≥ ${result.wanted}`,
    ]),
  );
}
