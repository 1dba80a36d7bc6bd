import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { reserveForTraining } from "@/engine/batch_layout.ts";
import { createEngineMemory } from "@/engine/parameter_memory.ts";
import { createStepper } from "@/engine/stepper.ts";
import type { Optimiser } from "@/engine/optimiser.ts";

const SIZES = { layers: 1, hidden: 3, embedding: 2, symbols: 3 };
const SHAPE = { cell: "rnn", memory: "none", valueWidth: 0, ...SIZES } as const;
const STACK = { cell: "rnn", memory: "stack", valueWidth: 2, ...SIZES } as const;
const BATCH = { strings: [{ inputs: [1], targets: [0] }], outputWeight: 1 };

function alike(strings: number, steps: number) {
  const string = { inputs: Array(steps).fill(1), targets: Array(steps).fill(-1) };
  return { strings: Array(strings).fill(string), outputWeight: 1 };
}

Deno.test("a rule's numbers that Float32 would make useless are refused", async () => {
  const engine = await createEngine(SHAPE);
  const refused: [Partial<Optimiser>, string][] = [
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
  for (const [optimiser, message] of refused) {
    assertThrows(() => engine.update(BATCH, optimiser as Optimiser), Error, message);
  }
  assertEquals([...engine.parameters()["logits.bias"]], [0, 0, 0]);
});

Deno.test("numbers that do not fit into Float32, and steps that are none, are refused", async () => {
  const engine = await createEngine(SHAPE), parameters = engine.parameters();
  const large = { ...parameters, "logits.bias": [1e39, 0, 0] };
  const message = "wanted numbers within 3.4e38 in logits.bias, got 1e+39 at 0";
  assertThrows(() => engine.setParameters(large), RangeError, message);
  const state = engine.optimiserState();
  for (const steps of [NaN, -1, 0.5]) {
    const wanted = `wanted at least 0 steps, got ${steps}`;
    assertThrows(() => engine.setOptimiserState({ ...state, steps }), RangeError, wanted);
  }
});

Deno.test("room for many short strings and for one long one is not room for many long ones", async () => {
  const engine = await createEngine(STACK);
  engine.gradient(alike(20_000, 5));
  engine.gradient(alike(1, 20_000));
});

Deno.test("a refused batch leaves the last one's controls", async () => {
  const engine = await createEngine(STACK);
  engine.gradient(alike(2, 3));
  const before = engine.controls();
  assertThrows(() => engine.gradient(alike(1000, 300_000)), RangeError, "MiB of memory");
  assertEquals(engine.controls(), before);
});

Deno.test("a closed engine says so", async () => {
  const engine = await createEngine(SHAPE);
  engine.close();
  assertThrows(() => engine.update(BATCH, { rule: "sgd", rate: 1 }), Error, "it has been closed");
});

Deno.test("there is a limit to workers", async () => {
  await assertRejects(
    () => createEngine(SHAPE, { workers: 257 }),
    RangeError,
    "wanted 1 to 256 workers, got 257",
  );
});

Deno.test("a number of a rule that is undefined is one left out", async () => {
  const left = { clip: undefined, beta1: undefined, beta2: undefined, epsilon: undefined };
  const [one, other] = [await createEngine(SHAPE), await createEngine(SHAPE)];
  one.update(BATCH, { rule: "adam", rate: 0.1 });
  other.update(BATCH, { rule: "adam", rate: 0.1, ...left });
  assertEquals(other.parameters(), one.parameters());
});

Deno.test("a gradient is shortened to clip · norm / (norm + 1e-6)", async () => {
  const engine = await createEngine(SHAPE), batch = { ...BATCH, outputWeight: 1e-6 };
  const [g] = engine.gradient(batch).gradients["logits.bias"];
  const { gradientNorm } = engine.update(batch, { rule: "sgd", rate: 1, clip: 1e-7 });
  const [w] = engine.parameters()["logits.bias"];
  assertAlmostEquals(w / (-1e-7 * g / (gradientNorm + 1e-6)), 1, 1e-5);
});

Deno.test("room for a larger batch takes the place of the smaller one's", () => {
  const memory = createEngineMemory(STACK, 1);
  const size = (rows: number) => ({ slots: 1, steps: rows, rows, outputLosses: 0, losses: 0 });
  reserveForTraining(memory, size(300_000));
  const before = memory.arena.memory.buffer.byteLength;
  reserveForTraining(memory, size(310_000));
  assertLess(memory.arena.memory.buffer.byteLength, 1.1 * before);
});

Deno.test("a stepper refuses what an engine refuses", async () => {
  const parameters = (await createEngine(SHAPE)).parameters();
  const loose = "loose" as "strict";
  const message = 'Cannot make a stepper: wanted build "relaxed" or "strict", got loose';
  assertThrows(() => createStepper(SHAPE, parameters, loose), TypeError, message);
  const large = { ...parameters, "logits.bias": [0, 1e39, 0] };
  assertThrows(() => createStepper(SHAPE, large), RangeError, "got 1e+39 at 1");
});
