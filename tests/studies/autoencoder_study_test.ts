import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  ABLATION,
  COMPARISON,
  previousSymbolAccuracy,
  runTrial,
  type Trial,
} from "@/studies/autoencoder_study.ts";
import { createParameters } from "@/tutorial/controller_parameters.ts";
import { FIXED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
import { RnnController } from "@/tutorial/rnn_controller.ts";

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

/** A controller by hand, whose values say the input symbol `delay` steps ago, 0 or 1. */
function delayedController(delay: 0 | 1): RnnController {
  const { design } = FIXED_AUTOENCODER, sizes = { ...design.sizes, hidden: 2, outputPrime: 2 };
  const parameters = createParameters(sizes), { Wx, Wh, Wp, Wv } = parameters;
  [Wx[2], Wx[3]] = [-1, 1]; // h_t[0] is −1 or 1 for the symbol read now
  Wh[2] = 1; // h_t[1] is that one step later
  Wp[delay] = 1; // o′_t[0] is one of them
  Wv[0] = 1;
  return new RnnController({ ...design, sizes }, parameters);
}

Deno.test("values that say the previous symbol tell it, those that say the current one do not", () => {
  const { task } = FIXED_AUTOENCODER;
  assertEquals(previousSymbolAccuracy(delayedController(1), task), 1);
  assertAlmostEquals(previousSymbolAccuracy(delayedController(0), task), 0.5, 0.05);
});
