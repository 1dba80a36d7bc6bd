import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import {
  LSTM_IN_PYTORCH,
  TEXT_FILE,
  TEXT_STUDY,
  type TextPoint,
  textStudySettings,
  type TextTable,
  trainTextRecord,
} from "@/studies/text_study.ts";
import type { UnfinishedText } from "@/studies/text_points.ts";
import { textPlan } from "@/training/text_plan.ts";
import { textDisk, tinyTextSettings } from "../training/tiny_text.ts";

const plan = textPlan(tinyTextSettings({ unit: "bytes" }), textDisk());
const validation = { every: 1, most: 5, streams: 2 };

function record(from?: UnfinishedText<TextPoint>) {
  const kept: UnfinishedText<TextPoint>[] = [];
  const onPoint = (unfinished: UnfinishedText<TextPoint>) => void kept.push(unfinished);
  return { finished: trainTextRecord(plan, { from, onPoint, validation }), kept };
}

Deno.test("a run stopped at any point and resumed from a checkpoint has the same record", () => {
  const { finished, kept } = record();
  assertEquals(finished.points.length, kept.length);
  assertGreater(kept.length, 2);
  for (const unfinished of kept) {
    const saved = checkpointFromBytes<UnfinishedText<TextPoint>>(
      checkpointToBytes(unfinished),
      "run",
    );
    assertEquals(record(saved).finished, finished);
  }
});

Deno.test("the bits of a record are those of its best point, and each temperature has a sample", () => {
  const { points, bits, samples, seed } = record().finished;
  assertEquals(bits, Math.min(...points.map(([, bits]) => bits)));
  assertEquals(points.at(-1)![0], plan.updates * plan.streams.streams * plan.streams.truncation);
  assertEquals(Object.keys(samples), ["0", "1", "0.3", "0.7"]);
  assertEquals(new Set(Object.values(samples)).size, 4);
  assertEquals(seed, plan.settings.seed);
});

Deno.test("seeds that the study does not have are refused", async () => {
  const host = { terminal: { print() {}, note() {} } } as unknown as Parameters<
    typeof TEXT_STUDY.make
  >[1];
  const sentence = "wanted some of the seeds 1..3 for --seeds, got 7..9";
  await assertRejects(
    async () => await TEXT_STUDY.make("", host, { first: 7, last: 9 }),
    UserError,
    sentence,
  );
});

Deno.test({
  name: "the stored table has runs of the study's settings, each from its first seed on",
  ignore: Deno.permissions.querySync({ name: "read", path: TEXT_FILE }).state !== "granted",
  fn() {
    const table: TextTable = JSON.parse(Deno.readTextFileSync(TEXT_FILE));
    assertEquals(Object.keys(table), ["RNN", "GRU", "LSTM", LSTM_IN_PYTORCH]);
    for (const runs of Object.values(table)) {
      assertEquals(runs.map(({ seed }) => seed), runs.map((_, k) => k + 1));
      for (const { points, bits } of runs) {
        assertEquals(points.at(-1)![0], textStudySettings("rnn", 1).characters);
        assertEquals(bits, Math.min(...points.map(([, bits]) => bits)));
        assert(bits > 1 && bits < points[0][1]);
      }
    }
  },
});
