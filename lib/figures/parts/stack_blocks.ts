/**
 * The rows of a stack as blocks in a pile that hangs from a fixed surface.
 *
 * The pile is like the plates in a spring-loaded dispenser: the top plate is always level with the counter, a new plate
 * pushes the others down, and removing one lets them rise. Depth is measured from the surface in units of strength.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import type { StackTrace } from "@/memory/stack.ts";

/** A row, or a piece of it, between two depths. */
export interface Block {
  /** The row's index, 0 for the oldest. */
  readonly row: number;
  /** Depth of its upper edge; negative above the surface. */
  readonly top: number;
  /** Depth of its lower edge. */
  readonly bottom: number;
}

/** A thinner block is a rounding error of a row that was popped completely. */
const NEGLIGIBLE = 1e-9;

/**
 * Turns the rows of a stack into blocks below the surface, the newest on top.
 *
 * @example The newest row first; an empty row has no block.
 * ```ts
 * import { heldBlocks } from "@/figures/parts/stack_blocks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(heldBlocks([0.25, 0, 0.5]), [
 *   { row: 2, top: 0, bottom: 0.5 },
 *   { row: 0, top: 0.5, bottom: 0.75 },
 * ]);
 * ```
 * @param strengths Strength of each row, oldest first.
 * @param surface Depth of the upper edge of the topmost block.
 * @returns The blocks of the rows that are not empty, from the top down.
 */
export function heldBlocks(strengths: Vector, surface = 0): Block[] {
  const blocks: Block[] = [];
  let top = surface;
  for (let row = strengths.length - 1; row >= 0; row--) {
    if (strengths[row] <= NEGLIGIBLE) continue;
    blocks.push({ row, top, bottom: top + strengths[row] });
    top += strengths[row];
  }
  return blocks;
}

/**
 * Turns the strength that a pop removed into blocks just above the surface, in their order.
 *
 * @example All of the newer row's 0.5 and half of the older one.
 * ```ts
 * import { poppedBlocks } from "@/figures/parts/stack_blocks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(poppedBlocks([0.5, 0.5], [0.25, 0, 1]), [
 *   { row: 1, top: -0.75, bottom: -0.25 },
 *   { row: 0, top: -0.25, bottom: 0 },
 * ]);
 * ```
 * @param sPrev Strengths before the step, oldest first.
 * @param s Strengths after it; rows pushed by the step come last and are left out.
 * @returns The removed blocks, from the top down; the last one ends at depth 0.
 */
export function poppedBlocks(sPrev: Vector, s: Vector): Block[] {
  const taken = sPrev.map((before, i) => before - s[i]);
  return heldBlocks(taken, -taken.reduce((sum, part) => sum + part, 0));
}

/**
 * Splits blocks that cross a depth.
 *
 * @example The read ends at depth 1.
 * ```ts
 * import { splitAtDepth } from "@/figures/parts/stack_blocks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { above, below } = splitAtDepth([{ row: 0, top: 0.5, bottom: 1.5 }], 1);
 * assertEquals(above, [{ row: 0, top: 0.5, bottom: 1 }]);
 * assertEquals(below, [{ row: 0, top: 1, bottom: 1.5 }]);
 * ```
 * @param blocks Any blocks.
 * @param depth The depth.
 * @returns The pieces above that depth and those below it.
 */
export function splitAtDepth(
  blocks: readonly Block[],
  depth: number,
): { above: Block[]; below: Block[] } {
  const thick = (block: Block) => block.bottom - block.top > NEGLIGIBLE;
  const above = blocks.map((block) => ({ ...block, bottom: Math.min(block.bottom, depth) }));
  const below = blocks.map((block) => ({ ...block, top: Math.max(block.top, depth) }));
  return { above: above.filter(thick), below: below.filter(thick) };
}

/** A stack's run as one pile for each step; index t is step t + 1. */
export interface Piles {
  /** The blocks on the stack after each step. */
  readonly held: Block[][];
  /** The blocks that each step's pop removed. */
  readonly popped: Block[][];
  /** Depth of the lowest edge; at least 1, the depth of a read. */
  readonly deepest: number;
  /** Depth of the highest edge; 0 or negative. */
  readonly highest: number;
}

/**
 * Turns a run into piles of blocks.
 *
 * @example The second step pops the first's value and pushes another.
 * ```ts
 * import { pilesOverTime } from "@/figures/parts/stack_blocks.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const piles = pilesOverTime(runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0.5] }));
 * assertEquals(piles.popped[1], [{ row: 0, top: -1, bottom: 0 }]);
 * assertEquals(piles.held[1], [{ row: 1, top: 0, bottom: 0.5 }]);
 * assertEquals([piles.highest, piles.deepest], [-1, 1]);
 * ```
 * @param trace The trace of the stack.
 * @returns The blocks of each step, and the depths of the highest and the lowest edge.
 */
export function pilesOverTime(trace: StackTrace): Piles {
  const s = trace.strengths;
  const held = s.map((s_t) => heldBlocks(s_t));
  const popped = s.map((s_t, t) => poppedBlocks(t === 0 ? [] : s[t - 1], s_t));
  const deepest = Math.max(1, ...held.flat().map((block) => block.bottom));
  const highest = Math.min(0, ...popped.flat().map((block) => block.top));
  return { held, popped, deepest, highest };
}

/**
 * Checks that a run has at least one step, and a name for each.
 *
 * @example A name is missing.
 * ```ts
 * import { checkNames } from "@/figures/parts/stack_blocks.ts";
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
 * @param action The caller's action for the error, as in "Cannot <action>".
 * @param trace The run.
 * @param names Name of the value pushed at each step.
 * @throws {TypeError} If there is no step, or the numbers of names and steps differ.
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
