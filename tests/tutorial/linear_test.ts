import { assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { addLinear, addLinearBackward, addWeightGradient } from "@/tutorial/layers.ts";

const numbers = (length: number, seed: number) => {
  const random = seededRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
};

/** y_j = Σ_i W_ji x_i as it is written. */
function literal(W: Float64Array, x: Float64Array, outputs: number): number[] {
  const K = x.length;
  return Array.from(
    { length: outputs },
    (_, j) => x.reduce((sum, x_i, i) => sum + W[j * K + i] * x_i, 0),
  );
}

for (const [inputs, outputs] of [[1, 1], [3, 4], [8, 8], [5, 7], [2, 11]]) {
  Deno.test(`the product of a ${outputs} × ${inputs} matrix is the literal one, slice or not`, () => {
    const W = numbers(inputs * outputs, 1), x = numbers(inputs, 2), y = numbers(outputs + 3, 3);
    const before = y.slice(), padded = Float64Array.from([9, 9, ...x, 9]);
    addLinear(y, 2, W, padded, 2, inputs, outputs);
    const product = literal(W, x, outputs);
    y.forEach((y_j, j) => {
      const inside = j >= 2 && j < outputs + 2;
      assertAlmostEquals(y_j, before[j] + (inside ? product[j - 2] : 0), 1e-13);
    });
  });

  Deno.test(`both gradients of a ${outputs} × ${inputs} product are the literal ones, and add up`, () => {
    const W = numbers(inputs * outputs, 1), x = numbers(inputs, 2), gY = numbers(outputs, 4);
    const gW = numbers(W.length, 5), gX = numbers(inputs, 6), weightsOnly = gW.slice();
    const [gWBefore, gXBefore] = [gW.slice(), gX.slice()];
    addLinearBackward(gW, gX, 0, W, gY, 0, x, 0, inputs, outputs);
    addWeightGradient(weightsOnly, gY, 0, x, 0, inputs, outputs);
    for (let j = 0; j < outputs; j++) {
      for (let i = 0; i < inputs; i++) {
        const w = j * inputs + i;
        assertAlmostEquals(gW[w], gWBefore[w] + gY[j] * x[i], 1e-13);
      }
    }
    assertEquals(weightsOnly, gW);
    gX.forEach((gX_i, i) => {
      const sum = gY.reduce((sum, gY_j, j) => sum + W[j * inputs + i] * gY_j, 0);
      assertAlmostEquals(gX_i, gXBefore[i] + sum, 1e-13);
    });
  });
}
