import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { countNgrams, MOST_ORDER, ngramBits } from "@/text/ngram_model.ts";

const K = 3;
const texts = fc.array(fc.integer({ min: 0, max: K - 1 }), { minLength: 1, maxLength: 30 });
const orders = fc.integer({ min: 1, max: 6 });

Deno.test("probabilities worked out by hand: orders 1 to 3 on a text of six symbols", () => {
  // a b a c a b, with K = 4: after "a" come b, c, b; after "ba" comes c.
  const [a, b, c, d] = [0, 1, 2, 3], text = [a, b, a, c, a, b];
  const model = countNgrams(text, { symbols: 4, order: 3 });
  // Order 1: six symbols of three kinds, so 3 of 9 parts go to 1/4 each.
  const unigram = { a: (3 + 3 / 4) / 9, b: (2 + 3 / 4) / 9, c: (1 + 3 / 4) / 9, d: (3 / 4) / 9 };
  // Order 2 after a: three symbols of two kinds.
  const afterA = { b: (2 + 2 * unigram.b) / 5, c: (1 + 2 * unigram.c) / 5, d: (2 * unigram.d) / 5 };
  // Order 3 after "ba": one symbol, c.
  const afterBA = { b: afterA.b / 2, c: (1 + afterA.c) / 2, d: afterA.d / 2 };
  const cases = [[b, unigram.b, afterA.b, afterBA.b], [c, unigram.c, afterA.c, afterBA.c], [
    d,
    unigram.d,
    afterA.d,
    afterBA.d,
  ]];
  for (const [symbol, ...expected] of cases) {
    const found = model.probabilities([c, b, a], 3, symbol);
    found.forEach((p, l) => assertAlmostEquals(p, expected[l], 1e-15));
  }
});

Deno.test("what follows an unknown context is predicted from the longest known one", () => {
  const model = countNgrams([0, 1, 0, 2, 0, 1], { symbols: 4, order: 3 });
  // "d" never comes before anything, and nothing follows "dd".
  const [one, two, three] = model.probabilities([3, 3], 2, 0);
  assertEquals([two, three], [one, one]);
  // After "d a" the context "a" is known, and "da" is not.
  const [, afterA, afterDA] = model.probabilities([3, 0], 2, 1);
  assertEquals(afterDA, afterA);
  // At the start of a text there is no context.
  assertEquals(new Set(model.probabilities([], 0, 1)).size, 1);
  assertEquals(model.probabilities([3, 0], 0, 1), model.probabilities([], 0, 1));
});

Deno.test("probabilities are above 0 and sum to 1, for every order and context", () => {
  fc.assert(fc.property(texts, texts, orders, (training, context, order) => {
    const model = countNgrams(training, { symbols: K, order });
    const all = Array.from(
      { length: K },
      (_, w) => model.probabilities(context, context.length, w),
    );
    for (let l = 0; l < order; l++) {
      const p = all.map((orders) => orders[l]);
      assert(p.every((p_w) => p_w > 0));
      assertAlmostEquals(p.reduce((sum, p_w) => sum + p_w), 1, 1e-12);
    }
  }));
});

/** The recursion as it is written, counts by looking through the text again and again. */
function literal(training: readonly number[], context: readonly number[], w: number): number {
  const ends = training.flatMap((_, t) =>
    t >= context.length && context.every((symbol, i) => training[t - context.length + i] === symbol)
      ? [t]
      : []
  );
  const shorter = context.length === 0 ? 1 / K : literal(training, context.slice(1), w);
  if (ends.length === 0) return shorter;
  const followers = ends.map((t) => training[t]), N = new Set(followers).size;
  const count = followers.filter((symbol) => symbol === w).length;
  return (count + N * shorter) / (ends.length + N);
}

Deno.test("a model equals the recursion with counts by search, on random texts", () => {
  fc.assert(fc.property(texts, texts, orders, (training, context, order) => {
    const model = countNgrams(training, { symbols: K, order });
    for (let w = 0; w < K; w++) {
      const found = model.probabilities(context, context.length, w);
      found.forEach((p, l) => {
        const last = context.slice(Math.max(0, context.length - l));
        assertAlmostEquals(p, literal(training, last, w), 1e-12);
      });
    }
  }));
});

Deno.test("a model of order n has in it those of all lower orders", () => {
  const text = Array.from({ length: 200 }, (_, t) => (t * t + (t >> 2)) % K);
  const whole = countNgrams(text, { symbols: K, order: 6 });
  for (let order = 1; order <= 6; order++) {
    const model = countNgrams(text, { symbols: K, order });
    assertEquals(ngramBits(model, text), ngramBits(whole, text).slice(0, order));
  }
});

Deno.test("the bits of a text are those of its symbols after the first", () => {
  const model = countNgrams([0, 0, 0, 1], { symbols: 2, order: 1 });
  const [p0, p1] = [(3 + 1) / 6, (1 + 1) / 6]; // two kinds, 2 of 6 parts to 1/2 each
  assertAlmostEquals(ngramBits(model, [1, 0, 1])[0], -(Math.log2(p0) + Math.log2(p1)) / 2);
});

Deno.test("a text of a rule of order 2 needs no bits with its context, and a bit without", () => {
  // Which symbol comes next depends on the last two: 0 0 1 1 0 0 1 1 …
  const text = Array.from({ length: 4000 }, (_, t) => Number(t % 4 >= 2));
  const [one, two, three] = ngramBits(countNgrams(text, { symbols: 2, order: 3 }), text);
  assertAlmostEquals(one, 1, 0.001);
  assertAlmostEquals(two, 1, 0.001);
  assert(three < 0.01);
});

Deno.test("orders, texts and symbols out of range are refused", () => {
  for (const order of [0, MOST_ORDER + 1, 1.5, NaN]) {
    assertThrows(
      () => countNgrams([0], { symbols: 1, order }),
      RangeError,
      "wanted an order from 1 to 8",
    );
  }
  assertThrows(
    () => countNgrams([], { symbols: 1, order: 1 }),
    RangeError,
    "wanted a text, got none",
  );
  for (const symbol of [2, -1, 0.5]) {
    const count = () => countNgrams([0, symbol], { symbols: 2, order: 1 });
    assertThrows(count, RangeError, `wanted symbols from 0 to 1, got ${symbol} at 1`);
  }
  const model = countNgrams([0], { symbols: 1, order: 1 });
  assertThrows(() => ngramBits(model, [0]), RangeError, "wanted at least 2 symbols, got 1");
});
