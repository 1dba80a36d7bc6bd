import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { publishedStackBackward } from "@/tutorial/published_stack_backward.ts";
import { runStack, runStackBackward, type StackGradient, type StackTrace } from "@/memory/stack.ts";

interface Case {
  readonly trace: StackTrace;
  readonly gReads: Matrix;
}

/** Random values, controls and read gradients; no two strengths tie. */
function randomCase(random: RandomSource, T: number, M: number): Case {
  const numbers = (length: number, draw: () => number) => Array.from({ length }, () => draw());
  const matrix = () => Array.from({ length: T }, () => numbers(M, () => random.normal()));
  const trace = runStack({
    values: matrix(),
    pops: numbers(T, () => random.uniform()),
    pushes: numbers(T, () => random.uniform()),
  });
  return { trace, gReads: matrix() };
}

/** The largest difference between two gradients of one kind. */
function worst(a: number[], b: number[]): number {
  assertEquals(a.length, b.length);
  return a.reduce((most, a_i, i) => Math.max(most, Math.abs(a_i - b[i])), 0);
}

function worstOfAll(a: StackGradient, b: StackGradient): number {
  return Math.max(
    worst(a.gPops, b.gPops),
    worst(a.gPushes, b.gPushes),
    worst(a.gValues.flat(), b.gValues.flat()),
  );
}

function cosine(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, x_i, i) => sum + x_i * y[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const mean = (numbers: number[]) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

Deno.test("with both slips mended, the published pass is the gradient", () => {
  const random = seededRandom("mended");
  for (let k = 0; k < 300; k++) {
    const { trace, gReads } = randomCase(random, random.integer(1, 9), random.integer(1, 4));
    const mended = publishedStackBackward(trace, gReads, { gates: "strict", reads: "summed" });
    assertLess(worstOfAll(mended, runStackBackward(trace, gReads)), 1e-12);
  }
});

Deno.test("each slip spoils its own part: the gates pops and pushes, the lost reads values", () => {
  const random = seededRandom("one at a time");
  let [controlsSpoilt, valuesSpoilt] = [0, 0];
  for (let k = 0; k < 100; k++) {
    const { trace, gReads } = randomCase(random, 6, 2);
    const exact = runStackBackward(trace, gReads);
    const openGates = publishedStackBackward(trace, gReads, { gates: "open", reads: "summed" });
    const lostReads = publishedStackBackward(trace, gReads, { gates: "strict", reads: "lost" });
    assertLess(worst(openGates.gValues.flat(), exact.gValues.flat()), 1e-12);
    assertLess(worst(lostReads.gPops, exact.gPops), 1e-12);
    assertLess(worst(lostReads.gPushes, exact.gPushes), 1e-12);
    if (worst(openGates.gPops, exact.gPops) > 1e-9) controlsSpoilt++;
    if (worst(lostReads.gValues.flat(), exact.gValues.flat()) > 1e-9) valuesSpoilt++;
    const published = publishedStackBackward(trace, gReads);
    assertEquals(published.gPops, openGates.gPops);
    assertEquals(published.gValues, lostReads.gValues);
  }
  assertGreater(controlsSpoilt, 95);
  assertGreater(valuesSpoilt, 95);
});

Deno.test("the published pass points the way that has been measured", () => {
  const random = seededRandom("cosines");
  const cosines = { pop: [] as number[], push: [] as number[], value: [] as number[] };
  while (cosines.pop.length < 400) {
    const { trace, gReads } = randomCase(random, 6, 2);
    const exact = runStackBackward(trace, gReads);
    const published = publishedStackBackward(trace, gReads);
    if (exact.gPops.every((g) => g === 0)) continue; // no direction to compare with
    cosines.pop.push(cosine(exact.gPops, published.gPops));
    cosines.push.push(cosine(exact.gPushes, published.gPushes));
    cosines.value.push(cosine(exact.gValues.flat(), published.gValues.flat()));
  }
  // Published measurement, 40 cases of an unknown distribution: pop .44, push .65, value .89.
  assertAlmostEquals(mean(cosines.pop), 0.44, 0.15);
  assertAlmostEquals(mean(cosines.push), 0.65, 0.15);
  assertAlmostEquals(mean(cosines.value), 0.89, 0.05);
});

Deno.test("by hand: a pop that ends in the top row is blamed for every row below", () => {
  // v = 2, 3, 5; d = .25, .5, .25; u = 0, 0, .2.
  // s_1 = [.25]; s_2 = [.25, .5]; s_3 = [.25, .3, .25]: the pop of .2 ends in row 1.
  // s_3 sums to .8, so r_3 reads every row whole; L = r_3 has ∂L/∂s_3 = [2, 3, 5].
  const trace = runStack({
    values: [[2], [3], [5]],
    pops: [0, 0, 0.2],
    pushes: [0.25, 0.5, 0.25],
  });
  const gReads = [[0], [0], [1]];
  // Truly: u_3 takes from row 1 alone, ∂L/∂u_3 = −3, and the pushes hear [2, 3, 5].
  assertEquals(runStackBackward(trace, gReads).gPops, [0, 0, -3]);
  assertEquals(runStackBackward(trace, gReads).gPushes, [2, 3, 5]);
  // Published: ∂L/∂u_3 = −(2 + 3), and s_2 hears [2, 3 + 2]; so ∂L/∂u_2 = −2, s_1 hears [2].
  assertEquals(publishedStackBackward(trace, gReads).gPops, [0, -2, -5]);
  assertEquals(publishedStackBackward(trace, gReads).gPushes, [2, 5, 5]);
});

Deno.test("a push of exactly 1 is a tie, which the room owns in the published pass", () => {
  const trace = runStack({ values: [[3]], pops: [0], pushes: [1] });
  assertEquals(runStackBackward(trace, [[1]]).gPushes, [3]);
  assertEquals(publishedStackBackward(trace, [[1]]).gPushes, [0]);
});

Deno.test("read gradients of the wrong shape are refused", () => {
  const trace = runStack({ values: [[1], [2]], pops: [0, 0], pushes: [1, 1] });
  assertThrows(
    () => publishedStackBackward(trace, [[1]]),
    TypeError,
    "Cannot reverse the stack: wanted 2 rows of gradients of the reads, got 1",
  );
  assertThrows(() => publishedStackBackward(trace, [[1], [NaN]]), RangeError, "finite");
});
