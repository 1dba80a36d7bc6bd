import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { type RandomSource, restoreRandom, seededRandom } from "@/math/random.ts";

const draws = (n: number, draw: () => number) => Array.from({ length: n }, () => draw());
const mean = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/**
 * Fails if counts that should be equal differ more than chance allows: χ² has mean k − 1 and variance
 * 2 (k − 1), and five deviations above the mean is less than one in 10⁴ for any k here.
 */
function assertEven(counts: number[]): void {
  const expected = mean(counts);
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  assertLess(chiSquare, freedom + 5 * Math.sqrt(2 * freedom));
}

Deno.test("the streams of seed 1 and of a word are what they always were", () => {
  const uniforms = [0.28197071505174154, 0.9496443205442323, 0.9402349940136883];
  assertEquals(draws(3, seededRandom(1).uniform), uniforms);
  const normals = [0.042842234843411965, -0.02077389038782621, -0.7168944727250197];
  const { normal } = seededRandom(1);
  for (const wanted of normals) assertAlmostEquals(normal(), wanted, 1e-15);
  const { integer } = seededRandom("stack");
  assertEquals(draws(8, () => integer(0, 100)), [64, 93, 17, 23, 18, 38, 55, 71]);
});

Deno.test("every seed has its own stream, and 1 and '1' are one seed", () => {
  const seeds = [0, 1, 2, -1, 2 ** 32 - 1, 2 ** 32, 2 ** 64, 0.5, 1e-300, "", "a", "b", "ab", "ba"];
  const firsts = seeds.map((seed) => seededRandom(seed).uniform());
  assertEquals(new Set(firsts).size, seeds.length);
  assertEquals(seededRandom("1").uniform(), seededRandom(1).uniform());
});

Deno.test("neighbouring seeds have unrelated streams", () => {
  const firsts = draws(
    20_000,
    (() => {
      let seed = 0;
      return () => seededRandom(seed++).uniform();
    })(),
  );
  const counts = new Array(100).fill(0);
  for (let i = 0; i + 1 < firsts.length; i += 2) {
    counts[Math.floor(firsts[i] * 10) * 10 + Math.floor(firsts[i + 1] * 10)]++;
  }
  assertEven(counts);
});

/** Calls that a program may make of a source, each giving something to compare. */
const calls: ((random: RandomSource) => unknown)[] = [
  (random) => random.uniform(),
  (random) => random.uniform(-2, 3),
  (random) => random.normal(),
  (random) => random.normal(5, 0.1),
  (random) => random.integer(-3, 4),
  (random) => random.integer(0, 2 ** 32),
  (random) => random.shuffle([1, 2, 3, 4, 5]),
];
const program = fc.array(fc.nat({ max: calls.length - 1 }), { maxLength: 30 });

