import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { mean, range, sum } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import type { HiddenStates } from "@/text/hidden_states.ts";
import { lineFit, scoreUnits, separation } from "@/text/unit_scores.ts";

const random = seededRandom(1);
const noise = (count: number) => Float32Array.from(range(count), () => random.normal());

/** The share of pairs in the right order, pair by pair. */
function sharesOfPairs(x: Float32Array, y: Float64Array): number {
  const [ones, zeros] = [1, 0].map((label) => [...x].filter((_, t) => y[t] === label));
  const won = ones.flatMap((one) => zeros.map((zero) => one > zero ? 1 : one === zero ? 0.5 : 0));
  return mean(won);
}

Deno.test("AUC is the share of pairs in the right order, equal activations included", () => {
  for (const _ of range(20)) {
    const x = Float32Array.from(range(40), () => random.integer(0, 6));
    const y = Float64Array.from(range(40), (t) => t < 2 ? t : random.integer(0, 2));
    const share = sharesOfPairs(x, y);
    assertAlmostEquals(separation(x, y).score, Math.max(share, 1 - share));
  }
});

Deno.test("AUC orders negative activations below positive ones, and −0 is 0", () => {
  for (const _ of range(20)) {
    const x = noise(40).map((x_t) => Math.abs(x_t) < 0.3 ? (x_t < 0 ? -0 : 0) : x_t * 1e3);
    const y = Float64Array.from(range(40), (t) => t % 2), share = sharesOfPairs(x, y);
    assertAlmostEquals(separation(x, y).score, Math.max(share, 1 - share));
  }
});

Deno.test("a unit that is lower where the label is 1 keeps that sign, also where it would be worse", () => {
  const y = Float64Array.of(0, 1, 0, 1), falling = separation(Float32Array.of(2, 1, 2, 1), y);
  assertEquals(falling.score, 1);
  assertEquals(falling.scoreOf(Float32Array.of(1, 2, 1, 2), y), 0);
  assertEquals(separation(Float32Array.of(1, 2), Float64Array.of(1, 1)).score, 0.5);
});

Deno.test("R² of the fitted line is the square of the correlation, and no other line has more", () => {
  const x = noise(50), y = Float64Array.from(x, (x) => 3 - 2 * x + random.normal());
  const { score } = lineFit(x, y), [xMean, yMean] = [mean(x), mean(y)];
  const products = (a: ArrayLike<number>, aMean: number, b: ArrayLike<number>, bMean: number) =>
    sum(range(50).map((t) => (a[t] - aMean) * (b[t] - bMean)));
  const correlation = products(x, xMean, y, yMean) /
    Math.sqrt(products(x, xMean, x, xMean) * products(y, yMean, y, yMean));
  assertAlmostEquals(score, correlation ** 2, 1e-9);
  assertLess(lineFit(noise(50), y).scoreOf(x, y), score);
  assertEquals(lineFit(new Float32Array(50), y).score, 0);
});

/** A network of units with these activations. */
const statesOf = (...h: Float32Array[]): HiddenStates => ({
  symbols: h[0].length,
  layers: [{ h }],
});

Deno.test("the chosen unit is the best on one half, and its score on the other is another", () => {
  const T = 4000, labels = Float64Array.from(range(T), (t) => t % 7);
  const isFirst = (t: number) => Math.floor(t / 1000) % 2 === 0;
  const knowing = Float32Array.from(labels, (y) => y + random.normal());
  const knowsFirst = Float32Array.from(labels, (y, t) => isFirst(t) ? y : -y);
  const scored = scoreUnits(statesOf(noise(T), knowing, knowsFirst), labels, lineFit);
  assertEquals(scored.map(({ unit }) => unit.index), [2, 1, 0]);
  assertAlmostEquals(scored[0].chosen, 1);
  assertLess(scored[0].held, -1);
  assert(scored[1].chosen > 0.7 && scored[1].held > 0.7);
  assertLess(Math.abs(scored[2].held), 0.01);
});

Deno.test("a last block that is shorter counts in its half", () => {
  const labels = Float64Array.from(range(2500), (t) => Number(t % 3 === 0));
  const exact = Float32Array.from(labels), other = exact.slice();
  other.fill(0, 2000); // in the third block, which is in the first half
  const scored = scoreUnits(statesOf(other, exact), labels, separation);
  assertEquals(scored.map(({ unit }) => unit.index), [1, 0]);
  assertEquals(scored.map(({ held }) => held), [1, 1]);
});

Deno.test("there is a label for each symbol", () => {
  const states = statesOf(noise(5));
  assertThrows(() => scoreUnits(states, new Float64Array(4), lineFit), RangeError, "got 4");
});
