import { assertEquals, assertNotEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { MEMORY_NAMES, portsOf } from "@/memory/memories.ts";
import { drawBatch } from "@/training/batch.ts";
import { defaultSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";

Deno.test("noise is drawn for each step of each port", () => {
  for (const memory of MEMORY_NAMES) {
    const plan = trainingPlan({ ...defaultSettings(1), memory, symbols: 4 });
    const sources = { strings: seededRandom("strings"), noise: seededRandom("noise") };
    const phase = { anchorWeight: 0, firstAnchorWeight: 0 };
    const [noisy, plain] = [2, 0].map((deviation) =>
      drawBatch(plan, { shortest: 3, longest: 5 }, { ...phase, deviation }, sources).strings
    );
    for (const { inputs: { length: T }, pushNoise, popNoise } of noisy) {
      assertEquals([pushNoise?.length, popNoise?.length], [
        portsOf(memory) * T,
        portsOf(memory) * T,
      ]);
      if (portsOf(memory) > 1) assertNotEquals(pushNoise?.slice(0, T), pushNoise?.slice(T));
    }
    assertEquals(plain.every(({ pushNoise, popNoise }) => !pushNoise && !popNoise), true);
  }
});

Deno.test("each part of the loss is a mean over the batch", () => {
  const plan = trainingPlan({ ...defaultSettings(1), memory: "queue", symbols: 4 });
  const hinge = { weight: 6, bound: -4 };
  const recipe = { ...plan.recipe, batch: 2, previousWeight: 3, hinge };
  const sources = { strings: seededRandom("strings"), noise: seededRandom("noise") };
  const phase = { anchorWeight: 5, firstAnchorWeight: 7, deviation: 0 };
  const batch = drawBatch({ ...plan, recipe }, { shortest: 3, longest: 3 }, phase, sources);
  // start, three characters, separator, and the same three, twice; the start is before the first character
  const { outputWeight, valueWeight, previousWeight, anchorWeight, hingeWeight } = batch;
  assertEquals([outputWeight, valueWeight, previousWeight], [1 / 8, 1 / 6, 3 / 6]);
  assertEquals([anchorWeight, batch.firstAnchorWeight, hingeWeight], [5 / 16, 7 / 16, 6 / 16]);
  assertEquals(batch.hingeBound, -4);
  assertEquals(batch.anchors, plan.recipe.anchor?.ports);
});
