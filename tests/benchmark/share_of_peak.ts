/**
 * (b) The speed of an update as a share of the machine's peak: 128-bit fused multiply-adds and nothing else, in the same run.
 *
 * @module
 */
import { createArena } from "@/engine/engine_buffers.ts";
import { loadKernels } from "@/engine/kernel_calls.ts";
import { engineProgram } from "./engine_program.ts";
import { digits, printTable, record } from "./output.ts";
import { type BenchSize, operations } from "./sizes.ts";
import { spread } from "./statistics.ts";

const PEAK_ROUNDS = 20_000;

/** GFLOP/s of the multiply-add kernel over about a millisecond. */
export function createPeakMeasurement(): () => number {
  const { multiplyAdds } = loadKernels(createArena().memory, "relaxed");
  for (let i = 0; i < 3000; i++) multiplyAdds(1000, 1e-3, 1e-3); // until V8 has compiled it in earnest
  return () => {
    const begun = performance.now();
    multiplyAdds(PEAK_ROUNDS, 1e-3, 1e-3);
    return 96 * PEAK_ROUNDS / (performance.now() - begun) / 1e6;
  };
}

/**
 * Times updates on one thread, the peak before and after each; a round's share is of the peak around it.
 *
 * Rounds are single updates (or as many as take a millisecond), since on a shared machine quiet moments are short.
 */
export async function shareOfPeak(sizes: readonly BenchSize[], seconds: number): Promise<void> {
  const measurePeak = createPeakMeasurement(), rows: string[][] = [];
  for (const size of sizes) {
    const engine = await engineProgram(size, 1), flops = operations(size);
    await engine.round(1);
    const warm = await engine.round(Math.max(1, Math.round(3e9 / flops)));
    const updates = Math.max(1, Math.round(1e-3 / (warm / Math.max(1, Math.round(3e9 / flops)))));
    const speeds: number[] = [], peaks: number[] = [];
    for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
      peaks.push(measurePeak());
      speeds.push(updates * flops / await engine.round(updates) / 1e9);
    }
    engine.close();
    const [speed, peak] = [spread(speeds), spread(peaks)];
    record({ section: "peak", size: size.name, speed, peak, operations: flops });
    rows.push([
      size.name,
      digits(flops / 1e6),
      `${digits(speed.median)} (best ${digits(speed.most)})`,
      `${digits(peak.median)} (best ${digits(peak.most)})`,
      `${digits(100 * speed.median / peak.median)} % (best ${
        digits(100 * speed.most / peak.most)
      } %)`,
      digits(peak.most / speed.most),
    ]);
  }
  printTable(
    [
      "one thread",
      "MFLOP an update",
      "GFLOP/s",
      "peak, GFLOP/s",
      "share of the peak",
      "times the bound",
    ],
    rows,
  );
}
