import { assertEquals, assertGreater } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { hasNoOp, MEMORY_NAMES, portsOf } from "@/memory/memories.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { isOfControls, portSuffixes } from "@/models/sequence_shape.ts";
import {
  float32Batch,
  float32Parameters,
  float32Shape,
  KINDS,
  randomLengths,
} from "./float32_sequences.ts";
import { BUILDS, type Case, compare } from "./reference_comparison.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

function randomCase(random: RandomSource, kind: typeof KINDS[number], longest: number): Case {
  const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
  return { shape, parameters, batch: float32Batch(random, shape, randomLengths(random, longest)) };
}

for (const build of BUILDS) {
  for (const kind of KINDS) {
    const { cell, memory, layers } = kind, what = `${build}, ${cell}, memory ${memory}, ${layers}`;
    Deno.test(`the engine gives the reference's logits, loss and gradients: ${what}`, () => {
      const random = seededRandom(what);
      for (let n = 0; n < 10; n++) compare(randomCase(random, kind, 12), build);
    });
  }
}

/** A case whose values have one or two numbers: the narrowest that there are. */
function narrowCase(random: RandomSource, kind: typeof KINDS[number], valueWidth: number): Case {
  const shape = { ...float32Shape(random, kind), valueWidth };
  const parameters = float32Parameters(random, shape);
  const batch = float32Batch(random, shape, randomLengths(random, 20));
  const { outputWeight, strings } = batch, bare = random.uniform() < 0.5;
  const plain = strings.map(({ inputs, targets }) => ({ inputs, targets }));
  return { shape, parameters, batch: bare ? { outputWeight, strings: plain } : batch };
}

for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
  const { cell, layers } = kind, what = `${cell}, ${layers}`;
  Deno.test(`values of one and of two numbers give the reference's numbers: ${what}`, () => {
    const random = seededRandom(`one or two ${what}`);
    for (let n = 0; n < 12; n++) {
      compare(narrowCase(random, kind, 1 + n % 2), n % 4 < 2 ? "relaxed" : "strict");
    }
  });
}

Deno.test("the reference's numbers for one string of one step", () => {
  const random = seededRandom("one step");
  for (const kind of KINDS) {
    const { shape, parameters } = randomCase(random, kind, 1);
    compare({ shape, parameters, batch: float32Batch(random, shape, [1]) }, "relaxed");
  }
});

Deno.test("the reference's numbers for strengths of exactly 0 and 1, from biases", () => {
  const random = seededRandom("saturated biases");
  for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
    for (const [push, pop] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      if (push + pop > 1 && hasNoOp(kind.memory)) continue; // its probabilities have the sum 1
      const { shape, parameters, batch } = randomCase(random, kind, 9);
      for (const suffix of portSuffixes(shape)) {
        parameters[`push${suffix}.bias`][0] = push === 1 ? 800 : -800;
        parameters[`pop${suffix}.bias`][0] = pop === 1 ? 800 : -800;
      }
      const strings = batch.strings.map(({ inputs, targets, valueTargets }) => //
      ({ inputs, targets, valueTargets }));
      const none = { anchorWeight: 0, firstAnchorWeight: 0, hingeWeight: 0 }; // they would drown everything
      const free = { ...batch, strings, ...none };
      const { engine, got } = compare({ shape, parameters, batch: free }, "relaxed");
      assertEquals(engine.controls().length, portsOf(kind.memory));
      for (const { pushes, pops } of engine.controls()) {
        assertEquals([new Set(pushes), new Set(pops)], [new Set([push]), new Set([pop])]);
      }
      for (const name of Object.keys(parameters).filter(isOfControls)) {
        assertEquals(new Set(got.gradients[name]), new Set([0]), name);
      }
    }
  }
});

Deno.test("the reference's loss and gradient where only the first symbols have an anchor", () => {
  const random = seededRandom("first anchor");
  for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
    const { shape, parameters, batch } = randomCase(random, kind, 9);
    const only = { ...batch, anchorWeight: 0, firstAnchorWeight: 0.5 };
    compare({ shape, parameters, batch: only }, "relaxed");
  }
});

Deno.test("the reference's numbers for strengths of exactly 0 and 1 among others, from noise", () => {
  const random = seededRandom("saturated by noise");
  for (const build of BUILDS) {
    for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
      for (let n = 0; n < 5; n++) {
        const { shape, parameters, batch } = randomCase(random, kind, 14);
        const noise = ({ length: T }: readonly number[]) =>
          Array.from({ length: portsOf(kind.memory) * T }, () => random.shuffle([-800, 0, 800])[0]);
        const strings = batch.strings.map((string) => //
        ({ ...string, pushNoise: noise(string.inputs), popNoise: noise(string.inputs) }));
        compare({ shape, parameters, batch: { ...batch, strings } }, build);
      }
    }
  }
});

