import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { checkGradient, flatten } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  memoryHeads,
  memoryHeadsBackward,
  type MemoryHeadsGradient,
  type MemoryHeadsStep,
  type MemoryHeadsWeights,
  type PortHeadsGradient,
  type PortHeadsWeights,
} from "@/network/memory_heads.ts";
import { numbers, vector, zerosLike } from "./random_numbers.ts";

function randomWeights(random: RandomSource, P: number, M: number, H: number): MemoryHeadsWeights {
  const ports = Array.from({ length: P }, (): PortHeadsWeights => ({
    Wd: numbers(random, H),
    bd: numbers(random, 1),
    Wu: numbers(random, H),
    bu: numbers(random, 1),
    Wv: numbers(random, M * H),
    bv: numbers(random, M),
  }));
  return { ports, Wo: numbers(random, M * H), bo: numbers(random, M) };
}

/** The same heads with one for a no-op at each port. */
function withNoOp(random: RandomSource, weights: MemoryHeadsWeights): MemoryHeadsWeights {
  const ports = weights.ports.map((port) => {
    return { ...port, Wn: numbers(random, port.Wd.length), bn: numbers(random, 1) };
  });
  return { ...weights, ports };
}

function zerosLikeHeads({ ports, Wo, bo }: MemoryHeadsWeights): MemoryHeadsWeights {
  return { ports: ports.map(zerosLike), ...zerosLike({ Wo, bo }) };
}

/** A number by each of the outputs, as the gradient by it. */
function asGradient({ ports, output }: MemoryHeadsStep): MemoryHeadsGradient {
  return {
    ports: ports.map(({ pushSum, popSum, push, pop, value }): PortHeadsGradient => ({
      gPushSum: pushSum,
      gPopSum: popSum,
      gPush: push,
      gPop: pop,
      gValue: value,
    })),
    gOutput: output,
  };
}

Deno.test("by hand: noise moves the controls, but not their sums", () => {
  const one = (x: number) => new Float64Array([x]);
  // σ(ln 3) = 3/4, σ(−ln 3) = 1/4, tanh(ln 2) = 3/5, tanh(ln 3) = 4/5
  const [ln2, ln3] = [Math.log(2), Math.log(3)];
  const port = {
    ...{ Wd: one(2), bd: one(-1), Wu: one(4), bu: one(-3) },
    ...{ Wv: one(2 * ln2), bv: one(0) },
  };
  const weights = { ports: [port, port], Wo: one(0), bo: one(ln3) };
  const noise = [{ push: 0, pop: 1 }, { push: ln3, pop: 1 - ln3 }];
  const { ports: [quiet, noisy], output } = memoryHeads(weights, [0.5], noise);
  assertEquals([quiet.push, quiet.pop], [1 / 2, 1 / 2]);
  assertEquals([noisy.pushSum, noisy.popSum], [0, -1]);
  assertAlmostEquals(noisy.push, 3 / 4, 1e-15);
  assertAlmostEquals(noisy.pop, 1 / 4, 1e-15);
  assertAlmostEquals(noisy.value[0], 3 / 5, 1e-15);
  assertAlmostEquals(output[0], 4 / 5, 1e-15);
});

Deno.test("by hand: with a no-op, push and pop are two of a softmax's three, after the noise", () => {
  const one = (x: number) => new Float64Array([x]), zero = one(0), { log } = Math;
  const port = { Wd: zero, bd: one(log(2)), Wu: zero, bu: zero, Wn: one(2), bn: one(log(3) - 1) };
  const weights = { ports: [{ ...port, Wv: zero, bv: zero }], Wo: zero, bo: zero };
  const [quiet, noisy] = [[{ push: 0, pop: 0 }], [{ push: 0, pop: log(5) }]].map((noise) =>
    memoryHeads(weights, [0.5], noise).ports[0]
  );
  assertAlmostEquals(quiet.push, 2 / 6, 1e-15); // 2 : 1 : 3
  assertAlmostEquals(quiet.pop, 1 / 6, 1e-15);
  assertAlmostEquals(noisy.push, 2 / 10, 1e-15); // 2 : 5 : 3
  assertAlmostEquals(noisy.pop, 5 / 10, 1e-15);
  assertEquals([noisy.pushSum, noisy.popSum], [log(2), 0]);
});

