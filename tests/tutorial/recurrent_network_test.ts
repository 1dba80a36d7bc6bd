import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  createRecurrentWeights,
  drawRecurrentWeights,
  type RecurrentDesign,
  RecurrentNetwork,
} from "@/tutorial/recurrent_network.ts";

function randomNumbers(random: RandomSource, length: number): Float64Array {
  return Float64Array.from({ length }, () => random.normal());
}

function randomDesign(random: RandomSource, recurrence: RecurrentDesign["recurrence"]) {
  const [inputs, hidden, outputs] = [0, 1, 2].map(() => random.integer(1, 5));
  return { inputs, hidden, outputs, recurrence, longest: 9 };
}

/** Runs a network with these weights, then backward, and returns outputs and gradient. */
function runWith(
  design: RecurrentDesign,
  flat: ArrayLike<number>,
  inputs: Float64Array,
  gOutputs?: ArrayLike<number>,
) {
  const network = new RecurrentNetwork(design, createRecurrentWeights(design));
  network.weights.flat.set(flat);
  network.forward(inputs, inputs.length / design.inputs);
  if (gOutputs) network.backward(Float64Array.from(gOutputs));
  return { outputs: [...network.outputs()], gFlat: [...network.gradient.flat] };
}

for (const recurrence of ["hidden", "input"] as const) {
  Deno.test(`backpropagation through time agrees with central differences: ${recurrence} recurrence`, () => {
    const random = seededRandom(recurrence);
    for (let k = 0; k < 60; k++) {
      const design = randomDesign(random, recurrence);
      const inputs = randomNumbers(random, random.integer(1, 10) * design.inputs);
      const check = checkGradient({
        name: `a network with ${recurrence} recurrence`,
        f: ({ flat }: { flat: number[] }) => runWith(design, flat, inputs).outputs,
        adjoint: ({ flat }, gOutputs) => runWith(design, flat, inputs, gOutputs),
        at: { flat: [...drawRecurrentWeights(design, random).flat] },
        random,
      });
      assert(check.passed, check.summary);
      assertEquals(check.kinks, 0);
    }
  });
}

Deno.test("by hand: two steps of one unit", () => {
  const design = { inputs: 1, hidden: 1, outputs: 1, recurrence: "hidden", longest: 2 } as const;
  const σ = (x: number) => 1 / (1 + Math.exp(-x));
  // W_x = 2, W_y = −1, W_h = 3; x = 1, 0.5. h_1 = σ(2), h_2 = σ(2 · 0.5 + 3 h_1), y = σ(−h).
  const h1 = σ(2), h2 = σ(1 + 3 * h1);
  const { outputs } = runWith(design, [2, -1, 3], new Float64Array([1, 0.5]));
  assertAlmostEquals(outputs[0], σ(-h1), 1e-15);
  assertAlmostEquals(outputs[1], σ(-h2), 1e-15);
});

Deno.test("with input recurrence, what is older than one step leaves no trace", () => {
  const random = seededRandom("forgetful");
  for (const recurrence of ["hidden", "input"] as const) {
    const design = { inputs: 2, hidden: 4, outputs: 1, recurrence, longest: 9 } as const;
    const { flat } = drawRecurrentWeights(design, random);
    const tail = [1, 0, 1, 0];
    const last = [[1, 1], [0, 1]].map((first) =>
      runWith(design, flat, new Float64Array([...first, ...tail])).outputs[2]
    );
    assertEquals(last[0] === last[1], recurrence === "input");
  }
});

Deno.test("gradients accumulate until a descent, which clears them", () => {
  const design = { inputs: 2, hidden: 3, outputs: 1, recurrence: "hidden", longest: 4 } as const;
  const random = seededRandom("accumulate");
  const network = new RecurrentNetwork(design, drawRecurrentWeights(design, random));
  const inputs = randomNumbers(random, 8), gOutputs = randomNumbers(random, 4);
  network.forward(inputs, 4);
  network.backward(gOutputs);
  const once = [...network.gradient.flat];
  assert(once.every((g) => g !== 0));
  network.backward(gOutputs);
  network.gradient.flat.forEach((g, i) => assertAlmostEquals(g, 2 * once[i], 1e-15));
  const before = [...network.weights.flat];
  network.descend(0.5);
  network.weights.flat.forEach((w, i) => assertAlmostEquals(w, before[i] - once[i], 1e-15));
  assert(network.gradient.flat.every((g) => g === 0));
});

Deno.test("a run knows nothing of the run before it, longer or not", () => {
  const design = { inputs: 1, hidden: 3, outputs: 2, recurrence: "hidden", longest: 6 } as const;
  const random = seededRandom("fresh");
  const network = new RecurrentNetwork(design, drawRecurrentWeights(design, random));
  const short = randomNumbers(random, 3), gOutputs = randomNumbers(random, 6);
  const fresh = runWith(design, network.weights.flat, short, gOutputs);
  network.forward(randomNumbers(random, 6), 6);
  network.backward(randomNumbers(random, 12));
  network.gradient.flat.fill(0);
  network.forward(short, 3);
  network.backward(gOutputs);
  assertEquals([...network.outputs()], fresh.outputs);
  assertEquals([...network.gradient.flat], fresh.gFlat);
});

Deno.test("lengths that do not fit are refused", () => {
  const design = { inputs: 2, hidden: 3, outputs: 1, recurrence: "hidden", longest: 4 } as const;
  const network = new RecurrentNetwork(design, createRecurrentWeights(design));
  assertThrows(
    () => network.forward(new Float64Array(10), 5),
    RangeError,
    "Cannot run the network: wanted 1 to 4 steps, got 5",
  );
  assertThrows(() => network.forward(new Float64Array(3), 2), TypeError, "wanted 4 inputs, got 3");
  network.forward(new Float64Array(4), 2);
  assertThrows(() => network.backward(new Float64Array(3)), TypeError, "wanted 2 gradients");
});
