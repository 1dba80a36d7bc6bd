/**
 * The piles of a whole run, step by step, and the room that they need.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import { type Block, blocksAbove, blocksBelow } from "./depths.ts";

/** A stack's run as blocks; index t is step t + 1. */
export interface Piles {
  /** What is on the stack after each step. */
  readonly held: Block[][];
  /** What each step's pop took off. */
  readonly popped: Block[][];
  /** Depth of the lowest edge; at least 1, the reach of a read. */
  readonly deepest: number;
  /** Depth of the highest edge; 0 or negative. */
  readonly highest: number;
}

/**
 * Turns a run into piles.
 *
 * @example The second step pops the first's value and pushes another.
 * ```ts
 * import { pilesOf } from "@/figures/piles.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const piles = pilesOf(runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0.5] }));
 * assertEquals(piles.popped[1], [{ row: 0, top: -1, bottom: 0 }]);
 * assertEquals(piles.held[1], [{ row: 1, top: 0, bottom: 0.5 }]);
 * assertEquals([piles.highest, piles.deepest], [-1, 1]);
 * ```
 * @param trace What the stack did.
 * @returns Its blocks, and how far they reach.
 */
export function pilesOf(trace: StackTrace): Piles {
  const s = trace.strengths;
  const held = s.map((s_t) => blocksBelow(s_t));
  const popped = s.map((s_t, t) => blocksAbove(t === 0 ? [] : s[t - 1], s_t));
  const deepest = Math.max(1, ...held.flat().map((block) => block.bottom));
  const highest = Math.min(0, ...popped.flat().map((block) => block.top));
  return { held, popped, deepest, highest };
}

/**
 * Checks that each step of a run has a name, and that there is at least one.
 *
 * @example A name is missing.
 * ```ts
 * import { checkNames } from "@/figures/piles.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0], pushes: [1, 1] });
 * assertThrows(
 *   () => checkNames("draw the stack", trace, ["a"]),
 *   TypeError,
 *   "Cannot draw the stack: wanted 2 names (one for each step), got 1",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param trace The run.
 * @param names Name of the value pushed at each step.
 * @throws {TypeError} If there is no step, or not one name for each.
 */
export function checkNames(action: string, trace: StackTrace, names: readonly string[]): void {
  const T = trace.strengths.length;
  if (T === 0) throw new TypeError(`Cannot ${action}: wanted at least 1 step, got 0`);
  if (names.length !== T) {
    throw new TypeError(
      `Cannot ${action}: wanted ${T} names (one for each step), got ${names.length}`,
    );
  }
}
