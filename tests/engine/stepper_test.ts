import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { createStepper } from "@/engine/stepper.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { endsOf, MEMORY_NAMES, type MemoryName, portsOf } from "@/memory/memories.ts";
import { portSuffixes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { float32Parameters, float32Shape, KINDS } from "./float32_sequences.ts";
import { assertSame } from "../same.ts";

/** Strings of equal length. */
function equalStrings(random: RandomSource, { symbols }: SequenceModelShape, B: number, T: number) {
  const draw = () => Array.from({ length: T }, () => random.integer(0, symbols));
  return Array.from({ length: B }, draw);
}

/** Every step's logits, B × K, of strings read side by side. */
function read(stepper: ReturnType<typeof createStepper>, strings: number[][]): Float32Array[] {
  stepper.start(strings.length);
  return strings[0].map((_, t) => stepper.step(Int32Array.from(strings, (s) => s[t])).slice());
}

/** The same, from the engine. */
function logits(
  shape: SequenceModelShape,
  parameters: Record<string, Float64Array>,
  strings: number[][],
  build: "relaxed" | "strict" = "relaxed",
): Float32Array[] {
  const engine = createEngine(shape, { build }), { symbols: K } = shape;
  engine.setParameters(parameters);
  const targets = strings[0].map(() => -1);
  const batch = { strings: strings.map((inputs) => ({ inputs, targets })), outputWeight: 1 };
  const rows = engine.logits(batch);
  return targets.map((_, t) =>
    Float32Array.from(rows.flatMap((row) => [...row.subarray(t * K, (t + 1) * K)]))
  );
}

for (const kind of KINDS) {
  const { cell, memory, layers } = kind, what = `${cell}, memory ${memory}, ${layers}`;
  Deno.test(`a stepper gives the same bits as whole strings: ${what}`, () => {
    const random = seededRandom(what);
    for (let n = 0; n < 6; n++) {
      const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
      const build = n % 2 ? "relaxed" : "strict";
      const strings = equalStrings(random, shape, random.integer(1, 7), 40);
      const stepper = createStepper(shape, parameters, { build });
      const wanted = logits(shape, parameters, strings, build);
      assertSame(read(stepper, strings), wanted);
      assertSame(read(stepper, strings), wanted); // begun anew
    }
  });
}

Deno.test("values of one and of two numbers have the same bits step by step as whole", () => {
  const random = seededRandom("narrow steps");
  for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
    for (const [valueWidth, build] of [[1, "relaxed"], [2, "relaxed"], [2, "strict"]] as const) {
      const shape = { ...float32Shape(random, kind), valueWidth };
      const parameters = float32Parameters(random, shape);
      const strings = equalStrings(random, shape, random.integer(1, 7), 100);
      const stepper = createStepper(shape, parameters, { build });
      const wanted = logits(shape, parameters, strings, build);
      assertSame(read(stepper, strings), wanted);
    }
  }
});

Deno.test({
  name: "a stepper on several threads gives the same bits, also with fewer strings than threads",
  ignore: Deno.permissions.querySync({ name: "read", path: "lib" }).state !== "granted",
  fn() {
    const random = seededRandom("threads");
    for (const kind of KINDS) {
      const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
      const stepper = createStepper(shape, parameters, { threads: 2 });
      for (const count of [1, 3]) {
        const strings = equalStrings(random, shape, count, 20);
        const wanted = read(createStepper(shape, parameters), strings);
        assertSame(read(stepper, strings), wanted);
      }
      stepper.close();
    }
  },
});

const MEMORIES = MEMORY_NAMES.filter((name) => name !== "none");

/** A model that pushes a little at each step, and pops as much as its bias says, at every port. */
function modelWithPopBias(
  random: RandomSource,
  popBias: number,
  memory: MemoryName = "stack",
  cells: Pick<SequenceModelShape, "memoryCells"> = {},
) {
  const sizes = { layers: 1, hidden: 5, embedding: 3, valueWidth: 3, symbols: 4 };
  const shape = { cell: "lstm", memory, ...sizes, ...cells } as const;
  const parameters = float32Parameters(random, shape);
  for (const suffix of portSuffixes(shape)) {
    parameters[`push${suffix}.bias`][0] = -2;
    parameters[`pop${suffix}.bias`][0] = popBias;
  }
  return { shape, parameters };
}

