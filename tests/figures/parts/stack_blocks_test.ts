import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { nextStrengths, readWeights, runStack } from "@/memory/stack.ts";
import {
  type Block,
  heldBlocks,
  pilesOverTime,
  poppedBlocks,
  splitAtDepth,
} from "@/figures/parts/stack_blocks.ts";

const strength = fc.integer({ min: 0, max: 20 }).map((tenths) => tenths / 10);
const stack = fc.array(strength, { minLength: 1, maxLength: 8 });

function thickness(blocks: Block[], row: number): number {
  return blocks.filter((block) => block.row === row)
    .reduce((sum, block) => sum + block.bottom - block.top, 0);
}

Deno.test("a block is as thick as its row is strong, and blocks touch from the surface down", () => {
  fc.assert(fc.property(stack, (s) => {
    const blocks = heldBlocks(s);
    s.forEach((s_i, i) => assertAlmostEquals(thickness(blocks, i), s_i, 1e-9));
    let depth = 0;
    for (const block of blocks) {
      assertEquals(block.top, depth);
      depth = block.bottom;
    }
    assertEquals(blocks.map((block) => block.row), blocks.map((b) => b.row).sort((a, b) => b - a));
  }));
});

Deno.test("what lies above depth 1 is what equation (3) reads", () => {
  fc.assert(fc.property(stack, (s) => {
    const { above, below } = splitAtDepth(heldBlocks(s), 1);
    readWeights(s).forEach((w_i, i) => {
      assertAlmostEquals(thickness(above, i), w_i, 1e-9);
      assertAlmostEquals(thickness(above, i) + thickness(below, i), s[i], 1e-9);
    });
  }));
});

Deno.test("what is lifted above the surface is what equation (2) takes off", () => {
  fc.assert(fc.property(stack, strength, strength, (sPrev, u, d) => {
    const s = nextStrengths(sPrev, u, d);
    const above = poppedBlocks(sPrev, s);
    sPrev.forEach((before, i) => assertAlmostEquals(thickness(above, i), before - s[i], 1e-9));
    const taken = Math.min(u, sPrev.reduce((sum, s_i) => sum + s_i, 0));
    assertAlmostEquals(above.length === 0 ? 0 : above[0].top, -taken, 1e-9);
    if (above.length > 0) assertAlmostEquals(above.at(-1)!.bottom, 0, 1e-9);
  }));
});

Deno.test("the rounding error of an emptied row is no block", () => {
  assertEquals(heldBlocks([0.1 + 0.2 - 0.3, 0.5]).map((block) => block.row), [1]);
});

Deno.test("piles reach as deep as the deepest and as high as the highest of them", () => {
  const piles = pilesOverTime(runStack({
    values: [[1], [2], [3]],
    pops: [0, 0, 1.5],
    pushes: [1, 1, 0],
  }));
  assertEquals([piles.deepest, piles.highest], [2, -1.5]);
  assert(pilesOverTime(runStack({ values: [[1]], pops: [0], pushes: [0.5] })).deepest === 1);
});
