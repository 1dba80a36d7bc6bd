import { assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { ensureTrainingCapacity } from "@/engine/batch_layout.ts";
import { createEngine } from "@/engine/engine.ts";
import type { EngineOptions } from "@/engine/worker_pool.ts";
import { createArena, MAX_PAGES } from "@/engine/engine_buffers.ts";
import { createEngineBuffers } from "@/engine/parameter_buffers.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  float32Batch,
  float32Parameters,
  float32Shape,
  KINDS,
  randomLengths,
} from "./float32_sequences.ts";
import { assertSame } from "../same.ts";

const SIZES = { layers: 1, hidden: 3, embedding: 2, valueWidth: 2, symbols: 3 };
const SHAPE = { cell: "rnn", memory: "stack", ...SIZES } as const;
const OPTIMIZER = { rule: "adam", rate: 0.01, clip: 1 } as const;

Deno.test("no update takes memory after the first, as long as no batch is larger", () => {
  const random = seededRandom("updates");
  for (const kind of KINDS) {
    const shape = float32Shape(random, kind), engine = createEngine(shape);
    engine.setParameters(float32Parameters(random, shape));
    const empty = engine.memoryBytes();
    const { strings, ...weights } = float32Batch(random, shape, [9, 9, 9, 9, 9]);
    const all = Array<number>(9).fill(0); // a loss at every step
    const full = { targets: all, ...(shape.memory !== "none" && { valueTargets: all }) };
    engine.update({ ...weights, strings: strings.map((s) => ({ ...s, ...full })) }, OPTIMIZER);
    const taken = engine.memoryBytes();
    assertGreater(taken, empty);
    for (let n = 0; n < 5; n++) {
      const batch = float32Batch(random, shape, randomLengths(random, 9).slice(0, 5));
      engine.update(batch, OPTIMIZER);
      engine.gradient(batch);
      engine.logits(batch);
      assertEquals(engine.memoryBytes(), taken);
    }
  }
});

