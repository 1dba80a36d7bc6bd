import { assertEquals, assertGreater } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { endsOf, MEMORY_NAMES, type MemoryName, portsOf } from "@/memory/memories.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import { runSequence, type SequenceTrace } from "@/models/sequence_model.ts";
import type { SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { float32Parameters } from "./float32_sequences.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

const MEMORIES = MEMORY_NAMES.filter((name) => endsOf(name));

/** σ of these is exactly 0, ½ and 1, in Float32 as in Float64. */
const SUMS = [-800, 0, 800];

/** A model whose pushes and pops come from the noise alone; their heads' weights have gradients all the same. */
function modelSteeredByNoise(
  random: RandomSource,
  memory: MemoryName,
  cell: "rnn" | "lstm",
  valueWidth = 3,
) {
  const sizes = { layers: 1, hidden: 5, embedding: 3, valueWidth, symbols: 4 };
  const shape: SequenceModelShape = { cell, memory, ...sizes };
  const parameters = float32Parameters(random, shape);
  for (const name in parameters) if (/^(push|pop)\b/.test(name)) parameters[name].fill(0);
  return { shape, parameters };
}

/** The sums of a push and a pop. */
type ControlSums = readonly number[];

/** A string steered by the sums at each step of each port, `T` × `P`. */
function stringOf(
  random: RandomSource,
  { symbols }: SequenceModelShape,
  controls: readonly (readonly ControlSums[])[],
): SequenceString {
  const draw = () => controls.map(() => random.integer(0, symbols));
  const portAfterPort = (of: number) =>
    controls[0].flatMap((_, p) => controls.map((ports) => ports[p][of]));
  return {
    inputs: draw(),
    targets: draw(),
    pushNoise: portAfterPort(0),
    popNoise: portAfterPort(1),
  };
}

/** The same sums at every port. */
function everywhere(memory: MemoryName, sums: readonly ControlSums[]): ControlSums[][] {
  return sums.map((step) => Array.from({ length: portsOf(memory) }, () => step));
}

/**
 * Of the whole gradient. In strings this short nearly nothing may be left of a tensor's gradient; a tie that goes to
 * the wrong side shows in the gradient's first digits.
 */
const OF_ALL = 1e-7;

/** All pairs of a push's and a pop's sum. */
const PAIRS: readonly ControlSums[] = SUMS.flatMap((push) => SUMS.map((pop) => [push, pop]));

/** The ties of a string: pops and reads that end exactly between two rows, and rows that are pushed with strength 0. */
interface Ties {
  pops: number;
  reads: number;
  unpushed: number;
}

function countTies(memory: MemoryName, { strengths, ports }: SequenceTrace, ties: Ties): void {
  const ends = endsOf(memory)!.ports;
  strengths.forEach((s, t) => {
    ends.forEach(({ pops: end }, p) => {
      const inwards = (rows: readonly number[]) => end === "top" ? rows.toReversed() : rows;
      ties.pops += countSums(inwards(strengths[t - 1] ?? []), ports[p].pops[t]);
      ties.reads += countSums(inwards(s), 1);
      if (ports[p].pushes[t] === 0) ties.unpushed++;
    });
  });
}

/** How often the sum of the first few of some rows is exactly a number, and more of them follow. */
function countSums(rows: readonly number[], wanted: number): number {
  let [sum, count] = [0, 0];
  for (const s of rows.slice(0, -1)) if (s > 0 && (sum += s) === wanted) count++;
  return count;
}

function compare(
  { shape, parameters }: ReturnType<typeof modelSteeredByNoise>,
  strings: SequenceString[],
): void {
  const engine = createEngine(shape);
  engine.setParameters(parameters);
  for (const string of strings) {
    const batch = { strings: [string], outputWeight: 1 };
    const { gradients } = engine.gradient(batch);
    const { gradient } = batchLossAndGradient(shape, parameters, batch);
    const all = normOfAll(gradient), what = JSON.stringify([shape.memory, string]);
    for (const name in gradient) {
      const within = 1e-5 * norm(gradient[name]) + OF_ALL * all;
      assertNear(gradients[name], gradient[name], within, `${name}, ${what}`);
    }
  }
}

for (const memory of MEMORIES) {
  Deno.test(`pushes and pops of 0, ½ and 1 in three steps have the reference's gradient, ties included: ${memory}`, () => {
    const random = seededRandom("three steps");
    for (const valueWidth of [3, 2]) {
      const model = modelSteeredByNoise(random, memory, "rnn", valueWidth);
      const last = everywhere(memory, [[0, 0]]);
      const all = PAIRS.flatMap((a) => PAIRS.flatMap((b) => PAIRS.map((c) => [a, b, c])));
      assertEquals(all.length, 729);
      // with two ports there are 531,441 in all: as many of them, drawn
      const drawn = all.map((steps) =>
        portsOf(memory) === 1
          ? everywhere(memory, steps)
          : steps.map((step) => [step, random.shuffle(PAIRS)[0]])
      );
      compare(model, drawn.map((steps) => stringOf(random, model.shape, [...steps, ...last])));
    }
  });

  Deno.test(`long strings of pushes and pops of 0, ½ and 1 have the reference's gradient: ${memory}`, () => {
    const random = seededRandom("many steps"), ties = { pops: 0, reads: 0, unpushed: 0 };
    for (const [cell, valueWidth] of [["rnn", 3], ["lstm", 3], ["rnn", 2], ["lstm", 1]] as const) {
      const model = modelSteeredByNoise(random, memory, cell, valueWidth);
      const strings = Array.from({ length: 20 }, () => {
        // pushes more often than pops, so that there is something to tie with
        const control =
          () => [random.shuffle([0, 0, 800, -800])[0], random.shuffle([-800, -800, 0, 800])[0]];
        const ports = () => Array.from({ length: portsOf(memory) }, control);
        return stringOf(random, model.shape, Array.from({ length: 20 }, ports));
      });
      for (const string of strings) {
        countTies(memory, runSequence(model.shape, model.parameters, string), ties);
      }
      compare(model, strings);
    }
    assertGreater(ties.pops, 50);
    assertGreater(ties.reads, 100);
    assertGreater(ties.unpushed, 100);
  });

  Deno.test(`pops of an empty memory, and of more than it holds, have the reference's gradient: ${memory}`, () => {
    const random = seededRandom("empty"), model = modelSteeredByNoise(random, memory, "rnn");
    const narrow = modelSteeredByNoise(random, memory, "rnn", 2);
    const strings = [
      [[-800, 800], [-800, 800], [0, 0]],
      [[-2, 800], [-1, 3], [-3, 2], [-800, 800], [1, 1]],
    ].map((sums) => stringOf(random, model.shape, everywhere(memory, [...sums, [0, 0]])));
    compare(model, strings);
    compare(narrow, strings);
  });
}

Deno.test("below a push of exactly 1 nothing is read, so the gradient of a soft pop of a stack is exactly 0", () => {
  const random = seededRandom("dead pop");
  const { shape, parameters } = modelSteeredByNoise(random, "stack", "lstm");
  const engine = createEngine(shape);
  engine.setParameters(parameters);
  for (const push of SUMS) {
    const controls = everywhere("stack", Array.from({ length: 9 }, () => [push, -1]));
    const { gradients } = engine.gradient({
      strings: [stringOf(random, shape, controls)],
      outputWeight: 1,
    });
    assertEquals(gradients["pop.bias"][0] === 0, push !== 0, `push ${push}`);
  }
});
