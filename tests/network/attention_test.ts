import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { range, sum } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { attend, attendBackward, type AttentionWeights } from "@/network/attention.ts";
import { numbers, vector, zerosLike } from "./random_numbers.ts";

const KINDS = ["additive", "dot product"] as const;
type Kind = (typeof KINDS)[number];

function randomWeights(random: RandomSource, kind: Kind, A: number, Q: number, C: number) {
  const weights: AttentionWeights = { Wq: numbers(random, A * Q), Wk: numbers(random, A * C) };
  return kind === "additive" ? { ...weights, w: numbers(random, A) } : weights;
}

const matrix = (random: RandomSource, rows: number, width: number): Matrix =>
  range(rows).map(() => vector(random, width));

/** Sizes, a query, keys and values, all at random. */
function randomCase(random: RandomSource, kind: Kind, S = random.integer(1, 5)) {
  const [A, Q, C, M] = range(4).map(() => random.integer(1, 4));
  return {
    weights: randomWeights(random, kind, A, Q, C),
    query: vector(random, Q),
    keys: matrix(random, S, C),
    values: matrix(random, S, M),
  };
}

Deno.test("by hand: additive scores, their softmax and the context, forwards and backwards", () => {
  // p = 2 · ½ = 1, k′ = 3 k = (−1, ln 2 − 1): e = 5 tanh(0) = 0 and 5 tanh(ln 2) = 3.
  const weights = {
    Wq: new Float64Array([2]),
    Wk: new Float64Array([3]),
    w: new Float64Array([5]),
  };
  const keys = [[-1 / 3], [(Math.LN2 - 1) / 3]];
  const step = attend(weights, [0.5], keys, [[1, 0], [0, 1]]), α = 1 / (1 + Math.exp(3));
  [0, 3].forEach((e, s) => assertAlmostEquals(step.scores[s], e, 1e-15));
  [α, 1 - α].forEach((weight, s) => {
    assertAlmostEquals(step.weights[s], weight, 1e-15);
    assertAlmostEquals(step.context[s], weight, 1e-15);
  });
  const gWeights = zerosLike(weights);
  const { gQuery, gKeys, gValues } = attendBackward(weights, gWeights, step, [10, 0]);
  assertEquals(gValues, [[10 * step.weights[0], 0], [10 * step.weights[1], 0]]);
  const gE = [10 * α * (1 - α), -10 * α * (1 - α)], slope = [5 * 1, 5 * (1 - 0.6 ** 2)];
  assertAlmostEquals(gWeights.w[0], gE[1] * 0.6, 1e-14);
  gE.forEach((g, s) => assertAlmostEquals(gKeys[s][0], 3 * g * slope[s], 1e-14));
  assertAlmostEquals(gQuery[0], 2 * (gE[0] * slope[0] + gE[1] * slope[1]), 1e-14);
});

Deno.test("by hand: dot products are divided by the root of their length", () => {
  const identity = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  const { scores } = attend({ Wq: identity, Wk: identity }, [1, 2, 3, 4], [
    [1, 1, 1, 1],
    [0, -1, 0, 2],
  ]);
  assertEquals(scores, [5, 3]);
});

Deno.test("with weights of 0 the context is the values' mean; with one key it is that key's value", () => {
  const random = seededRandom("mean");
  for (const kind of KINDS) {
    for (let n = 0; n < 20; n++) {
      const { weights, query, keys, values } = randomCase(random, kind);
      const S = keys.length, mean = values[0].map((_, m) => sum(values.map((v) => v[m])) / S);
      attend(zerosLike(weights), query, keys, values).context
        .forEach((z_m, m) => assertAlmostEquals(z_m, mean[m], 1e-15));
      const [key] = keys;
      assertEquals(attend(weights, query, [key], [values[0]]).context, values[0]);
    }
  }
});

Deno.test("values that are left out are the keys", () => {
  const { weights, query, keys } = randomCase(seededRandom("keys"), "additive");
  assertEquals(attend(weights, query, keys), attend(weights, query, keys, keys));
});

