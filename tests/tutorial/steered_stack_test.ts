import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  descendSteering,
  oneHotSteps,
  steer,
  steerBackward,
  steeringGradient,
  type SteeringWeights,
} from "@/tutorial/steered_stack.ts";
import { valueReversal } from "@/tutorial/value_reversal.ts";

function randomWeights(random: RandomSource, O: number): SteeringWeights {
  const column = () => Array.from({ length: O }, () => random.normal());
  return {
    popWeights: column(),
    popBias: random.normal(),
    pushWeights: column(),
    pushBias: random.normal(),
  };
}

Deno.test("the gradient by every weight agrees with central differences through the stack", () => {
  const random = seededRandom("steering");
  let [compared, kinks] = [0, 0];
  for (let k = 0; k < 100; k++) {
    const [n, M, O] = [random.integer(1, 5), random.integer(1, 4), random.integer(1, 6)];
    const matrix = (rows: number, columns: number) =>
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
    const task = valueReversal(matrix(n, M));
    const oPrimes = matrix(2 * n, O);
    const check = checkGradient({
      name: "the steered stack",
      f: (weights: SteeringWeights) => [steeringGradient(task, weights, oPrimes).loss],
      adjoint: (weights, [g]) => {
        const look = steeringGradient(task, weights, oPrimes);
        return {
          gPopWeights: look.gPopWeights.map((x) => g * x),
          gPopBias: g * look.gPopBias,
          gPushWeights: look.gPushWeights.map((x) => g * x),
          gPushBias: g * look.gPushBias,
        };
      },
      at: randomWeights(random, O),
      random,
    });
    compared += check.compared;
    kinks += check.kinks;
    if (check.compared > 0) assert(check.passed, check.summary);
  }
  assertGreater(compared, 10 * kinks);
});

Deno.test("each control is the sigmoid of its own weights and bias", () => {
  // o′ = (2, −1): W_u · o′ + b_u = 2·1 − 1·3 + 1 = 0; W_d · o′ + b_d = 2·0.5 + 1·1 − 4 = −2.
  const weights = { popWeights: [1, 3], popBias: 1, pushWeights: [0.5, -1], pushBias: -4 };
  const { pops, pushes } = steer(weights, [[2, -1]]);
  assertEquals(pops, [0.5]);
  assertAlmostEquals(pushes[0], 1 / (1 + Math.E ** 2), 1e-15);
});

Deno.test("with the identity for o′, a step's own weight hears that step and no other", () => {
  const random = seededRandom("marks");
  const task = valueReversal([[1], [2]]);
  const look = steeringGradient(task, randomWeights(random, 4), oneHotSteps(4));
  const { trace: { pops } } = look;
  look.gPopWeights.forEach((g, t) =>
    assertAlmostEquals(g, look.gPops[t] * pops[t] * (1 - pops[t]), 1e-15)
  );
  assertAlmostEquals(look.gPopBias, look.gPopWeights.reduce((sum, g) => sum + g, 0), 1e-15);
});

Deno.test("a small step down the gradient lowers the loss by η times its squared length", () => {
  const random = seededRandom("descent");
  const [task, oPrimes] = [valueReversal([[1], [2]]), oneHotSteps(4)];
  const weights = randomWeights(random, 4);
  const look = steeringGradient(task, weights, oPrimes);
  const after = steeringGradient(task, descendSteering(weights, look, 1e-6), oPrimes);
  const gradient = [...look.gPopWeights, look.gPopBias, ...look.gPushWeights, look.gPushBias];
  const squared = gradient.reduce((sum, g) => sum + g * g, 0);
  assertGreater(squared, 1e-3);
  assertAlmostEquals((look.loss - after.loss) / (1e-6 * squared), 1, 1e-3);
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = { popWeights: [0, 0], popBias: 0, pushWeights: [0, 0], pushBias: 0 };
  assertThrows(
    () => steer(weights, [[1, 0], [1]]),
    TypeError,
    "Cannot steer the stack: wanted 2 numbers in o′ in row 1, got 1",
  );
  assertThrows(() => steer(weights, [[1, 0, 0]]), TypeError, "in row 0, got 3");
  assertThrows(() => steer({ ...weights, pushWeights: [0] }, [[1, 0]]), TypeError, "got 1");
  assertThrows(() => steer({ ...weights, popBias: NaN }, [[1, 0]]), RangeError, "NaN");
  assertThrows(
    () => oneHotSteps(0),
    RangeError,
    "Cannot mark the steps: wanted 1 step or more, got 0",
  );
});

Deno.test("a steering without steps is refused, forward and backward", () => {
  const weights = { popWeights: [0], popBias: 0, pushWeights: [0], pushBias: 0 };
  assertThrows(
    () => steer(weights, []),
    TypeError,
    "Cannot steer the stack: wanted 1 row of o′ or more, got 0",
  );
  assertThrows(
    () => steerBackward({ pops: [], pushes: [] }, [], { gPops: [], gPushes: [] }),
    TypeError,
    "Cannot reverse the steering: wanted 1 row of o′ or more, got 0",
  );
});

Deno.test("the way back refuses lists that are not as long as there are steps", () => {
  const right = { pops: [0.5, 0.5], pushes: [0.5, 0.5], gPops: [0, 0], gPushes: [0, 0] };
  const backward = (wrong: Partial<typeof right>, oPrimes = oneHotSteps(2)) => {
    const lists = { ...right, ...wrong };
    return () => steerBackward(lists, oPrimes, lists);
  };
  const wanted = (what: string) => `Cannot reverse the steering: wanted 2 ${what}`;
  assertThrows(backward({ pops: [0.5] }), TypeError, wanted("pops (one for each step), got 1"));
  assertThrows(backward({ pushes: [0, 0, 0] }), TypeError, wanted("pushes, got 3"));
  assertThrows(backward({ gPops: [] }), TypeError, wanted("gradients of pops"));
  assertThrows(backward({ gPushes: [1] }), TypeError, wanted("gradients of pushes, got 1"));
  assertThrows(backward({}, [[1, 0], [0]]), TypeError, wanted("numbers in o′ in row 1, got 1"));
});

Deno.test("a descent refuses gradients that do not fit, and numbers that are not finite", () => {
  const weights = { popWeights: [0, 0], popBias: 0, pushWeights: [0, 0], pushBias: 0 };
  const still = { gPopWeights: [0, 0], gPopBias: 0, gPushWeights: [0, 0], gPushBias: 0 };
  const cannot = "Cannot descend the steering: wanted";
  for (const [what, key] of [["pop", "gPopWeights"], ["push", "gPushWeights"]]) {
    const [short, wild] = [{ ...still, [key]: [1] }, { ...still, [key]: [0, NaN] }];
    const message = `${cannot} 2 gradients of ${what} weights, got 1`;
    assertThrows(() => descendSteering(weights, short, 0.1), TypeError, message);
    assertThrows(() => descendSteering(weights, wild, 0.1), RangeError, "got NaN at 1");
  }
  for (
    const [key, value] of [["popWeights", [NaN, 0]], ["pushWeights", [NaN, 0]], [
      "popBias",
      NaN,
    ]] as const
  ) {
    assertThrows(
      () => descendSteering({ ...weights, [key]: value }, still, 0.1),
      RangeError,
      "NaN",
    );
  }
  assertThrows(() => descendSteering(weights, { ...still, gPushBias: Infinity }, 0.1), RangeError);
  for (const rate of [0, -1, NaN, Infinity]) {
    const message = `${cannot} a finite learning rate above 0, got ${rate}`;
    assertThrows(() => descendSteering(weights, still, rate), RangeError, message);
  }
});
