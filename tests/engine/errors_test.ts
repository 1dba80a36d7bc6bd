import { MEMORY_NAMES } from "@/memory/memories.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { createEngine, type Engine } from "@/engine/engine.ts";
import type { Optimizer } from "@/engine/optimizer.ts";
import { createStepper } from "@/engine/stepper.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { float32Batch, float32Parameters, float32Shape, KINDS } from "./float32_sequences.ts";
import { assertSame } from "../same.ts";

const SHAPE = {
  cell: "lstm",
  memory: "stack",
  layers: 1,
  hidden: 3,
  embedding: 2,
  valueWidth: 2,
  symbols: 4,
} as const;
const OPTIMIZER = { rule: "adam", rate: 0.01 } as const;

const PLAIN = { ...SHAPE, cell: "rnn", memory: "none", valueWidth: 0, symbols: 3 } as const;
const BATCH = { strings: [{ inputs: [1], targets: [0] }], outputWeight: 1 };

/** Strings of so many steps, all the same, without a target. */
function equalBatch(strings: number, steps: number): SequenceBatch {
  const string = { inputs: Array(steps).fill(1), targets: Array(steps).fill(-1) };
  return { strings: Array(strings).fill(string), outputWeight: 1 };
}

/** The format of every error. */
const SENTENCE = /^Cannot [^:]+: wanted .+, got .+$/;

function readyEngine(seed = "errors", shape: SequenceModelShape = SHAPE) {
  const random = seededRandom(seed), engine = createEngine(shape);
  engine.setParameters(float32Parameters(random, shape));
  return { engine, random, batch: float32Batch(random, shape, [4, 2]) };
}

/** Everything that an engine does with a batch. */
const operations = (engine: Engine, batch: SequenceBatch) => [
  () => engine.gradient(batch),
  () => engine.logits(batch),
  () => engine.update(batch, OPTIMIZER),
];

/** Throws unless the engine gives the same bits as before. */
function assertUnchanged(
  engine: Engine,
  batch: SequenceBatch,
  wanted: ReturnType<Engine["gradient"]>,
) {
  assertSame(engine.gradient(batch), wanted);
}

Deno.test("createEngine throws for an invalid shape", () => {
  const assertInvalid = (changed: object, type: typeof Error, message: string) => {
    assertThrows(
      () => createEngine({ ...SHAPE, ...changed }),
      type,
      `Cannot make an engine: ${message}`,
    );
  };
  for (const name of ["layers", "hidden", "embedding", "symbols", "valueWidth"]) {
    for (const size of [0, -1, 1.5, NaN, Infinity]) {
      assertInvalid({ [name]: size }, RangeError, `wanted ${name} of at least 1, got ${size}`);
    }
  }
  assertInvalid({ memory: "none" }, RangeError, "wanted valueWidth 0 without a memory, got 2");
  assertInvalid({ cell: "mru" }, TypeError, 'wanted cell "lstm" or "rnn" or "gru", got mru');
  const memories = MEMORY_NAMES.map((name) => `"${name}"`).join(" or ");
  assertInvalid({ memory: "tape" }, TypeError, `wanted memory ${memories}, got tape`);
});

Deno.test("createEngine throws for an invalid number of threads and an unknown build", () => {
  for (const threads of [0, -1, 1.5, 257, NaN, Infinity]) {
    const message = `Cannot make an engine: wanted 1 to 256 threads, got ${threads}`;
    assertThrows(() => createEngine(SHAPE, { threads }), RangeError, message);
  }
  const build = "loose" as "strict";
  const message = 'Cannot make an engine: wanted build "relaxed" or "strict", got loose';
  assertThrows(() => createEngine(SHAPE, { build }), TypeError, message);
});

Deno.test("a model beyond WebAssembly's memory throws", () => {
  for (
    const size of [{ hidden: 50_000 }, { symbols: 2 ** 31, embedding: 64 }, { valueWidth: 2 ** 40 }]
  ) {
    const error = assertThrows(() => createEngine({ ...SHAPE, ...size }), RangeError);
    assertMatch(error.message, SENTENCE);
  }
});

Deno.test("parameters of a wrong size or not finite throw and change nothing", () => {
  const { engine, random, batch } = readyEngine(), wanted = engine.gradient(batch);
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
    const { first, second, steps } = engine.optimizerState();
    for (const state of [{ steps, first: tensors, second }, { steps, first, second: tensors }]) {
      const set = () =>
        engine.setOptimizerState(state as unknown as ReturnType<Engine["optimizerState"]>);
      assertThrows(set, type, `Cannot set the optimizer's state: ${message}`);
    }
    assertUnchanged(engine, batch, wanted);
  }
});

