import { assertAlmostEquals, assertEquals } from "@std/assert";
import { recipeFor } from "@/training/recipes.ts";
import { scheduleAt } from "@/training/schedule.ts";

const sizes = { layers: 1, hidden: 64, embedding: 32, symbols: 131 };
const recipe = recipeFor("standard", { cell: "lstm", memory: "stack", valueWidth: 32, ...sizes });

function at(strings: number, noiseStart: number | null) {
  return scheduleAt(recipe, { strings, share: 0.05, noiseStart });
}

Deno.test("the anchor holds above its share of ln K, and comes back if the loss does", () => {
  const weights = [1, 0.71, 0.7, 0.1, 0.8].map((share) =>
    scheduleAt(recipe, { strings: 900, share, noiseStart: null }).anchorWeight
  );
  assertEquals(weights, [0.04, 0.04, 0, 0, 0.04]);
});

Deno.test("an anchor that has been released for good does not hold, whatever the loss", () => {
  const now = scheduleAt(recipe, { strings: 900, share: 1, noiseStart: null, released: true });
  assertEquals([now.anchorWeight, now.firstAnchorWeight], [0, 0]);
});

Deno.test("the first symbol's anchor is that of all symbols, or holds for a time of its own", () => {
  const weights = (memory: "stack" | "queue", share: number) => {
    const recipe = recipeFor("standard", { cell: "lstm", memory, valueWidth: 32, ...sizes });
    const now = scheduleAt(recipe, { strings: 900, share, noiseStart: null });
    return [now.anchorWeight, now.firstAnchorWeight];
  };
  const shares = [0.8, 0.72, 0.6, 0.09];
  const [stack, queue] = (["stack", "queue"] as const).map((memory) =>
    shares.map((share) => weights(memory, share))
  );
  assertEquals(stack, [[0.04, 0.04], [0.04, 0.04], [0, 0], [0, 0]]);
  assertEquals(queue, [[0.04, 1], [0, 1], [0, 1], [0, 0]]);
});

Deno.test("in the noise phase the noise grows evenly, the rate falls evenly, and then it is over", () => {
  const rate = 0.004, same = { anchorWeight: 0, firstAnchorWeight: 0, cellDecay: 0.5 };
  for (const strings of [0, 9000]) {
    const before = { ...same, deviation: 0, rate, phaseComplete: false };
    assertEquals(at(strings, null), before);
  }
  const [first, middle, last, after] = [4000, 5600, 7200, 8000].map((n) => at(n, 4000));
  assertEquals(first, { ...same, deviation: 1, rate, phaseComplete: false });
  assertEquals([middle.deviation, middle.phaseComplete], [1.5, false]);
  assertAlmostEquals(middle.rate, 0.55 * rate, 1e-12);
  assertEquals([last.deviation, last.phaseComplete], [2, true]);
  assertAlmostEquals(last.rate, 0.1 * rate, 1e-12);
  assertEquals(after, last);
});

Deno.test("a noise phase without a length lasts to the last whole batch, and the weight decay falls in it", () => {
  const shape = { cell: "lstm", memory: "queue", valueWidth: 32, ...sizes } as const;
  const annealed = { ...recipeFor("annealed", shape), strings: 1003 }; // 250 batches of 4, and 3 strings
  const at = (strings: number, noiseStart: number | null) =>
    scheduleAt(annealed, { strings, share: 0.01, noiseStart });
  const decays = [at(0, null), at(200, 200), at(600, 200), at(1000, 200)];
  assertEquals(decays.map(({ phaseComplete }) => phaseComplete), [false, false, false, true]);
  [0.5, 0.5, 0.5 * Math.sqrt(0.02), 0.01].forEach((decay, i) =>
    assertAlmostEquals(decays[i].cellDecay, decay, 1e-12)
  );
  assertAlmostEquals(decays[3].rate, 0.03 * 0.003, 1e-12);
  const late = at(1000, 1000); // the phase begins when the budget is spent
  assertEquals([late.phaseComplete, late.rate, late.cellDecay], [false, 0.003, 0.5]);
});

Deno.test("a rate that cools holds for half of the budget, then falls in equal ratios", () => {
  const alone = { cell: "lstm", memory: "none", valueWidth: 0, ...sizes } as const;
  const cooling = { ...recipeFor("no-memory", alone), finalRateShare: 0.01 };
  const rate = (spent: number) =>
    scheduleAt(cooling, { strings: 0, share: 1, noiseStart: null, spent }).rate;
  const whole = cooling.optimizer.rate;
  assertEquals([rate(0), rate(0.3), rate(0.5)], [whole, whole, whole]);
  assertAlmostEquals(rate(0.75), 0.1 * whole, 1e-12);
  assertAlmostEquals(rate(1), 0.01 * whole, 1e-12);
});

Deno.test("without a noise phase the last phase is over at any point, without one begun at none", () => {
  const alone = { cell: "lstm", memory: "none", valueWidth: 0, ...sizes } as const;
  for (const strings of [0, 9000]) {
    const progress = { strings, share: 0.05, noiseStart: null };
    const complete = [recipe, recipeFor("no-memory", alone)].map((recipe) =>
      scheduleAt(recipe, progress).phaseComplete
    );
    assertEquals(complete, [false, true]);
  }
});
