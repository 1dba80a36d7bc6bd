import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BASELINES_FILE,
  type BaselinesStatistics,
  scoreBaseline,
} from "@/studies/baselines_study.ts";
import { rounded } from "@/studies/learning_curves_study.ts";
import { UserError } from "@/io/user_error.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

const readable =
  Deno.permissions.querySync({ name: "read", path: BASELINES_FILE }).state === "granted";
const lengths = Array.from({ length: 16 }, (_, i) => 8 * (i + 1));

Deno.test("a network that reverses is right at all lengths, and what it learned from is known", () => {
  const files = new MemoryDisk(), all = { coarse: 1, fine: 1, publishedFine: 1 };
  saveTrainedModel(files, "a.safetensors", handMadeReverser(6), [["strings", "12"]]);
  assertEquals(scoreBaseline(files, "a.safetensors", 5), {
    layers: 1,
    hidden: 13,
    strings: 12,
    validation: all,
    test: all,
    byLength: lengths.map((length) => [length, 1] as const),
  });
});

Deno.test("one that stumbles is scored by both counts, and a file that is not there is named", () => {
  const files = new MemoryDisk();
  saveTrainedModel(files, "a.safetensors", handMadeReverser(6, 3), [["strings", "12"]]);
  const { validation, test, byLength } = scoreBaseline(files, "a.safetensors", 50);
  for (const { fine, publishedFine } of [validation, test]) {
    assert(fine < 0.5 && Math.abs(publishedFine - 5 / 6) < 0.02, `${fine}, ${publishedFine}`);
  }
  assert(byLength.every(([, places]) => Math.abs(places - 5 / 6) < 0.1));
  saveTrainedModel(files, "c.safetensors", handMadeReverser(6));
  assertThrows(() => scoreBaseline(files, "c.safetensors", 5), UserError, "training strings");
  assertThrows(() => scoreBaseline(files, "b.safetensors", 5), UserError, "b.safetensors");
  const { tensors, metadata } = loadWeights(files, "c.safetensors");
  files.writeBytes("d.safetensors", writeSafetensors(tensors, { metadata, checksum: false }));
  assertThrows(() => scoreBaseline(files, "d.safetensors", 5), UserError, "wanted a checksum");
});

Deno.test("scores are stored with six digits, counts with all", () => {
  assertEquals(JSON.stringify([1_564_928, 1 / 3, "a"], rounded), '[1564928,0.333333,"a"]');
});

Deno.test({
  name: "the stored baselines are an RNN and an LSTM of the paper's width, at each length",
  ignore: !readable,
  fn() {
    const table: BaselinesStatistics = JSON.parse(Deno.readTextFileSync(BASELINES_FILE));
    assertEquals(Object.keys(table), ["RNN", "LSTM"]);
    for (const { layers, hidden, validation, test, byLength } of Object.values(table)) {
      assertEquals([layers, hidden], [4, 256]);
      assertEquals(byLength.map(([characters]) => characters), lengths);
      assert(validation.fine > test.fine && validation.publishedFine > test.publishedFine);
    }
  },
});
