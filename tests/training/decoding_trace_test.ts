import { assert, assertEquals, assertThrows } from "@std/assert";
import { createStepper, type Stepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { endsOf, MEMORY_NAMES } from "@/memory/memories.ts";
import { copyAsFloat64, initialParameters } from "@/models/sequence_parameters.ts";
import { runSequence } from "@/models/sequence_model.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import { stackManipulationTask } from "@/tasks/stack_manipulation.ts";
import { undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
import { endRows, traceDecoding } from "@/training/decoding_trace.ts";
import { assertSame } from "../same.ts";
import { blanksTask } from "../tasks/toy_tasks.ts";
import { handMadeReverser } from "./hand_made_network.ts";

const ALL = { most: Infinity, least: 0 };

function toFloat32(parameters: Readonly<Record<string, ArrayLike<number>>>) {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, data]) => [name, Float32Array.from(data)]));
}

function farthest(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assertEquals(got.length, wanted.length);
  return Math.max(...Array.from(wanted, (number, i) => Math.abs(number - got[i])));
}

Deno.test("a network that reverses pushes what it reads, pops what it writes, and ends", () => {
  const { shape, task, parameters } = handMadeReverser(5);
  const { start, separator, terminator } = task.vocabulary;
  const trace = traceDecoding(createStepper(shape, parameters), task, task.pairOf!([0, 4, 2]));
  assertEquals([...trace.fed], [start, 0, 4, 2, separator, 2, 4, 0]);
  assertEquals([...trace.answer], [2, 4, 0, terminator]);
  const { ports: [{ pushes, pops }] } = trace;
  assertEquals([...pushes].map(Math.round), [1, 1, 1, 1, 0, 0, 0, 0]);
  assertEquals([...pops].map(Math.round), [0, 0, 0, 0, 1, 1, 1, 1]);
  const heights = [...endRows("stack", trace.ports, { most: 9, least: 0.01 })].map((
    { strengths },
  ) => strengths.length);
  assertEquals(heights, [1, 2, 3, 4, 3, 2, 1, 0]);
});

for (const memory of MEMORY_NAMES.filter((name) => endsOf(name))) {
  Deno.test(`pushes, pops and strengths are those of the literal model on what was fed: ${memory}`, () => {
    const task = reversalTask(6), symbols = task.vocabulary.size;
    const sizes = { layers: 1, hidden: 12, embedding: 5, valueWidth: 4, symbols };
    const shape: SequenceModelShape = { cell: "lstm", memory, ...sizes };
    const drawn = initialParameters(shape, seededRandom(1), { gateGain: 20, popBias: 0 });
    const parameters = toFloat32(drawn);
    const pair = task.pairOf!([5, 1, 0, 3, 3, 2, 4, 1]);
    const trace = traceDecoding(createStepper(shape, parameters), task, pair);
    const inputs = [...trace.fed], targets = inputs.map(() => -1);
    const wanted = runSequence(shape, copyAsFloat64(parameters), { inputs, targets });
    assertEquals(trace.ports.length, wanted.ports.length);
    trace.ports.forEach(({ pushes, pops }, p) => {
      assert(Math.max(...pushes) - Math.min(...pushes) > 0.3, "pushes do not vary");
      assert(farthest(pushes, wanted.ports[p].pushes) < 1e-5);
      assert(farthest(pops, wanted.ports[p].pops) < 1e-5);
    });
    const rows = [...endRows(memory, trace.ports, ALL)];
    rows.forEach(({ strengths, deeper }, t) => {
      const s = wanted.strengths[t], inwards = memory === "queue" ? s : s.toReversed();
      const live = inwards.filter((s) => s > 1e-4);
      assert(farthest(strengths.filter((s) => s > 1e-4), live) < 1e-4);
      assertEquals(deeper, 0);
    });
    const heights = rows.map(({ strengths }) => strengths.length);
    // It falls by several rows and rises above where it fell from: the place of a row is used again.
    const grown = memory === "deque" ? 2 : 1;
    assert(heights.some((height, t) => heights[t - 1] + grown > height + 2), "it never falls");
    assert(Math.max(...heights) > 4, "it never holds much");
  });
}

Deno.test("a superposition stack's cells are given from the top, as if every value were 1, as far down as something is", () => {
  const ports = [{ pushes: [1, 0.5, 0, 1], pops: [0, 0, 1, 0] }];
  const of = (
    cells?: number,
    most = 9,
  ) => [...endRows("superposition", ports, { most, least: 0.01 }, cells)];
  assertEquals(of().map(({ strengths }) => strengths), [[1], [1, 0.5], [0.5], [1, 0.5]]);
  assertEquals(of(1).map(({ strengths }) => strengths), [[1], [1], [], [1]]);
  assertEquals(of(9, 1).at(-1), { strengths: [1], deeper: 1 });
  // a push of nothing leaves an empty cell above a full one
  const gap = [{ pushes: [1, 1], pops: [0, 0] }],
    [, last] = [...endRows("superposition", gap, ALL)];
  assertEquals(last.strengths, [1, 1]);
});