Deno.test("the reference's numbers for tensors wider than an optimizer's chunk, and rows wider than a tile", () => {
  const random = seededRandom("wide");
  for (const kind of KINDS.filter(({ layers }) => layers < 3)) {
    const sizes = { hidden: 70, embedding: 9, valueWidth: kind.memory !== "none" ? 67 : 0 };
    const shape = { ...kind, ...sizes, symbols: 37 };
    const parameters = float32Parameters(random, shape);
    compare({ shape, parameters, batch: float32Batch(random, shape, [3, 1, 4]) }, "relaxed");
  }
});

const MEMORIES = MEMORY_NAMES.filter((name) => name !== "none");

Deno.test("the reference's numbers for more rows than the gradients' product takes at once", () => {
  const random = seededRandom("many rows");
  for (const [cell, hidden] of [["rnn", 5], ["lstm", 35], ["gru", 5], ["gru", 35]] as const) { // in place, and copied
    for (const memory of MEMORIES) {
      const sizes = { layers: 1, hidden, embedding: 3, valueWidth: 4, symbols: 6 };
      const shape = { cell, memory, ...sizes };
      const parameters = float32Parameters(random, shape);
      const lengths = Array.from({ length: 40 }, (_, i) => 1 + i % 16);
      compare({ shape, parameters, batch: float32Batch(random, shape, lengths) }, "relaxed");
    }
  }
});

Deno.test("the reference's numbers for a string of 300 steps", () => {
  const random = seededRandom("long");
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    for (const memory of MEMORIES) {
      const sizes = { layers: 1, hidden: 6, embedding: 3, valueWidth: 5, symbols: 6 };
      const shape = { cell, memory, ...sizes };
      const parameters = float32Parameters(random, shape);
      compare({ shape, parameters, batch: float32Batch(random, shape, [300, 7]) }, "relaxed");
    }
  }
});

Deno.test("steps without a target have logits, and a batch without targets has no loss", () => {
  const random = seededRandom("no targets");
  for (const kind of KINDS) {
    const { shape, parameters, batch } = randomCase(random, kind, 6);
    const strings = batch.strings.map(({ inputs }) => ({ inputs, targets: inputs.map(() => -1) }));
    const { got } = compare(
      { shape, parameters, batch: { strings, outputWeight: 1 } },
      "relaxed",
    );
    assertEquals(got.loss, 0);
  }
});

for (const memory of MEMORIES) {
  Deno.test(`the controls of a batch are the reference's, step by step, the longest string first: ${memory}`, () => {
    const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 2, symbols: 4 };
    const shape = { cell: "rnn", memory, ...sizes } as const, ports = portsOf(memory);
    const random = seededRandom("controls"), parameters = float32Parameters(random, shape);
    const engine = createEngine(shape);
    engine.setParameters(parameters);
    const noise = [[-3, 2, 1, 5], [1, -1, 4, 0, -2, 3]];
    const strings = [{ inputs: [1, 2], targets: [0, 1] }, {
      inputs: [3, 0, 2],
      targets: [0, 1, 3],
    }].map((string, i) => {
      const pushNoise = noise[i].slice(0, ports * string.inputs.length);
      return { ...string, pushNoise, popNoise: pushNoise.toReversed() };
    });
    engine.gradient({ strings, outputWeight: 1 });
    const [short, long] = strings.map((string) => runSequence(shape, parameters, string).ports);
    const controls = engine.controls();
    assertEquals(controls.length, ports);
    controls.forEach(({ pushes, pops }, p) => {
      const inOrder = (field: "pushes" | "pops") =>
        [0, 1, 2].flatMap((t) => [long[p][field][t], ...(t < 2 ? [short[p][field][t]] : [])]);
      assertNear(pushes, inOrder("pushes"), 1e-6, `pushes of port ${p}`);
      assertNear(pops, inOrder("pops"), 1e-6, `pops of port ${p}`);
      assertEquals([pushes.length, pops.length], [5, 5]);
    });
  });
}

Deno.test("in the models that are compared, nearly every tensor's gradient is far from 0", () => {
  const random = seededRandom("idle");
  let [alive, all] = [0, 0];
  for (const kind of KINDS) {
    const { wanted } = compare(randomCase(random, kind, 12), "relaxed");
    const whole = normOfAll(wanted.gradient);
    for (const tensor of Object.values(wanted.gradient)) {
      all++;
      if (norm(tensor) > 1e-4 * whole) alive++;
    }
  }
  assertGreater(alive, 0.9 * all);
});
