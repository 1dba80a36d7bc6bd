import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import { embed, embedBackward } from "@/network/embedding.ts";
import { numbers } from "./random_numbers.ts";

Deno.test("a symbol is its row, and only its row is felt", () => {
  const W = new Float64Array([10, 11, 12, 20, 21, 22]), gW = new Float64Array(6).fill(1);
  assertEquals([embed(W, 3, 0), embed(W, 3, 1)], [[10, 11, 12], [20, 21, 22]]);
  embedBackward(gW, 1, [5, 6, 7]);
  assertEquals([...gW], [1, 1, 1, 6, 7, 8]);
});

Deno.test("what was looked up is a copy: changing it changes no weight", () => {
  const W = new Float64Array([1, 2]);
  embed(W, 2, 0)[0] = 9;
  assertEquals([...W], [1, 2]);
});

Deno.test("the embedding's adjoint agrees with central differences, symbols that come twice included", () => {
  const random = seededRandom(1);
  for (let n = 0; n < 10; n++) {
    const [K, E] = [random.integer(1, 5), random.integer(1, 4)];
    const symbols = Array.from({ length: 4 }, () => random.integer(0, K));
    const { passed, summary } = checkGradient({
      name: `an embedding of ${K} symbols in ${E} numbers`,
      f: ({ W }) => symbols.map((x) => embed(W, E, x)),
      adjoint: ({ W }, gEs) => {
        const gW = new Float64Array(W.length);
        symbols.forEach((x, t) => embedBackward(gW, x, gEs[t]));
        return { gW };
      },
      at: { W: numbers(random, K * E) },
      random,
    });
    assert(passed, summary);
  }
});

Deno.test("a symbol that is not there is refused, forwards and backwards", () => {
  const W = new Float64Array(6);
  for (const x of [-1, 3, 0.5, NaN]) {
    const message = `Cannot embed: wanted a symbol from 0 to 2, got ${x}`;
    assertThrows(() => embed(W, 2, x), RangeError, message);
    assertThrows(() => embedBackward(W, x, [1, 2]), RangeError, message);
  }
  assertThrows(() => embed(W, 4, 0), TypeError, "wanted rows of 4 weights, got 6 weights");
});