Deno.test("a batch that does not fit the shape throws before a kernel runs", () => {
  const { engine, batch } = readyEngine(), wanted = engine.gradient(batch);
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
    for (
      const operation of operations(engine, {
        strings: [good, { ...good, ...changed }],
        outputWeight: 1,
      })
    ) {
      const error = assertThrows(operation, type, message);
      assertMatch(error.message, SENTENCE);
    }
  }
  for (const operation of operations(engine, { strings: [], outputWeight: 1 })) {
    assertThrows(operation, RangeError, "wanted at least 1 string, got 0");
  }
  for (const name of ["outputWeight", "valueWeight", "anchorWeight", "anchorPush", "anchorPop"]) {
    for (const operation of operations(engine, { ...batch, [name]: NaN })) {
      assertThrows(operation, RangeError, `wanted a finite ${name}, got NaN`);
    }
  }
  assertUnchanged(engine, batch, wanted);
});

Deno.test("a batch beyond WebAssembly's memory throws, and the engine stays usable", () => {
  const { engine, batch } = readyEngine("too long"), wanted = engine.gradient(batch);
  const before = engine.memoryBytes();
  // one string of 40,000 steps among a hundred thousand: each has room for as many entries on its stack
  const long = { inputs: new Array(40_000).fill(1), targets: new Array(40_000).fill(-1) };
  const strings = [long, ...new Array(100_000).fill({ inputs: [1], targets: [1] })];
  for (const operation of operations(engine, { strings, outputWeight: 1 })) {
    const error = assertThrows(operation, RangeError, "Cannot make room for the batch: wanted");
    assertMatch(error.message, SENTENCE);
    assertEquals(engine.memoryBytes(), before);
    assertUnchanged(engine, batch, wanted);
  }
  assert(engine.update(batch, OPTIMIZER).applied);
});

Deno.test("an optimizer's numbers outside their ranges throw and change nothing", () => {
  const { engine, batch } = readyEngine("optimizer"), before = engine.parameters();
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
    const optimizer = { ...OPTIMIZER, ...changed } as Optimizer;
    const error = assertThrows(
      () => engine.update(batch, optimizer),
      RangeError,
      `wanted ${name} `,
    );
    assertMatch(error.message, SENTENCE);
  }
  for (const rule of ["newton", "", undefined]) {
    const update = () => engine.update(batch, { rule, rate: 1 } as unknown as Optimizer);
    assertThrows(
      update,
      TypeError,
      `Cannot train: wanted rule "sgd", "rmsprop" or "adam", got ${rule}`,
    );
  }
  assertSame(engine.parameters(), before);
  assertEquals(engine.optimizerState().steps, 0);
});

Deno.test("an optimizer's numbers that Float32 cannot hold throw", () => {
  const engine = createEngine(PLAIN);
  const invalid: [Partial<Optimizer>, string][] = [
    [
      { rule: "toString" as "sgd", rate: 1 },
      'wanted rule "sgd", "rmsprop" or "adam", got toString',
    ],
    [{ rule: "adam", rate: 1, epsilon: 0 }, "wanted epsilon from 1e-38 to 3.4e38, got 0"],
    [
      { rule: "rmsprop", rate: 1, epsilon: 1e-50 },
      "wanted epsilon from 1e-38 to 3.4e38, got 1e-50",
    ],
    [{ rule: "sgd", rate: 1e300 }, "wanted rate from 0 to 3.4e38, got 1e+300"],
    [{ rule: "sgd" }, "wanted rate from 0 to 3.4e38, got undefined"],
  ];
  for (const [optimizer, message] of invalid) {
    assertThrows(() => engine.update(BATCH, optimizer as Optimizer), Error, message);
  }
  assertEquals([...engine.parameters()["logits.bias"]], [0, 0, 0]);
});

Deno.test("parameters beyond Float32, and invalid numbers of steps, throw", () => {
  const engine = createEngine(PLAIN), parameters = engine.parameters();
  const large = { ...parameters, "logits.bias": [1e39, 0, 0] };
  const message = "wanted numbers within 3.4e38 in logits.bias, got 1e+39 at 0";
  assertThrows(() => engine.setParameters(large), RangeError, message);
  const state = engine.optimizerState();
  for (const steps of [NaN, -1, 0.5]) {
    const wanted = `wanted at least 0 steps, got ${steps}`;
    assertThrows(() => engine.setOptimizerState({ ...state, steps }), RangeError, wanted);
  }
});