for (const memory of MEMORIES) {
  Deno.test(`a memory that outgrows its capacity keeps its contents: ${memory}`, () => {
    const random = seededRandom("outgrown");
    for (const popBias of [-800, -6, -3]) {
      const { shape, parameters } = modelWithPopBias(random, popBias, memory);
      const strings = equalStrings(random, shape, 3, 300),
        stepper = createStepper(shape, parameters);
      stepper.start(3);
      const taken = stepper.memoryBytes();
      const wanted = logits(shape, parameters, strings);
      assertSame(read(stepper, strings), wanted);
      if (popBias === -800) assertGreater(stepper.memoryBytes(), taken);
    }
  });

  Deno.test(`a memory that stays small takes no more bytes, however long the strings, and forgets nothing: ${memory}`, () => {
    const cells = endsOf(memory) ? {} : { memoryCells: 70 }; // more than there is space for at first
    const random = seededRandom("low");
    const { shape, parameters } = modelWithPopBias(random, 0, memory, cells);
    const stepper = createStepper(shape, parameters);
    read(stepper, equalStrings(random, shape, 2, endsOf(memory) ? 10 : 80));
    const before = stepper.memoryBytes(), strings = equalStrings(random, shape, 2, 3000);
    const got = read(stepper, strings);
    assertEquals(stepper.memoryBytes(), before);
    assertSame(got, logits(shape, parameters, strings));
  });

  Deno.test(`the controls are those of the last step: ${memory}`, () => {
    const random = seededRandom("controls");
    const { shape, parameters } = modelWithPopBias(random, 800, memory);
    const suffixes = portSuffixes(shape);
    parameters[`push${suffixes[0]}.bias`][0] = -800;
    if (suffixes.length > 1) parameters[`push${suffixes[1]}.bias`][0] = 800;
    const stepper = createStepper(shape, parameters);
    read(stepper, equalStrings(random, shape, 3, 2));
    const controls = stepper.controls().map(({ pushes, pops }) => [[...pushes], [...pops]]);
    const wanted = [[[0, 0, 0], [1, 1, 1]], [[1, 1, 1], [1, 1, 1]]];
    assertEquals(controls, wanted.slice(0, suffixes.length));
  });
}

Deno.test("the front of a queue moves through its places, and round them, as often as one likes", () => {
  const random = seededRandom("front");
  const { shape, parameters } = modelWithPopBias(random, 0, "queue");
  for (const name of ["push", "pop"]) {
    parameters[`${name}.weight`].fill(0);
    parameters[`${name}.bias`].fill(name === "push" ? -2 : -1.9); // .12 and .13: four rows or so live
  }
  const [string] = equalStrings(random, shape, 1, 100_000),
    stepper = createStepper(shape, parameters);
  stepper.start(1);
  const taken = stepper.memoryBytes();
  let last = new Float32Array();
  for (const symbol of string) last = stepper.step(Int32Array.of(symbol)).slice();
  assertEquals(stepper.memoryBytes(), taken);
  assertSame(last, logits(shape, parameters, [string]).at(-1));
});

Deno.test("more or fewer strings than before are read as by a new stepper", () => {
  const random = seededRandom("restarts"), { shape, parameters } = modelWithPopBias(random, -6);
  const stepper = createStepper(shape, parameters);
  for (const [B, T] of [[1, 5], [6, 90], [2, 70], [9, 3], [1, 100]]) {
    const strings = equalStrings(random, shape, B, T);
    const anew = createStepper(shape, parameters);
    assertSame(read(stepper, strings), read(anew, strings));
  }
});

Deno.test("new parameters are used from the next step on; invalid ones throw and change nothing", () => {
  const random = seededRandom("parameters"), { shape, parameters } = modelWithPopBias(random, -1);
  const stepper = createStepper(shape, parameters), [string] = equalStrings(random, shape, 1, 4);
  const old = read(stepper, [string]);
  const other = float32Parameters(random, shape);
  stepper.setParameters(other);
  const next = read(stepper, [string]);
  assert(next[3][0] !== old[3][0]);
  assertSame(next, read(createStepper(shape, other), [string]));
  const bad = { ...parameters, "pop.bias": Float64Array.of(NaN) };
  assertThrows(() => stepper.setParameters(bad), RangeError, "wanted finite numbers in pop.bias");
  assertSame(read(stepper, [string]), next);
});

Deno.test("a stepper throws for wrong numbers of strings, symbols and sizes", () => {
  const random = seededRandom("refused"), { shape, parameters } = modelWithPopBias(random, -1);
  const stepper = createStepper(shape, parameters);
  for (const strings of [0, -1, 1.5, NaN, Infinity]) {
    const message = `Cannot start reading: wanted at least 1 string, got ${strings}`;
    assertThrows(() => stepper.start(strings), RangeError, message);
  }
  stepper.start(2);
  const step = (...symbols: number[]) => () => stepper.step(Int32Array.from(symbols));
  assertThrows(step(1), TypeError, "Cannot read on: wanted 2 symbols (one for each string), got 1");
  assertThrows(step(1, 4), RangeError, "Cannot read on: wanted symbols from 0 to 3, got 4");
  assertThrows(step(-1, 3), RangeError, "Cannot read on: wanted symbols from 0 to 3, got -1");
  assertThrows(
    () => createStepper({ ...shape, hidden: 0 }, parameters),
    RangeError,
    "Cannot make a stepper: wanted hidden of at least 1, got 0",
  );
});

Deno.test("memory grows with the contents of the memories", () => {
  for (const memory of MEMORIES) {
    const random = seededRandom("growing");
    const { shape, parameters } = modelWithPopBias(random, -800, memory);
    const stepper = createStepper(shape, parameters), taken: number[] = [];
    for (const T of [60, 600, 6000]) {
      read(stepper, equalStrings(random, shape, 1, T));
      taken.push(stepper.memoryBytes());
    }
    assertGreater(taken[1], taken[0]);
    const perEntry = (taken[2] - taken[1]) / (5400 * portsOf(memory));
    assertLess(perEntry, 100); // two lists, a log of as much, and a value, with an eighth to spare
  }
});
