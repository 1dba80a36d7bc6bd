import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  descendSteering,
  steer,
  steeringGradient,
  type SteeringWeights,
  stepMarks,
} from "@/models/steered_stack.ts";
import { valueReversal } from "@/tasks/value_reversal.ts";

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
  const look = steeringGradient(task, randomWeights(random, 4), stepMarks(4));
  const { trace: { pops } } = look;
  look.gPopWeights.forEach((g, t) =>
    assertAlmostEquals(g, look.gPops[t] * pops[t] * (1 - pops[t]), 1e-15)
  );
  assertAlmostEquals(look.gPopBias, look.gPopWeights.reduce((sum, g) => sum + g, 0), 1e-15);
});

Deno.test("a small step down the gradient lowers the loss by η times its squared length", () => {
  const random = seededRandom("descent");
  const [task, oPrimes] = [valueReversal([[1], [2]]), stepMarks(4)];
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
    () => stepMarks(0),
    RangeError,
    "Cannot mark the steps: wanted 1 step or more, got 0",
  );
});
