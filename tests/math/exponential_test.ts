import { assertEquals, assertLess } from "@std/assert";
import { exponential } from "@/math/exponential.ts";
import { seededRandom } from "@/math/random.ts";

Deno.test("e^x is within 5 · 10⁻¹⁶ of itself, relatively, from −700 to 700", () => {
  const random = seededRandom(1);
  for (const width of [700, 10, 1, 1e-3, 1e-9]) {
    for (let i = 0; i < 20_000; i++) {
      const x = random.uniform(-width, width);
      // Math.exp may itself be off by one unit in the last place, 2.2 · 10⁻¹⁶.
      assertLess(Math.abs(exponential(x) / Math.exp(x) - 1), 5e-16 + 2.3e-16, `${x}`);
    }
  }
});

Deno.test("e^x is right on both sides of where one table entry gives way to the next", () => {
  for (let n = -64 * 1000; n <= 64 * 1000; n++) {
    const border = (n + 0.5) * Math.LN2 / 64;
    for (const x of [border, border * (1 + 2 ** -52), border * (1 - 2 ** -52)]) {
      assertLess(Math.abs(exponential(x) / Math.exp(x) - 1), 5e-16 + 2.3e-16, `${x}`);
    }
  }
});

Deno.test("e^0 is exactly 1, NaN stays NaN, and beyond 700 nothing overflows", () => {
  assertEquals([0, -0].map(exponential), [1, 1]);
  assertEquals(exponential(NaN), NaN);
  for (const far of [701, 1e308, Infinity]) {
    assertEquals(exponential(far), exponential(700));
    assertEquals(exponential(-far), exponential(-700));
  }
});
