/**
 * Ctrl-C as a request rather than an end.
 *
 * @module
 */

/** A terminal and `deno task` both pass on one Ctrl-C; within this time they are one and the same. */
const ONE_PRESS_MS = 500;

/** What is told of a Ctrl-C. */
export interface Interrupts {
  /** Calls `listener` at a Ctrl-C, until the function that it returns is called. */
  listen(listener: () => void): () => void;
  /** To be called at every signal. */
  signal(): void;
}

/**
 * Tells listeners of the first Ctrl-C, and ends at the second, or where nobody listens.
 *
 * @example The second press is final, the echo of the first is not.
 * ```ts
 * import { createInterrupts } from "@/io/signals.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let clock = 0;
 * const heard: string[] = [];
 * const interrupts = createInterrupts(() => clock, () => heard.push("end"));
 * interrupts.listen(() => heard.push("stop"));
 * interrupts.signal();
 * clock = 20;
 * interrupts.signal();
 * assertEquals(heard, ["stop"]);
 * clock = 2000;
 * interrupts.signal();
 * assertEquals(heard, ["stop", "end"]);
 * ```
 * @param now A clock in milliseconds.
 * @param end Ends the process.
 * @returns What is to be told of signals.
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
      if (firstAt !== undefined && now() - firstAt < ONE_PRESS_MS) return;
      if (firstAt !== undefined || listeners.size === 0) return end();
      firstAt = now();
      listeners.forEach((listener) => listener());
    },
  };
}
