import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { lstmCell, lstmCellBackward, type LstmWeights } from "@/network/lstm_cell.ts";
import { numbers, vector, zerosLike } from "./random_numbers.ts";

function randomWeights(random: RandomSource, H: number, I: number): LstmWeights {
  const G = 4;
  return {
    Wih: numbers(random, G * H * I),
    Whh: numbers(random, G * H * H),
    b: numbers(random, G * H),
  };
}

Deno.test("by hand: gates in the order i, f, g, o, forwards and backwards", () => {
  // σ(ln 3) = 3/4, σ(0) = 1/2, tanh(ln 2) = 3/5, σ(ln 4) = 4/5; each sum is half from the input, half from h.
  const sums = [Math.log(3), 0, Math.log(2), Math.log(4)];
  const weights = {
    Wih: new Float64Array(sums.map((a) => a / 4)),
    Whh: new Float64Array(sums.map((a) => -a / 2)),
    b: new Float64Array(4),
  };
  const step = lstmCell(weights, [2], [-1], [0.5]);
  const gates = [step.i[0], step.f[0], step.g[0], step.o[0]];
  [3 / 4, 1 / 2, 3 / 5, 4 / 5].forEach((y, k) => assertAlmostEquals(gates[k], y, 1e-15));
  // c = 1/2 · 1/2 + 3/4 · 3/5 = 7/10
  assertAlmostEquals(step.c[0], 0.7, 1e-15);
  assertAlmostEquals(step.h[0], 0.8 * Math.tanh(0.7), 1e-15);

  const gWeights = zerosLike(weights), tanhC = Math.tanh(0.7);
  const { gInput, gHPrev, gCPrev } = lstmCellBackward(weights, gWeights, step, [10], [3]);
  const gC = 3 + 10 * 0.8 * (1 - tanhC ** 2);
  const gA = [gC * 3 / 5 * 3 / 16, gC / 2 / 4, gC * 3 / 4 * 16 / 25, 10 * tanhC * 4 / 25];
  gA.forEach((g, k) => {
    assertAlmostEquals(gWeights.b[k], g, 1e-14);
    assertAlmostEquals(gWeights.Wih[k], 2 * g, 1e-14);
    assertAlmostEquals(gWeights.Whh[k], -g, 1e-14);
  });
  assertAlmostEquals(gCPrev[0], gC / 2, 1e-14);
  const through = gA.reduce((total, g, k) => total + g * sums[k], 0);
  assertAlmostEquals(gInput[0], through / 4, 1e-14);
  assertAlmostEquals(gHPrev[0], -through / 2, 1e-14);
});

Deno.test("saturated, it counts exactly, and passes the gradient on unchanged for a thousand steps", () => {
  // Gates open at 800; the candidate is tanh(±800) = ±1.
  const weights = {
    Wih: new Float64Array([0, 0, 800, 0]),
    Whh: new Float64Array(4),
    b: new Float64Array([800, 800, 0, 800]),
  };
  const random = seededRandom("count");
  const signs = Array.from({ length: 1000 }, () => random.integer(0, 3) === 0 ? -1 : 1);
  const steps = [];
  let [h, c, gC] = [[0], [0], [1]];
  for (const sign of signs) {
    const step = lstmCell(weights, [sign], h, c);
    steps.push(step);
    ({ h, c } = step);
  }
  assertEquals(c, [signs.reduce((total, sign) => total + sign, 0)]);
  for (const step of steps.reverse()) {
    gC = lstmCellBackward(weights, zerosLike(weights), step, [0], gC).gCPrev;
  }
  assertEquals(gC, [1]);
});

Deno.test("the LSTM cell's adjoint agrees with central differences", () => {
  const random = seededRandom("lstm");
  for (let n = 0; n < 16; n++) {
    const [H, I] = [random.integer(1, 4), random.integer(1, 4)];
    const { passed, kinks, summary } = checkGradient({
      name: `an LSTM cell, H ${H}, I ${I}`,
      f: ({ weights, input, hPrev, cPrev }) => {
        const { h, c } = lstmCell(weights, input, hPrev, cPrev);
        return { h, c };
      },
      adjoint: ({ weights, input, hPrev, cPrev }, { h: gH, c: gC }) => {
        const gWeights = zerosLike(weights), step = lstmCell(weights, input, hPrev, cPrev);
        return { gWeights, ...lstmCellBackward(weights, gWeights, step, gH, gC) };
      },
      at: {
        weights: randomWeights(random, H, I),
        input: vector(random, I),
        hPrev: vector(random, H),
        cPrev: vector(random, H),
      },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("the gradient by the weights adds up", () => {
  const weights = randomWeights(seededRandom(3), 2, 3);
  const step = lstmCell(weights, [1, 2, 3], [0.5, -0.5], [1, -1]);
  const [once, twice] = [zerosLike(weights), zerosLike(weights)];
  lstmCellBackward(weights, once, step, [1, 2], [3, 4]);
  for (let n = 0; n < 2; n++) lstmCellBackward(weights, twice, step, [1, 2], [3, 4]);
  for (const name of ["Wih", "Whh", "b"] as const) {
    assertEquals(twice[name], once[name].map((g) => 2 * g));
  }
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = randomWeights(seededRandom(4), 2, 3), x = [1, 2, 3], two = [1, 2];
  assertThrows(() => lstmCell(weights, [1, 2], two, two), TypeError, "Cannot add vectors");
  assertThrows(
    () => lstmCell(weights, x, two, [1]),
    TypeError,
    "Cannot step an LSTM: wanted 4 sums, got 8",
  );
  const step = lstmCell(weights, x, two, two), gWeights = zerosLike(weights);
  assertThrows(
    () => lstmCellBackward(weights, gWeights, step, [1], two),
    TypeError,
    "Cannot reverse an LSTM's step: wanted 2 gradients of h, got 1",
  );
  assertThrows(
    () => lstmCellBackward(weights, gWeights, step, two, [1]),
    TypeError,
    "Cannot reverse an LSTM's step: wanted 2 gradients of c, got 1",
  );
});
