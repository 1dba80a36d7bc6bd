import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { createEngine, type Engine, type Tensors } from "@/engine/engine.ts";
import type { Optimizer } from "@/engine/optimizer.ts";
import { seededRandom } from "@/math/random.ts";
import { type SequenceParameters, zeroParameters } from "@/models/sequence_parameters.ts";
import { float32Batch, float32Parameters } from "./float32_sequences.ts";
import { assertSame } from "../same.ts";
import { normOfAll } from "./tensors.ts";

const PLAIN = {
  cell: "rnn",
  memory: "none",
  layers: 1,
  hidden: 1,
  embedding: 1,
  valueWidth: 0,
  symbols: 2,
} as const;

/** One step, whose target is symbol 0. */
const BATCH = { strings: [{ inputs: [1], targets: [0] }], outputWeight: 1 };

/**
 * With all parameters 0 both symbols are equally likely and no state is anything but 0: the gradient is
 * [−weight / 2, weight / 2] by the logits' bias, and 0 by all else.
 */
function stepFromZero(engine: Engine, weight: number, optimizer: Optimizer): number {
  engine.setParameters(zeroParameters(PLAIN)); // the optimizer's memory stays
  engine.update({ strings: [{ inputs: [1], targets: [0] }], outputWeight: weight }, optimizer);
  const { "logits.bias": bias, ...others } = engine.parameters();
  assertEquals(bias[1], -bias[0]);
  assertEquals(normOfAll(others), 0);
  return bias[0];
}

Deno.test("SGD moves the parameters against the gradient by the rate", () => {
  // 0.25 · 0.5, then 0.25 · 2
  const engine = createEngine(PLAIN);
  assertEquals(stepFromZero(engine, 1, { rule: "sgd", rate: 0.25 }), 0.125);
  assertEquals(stepFromZero(engine, 4, { rule: "sgd", rate: 0.25 }), 0.5);
});

Deno.test("RMSProp divides the gradient by the root of its running mean square", () => {
  // g = 0.5:  v = 0.25 · 0.25 = 0.0625, √v = 0.25: 0.5 / (0.25 + 0.25) = 1
  // g = 0.25: v = 0.75 · 0.0625 + 0.25 · 0.0625 = 0.0625: 0.25 / (0.25 + 0.25) = 0.5
  const engine = createEngine(PLAIN);
  const optimizer = { rule: "rmsprop", rate: 0.125, decay: 0.75, epsilon: 0.25 } as const;
  assertEquals(stepFromZero(engine, 1, optimizer), 0.125);
  assertEquals([...engine.optimizerState().second["logits.bias"]], [0.0625, 0.0625]);
  assertEquals(stepFromZero(engine, 0.5, optimizer), 0.0625);
  assertEquals([...engine.optimizerState().second["logits.bias"]], [0.0625, 0.0625]);
});

Deno.test("Adam divides the mean gradient by the root of the mean square, both corrected for their start", () => {
  // g = −0.5 by the first: m = 0.5 · −0.5 = −0.25, m̂ = m / (1 − 0.5) = −0.5
  //   v = 0.25 · 0.25 = 0.0625, v̂ = v / (1 − 0.75) = 0.25: 0.5 / (0.5 + 0.5) = 0.5
  // g = −0.25: m = 0.5 · −0.25 + 0.5 · −0.25 = −0.25, m̂ = m / (1 − 0.25) = −1/3
  //   v = 0.75 · 0.0625 + 0.25 · 0.0625 = 0.0625, v̂ = v / (1 − 0.5625) = 1/7
  const engine = createEngine(PLAIN);
  const optimizer = { rule: "adam", rate: 0.125, beta1: 0.5, beta2: 0.75, epsilon: 0.5 } as const;
  assertEquals(stepFromZero(engine, 1, optimizer), 0.125 * 0.5);
  const { steps, first, second } = engine.optimizerState();
  assertEquals([steps, first["logits.bias"][0], second["logits.bias"][0]], [1, -0.25, 0.0625]);
  const wanted = 0.125 / 3 / (1 / Math.sqrt(7) + 0.5);
  assertAlmostEquals(stepFromZero(engine, 0.5, optimizer), wanted, 1e-8);
  assertEquals(engine.optimizerState().steps, 2);
});

