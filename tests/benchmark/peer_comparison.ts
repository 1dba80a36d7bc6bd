/**
 * (f) The engine against what one would pick instead: the same character LSTM in other libraries, rounds in turns.
 *
 * @module
 */
import { digits, note, print, printTable, record } from "./output.ts";
import { type Side, type SideResult, timeInTurns, WARM_UP } from "./peer_rounds.ts";
import { engineContender, type PeerSize, peerTask } from "./peer_task.ts";
import { commandOf, installPeer, type Peer, processSide } from "./peers.ts";
import { pause } from "./pytorch_comparison.ts";
import { spread } from "./statistics.ts";

/** Milliseconds for each side, at each size. */
const LIMIT = 60_000;
/** How far a first loss may be from the engine's: all compute in Float32. */
const LOSS_TOLERANCE = 1e-4;
/** How far the first update's fall of the loss may be from the engine's, as a part of that. */
const FALL_TOLERANCE = 0.01;

const ENGINE: Side = { title: "this engine", remark: "one thread", open: engineContender };

/** Why a side's losses are not those of the same network, trained the same way; undefined if they are, or it tells none. */
export function lossFault(ours: readonly number[], theirs: readonly number[]): string | undefined {
  const [first, second] = theirs;
  if (first === undefined) return undefined;
  if (!(Math.abs(first - ours[0]) <= LOSS_TOLERANCE)) {
    return `wanted a first loss of ${ours[0].toFixed(5)}, got ${first.toFixed(5)}`;
  }
  const fall = ours[0] - ours[1];
  if (second !== undefined && !(Math.abs(first - second - fall) <= FALL_TOLERANCE * fall)) {
    return `wanted a loss that falls by ${fall.toFixed(5)}, got ${(first - second).toFixed(5)}`;
  }
  return undefined;
}

/** A side's line in the table; ratios are taken within a round, since the machine's speed changes between rounds. */
export function rowOf(ours: SideResult, theirs: SideResult): string[] {
  const { times, losses, failure, remark } = theirs;
  const title = remark === undefined ? theirs.title : `${theirs.title} (${remark})`;
  if (failure !== undefined) return [title, "–", "–", "–", "–", "–"];
  const from = Math.min(WARM_UP, times.length - 1), timed = times.slice(from);
  const usual = spread(ours.times.slice(WARM_UP)).median;
  const beside = (n: number) => n < WARM_UP ? usual : ours.times[n] ?? usual;
  const ratio = spread(timed.map((time, i) => time / beside(from + i))), time = spread(timed);
  return [
    title,
    digits(time.median),
    `${digits(time.least)}–${digits(time.most)}`,
    digits(ratio.median),
    from < WARM_UP ? "warm-up" : String(timed.length),
    losses[0]?.toFixed(4) ?? "not told",
  ];
}

/** The result, or why it does not count. */
export function checkedResult(ours: SideResult, result: SideResult): SideResult {
  const failure = result.failure ?? lossFault(ours.losses, result.losses);
  return failure === undefined ? result : { ...result, failure };
}

/** The sentence about a side that has failed. */
export function failureSentence({ title, failure }: SideResult): string {
  return `Cannot train with ${title}: ${failure}`;
}

/** The side of a library whose packages are fetched now; if they cannot be, it does not open. */
export async function installedSide(peer: Peer): Promise<Side> {
  note(`${peer.title}: looking for its packages`);
  const failure = await installPeer(peer), side = processSide(peer, commandOf(peer));
  if (failure === undefined) return side;
  return {
    ...side,
    open() {
      throw new Error(`its packages cannot be fetched: ${failure}`);
    },
  };
}

function printResults(heading: string, results: readonly SideResult[]): void {
  const columns = ["ms an update", "least–most", "times ours", "rounds", "first loss"];
  printTable([heading, ...columns], results.map((result) => rowOf(results[0], result)));
  const failed = results.filter(({ failure }) => failure !== undefined);
  for (const result of failed) print(failureSentence(result));
  if (failed.length > 0) print();
}

/** Compares at all sizes and prints a table of each. */
export async function compareWithPeers(
  sizes: readonly PeerSize[],
  peers: readonly Peer[],
  rounds: number,
): Promise<void> {
  const sides = [ENGINE], now = () => performance.now();
  for (const peer of peers) sides.push(await installedSide(peer));
  for (const size of sizes) {
    note(`${size.name}: at most ${LIMIT / 1000} s for each of ${sides.length}`);
    const task = peerTask(size), [{ length: steps }] = task.inputs;
    const [ours, ...others] = await timeInTurns(sides, task, { rounds, limit: LIMIT, pause, now });
    if (ours.failure !== undefined) throw new Error(failureSentence(ours));
    const results = [ours, ...others.map((result) => checkedResult(ours, result))];
    for (const result of results) record({ section: "peers", size: size.name, ...result });
    printResults(`${size.name}, ${task.inputs.length} strings of ${steps} steps`, results);
  }
  const [loss, fall] = [LOSS_TOLERANCE, 100 * FALL_TOLERANCE];
  print(
    "All start from the same parameters and train on the same strings, unless the row says otherwise.",
  );
  print(`A library's first loss must be within ${loss} of the engine's,`);
  print(`and what its first update takes off the loss within ${fall} % of what the engine's does.`);
}
