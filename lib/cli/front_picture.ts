/**
 * The picture at the top of the README.
 *
 * @module
 */
import { movingPicture } from "@/figures/moving_picture.ts";
import { runStack } from "@/memory/stack.ts";

/** Where it is kept. */
export const FRONT_PICTURE = ".github/stack_in_motion.svg";

/**
 * Draws it: four pushes and three pops, all a matter of degree, turn a word round.
 *
 * @example Its last read is the first letter.
 * ```ts
 * import { frontPicture } from "@/cli/front_picture.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * assertStringIncludes(frontPicture(), "step 7 pops 0.8, pushes 0 –, reads 0.9 s.</title>");
 * ```
 * @returns The text of an SVG file.
 */
export function frontPicture(): string {
  const names = ["s", "t", "o", "p", "–", "–", "–"];
  const values = names.map((_, i) => names.map((_, j) => Number(i === j)));
  const pops = [0, 0, 0, 0, 0.9, 1, 0.8];
  const pushes = [0.9, 0.8, 1, 0.9, 0, 0, 0];
  const title = "A neural stack turns a word round: pushed s, t, o, p, read p, o, t, s";
  return movingPicture({ title, trace: runStack({ values, pops, pushes }), names, still: 4 });
}
