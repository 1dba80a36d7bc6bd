import { assertEquals, assertNotEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { MEMORY_NAMES, portsOf } from "@/memory/memories.ts";
import { drawBatch } from "@/training/batch.ts";
import { defaultSettings, trainingPlan } from "@/training/training_plan.ts";

Deno.test("noise is drawn for each step of each port", () => {
  for (const memory of MEMORY_NAMES) {
    const plan = trainingPlan({ ...defaultSettings(1), memory, symbols: 4 });
    const sources = { strings: seededRandom("strings"), noise: seededRandom("noise") };
    const phase = { anchorWeight: 0, rate: 1, phaseComplete: false };
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
