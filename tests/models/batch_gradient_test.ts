import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { checkGradient, type GradientCheck } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import { runSequence } from "@/models/sequence_model.ts";
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import { sequenceLoss } from "@/models/sequence_loss.ts";
import { initialParameters, type SequenceParameters } from "@/models/sequence_parameters.ts";
import { portSuffixes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { referenceMemory, sparseMemoryNamed } from "@/memory/memories.ts";
import { sparseStackMemory } from "@/memory/sparse_stack.ts";
import { stackMemory } from "@/memory/stack.ts";
import {
  KINDS,
  randomBatch,
  randomParameters,
  randomShape,
  randomString,
} from "./random_sequences.ts";

/** Every parameter's gradient against central differences of the loss. */
function checkModel(
  random: RandomSource,
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  batch: SequenceBatch,
): GradientCheck {
  return checkGradient({
    name: JSON.stringify(shape),
    f: (parameters) => [batchLoss(shape, parameters, batch)],
    adjoint: (parameters, [gLoss]) => {
      const { gradient } = batchLossAndGradient(shape, parameters, batch);
      for (const name in gradient) gradient[name].forEach((g, i, gs) => gs[i] = gLoss * g);
      return gradient;
    },
    at: parameters,
    random,
  });
}

function batchLoss(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  batch: SequenceBatch,
): number {
  return batch.strings.reduce(
    (L, string) => L + sequenceLoss(batch, string, runSequence(shape, parameters, string)),
    0,
  );
}

for (const kind of KINDS) {
  const { cell, memory, layers } = kind;
  const what = `${layers} ${cell} layer${layers > 1 ? "s" : ""}, memory ${memory}`;
  Deno.test(`through whole strings every gradient agrees with central differences: ${what}`, () => {
    const random = seededRandom(what);
    for (let n = 0; n < (layers === 1 ? 3 : 1); n++) {
      const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
      const batch = randomBatch(random, shape, [5, 3]);
      const { passed, kinks, summary } = checkModel(random, shape, parameters, batch);
      assert(passed, summary);
      assertEquals(kinks, 0);
      const { gradient } = batchLossAndGradient(shape, parameters, batch);
      for (const name in gradient) assert(gradient[name].some((g) => g !== 0), `${name} feels 0`);
    }
  });
}

/** |a − b| / |b| over all tensors: the greatest of them. */
function distance(a: SequenceParameters, b: SequenceParameters): number {
  const norm = (numbers: Float64Array) => Math.hypot(...numbers);
  return Object.keys(b).reduce((worst, name) => {
    const apart = norm(a[name].map((a_i, i) => a_i - b[name][i]));
    return Math.max(worst, apart === 0 ? 0 : apart / norm(b[name]));
  }, 0);
}

Deno.test("a batch's loss and gradient are the sums of its strings', and its logits theirs", () => {
  const random = seededRandom("sum");
  for (const kind of KINDS) {
    const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
    const batch = randomBatch(random, shape, [4, 1, 3]);
    const whole = batchLossAndGradient(shape, parameters, batch);
    const parts = batch.strings.map((string) =>
      batchLossAndGradient(shape, parameters, { ...batch, strings: [string] })
    );
    assertAlmostEquals(whole.loss, parts.reduce((L, { loss }) => L + loss, 0), 1e-13);
    assertEquals(whole.logits, parts.flatMap(({ logits }) => logits));
    assertEquals(whole.logits.map(({ length }) => length), [4, 1, 3]);
    for (const name in parameters) {
      whole.gradient[name].forEach((g, i) => {
        assertAlmostEquals(
          g,
          parts.reduce((sum, { gradient }) => sum + gradient[name][i], 0),
          1e-12,
        );
      });
    }
  }
});

Deno.test("controls saturated at exactly 0 and 1: gradients agree with central differences", () => {
  const random = seededRandom("saturated");
  for (const [push, pop] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const shape = randomShape(random, { cell: "lstm", memory: "stack", layers: 1 });
    const parameters = randomParameters(random, shape), string = randomString(random, shape, 6);
    parameters["push.bias"][0] = push === 1 ? 800 : -800;
    parameters["pop.bias"][0] = pop === 1 ? 800 : -800;
    const { ports: [{ pushes, pops }], strengths } = runSequence(shape, parameters, string);
    assertEquals([new Set(pushes), new Set(pops)], [new Set([push]), new Set([pop])]);
    assertEquals(strengths[2], [pop === 1 ? 0 : push, pop === 1 ? 0 : push, push]);
    const batch = { strings: [string], outputWeight: 1 };
    const { passed, kinks, summary } = checkModel(random, shape, parameters, batch);
    assert(passed, summary);
    assertEquals(kinks, 0);
    const { gradient } = batchLossAndGradient(shape, parameters, batch);
    for (const name of ["push.weight", "push.bias", "pop.weight", "pop.bias"]) {
      assertEquals(new Set(gradient[name]), new Set([0]));
    }
  }
});

Deno.test("ties: below a push of exactly 1 nothing is read, so a soft pop learns exactly nothing", () => {
  const random = seededRandom("dead pop");
  for (const stack of [stackMemory, sparseStackMemory]) {
    for (const pushBias of [0, 800]) {
      const shape = randomShape(random, { cell: "rnn", memory: "stack", layers: 2 });
      const parameters = initialParameters(shape, random, { pushBias });
      const batch = { strings: [randomString(random, shape, 8)], outputWeight: 1 };
      const { gradient } = batchLossAndGradient(shape, parameters, batch, stack);
      assertEquals(gradient["pop.bias"][0] === 0, pushBias === 800);
      assert(gradient["value.bias"][0] !== 0);
    }
  }
});

Deno.test("with its sparse memory it is the same model, saturated or not", () => {
  const random = seededRandom("sparse");
  for (const kind of KINDS) {
    for (const bias of [0, -800, 800]) {
      const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
      if (shape.memory !== "none") {
        for (const suffix of portSuffixes(shape)) {
          parameters[`push${suffix}.bias`][0] += bias;
          parameters[`pop${suffix}.bias`][0] += random.shuffle([-800, 0, 800])[0];
        }
      }
      const batch = randomBatch(random, shape, [7, 1, 4]);
      const dense = batchLossAndGradient(shape, parameters, batch);
      const memory = sparseMemoryNamed(shape.memory);
      const sparse = batchLossAndGradient(shape, parameters, batch, memory);
      assertAlmostEquals(sparse.loss, dense.loss, 1e-12 * Math.abs(dense.loss));
      assertLess(distance(sparse.gradient, dense.gradient), 1e-11);
    }
  }
});

Deno.test("over 100 steps the literal and the sparse memory give the same gradient", () => {
  const random = seededRandom("long");
  for (const name of ["stack", "queue", "deque"] as const) {
    const shape = randomShape(random, { cell: "lstm", memory: name, layers: 1 });
    const parameters = randomParameters(random, shape);
    const batch = randomBatch(random, shape, [100]);
    const [literal, sparse] = [referenceMemory(name), sparseMemoryNamed(name)].map((memory) =>
      batchLossAndGradient(shape, parameters, batch, memory)
    );
    assertLess(distance(sparse.gradient, literal.gradient), 1e-10);
  }
});

Deno.test("nothing runs on parameters or on a batch that do not fit", () => {
  const random = seededRandom("refused");
  const shape = randomShape(random, { cell: "lstm", memory: "stack", layers: 1 });
  const parameters = randomParameters(random, shape), batch = randomBatch(random, shape, [2]);
  const run = (changed: Partial<SequenceBatch>) => () =>
    batchLossAndGradient(shape, parameters, { ...batch, ...changed });
  assertThrows(run({ strings: [] }), RangeError, "Cannot run the batch: wanted at least 1 string");
  const second = { inputs: [99], targets: [0] };
  assertThrows(
    run({ strings: [...batch.strings, second] }),
    RangeError,
    "in string 1, got 99 at 0",
  );
  assertThrows(run({ outputWeight: NaN }), RangeError, "wanted a finite outputWeight, got NaN");
  parameters["pop.bias"][0] = NaN;
  const message = "Cannot run the batch: wanted finite numbers in pop.bias, got NaN at 0";
  assertThrows(run({}), RangeError, message);
});
