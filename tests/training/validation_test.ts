import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
import { traceDecoding } from "@/training/decoding_trace.ts";
import { evaluateNetwork, type EvaluateSet } from "@/training/evaluation.ts";
import {
  atLeastAsGood,
  finalSets,
  type SetSize,
  sharpenGates,
  STANDARD_SETS,
  validate,
  type Validation,
  type ValidationRequest,
} from "@/training/validation.ts";
import { handMadeReverser } from "./hand_made_network.ts";
import { TINY_SETS } from "./tiny_training.ts";

const { shape, task, parameters } = handMadeReverser(2);
const REQUEST: ValidationRequest = {
  sets: TINY_SETS,
  task,
  lengths: { shortest: 1, longest: 4 },
  seed: 1,
  phaseComplete: true,
};

/** Validates a network, the hand-made one if left out. */
function validated(
  changes: Partial<ValidationRequest> = {},
  network = parameters,
  onProgress: (share: number) => void = () => {},
): Validation {
  const stepper = createStepper(shape, network);
  return validate(
    (set, onProgress) => evaluateNetwork(stepper, task, set, onProgress),
    { ...REQUEST, ...changes },
    onProgress,
  );
}

/** The validation of a network that is right on all that it is asked, no longer strings among it. */
const RIGHT = { coarse: 1, fine: 1, further: 0, done: false };

Deno.test("a network that is right on validation and longer strings is done, if its phase is over", () => {
  assertEquals(validated(), { ...RIGHT, further: 2, done: true });
  assertEquals(validated({ phaseComplete: false }), RIGHT);
});

Deno.test("a validation can be stopped at any step of the network; the next one finds the same", () => {
  const shares: number[] = [], stepper = createStepper(shape, parameters);
  const once = (onProgress: (share: number) => void) =>
    validate((set, listen) => evaluateNetwork(stepper, task, set, listen), REQUEST, onProgress);
  once((share) => shares.push(share));
  assertGreater(shares.length, 2 * 4 + 2 * 9); // every symbol of the longest strings is one
  assertEquals([shares, shares.at(-1)], [shares.toSorted((a, b) => a - b), 1]);
  for (let last = 1; last <= shares.length; last += 5) {
    let left = last;
    const stop = () => {
      if (--left === 0) throw new Error("enough");
    };
    assertThrows(() => once(stop), Error, "enough");
    assertEquals(once(() => {}), { ...RIGHT, further: 2, done: true });
  }
});

Deno.test("one mistake on a validation string or on a longer one, and it is not done", () => {
  const stumbling = handMadeReverser(2, 1).parameters, shares: number[] = []; // writes 0 for 1
  const found = validated({}, stumbling, (share) => shares.push(share));
  assertEquals([found.coarse < 1, found.done], [true, false]);
  assertGreater(0.6, shares.at(-1)!); // the longer ones are not evaluated any more
  const lengths = { shortest: 1, longest: 1 }, sets = { ...TINY_SETS, validated: 1 };
  const first = (seed: number) =>
    firstPairs(task, { strings: 1, seed, purpose: "validation", lengths })[0].source[0];
  const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((seed) => first(seed) === 0)!;
  const lucky = validated({ sets, lengths, seed }, stumbling);
  assertEquals([lucky.coarse, lucky.fine, lucky.done], [1, 1, false]);
  assertGreater(2, lucky.further);
});

Deno.test("longer strings are left alone until the last phase is over", () => {
  const stepper = createStepper(shape, parameters), lengths: number[] = [];
  const evaluate: EvaluateSet = (set, onProgress) => {
    lengths.push(set.lengths.longest);
    return evaluateNetwork(stepper, task, set, onProgress);
  };
  validate(evaluate, { ...REQUEST, phaseComplete: false }, () => {});
  assertEquals(lengths, [4]);
  validate(evaluate, REQUEST, () => {});
  assertEquals(lengths, [4, 4, 9]);
});

Deno.test("without longer sets, a network that is right on the validation strings is done", () => {
  assertEquals(validated({ sets: { ...TINY_SETS, further: () => [] } }).done, true);
  const stumbling = handMadeReverser(2, 1).parameters;
  assertEquals(validated({ sets: { ...TINY_SETS, further: () => [] } }, stumbling).done, false);
});

Deno.test("a network is better if it is done, then by exact matches, further strings, prefixes", () => {
  const ascending = [
    { coarse: 0, fine: 0, further: 0, done: false },
    { coarse: 0, fine: 0.5, further: 0, done: false },
    { coarse: 0.5, fine: 0.25, further: 0, done: false },
    { coarse: 0.5, fine: 0.2, further: 1, done: false },
    { coarse: 1, fine: 1, further: 0, done: false },
    { coarse: 1, fine: 1, further: 90, done: false },
    { coarse: 1, fine: 1, further: 89, done: true },
  ];
  ascending.forEach((later, i) =>
    ascending.forEach((earlier, j) =>
      assertEquals(atLeastAsGood(later, earlier), i >= j, `${i} ${j}`)
    )
  );
});

