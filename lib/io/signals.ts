/**
 * Requests to stop: Ctrl-C, and the signals by which a system or a scheduler asks a process to end.
 *
 * The first asks the listeners to stop; a second Ctrl-C ends the process at once.
 *
 * @module
 */

/** The exit code after a stop: 130 by Ctrl-C, 75 by another signal ("try again", as schedulers understand it). */
export type StopCode = 130 | 75;

/** The terminal and `deno task` both send a signal for one Ctrl-C: signals within this time, in milliseconds, are one. */
const SAME_PRESS_MS = 500;

/** The listeners for requests to stop, and the handler of the signals. */
export interface Interrupts {
  /** Adds a listener; the function that it returns removes the listener. */
  listen(listener: (code: StopCode) => void): () => void;
  /** Handles a signal; call it for every one. */
  signal(code: StopCode): void;
}

/**
 * Creates a handler that calls the listeners at the first request to stop. It ends the process at a second Ctrl-C, or at the
 * first request if there are no listeners.
 *
 * @example A signal soon after the first belongs to the same press; a later one ends the process.
 * ```ts
 * import { createInterrupts } from "@/io/signals.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let clock = 0;
 * const calls: string[] = [];
 * const interrupts = createInterrupts(() => clock, (code) => calls.push(`end with ${code}`));
 * interrupts.listen((code) => calls.push(`stop with ${code}`));
 * interrupts.signal(130);
 * clock = 20;
 * interrupts.signal(130);
 * assertEquals(calls, ["stop with 130"]);
 * clock = 2000;
 * interrupts.signal(130);
 * assertEquals(calls, ["stop with 130", "end with 130"]);
 * ```
 * @param now A clock in milliseconds.
 * @param end Ends the process.
 * @returns The handler.
 */
export function createInterrupts(now: () => number, end: (code: StopCode) => void): Interrupts {
  const listeners = new Set<(code: StopCode) => void>();
  let firstAt: number | undefined;
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signal(code) {
      if (firstAt !== undefined && now() - firstAt < SAME_PRESS_MS) return;
      if (listeners.size === 0) return end(code);
      if (firstAt === undefined) {
        firstAt = now();
        return listeners.forEach((listener) => listener(code));
      }
      // A scheduler may send several signals before it kills; only a user is in a hurry.
      if (code === 130) end(code);
    },
  };
}

/** The signals of a request to stop. SIGUSR1 is not among them: it opens Deno's inspector. */
const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 75, SIGHUP: 75, SIGUSR2: 75 } as const;

/**
 * Creates the handler of this process. It takes the signals from the first listener on; before that they end the process
 * as usual, so that work which cannot listen can be ended.
 *
 * @returns The handler.
 */
export function createProcessInterrupts(): Interrupts {
  const interrupts = createInterrupts(() => performance.now(), (code) => Deno.exit(code));
  let takesSignals = false;
  function takeSignals(): void {
    takesSignals = true;
    for (const [name, code] of Object.entries(STOP_SIGNALS)) {
      if (Deno.build.os === "windows" && name !== "SIGINT") continue; // Windows has no others
      Deno.addSignalListener(name as Deno.Signal, () => interrupts.signal(code));
    }
  }
  return {
    ...interrupts,
    listen(listener) {
      if (!takesSignals) takeSignals();
      return interrupts.listen(listener);
    },
  };
}
