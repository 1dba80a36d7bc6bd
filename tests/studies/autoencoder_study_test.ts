import { assertEquals } from "@std/assert";
import { ABLATION, COMPARISON, runTrial, type Trial } from "@/studies/autoencoder_study.ts";

const FILE = "notebooks/data/autoencoder_statistics.json";
const readable = Deno.permissions.querySync({ name: "read", path: FILE }).state === "granted";

function table(): Record<"comparison" | "ablation", Record<string, Trial[]>> {
  return JSON.parse(Deno.readTextFileSync(FILE));
}

Deno.test({
  name: "the stored table has seeds 1 to 20 of every recipe that is compared, and of no other",
  ignore: !readable,
  fn() {
    for (const [part, cells] of [["ablation", ABLATION], ["comparison", COMPARISON]] as const) {
      const trials = table()[part];
      assertEquals(Object.keys(trials).sort(), cells.map(({ name }) => name).sort());
      for (const [name, rows] of Object.entries(trials)) {
        assertEquals(
          rows.map(({ seed }) => seed),
          Array.from({ length: 20 }, (_, k) => k + 1),
          name,
        );
      }
    }
  },
});

Deno.test({
  name: "a trial of the mended recipe, done again, is the stored one to the last digit",
  ignore: !readable,
  fn() {
    const [first] = table().ablation.nothing;
    assertEquals(runTrial(ABLATION[0].recipe, 1, ABLATION[0].most), first);
  },
});

Deno.test({
  name: "the mended recipe succeeds on 20 of 20 seeds",
  ignore: !readable,
  fn() {
    assertEquals(table().ablation.nothing.filter(({ success }) => success).length, 20);
  },
});
