import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  memoryHeads,
  memoryHeadsBackward,
  type MemoryHeadsGradient,
  type MemoryHeadsStep,
  type MemoryHeadsWeights,
} from "@/network/memory_heads.ts";
import { numbers, vector, zerosLike } from "./random_numbers.ts";

function randomWeights(random: RandomSource, M: number, H: number): MemoryHeadsWeights {
  return {
    Wd: numbers(random, H),
    bd: numbers(random, 1),
    Wu: numbers(random, H),
    bu: numbers(random, 1),
    Wv: numbers(random, M * H),
    bv: numbers(random, M),
    Wo: numbers(random, M * H),
    bo: numbers(random, M),
  };
}

/** A number by each of the outputs, as the gradient by it. */
function asGradient(outputs: MemoryHeadsStep): MemoryHeadsGradient {
  const { pushSum, popSum, push, pop, value, output } = outputs;
  return {
    gPushSum: pushSum,
    gPopSum: popSum,
    gPush: push,
    gPop: pop,
    gValue: value,
    gOutput: output,
  };
}

Deno.test("by hand: noise moves the controls, but not their sums", () => {
  const one = (x: number) => new Float64Array([x]);
  // σ(ln 3) = 3/4, σ(−ln 3) = 1/4, tanh(ln 2) = 3/5, tanh(ln 3) = 4/5
  const [ln2, ln3] = [Math.log(2), Math.log(3)];
  const weights = {
    ...{ Wd: one(2), bd: one(-1), Wu: one(4), bu: one(-3) },
    ...{ Wv: one(2 * ln2), bv: one(0), Wo: one(0), bo: one(ln3) },
  };
  const step = memoryHeads(weights, [0.5], { push: ln3, pop: 1 - ln3 });
  assertEquals([step.pushSum, step.popSum], [0, -1]);
  assertAlmostEquals(step.push, 3 / 4, 1e-15);
  assertAlmostEquals(step.pop, 1 / 4, 1e-15);
  assertAlmostEquals(step.value[0], 3 / 5, 1e-15);
  assertAlmostEquals(step.output[0], 4 / 5, 1e-15);
});

Deno.test("saturated controls are exactly 0 and 1, and feel nothing but what is felt at their sums", () => {
  const random = seededRandom("saturated");
  for (const [push, pop] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const weights = randomWeights(random, 2, 3), gWeights = zerosLike(weights);
    weights.bd[0] = push === 1 ? 800 : -800;
    weights.bu[0] = pop === 1 ? 800 : -800;
    const oPrime = vector(random, 3), step = memoryHeads(weights, oPrime);
    assertEquals([step.push, step.pop], [push, pop]);
    const gStep = { gPushSum: 0, gPopSum: 7, gPush: 5, gPop: 5, gValue: [0, 0], gOutput: [0, 0] };
    const gOPrime = memoryHeadsBackward(weights, gWeights, oPrime, step, gStep);
    assertEquals([...gWeights.bd, ...gWeights.bu], [0, 7]);
    assertEquals(gOPrime, [...weights.Wu].map((w) => 7 * w));
  }
});

Deno.test("the heads' adjoint agrees with central differences, with noise and without", () => {
  const random = seededRandom("heads");
  for (let n = 0; n < 20; n++) {
    const [H, M] = [random.integer(1, 5), random.integer(1, 4)];
    const noise = n % 2 === 0 ? undefined : { push: random.normal(), pop: random.normal() };
    const { passed, kinks, summary } = checkGradient({
      name: `heads, H ${H}, M ${M}`,
      f: ({ weights, oPrime }) => memoryHeads(weights, oPrime, noise),
      adjoint: ({ weights, oPrime }, gStep) => {
        const gWeights = zerosLike(weights), step = memoryHeads(weights, oPrime, noise);
        const g = asGradient(gStep);
        return { gWeights, gOPrime: memoryHeadsBackward(weights, gWeights, oPrime, step, g) };
      },
      at: { weights: randomWeights(random, M, H), oPrime: vector(random, H) },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("the gradient by the weights adds up", () => {
  const random = seededRandom(3), weights = randomWeights(random, 2, 3);
  const oPrime = vector(random, 3), step = memoryHeads(weights, oPrime), g = asGradient(step);
  const [once, twice] = [zerosLike(weights), zerosLike(weights)];
  memoryHeadsBackward(weights, once, oPrime, step, g);
  for (let n = 0; n < 2; n++) memoryHeadsBackward(weights, twice, oPrime, step, g);
  for (const name of Object.keys(weights) as (keyof MemoryHeadsWeights)[]) {
    assert(once[name].every((g) => g !== 0));
    assertEquals(twice[name], once[name].map((g) => 2 * g));
  }
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = randomWeights(seededRandom(4), 2, 3), gWeights = zerosLike(weights);
  assertThrows(() => memoryHeads(weights, [1, 2]), TypeError, "wanted rows of 2 weights");
  const oPrime = [1, 2, 3], step = memoryHeads(weights, oPrime), g = asGradient(step);
  for (const [name, message] of [["gValue", "value"], ["gOutput", "output"]]) {
    assertThrows(
      () => memoryHeadsBackward(weights, gWeights, oPrime, step, { ...g, [name]: [1] }),
      TypeError,
      `Cannot reverse the heads: wanted 2 gradients of the ${message}, got 1`,
    );
  }
});
