import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { createEngine, type Engine } from "@/engine/engine.ts";
import type { Optimiser } from "@/engine/optimiser.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { KINDS } from "../models/random_sequences.ts";
import { float32Batch, float32Parameters, float32Shape } from "./float32_sequences.ts";
import { bitsOfAll } from "./tensors.ts";

const SHAPE = {
  cell: "lstm",
  memory: "stack",
  layers: 1,
  hidden: 3,
  embedding: 2,
  valueWidth: 2,
  symbols: 4,
} as const;
const OPTIMISER = { rule: "adam", rate: 0.01 } as const;

/** What every refusal looks like. */
const SENTENCE = /^Cannot [^:]+: wanted .+, got .+$/;

async function readyEngine(seed = "errors", shape: SequenceModelShape = SHAPE) {
  const random = seededRandom(seed), engine = await createEngine(shape);
  engine.setParameters(float32Parameters(random, shape));
  return { engine, random, batch: float32Batch(random, shape, [4, 2]) };
}

/** All that an engine can be asked to do with a batch. */
const jobs = (engine: Engine, batch: SequenceBatch) => [
  () => engine.gradient(batch),
  () => engine.logits(batch),
  () => engine.update(batch, OPTIMISER),
];

/** The engine still does all it did, to the bit. */
function checkAlive(engine: Engine, batch: SequenceBatch, wanted: ReturnType<Engine["gradient"]>) {
  const { gradients, ...losses } = engine.gradient(batch);
  const { gradients: before, ...lossesBefore } = wanted;
  assertEquals([losses, bitsOfAll(gradients)], [lossesBefore, bitsOfAll(before)]);
}

Deno.test("no engine is made of a shape that no model has", async () => {
  const refused = async (changed: object, type: typeof Error, message: string) => {
    await assertRejects(
      () => createEngine({ ...SHAPE, ...changed }),
      type,
      `Cannot make an engine: ${message}`,
    );
  };
  for (const name of ["layers", "hidden", "embedding", "symbols", "valueWidth"]) {
    for (const size of [0, -1, 1.5, NaN, Infinity]) {
      await refused({ [name]: size }, RangeError, `wanted ${name} of at least 1, got ${size}`);
    }
  }
  await refused({ memory: "none" }, RangeError, "wanted valueWidth 0 without a memory, got 2");
  await refused({ cell: "gru" }, TypeError, 'wanted cell "rnn" or "lstm", got gru');
  await refused({ memory: "belt" }, TypeError, 'wanted memory "none" or "stack"');
});

Deno.test("no engine is made of bad numbers of workers, or of an unknown build", async () => {
  for (const workers of [0, -1, 1.5, NaN, Infinity]) {
    const message = `Cannot make an engine: wanted 1 to 256 workers, got ${workers}`;
    await assertRejects(() => createEngine(SHAPE, { workers }), RangeError, message);
  }
  const build = "loose" as "strict";
  const message = 'Cannot make an engine: wanted build "relaxed" or "strict", got loose';
  await assertRejects(() => createEngine(SHAPE, { build }), TypeError, message);
});

Deno.test("a model that WebAssembly has no memory for is refused in a sentence", async () => {
  for (
    const size of [{ hidden: 50_000 }, { symbols: 2 ** 31, embedding: 64 }, { valueWidth: 2 ** 40 }]
  ) {
    const error = await assertRejects(() => createEngine({ ...SHAPE, ...size }), RangeError);
    assertMatch(error.message, SENTENCE);
  }
});

Deno.test("parameters that do not fit, or are not finite, leave the engine as it was", async () => {
  const { engine, random, batch } = await readyEngine(), wanted = engine.gradient(batch);
  const good = float32Parameters(random, SHAPE), zeros = new Float64Array(3);
  const bad: [object, typeof Error, string][] = [
    [{ "push.weight": [1, 2] }, TypeError, "wanted 3 numbers (1 × 3) in push.weight, got 2"],
    [{ "pop.bias": [NaN] }, RangeError, "wanted finite numbers in pop.bias, got NaN at 0"],
    [
      { "cells.0.h0": [0, -Infinity, 0] },
      RangeError,
      "wanted finite numbers in cells.0.h0, got -Infinity at 1",
    ],
    [{ "cells.1.h0": zeros }, TypeError, "wanted no tensor cells.1.h0, got one"],
    [{ "cells.0.c0": undefined }, TypeError, "wanted a tensor cells.0.c0, got none"],
  ];
  for (const [changed, type, message] of bad) {
    const tensors = { ...good, ...changed } as Record<string, Float64Array>;
    const parameters = `Cannot set the engine's parameters: ${message}`;
    assertThrows(() => engine.setParameters(tensors), type, parameters);
    const { first, second, steps } = engine.optimiserState();
    for (const state of [{ steps, first: tensors, second }, { steps, first, second: tensors }]) {
      const set = () =>
        engine.setOptimiserState(state as unknown as ReturnType<Engine["optimiserState"]>);
      assertThrows(set, type, `Cannot set the optimiser's memory: ${message}`);
    }
    checkAlive(engine, batch, wanted);
  }
});

