import { assertAlmostEquals, assertEquals } from "@std/assert";
import { squash, squashBackward } from "@/tutorial/layers.ts";

const PLACES = [-800, -40, -3, -0.5, -1e-9, 0, 1e-9, 0.5, 3, 40, 800];
const EXACT = { tanh: Math.tanh, sigmoid: (a: number) => 1 / (1 + Math.exp(-a)) };

for (const kind of ["tanh", "sigmoid"] as const) {
  Deno.test(`${kind} is right to 4 parts in 10¹⁶ of its range, far out too, and stays in its slice`, () => {
    const y = Float64Array.from([7, ...PLACES, 7]);
    squash(kind, y, 1, PLACES.length);
    assertEquals([y[0], y.at(-1)], [7, 7]);
    PLACES.forEach((a, i) => assertAlmostEquals(y[1 + i], EXACT[kind](a), 4e-16));
  });

  Deno.test(`the gradient of ${kind} is that of central differences`, () => {
    for (const a of [-3, -0.5, 0.2, 1.7]) {
      const at = (x: number) => {
        const y = new Float64Array([x]);
        squash(kind, y, 0, 1);
        return y;
      };
      const g = new Float64Array([3, 5]), y = Float64Array.from([9, at(a)[0]]);
      squashBackward(kind, g, y, 1, 1);
      const slope = (at(a + 1e-5)[0] - at(a - 1e-5)[0]) / 2e-5;
      assertEquals(g[0], 3);
      assertAlmostEquals(g[1], 5 * slope, 1e-8);
    }
  });
}

Deno.test("σ is exactly 1 from 37 on: there its gradient is exactly 0", () => {
  const y = new Float64Array([36, 37]), g = new Float64Array([1, 1]);
  squash("sigmoid", y, 0, 2);
  assertEquals([y[0] < 1, y[1] === 1], [true, true]);
  squashBackward("sigmoid", g, y, 0, 2);
  assertEquals(g[1], 0);
});
