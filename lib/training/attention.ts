/**
 * Work that does not let signals in by itself, and someone who sees to it that it does now and then.
 *
 * @module
 */

/** How long a sitting may be deaf to signals and messages, in milliseconds. */
const DEAF_MS = 50;

/** Clock, ears and eyes. */
export interface Surroundings {
  /** A clock in milliseconds. */
  now(): number;
  /** Lets signals and messages in. */
  pause(): Promise<void>;
  /** Whether someone has asked for a stop. */
  stopRequested(): boolean;
  /**
   * Shows where the work is.
   *
   * @param told The share that is done of what takes long.
   */
  show(told?: number): void;
}

/**
 * Pays attention to the world while something else is done.
 *
 * @example Nobody is asked before 50 milliseconds have passed.
 * ```ts
 * import { payAttention } from "@/training/attention.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let [clock, pauses] = [0, 0];
 * const stopAsked = payAttention({
 *   now: () => clock,
 *   pause: () => Promise.resolve(void pauses++),
 *   stopRequested: () => true,
 *   show() {},
 * });
 * clock = 49;
 * assertEquals([await stopAsked(), pauses], [false, 0]);
 * clock = 50;
 * assertEquals([await stopAsked(), pauses], [true, 1]);
 * ```
 * @param around Clock, ears and eyes.
 * @returns To be called after each step, with the share that is done of what takes long: whether someone has
 * asked for a stop. It shows where the work is and lets signals in, if that was long ago.
 */
export function payAttention(around: Surroundings): (told?: number) => Promise<boolean> {
  let pausedAt = around.now();
  return async (told) => {
    if (around.now() - pausedAt < DEAF_MS) return false;
    around.show(told);
    await around.pause();
    pausedAt = around.now();
    return around.stopRequested();
  };
}
