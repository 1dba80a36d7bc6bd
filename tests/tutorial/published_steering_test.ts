import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  ALL_BUGS_FIXED,
  publishedSteeringGradient,
  publishedSteeringRun,
  type SteeringBackwardBugs,
  type SteeringIteration,
} from "@/tutorial/published_steering.ts";
import { oneHotSteps, steeringGradient, type SteeringWeights } from "@/tutorial/steered_stack.ts";
import { type ValueReversal, valueReversal } from "@/tutorial/value_reversal.ts";

const printed = (errors: number[]) => errors.map((error) => String(Number(error.toFixed(8))));

function lastOf(iterations: Iterable<SteeringIteration>): SteeringIteration {
  return [...iterations].at(-1)!;
}

/** Mean loss over the last 50 of 500 iterations. */
function finalLoss(settings: Parameters<typeof publishedSteeringRun>[0]): number {
  let sum = 0;
  for (const { iteration, loss } of publishedSteeringRun({ ...settings, iterations: 500 })) {
    if (iteration >= 450) sum += loss;
  }
  return sum / 50;
}

Deno.test("the published run is reproduced to every printed digit, first print and last", () => {
  const prints = [...publishedSteeringRun()].filter(({ iteration }) => iteration % 100 === 0);
  assertEquals(prints.length, 100);
  assertEquals(printed(prints[0].errors), ["-0.79249511", "-0.19810149", "-0.14038694"]);
  assertEquals(prints[99].iteration, 9900);
  assertEquals(printed(prints[99].errors), ["-0.00174623", "0.0023387", "-0.00084291"]);
});

Deno.test("each slip leaves its mark on the digits: no other run gives them", () => {
  const published = printed(lastOf(publishedSteeringRun({ iterations: 1001 })).errors);
  const mends: SteeringBackwardBugs[] = [
    { gates: "strict" },
    { slope: "own" },
    { bias: "sum" },
    ALL_BUGS_FIXED,
  ];
  for (const mend of mends) {
    const gradient = (task: ValueReversal, weights: SteeringWeights, oPrimes: number[][]) =>
      publishedSteeringGradient(task, weights, oPrimes, mend);
    const { errors } = lastOf(publishedSteeringRun({ gradient, iterations: 1001 }));
    printed(errors).forEach((digits, i) => assertNotEquals(digits, published[i]));
  }
});

Deno.test("with all slips mended the run is that of the exact gradient", () => {
  const mended = (task: ValueReversal, weights: SteeringWeights, oPrimes: number[][]) =>
    publishedSteeringGradient(task, weights, oPrimes, ALL_BUGS_FIXED);
  const a = lastOf(publishedSteeringRun({ gradient: mended, iterations: 3000 }));
  const b = lastOf(publishedSteeringRun({ gradient: steeringGradient, iterations: 3000 }));
  a.weights.popWeights.forEach((w, i) => assertAlmostEquals(w, b.weights.popWeights[i], 1e-9));
  a.weights.pushWeights.forEach((w, i) => assertAlmostEquals(w, b.weights.pushWeights[i], 1e-9));
  assertAlmostEquals(a.weights.popBias, b.weights.popBias, 1e-9);
  assertAlmostEquals(a.weights.pushBias, b.weights.pushBias, 1e-9);
});

Deno.test("each slip spoils what it is said to spoil", () => {
  const random = seededRandom("slips");
  const column = () => Array.from({ length: 6 }, () => random.normal(0, 0.2));
  const task = valueReversal([[0.3], [0.9], [0.6]]);
  const weights = { popWeights: column(), popBias: -1, pushWeights: column(), pushBias: 0 };
  const look = (slips: SteeringBackwardBugs) =>
    publishedSteeringGradient(task, weights, oneHotSteps(6), slips);
  const exact = steeringGradient(task, weights, oneHotSteps(6));
  assertEquals(look(ALL_BUGS_FIXED).gPushes, exact.gPushes);
  assertNotEquals(look({ ...ALL_BUGS_FIXED, gates: "open" }).gPops, exact.gPops);
  const first = look({ ...ALL_BUGS_FIXED, slope: "first" });
  const { pushes: [d] } = exact.trace;
  first.gPushWeights.forEach((g, t) =>
    assertAlmostEquals(g, exact.gPushes[t] * d * (1 - d), 1e-15)
  );
  assertNotEquals(first.gPushWeights[2], exact.gPushWeights[2]);
  const mean = look({ ...ALL_BUGS_FIXED, bias: "mean" });
  assertEquals(mean.gPushWeights, exact.gPushWeights);
  assertAlmostEquals(mean.gPushBias, exact.gPushBias / 6, 1e-15);
});

Deno.test("the right run learns on every seed if it starts inside the trainable region, and not otherwise", () => {
  const dead = (popBias: number) => {
    let count = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const loss = finalLoss({ seed, popBias, gradient: steeringGradient });
      assert(loss < 0.1 || loss > 0.4, `seed ${seed} is neither alive nor dead: ${loss}`);
      if (loss > 0.4) count++;
    }
    return count;
  };
  assertEquals(dead(-2), 0);
  assertEquals(dead(0), 4);
});

Deno.test("an iteration reports the errors, the loss and the weights that belong together", () => {
  const [first, second] = publishedSteeringRun({ iterations: 2 });
  const squares = first.errors.reduce((sum, error) => sum + error ** 2 / 2, 0);
  assertAlmostEquals(first.loss, squares, 1e-15);
  assertEquals([first.iteration, second.iteration], [0, 1]);
  assertEquals(first.weights.pushBias, 0);
  assertNotEquals(second.weights.pushBias, 0);
  assert(first.weights.popWeights.every((w) => Math.abs(w + 0.2) < 1));
});
