import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { crossEntropy } from "@/network/cross_entropy.ts";
import { runSequence, sequenceBackward } from "@/models/sequence_model.ts";
import { sequenceLoss } from "@/models/sequence_loss.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import { randomParameters, randomShape, randomString, steeredString } from "./random_sequences.ts";

const sizes = { layers: 1, hidden: 2, embedding: 2, valueWidth: 2, symbols: 4 };
const shape = { cell: "rnn", memory: "stack", ...sizes } as const;

Deno.test("by hand: each part of the loss by itself, and nothing where the target is −1", () => {
  // All 0 but the biases of the heads: every symbol has a probability of 1/4 at every readout.
  const parameters = zeroParameters(shape), ln4 = Math.log(4);
  parameters["push.bias"][0] = 3;
  parameters["pop.bias"][0] = -2;
  const string = { inputs: [0, 1, 2], targets: [-1, 0, 3], valueTargets: [-1, -1, 1] };
  const trace = runSequence(shape, parameters, string);
  const loss = (weights: object) => sequenceLoss({ outputWeight: 0, ...weights }, string, trace);
  assertEquals(loss({}), 0);
  assertAlmostEquals(loss({ outputWeight: 10 }), 20 * ln4, 1e-14);
  assertAlmostEquals(loss({ valueWeight: 10 }), 10 * ln4, 1e-14);
  assertEquals(loss({ anchorWeight: 2 }), 2 * 3 * (9 + 4));
  assertEquals(loss({ anchorWeight: 2, anchorPush: 1 }), 2 * 3 * (4 + 4));
  assertEquals(loss({ anchorWeight: 2, anchorPop: -1 }), 2 * 3 * (9 + 1));
  assertEquals(loss({ anchorPush: 1, anchorPop: -1 }), 0);
});

Deno.test("a value also names the symbol before its own, through weights of its own", () => {
  const naming = { ...shape, namesPrevious: true };
  const parameters = zeroParameters(naming);
  parameters["previous.bias"].set([0, 0, 0, Math.log(5)]); // 3 has a probability of 5/8
  const string = { inputs: [3, 0, 1, 2], targets: [-1, -1, -1, 0], valueTargets: [3, 0, 1, -1] };
  const trace = runSequence(naming, parameters, string);
  // 0 comes after 3, 1 after 0; nothing comes before the first
  const loss = sequenceLoss({ outputWeight: 0, previousWeight: 10 }, string, trace);
  assertAlmostEquals(loss, 10 * (Math.log(8 / 5) + Math.log(8)), 1e-13);
  const without = { ...string, valueTargets: [-1, -1, -1, -1] };
  assertEquals(sequenceLoss({ outputWeight: 0, previousWeight: 10 }, without, trace), 0);
});

Deno.test("the anchor holds the sums without noise", () => {
  const parameters = zeroParameters(shape);
  const string = { inputs: [0], targets: [-1], pushNoise: [5], popNoise: [-5] };
  const trace = runSequence(shape, parameters, string);
  assertEquals(sequenceLoss({ outputWeight: 1, anchorWeight: 1 }, string, trace), 0);
  assertAlmostEquals(trace.ports[0].pushes[0], 1 / (1 + Math.exp(-5)), 1e-15);
  assertAlmostEquals(trace.ports[0].pops[0], 1 / (1 + Math.exp(5)), 1e-15);
});

Deno.test("a value is heard through the weights of the output's readout", () => {
  const random = seededRandom("value");
  const parameters = randomParameters(random, shape);
  for (const tensor of ["weight", "bias"]) {
    parameters[`value.${tensor}`].set(parameters[`output.${tensor}`]); // so that v_t = o_t
  }
  const string = { ...randomString(random, shape, 3), valueTargets: [1, -1, 2] };
  const trace = runSequence(shape, parameters, string);
  const loss = sequenceLoss({ outputWeight: 0, valueWeight: 1 }, string, trace);
  assertEquals(loss, crossEntropy(trace.logits[0], 1) + crossEntropy(trace.logits[2], 2));
});

Deno.test("a string's gradient is added to what is there already", () => {
  const random = seededRandom("added");
  const shape = randomShape(random, { cell: "lstm", memory: "stack", layers: 2 });
  const parameters = randomParameters(random, shape), string = steeredString(random, shape, 4);
  const weights = { outputWeight: 1, valueWeight: 2, anchorWeight: 3 };
  const run = { parameters, string, weights, trace: runSequence(shape, parameters, string) };
  const [once, twice] = [zeroParameters(shape), zeroParameters(shape)];
  sequenceBackward(shape, run, once);
  for (let n = 0; n < 2; n++) sequenceBackward(shape, run, twice);
  for (const name in once) {
    twice[name].forEach((g, i) => assertAlmostEquals(g, 2 * once[name][i], 1e-13));
  }
});

Deno.test("what does not belong together is refused", () => {
  const random = seededRandom("refused"), parameters = randomParameters(random, shape);
  const string = randomString(random, shape, 3), weights = { outputWeight: 1 };
  const trace = runSequence(shape, parameters, randomString(random, shape, 2));
  const message = "wanted 3 steps in the trace, got 2";
  assertThrows(
    () => sequenceLoss(weights, string, trace),
    TypeError,
    `Cannot add up the loss: ${message}`,
  );
  const run = { parameters, string, weights, trace }, gradient = zeroParameters(shape);
  assertThrows(
    () => sequenceBackward(shape, run, gradient),
    TypeError,
    `Cannot reverse the model: ${message}`,
  );
  const refused = (changed: object, error: typeof TypeError | typeof RangeError, message: string) =>
    assertThrows(
      () => sequenceBackward(shape, { ...run, ...changed }, gradient),
      error,
      `Cannot reverse the model: wanted ${message}`,
    );
  refused({ parameters: {} }, TypeError, "a tensor embedding.weight, got none");
  refused({ weights: { outputWeight: NaN } }, RangeError, "a finite outputWeight, got NaN");
  refused({ string: { ...string, targets: [] } }, TypeError, "3 targets in string 0");
  assertThrows(() => sequenceBackward(shape, run, {}), TypeError, "a tensor embedding.weight");
});
