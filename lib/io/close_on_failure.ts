/**
 * Ends what was started when the work that follows fails: threads outlive an error that nobody closes them for.
 *
 * @module
 */

/** Something with threads to end; it is called without arguments. */
export interface Closable {
  close?(): void;
}

/**
 * Does work on something that was started, and closes it if the work throws.
 *
 * @example A network whose parameters are refused.
 * ```ts
 * import { closeOnFailure } from "@/io/close_on_failure.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * let closed = false;
 * const network = { close: () => void (closed = true) };
 * assertEquals(closeOnFailure(network, () => "done"), "done");
 * assertEquals(closed, false);
 * const refuse = () => {
 *   throw new RangeError("Cannot set the parameters: wanted numbers, got NaN");
 * };
 * assertThrows(() => closeOnFailure(network, refuse), RangeError);
 * assertEquals(closed, true);
 * ```
 * @param started What is closed.
 * @param work What may fail.
 * @returns What the work returns.
 * @throws What the work throws.
 */
export function closeOnFailure<T>(started: Closable, work: () => T): T {
  try {
    return work();
  } catch (error) {
    started.close?.();
    throw error;
  }
}