Deno.test("the defaults of each rule are the published ones", () => {
  // RMSProp, α = 0.99: v = 0.01 · 0.25, 0.5 / √v = 10. Adam: the first step is the rate, whatever the gradient.
  const [rmsprop, adam] = [createEngine(PLAIN), createEngine(PLAIN)];
  assertAlmostEquals(stepFromZero(rmsprop, 1, { rule: "rmsprop", rate: 0.01 }), 0.1, 2e-7);
  assertAlmostEquals(stepFromZero(adam, 1, { rule: "adam", rate: 0.01 }), 0.01, 2e-8);
  // g = 0: m = 0.9 · 0.05, m̂ = 0.045 / 0.19; v = 0.999 · 0.00025, v̂ = v / (1 − 0.999²)
  const wanted = 0.01 * (0.045 / 0.19) / Math.sqrt(0.999 * 0.00025 / (1 - 0.999 ** 2));
  assertAlmostEquals(stepFromZero(adam, 0, { rule: "adam", rate: 0.01 }), wanted, 2e-8);
  // ε = 1e-8 where the gradient is as small: 1e-8 / (1e-8 + 1e-8)
  const small = createEngine(PLAIN);
  assertAlmostEquals(stepFromZero(small, 2e-8, { rule: "adam", rate: 1 }), 0.5, 1e-5);
});

Deno.test("a gradient above the clip is scaled down to it, one below it stays", () => {
  // ‖g‖ = √0.5: clipped to 0.1, each of the two is 0.1 · √0.5
  const engine = createEngine(PLAIN);
  assertAlmostEquals(
    stepFromZero(engine, 1, { rule: "sgd", rate: 1, clip: 0.1 }),
    0.1 * Math.SQRT1_2,
    2e-7,
  );
  assertEquals(stepFromZero(engine, 1, { rule: "sgd", rate: 1, clip: 0.708 }), 0.5);
  assertEquals(stepFromZero(engine, 1, { rule: "sgd", rate: 1, clip: Infinity }), 0.5);
  assertAlmostEquals(stepFromZero(engine, 1, { rule: "sgd", rate: 1, clip: 0.707 }), 0.5, 1e-3);
  assertLess(stepFromZero(engine, 1, { rule: "sgd", rate: 1, clip: 0.707 }), 0.5);
});

/** A model with several chunks of parameters, and what a rule makes of it in Float64. */
const WIDE = {
  cell: "lstm",
  memory: "stack",
  layers: 2,
  hidden: 21,
  embedding: 6,
  valueWidth: 9,
  symbols: 11,
} as const;

