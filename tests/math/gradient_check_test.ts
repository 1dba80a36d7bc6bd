import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";

/** y = tanh(W x + b), and its adjoint: smooth, with every kind of nested input. */
interface Layer {
  readonly W: Matrix;
  readonly b: Vector;
  readonly x: Vector;
}

function layer({ W, b, x }: Layer): Vector {
  return W.map((W_j, j) => Math.tanh(W_j.reduce((sum, w, i) => sum + w * x[i], b[j])));
}

function layerBackward({ W, b, x }: Layer, gY: Vector): { gW: Matrix; gB: Vector; gX: Vector } {
  const gB = layer({ W, b, x }).map((y_j, j) => gY[j] * (1 - y_j * y_j));
  return {
    gW: gB.map((g_j) => x.map((x_i) => g_j * x_i)),
    gB,
    gX: x.map((_, i) => gB.reduce((sum, g_j, j) => sum + g_j * W[j][i], 0)),
  };
}

function randomLayer(seed: number): Layer {
  const random = seededRandom(seed);
  const [outputs, inputs] = [random.integer(1, 6), random.integer(1, 6)];
  const vector = (length: number) => Array.from({ length }, () => random.normal());
  return { W: vector(outputs).map(() => vector(inputs)), b: vector(outputs), x: vector(inputs) };
}

const seeds = fc.nat({ max: 1e9 });
const anyPick = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

