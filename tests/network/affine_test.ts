import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import { accumulate, product, productBackward, sum } from "@/network/affine.ts";
import { numbers, vector } from "./random_numbers.ts";

Deno.test("by hand: two sums of three numbers, forwards and backwards", () => {
  const W = new Float64Array([1, 2, 3, 4, 5, 6]), gW = new Float64Array(6);
  assertEquals(product(W, [1, 10, 100]), [321, 654]);
  assertEquals(productBackward(W, gW, [1, 10, 100], [2, -1]), [-2, -1, 0]);
  assertEquals([...gW], [2, 20, 200, -1, -10, -100]);
  assertEquals(sum([1, 2], [10, 20], new Float64Array([100, 200])), [111, 222]);
  accumulate(gW, [0, 1, 2, 3, 4, 5]);
  assertEquals([...gW], [2, 21, 202, 2, -6, -95]);
});

Deno.test("the product's adjoint agrees with central differences", () => {
  const random = seededRandom(1);
  for (let n = 0; n < 20; n++) {
    const [J, I] = [random.integer(1, 6), random.integer(1, 6)];
    const { passed, summary } = checkGradient({
      name: `the product of a ${J} × ${I} matrix`,
      f: ({ W, x }) => product(W, x),
      adjoint: ({ W, x }, gY) => {
        const gW = new Float64Array(W.length);
        return { gX: productBackward(W, gW, x, gY), gW };
      },
      at: { W: numbers(random, J * I), x: vector(random, I) },
      random,
    });
    assert(passed, summary);
  }
});

Deno.test("the gradient by the weights adds up", () => {
  const gW = new Float64Array([1, 2]);
  for (let n = 0; n < 2; n++) productBackward(new Float64Array(2), gW, [3, 5], [10]);
  assertEquals([...gW], [61, 102]);
});

Deno.test("shapes that do not fit are refused", () => {
  const refused = (fn: () => unknown, message: string) => assertThrows(fn, TypeError, message);
  const five = new Float64Array(5), six = new Float64Array(6);
  refused(() => product(five, [1, 2]), "wanted rows of 2 weights, got 5 weights");
  refused(() => product(five, []), "wanted rows of 0 weights, got 5 weights");
  refused(() => productBackward(five, six, [1, 2], [1, 2, 3]), "wanted 3 × 2 weights, got 5");
  refused(() => productBackward(six, five, [1, 2], [1, 2, 3]), "wanted 3 × 2 weights, got 5");
  refused(() => sum([1, 2], [1, 2], [1]), "Cannot add vectors: wanted 2 numbers, got 1");
  refused(() => accumulate(five, [1]), "Cannot add vectors: wanted 5 numbers, got 1");
});
