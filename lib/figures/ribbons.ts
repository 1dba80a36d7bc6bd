/**
 * Ribbons that lead each row of a stack from one pile to the next.
 *
 * @module
 */
import { tint } from "./colours.ts";
import type { Block } from "./depths.ts";
import type { Layout } from "./figure.ts";
import type { Piles } from "./piles.ts";
import { rounded } from "./rounding.ts";

type Shape = NonNullable<Layout["shapes"]>[number];

/** From the right edge of a pile, at `x0`, to the left edge of the next, at `x1`. */
function ribbon(from: Block, to: Block, x0: number, x1: number, colour: string): Shape {
  const [a, b, c, d] = [from.top, to.top, to.bottom, from.bottom].map((y) => rounded(y));
  const [left, right, x] = [x0, x1, (x0 + x1) / 2].map((x) => rounded(x));
  return {
    type: "path",
    path: `M${left},${a}C${x},${a} ${x},${b} ${right},${b}L${right},${c}` +
      `C${x},${c} ${x},${d} ${left},${d}Z`,
    fillcolor: tint(colour, 0.25),
    line: { width: 0 },
    layer: "below",
  };
}

/**
 * Draws a ribbon for what stays of each row, and another for what is popped of it.
 *
 * @example Half of the only row goes, half of it stays.
 * ```ts
 * import { ribbons } from "@/figures/ribbons.ts";
 * import { pilesOf } from "@/figures/piles.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const piles = pilesOf(runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 1] }));
 * assertEquals(ribbons(piles, ["#0072B2", "#E69F00"], 0.25).length, 2);
 * ```
 * @param piles The run; pile t stands at x = t + 1.
 * @param colours Colour of each row.
 * @param half Half the width of a pile, in steps.
 * @returns Layout shapes, to lie below the piles.
 */
export function ribbons(piles: Piles, colours: readonly string[], half: number): Shape[] {
  return piles.held.slice(1).flatMap((next, t) =>
    piles.held[t].flatMap((from) => {
      const stays = next.find((block) => block.row === from.row);
      const goes = piles.popped[t + 1].find((block) => block.row === from.row);
      const cut = from.top + (goes ? goes.bottom - goes.top : 0);
      const [x0, x1] = [t + 1 + half, t + 2 - half];
      return [
        ...(goes ? [ribbon({ ...from, bottom: cut }, goes, x0, x1, colours[from.row])] : []),
        ...(stays ? [ribbon({ ...from, top: cut }, stays, x0, x1, colours[from.row])] : []),
      ];
    })
  );
}
