import { assert, assertEquals } from "@std/assert";
import {
  STUDIES_FILE,
  TRAINING_STUDIES,
  type TrainingStatistics,
} from "@/studies/reversal_study.ts";
import { defaultSettings, TRAINING_OPTIONS } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { RECIPE_PARTS } from "@/training/ablation.ts";

Deno.test("every study is a plan, and each another one", () => {
  const plans = TRAINING_STUDIES.map(({ changes }) => {
    for (const [name, value] of Object.entries(changes)) {
      assert(TRAINING_OPTIONS[name as keyof typeof TRAINING_OPTIONS].accepts(value), name);
    }
    const { settings: _, ...plan } = trainingPlan({ ...defaultSettings(1), ...changes });
    assertEquals(plan.task.name, "reversal");
    return JSON.stringify(plan);
  });
  assertEquals(new Set(plans).size, plans.length);
  assertEquals(new Set(TRAINING_STUDIES.map(({ name }) => name)).size, plans.length);
});

Deno.test("the recipe has 100 seeds, and without each of its parts 30; none was used for tuning", () => {
  const [standard] = TRAINING_STUDIES;
  assertEquals(standard, { name: "standard", changes: {}, seeds: { first: 1, last: 100 } });
  for (const part of RECIPE_PARTS) {
    const study = TRAINING_STUDIES.find(({ changes }) => changes.ablate === part);
    assertEquals(study?.seeds, { first: 1, last: 30 });
  }
  for (const { seeds: { last } } of TRAINING_STUDIES) assert(last < 1001);
});

const readable =
  Deno.permissions.querySync({ name: "read", path: STUDIES_FILE }).state === "granted";

Deno.test({
  name: "the stored table has every study with its settings, and a record for each seed",
  ignore: !readable,
  fn() {
    const table: TrainingStatistics = JSON.parse(Deno.readTextFileSync(STUDIES_FILE));
    for (const { name, changes, seeds: { first, last } } of TRAINING_STUDIES) {
      assertEquals(table[name].changes, changes, name);
      const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);
      assertEquals(table[name].seeds.map(({ seed }) => seed), seeds, name);
    }
  },
});
