import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  relu,
  reluSlope,
  sigmoid,
  sigmoidSlope,
  softmax,
  softmaxBackward,
  tanh,
  tanhSlope,
} from "@/math/activations.ts";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";

const finite = fc.double({ min: -1e308, max: 1e308, noNaN: true });
const logits = fc.array(finite, { minLength: 1, maxLength: 9 });

Deno.test("sigmoid is known at ln 3, and mirrored about its middle", () => {
  assertAlmostEquals(sigmoid(Math.log(3)), 0.75, 1e-15);
  for (const x of [0, 0.1, 1, 5, 30]) assertAlmostEquals(sigmoid(-x), 1 - sigmoid(x), 1e-15);
});

Deno.test("sigmoid overflows nowhere, and keeps all its digits far below 0", () => {
  assertEquals([-1e308, -800, 800, 1e308].map(sigmoid), [0, 0, 1, 1]);
  for (const x of [-40, -300, -700]) assertAlmostEquals(sigmoid(x) / Math.exp(x), 1, 1e-15);
});

Deno.test("tanh is known at ln 2, and overflows nowhere", () => {
  assertAlmostEquals(tanh(Math.log(2)), 0.6, 1e-15);
  assertEquals([-1e308, -800, 800, 1e308].map(tanh), [-1, -1, 1, 1]);
});

Deno.test("the slopes of sigmoid and tanh are their derivatives", () => {
  const random = seededRandom(1);
  for (
    const { name, f, slope } of [
      { name: "sigmoid", f: sigmoid, slope: sigmoidSlope },
      { name: "tanh", f: tanh, slope: tanhSlope },
    ]
  ) {
    const check = checkGradient({
      name,
      f: (x) => x.map(f),
      adjoint: (x, g) => x.map((x_i, i) => g[i] * slope(f(x_i))),
      at: [-5, -2, -0.5, 0, 0.1, 1, 4],
      random,
    });
    assert(check.passed && check.kinks === 0, check.summary);
  }
});

Deno.test("the rectifier's slope is its derivative, and 0 at the kink", () => {
  const check = checkGradient({
    name: "relu",
    f: (x) => x.map(relu),
    adjoint: (x, g) => x.map((x_i, i) => g[i] * reluSlope(relu(x_i))),
    at: [-5, -0.1, 0.1, 4],
    random: seededRandom(2),
  });
  assert(check.passed && check.kinks === 0, check.summary);
  assertEquals([relu(0), reluSlope(0)], [0, 0]);
});

Deno.test("softmax is known for the logits ln 1, ln 2, ln 5", () => {
  const probabilities = softmax([1, 2, 5].map(Math.log));
  [1 / 8, 2 / 8, 5 / 8].forEach((p, k) => assertAlmostEquals(probabilities[k], p, 1e-15));
});

Deno.test("softmax gives probabilities, however large the logits", () => {
  const property = fc.property(logits, (x) => {
    const p = softmax(x);
    assertEquals(p.length, x.length);
    assert(p.every((p_k) => p_k >= 0 && p_k <= 1));
    assertAlmostEquals(p.reduce((sum, p_k) => sum + p_k), 1, 1e-14);
    assertEquals(p[x.indexOf(Math.max(...x))], Math.max(...p));
  });
  fc.assert(property, { seed: 1 });
  assertEquals(softmax([1e308, -1e308]), [1, 0]);
  assertEquals(softmax([-1e308, -1e308]), [0.5, 0.5]);
});

Deno.test("softmax does not change its logits, nor when all of them rise alike", () => {
  const x = [3, 1, 2];
  assertEquals(softmax(x), softmax([1003, 1001, 1002]));
  assertEquals(x, [3, 1, 2]);
});

Deno.test("the gradient of softmax is its derivative", () => {
  const random = seededRandom(2);
  for (let K = 1; K <= 9; K++) {
    const check = checkGradient({
      name: `softmax of ${K}`,
      f: softmax,
      adjoint: (x, g) => softmaxBackward(softmax(x), g),
      at: Array.from({ length: K }, () => random.normal(0, 3)),
      random,
    });
    assert(check.passed && check.compared === K, check.summary);
  }
});

Deno.test("softmax refuses what has no softmax", () => {
  assertThrows(() => softmax([]), TypeError, "Cannot take the softmax: wanted logits, got none");
  assertThrows(() => softmax([0, NaN]), RangeError, "wanted finite logits, got NaN at 1");
  assertThrows(() => softmaxBackward([0.5, 0.5], [1]), TypeError, "Cannot reverse the softmax");
  assertThrows(() => softmaxBackward([0.5, NaN], [1, 1]), RangeError, "got NaN at 1");
  assertThrows(() => softmaxBackward([0.5, 0.5], [1, Infinity]), RangeError, "got Infinity at 1");
});