Deno.test("no more rows are given than are wanted, and none that is too weak; and it says so", () => {
  const controls = [{ pushes: [1, 0.25, 1, 0.001, 1], pops: [0, 0, 0, 0, 0] }];
  const last = (most: number, least: number) =>
    [...endRows("stack", controls, { most, least })].at(-1);
  assertEquals(last(2, 0.01), { strengths: [1, 1], deeper: 2 });
  assertEquals(last(3, 0.01), { strengths: [1, 1, 0.25], deeper: 1 });
  assertEquals(last(4, 0.01), { strengths: [1, 1, 0.25, 1], deeper: 0 });
  assertEquals(last(1, 0.01), { strengths: [1], deeper: 4 }); // a weak one among them
  const popped = [{ pushes: [1, 1, 1, 1, 1], pops: [0, 0, 0, 2, 0] }];
  const afterPop = [...endRows("stack", popped, { most: 1, least: 0 })].at(-1);
  assertEquals(afterPop, { strengths: [1], deeper: 2 });
  assertEquals(last(5, 0), { strengths: [1, 0.001, 1, 0.25, 1], deeper: 0 });
});

Deno.test("the callback gets the number of each step, in order, and stops by throwing", () => {
  const { shape, task, parameters } = handMadeReverser(2), steps: number[] = [];
  const network = createStepper(shape, parameters), pair = task.pairOf!([1, 0]);
  const whole = traceDecoding(network, task, pair, (step) => steps.push(step));
  assertEquals(steps, [1, 2, 3, 4, 5, 6]);
  const stop = (step: number) => {
    if (step === 3) throw new Error("enough");
  };
  assertThrows(() => traceDecoding(network, task, pair, stop), Error, "enough");
  assertSame(traceDecoding(network, task, pair), whole);
});

Deno.test("a network that does not end is followed to the last symbol that is allowed", () => {
  const { shape, task, parameters } = handMadeReverser(3);
  const endless = { ...parameters, "logits.bias": new Float32Array(task.vocabulary.size) };
  const trace = traceDecoding(createStepper(shape, endless), task, task.pairOf!([2, 1, 2, 1]));
  assertEquals(trace.answer.length, 8);
  assertEquals(trace.fed.length, 5 + 8);
});

Deno.test("a trace of a task with blanks has a push and a pop for each input that it lays out", () => {
  const { shape, parameters } = handMadeReverser(3), blanks = blanksTask(3);
  const pair = { source: Int32Array.of(2, 0, 1), target: Int32Array.of(1, 0, 2) };
  const { answer, fed, ports: [{ pushes, pops }] } = traceDecoding(
    createStepper(shape, parameters),
    blanks,
    pair,
  );
  assertEquals([...fed], blanks.layOut(pair).inputs);
  assertEquals([pushes.length, pops.length], [6, 6]);
  assertEquals([...answer], [1, 0, 2]); // the separator at every blank makes it pop
});

Deno.test("what was written stands at the steps that asked for it, among the inputs and before padding", () => {
  const { task: reversal, shape, parameters } = handMadeReverser(3);
  const pair = reversal.pairOf!([0, 2]), stepper = createStepper(shape, parameters);
  const { written } = traceDecoding(stepper, reversal, pair);
  assertEquals([...written], [-1, -1, -1, 2, 0, reversal.vocabulary.terminator]);
  for (const task of [undoFlipFlopTask(), stackManipulationTask()]) {
    const K = task.vocabulary.size;
    let steps = 0;
    const counting = { // writes the number of the step
      start() {},
      step: () => Float32Array.from({ length: K }, (_, symbol) => symbol === steps % K ? 1 : 0),
      controls: () => (steps++, []),
    };
    const pair = task.sample(seededRandom(2), { shortest: 30, longest: 30 });
    const network = counting as unknown as Stepper;
    const { answer, written, fed } = traceDecoding(network, task, pair);
    const { inputs, targets } = task.layOut(pair);
    assertEquals([...fed], inputs);
    assertEquals([...written], targets.map((target, t) => target >= 0 ? t % K : -1));
    assertEquals([...written].filter((symbol) => symbol >= 0), [...answer]);
  }
});
