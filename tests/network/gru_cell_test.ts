import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { gruCell, gruCellBackward, type GruWeights } from "@/network/gru_cell.ts";
import { assertCellGradient } from "./cell_gradient.ts";
import { numbers, zerosLike } from "./random_numbers.ts";

function randomWeights(random: RandomSource, H: number, I: number): GruWeights {
  const G = 3;
  return {
    Wih: numbers(random, G * H * I),
    Whh: numbers(random, G * H * H),
    b: numbers(random, G * H),
    bHn: numbers(random, H),
  };
}

Deno.test("by hand: gates in the order r, z, n, the candidate's h and its bias reset, forwards and backwards", () => {
  // σ(ln 3) = 3/4, σ(−ln 4) = 1/5; m = −1 · 2 + 4 = 2; n = tanh(ln 2 − 3/2 + 3/4 · 2) = 3/5
  const weights = {
    Wih: new Float64Array([Math.log(3) / 2, -Math.log(4) / 2, Math.log(2) / 2]),
    Whh: new Float64Array([0, 0, 2]),
    b: new Float64Array([0, 0, -1.5]),
    bHn: new Float64Array([4]),
  };
  const step = gruCell(weights, [2], [-1]);
  assertAlmostEquals(step.r[0], 3 / 4, 1e-15);
  assertAlmostEquals(step.z[0], 1 / 5, 1e-15);
  assertEquals(step.m, [2]);
  assertAlmostEquals(step.n[0], 3 / 5, 1e-15);
  assertAlmostEquals(step.h[0], 4 / 5 * 3 / 5 - 1 / 5, 1e-15);

  const gWeights = zerosLike(weights);
  const { gInput, gHPrev } = gruCellBackward(weights, gWeights, step, [10]);
  const gAn = 10 * 4 / 5 * 16 / 25, gAr = gAn * 2 * 3 / 16, gAz = 10 * (-1 - 3 / 5) * 4 / 25;
  [gAr, gAz, gAn].forEach((g, k) => {
    assertAlmostEquals(gWeights.b[k], g, 1e-14);
    assertAlmostEquals(gWeights.Wih[k], 2 * g, 1e-14);
  });
  const gM = gAn * 3 / 4;
  assertAlmostEquals(gWeights.bHn[0], gM, 1e-14);
  [gAr, gAz, gM].forEach((g, k) => assertAlmostEquals(gWeights.Whh[k], -g, 1e-14));
  const through = gAr * weights.Wih[0] + gAz * weights.Wih[1] + gAn * weights.Wih[2];
  assertAlmostEquals(gInput[0], through, 1e-14);
  assertAlmostEquals(gHPrev[0], 10 / 5 + 2 * gM, 1e-14);
});

Deno.test("with an update gate of exactly 1 it keeps its state and its gradient for a thousand steps", () => {
  const weights = {
    Wih: new Float64Array([1, 0, 1]),
    Whh: new Float64Array([1, 0, 1]),
    b: new Float64Array([0, 800, 0]),
    bHn: new Float64Array([1]),
  };
  const random = seededRandom("keep"), steps = [];
  let [h, gH] = [[0.3], [1]];
  for (let t = 0; t < 1000; t++) {
    const step = gruCell(weights, [random.normal()], h);
    steps.push(step);
    h = step.h;
  }
  assertEquals(h, [0.3]);
  for (const step of steps.reverse()) {
    gH = gruCellBackward(weights, zerosLike(weights), step, gH).gHPrev;
  }
  assertEquals(gH, [1]);
});

Deno.test("the GRU cell's adjoint agrees with central differences", () => {
  const [step, backward] = [gruCell, gruCellBackward];
  assertCellGradient({ name: "a GRU cell", randomWeights, step, backward }, 40);
});

Deno.test("the gradient by the weights adds up", () => {
  const weights = randomWeights(seededRandom(3), 2, 3);
  const step = gruCell(weights, [1, 2, 3], [0.5, -0.5]);
  const [once, twice] = [zerosLike(weights), zerosLike(weights)];
  gruCellBackward(weights, once, step, [1, 2]);
  for (let n = 0; n < 2; n++) gruCellBackward(weights, twice, step, [1, 2]);
  for (const name of ["Wih", "Whh", "b", "bHn"] as const) {
    assertEquals(twice[name], once[name].map((g) => 2 * g));
  }
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = randomWeights(seededRandom(4), 2, 3), x = [1, 2, 3], two = [1, 2];
  assertThrows(() => gruCell(weights, [1, 2], two), TypeError, "Cannot add vectors");
  assertThrows(
    () => gruCell(weights, x, [1]),
    TypeError,
    "Cannot step a GRU: wanted 3 sums, got 6",
  );
  const step = gruCell(weights, x, two), gWeights = zerosLike(weights);
  assertThrows(
    () => gruCellBackward(weights, gWeights, step, [1]),
    TypeError,
    "Cannot reverse a GRU's step: wanted 2 gradients of h, got 1",
  );
});