Deno.test("saturated controls are exactly 0 and 1, and feel nothing but what is felt at their sums", () => {
  const random = seededRandom("saturated");
  for (const [push, pop] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
    const weights = randomWeights(random, 1, 2, 3), gWeights = zerosLikeHeads(weights);
    const [port] = weights.ports, [gPort] = gWeights.ports;
    port.bd[0] = push === 1 ? 800 : -800;
    port.bu[0] = pop === 1 ? 800 : -800;
    const oPrime = vector(random, 3), step = memoryHeads(weights, oPrime);
    assertEquals([step.ports[0].push, step.ports[0].pop], [push, pop]);
    const gPortStep = { gPushSum: 0, gPopSum: 7, gPush: 5, gPop: 5, gValue: [0, 0] };
    const gStep = { ports: [gPortStep], gOutput: [0, 0] };
    const gOPrime = memoryHeadsBackward(weights, gWeights, oPrime, step, gStep);
    assertEquals([...gPort.bd, ...gPort.bu], [0, 7]);
    assertEquals(gOPrime, [...port.Wu].map((w) => 7 * w));
  }
});

Deno.test("the heads' adjoint agrees with central differences, with noise and without", () => {
  const random = seededRandom("heads");
  for (let n = 0; n < 40; n++) {
    const [H, M, P] = [random.integer(1, 5), random.integer(1, 4), random.integer(1, 3)];
    const draw = () => ({ push: random.normal(), pop: random.normal() });
    const noise = n % 2 === 0 ? undefined : Array.from({ length: P }, draw);
    const { passed, kinks, summary } = checkGradient({
      name: `heads, P ${P}, H ${H}, M ${M}`,
      f: ({ weights, oPrime }) => memoryHeads(weights, oPrime, noise),
      adjoint: ({ weights, oPrime }, gStep) => {
        const gWeights = zerosLikeHeads(weights), step = memoryHeads(weights, oPrime, noise);
        const g = asGradient(gStep);
        return { gWeights, gOPrime: memoryHeadsBackward(weights, gWeights, oPrime, step, g) };
      },
      at: {
        weights: n % 4 < 2
          ? randomWeights(random, P, M, H)
          : withNoOp(random, randomWeights(random, P, M, H)),
        oPrime: vector(random, H),
      },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("the gradient by the weights adds up", () => {
  const random = seededRandom(3), weights = withNoOp(random, randomWeights(random, 2, 2, 3));
  const oPrime = vector(random, 3), step = memoryHeads(weights, oPrime), g = asGradient(step);
  const [once, twice] = [zerosLikeHeads(weights), zerosLikeHeads(weights)];
  memoryHeadsBackward(weights, once, oPrime, step, g);
  for (let n = 0; n < 2; n++) memoryHeadsBackward(weights, twice, oPrime, step, g);
  assert(flatten(once).every((g) => g !== 0));
  assertEquals(flatten(twice), flatten(once).map((g) => 2 * g));
});

Deno.test("shapes that do not fit are refused", () => {
  const weights = randomWeights(seededRandom(4), 1, 2, 3), gWeights = zerosLikeHeads(weights);
  assertThrows(() => memoryHeads(weights, [1, 2]), TypeError, "wanted rows of 2 weights");
  const oPrime = [1, 2, 3], step = memoryHeads(weights, oPrime), g = asGradient(step);
  const refused = (gStep: MemoryHeadsGradient, name: string) =>
    assertThrows(
      () => memoryHeadsBackward(weights, gWeights, oPrime, step, gStep),
      TypeError,
      `Cannot reverse the heads: wanted 2 gradients of the ${name}, got 1`,
    );
  refused({ ...g, gOutput: [1] }, "output");
  refused({ ...g, ports: [{ ...g.ports[0], gValue: [1] }] }, "value");
});
