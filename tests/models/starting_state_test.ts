import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import type { CellStates, SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import { checkString } from "@/models/sequence_checks.ts";
import { sequenceLoss } from "@/models/sequence_loss.ts";
import { runSequence } from "@/models/sequence_model.ts";
import type { SequenceParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { KINDS, randomBatch, randomParameters, randomShape } from "./random_sequences.ts";
import { asGradients, cutInTwo, randomStates, runSegments } from "./segments.ts";

const PLAIN = KINDS.filter(({ memory }) => memory === "none");

/** Σ over layers and units of g · x. */
function dot(states: CellStates, weights: CellStates): number {
  const numbers = (states: CellStates) =>
    states.flatMap(({ h, c }) => [...Array.from(h), ...Array.from(c ?? [])]);
  const w = numbers(weights);
  return numbers(states).reduce((sum, x, i) => sum + x * w[i], 0);
}

/** The loss of a batch, with what reads the final states: a sum of them with `readers` as weights. */
function lossWithReaders(
  shape: SequenceModelShape,
  parameters: SequenceParameters,
  batch: SequenceBatch,
  readers: readonly CellStates[],
): number {
  return batch.strings.reduce((L, string, i) => {
    const trace = runSequence(shape, parameters, string);
    return L + sequenceLoss(batch, string, trace) + dot(trace.final, readers[i]);
  }, 0);
}

for (const kind of PLAIN) {
  const what = `${kind.layers} ${kind.cell}`;
  Deno.test(`gradients by parameters and starting states agree with central differences: ${what}`, () => {
    const random = seededRandom(`starts ${what}`);
    for (let n = 0; n < 6; n++) {
      const shape = randomShape(random, kind), batch = randomBatch(random, shape, [4, 1, 3]);
      const [first, , last] = batch.strings.map(() => randomStates(random, shape));
      const readers = batch.strings.map(() => randomStates(random, shape));
      const withStarts = (first: CellStates, last: CellStates): SequenceBatch => ({
        ...batch,
        strings: batch.strings.map((string, i): SequenceString => {
          const start = [first, undefined, last][i], gFinal = asGradients(readers[i]);
          return { ...string, gFinal, ...(start && { start }) }; // the second has none
        }),
      });
      const { passed, kinks, summary } = checkGradient({
        name: JSON.stringify(shape),
        f: ({ parameters, first, last }) => [
          lossWithReaders(shape, parameters, withStarts(first, last), readers),
        ],
        adjoint: ({ parameters, first, last }, [gLoss]) => {
          const { gradient, gStart } = batchLossAndGradient(
            ...[shape, parameters, withStarts(first, last)] as const,
          );
          for (const name in gradient) gradient[name].forEach((g, i, gs) => gs[i] = gLoss * g);
          const scaled = (states: typeof gStart[number]) =>
            states.map(({ gH, gC }) => {
              const [h, c] = [gH, gC].map((gs) => gs.map((g) => gLoss * g));
              return shape.cell === "lstm" ? { gH: h, gC: c } : { gH: h };
            });
          return { gParameters: gradient, gFirst: scaled(gStart[0]), gLast: scaled(gStart[2]) };
        },
        at: {
          parameters: randomParameters(random, shape),
          first: first as { h: number[]; c?: number[] }[],
          last: last as { h: number[]; c?: number[] }[],
        },
        random,
      });
      assert(passed, summary);
      assertEquals(kinks, 0);
    }
  });
}

/** A batch, run by the reference. */
function runReference(shape: SequenceModelShape, parameters: SequenceParameters) {
  return (batch: SequenceBatch) => {
    const { gradient, ...rest } = batchLossAndGradient(shape, parameters, batch);
    return { ...rest, gradients: gradient };
  };
}

Deno.test("two segments, the second from where the first ended, are one string: loss, states and gradient", () => {
  const random = seededRandom("segments");
  for (const kind of PLAIN) {
    for (let n = 0; n < 10; n++) {
      const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
      const run = runReference(shape, parameters), whole = randomBatch(random, shape, [7, 2, 5]);
      const segments = cutInTwo(random, whole);
      const [full, truncated] = [false, true].map((detach) => runSegments(segments, detach, run));
      const { loss, gradients, final } = run(whole);
      assertAlmostEquals(full.loss, loss, 1e-13);
      assertEquals(full.final, final);
      for (const [name, gradient] of Object.entries(gradients)) {
        gradient.forEach((g, i) => assertAlmostEquals(full.gradients[name][i], g, 1e-12, name));
      }
      const h0 = "cells.0.h0"; // without what the second segment passes back
      assert(gradients[h0].some((g, i) => Math.abs(truncated.gradients[h0][i] - g) > 1e-9));
    }
  }
});

Deno.test("the trained start has no gradient from a string that starts elsewhere, and all of it from another", () => {
  const random = seededRandom("whose");
  for (const kind of PLAIN) {
    const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
    const { strings: [string], ...weights } = randomBatch(random, shape, [4]);
    const of = (...strings: SequenceString[]) =>
      batchLossAndGradient(shape, parameters, { ...weights, strings });
    const elsewhere = { ...string, start: randomStates(random, shape) };
    const names = Object.keys(parameters).filter((name) => /\.[hc]0$/.test(name));
    const [alone, moved, both] = [of(string), of(elsewhere), of(elsewhere, string)];
    for (const name of names) {
      const part = name.endsWith("h0") ? "gH" : "gC", l = Number(name.split(".")[1]);
      assertEquals(new Set(moved.gradient[name]), new Set([0]), name);
      assertEquals(both.gradient[name], alone.gradient[name], name);
      assertEquals([...alone.gradient[name]], alone.gStart[0][l][part], name);
    }
    assertEquals(both.gStart, [...moved.gStart, ...alone.gStart]);
  }
});

Deno.test("a string that starts from the trained state is the same as one that names it", () => {
  const random = seededRandom("named");
  for (const kind of PLAIN) {
    const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
    const { strings: [string] } = randomBatch(random, shape, [5]);
    const start = Array.from({ length: shape.layers }, (_, l) => {
      const [h, c] = [parameters[`cells.${l}.h0`], parameters[`cells.${l}.c0`]];
      return c ? { h, c } : { h };
    });
    const [plain, named] = [string, { ...string, start }].map((string) =>
      runSequence(shape, parameters, string)
    );
    assertEquals(named.logits, plain.logits);
    assertEquals(named.final, plain.final);
  }
});

Deno.test("states that do not fit are refused in one sentence", () => {
  const random = seededRandom("refused");
  const sizes = { layers: 2, hidden: 3, embedding: 2, valueWidth: 0, symbols: 4 };
  const shape = { cell: "lstm", memory: "none", ...sizes } as const;
  const refused = (
    changed: Partial<SequenceString>,
    message: string,
    changedShape: Partial<SequenceModelShape> = {},
    error: typeof TypeError | typeof RangeError = TypeError,
  ) => {
    const string = { inputs: [1], targets: [2], ...changed };
    const all = `Cannot train: wanted ${message}`;
    assertThrows(() => checkString("train", { ...shape, ...changedShape }, string, 5), error, all);
  };
  const start = randomStates(random, shape), gFinal = asGradients(start), [first, second] = start;
  checkString("train", shape, { inputs: [1], targets: [2], start, gFinal });
  const stack = { memory: "stack", valueWidth: 2 } as const;
  const ofMemory = "in string 5 with a memory (its contents are not carried), got one";
  refused({ start }, `no start ${ofMemory}`, stack);
  refused({ gFinal }, `no gFinal ${ofMemory}`, stack);
  refused({ start: [first] }, "2 layers of start in string 5, got 1");
  refused({ gFinal: gFinal.slice(1) }, "2 layers of gFinal in string 5, got 1");
  const h = "numbers in h of layer 1 of start in string 5";
  refused({ start: [first, { ...second, h: [1, 2] }] }, `3 ${h}, got 2`);
  const infinite = { start: [first, { ...second, h: [1, NaN, 2] }] };
  refused(infinite, `finite ${h}, got NaN at 1`, {}, RangeError);
  refused(
    { start: [{ h: first.h }, second] },
    "3 numbers in c of layer 0 of start in string 5, got 0",
  );
  for (const cell of ["rnn", "gru"] as const) {
    refused({ start }, "0 numbers in c of layer 0 of start in string 5, got 3", { cell });
    refused({ gFinal }, "0 numbers in c of layer 0 of gFinal in string 5, got 3", { cell });
  }
});