Deno.test("a larger batch takes memory once, and reuses that of the smaller one", () => {
  const random = seededRandom("larger"), shape = float32Shape(random, KINDS[6]);
  const [engine, fresh] = [createEngine(shape), createEngine(shape)];
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

Deno.test("an engine that was used before gives the bits of a new one", () => {
  const random = seededRandom("left behind");
  for (const kind of KINDS) {
    for (const build of ["relaxed", "strict"] as const) {
      const shape = float32Shape(random, kind);
      const [used, fresh] = [
        createEngine(shape, { build }),
        createEngine(shape, { build }),
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
        assertSame(used.logits(batch), fresh.logits(batch));
        assertSame(used.gradient(batch), fresh.gradient(batch));
        assertSame(used.update(batch, OPTIMIZER), fresh.update(batch, OPTIMIZER));
      }
      assertSame(used.parameters(), fresh.parameters());
    }
  }
});

/** The same strings without one part of the loss or the noise, without all of them, and without a target. */
function leaveOut(batch: SequenceBatch): Record<string, SequenceBatch> {
  const each = (change: (string: SequenceString) => SequenceString): SequenceBatch => ({
    ...batch,
    strings: batch.strings.map(change),
  });
  const bare = each(({ inputs, targets }) => ({ inputs, targets }));
  return {
    "value loss": { ...batch, valueWeight: 0 },
    "value targets": each(({ valueTargets: _, ...string }) => string),
    "previous loss": { ...batch, previousWeight: 0 },
    "anchor": { ...batch, anchorWeight: 0, firstAnchorWeight: 0 },
    "own anchors": { ...batch, anchors: undefined },
    "hinge": { ...batch, hingeWeight: 0 },
    "weight of the first anchor": { ...batch, firstAnchorWeight: 5 },
    "push noise": each(({ pushNoise: _, ...string }) => string),
    "pop noise": each(({ popNoise: _, ...string }) => string),
    "all of these": { outputWeight: batch.outputWeight, strings: bare.strings },
    "output loss": { ...batch, outputWeight: 0 },
    "targets": each((string) => ({ ...string, targets: string.inputs.map(() => -1) })),
  };
}

/** Widths of values: the narrowest, less and more than a vector, more than a panel. */
const VALUE_WIDTHS = [1, 2, 3, 4, 9, 44];

/** Holds an engine after batches with every part of the loss to a new one, on batches that lack a part. */
function checkLeftovers(random: RandomSource, shape: SequenceModelShape, options: EngineOptions) {
  const parameters = float32Parameters(random, shape);
  const [used, fresh] = [createEngine(shape, options), createEngine(shape, options)];
  for (const engine of [used, fresh]) engine.setParameters(parameters);
  const whole = float32Batch(random, shape, [5, 9, 1, 9, 2]);
  const others = shape.memory === "none" ? {} : leaveOut(whole);
  for (const [part, batch] of Object.entries({ ...others, "nothing": whole })) {
    const what = `without ${part}: ${JSON.stringify({ ...shape, ...options })}`;
    used.gradient(whole);
    assertSame(used.gradient(batch), fresh.gradient(batch), what);
    assertSame(used.controls(), fresh.controls(), what);
    used.gradient(whole);
    assertSame(used.logits(batch), fresh.logits(batch), what);
  }
  for (const engine of [used, fresh]) engine.close();
}

for (const kind of KINDS) {
  const { cell, memory, layers } = kind, what = `${cell}, memory ${memory}, ${layers}`;
  Deno.test(`a batch without a part of the loss is as on a new engine, after one with it: ${what}`, () => {
    const random = seededRandom(`left over ${what}`);
    for (const valueWidth of memory === "none" ? [0] : VALUE_WIDTHS) {
      for (const build of ["relaxed", "strict"] as const) {
        checkLeftovers(random, { ...float32Shape(random, kind), valueWidth }, { build });
      }
    }
  });
}

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

Deno.test({
  name: "a batch without a part of the loss is as on a new engine on two threads too",
  ignore: !mayRead,
  fn() {
    const random = seededRandom("left over on threads");
    for (const kind of KINDS.filter(({ layers, memory }) => layers === 1 && memory !== "none")) {
      for (const valueWidth of [1, 9]) {
        checkLeftovers(random, { ...float32Shape(random, kind), valueWidth }, { threads: 2 });
      }
    }
  },
});

Deno.test("a batch leaves nothing behind for the next one, at whatever steps its strings end", () => {
  const random = seededRandom("ends");
  for (const { cell, memory } of KINDS.filter(({ layers }) => layers === 1)) {
    const shape = float32Shape(random, { cell, memory, layers: 2 });
    const parameters = float32Parameters(random, shape);
    const [used, fresh] = [createEngine(shape), createEngine(shape)];
    for (const engine of [used, fresh]) engine.setParameters(parameters);
    // gradients are taken some 256 rows at a time: a few steps of these many strings, which end at all of them
    used.gradient(float32Batch(random, shape, new Array(50).fill(24)));
    for (const strings of [50, 23, 7]) {
      const lengths = Array.from({ length: strings }, (_, i) => 1 + (5 * i) % 24);
      const batch = float32Batch(random, shape, lengths);
      assertSame(used.gradient(batch).gradients, fresh.gradient(batch).gradients);
    }
  }
});

Deno.test("an engine returns copies", () => {
  const random = seededRandom("copies"), shape = float32Shape(random, KINDS[6]);
  const engine = createEngine(shape), batch = float32Batch(random, shape, [4, 2]);
  engine.setParameters(float32Parameters(random, shape));
  const outputs = () => [
    engine.parameters(),
    engine.gradient(batch).gradients,
    engine.optimizerState().first,
    engine.optimizerState().second,
    ...engine.controls(),
    engine.logits(batch),
  ];
  const before = outputs(), kept = structuredClone(before);
  for (const tensors of before) for (const tensor of Object.values(tensors)) tensor.fill(77);
  assertSame(outputs(), kept);
});

/** Strings of so many steps, all the same, without a target. */
function equalBatch(strings: number, steps: number): SequenceBatch {
  const string = { inputs: Array(steps).fill(1), targets: Array(steps).fill(-1) };
  return { strings: Array(strings).fill(string), outputWeight: 1 };
}

Deno.test("capacity for many short strings and for one long one is not that for many long ones", () => {
  const engine = createEngine(SHAPE);
  engine.gradient(equalBatch(20_000, 5));
  engine.gradient(equalBatch(1, 20_000));
});

Deno.test("the memory of a larger batch replaces that of the smaller one", () => {
  const buffers = createEngineBuffers(SHAPE, 1);
  const size = (rows: number) => ({
    slots: 1,
    steps: rows,
    rows,
    outputLosses: 0,
    previousFrom: 0,
    losses: 0,
  });
  ensureTrainingCapacity(buffers, size(300_000));
  const before = buffers.arena.memory.buffer.byteLength;
  ensureTrainingCapacity(buffers, size(310_000));
  assertLess(buffers.arena.memory.buffer.byteLength, 1.1 * before);
});

Deno.test("an allocation beyond 4 GiB throws and changes nothing", () => {
  const arena = createArena(), before = arena.end();
  for (const bytes of [2 ** 32, 1e15, Infinity]) {
    assertThrows(() => arena.allocate(bytes), RangeError, "Cannot make room for");
    assertEquals(arena.end(), before);
  }
  assertEquals(arena.allocate(64), before);
  assertEquals(arena.end(), before + 64);
  arena.release(before);
  assertEquals(arena.allocate(1), before);
  assertEquals(MAX_PAGES * 65536, 2 ** 32);
});

Deno.test("allocated memory can be written to its last byte, and keeps its contents as the arena grows", () => {
  const arena = createArena(),
    [first, second] = [arena.allocate(100), arena.allocate(3 * 65536 + 1)];
  assertEquals([first % 64, second % 64, second - first], [0, 0, 128]);
  new Uint8Array(arena.memory.buffer, first, 100).fill(7);
  new Uint8Array(arena.memory.buffer, second, 3 * 65536 + 1).fill(8);
  arena.allocate(2 ** 22);
  assertEquals(new Set(new Uint8Array(arena.memory.buffer, first, 100)), new Set([7]));
  assertEquals(new Set(new Uint8Array(arena.memory.buffer, second, 3 * 65536 + 1)), new Set([8]));
});