function follow(optimizer: Optimizer, clip: number) {
  const m = zeroParameters(WIDE), v = zeroParameters(WIDE);
  return (w: SequenceParameters, gradients: Tensors, n: number) => {
    const scale = Math.min(1, clip / (normOfAll(gradients) + 1e-6));
    for (const name in w) {
      w[name].forEach((_, i) => {
        const g = gradients[name][i] * scale, { rule, rate, cellDecay = 0 } = optimizer;
        if (name.startsWith("cells.")) w[name][i] *= 1 - rate * cellDecay;
        if (rule === "sgd") w[name][i] -= rate * g;
        if (rule === "rmsprop") {
          v[name][i] = 0.99 * v[name][i] + 0.01 * g * g;
          w[name][i] -= rate * g / (Math.sqrt(v[name][i]) + 1e-8);
        }
        if (rule === "adam") {
          m[name][i] = 0.9 * m[name][i] + 0.1 * g;
          v[name][i] = 0.999 * v[name][i] + 0.001 * g * g;
          const [mHat, vHat] = [m[name][i] / (1 - 0.9 ** n), v[name][i] / (1 - 0.999 ** n)];
          w[name][i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
        }
      });
    }
  };
}

for (const rule of ["sgd", "rmsprop", "adam"] as const) {
  Deno.test(`${rule} moves every parameter of a larger model as published, with and without clipping and decay`, () => {
    const random = seededRandom(rule), engine = createEngine(WIDE);
    const start = float32Parameters(random, WIDE);
    for (const [clip, cellDecay] of [[1e-2, 0], [Infinity, 0], [1e-2, 4]]) {
      const optimizer = { rule, rate: 2 ** -6, clip, cellDecay } as const;
      const apply = follow(optimizer, clip), zeros = zeroParameters(WIDE);
      engine.setOptimizerState({ steps: 0, first: float32(zeros), second: float32(zeros) });
      engine.setParameters(start);
      for (let n = 1; n <= 4; n++) {
        const batch = float32Batch(random, WIDE, [5, 2, 6]), { gradients } = engine.gradient(batch);
        const wanted = Object.fromEntries(
          Object.entries(engine.parameters()).map(([name, w]) => [name, Float64Array.from(w)]),
        );
        apply(wanted, gradients, n);
        const { gradientNorm, applied } = engine.update(batch, optimizer);
        assert(applied);
        assertAlmostEquals(gradientNorm, normOfAll(gradients), 2 ** -18 * gradientNorm);
        const got = engine.parameters();
        for (const name in wanted) {
          wanted[name].forEach((w, i) =>
            assertAlmostEquals(got[name][i], w, 3e-7 * Math.max(1, Math.abs(w)), `${name}[${i}]`)
          );
        }
      }
    }
  });
}

function float32(tensors: Readonly<Record<string, ArrayLike<number>>>): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, x]) => [name, Float32Array.from(x)]),
  );
}

Deno.test("the gradient's norm includes every parameter, and each of them moves", () => {
  // widths of whole panels: there is no padding, least of all where one chunk of parameters ends and the next starts
  for (const hidden of [24, 40]) {
    const sizes = { layers: 1, hidden, embedding: 8, valueWidth: 8, symbols: 16 };
    const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
    const random = seededRandom("every one"), engine = createEngine(shape);
    engine.setParameters(float32Parameters(random, shape));
    const batch = float32Batch(random, shape, [9, 12, 7]), before = engine.parameters();
    const { gradients } = engine.gradient(batch),
      { gradientNorm } = engine.update(batch, {
        rule: "adam",
        rate: 0.01,
      });
    assertAlmostEquals(gradientNorm, normOfAll(gradients), 2 ** -18 * gradientNorm);
    for (const [name, after] of Object.entries(engine.parameters())) {
      after.forEach((w, i) =>
        assertEquals(w !== before[name][i], gradients[name][i] !== 0, `${name}[${i}]`)
      );
    }
  }
});

Deno.test("a gradient that is not finite changes nothing and is reported", () => {
  const shape = { ...PLAIN, hidden: 3, embedding: 2, symbols: 3 },
    random = seededRandom("overflow");
  const engine = createEngine(shape), parameters = float32Parameters(random, shape);
  const batch = float32Batch(random, shape, [3, 5]),
    optimizer = { rule: "adam", rate: 0.01 } as const;
  engine.setParameters(parameters);
  engine.update(batch, optimizer);
  const state = engine.optimizerState();
  for (const huge of [3e38, -3e38]) {
    const broken = {
      ...parameters,
      "logits.weight": parameters["logits.weight"].map((w) => Math.sign(w) * huge),
    };
    engine.setParameters(broken);
    for (const rule of ["sgd", "rmsprop", "adam"] as const) {
      const { applied, gradientNorm } = engine.update(batch, { rule, rate: 0.01, clip: 1 });
      assertEquals([applied, Number.isFinite(gradientNorm)], [false, false]);
    }
    assertSame(engine.parameters(), float32(broken));
    assertSame(engine.optimizerState(), state);
  }
  // and afterwards it goes on as if nothing had been
  const other = createEngine(shape);
  for (const each of [engine, other]) each.setParameters(parameters);
  other.setOptimizerState(state);
  assertSame(engine.update(batch, optimizer), other.update(batch, optimizer));
  assertSame(engine.parameters(), other.parameters());
});

