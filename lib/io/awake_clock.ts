/**
 * A clock that stands still while the process is suspended: a laptop that sleeps, Ctrl-Z, a frozen container.
 *
 * @module
 */
import { cpuUsage } from "node:process";

/** An interval between two readings of the clock that is shorter is never taken for a suspension, in milliseconds. */
const SHORTEST_SUSPENSION_MS = 5000;
/** The process was suspended in a long interval of which it has computed less than this share. */
const COMPUTING_SHARE = 0.01;

/**
 * Creates a clock that leaves out the intervals between two readings in which the process was suspended: long ones in which
 * it has hardly computed. So it must be read often, by a process that computes.
 *
 * @example A night asleep.
 * ```ts
 * import { createAwakeClock } from "@/io/awake_clock.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let [time, computed] = [0, 0];
 * const clock = createAwakeClock(() => time, () => computed);
 * [time, computed] = [60_000, 55_000];
 * assertEquals(clock(), 60_000);
 * time += 8 * 3_600_000;
 * assertEquals(clock(), 60_000);
 * ```
 * @param now A clock in milliseconds; by default that of the machine.
 * @param computed The processor time of this process in milliseconds.
 * @returns The clock, in milliseconds.
 */
export function createAwakeClock(
  now: () => number = () => performance.now(),
  computed: () => number = processorTime,
): () => number {
  let [readAt, computedAt] = [now(), computed()];
  let time = readAt;
  return () => {
    const [at, used] = [now(), computed()];
    const [elapsed, busy] = [at - readAt, used - computedAt];
    [readAt, computedAt] = [at, used];
    const suspended = elapsed >= SHORTEST_SUSPENSION_MS && busy < COMPUTING_SHARE * elapsed;
    return time += suspended ? 0 : elapsed;
  };
}

function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}
