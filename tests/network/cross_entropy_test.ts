import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import { crossEntropy, crossEntropyBackward } from "@/network/cross_entropy.ts";
import { vector } from "./random_numbers.ts";

Deno.test("by hand: odds of 1 : 2 : 5", () => {
  const logits = [1, 2, 5].map(Math.log);
  [1 / 8, 2 / 8, 5 / 8].forEach((p, k) => {
    assertAlmostEquals(crossEntropy(logits, k), -Math.log(p), 1e-15);
  });
  const g = crossEntropyBackward(logits, 1, 8);
  [1, -6, 5].forEach((g_k, k) => assertAlmostEquals(g[k], g_k, 1e-14));
});

Deno.test("logits too large for their powers overflow nothing", () => {
  assertEquals(crossEntropy([1e300, 0, -1e300], 0), 0);
  assertEquals(crossEntropy([1e300, 0, -1e300], 1), 1e300);
  assertEquals(crossEntropy([800, 800], 0), Math.LN2);
  assertEquals(crossEntropy([-800, -800], 0), Math.LN2);
  assertEquals(crossEntropyBackward([-800, 800], 0, 1), [-1, 1]);
  assertEquals(crossEntropyBackward([800, 800, -800], 1, 2), [1, -1, 0]);
});

Deno.test("the cross-entropy's adjoint agrees with central differences", () => {
  const random = seededRandom("cross-entropy");
  for (let n = 0; n < 40; n++) {
    const K = random.integer(1, 8), target = random.integer(0, K);
    const { passed, kinks, summary } = checkGradient({
      name: `cross-entropy of symbol ${target} of ${K}`,
      f: ({ logits }) => [crossEntropy(logits, target)],
      adjoint: ({ logits }, [g]) => ({ gLogits: crossEntropyBackward(logits, target, g) }),
      at: { logits: vector(random, K).map((x) => 3 * x) },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("what is not a symbol, and what is not a number, is refused", () => {
  for (const target of [-1, 2, 0.5, NaN]) {
    const message = `wanted a target from 0 to 1, got ${target}`;
    assertThrows(() => crossEntropy([1, 2], target), RangeError, message);
    assertThrows(() => crossEntropyBackward([1, 2], target, 1), RangeError, message);
  }
  const message = "wanted finite logits, got NaN at 1";
  assertThrows(() => crossEntropy([1, NaN], 0), RangeError, message);
  assertThrows(() => crossEntropyBackward([1, NaN], 0, 1), RangeError, message);
});
