/**
 * (b) How close an update comes to the machine's own limit: 128-bit fused multiply-adds, nothing else, in the same run.
 *
 * @module
 */
import { createArena } from "@/engine/arena.ts";
import { loadKernels } from "@/engine/kernel_calls.ts";
import { engineContestant } from "./engine_contestant.ts";
import { digits, printTable, record } from "./output.ts";
import { type BenchSize, operations } from "./sizes.ts";
import { spread } from "./statistics.ts";

const PEAK_ROUNDS = 20_000;

/** GFLOP/s of the multiply-add kernel over about a millisecond. */
export function createPeak(): () => number {
  const { multiplyAdds } = loadKernels(createArena().memory, "relaxed");
  for (let i = 0; i < 3000; i++) multiplyAdds(1000, 1e-3, 1e-3); // until V8 has compiled it in earnest
  return () => {
    const begun = performance.now();
    multiplyAdds(PEAK_ROUNDS, 1e-3, 1e-3);
    return 96 * PEAK_ROUNDS / (performance.now() - begun) / 1e6;
  };
}

/**
 * Times updates on one thread, the limit before and after each; a round's share is of the limit around it.
 *
 * Rounds are single updates (or as many as take a millisecond), since on a shared machine quiet moments are short.
 */
export async function shareOfLimit(sizes: readonly BenchSize[], seconds: number): Promise<void> {
  const peak = createPeak(), rows: string[][] = [];
  for (const size of sizes) {
    const engine = await engineContestant(size, 1), flops = operations(size);
    await engine.round(1);
    const warm = await engine.round(Math.max(1, Math.round(3e9 / flops)));
    const updates = Math.max(1, Math.round(1e-3 / (warm / Math.max(1, Math.round(3e9 / flops)))));
    const speeds: number[] = [], limits: number[] = [];
    for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
      limits.push(peak());
      speeds.push(updates * flops / await engine.round(updates) / 1e9);
    }
    engine.close();
    const [speed, limit] = [spread(speeds), spread(limits)];
    record({ section: "limit", size: size.name, speed, limit, operations: flops });
    rows.push([
      size.name,
      digits(flops / 1e6),
      `${digits(speed.median)} (best ${digits(speed.most)})`,
      `${digits(limit.median)} (best ${digits(limit.most)})`,
      `${digits(100 * speed.median / limit.median)} % (best ${
        digits(100 * speed.most / limit.most)
      } %)`,
      digits(limit.most / speed.most),
    ]);
  }
  printTable(
    [
      "one thread",
      "MFLOP an update",
      "GFLOP/s",
      "limit, GFLOP/s",
      "share of the limit",
      "times the bound",
    ],
    rows,
  );
}