Deno.test("batches that do not fit are refused before a kernel runs", async () => {
  const { engine, batch } = await readyEngine(), wanted = engine.gradient(batch);
  const good = { inputs: [1, 2], targets: [0, -1] };
  const bad: [Partial<SequenceString>, typeof Error, string][] = [
    [{ inputs: [1, 4] }, RangeError, "wanted inputs from 0 to 3 in string 1, got 4 at 1"],
    [{ inputs: [-1, 1] }, RangeError, "wanted inputs from 0 to 3 in string 1, got -1 at 0"],
    [{ inputs: [0.5, 1] }, RangeError, "wanted inputs from 0 to 3 in string 1, got 0.5 at 0"],
    [{ targets: [0, 4] }, RangeError, "wanted targets from -1 to 3 in string 1, got 4 at 1"],
    [{ targets: [0] }, TypeError, "wanted 2 targets in string 1 (one for each input), got 1"],
    [
      { valueTargets: [0, NaN] },
      RangeError,
      "wanted valueTargets from -1 to 3 in string 1, got NaN at 1",
    ],
    [{ inputs: [], targets: [] }, RangeError, "wanted at least 1 input in string 1, got 0"],
    [{ pushNoise: [1, NaN] }, RangeError, "pushNoise in string 1"],
    [{ popNoise: [1] }, TypeError, "popNoise in string 1"],
  ];
  for (const [changed, type, message] of bad) {
    for (const job of jobs(engine, { strings: [good, { ...good, ...changed }], outputWeight: 1 })) {
      const error = assertThrows(job, type, message);
      assertMatch(error.message, SENTENCE);
    }
  }
  for (const job of jobs(engine, { strings: [], outputWeight: 1 })) {
    assertThrows(job, RangeError, "wanted at least 1 string, got 0");
  }
  for (const name of ["outputWeight", "valueWeight", "anchorWeight", "anchorPush", "anchorPop"]) {
    for (const job of jobs(engine, { ...batch, [name]: NaN })) {
      assertThrows(job, RangeError, `wanted a finite ${name}, got NaN`);
    }
  }
  checkAlive(engine, batch, wanted);
});

Deno.test("a batch past memory's end is refused in a sentence, and the engine goes on", async () => {
  const { engine, batch } = await readyEngine("too long"), wanted = engine.gradient(batch);
  const before = engine.memoryBytes();
  // one string of 40,000 steps among a hundred thousand: each has room for as many entries on its stack
  const long = { inputs: new Array(40_000).fill(1), targets: new Array(40_000).fill(-1) };
  const strings = [long, ...new Array(100_000).fill({ inputs: [1], targets: [1] })];
  for (const job of jobs(engine, { strings, outputWeight: 1 })) {
    const error = assertThrows(job, RangeError, "Cannot make room for the batch: wanted");
    assertMatch(error.message, SENTENCE);
    assertEquals(engine.memoryBytes(), before);
    checkAlive(engine, batch, wanted);
  }
  assert(engine.update(batch, OPTIMISER).applied);
});

Deno.test("an optimiser's numbers outside their ranges are refused, and nothing is changed", async () => {
  const { engine, batch } = await readyEngine("optimiser"), before = bitsOfAll(engine.parameters());
  const bad: [object, string][] = [
    [{ rate: NaN }, "rate"],
    [{ rate: -1 }, "rate"],
    [{ rate: Infinity }, "rate"],
    [{ rate: undefined }, "rate"],
    [{ clip: 0 }, "clip"],
    [{ clip: -1 }, "clip"],
    [{ clip: NaN }, "clip"],
    [{ beta1: 1 }, "beta1"],
    [{ beta2: -0.1 }, "beta2"],
    [{ rule: "rmsprop", decay: 1.5 }, "decay"],
    [{ rule: "sgd", rate: 0.1, cellDecay: 11 }, "cellDecay"],
    [{ epsilon: -1 }, "epsilon"],
    [{ epsilon: NaN }, "epsilon"],
  ];
  for (const [changed, name] of bad) {
    const optimiser = { ...OPTIMISER, ...changed } as Optimiser;
    const error = assertThrows(
      () => engine.update(batch, optimiser),
      RangeError,
      `wanted ${name} `,
    );
    assertMatch(error.message, SENTENCE);
  }
  for (const rule of ["newton", "", undefined]) {
    const update = () => engine.update(batch, { rule, rate: 1 } as unknown as Optimiser);
    assertThrows(
      update,
      TypeError,
      `Cannot train: wanted rule "sgd", "rmsprop" or "adam", got ${rule}`,
    );
  }
  assertEquals(bitsOfAll(engine.parameters()), before);
  assertEquals(engine.optimiserState().steps, 0);
});

