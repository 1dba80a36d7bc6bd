import { assert, assertEquals } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { runSequence } from "@/models/sequence_model.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { createVocabulary } from "@/tasks/reversal.ts";
import { topRows, traceDecoding } from "@/training/decoding_trace.ts";
import { handMadeReverser } from "./hand_made_network.ts";

const ALL = { most: Infinity, least: 0 };

function farthest(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  assertEquals(got.length, wanted.length);
  return Math.max(...Array.from(wanted, (number, i) => Math.abs(number - got[i])));
}

Deno.test("a network that reverses pushes what it reads, pops what it writes, and ends", () => {
  const { shape, symbols, parameters } = handMadeReverser(5);
  const { start, separator, terminator } = symbols;
  const trace = traceDecoding(createStepper(shape, parameters), symbols, [0, 4, 2]);
  assertEquals([...trace.fed], [start, 0, 4, 2, separator, 2, 4, 0]);
  assertEquals([...trace.answer], [2, 4, 0, terminator]);
  assertEquals([...trace.pushes].map(Math.round), [1, 1, 1, 1, 0, 0, 0, 0]);
  assertEquals([...trace.pops].map(Math.round), [0, 0, 0, 0, 1, 1, 1, 1]);
  const heights = [...topRows(trace, { most: 9, least: 0.01 })].map(({ strengths }) =>
    strengths.length
  );
  assertEquals(heights, [1, 2, 3, 4, 3, 2, 1, 0]);
});

Deno.test("pushes, pops and strengths are those of the literal model on what was fed", () => {
  const symbols = createVocabulary(6);
  const sizes = { layers: 1, hidden: 12, embedding: 5, valueWidth: 4, symbols: symbols.size };
  const shape: SequenceModelShape = { cell: "lstm", memory: "stack", ...sizes };
  const drawn = initialParameters(shape, seededRandom(1), { gateGain: 20, popBias: 0 });
  const parameters = Object.fromEntries(
    Object.entries(drawn).map(([name, data]) => [name, Float32Array.from(data)]),
  );
  const reference = Object.fromEntries(
    Object.entries(parameters).map(([name, data]) => [name, Float64Array.from(data)]),
  );
  const trace = traceDecoding(createStepper(shape, parameters), symbols, [5, 1, 0, 3, 3, 2, 4, 1]);
  const inputs = [...trace.fed], targets = inputs.map(() => -1);
  const wanted = runSequence(shape, reference, { inputs, targets });
  assert(Math.max(...trace.pushes) - Math.min(...trace.pushes) > 0.3, "pushes do not vary");
  assert(farthest(trace.pushes, wanted.pushes) < 1e-5);
  assert(farthest(trace.pops, wanted.pops) < 1e-5);
  const rows = [...topRows(trace, ALL)];
  rows.forEach(({ strengths, deeper }, t) => {
    const live = wanted.strengths[t].toReversed().filter((s) => s > 1e-4);
    assert(farthest(strengths.filter((s) => s > 1e-4), live) < 1e-4);
    assertEquals(deeper, 0);
  });
  const heights = rows.map(({ strengths }) => strengths.length);
  // It falls by several rows and rises above where it fell from: the place of a row is used again.
  assert(heights.some((height, t) => heights[t - 1] > height + 1), "it never falls");
  assert(Math.max(...heights) > 4, "it never holds much");
});

Deno.test("no more rows are given than are wanted, and none that is too weak; and it says so", () => {
  const controls = { pushes: [1, 0.25, 1, 0.001, 1], pops: [0, 0, 0, 0, 0] };
  const last = (most: number, least: number) => [...topRows(controls, { most, least })].at(-1);
  assertEquals(last(2, 0.01), { strengths: [1, 1], deeper: 2 });
  assertEquals(last(3, 0.01), { strengths: [1, 1, 0.25], deeper: 1 });
  assertEquals(last(4, 0.01), { strengths: [1, 1, 0.25, 1], deeper: 0 });
  assertEquals(last(1, 0.01), { strengths: [1], deeper: 4 }); // a weak one among them
  const popped = { pushes: [1, 1, 1, 1, 1], pops: [0, 0, 0, 2, 0] };
  assertEquals([...topRows(popped, { most: 1, least: 0 })].at(-1), { strengths: [1], deeper: 2 });
  assertEquals(last(5, 0), { strengths: [1, 0.001, 1, 0.25, 1], deeper: 0 });
});

Deno.test("each step is told, in order", () => {
  const { shape, symbols, parameters } = handMadeReverser(2), told: number[] = [];
  const network = createStepper(shape, parameters);
  traceDecoding(network, symbols, [1, 0], (steps) => told.push(steps));
  assertEquals(told, [1, 2, 3, 4, 5, 6]);
});

Deno.test("a network that does not end is followed to the 2k-th symbol", () => {
  const { shape, symbols, parameters } = handMadeReverser(3);
  const endless = { ...parameters, "logits.bias": new Float32Array(symbols.size) };
  const trace = traceDecoding(createStepper(shape, endless), symbols, [2, 1, 2, 1]);
  assertEquals(trace.answer.length, 8);
  assertEquals(trace.fed.length, 5 + 8);
});
