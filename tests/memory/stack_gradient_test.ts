import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import {
  nextStrengths,
  readBackward,
  readStack,
  readWeights,
  readWeightsBackward,
  runStack,
  runStackBackward,
  strengthsBackward,
} from "@/memory/stack.ts";

/** Numbers at least 1/512 away from 0 and 1, where controls have kinks. */
function randomVector(random: RandomSource, length: number): Vector {
  return Array.from({ length }, () => random.uniform(1 / 512, 1 - 1 / 512));
}

function randomMatrix(random: RandomSource, rows: number, width: number): Matrix {
  return Array.from({ length: rows }, () => Array.from({ length: width }, () => random.normal()));
}

Deno.test("ties: max(0, x) passes nothing to a strength or a pop at x = 0", () => {
  // The pop takes exactly row 0's strength: s_0 = max(0, .5 − .5), the derivative is the 0's.
  assertEquals(strengthsBackward([0.5], 0.5, [1, 0]).gStrengthsPrev, [0]);
  assertEquals(strengthsBackward([0.5], 0.5, [1, 0]).gPop, 0);
  // The pop takes exactly what lies above row 0: over_0 = max(0, .5 − .5), row 0 is untouched.
  assertEquals(strengthsBackward([0.75, 0.5], 0.5, [1, 10, 0]).gStrengthsPrev, [1, 0]);
  assertEquals(strengthsBackward([0.75, 0.5], 0.5, [1, 10, 0]).gPop, 0);
  // A pop of 0 touches nothing and learns nothing.
  assertEquals(strengthsBackward([0.75], 0, [1, 0]), {
    gStrengthsPrev: [1],
    gPop: 0,
    gPush: 0,
  });
});

Deno.test("ties: min(s, room) belongs to s at s = room", () => {
  // Row 0 holds .5 and has exactly .5 of room below row 1's .5: both own their weights.
  assertEquals(readWeightsBackward([0.5, 0.5], [10, 1]), [10, 1]);
  // A whole unit on top: room for row 0 is max(0, 1 − 1) = 0, and nothing passes to row 1 for it.
  assertEquals(readWeightsBackward([0.5, 1], [10, 1]), [0, 1]);
  // A row with no strength left, and no room: s = room = 0 belongs to s, by the same rule.
  assertEquals(readWeightsBackward([0, 1], [10, 1]), [10, 1]);
});

Deno.test("the misprint: the pop's last row keeps its own derivative of 1", () => {
  // u = .9 empties row 1 (.5) and ends in row 0 (.7): s_0 = .7 + .5 − .9.
  const { gStrengthsPrev, gPop } = strengthsBackward([0.7, 0.5], 0.9, [1, 0, 0]);
  assertEquals(gStrengthsPrev, [1, 1]); // as printed, row 0 would be left out
  assertEquals(gPop, -1);
});

Deno.test("pops have no gradient at all where every push is 1", () => {
  const random = seededRandom(7);
  for (let i = 0; i < 100; i++) {
    const T = random.integer(2, 9);
    const pushes = new Array(T).fill(1);
    const values = randomMatrix(random, T, 2);
    const trace = runStack({ values, pops: randomVector(random, T), pushes });
    const { gPops } = runStackBackward(trace, randomMatrix(random, T, 2));
    assertEquals(gPops, new Array(T).fill(0));
  }
});

Deno.test("the read's adjoint agrees with central differences", () => {
  const random = seededRandom(1);
  for (let i = 0; i < 100; i++) {
    const [t, M] = [random.integer(1, 13), random.integer(1, 6)];
    const { passed, summary } = checkGradient({
      name: "readStack",
      f: ({ values, strengths }) => readStack(values, strengths),
      adjoint: ({ values, strengths }, gRead) => readBackward(values, strengths, gRead),
      at: { values: randomMatrix(random, t, M), strengths: randomVector(random, t) },
      random,
    });
    assert(passed, summary);
  }
});

Deno.test("the strengths' adjoint agrees with central differences", () => {
  const random = seededRandom(2);
  for (let i = 0; i < 100; i++) {
    const strengthsPrev = randomVector(random, random.integer(1, 13));
    const { passed, summary } = checkGradient({
      name: "nextStrengths",
      f: ({ strengthsPrev, pop, push }) => nextStrengths(strengthsPrev, pop, push),
      adjoint: ({ strengthsPrev, pop }, gS) => strengthsBackward(strengthsPrev, pop, gS),
      at: { strengthsPrev, pop: random.uniform(0.05, 2), push: random.uniform(0.05, 1) },
      random,
    });
    assert(passed, summary);
  }
});

Deno.test("the whole stack's adjoint agrees with central differences on 500 sequences", () => {
  const random = seededRandom(3);
  let [worst, compared, kinks] = [0, 0, 0];
  for (let i = 0; i < 500; i++) {
    const [T, M] = [random.integer(1, 13), random.integer(1, 6)];
    const result = checkGradient({
      name: "runStack",
      f: (inputs) => runStack(inputs).reads,
      adjoint: (inputs, gReads) => runStackBackward(runStack(inputs), gReads),
      at: {
        pops: randomVector(random, T),
        pushes: randomVector(random, T),
        values: randomMatrix(random, T, M),
      },
      random,
    });
    worst = Math.max(worst, result.worstRelativeError);
    compared += result.compared;
    kinks += result.kinks;
  }
  assertLess(worst, 1e-8);
  assertEquals({ compared, kinks }, { compared: 16_730, kinks: 0 });
});

Deno.test("a read's gradient is not lost: a value hears every read that it was part of", () => {
  const trace = runStack({ values: [[1], [1], [1]], pops: [0, 0, 0], pushes: [0.5, 0.25, 0.25] });
  const { gValues } = runStackBackward(trace, [[1], [1], [1]]);
  assertEquals(gValues.flat(), [1.5, 0.5, 0.25]); // .5 three times, .25 twice, .25 once
  assertEquals(readWeights(trace.strengths[2]), [0.5, 0.25, 0.25]);
});

Deno.test("gradients of the wrong shape are refused", () => {
  const trace = runStack({ values: [[1], [2]], pops: [0, 0], pushes: [1, 1] });
  const refusals: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
    [
      () => runStackBackward(trace, [[1]]),
      TypeError,
      "Cannot reverse the stack: wanted 2 rows of gradients of the reads, got 1",
    ],
    [() => runStackBackward(trace, [[1], [NaN]]), RangeError, "got NaN"],
    [() => readWeightsBackward([1, 1], [1]), TypeError, "one for each strength), got 1"],
    [() => strengthsBackward([1], -1, [0, 0]), RangeError, "pops of at least 0, got -1"],
    [() => strengthsBackward([1], 1, [0]), TypeError, "wanted 2 gradients"],
    [() => readBackward([[1, 2]], [1], [1]), TypeError, "wanted 1 values in row 0, got 2"],
  ];
  for (const [call, type, message] of refusals) assertThrows(call, type, message);
});
