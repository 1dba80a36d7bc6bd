/**
 * How often something that takes time may be done again.
 *
 * @module
 */

/** Milliseconds between the first times. */
const FIRST_PAUSE = 400;

/** After so many times the pause doubles: a long run sends few messages more than a short one. */
const TIMES_PER_PAUSE = 30;

/** It takes at most one part in so many of the time. */
const SHARE = 6;

/**
 * Says when it is time to draw again: seldom, ever more seldom, and for a sixth of the time at most.
 *
 * @example Not again at once; a slow drawing is left alone for longer.
 * ```ts
 * import { Pace } from "@/jupyter/pace.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pace = new Pace();
 * assertEquals(pace.isDue(0), true);
 * pace.done(0, 10);
 * assertEquals([pace.isDue(409), pace.isDue(410)], [false, true]);
 * pace.done(410, 610);
 * assertEquals([pace.isDue(1609), pace.isDue(1610)], [false, true]);
 * ```
 */
export class Pace {
  #times = 0;
  #next = -Infinity;

  /** @param now Milliseconds. */
  isDue(now: number): boolean {
    return now >= this.#next;
  }

  /**
   * @param start When it was begun, in milliseconds.
   * @param end When it was done.
   */
  done(start: number, end: number): void {
    this.#times++;
    const pause = FIRST_PAUSE * 2 ** Math.floor(this.#times / TIMES_PER_PAUSE);
    this.#next = end + Math.max(pause, (SHARE - 1) * (end - start));
  }
}