Deno.test("the order of the places does not matter: weights and gradients move with their keys", () => {
  const random = seededRandom("order");
  for (const kind of KINDS) {
    for (let n = 0; n < 20; n++) {
      const { weights, query, keys, values } = randomCase(random, kind, 5);
      const order = random.shuffle(range(5)), moved = (list: Matrix) => order.map((s) => list[s]);
      const step = attend(weights, query, keys, values),
        gContext = vector(random, values[0].length);
      const other = attend(weights, query, moved(keys), moved(values));
      other.context.forEach((z_m, m) => assertAlmostEquals(z_m, step.context[m], 1e-14));
      const g = attendBackward(weights, zerosLike(weights), step, gContext);
      const gOther = attendBackward(weights, zerosLike(weights), other, gContext);
      order.forEach((s, place) => {
        assertAlmostEquals(other.weights[place], step.weights[s], 1e-14);
        gOther.gKeys[place].forEach((x, c) => assertAlmostEquals(x, g.gKeys[s][c], 1e-13));
        gOther.gValues[place].forEach((x, m) => assertAlmostEquals(x, g.gValues[s][m], 1e-13));
      });
    }
  }
});

for (const kind of KINDS) {
  Deno.test(`the adjoint of ${kind} attention agrees with central differences`, () => {
    const random = seededRandom(kind);
    for (let n = 0; n < 16; n++) {
      const { passed, kinks, summary } = checkGradient({
        name: `${kind} attention`,
        f: ({ weights, query, keys, values }) => {
          const step = attend(weights, query, keys, values);
          return { weights: step.weights, context: step.context };
        },
        adjoint: ({ weights, query, keys, values }, { weights: gα, context: gContext }) => {
          // the weights as outputs: a value of 1 at one place more and 0 elsewhere has the weight as its mean
          const named = values.map((v, s) => [...v, ...values.map((_, r) => r === s ? 1 : 0)]);
          const gWeights = zerosLike(weights), step = attend(weights, query, keys, named);
          const g = attendBackward(weights, gWeights, step, [...gContext, ...gα]);
          const gValues = g.gValues.map((gV, s) => gV.slice(0, values[s].length));
          return { gWeights, gQuery: g.gQuery, gKeys: g.gKeys, gValues };
        },
        at: randomCase(random, kind),
        random,
      });
      assert(passed, summary);
      assertEquals(kinks, 0);
    }
  });
}

Deno.test("the gradient by the parameters adds up", () => {
  const random = seededRandom("twice");
  for (const kind of KINDS) {
    const { weights, query, keys, values } = randomCase(random, kind, 3);
    const step = attend(weights, query, keys, values), gContext = vector(random, values[0].length);
    const [once, twice] = [zerosLike(weights), zerosLike(weights)];
    attendBackward(weights, once, step, gContext);
    for (let n = 0; n < 2; n++) attendBackward(weights, twice, step, gContext);
    for (const name of Object.keys(weights) as (keyof AttentionWeights)[]) {
      twice[name]!.forEach((g, i) => assertAlmostEquals(g, 2 * once[name]![i], 1e-14));
    }
  }
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = randomWeights(seededRandom(1), "additive", 2, 3, 4);
  const query = [1, 2, 3], keys = [[1, 2, 3, 4], [5, 6, 7, 8]];
  assertThrows(() => attend(weights, query, []), TypeError, "wanted at least 1 key, got 0");
  assertThrows(
    () => attend(weights, query, keys, [[1]]),
    TypeError,
    "Cannot attend: wanted 2 rows of values, got 1",
  );
  assertThrows(() => attend(weights, [1, 2], keys), TypeError, "Cannot add vectors");
  assertThrows(
    () => attend({ ...weights, w: new Float64Array(3) }, query, keys),
    TypeError,
    "Cannot attend: wanted projections of 3 numbers, got 2",
  );
  assertThrows(
    () => attend({ Wq: weights.Wq.subarray(3), Wk: weights.Wk }, query, keys),
    TypeError,
    "Cannot attend: wanted projections of 1 numbers, got 2",
  );
  assertThrows(
    () => attendBackward(weights, zerosLike(weights), attend(weights, query, keys), [1]),
    TypeError,
    "Cannot reverse attention: wanted 4 gradients of the context, got 1",
  );
});
