import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  CAPTION_FILE,
  CAPTION_ROWS,
  CAPTION_STUDY,
  captionStudySettings,
  type CaptionTable,
  trainCaptions,
} from "@/studies/caption_study.ts";
import { disk } from "@/io/disk.ts";
import { createCaptionerEngine } from "@/engine/captioner_engine.ts";
import { captionCommand } from "@/training/caption_plan.ts";
import { scoreTestImages } from "@/training/caption_run.ts";
import { WORD_ROLES } from "@/tasks/drawn_shapes.ts";
import { loadCaptioner } from "@/weights/caption_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TINY_CAPTION_SETS, tinyCaptionSettings } from "../training/tiny_captions.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

Deno.test("a training that was stopped after a validation has the record and the network of a whole one", () => {
  const settings = tinyCaptionSettings();
  const train = (files: MemoryDisk, note: (line: string) => void = () => {}) =>
    trainCaptions(settings, "network", files, note, TINY_CAPTION_SETS);
  const whole = new MemoryDisk(), stopped = new MemoryDisk(), record = train(whole);
  let notes = 0;
  const stop = () => {
    if (++notes === 2) throw new Error("stopped");
  };
  assertThrows(() => train(stopped, stop), Error, "stopped");
  assertEquals(stopped.kindOf("network"), "nothing");
  assertEquals(train(stopped), record);
  assertEquals(stopped.readBytes("network", 1e6), whole.readBytes("network", 1e6));
  assertEquals(record.points.map(([images]) => images), [8, 16, 20]);
  assertEquals([record.test.images, record.heldOut.images], [4, 4]);
});

Deno.test("seeds that the study does not have are refused", () => {
  const host = { terminal: {} } as Parameters<typeof CAPTION_STUDY.make>[1];
  assertThrows(
    () => CAPTION_STUDY.make("", host, { first: 6, last: 9 }),
    Error,
    "wanted some of the seeds 1..3 for --seeds, got 6..9",
  );
});

Deno.test({
  name: "the table has three seeds of each network, in order, and each has read its whole budget",
  ignore: !mayRead,
  fn() {
    const table: CaptionTable = JSON.parse(Deno.readTextFileSync(CAPTION_FILE));
    assertEquals(Object.keys(table), CAPTION_ROWS.map(({ name }) => name));
    for (const row of CAPTION_ROWS) {
      const records = table[row.name], { images } = captionStudySettings(row, 1);
      assertEquals(records.map(({ seed }) => seed), [1, 2, 3]);
      for (const { points, test, heldOut } of records) {
        assertEquals(points.at(-1)![0], images);
        assertEquals([test.images, heldOut.images], [1000, 1000]);
        assertEquals(test.looks !== undefined, row.architecture === "attention");
        if (!test.looks) continue;
        for (const role of WORD_ROLES) {
          assert(Math.abs(heldOut.looks![role] - test.looks[role]) < 0.02, `${role}`);
        }
      }
    }
  },
});

Deno.test({
  name: "each network is that of seed 1, and has its stored scores",
  ignore: !mayRead,
  fn() {
    const table: CaptionTable = JSON.parse(Deno.readTextFileSync(CAPTION_FILE));
    for (const row of CAPTION_ROWS) {
      if (row.network === undefined) continue;
      const { shape, parameters, metadata } = loadCaptioner(disk, row.network);
      assertEquals(metadata.get("command"), captionCommand(captionStudySettings(row, 1)));
      const engine = createCaptionerEngine(shape, { build: "strict" });
      engine.setParameters(parameters);
      const [first] = scoreTestImages(engine, 1, 1000), [{ test }] = table[row.name];
      assertEquals(first.scores.exact, test.exact);
      assert(Math.abs(first.scores.fine - test.prefix) < 1e-4);
    }
  },
});