Deno.test("a state that went through JSON continues every stream bit for bit", () => {
  const property = fc.property(fc.string(), program, program, (seed, before, after) => {
    const random = seededRandom(seed);
    before.forEach((call) => calls[call](random));
    const copy = restoreRandom(JSON.parse(JSON.stringify(random.state())));
    for (const call of after) assertEquals(calls[call](copy), calls[call](random));
    assertEquals(copy.state(), random.state());
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

Deno.test("a spare normal is part of the state, and taking a state takes nothing from the stream", () => {
  const random = seededRandom(1);
  const [first, second] = draws(2, random.normal);
  const again = seededRandom(1);
  assertEquals(again.state().spareNormal, null);
  assertEquals(again.normal(), first);
  assertEquals(again.state().spareNormal, second);
  assertEquals(restoreRandom(again.state()).normal(), second);
  assertEquals(again.normal(), second);
});

Deno.test("uniform numbers fill their range evenly", () => {
  const { uniform } = seededRandom(2);
  const counts = new Array(1000).fill(0);
  for (let i = 0; i < 200_000; i++) counts[Math.floor(uniform() * 1000)]++;
  assertEven(counts);
  const shifted = draws(10_000, () => uniform(-3, -1));
  assert(shifted.every((x) => x >= -3 && x < -1));
  assertLess(Math.abs(mean(shifted) + 2), 0.02);
  assertEquals(uniform(4, 4), 4);
});

Deno.test("uniform numbers have 53 bits, the last as random as the first", () => {
  const { uniform } = seededRandom(3);
  const ones = new Array(53).fill(0);
  for (let i = 0; i < 4000; i++) {
    const bits = BigInt(uniform() * 2 ** 53);
    for (let bit = 0; bit < 53; bit++) ones[bit] += Number((bits >> BigInt(bit)) & 1n);
  }
  // The count of ones has deviation √4000 / 2 = 32.
  for (const count of ones) assertLess(Math.abs(count - 2000), 150);
});

Deno.test("normal numbers have the moments and the tails of the normal distribution", () => {
  const { normal } = seededRandom(4);
  const numbers = draws(200_000, normal);
  const moment = (power: number) => mean(numbers.map((x) => x ** power));
  assertLess(Math.abs(moment(1)), 0.01);
  assertLess(Math.abs(moment(2) - 1), 0.015);
  assertLess(Math.abs(moment(3)), 0.04);
  assertLess(Math.abs(moment(4) - 3), 0.12);
  const beyond2 = mean(numbers.map((x) => Math.abs(x) > 2 ? 1 : 0));
  assertLess(Math.abs(beyond2 - 0.0455), 0.002);
  const paired = mean(numbers.slice(1).map((x, i) => x * numbers[i]));
  assertLess(Math.abs(paired), 0.012);
});

Deno.test("normal numbers take the mean and deviation asked for", () => {
  const [standard, scaled] = [seededRandom(5), seededRandom(5)];
  for (let i = 0; i < 10; i++) assertEquals(scaled.normal(3, 0.5), 3 + 0.5 * standard.normal());
  assertEquals(scaled.normal(7, 0), 7);
});

Deno.test("integers come from low up to, and never at, high, each equally often", () => {
  const { integer } = seededRandom(6);
  for (const [low, high] of [[0, 6], [-3, 4], [10, 11], [0, 128], [5, 105]]) {
    const counts = new Array(high - low).fill(0);
    for (let i = 0; i < 200 * counts.length; i++) {
      const drawn = integer(low, high);
      assert(drawn >= low && drawn < high, `${drawn} is not in [${low}, ${high})`);
      counts[drawn - low]++;
    }
    if (counts.length > 1) assertEven(counts);
  }
});

Deno.test("integers are even where a remainder of 32 bits would favour the low ones", () => {
  const { integer } = seededRandom(7);
  const third = 2 ** 30;
  const counts = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) counts[Math.floor(integer(0, 3 * third) / third)]++;
  assertEven(counts);
  const wide = draws(10_000, () => integer(-(2 ** 31), 2 ** 31));
  assertLess(Math.abs(mean(wide)) / 2 ** 32, 0.02);
  assert(Math.min(...wide) < -(2 ** 30) && Math.max(...wide) > 2 ** 30);
});

Deno.test("a shuffle keeps the items, works in place, and makes every order equally often", () => {
  const { shuffle } = seededRandom(8);
  const items = ["a", "b", "c", "d"];
  assert(shuffle(items) === items);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = shuffle(["a", "b", "c", "d"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  assertEven([...counts.values()]);
  for (const order of counts.keys()) assertEquals([...order].sort().join(""), "abcd");
});

Deno.test("a shuffle takes typed arrays, one item, and none", () => {
  const { shuffle } = seededRandom(9);
  const numbers = shuffle(new Float64Array([3, 1, 2]));
  assertEquals([...numbers].sort(), [1, 2, 3]);
  assertEquals(shuffle(["alone"]), ["alone"]);
  assertEquals(shuffle([]), []);
});

Deno.test("seeds that are no seeds are refused", () => {
  for (const seed of [NaN, Infinity, -Infinity]) {
    assertThrows(
      () => seededRandom(seed),
      RangeError,
      `Cannot seed: wanted a finite number, got ${seed}`,
    );
  }
  assertThrows(
    () => seededRandom(undefined as unknown as number),
    TypeError,
    "Cannot seed: wanted a number or a text, got undefined",
  );
});

Deno.test("ranges that hold nothing are refused", () => {
  const random = seededRandom(1);
  const before = random.state();
  assertThrows(() => random.uniform(1, 0), RangeError, "wanted high − low finite and at least 0");
  assertThrows(() => random.uniform(0, Infinity), RangeError, "got Infinity");
  assertThrows(() => random.uniform(NaN, 1), RangeError, "got NaN");
  assertThrows(() => random.normal(0, -1), RangeError, "wanted deviation finite and at least 0");
  assertThrows(() => random.normal(0, NaN), RangeError, "got NaN");
  assertThrows(() => random.normal(Infinity), RangeError, "wanted a finite mean, got Infinity");
  assertThrows(() => random.integer(0, 0), RangeError, "numbers to choose from, got 0");
  assertThrows(() => random.integer(2, 1), RangeError, "numbers to choose from, got -1");
  assertThrows(() => random.integer(0, 2 ** 32 + 1), RangeError, "got 4294967297");
  assertThrows(() => random.integer(0, 1.5), RangeError, "wanted whole bounds, got 0 and 1.5");
  assertThrows(() => random.integer(NaN, 1), RangeError, "wanted whole bounds, got NaN and 1");
  assertEquals(random.state(), before);
});

Deno.test("what is not a state is refused", () => {
  const state = seededRandom(1).state();
  const restoring = (wrong: object) => () => restoreRandom({ ...state, ...wrong });
  const action = "Cannot restore random numbers: wanted";
  assertThrows(restoring({ generator: "mt19937" }), TypeError, `${action} generator tychei`);
  assertThrows(restoring({ a: 0.5 }), TypeError, `${action} four 32-bit words, got 0.5`);
  assertThrows(restoring({ d: 2 ** 31 }), TypeError, `${action} four 32-bit words`);
  assertThrows(restoring({ c: undefined }), TypeError, `${action} four 32-bit words`);
  assertThrows(restoring({ spareNormal: Infinity }), TypeError, `${action} a spare normal or null`);
  assertThrows(restoring({ spareNormal: undefined }), TypeError, `${action} a spare normal`);
  assertThrows(() => restoreRandom(JSON.parse("null")), TypeError, `${action} generator tychei`);
});

Deno.test("a state is a snapshot: drawing on does not change it", () => {
  const random = seededRandom(1);
  const state = random.state();
  const first = random.uniform();
  assertNotEquals(random.state(), state);
  assertEquals(restoreRandom(state).uniform(), first);
});
