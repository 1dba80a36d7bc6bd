import { assertEquals, assertGreater } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { KINDS } from "../models/random_sequences.ts";
import {
  float32Batch,
  float32Parameters,
  float32Shape,
  randomLengths,
} from "./float32_sequences.ts";
import { bits, bitsOfAll } from "./tensors.ts";

const OPTIMISER = { rule: "adam", rate: 0.01, clip: 1 } as const;

Deno.test("no update takes memory after the first, as long as no batch is larger", async () => {
  const random = seededRandom("updates");
  for (const kind of KINDS) {
    const shape = float32Shape(random, kind), engine = await createEngine(shape);
    engine.setParameters(float32Parameters(random, shape));
    const empty = engine.memoryBytes();
    engine.update(float32Batch(random, shape, [9, 9, 9, 9, 9]), OPTIMISER);
    engine.logits(float32Batch(random, shape, [9, 9, 9, 9, 9])); // asks for every step's
    const taken = engine.memoryBytes();
    assertGreater(taken, empty);
    for (let n = 0; n < 5; n++) {
      const batch = float32Batch(random, shape, randomLengths(random, 9).slice(0, 5));
      engine.update(batch, OPTIMISER);
      engine.gradient(batch);
      engine.logits(batch);
      assertEquals(engine.memoryBytes(), taken);
    }
  }
});

Deno.test("a larger batch takes memory, once, and uses again what the smaller one had", async () => {
  const random = seededRandom("larger"), shape = float32Shape(random, KINDS[6]);
  const [engine, fresh] = [await createEngine(shape), await createEngine(shape)];
  const [small, large] = [[3, 2], [30, 20, 10]].map((T) => float32Batch(random, shape, T));
  engine.gradient(small);
  const before = engine.memoryBytes();
  engine.gradient(large);
  const after = engine.memoryBytes();
  assertGreater(after, before);
  engine.gradient(large);
  engine.gradient(small);
  assertEquals(engine.memoryBytes(), after);
  fresh.gradient(large); // which had no smaller one before
  assertEquals(fresh.memoryBytes(), after);
});

Deno.test("nothing depends on what was in memory before: the bits are those of a fresh engine", async () => {
  const random = seededRandom("left behind");
  for (const kind of KINDS) {
    for (const build of ["relaxed", "strict"] as const) {
      const shape = float32Shape(random, kind);
      const [used, fresh] = [
        await createEngine(shape, { build }),
        await createEngine(shape, { build }),
      ];
      const parameters = float32Parameters(random, shape);
      for (let n = 0; n < 3; n++) { // other parameters, other lengths, and numbers that overflow
        const others = float32Parameters(random, shape), size = [1, 1e30, 3e37][n];
        for (const name in others) others[name].forEach((x, i) => others[name][i] = size * x);
        used.setParameters(others);
        used.logits(float32Batch(random, shape, randomLengths(random, 20)));
        used.gradient(float32Batch(random, shape, [...randomLengths(random, 20), 20 + n]));
      }
      for (const engine of [used, fresh]) engine.setParameters(parameters);
      for (const lengths of [[3, 1], [7, 7, 2, 19], [1]]) {
        const batch = float32Batch(random, shape, lengths);
        assertEquals(used.logits(batch).map(bits), fresh.logits(batch).map(bits));
        const [a, b] = [used, fresh].map((engine) => {
          const { gradients, ...losses } = engine.gradient(batch);
          return { ...losses, gradients: bitsOfAll(gradients) };
        });
        assertEquals(a, b);
        assertEquals(used.update(batch, OPTIMISER), fresh.update(batch, OPTIMISER));
      }
      assertEquals(bitsOfAll(used.parameters()), bitsOfAll(fresh.parameters()));
    }
  }
});

Deno.test("nor with values of two numbers, which lie elsewhere", async () => {
  const random = seededRandom("left behind by narrow ones");
  for (const kind of KINDS.filter(({ memory }) => memory === "stack")) {
    const shape = { ...float32Shape(random, kind), valueWidth: 2 };
    const [used, fresh] = [await createEngine(shape), await createEngine(shape)];
    const parameters = float32Parameters(random, shape);
    for (const size of [1, 1e30, 3e37]) {
      const others = float32Parameters(random, shape);
      for (const name in others) others[name].forEach((x, i) => others[name][i] = size * x);
      used.setParameters(others);
      used.gradient(float32Batch(random, shape, [...randomLengths(random, 20), 21]));
    }
    for (const engine of [used, fresh]) engine.setParameters(parameters);
    for (const lengths of [[3, 1], [7, 7, 2, 19], [1]]) {
      const batch = float32Batch(random, shape, lengths);
      const [a, b] = [used, fresh].map((engine) => bitsOfAll(engine.gradient(batch).gradients));
      assertEquals(a, b);
    }
    const bytes = used.memoryBytes();
    used.update(float32Batch(random, shape, [20, 3]), OPTIMISER);
    assertEquals(used.memoryBytes(), bytes);
  }
});

Deno.test("strings that end at any step leave nothing behind for those of the next batch", async () => {
  const random = seededRandom("ends");
  for (const cell of ["rnn", "lstm"] as const) {
    const shape = float32Shape(random, { cell, memory: "stack", layers: 2 });
    const parameters = float32Parameters(random, shape);
    const [used, fresh] = [await createEngine(shape), await createEngine(shape)];
    for (const engine of [used, fresh]) engine.setParameters(parameters);
    // gradients are taken some 256 rows at a time: a few steps of these many strings, which end at all of them
    used.gradient(float32Batch(random, shape, new Array(50).fill(24)));
    for (const strings of [50, 23, 7]) {
      const lengths = Array.from({ length: strings }, (_, i) => 1 + (5 * i) % 24);
      const batch = float32Batch(random, shape, lengths);
      const [a, b] = [used, fresh].map((engine) => bitsOfAll(engine.gradient(batch).gradients));
      assertEquals(a, b);
    }
  }
});

Deno.test("what an engine hands out is a copy", async () => {
  const random = seededRandom("copies"), shape = float32Shape(random, KINDS[6]);
  const engine = await createEngine(shape), batch = float32Batch(random, shape, [4, 2]);
  engine.setParameters(float32Parameters(random, shape));
  const outputs = () => [
    engine.parameters(),
    engine.gradient(batch).gradients,
    engine.optimiserState().first,
    engine.optimiserState().second,
    engine.controls(),
    engine.logits(batch),
  ];
  const before = outputs(), kept = structuredClone(before);
  for (const tensors of before) for (const tensor of Object.values(tensors)) tensor.fill(77);
  assertEquals(outputs(), kept);
});
