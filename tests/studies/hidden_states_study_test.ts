import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { disk } from "@/io/disk.ts";
import type { Files } from "@/io/files.ts";
import {
  HIDDEN_STATES_FILE,
  HIDDEN_STATES_ROWS,
  type HiddenStatesRow,
  trainHiddenStates,
  type UnitTable,
} from "@/studies/hidden_states_study.ts";
import { positionsInLine } from "@/text/labels.ts";
import { lineFit } from "@/text/unit_scores.ts";
import { textCommand, textPlan } from "@/training/text_plan.ts";
import { loadTextModel } from "@/weights/text_model.ts";
import { textDisk, TINY_VALIDATION, tinyTextSettings } from "../training/tiny_text.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const NETWORKS = HIDDEN_STATES_ROWS.flatMap(({ network }) => network ?? []);

/** A row whose training takes a moment. */
const row: HiddenStatesRow = {
  name: "tiny",
  settings: { ...tinyTextSettings({ cell: "lstm" }), build: "strict" },
  label: positionsInLine,
  score: lineFit,
  network: "tiny.safetensors",
};

const train = (files: Files, note: (line: string) => void = () => {}) =>
  trainHiddenStates(row, files, note, TINY_VALIDATION);

Deno.test("a training has a score at each validation, and its network is kept with its command", () => {
  const files = textDisk(), notes: string[] = [];
  const { untrained, points } = train(files, (line) => notes.push(line));
  const plan = textPlan(row.settings, textDisk());
  assertEquals(points.at(-1)![0], plan.updates * plan.streams.streams * plan.streams.truncation);
  assertEquals(notes.length, points.length);
  assert(points.length > 3);
  assert([untrained, ...points.map(([, , score]) => score)].every((score) => score <= 1));
  const { metadata, shape } = loadTextModel(files, "tiny.safetensors");
  assertEquals(shape, plan.shape);
  assertEquals(metadata.get("command"), textCommand(row.settings));
});

Deno.test("a training that was stopped goes on to the same record and the same network", () => {
  const files = textDisk(), whole = train(files);
  const stopped = textDisk();
  let lines = 0;
  const stop = () => {
    if (++lines === 2) throw new Error("stopped");
  };
  assertThrows(() => train(stopped, stop), Error, "stopped");
  assertEquals(train(stopped), whole);
  const bytes = [files, stopped].map((each) => each.readBytes("tiny.safetensors", 1e6));
  assertEquals(bytes[0], bytes[1]);
});

Deno.test({
  name: "each stored training has the settings of the study, and a network of its best point",
  ignore: !mayRead,
  fn() {
    const table: UnitTable = JSON.parse(Deno.readTextFileSync(HIDDEN_STATES_FILE));
    assertEquals(Object.keys(table), HIDDEN_STATES_ROWS.map(({ name }) => name));
    for (const { name, settings, network } of HIDDEN_STATES_ROWS) {
      const { points } = table[name];
      assertEquals(points.at(-1)![0], settings.characters, name);
      if (!network) continue;
      const { metadata } = loadTextModel(disk, network);
      assertEquals(JSON.parse(metadata.get("settings")!), settings);
      assertEquals(metadata.get("command"), textCommand(settings));
      const [best] = points.toSorted((a, b) => a[1] - b[1]);
      assertEquals(metadata.get("trained_on"), `${best[0]} characters`);
    }
  },
});

Deno.test({
  name: "the networks of the study are small: together below 1 MB",
  ignore: !mayRead,
  fn() {
    const sizes = NETWORKS.map((path) => Deno.statSync(path).size);
    assertLess(sizes.reduce((sum, size) => sum + size), 1e6);
  },
});
