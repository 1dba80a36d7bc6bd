import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { VERSION } from "@/runs/environment.ts";
import { readResult, type RunResult, saveResult } from "@/runs/run_result.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

const CONFIG = { experiment: "walk", settings: { iterations: 9, seed: 3 } };
const SCORES = { purpose: "test", lengths: "8", strings: 4, exact: 3, coarse: 0.75, fine: 0.9 };
const RESULT: RunResult = {
  version: VERSION,
  ...CONFIG,
  success: true,
  iteration: 9,
  seconds: 1.5,
  metrics: { iteration: 9, error: 0.25 },
  summary: { strings: 90, recipe: {}, scores: [SCORES] },
  measures: { bits: 2.5 },
};

/** What is said of a result with some of its fields replaced. */
function faultOf(changes: Record<string, unknown>): string {
  const files = new MemoryDisk();
  saveResult(files, "a", { ...RESULT, ...changes } as RunResult);
  const { message } = assertThrows(() => readResult(files, "a", CONFIG), UserError);
  return message.split(", got ")[1];
}

Deno.test("a result is read back as it was saved, and one that is not there is none", () => {
  const files = new MemoryDisk();
  assertEquals(readResult(files, "a", CONFIG), undefined);
  for (
    const result of [RESULT, { ...RESULT, summary: undefined, metrics: null, diverged: "at 3" }]
  ) {
    saveResult(files, "a", result);
    assertEquals(readResult(files, "a", CONFIG), JSON.parse(JSON.stringify(result)));
  }
});

Deno.test("the result of another run, experiment or version is refused", () => {
  assertEquals(faultOf({ settings: { iterations: 9, seed: 4 } }), "one of seed 4");
  assertEquals(faultOf({ settings: { iterations: 8, seed: 3 } }), "one of other settings");
  assertEquals(faultOf({ settings: { seed: 3 } }), "one of other settings");
  assertEquals(faultOf({ experiment: "run" }), "one of the experiment run");
  assertEquals(faultOf({ version: "1.0.0" }), "one of version 1.0.0");
  assertEquals(faultOf({ version: undefined }), "one of version unknown");
});

Deno.test("a result that is damaged anywhere is refused, and the sentence says where", () => {
  const summary = (changes: object) => ({
    summary: { ...RESULT.summary, scores: [{ ...SCORES, ...changes }] },
  });
  const damages: readonly [field: string, changes: Record<string, unknown>][] = [
    ["success", { success: "true" }],
    ["success", { success: undefined }],
    ["iteration", { iteration: -1 }],
    ["iteration", { iteration: 2.5 }],
    ["seconds", { seconds: "1" }],
    ["seconds", { seconds: null }],
    ["metrics", { metrics: {} }],
    ["metrics", { metrics: undefined }],
    ["metrics", { metrics: { iteration: 9, error: null } }],
    ["metrics", { iteration: 1 }],
    ["diverged", { diverged: true }],
    ["measures", { measures: [1] }],
    ["measures", { measures: { bits: null } }],
    ["measures", { measures: 2 }],
    ["summary", { summary: {} }],
    ["summary", { summary: { ...RESULT.summary, scores: {} } }],
    ["summary", summary({ coarse: 0.5 })],
    ["summary", summary({ exact: 5, coarse: 1.25 })],
    ["summary", summary({ fine: 1.5 })],
    ["summary", summary({ lengths: 8 })],
    ["summary", summary({ strings: undefined })],
  ];
  for (const [field, changes] of damages) {
    const fault = faultOf(changes), start = `a damaged one (${field} is `;
    assertEquals(fault.slice(0, start.length), start, fault);
  }
});

Deno.test("a file that holds no result at all is refused, with what would help", () => {
  const files = new MemoryDisk();
  for (const text of ["", "{", "{}", "3", "null", "[]"]) {
    files.writeText("a/result.json", text);
    assertEquals(
      assertThrows(() => readResult(files, "a", CONFIG), UserError).message,
      `Cannot read a/result.json: wanted the result of this run and version ${VERSION} ` +
        "(or none: then it is resumed), got something else",
    );
  }
});
