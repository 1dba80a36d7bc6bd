import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  BinaryAdder,
  createAdder,
  isRight,
  publishedAdditionRun,
} from "@/tutorial/binary_adder.ts";
import {
  createAddition,
  drawAddition,
  fromBits,
  toBits,
  writeAddition,
} from "@/tutorial/binary_addition.ts";

/** An adder of `hidden` units after `iterations` sums of eight digits. */
function trained(
  { hidden = 16, iterations = 10_000, recurrence = "hidden" as "hidden" | "input", seed = 1 },
): BinaryAdder {
  const random = seededRandom(seed), addition = createAddition(8);
  const adder = createAdder({ hidden, bits: 8, recurrence }, random);
  for (let k = 0; k < iterations; k++) {
    drawAddition(addition, random);
    adder.learn(addition, 0.1);
  }
  return adder;
}

/** What an adder of eight digits takes a + b to be. */
function sum(adder: BinaryAdder, a: number, b: number): number {
  const addition = createAddition(8);
  writeAddition(addition, toBits(a, 8), toBits(b, 8));
  return fromBits(adder.add(addition));
}

Deno.test("the published run is reproduced: ten printed rows, to every digit", () => {
  const rows = [...publishedAdditionRun()].filter(({ iteration }) => iteration % 1000 === 0);
  assertEquals(
    rows.map(({ error, a, b, predicted }) => [String(Number(error.toFixed(8))), a, b, predicted]),
    [
      ["3.45638663", 9, 60, 1],
      ["3.63389116", 28, 35, 255],
      ["3.91366595", 116, 44, 72],
      ["3.72191702", 4, 73, 223],
      ["3.5852713", 71, 11, 8],
      ["2.53352328", 81, 113, 162],
      ["0.57691441", 81, 0, 81],
      ["1.42589952", 4, 125, 129],
      ["0.47477457", 39, 17, 56],
      ["0.21595037", 11, 3, 14],
    ],
  );
});

Deno.test("learning is one step down the gradient of half the squared error", () => {
  const random = seededRandom("step"), addition = createAddition(6);
  const adder = createAdder({ hidden: 3, bits: 8 }, random);
  drawAddition(addition, random);
  const { flat } = adder.network.weights, before = flat.slice();
  const loss = (i: number, shift: number) => {
    flat.set(before);
    flat[i] += shift;
    return adder.add(addition).reduce((l, y, t) => l + (y - addition.targets[t]) ** 2 / 2, 0);
  };
  const slopes = [...before.keys()].map((i) => (loss(i, 1e-5) - loss(i, -1e-5)) / 2e-5);
  flat.set(before);
  const answer = adder.add(addition).slice();
  const error = adder.learn(addition, 0.1);
  flat.forEach((w, i) => assertAlmostEquals(w, before[i] - 0.1 * slopes[i], 1e-10));
  assertAlmostEquals(
    error,
    answer.reduce((e, y, t) => e + Math.abs(y - addition.targets[t]), 0),
    1e-15,
  );
});

Deno.test("hidden recurrence learns to carry through a long chain; input recurrence cannot", () => {
  // From the third column on, 127 + 1 and 126 + 1 look the same through a window of two columns.
  const hidden = trained({ recurrence: "hidden" });
  assertEquals([sum(hidden, 127, 1), sum(hidden, 126, 1)], [128, 127]);
  const input = trained({ recurrence: "input" });
  const [carried, plain] = [sum(input, 127, 1), sum(input, 126, 1)];
  assertEquals(carried >> 2, plain >> 2);
  // It has learned what it can: each sum that carries nothing.
  const pairs = [[85, 42], [64, 32], [8, 3], [0, 0], [127, 0]];
  assertEquals(pairs.map(([a, b]) => sum(input, a, b)), pairs.map(([a, b]) => a + b));
});

Deno.test("what was learned on eight digits adds a thousand", () => {
  const adder = trained({}), random = seededRandom("longer"), addition = createAddition(1000);
  const longer = new BinaryAdder({ ...adder.design, bits: 1000 }, adder.network.weights);
  for (let k = 0; k < 5; k++) {
    drawAddition(addition, random);
    assert(isRight(longer.add(addition), addition));
  }
});

Deno.test("an answer is right only if every digit is", () => {
  const addition = createAddition(3);
  writeAddition(addition, [1, 0, 0], [1, 0, 0]);
  assert(isRight([0.4, 0.6, 0], addition));
  assert(!isRight([0.4, 0.6, 0.6], addition));
  assert(!isRight([0.6, 0.6, 0], addition));
});
