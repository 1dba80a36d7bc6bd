import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  nextStrengths,
  nextValues,
  readStack,
  readWeights,
  runStack,
  type StackInputs,
} from "@/memory/stack.ts";
import { ToyStack } from "@/memory/toy_stack.ts";

const ONE_HOT = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

function assertClose(actual: number[], expected: number[], tolerance = 1e-15) {
  assertEquals(actual.length, expected.length);
  expected.forEach((number, i) => assertAlmostEquals(actual[i], number, tolerance));
}

/** Any number of steps with pops and pushes from 0 to 1 (both ends often) and values of width 2. */
const inputs: fc.Arbitrary<StackInputs> = fc.array(
  fc.record({
    value: fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })),
    pop: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    push: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  }),
  { minLength: 1, maxLength: 12 },
).map((steps) => ({
  values: steps.map(({ value }) => [...value]),
  pops: steps.map(({ pop }) => pop),
  pushes: steps.map(({ push }) => push),
}));

Deno.test("Figure 1(a) of the paper: strengths and reads of its three steps", () => {
  const { strengths, reads } = runStack({
    values: ONE_HOT,
    pushes: [0.8, 0.5, 0.9],
    pops: [0, 0.1, 0.9],
  });
  // t = 1: push .8                                    s = (.8)
  // t = 2: .8 − .1 = .7, push .5                      s = (.7, .5)
  // t = 3: .5 − .9 < 0 → 0, .7 − (.9 − .5) = .3       s = (.3, 0, .9)
  assertClose(strengths[0], [0.8]);
  assertClose(strengths[1], [0.7, 0.5]);
  assertClose(strengths[2], [0.3, 0, 0.9]);
  // r_1 = .8 v_1, r_2 = (1 − .5) v_1 + .5 v_2, r_3 = (1 − .9) v_1 + .9 v_3
  assertClose(reads[0], [0.8, 0, 0]);
  assertClose(reads[1], [0.5, 0.5, 0]);
  assertClose(reads[2], [0.1, 0, 0.9]);
});

Deno.test("a pop and a push over three rows, worked by hand", () => {
  // u = .6 takes row 2's .25 whole, then .35 of row 1's .5; row 0 is out of reach.
  // row 2: max(0, .25 − max(0, .6 − 0))        = 0
  // row 1: max(0, .5  − max(0, .6 − .25))      = .15
  // row 0: max(0, .75 − max(0, .6 − .25 − .5)) = .75
  const s = nextStrengths([0.75, 0.5, 0.25], 0.6, 0.4);
  assertClose(s, [0.75, 0.15, 0, 0.4]);
  // One unit from the top: .4 of row 3, 0 of row 2, .15 of row 1, the missing .45 of row 0's .75.
  assertClose(readWeights(s), [0.45, 0.15, 0, 0.4]);
  // .45 · 2 + .15 · 4 + 0 · 8 + .4 · 16 = .9 + .6 + 6.4 = 7.9
  assertClose(readStack([[2], [4], [8], [16]], s), [7.9]);
});

Deno.test("values are never removed, only their strength is", () => {
  const V = nextValues([[1, 2], [3, 4]], [5, 6]);
  assertEquals(V, [[1, 2], [3, 4], [5, 6]]);
});

Deno.test("with pops and pushes of 0 and 1 it is the toy stack, on any program", () => {
  const programs = fc.array(
    fc.record({ item: fc.integer({ min: 1, max: 99 }), pop: fc.boolean(), push: fc.boolean() }),
    { minLength: 1, maxLength: 20 },
  );
  const property = fc.property(programs, (program) => {
    const { reads } = runStack({
      values: program.map(({ item }) => [item]),
      pops: program.map(({ pop }) => Number(pop)),
      pushes: program.map(({ push }) => Number(push)),
    });
    const toy = new ToyStack<number>();
    program.forEach(({ item, pop, push }, t) => {
      if (pop && toy.size > 0) toy.pop();
      if (push) toy.push(item);
      assertEquals(reads[t], [toy.peek() ?? 0], `read after step ${t}`);
    });
  });
  fc.assert(property, { numRuns: 1000, seed: 1 });
});

