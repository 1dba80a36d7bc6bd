import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { softmax } from "@/math/activations.ts";
import { seededRandom } from "@/math/random.ts";
import { sampleSymbol, sampleSymbols, samplingProbabilities } from "@/text/sampling.ts";

const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
});
const temperatures = fc.double({ min: 0.05, max: 50, noNaN: true });
/** Nothing that a test of probabilities may draw. */
const noDraw = {
  uniform(): number {
    throw new Error("drew a number");
  },
};

Deno.test("probabilities are the softmax of the logits divided by the temperature", () => {
  fc.assert(fc.property(logits, temperatures, (x, temperature) => {
    const expected = softmax(x.map((x_k) => x_k / temperature));
    const p = samplingProbabilities(x, { temperature });
    p.forEach((p_k, k) => assertAlmostEquals(p_k, expected[k], 1e-12));
  }));
});

Deno.test("with topK, exactly the greatest logits keep their ratios, and all others get 0", () => {
  fc.assert(
    fc.property(logits, temperatures, fc.integer({ min: 1, max: 14 }), (x, temperature, topK) => {
      const all = samplingProbabilities(x, { temperature });
      const p = samplingProbabilities(x, { temperature, topK });
      const order = x.map((_, k) => k).sort((i, j) => x[j] - x[i] || i - j);
      const kept = order.slice(0, topK), sum = kept.reduce((sum, k) => sum + all[k], 0);
      for (const k of order) {
        assertAlmostEquals(p[k], kept.includes(k) ? all[k] / sum : 0, 1e-12);
      }
      if (topK >= x.length) assertEquals(p, all);
    }),
  );
});

Deno.test("as the temperature falls to 0, the greatest logits share everything; at 0 the first takes it", () => {
  const x = [1, 3, 2, 3];
  for (const temperature of [1e-2, 1e-12, Number.MIN_VALUE]) {
    assertEquals(
      [...samplingProbabilities(x, { temperature })].map((p) => Math.round(1e9 * p) / 1e9),
      [
        0,
        0.5,
        0,
        0.5,
      ],
    );
  }
  assertEquals([...samplingProbabilities(x, { temperature: 0 })], [0, 1, 0, 0]);
  assertEquals(sampleSymbol(x, { temperature: 0 }, noDraw), 1);
  assertEquals(sampleSymbol([0, 0], { temperature: 0, topK: 1 }, noDraw), 0);
});

Deno.test("as the temperature rises, all symbols become equally likely", () => {
  for (const p_k of samplingProbabilities([-20, 0, 20], { temperature: 1e9 })) {
    assertAlmostEquals(p_k, 1 / 3, 1e-6);
  }
});

Deno.test("of equal logits at the border of topK the first count, and topK 1 is argmax", () => {
  assertEquals(
    [...samplingProbabilities([5, 5, 5, 9], { temperature: 1e9, topK: 3 })].map((p) => p > 0),
    [
      true,
      true,
      false,
      true,
    ],
  );
  const random = seededRandom(1);
  for (let n = 0; n < 20; n++) {
    assertEquals(sampleSymbol([2, 7, 7], { temperature: 9, topK: 1 }, random), 1);
  }
});

/** χ² of counts against probabilities; those of 0 must have no count. */
function chiSquare(counts: readonly number[], p: ArrayLike<number>): number {
  const drawn = counts.reduce((sum, count) => sum + count);
  return counts.reduce((sum, count, k) => {
    if (p[k] === 0) assertEquals(count, 0);
    return p[k] === 0 ? sum : sum + (count - drawn * p[k]) ** 2 / (drawn * p[k]);
  }, 0);
}

Deno.test("symbols are drawn with these probabilities: chi-square over 40,000 draws", () => {
  const x = [0, 1, -1, 2, 0.5, -3], random = seededRandom("chi-square");
  const rules = [{ temperature: 1 }, { temperature: 0.5 }, { temperature: 2 }, {
    temperature: 1,
    topK: 3,
  }];
  for (const rule of rules) {
    const p = samplingProbabilities(x, rule), counts = x.map(() => 0);
    for (let n = 0; n < 40_000; n++) counts[sampleSymbol(x, rule, random)]++;
    // With 5 degrees of freedom χ² is above 20.5 once in a thousand times; with fewer, more rarely.
    assertLess(chiSquare(counts, p), 20.5, JSON.stringify(rule));
  }
});

Deno.test("the drawn number chooses the symbol by the sum of the probabilities up to it", () => {
  const draw = (y: number) => sampleSymbol([0, 0, 0, 0], { temperature: 1 }, { uniform: () => y });
  assertEquals([0, 0.2499, 0.25, 0.5, 0.75, 1 - 2 ** -53].map(draw), [0, 0, 1, 2, 3, 3]);
  // Sums that stay below 1 by rounding: the last symbol that can be drawn is taken, not one after it.
  const x = [...Array(10).fill(0), -1e6];
  assertEquals(sampleSymbol(x, { temperature: 1 }, { uniform: () => 1 }), 9);
});

Deno.test("what cannot be sampled from is refused", () => {
  const sample = (x: number[], rule: { temperature: number; topK?: number }) => () =>
    samplingProbabilities(x, rule);
  for (const temperature of [-1, NaN, Infinity]) {
    assertThrows(
      sample([0], { temperature }),
      RangeError,
      "wanted a finite temperature of at least 0",
    );
  }
  for (const topK of [0, -1, 1.5, NaN]) {
    assertThrows(sample([0], { temperature: 1, topK }), RangeError, "wanted a topK of at least 1");
  }
  assertThrows(sample([], { temperature: 1 }), RangeError, "wanted logits, got none");
  for (const logit of [NaN, Infinity, -Infinity]) {
    assertThrows(sample([0, logit], { temperature: 0 }), RangeError, `got ${logit} for symbol 1`);
  }
});

/** A network whose logits say how often it has read each symbol. */
function counting(K: number) {
  const fed: number[] = [];
  let [starts, counts] = [0, new Float32Array(K)];
  return {
    fed,
    get starts() {
      return starts;
    },
    start(strings: number) {
      assertEquals(strings, 1);
      starts++;
      counts = new Float32Array(K);
    },
    step([symbol]: Int32Array) {
      fed.push(symbol);
      counts[symbol]++;
      return counts;
    },
  };
}

Deno.test("a network reads the prompt, then each symbol that it has written", () => {
  const network = counting(3), random = seededRandom(1);
  const request = { prompt: [2, 0, 1], length: 4, rule: { temperature: 0 }, random };
  assertEquals([...sampleSymbols(network, request)], [0, 0, 0, 0]);
  assertEquals([network.starts, network.fed], [1, [2, 0, 1, 0, 0, 0]]);
  assertEquals([...sampleSymbols(network, { ...request, length: 0 })], []);
});

Deno.test("the same seed writes the same text, another seed another one", () => {
  const write = (seed: number) => {
    const rule = { temperature: 1 }, random = seededRandom(seed);
    return [...sampleSymbols(counting(5), { prompt: [0], length: 40, rule, random })];
  };
  assertEquals(write(7), write(7));
  assert(write(7).join() !== write(8).join());
});

Deno.test("a network cannot write without a prompt", () => {
  const request = { prompt: [], length: 1, rule: { temperature: 1 }, random: seededRandom(1) };
  assertThrows(
    () => [...sampleSymbols(counting(2), request)],
    RangeError,
    "wanted a prompt of at least 1 symbol",
  );
});