Deno.test("an infinite loss changes nothing and is reported, even where its gradient is finite", () => {
  for (const rule of ["sgd", "rmsprop", "adam"] as const) {
    const engine = createEngine(PLAIN), before = engine.optimizerState();
    // The logits are ±3e38: their difference is beyond Float32, their softmax is 0 and 1.
    const parameters = float32({ ...zeroParameters(PLAIN), "logits.bias": [-3e38, 3e38] });
    engine.setParameters(parameters);
    const { gradients } = engine.gradient(BATCH);
    assert(Object.values(gradients).every((tensor) => tensor.every(Number.isFinite)));
    const { loss, applied, gradientNorm } = engine.update(BATCH, { rule, rate: 0.01 });
    assertEquals([loss, applied, gradientNorm], [Infinity, false, NaN]);
    assertSame(engine.parameters(), parameters);
    assertSame(engine.optimizerState(), before);
  }
});

Deno.test("an optimizer's state set in another engine continues bit for bit", () => {
  for (const rule of ["sgd", "rmsprop", "adam"] as const) {
    const random = seededRandom("continued"), optimizer = { rule, rate: 0.01, clip: 0.5 };
    const [one, other] = [createEngine(WIDE), createEngine(WIDE)];
    one.setParameters(float32Parameters(random, WIDE));
    for (let n = 0; n < 3; n++) one.update(float32Batch(random, WIDE, [4, 3]), optimizer);
    other.setParameters(one.parameters());
    other.setOptimizerState(one.optimizerState());
    assertSame(other.optimizerState(), one.optimizerState());
    const batch = float32Batch(random, WIDE, [6, 2, 1]);
    assertSame(other.update(batch, optimizer), one.update(batch, optimizer));
    assertSame(other.parameters(), one.parameters());
    assertSame(other.optimizerState(), one.optimizerState());
    assertEquals(one.optimizerState().steps, 4);
  }
});

Deno.test("an update reports the loss and gradient norm of the parameters before it, as gradient() does", () => {
  const random = seededRandom("report"), engine = createEngine(WIDE);
  engine.setParameters(float32Parameters(random, WIDE));
  const batch = float32Batch(random, WIDE, [4, 3, 1]),
    { gradients, final: _, gStart: __, ...losses } = engine.gradient(batch);
  const { gradientNorm, applied, ...reported } = engine.update(batch, { rule: "sgd", rate: 0.01 });
  assertEquals([reported, applied], [losses, true]);
  assertAlmostEquals(gradientNorm, normOfAll(gradients), 2 ** -18 * gradientNorm);
  assertLess(engine.gradient(batch).loss, losses.loss); // and the new parameters are used at once
});

Deno.test("an option of a rule that is undefined has its default", () => {
  const left = { clip: undefined, beta1: undefined, beta2: undefined, epsilon: undefined };
  const [one, other] = [createEngine(PLAIN), createEngine(PLAIN)];
  one.update(BATCH, { rule: "adam", rate: 0.1 });
  other.update(BATCH, { rule: "adam", rate: 0.1, ...left });
  assertSame(other.parameters(), one.parameters());
});

Deno.test("clipping scales a gradient by clip / (norm + 1e-6)", () => {
  const engine = createEngine(PLAIN), batch = { ...BATCH, outputWeight: 1e-6 };
  const [g] = engine.gradient(batch).gradients["logits.bias"];
  const { gradientNorm } = engine.update(batch, { rule: "sgd", rate: 1, clip: 1e-7 });
  const [w] = engine.parameters()["logits.bias"];
  assertAlmostEquals(w / (-1e-7 * g / (gradientNorm + 1e-6)), 1, 1e-5);
});