Deno.test("after a batch that throws, the controls are those of the batch before", () => {
  const engine = createEngine(SHAPE);
  engine.gradient(equalBatch(2, 3));
  const before = engine.controls();
  assertThrows(() => engine.gradient(equalBatch(1000, 300_000)), RangeError, "MiB of memory");
  assertEquals(engine.controls(), before);
});

Deno.test("a closed engine throws", () => {
  const engine = createEngine(PLAIN);
  engine.close();
  assertThrows(
    () => engine.update(BATCH, { rule: "sgd", rate: 1 }),
    Error,
    "got one that was closed",
  );
});

Deno.test("a stepper throws for an unknown build and for numbers beyond Float32", () => {
  const parameters = (createEngine(PLAIN)).parameters();
  const loose = "loose" as "strict";
  const message = 'Cannot make a stepper: wanted build "relaxed" or "strict", got loose';
  assertThrows(() => createStepper(PLAIN, parameters, { build: loose }), TypeError, message);
  const large = { ...parameters, "logits.bias": [0, 1e39, 0] };
  assertThrows(() => createStepper(PLAIN, large), RangeError, "got 1e+39 at 1");
});

/** One of a list. */
const oneOf = <Item>(random: RandomSource, items: readonly Item[]) =>
  items[random.integer(0, items.length)];
const ODD = [NaN, Infinity, -Infinity, -1, 0, 0.5, 1, 3, 1e9, 2 ** 31, 2 ** 32, 1e30];

/** A list with an odd number in it, or shorter or longer than it was. */
function corrupt(random: RandomSource, list: readonly number[]): number[] {
  const corrupted = [...list];
  if (random.uniform() < 0.7) corrupted[random.integer(0, list.length + 1)] = oneOf(random, ODD);
  else corrupted.length = random.integer(0, list.length + 3), corrupted.fill(0, list.length);
  return corrupted;
}

function corruptBatch(random: RandomSource, batch: SequenceBatch): SequenceBatch {
  const i = random.integer(0, batch.strings.length), string = batch.strings[i];
  const field = oneOf(
    random,
    ["inputs", "targets", "valueTargets", "pushNoise", "popNoise"] as const,
  );
  const strings = batch.strings.with(i, {
    ...string,
    [field]: corrupt(random, string[field] ?? string.inputs),
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

Deno.test("random faults in a batch give errors of one sentence, and the engine stays usable", () => {
  const random = seededRandom("fuzz");
  let failed = 0;
  for (const kind of KINDS) {
    const shape = float32Shape(random, kind), { engine, batch } = readyEngine("fuzz", shape);
    const wanted = engine.gradient(batch), parameters = engine.parameters();
    for (let n = 0; n < 40; n++) {
      const bad = corruptBatch(random, batch);
      for (const operation of operations(engine, bad)) failed += countErrors(operation);
      engine.setParameters(parameters);
    }
    assertUnchanged(engine, batch, wanted);
  }
  assert(failed > 500, `${failed} failed`);
});

Deno.test("random faults in a shape, an optimizer or parameters give errors of one sentence", () => {
  const random = seededRandom("fuzz shapes"), { engine, batch } = readyEngine("fuzz shapes");
  const parameters = engine.parameters();
  for (let n = 0; n < 200; n++) {
    const size = oneOf(random, ["hidden", "embedding", "valueWidth", "symbols"]);
    const shape = { ...SHAPE, [size]: oneOf(random, ODD) };
    countErrors(() => createEngine(shape));
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
    countErrors(() =>
      engine.update(batch, { rule, rate: 0.1, [number]: oneOf(random, ODD) } as Optimizer)
    );
    const name = oneOf(random, Object.keys(parameters));
    const tensor = Float32Array.from(corrupt(random, [...parameters[name]]));
    countErrors(() => engine.setParameters({ ...parameters, [name]: tensor }));
    countErrors(() => engine.gradient(batch));
    engine.setParameters(parameters);
  }
});

/** 1 if an operation throws an error in the right format, 0 if it succeeds. */
function countErrors(operation: () => unknown): number {
  try {
    operation();
    return 0;
  } catch (error) {
    assertSentence(error);
    return 1;
  }
}

function assertSentence(error: unknown): void {
  assert(error instanceof TypeError || error instanceof RangeError, String(error));
  assertMatch(error.message, SENTENCE);
}
