import { assert, assertEquals } from "@std/assert";
import { BUILDS, createKernelMemory, type KernelMemory } from "./kernel_memory.ts";

type Name = "exponentials" | "sigmoids" | "tanhs" | "tanhs16";

function apply(memory: KernelMemory, name: Name, xs: readonly number[]): Float32Array {
  memory.clear();
  const width = Math.ceil(xs.length / 16) * 16, [x, y] = [memory.place(width), memory.place(width)];
  x.numbers.set(xs);
  memory.kernels[name](y.at, x.at, 4 * width);
  memory.checkGuards();
  return y.numbers.slice(0, xs.length);
}

/** Float32 numbers from `low` to `high`, evenly, the ends included. */
function evenly(low: number, high: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => Math.fround(low + (high - low) * i / (count - 1)),
  );
}

/** Float32 numbers of all sizes from 2^−100 to 2^6, of both signs. */
function ofAllSizes(): number[] {
  const sizes = Array.from({ length: 20000 }, (_, i) => Math.fround(2 ** (-100 + 106 * i / 20000)));
  return [...sizes, ...sizes.map((x) => -x)];
}

/** Throws if a result is further from the exact one than so much of its size. */
function checkWithin(
  memory: KernelMemory,
  name: Name,
  f: (x: number) => number,
  xs: number[],
  of: number,
) {
  const ys = apply(memory, name, xs);
  for (let i = 0; i < xs.length; i++) {
    const exact = f(xs[i]), wrong = Math.abs(ys[i] - exact);
    assert(wrong <= of * Math.abs(exact), `${name} of ${xs[i]}: ${ys[i]}, wanted ${exact}`);
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

for (const build of BUILDS) {
  const memory = createKernelMemory(build);

  Deno.test(`${build}: exp is within 2⁻²³ of itself from −87 to 88`, () => {
    checkWithin(memory, "exponentials", Math.exp, evenly(-87, 88, 200_001), 2 ** -23);
    checkWithin(memory, "exponentials", Math.exp, evenly(-1, 1, 100_001), 2 ** -23);
    checkWithin(memory, "exponentials", Math.exp, ofAllSizes(), 2 ** -23);
  });

  Deno.test(`${build}: exp is clamped beyond −87 and 88`, () => {
    const [least, most] = apply(memory, "exponentials", [-87, 88]);
    const beyond = apply(memory, "exponentials", [-87.5, -1e4, -Infinity, 88.5, 1e30, Infinity]);
    assertEquals([...beyond], [least, least, least, most, most, most]);
  });

  Deno.test(`${build}: σ is within 2 · 2⁻²³ of itself from −87 up`, () => {
    checkWithin(memory, "sigmoids", sigmoid, evenly(-87, 40, 200_001), 2 ** -22);
    checkWithin(memory, "sigmoids", sigmoid, evenly(-2, 2, 100_001), 2 ** -22);
    checkWithin(memory, "sigmoids", sigmoid, ofAllSizes(), 2 ** -22);
  });

  Deno.test(`${build}: σ is exactly 0 below −87, exactly 1 above 17, and exactly one half at 0`, () => {
    assertEquals(
      new Set(apply(memory, "sigmoids", [-87.01, -88, -800, -1e30, -Infinity])),
      new Set([0]),
    );
    assertEquals(new Set(apply(memory, "sigmoids", evenly(17.4, 900, 5001))), new Set([1]));
    assertEquals(new Set(apply(memory, "sigmoids", [1e30, Infinity])), new Set([1]));
    assertEquals([...apply(memory, "sigmoids", [0, -0])], [0.5, 0.5]);
    assert(apply(memory, "sigmoids", [-86.99]).every((s) => s > 0));
  });

  Deno.test(`${build}: tanh is within 2 · 2⁻²³ of itself, however small`, () => {
    checkWithin(memory, "tanhs", Math.tanh, evenly(-12, 12, 200_001), 2 ** -22);
    checkWithin(memory, "tanhs", Math.tanh, evenly(-0.7, 0.7, 100_001), 2 ** -22);
    checkWithin(memory, "tanhs", Math.tanh, ofAllSizes(), 2 ** -22);
    assertEquals([...apply(memory, "tanhs", [0])], [0]);
  });

  Deno.test(`${build}: tanh is exactly ±1 beyond ±9.1`, () => {
    assertEquals(new Set(apply(memory, "tanhs", evenly(9.1, 900, 5001))), new Set([1]));
    assertEquals(new Set(apply(memory, "tanhs", evenly(-900, -9.1, 5001))), new Set([-1]));
    assertEquals([...apply(memory, "tanhs", [Infinity, -Infinity, 3e38])], [1, -1, 1]);
  });

  Deno.test(`${build}: sixteen tanhs at once have the bits of each alone`, () => {
    const xs = [...evenly(-100, 100, 20_001), ...evenly(-2, 2, 20_001), ...ofAllSizes()];
    const sixteen = apply(memory, "tanhs16", xs).slice();
    apply(memory, "tanhs", xs).forEach((y, i) =>
      assert(Object.is(sixteen[i], y), `tanh of ${xs[i]}: wanted ${y}, got ${sixteen[i]}`)
    );
  });

  Deno.test(`${build}: all stay in their range, and a NaN stays in its own lane`, () => {
    for (const name of ["exponentials", "sigmoids", "tanhs", "tanhs16"] as const) {
      const ys = apply(memory, name, [...evenly(-100, 100, 50_001), ...evenly(-20, 20, 50_001)]);
      if (name !== "exponentials") assert(ys.every((y) => y >= -1 && y <= 1));
      if (!name.startsWith("tanhs")) assert(ys.every((y) => y >= 0 && y < Infinity));
      const among = apply(memory, name, [1, NaN, 2, 3, NaN, 4, 5, 6]);
      const lost = [...among].flatMap((y, i) => Number.isNaN(y) ? [i] : []);
      assertEquals(lost, [1, 4]);
    }
  });
}