Deno.test("strengths stay between 0 and 1 when pushes do", () => {
  const property = fc.property(inputs, (sequence) => {
    for (const s of runStack(sequence).strengths) assert(s.every((s_i) => s_i >= 0 && s_i <= 1));
  });
  fc.assert(property, { seed: 2 });
});

Deno.test("a read weighs each row by no more than its strength, and all rows by at most 1", () => {
  const property = fc.property(inputs, (sequence) => {
    for (const s of runStack(sequence).strengths) {
      const w = readWeights(s);
      assert(w.every((w_i, i) => w_i >= 0 && w_i <= s[i]));
      assert(w.reduce((sum, w_i) => sum + w_i, 0) <= 1 + 1e-12);
    }
  });
  fc.assert(property, { seed: 3 });
});

Deno.test("a read takes one whole unit wherever the stack holds one", () => {
  const property = fc.property(inputs, (sequence) => {
    for (const s of runStack(sequence).strengths) {
      const held = s.reduce((sum, s_i) => sum + s_i, 0);
      const taken = readWeights(s).reduce((sum, w_i) => sum + w_i, 0);
      assertAlmostEquals(taken, Math.min(1, held), 1e-12);
    }
  });
  fc.assert(property, { seed: 4 });
});

Deno.test("pushing d and then popping d restores the read", () => {
  const property = fc.property(
    inputs,
    fc.double({ min: 0, max: 1, noNaN: true }),
    (sequence, d) => {
      const { values, pops, pushes } = sequence;
      const { reads } = runStack({
        values: [...values, [7, -7], [5, 5]],
        pops: [...pops, 0, d],
        pushes: [...pushes, d, 0],
      });
      assertClose(reads.at(-1)!, reads.at(-3)!, 1e-12);
    },
  );
  fc.assert(property, { seed: 5 });
});

Deno.test("rows that a pop does not reach keep their strength to the last bit", () => {
  const property = fc.property(
    inputs,
    fc.double({ min: 0, max: 1, noNaN: true }),
    (sequence, u) => {
      const sPrev = runStack(sequence).strengths.at(-1)!;
      const s = nextStrengths(sPrev, u, 0.5);
      let above = 0;
      for (let i = sPrev.length - 1; i >= 0; i--) {
        if (above > u + 1e-12) assertEquals(s[i], sPrev[i]);
        above += sPrev[i];
      }
    },
  );
  fc.assert(property, { seed: 6 });
});

Deno.test("a pop of more than the stack holds empties it", () => {
  assertEquals(nextStrengths([0.5, 0.25], 3, 0), [0, 0, 0]);
});

Deno.test("bad shapes and numbers are refused with what was wanted and what was got", () => {
  const refusals: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
    [
      () => readStack([[1], [2], [3]], [1, 1]),
      TypeError,
      "Cannot read the stack: wanted 3 strengths (one for each row of values), got 2",
    ],
    [() => readStack([], []), TypeError, "wanted at least 1 row of values, got 0"],
    [() => readWeights([0.5, -0.25]), RangeError, "strengths of at least 0, got -0.25 at 1"],
    [() => nextStrengths([1], NaN, 1), RangeError, "finite pops and pushes, got NaN at 0"],
    [() => nextStrengths([1], 0, -1), RangeError, "pops and pushes of at least 0, got -1 at 1"],
    [() => nextValues([[1, 2]], [3]), TypeError, "wanted 2 numbers in the value, got 1"],
    [
      () => runStack({ values: [[1], [2]], pops: [0], pushes: [1, 1] }),
      TypeError,
      "Cannot run the stack: wanted 2 pops (one for each value), got 1",
    ],
    [
      () => runStack({ values: [[1], [2, 3]], pops: [0, 0], pushes: [1, 1] }),
      TypeError,
      "Cannot run the stack: wanted 1 values in row 1, got 2",
    ],
    [
      () => runStack({ values: [[Infinity]], pops: [0], pushes: [1] }),
      RangeError,
      "got Infinity",
    ],
  ];
  for (const [call, type, message] of refusals) assertThrows(call, type, message);
});