Deno.test("a right gradient passes, and every one of its derivatives is compared", () => {
  const property = fc.property(seeds, (seed) => {
    const at = randomLayer(seed);
    const random = seededRandom(seed);
    const check = checkGradient({ name: "a layer", f: layer, adjoint: layerBackward, at, random });
    assert(check.passed, check.summary);
    assertLess(check.worstRelativeError, 2e-9);
    assertEquals(check.compared, at.b.length * at.x.length + at.b.length + at.x.length);
    assertEquals([check.kinks, check.kinkInputs.length], [0, 0]);
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});

Deno.test("a gradient wrong by 1 % fails, and the error is said to be 1 %", () => {
  for (const factor of [1.01, 0.99]) {
    const property = fc.property(seeds, (seed) => {
      const check = checkGradient({
        name: "a layer",
        f: layer,
        adjoint: (at, gY) => layerBackward(at, gY.map((g) => factor * g)),
        at: randomLayer(seed),
        random: seededRandom(seed),
      });
      assert(!check.passed, check.summary);
      assertAlmostEquals(check.worstRelativeError, 0.01 / Math.max(1, factor), 1e-7);
      assertEquals(check.kinks, 0);
    });
    fc.assert(property, { seed: 2, numRuns: 100 });
  }
});

Deno.test("a gradient wrong by 1 % in any one place fails, and the place is named", () => {
  const property = fc.property(seeds, anyPick, (seed, pick) => {
    const at = randomLayer(seed);
    const j = Math.floor(pick * at.b.length);
    let size = 0;
    const check = checkGradient({
      name: "a layer",
      f: layer,
      adjoint: (at, gY) => {
        const g = layerBackward(at, gY);
        size = Math.abs(g.gB[j]);
        return { ...g, gB: g.gB.with(j, 1.01 * g.gB[j]) };
      },
      at,
      random: seededRandom(seed),
    });
    fc.pre(size > 1e-7); // a saturated unit has a slope that no difference quotient can resolve
    assert(!check.passed, check.summary);
    assertEquals(check.worstInput, `b[${j}]`);
    assertEquals(check.kinks, 0);
  });
  fc.assert(property, { seed: 3, numRuns: 500 });
});

Deno.test("an error of 1 % is seen in a derivative of 10⁻⁷ beside one of 1", () => {
  for (const size of [1, 1e-2, 1e-4, 1e-6, 1e-7]) {
    const f = ([x, y]: Vector) => [Math.sin(x) + size * Math.sin(y)];
    const slope = ([x, y]: Vector, [g]: Vector) => [g * Math.cos(x), g * size * Math.cos(y)];
    const check = (adjoint: typeof slope) =>
      checkGradient({ name: "a sum", f, adjoint, at: [0.3, 0.4], random: seededRandom(4) });
    assert(check(slope).passed, check(slope).summary);
    const wrong = check((x, g) => slope(x, g).map((g_i, i) => i === 1 ? 1.01 * g_i : g_i));
    assert(!wrong.passed, `${size}: ${wrong.summary}`);
    assertEquals(wrong.worstInput, "[1]");
  }
});

Deno.test("gradients that forget a term, a sign, an order or everything fail", () => {
  const wrongs: Record<string, typeof layerBackward> = {
    term: (at, gY) => ({ ...layerBackward(at, gY), gB: gY }),
    sign: (at, gY) => layerBackward(at, gY.map((g) => -g)),
    order: (at, gY) => layerBackward(at, gY.toReversed()),
    everything: (at, gY) => layerBackward(at, gY.map(() => 0)),
  };
  const at = { W: [[0.5, -1], [2, 0.3]], b: [0.1, -0.2], x: [0.7, 0.4] };
  for (const [forgotten, adjoint] of Object.entries(wrongs)) {
    const check = checkGradient({
      name: "a layer",
      f: layer,
      adjoint,
      at,
      random: seededRandom(5),
    });
    assert(!check.passed, `${forgotten}: ${check.summary}`);
    assertEquals(check.kinks, 0);
  }
});

Deno.test("one wrong output among many fails", () => {
  const at = Array.from({ length: 30 }, (_, i) => i / 10);
  for (let wrong = 0; wrong < at.length; wrong++) {
    const check = checkGradient({
      name: "sines",
      f: (x) => x.map(Math.sin),
      adjoint: (x, g) => x.map((x_i, i) => g[i] * Math.cos(x_i) * (i === wrong ? 1.01 : 1)),
      at,
      random: seededRandom(wrong),
    });
    assert(!check.passed, check.summary);
    assertEquals(check.worstInput, `[${wrong}]`);
  }
});

const corner = (x: Vector) => x.map((x_i) => Math.max(0, x_i));
const cornerBackward = (x: Vector, g: Vector) => x.map((x_i, i) => x_i > 0 ? g[i] : 0);

Deno.test("kinks of max(0, x) are counted, named and skipped, and the rest is compared", () => {
  const at = [0, 1, 1e-7, -1, -1e-7, 1e-3, -1e-3];
  const random = seededRandom(6);
  const check = checkGradient({
    name: "corners",
    f: corner,
    adjoint: cornerBackward,
    at,
    random,
  });
  assertEquals(check.kinkInputs, ["[0]", "[2]", "[4]"]);
  assertEquals([check.kinks, check.compared, check.passed], [3, 4, true]);
  assertEquals(check.summary.endsWith("3 skipped at kinks"), true);
});

Deno.test("a wrong gradient does not pass for a kink, beside a kink or far from it", () => {
  for (const x of [0.5, 1e-2, 1e-3, 1e-4, 3e-5]) {
    const wrong = checkGradient({
      name: "a corner",
      f: corner,
      adjoint: (x, g) => cornerBackward(x, g).map((g_i) => 1.01 * g_i),
      at: [x],
      random: seededRandom(7),
    });
    assertEquals([wrong.passed, wrong.kinks], [false, 0], `${x}: ${wrong.summary}`);
    const swapped = checkGradient({
      name: "a corner",
      f: corner,
      adjoint: (x, g) => cornerBackward(x.map((x_i) => -x_i), g),
      at: [x],
      random: seededRandom(7),
    });
    assertEquals([swapped.passed, swapped.kinks], [false, 0], `${x}: ${swapped.summary}`);
  }
});

Deno.test("where kinks are is decided without the gradient that is checked", () => {
  const at = [0, 0.2, -0.2, 1e-6, 0.9];
  const kinkInputs = [1, 0, -5].map((factor) =>
    checkGradient({
      name: "corners",
      f: corner,
      adjoint: (x, g) => cornerBackward(x, g).map((g_i) => factor * g_i),
      at,
      random: seededRandom(8),
    }).kinkInputs
  );
  assertEquals(kinkInputs, [["[0]", "[3]"], ["[0]", "[3]"], ["[0]", "[3]"]]);
});

Deno.test("a check that compared nothing has not passed", () => {
  const random = seededRandom(9);
  const check = checkGradient({
    name: "a corner",
    f: corner,
    adjoint: cornerBackward,
    at: [0],
    random,
  });
  assertEquals(
    [check.passed, check.compared, check.worstInput, check.worstRelativeError],
    [false, 0, "", 0],
  );
  assertEquals(
    check.summary,
    "Gradient of a corner failed: 0 derivatives compared, 1 skipped at kinks",
  );
});

Deno.test("the tolerance is the one asked for", () => {
  const check = (error: number, tolerance?: number) =>
    checkGradient({
      name: "a square",
      f: ([x]) => [x * x],
      adjoint: ([x], [g]) => [2 * x * g * (1 + error)],
      at: [3],
      random: seededRandom(10),
      tolerance,
    });
  assertEquals(check(1e-9).passed, true);
  assertEquals(check(1e-7).passed, false);
  assertEquals(check(1e-7, 1e-6).passed, true);
  assertEquals(check(1e-5, 1e-6).passed, false);
});

Deno.test("a number may come out, and its gradient goes in as a number", () => {
  const check = checkGradient({
    name: "a loss",
    f: ({ read }) => read.reduce((sum, r) => sum + r * r, 0) / 2,
    adjoint: ({ read }, gLoss) => ({ gRead: read.map((r) => r * gLoss) }),
    at: { read: [1, -2, 0] },
    random: seededRandom(11),
  });
  assert(check.passed, check.summary);
  assertEquals(check.compared, 3);
});

Deno.test("a function that writes on its inputs, or reuses its outputs, spoils nothing", () => {
  const buffer = new Float64Array(2);
  const at = { x: [0.3, 0.7] };
  const check = checkGradient({
    name: "an untidy function",
    f: ({ x }) => {
      x.forEach((x_i, i) => buffer[i] = Math.sin(x_i));
      x.fill(NaN);
      return buffer;
    },
    adjoint: ({ x }, g) => {
      const gX = x.map((x_i, i) => g[i] * Math.cos(x_i));
      x.fill(NaN);
      return { gX };
    },
    at,
    random: seededRandom(12),
  });
  assert(check.passed, check.summary);
  assertEquals(at, { x: [0.3, 0.7] });
});

Deno.test("a gradient of the wrong shape, or with NaN in it, is refused", () => {
  const check = (adjoint: () => unknown) => () =>
    checkGradient({
      name: "a layer",
      f: ({ pops }) => pops,
      adjoint,
      at: { pops: [1, 2] },
      random: seededRandom(13),
    });
  assertThrows(check(() => ({ gPops: [1] })), TypeError, "wanted a list of 2 at gPops");
  assertThrows(check(() => ({})), TypeError, "wanted a list of 2 at pops, got undefined");
  assertThrows(check(() => ({ gPops: [1, NaN] })), RangeError, "at gPops[1], got NaN");
});