/** One of a list. */
const oneOf = <Item>(random: RandomSource, items: readonly Item[]) =>
  items[random.integer(0, items.length)];
const ODD = [NaN, Infinity, -Infinity, -1, 0, 0.5, 1, 3, 1e9, 2 ** 31, 2 ** 32, 1e30];

/** A list with something wrong in it, or shorter or longer than it was. */
function spoil(random: RandomSource, list: readonly number[]): number[] {
  const spoilt = [...list];
  if (random.uniform() < 0.7) spoilt[random.integer(0, list.length + 1)] = oneOf(random, ODD);
  else spoilt.length = random.integer(0, list.length + 3), spoilt.fill(0, list.length);
  return spoilt;
}

function spoilBatch(random: RandomSource, batch: SequenceBatch): SequenceBatch {
  const i = random.integer(0, batch.strings.length), string = batch.strings[i];
  const field = oneOf(
    random,
    ["inputs", "targets", "valueTargets", "pushNoise", "popNoise"] as const,
  );
  const strings = batch.strings.with(i, {
    ...string,
    [field]: spoil(random, string[field] ?? string.inputs),
  });
  const weight = oneOf(random, [
    "outputWeight",
    "valueWeight",
    "anchorWeight",
    "anchorPush",
    "anchorPop",
  ]);
  const weights = random.uniform() < 0.3 ? { [weight]: oneOf(random, ODD) } : {};
  return { ...batch, ...weights, strings: random.uniform() < 0.05 ? [] : strings };
}

Deno.test("whatever is wrong with a batch, only sentences come out, and the engine goes on", async () => {
  const random = seededRandom("fuzz");
  let refused = 0;
  for (const kind of KINDS) {
    const shape = float32Shape(random, kind), { engine, batch } = await readyEngine("fuzz", shape);
    const wanted = engine.gradient(batch), parameters = engine.parameters();
    for (let n = 0; n < 40; n++) {
      const bad = spoilBatch(random, batch);
      for (const job of jobs(engine, bad)) refused += survive(job);
      engine.setParameters(parameters);
    }
    checkAlive(engine, batch, wanted);
  }
  assert(refused > 500, `${refused} refused`);
});

Deno.test("whatever is wrong with a shape, an optimiser or parameters, only sentences come out", async () => {
  const random = seededRandom("fuzz shapes"), { engine, batch } = await readyEngine("fuzz shapes");
  const parameters = engine.parameters();
  for (let n = 0; n < 200; n++) {
    const size = oneOf(random, ["hidden", "embedding", "valueWidth", "symbols"]);
    const shape = { ...SHAPE, [size]: oneOf(random, ODD) };
    await createEngine(shape).then(() => {}, checkRefusal);
    const number = oneOf(random, [
      "rate",
      "clip",
      "cellDecay",
      "decay",
      "beta1",
      "beta2",
      "epsilon",
    ]);
    const rule = oneOf(random, ["sgd", "rmsprop", "adam"]);
    survive(() =>
      engine.update(batch, { rule, rate: 0.1, [number]: oneOf(random, ODD) } as Optimiser)
    );
    const name = oneOf(random, Object.keys(parameters));
    const tensor = Float32Array.from(spoil(random, [...parameters[name]]));
    survive(() => engine.setParameters({ ...parameters, [name]: tensor }));
    survive(() => engine.gradient(batch));
    engine.setParameters(parameters);
  }
});

/** 1 if a job was refused, as it should be if it is; 0 if it was done. */
function survive(job: () => unknown): number {
  try {
    job();
    return 0;
  } catch (error) {
    checkRefusal(error);
    return 1;
  }
}

function checkRefusal(error: unknown): void {
  assert(error instanceof TypeError || error instanceof RangeError, String(error));
  assertMatch(error.message, SENTENCE);
}
