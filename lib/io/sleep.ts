/**
 * A pause of the whole thread, for code that cannot await one.
 *
 * @module
 */

const neverNotified = new Int32Array(new SharedArrayBuffer(4));

/**
 * Stops this thread for a while; other threads go on.
 *
 * @example A pause between two attempts.
 * ```ts
 * import { sleepSync } from "@/io/sleep.ts";
 * import { assert } from "@std/assert";
 *
 * const start = performance.now();
 * sleepSync(5);
 * assert(performance.now() - start >= 4);
 * ```
 * @param milliseconds The length of the pause.
 */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(neverNotified, 0, 0, milliseconds);
}
