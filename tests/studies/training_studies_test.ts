import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { TRAINING_OPTIONS, trainingPlan, type TrainingSettings } from "@/training/plan.ts";
import { RECIPE_PARTS } from "@/training/recipe.ts";
import { REVERSAL_STUDIES } from "@/cli/training_studies.ts";

const DEFAULTS = {
  ...Object.fromEntries(
    Object.entries(TRAINING_OPTIONS).map(([name, option]) => [name, option.default]),
  ),
  seed: 1,
} as TrainingSettings;

Deno.test("every study is a plan, and each another one", () => {
  const plans = REVERSAL_STUDIES.map(({ changes }) => {
    for (const [name, value] of Object.entries(changes)) {
      assert(TRAINING_OPTIONS[name as keyof typeof TRAINING_OPTIONS].accepts(value), name);
    }
    const { settings: _, ...plan } = trainingPlan({ ...DEFAULTS, ...changes });
    return JSON.stringify(plan);
  });
  assertEquals(new Set(plans).size, plans.length);
  assertEquals(new Set(REVERSAL_STUDIES.map(({ name }) => name)).size, plans.length);
});

Deno.test("the recipe is tried from 100 seeds, each of its ingredients left out from 30, none used for tuning", () => {
  const [standard] = REVERSAL_STUDIES;
  assertEquals(standard, { name: "standard", changes: {}, seeds: { first: 1, last: 100 } });
  for (const without of RECIPE_PARTS) {
    const study = REVERSAL_STUDIES.find(({ changes }) => changes.without === without);
    assertEquals(study?.seeds, { first: 1, last: 30 });
  }
  for (const { seeds: { last } } of REVERSAL_STUDIES) assert(last < 1001);
  assertNotEquals(REVERSAL_STUDIES.length, 0);
});