Deno.test("the sets are as documented: the final ones, and those that stop a training", () => {
  const { every, validated, further } = STANDARD_SETS;
  const paper = { lengths: { shortest: 8, longest: 64 }, task };
  assertEquals([every, validated], [400, 100]);
  const sizes = (sets: readonly SetSize[]) =>
    sets.map(({ strings, lengths: { shortest, longest } }) => [strings, shortest, longest]);
  assertEquals(sizes(further(paper)), [
    [100, 65, 128],
    [3000, 8, 64],
    [3000, 65, 128],
    [100, 1000, 1000],
    [10, 10_000, 10_000],
  ]);
  const final = finalSets(STANDARD_SETS, paper);
  assertEquals(sizes(final), [
    [1000, 8, 64],
    [1000, 65, 128],
    [100, 1000, 1000],
    [10, 10_000, 10_000],
  ]);
  assertEquals(final.map(({ purpose }) => purpose), ["validation", "test", "test", "test"]);
  const undo = undoFlipFlopTask(), benchmark = { lengths: undo.lengths.training, task: undo };
  assertEquals(sizes(further(benchmark)), [[100, 51, 100], [3000, 3, 50], [3000, 51, 100]]);
  assertEquals(sizes(finalSets(STANDARD_SETS, benchmark)), [
    [1000, 3, 50],
    [1000, 51, 500],
    [100, 1000, 1000],
    [10, 10_000, 10_000],
  ]);
});

Deno.test("sharpened gates decide as before, and are nearer to 0 and 1", () => {
  const soft = sharpenGates(parameters, 0.05), sharp = sharpenGates(soft, 2);
  const [before, after] = [soft, sharp].map((network) =>
    traceDecoding(createStepper(shape, network), task, task.pairOf!([0, 1, 1]))
  );
  assertEquals(before.answer, after.answer);
  for (const name of ["pushes", "pops"] as const) {
    after.ports[0][name].forEach((now, t) => {
      const then = before.ports[0][name][t], distance = (x: number) => Math.min(x, 1 - x);
      assertEquals(now > 0.5, then > 0.5);
      assert(distance(now) < distance(then) / 2, `${name} ${t}`);
    });
  }
});

Deno.test("sharpening multiplies the four tensors of the two gates, and leaves every other alone", () => {
  const biased = {
    ...parameters,
    "push.bias": Float32Array.of(2),
    "pop.bias": Float32Array.of(-1),
  };
  const sharp = sharpenGates(biased, 3);
  const changed = Object.keys(biased).filter((name) => sharp[name] !== biased[name as "push.bias"]);
  assertEquals(changed, ["push.weight", "push.bias", "pop.weight", "pop.bias"]);
  assertEquals([sharp["push.bias"][0], sharp["pop.bias"][0]], [6, -3]);
  assertEquals(sharp["pop.weight"], parameters["pop.weight"].map((weight) => 3 * weight));
  assertEquals(sharpenGates({ a: parameters["logits.bias"] }, 3), {
    a: parameters["logits.bias"],
  });
});

Deno.test("sharpening multiplies all three heads of a superposition stack's softmax", () => {
  const heads = ["push", "pop", "no_op", "value"].map((head) =>
    [`${head}.weight`, Float32Array.of(1)] as const
  );
  const sharp = Object.values(sharpenGates(Object.fromEntries(heads), 2));
  assertEquals(sharp.map(([weight]) => weight), [2, 2, 2, 1]);
});

Deno.test("sharpening multiplies the gates of both ends of a deque", () => {
  const { shape: { memory: _, ...sizes } } = handMadeReverser(3);
  const deque = initialParameters({ ...sizes, memory: "deque" }, seededRandom(1), { pushBias: 1 });
  const before = Object.fromEntries(
    Object.entries(deque).map(([name, numbers]) => [name, Float32Array.from(numbers)]),
  );
  const sharp = sharpenGates(before, 3);
  const changed = Object.keys(before).filter((name) => sharp[name] !== before[name]);
  const gates = ["top", "bottom"].flatMap((end) =>
    ["push", "pop"].flatMap((gate) => [`${gate}.${end}.weight`, `${gate}.${end}.bias`])
  );
  assertEquals(changed, gates);
  for (const name of gates) assertEquals(sharp[name], before[name].map((x) => 3 * x));
});
