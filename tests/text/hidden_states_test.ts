import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { activationsOf, readHiddenStates, unitName, unitsOf } from "@/text/hidden_states.ts";
import { followNetwork } from "@/tutorial/intervention.ts";

const sizes = { layers: 1, hidden: 5, embedding: 3, valueWidth: 0, symbols: 4 };
const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
const parameters = initialParameters(shape, seededRandom(1));
const text = [0, 3, 1, 1, 2, 0, 3];

Deno.test("the activations of an LSTM are those of the Float64 reference, after each symbol", () => {
  const states = readHiddenStates(createStepper(shape, parameters), text);
  const steps = followNetwork(shape, parameters, text);
  assertEquals(states.symbols, text.length);
  for (const unit of unitsOf(states)) {
    const activations = activationsOf(states, unit);
    steps.forEach((step, t) =>
      assertAlmostEquals(activations[t], step[unit.kind][unit.index], 1e-5)
    );
  }
});

Deno.test("an LSTM of two layers has h and c of both, a GRU h alone", () => {
  const unitsIn = (changes: Partial<SequenceModelShape>) => {
    const other = { ...shape, ...changes }, network = initialParameters(other, seededRandom(1));
    return unitsOf(readHiddenStates(createStepper(other, network), text)).map(unitName);
  };
  const two = unitsIn({ layers: 2, hidden: 2 });
  assertEquals(two.slice(0, 4), ["h 0", "h 1", "c 0", "c 1"]);
  assertEquals(two.slice(4), ["h 0", "h 1", "c 0", "c 1"].map((name) => `${name} of layer 2`));
  assertEquals(unitsIn({ cell: "gru", hidden: 2 }), ["h 0", "h 1"]);
});

Deno.test("a network reads from its initial state, whatever it has read before", () => {
  const network = createStepper(shape, parameters);
  const [first, second] = [readHiddenStates(network, text), readHiddenStates(network, text)];
  assertEquals(first, second);
});

Deno.test("an empty text and an unknown unit are refused", () => {
  const network = createStepper(shape, parameters), states = readHiddenStates(network, text);
  assertThrows(() => readHiddenStates(network, []), RangeError, "at least 1 symbol, got none");
  const unknown = { layer: 0, kind: "c", index: 5 } as const;
  assertThrows(() => activationsOf(states, unknown), RangeError, "got c 5");
});
