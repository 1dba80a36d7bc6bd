/**
 * Handling of Ctrl-C: the first press asks the listeners to stop, the second ends the process.
 *
 * @module
 */

/** The terminal and `deno task` both send a signal for one Ctrl-C: signals within this time, in milliseconds, are one. */
const SAME_PRESS_MS = 500;

/** The listeners for Ctrl-C, and the handler of its signals. */
export interface Interrupts {
  /** Adds a listener; the function that it returns removes the listener. */
  listen(listener: () => void): () => void;
  /** Handles a signal; call it for every one. */
  signal(): void;
}

/**
 * Creates a handler that calls the listeners at the first Ctrl-C, and ends the process at the second, or at the first if
 * there are no listeners.
 *
 * @example A signal soon after the first belongs to the same press; a later one ends the process.
 * ```ts
 * import { createInterrupts } from "@/io/signals.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let clock = 0;
 * const calls: string[] = [];
 * const interrupts = createInterrupts(() => clock, () => calls.push("end"));
 * interrupts.listen(() => calls.push("stop"));
 * interrupts.signal();
 * clock = 20;
 * interrupts.signal();
 * assertEquals(calls, ["stop"]);
 * clock = 2000;
 * interrupts.signal();
 * assertEquals(calls, ["stop", "end"]);
 * ```
 * @param now A clock in milliseconds.
 * @param end Ends the process.
 * @returns The handler.
 */
export function createInterrupts(now: () => number, end: () => void): Interrupts {
  const listeners = new Set<() => void>();
  let firstAt: number | undefined;
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signal() {
      if (firstAt !== undefined && now() - firstAt < SAME_PRESS_MS) return;
      if (firstAt !== undefined || listeners.size === 0) return end();
      firstAt = now();
      listeners.forEach((listener) => listener());
    },
  };
}
