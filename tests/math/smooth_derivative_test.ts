import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { smoothDerivative } from "@/math/gradient_check.ts";

const derivative = (f: (x: number) => number, x: number) =>
  smoothDerivative((x) => [f(x)], [1], x)?.derivative;

Deno.test("known derivatives come out to ten digits", () => {
  for (
    const { f, x, wanted } of [
      { f: Math.sin, x: 1, wanted: Math.cos(1) },
      { f: Math.exp, x: 2, wanted: Math.exp(2) },
      { f: Math.log, x: 0.01, wanted: 100 },
      { f: (x: number) => x ** 3, x: -7, wanted: 147 },
      { f: (x: number) => Math.sin(50 * x), x: 0.3, wanted: 50 * Math.cos(15) },
      { f: (x: number) => Math.tanh(100 * x), x: 0.001, wanted: 100 / Math.cosh(0.1) ** 2 },
    ]
  ) {
    const found = derivative(f, x);
    assert(found !== undefined);
    assertAlmostEquals(found / wanted, 1, 1e-10);
  }
});

Deno.test("what rounding may do bounds what it does", () => {
  const property = fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (x) => {
    const f = (x: number) => [Math.exp(Math.sin(3 * x))];
    const found = smoothDerivative(f, [1], x);
    assert(found !== null);
    const wanted = 3 * Math.cos(3 * x) * f(x)[0];
    assertLess(Math.abs(found.derivative - wanted), found.roundoff + 1e-10 * Math.abs(wanted));
    assertLess(found.roundoff, 1e-8); // or the bound would say nothing
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});

Deno.test("outputs are weighted and summed", () => {
  const found = smoothDerivative((x) => [x, x * x, 7], [2, -1, 5], 3);
  assertAlmostEquals(found!.derivative, 2 - 6, 1e-10);
});

Deno.test("an output that does not depend on x adds no rounding, however large", () => {
  const found = smoothDerivative((x) => [1e6 / 3, x / 3], [1, 1], 0.7);
  assertAlmostEquals(found!.derivative, 1 / 3, 1e-11);
});

Deno.test("a constant has derivative 0, not a kink", () => {
  assertEquals(derivative(() => 1e6 / 3, 0.7), 0);
});

Deno.test("there is a kink where max(0, x) or |x| bends, and up to 10⁻⁶ beside it", () => {
  for (const beside of [0, 1e-12, 1e-9, 1e-7, 9e-7]) {
    for (const x of [beside, -beside]) {
      assertEquals(derivative((x) => Math.max(0, x), x), undefined, `max(0, ${x})`);
      assertEquals(derivative(Math.abs, x), undefined, `|${x}|`);
    }
  }
});

Deno.test("beyond 2 · 10⁻⁵ from a bend there is a derivative again", () => {
  for (const beside of [2e-5, 1e-4, 7e-4, 1e-3, 0.1]) {
    assertAlmostEquals(derivative((x) => Math.max(0, x), beside)!, 1, 1e-9);
    assertAlmostEquals(derivative((x) => Math.max(0, x), -beside)!, 0, 1e-9);
  }
});

Deno.test("there is a kink at a jump", () => {
  assertEquals(derivative((x) => x < 0.5 ? 0 : 1e-3, 0.5), undefined);
  assertEquals(derivative((x) => x < 0.5 ? 0 : 1e-3, 0.5 + 1e-7), undefined);
});

Deno.test("bends of any size at any distance give the right derivative or a kink, never a wrong one", () => {
  const exponent = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const property = fc.property(exponent(-9, 0), exponent(-5, 1), fc.boolean(), (c, J, right) => {
    const [bend, jump] = [(right ? 1 : -1) * 10 ** c, 10 ** J];
    const found = smoothDerivative((x) => [Math.sin(x), jump * Math.max(0, x - bend)], [1, 1], 0);
    if (found === null) return;
    const wanted = 1 + (right ? 0 : jump);
    assertLess(Math.abs(found.derivative - wanted), 1e-8 * wanted + found.roundoff);
  });
  fc.assert(property, { seed: 2, numRuns: 2000 });
});

Deno.test("two bends within a step that hide each other from one difference are both seen", () => {
  for (const c of [0, 1e-7, 1e-6]) {
    const tent = (x: number) => Math.max(0, x - c) + Math.max(0, -x - c);
    assertEquals(derivative(tent, 0), undefined, `${c}`);
    const ramp = (x: number) => Math.min(1e-6, Math.max(-1e-6, x - c));
    assertEquals(derivative(ramp, 0), undefined, `${c}`);
  }
});

Deno.test("a first estimate is not believed before a second one, even if it is 0", () => {
  const h = 2 ** -10;
  // At this distance the gap of the first two steps closes as if nothing bent, and R is 1/9 − 1/9.
  const found = derivative((x) => Math.max(0, x - h / 3) - x / 9, 0);
  assertAlmostEquals(found!, -1 / 9, 1e-9);
});

Deno.test("the function is asked no further away than 1/1024", () => {
  let furthest = 0;
  smoothDerivative(
    (x) => {
      furthest = Math.max(furthest, Math.abs(x - 5));
      return [Math.abs(x - 5)];
    },
    [1],
    5,
  );
  assertEquals(furthest, 1 / 1024);
});

Deno.test("a smooth function is asked seven times", () => {
  let asked = 0;
  smoothDerivative(
    (x) => {
      asked++;
      return [Math.sin(x)];
    },
    [1],
    0.3,
  );
  assertEquals(asked, 7);
});

Deno.test("outputs that come and go, or are no numbers, are refused", () => {
  assertThrows(
    () => smoothDerivative(() => [1, 2], [1], 0),
    TypeError,
    "Cannot differentiate: wanted 1 outputs (one for each weight), got 2",
  );
  assertThrows(
    () => smoothDerivative((x) => x > 0 ? [1] : [1, 2], [1, 1], 0),
    TypeError,
    "Cannot differentiate: wanted 2 outputs (as many as at x), got 1",
  );
  assertThrows(
    () => smoothDerivative((x) => x < 0 ? [1] : [1, 2], [1, 1], 0),
    TypeError,
    "Cannot differentiate: wanted 2 outputs (as many as at x), got 1",
  );
  assertThrows(() => smoothDerivative((x) => [Math.sqrt(x)], [1], 0), RangeError, "got NaN at 0");
});
