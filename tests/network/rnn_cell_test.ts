import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { rnnCell, rnnCellBackward, type RnnWeights } from "@/network/rnn_cell.ts";
import { assertCellGradient } from "./cell_gradient.ts";
import { numbers, zerosLike } from "./random_numbers.ts";

function randomWeights(random: RandomSource, H: number, I: number): RnnWeights {
  return { Wih: numbers(random, H * I), Whh: numbers(random, H * H), b: numbers(random, H) };
}

Deno.test("by hand: two units, two inputs", () => {
  // tanh(ln 2) = 3/5, tanh(−ln 3) = −4/5
  const [ln2, ln3] = [Math.log(2), Math.log(3)];
  const weights = {
    Wih: new Float64Array([ln2, 0, 0, 2]),
    Whh: new Float64Array([0, 1, ln3, 0]),
    b: new Float64Array([0.5, -1]),
  };
  // Unit 0: ln 2 · 1 + 1 · (−0.5) + 0.5 = ln 2. Unit 1: 2 · 0.5 + ln 3 · (−1) − 1 = −ln 3.
  const step = rnnCell(weights, [1, 0.5], [-1, -0.5]);
  assertAlmostEquals(step.h[0], 3 / 5, 1e-15);
  assertAlmostEquals(step.h[1], -4 / 5, 1e-15);
  // Slopes 16/25 and 9/25.
  const gWeights = zerosLike(weights);
  const { gInput, gHPrev } = rnnCellBackward(weights, gWeights, step, [25, 50]);
  [16 * ln2, 2 * 18].forEach((g, i) => assertAlmostEquals(gInput[i], g, 1e-12));
  [18 * ln3, 16].forEach((g, i) => assertAlmostEquals(gHPrev[i], g, 1e-12));
  [16, 18].forEach((g, i) => assertAlmostEquals(gWeights.b[i], g, 1e-12));
  [16, 8, 18, 9].forEach((g, i) => assertAlmostEquals(gWeights.Wih[i], g, 1e-12));
  [-16, -8, -18, -9].forEach((g, i) => assertAlmostEquals(gWeights.Whh[i], g, 1e-12));
});

Deno.test("the RNN cell's adjoint agrees with central differences", () => {
  const [step, backward] = [rnnCell, rnnCellBackward];
  assertCellGradient({ name: "an RNN cell", randomWeights, step, backward }, 20);
});

Deno.test("the gradient by the weights adds up", () => {
  const random = seededRandom(3), weights = randomWeights(random, 2, 3);
  const step = rnnCell(weights, [1, 2, 3], [0.5, -0.5]);
  const [once, twice] = [zerosLike(weights), zerosLike(weights)];
  rnnCellBackward(weights, once, step, [1, 2]);
  for (let n = 0; n < 2; n++) rnnCellBackward(weights, twice, step, [1, 2]);
  for (const name of ["Wih", "Whh", "b"] as const) {
    assertEquals(twice[name], once[name].map((g) => 2 * g));
  }
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = randomWeights(seededRandom(4), 2, 3);
  assertThrows(() => rnnCell(weights, [1, 2], [1, 2]), TypeError, "Cannot add vectors");
  assertThrows(() => rnnCell(weights, [1, 2, 3], [1]), TypeError, "Cannot add vectors");
  const step = rnnCell(weights, [1, 2, 3], [1, 2]), gWeights = zerosLike(weights);
  assertThrows(
    () => rnnCellBackward(weights, gWeights, step, [1]),
    TypeError,
    "Cannot reverse an RNN's step: wanted 2 gradients of h, got 1",
  );
});
