import { assertAlmostEquals, assertEquals } from "@std/assert";
import { adamStep, createAdam, descentStep } from "@/tutorial/controller_training.ts";

Deno.test("Adam's steps are those of algorithm 1, written with its own letters", () => {
  const gradients = [[1, -2], [0.5, 3], [-4, 0], [0, 0.01]], rate = 0.1;
  const parameters = new Float64Array([1, 2]), adam = createAdam(2);
  const theta = [1, 2], m = [0, 0], v = [0, 0];
  gradients.forEach((g, k) => {
    adamStep(adam, parameters, Float64Array.from(g), rate);
    for (const i of [0, 1]) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2;
      const mHat = m[i] / (1 - 0.9 ** (k + 1)), vHat = v[i] / (1 - 0.999 ** (k + 1));
      theta[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
      assertAlmostEquals(parameters[i], theta[i], 1e-12);
    }
  });
  assertEquals(adam.steps, 4);
});

Deno.test("a plain step goes down the gradient by the learning rate", () => {
  const parameters = new Float64Array([1, 2]);
  descentStep(parameters, new Float64Array([10, -20]), 0.1);
  assertEquals([...parameters], [0, 4]);
});
