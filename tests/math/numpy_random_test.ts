import { assert, assertEquals, assertThrows } from "@std/assert";
import { type NumpyRandom, numpyRandom } from "@/math/numpy_random.ts";
import { checksums, firstNumbers, interleaved, laterNumbers, matrices } from "./numpy_values.ts";

/** numpy's logarithm is that of its C library, so a normal may differ by two units in the last place. */
function assertSameNormals(got: number[], wanted: number[]): void {
  assertEquals(got.length, wanted.length);
  got.forEach((normal, i) => {
    const lastPlace = 2 ** (Math.floor(Math.log2(Math.abs(wanted[i]))) - 52);
    assert(Math.abs(normal - wanted[i]) <= 2 * lastPlace, `${normal} is not ${wanted[i]}`);
  });
}

const times = (n: number, draw: () => number) => Array.from({ length: n }, draw);

for (const { seed, rand, randn, digits, belowAPrime, fromMinusFive } of firstNumbers) {
  Deno.test(`seed ${seed} gives the numbers that numpy gives`, () => {
    assertEquals(numpyRandom(seed).rand(rand.length), rand);
    assertSameNormals(numpyRandom(seed).randn(randn.length), randn);
    let np = numpyRandom(seed);
    assertEquals(times(digits.length, () => np.randint(0, 10)), digits);
    np = numpyRandom(seed);
    assertEquals(times(belowAPrime.length, () => np.randint(1000003)), belowAPrime);
    np = numpyRandom(seed);
    assertEquals(times(fromMinusFive.length, () => np.randint(-5, 2 ** 31)), fromMinusFive);
  });
}

Deno.test("the published first numbers of seeds 0, 1 and 42 come back", () => {
  assertEquals(numpyRandom(0).rand(), 0.5488135039273248);
  assertEquals(numpyRandom(1).rand(), 0.417022004702574);
  assertEquals(numpyRandom(42).rand(), 0.3745401188473625);
  assertSameNormals(numpyRandom(0).randn(1), [1.764052345967664]);
  assertSameNormals(numpyRandom(1).randn(1), [1.6243453636632417]);
  assertSameNormals(numpyRandom(42).randn(1), [0.4967141530112327]);
});

for (const { after, rand, randn, randint } of laterNumbers) {
  Deno.test(`the stream is numpy's after ${2 * after} words of 624 a batch`, () => {
    const np = numpyRandom(42);
    np.rand(after);
    assertEquals(np.rand(3), rand);
    assertSameNormals(np.randn(3), randn);
    assertEquals(times(3, () => np.randint(0, 1000)), randint);
  });
}

Deno.test("calls of every kind in any order take from the stream what numpy's take", () => {
  const np = numpyRandom(7);
  for (const { call, bounds, result } of interleaved) {
    if (call === "randn") assertSameNormals([np.randn()], [result]);
    else assertEquals(drawAs(np, call, bounds), result, `${call}(${bounds})`);
  }
});

function drawAs(np: NumpyRandom, call: string, [low, high]: number[]): number {
  if (call === "rand") return np.rand();
  return call === "randint" ? np.randint(low, high) : np.uniform(low, high);
}

Deno.test(`${checksums.draws} draws are numpy's to the last bit, in numpy's order`, () => {
  const checksum = (draw: () => number) => {
    let sum = 0n;
    for (let i = 1; i <= checksums.draws; i++) sum += BigInt(i) * BigInt(draw());
    return BigInt.asUintN(64, sum);
  };
  let np = numpyRandom(2015);
  assertEquals(checksum(() => np.rand() * 2 ** 53), checksums.rand);
  np = numpyRandom(2015);
  assertEquals(checksum(() => np.randint(0, 2 ** 31 + 1)), checksums.randint);
});

Deno.test("a matrix is filled row by row, and an empty one takes nothing", () => {
  const np = numpyRandom(1);
  assertEquals(np.rand(0), []);
  assertEquals(np.rand(2, 0), [[], []]);
  assertEquals(np.rand(2, 3), matrices.rand);
  const normals = np.randn(3, 2);
  assertEquals(normals.map((row) => row.length), [2, 2, 2]);
  assertSameNormals(normals.flat(), matrices.randn.flat());
});

Deno.test("a seed that numpy refuses is refused", () => {
  for (const seed of [-1, 2 ** 32, 0.5, NaN, Infinity]) {
    assertThrows(
      () => numpyRandom(seed),
      RangeError,
      `Cannot seed: wanted a whole number from 0 to 2³² − 1, got ${seed}`,
    );
  }
});

Deno.test("bounds and lengths that numpy refuses are refused", () => {
  const np = numpyRandom(0);
  assertThrows(() => np.randint(0), RangeError, "Cannot draw an integer: wanted 1 to 2³²");
  assertThrows(() => np.randint(3, 3), RangeError, "got 0");
  assertThrows(() => np.randint(0.5, 3), RangeError, "wanted whole bounds, got 0.5 and 3");
  assertThrows(() => np.uniform(0, NaN), RangeError, "wanted finite bounds, got 0 and NaN");
  assertThrows(() => np.uniform(-1.5e308, 1.5e308), RangeError, "wanted finite bounds");
  assertThrows(() => np.rand(-1), RangeError, "wanted whole lengths of at least 0, got -1");
  assertThrows(() => np.randn(2, 1.5), RangeError, "wanted whole lengths of at least 0, got 1.5");
});
