import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { copyAsFloat64, initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { crossEntropy } from "@/network/cross_entropy.ts";
import { bitsOfNats, bitsOfSymbols, bitsPerSymbol, perplexityOf } from "@/text/text_score.ts";

const K = 5;
const sizes = { layers: 2, hidden: 6, embedding: 3, valueWidth: 0, symbols: K };
const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
const random = seededRandom("text score");
const parameters = initialParameters(shape, random);
for (const name in parameters) parameters[name] = parameters[name].map(Math.fround);
const text = range(41).map(() => random.integer(0, K));

/** The reference on one stream, from its initial state. */
function literalBits(stream: readonly number[]): number[] {
  const [inputs, targets] = [stream.slice(0, -1), stream.slice(1)];
  const { logits } = runSequence(shape, copyAsFloat64(parameters), { inputs, targets });
  return targets.map((target, t) => bitsOfNats(crossEntropy(logits[t], target)));
}

function assertBits(found: Float64Array, expected: readonly number[]): void {
  assertEquals(found.length, expected.length);
  found.forEach((bits, t) => assertAlmostEquals(bits, expected[t], 1e-5));
}

Deno.test("bits are the reference's cross-entropy, with the state carried from the first symbol on", () => {
  assertBits(bitsOfSymbols(createStepper(shape, parameters), K, text), literalBits(text));
});

Deno.test("streams are pieces of the text, each from the initial state; every symbol but the first counts once", () => {
  // 40 targets in 7 streams: six of 6 and one of 4.
  const expected = range(7).flatMap((b) => literalBits(text.slice(6 * b, 6 * b + 7)));
  assertEquals(expected.length, 40);
  const stepper = createStepper(shape, parameters);
  assertBits(bitsOfSymbols(stepper, K, text, { streams: 7 }), expected);
  assertAlmostEquals(
    bitsPerSymbol(stepper, K, text, { streams: 7 }),
    expected.reduce((sum, bits) => sum + bits) / 40,
    1e-5,
  );
});

Deno.test("streams may be so many that some have no target", () => {
  // 40 targets in 39 streams: two each, so 20 streams have all of them.
  const found = bitsOfSymbols(createStepper(shape, parameters), K, text, { streams: 39 });
  assertBits(found, range(20).flatMap((b) => literalBits(text.slice(2 * b, 2 * b + 3))));
});

Deno.test("large logits do not overflow, and a target that is practically impossible has its bits", () => {
  const network = { start() {}, step: () => Float32Array.of(2000, 0) };
  assertEquals(bitsOfSymbols(network, 2, [0, 0])[0], 0);
  assertAlmostEquals(bitsOfSymbols(network, 2, [0, 1])[0], 2000 / Math.LN2);
});

Deno.test("the share that is done rises to 1, and a callback that throws stops", () => {
  const stepper = createStepper(shape, parameters), shares: number[] = [];
  bitsOfSymbols(stepper, K, text, { streams: 4, onShareDone: (share) => void shares.push(share) });
  assertEquals(shares, range(10).map((t) => (t + 1) / 10));
  const stop = () => {
    throw new Error("stopped");
  };
  assertThrows(() => bitsOfSymbols(stepper, K, text, { onShareDone: stop }), Error, "stopped");
});

Deno.test("perplexity and bits: one of 2^b equally likely symbols", () => {
  const network = { start() {}, step: (read: Int32Array) => new Float32Array(8 * read.length) };
  const bits = bitsPerSymbol(network, 8, [0, 1, 2]);
  assertAlmostEquals(bits, 3, 1e-12);
  assertAlmostEquals(perplexityOf(bits), 8, 1e-12);
});

Deno.test("texts that are too short, too many streams and logits that are no numbers are refused", () => {
  const stepper = createStepper(shape, parameters);
  assertThrows(() => bitsOfSymbols(stepper, K, [0]), RangeError, "got 1 for 0 targets");
  for (const streams of [0, 3, 1.5]) {
    assertThrows(
      () => bitsOfSymbols(stepper, K, [0, 1, 2], { streams }),
      RangeError,
      `got ${streams} for 2`,
    );
  }
  const broken = { start() {}, step: () => Float32Array.of(NaN, 0) };
  assertThrows(() => bitsOfSymbols(broken, 2, [0, 1]), RangeError, "wanted finite logits");
  assert(bitsOfSymbols(stepper, K, [0, 1])[0] > 0);
});
