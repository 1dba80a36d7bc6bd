import { assertEquals, assertGreater } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { batchLossAndGradient, runSequence } from "@/models/sequence_model.ts";
import type { SequenceString } from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { float32Parameters } from "./float32_sequences.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

/** σ of these is exactly 0, ½ and 1, in Float32 as in Float64. */
const SUMS = [-800, 0, 800];

/** A model whose pushes and pops come from the noise alone; their heads' weights have gradients all the same. */
function modelSteeredByNoise(random: RandomSource, cell: "rnn" | "lstm", valueWidth = 3) {
  const sizes = { layers: 1, hidden: 5, embedding: 3, valueWidth, symbols: 4 };
  const shape = { cell, memory: "stack", ...sizes } as const;
  const parameters = float32Parameters(random, shape);
  for (const name of ["push.weight", "push.bias", "pop.weight", "pop.bias"]) {
    parameters[name].fill(0);
  }
  return { shape, parameters };
}

function stringOf(
  random: RandomSource,
  { symbols }: SequenceModelShape,
  controls: number[][],
): SequenceString {
  const draw = () => controls.map(() => random.integer(0, symbols));
  return {
    inputs: draw(),
    targets: draw(),
    pushNoise: controls.map(([push]) => push),
    popNoise: controls.map(([, pop]) => pop),
  };
}

/**
 * Of the whole gradient. In strings this short nearly nothing may be left of a tensor's gradient; a tie that goes to
 * the wrong side shows in the gradient's first digits.
 */
const OF_ALL = 1e-7;

/** All pairs of a push's and a pop's sum. */
const PAIRS = SUMS.flatMap((push) => SUMS.map((pop) => [push, pop]));

/** How many pops end exactly between two rows, and reads at the end of a row with more below. */
function countTies(strengths: readonly (readonly number[])[], pops: readonly number[]) {
  let [popTies, readTies] = [0, 0];
  strengths.forEach((s, t) => {
    const before = strengths[t - 1] ?? [];
    for (let sum = 0, i = before.length - 1; i > 0; i--) {
      sum += before[i];
      if (before[i] > 0 && sum === pops[t]) popTies++;
    }
    for (let sum = 0, i = s.length - 1; i > 0; i--) {
      sum += s[i];
      if (s[i] > 0 && sum === 1) readTies++;
    }
  });
  return { popTies, readTies };
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
    const all = normOfAll(gradient), what = JSON.stringify(string);
    for (const name in gradient) {
      const within = 1e-5 * norm(gradient[name]) + OF_ALL * all;
      assertNear(gradients[name], gradient[name], within, `${name}, ${what}`);
    }
  }
}

Deno.test("all pushes and pops of 0, ½ and 1 in three steps have the reference's gradient, ties included", () => {
  const random = seededRandom("three steps");
  for (const valueWidth of [3, 2]) {
    const model = modelSteeredByNoise(random, "rnn", valueWidth);
    const strings = PAIRS.flatMap((a) =>
      PAIRS.flatMap((b) => PAIRS.map((c) => stringOf(random, model.shape, [a, b, c, [0, 0]])))
    );
    assertEquals(strings.length, 729);
    compare(model, strings);
  }
});

Deno.test("long strings of pushes and pops of 0, ½ and 1 have the reference's gradient", () => {
  const random = seededRandom("many steps");
  let [popTies, readTies] = [0, 0];
  for (const [cell, valueWidth] of [["rnn", 3], ["lstm", 3], ["rnn", 2], ["lstm", 1]] as const) {
    const model = modelSteeredByNoise(random, cell, valueWidth);
    const strings = Array.from({ length: 20 }, () => {
      // pushes more often than pops, so that there is something to tie with
      const control =
        () => [random.shuffle([0, 0, 800])[0], random.shuffle([-800, -800, 0, 800])[0]];
      return stringOf(random, model.shape, Array.from({ length: 20 }, control));
    });
    for (const string of strings) {
      const { strengths, ports: [{ pops }] } = runSequence(
        model.shape,
        model.parameters,
        string,
      );
      const ties = countTies(strengths, pops);
      popTies += ties.popTies;
      readTies += ties.readTies;
    }
    compare(model, strings);
  }
  assertGreater(popTies, 50);
  assertGreater(readTies, 100);
});

Deno.test("below a push of exactly 1 nothing is read, so the gradient of a soft pop is exactly 0", () => {
  const random = seededRandom("dead pop"),
    { shape, parameters } = modelSteeredByNoise(random, "lstm");
  const engine = createEngine(shape);
  engine.setParameters(parameters);
  for (const push of SUMS) {
    const controls = Array.from({ length: 9 }, () => [push, -1]);
    const { gradients } = engine.gradient({
      strings: [stringOf(random, shape, controls)],
      outputWeight: 1,
    });
    assertEquals(gradients["pop.bias"][0] === 0, push !== 0, `push ${push}`);
  }
});

Deno.test("pops of an empty stack, and of more than it holds, have the reference's gradient", () => {
  const random = seededRandom("empty"), model = modelSteeredByNoise(random, "rnn");
  const narrow = modelSteeredByNoise(random, "rnn", 2);
  const strings = [[[-800, 800], [-800, 800], [0, 0]], [[-2, 800], [-1, 3], [-3, 2], [-800, 800], [
    1,
    1,
  ]]]
    .map((controls) => stringOf(random, model.shape, [...controls, [0, 0]]));
  compare(model, strings);
  compare(narrow, strings);
});
