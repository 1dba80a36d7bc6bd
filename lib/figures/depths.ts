/**
 * A stack measured from its top: rows as blocks below a surface that never moves.
 *
 * The plates in a canteen's spring-loaded dispenser: the top plate is always level with the counter, a new plate pushes
 * the others down, a taken plate lets them rise. Depth is counted in units of strength.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";

/** The piece of one row that lies between two depths. */
export interface Block {
  /** Which row, 0 the oldest. */
  readonly row: number;
  /** Depth of its upper edge; negative above the surface. */
  readonly top: number;
  /** Depth of its lower edge. */
  readonly bottom: number;
}

/** Thinner than this is nothing: what rounding leaves of a row that was popped whole. */
export const DUST = 1e-9;

/**
 * Hangs the rows of a stack below the surface, the newest on top.
 *
 * @example The new row's 0.9 first, then 0.3 of the oldest; an empty row takes no room.
 * ```ts
 * import { blocksBelow } from "@/figures/depths.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(blocksBelow([0.25, 0, 0.5]), [
 *   { row: 2, top: 0, bottom: 0.5 },
 *   { row: 0, top: 0.5, bottom: 0.75 },
 * ]);
 * ```
 * @param strengths Strength of each row, oldest first.
 * @param surface Depth at which the topmost block begins.
 * @returns The blocks of the rows that are not empty, from the top down.
 */
export function blocksBelow(strengths: Vector, surface = 0): Block[] {
  const blocks: Block[] = [];
  let top = surface;
  for (let row = strengths.length - 1; row >= 0; row--) {
    if (strengths[row] <= DUST) continue;
    blocks.push({ row, top, bottom: top + strengths[row] });
    top += strengths[row];
  }
  return blocks;
}

/**
 * What a pop took off, still in order, lifted just above the surface.
 *
 * @example All of the newer row's 0.5 and half of the older one.
 * ```ts
 * import { blocksAbove } from "@/figures/depths.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(blocksAbove([0.5, 0.5], [0.25, 0, 1]), [
 *   { row: 1, top: -0.75, bottom: -0.25 },
 *   { row: 0, top: -0.25, bottom: 0 },
 * ]);
 * ```
 * @param sPrev Strengths before the step, oldest first.
 * @param s Strengths after it; rows pushed by the step come last and are left out.
 * @returns The blocks that are gone, from the top down; the last ends at depth 0.
 */
export function blocksAbove(sPrev: Vector, s: Vector): Block[] {
  const taken = sPrev.map((before, i) => before - s[i]);
  return blocksBelow(taken, -taken.reduce((sum, part) => sum + part, 0));
}

/**
 * Cuts blocks in two where they cross a depth.
 *
 * @example The read ends at depth 1.
 * ```ts
 * import { cutAt } from "@/figures/depths.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { above, below } = cutAt([{ row: 0, top: 0.5, bottom: 1.5 }], 1);
 * assertEquals(above, [{ row: 0, top: 0.5, bottom: 1 }]);
 * assertEquals(below, [{ row: 0, top: 1, bottom: 1.5 }]);
 * ```
 * @param blocks Any blocks.
 * @param depth Where to cut.
 * @returns The pieces above that depth and those below it.
 */
export function cutAt(blocks: readonly Block[], depth: number): { above: Block[]; below: Block[] } {
  const thick = (block: Block) => block.bottom - block.top > DUST;
  const above = blocks.map((block) => ({ ...block, bottom: Math.min(block.bottom, depth) }));
  const below = blocks.map((block) => ({ ...block, top: Math.max(block.top, depth) }));
  return { above: above.filter(thick), below: below.filter(thick) };
}
