import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { denoCommand } from "../cli/deno_process.ts";
import {
  checkedResult,
  failureSentence,
  installedSide,
  lossFault,
  rowOf,
} from "./peer_comparison.ts";
import type { SideResult } from "./peer_rounds.ts";
import { peerTask } from "./peer_task.ts";

const mayRun = await denoCommand() === Deno.execPath();

const OURS: SideResult = {
  title: "this engine",
  remark: "one thread",
  times: [90, 9, 4, 8, 5],
  losses: [4.88392, 4.87764],
};

function resultOf(fields: Partial<SideResult>): SideResult {
  return { title: "X", times: [900, 90, 40, 72, 60], losses: OURS.losses, ...fields };
}

Deno.test("a row has median and spread of the rounds after the warm-up, and ratios round by round", () => {
  assertEquals(rowOf(OURS, OURS), [
    ...["this engine (one thread)", "5.00", "4.00–8.00", "1.00", "3", "4.8839"],
  ]);
  // the median of 40/4, 72/8 and 60/5, not the ratio of the medians, 60/5
  assertEquals(rowOf(OURS, resultOf({})), ["X", "60.0", "40.0–72.0", "10.0", "3", "4.8839"]);
});

Deno.test("a side with time for the warm-up alone is measured by its last round, and its row says so", () => {
  const row = rowOf(OURS, resultOf({ times: [900, 50] }));
  assertEquals(row, ["X", "50.0", "50.0–50.0", "10.0", "warm-up", "4.8839"]);
});

Deno.test("a row says where no loss is told, and has no numbers where the side failed", () => {
  assertEquals(rowOf(OURS, resultOf({ losses: [] })).at(-1), "not told");
  const failed = rowOf(OURS, resultOf({ failure: "no gradient", remark: "slow" }));
  assertEquals(failed, ["X (slow)", "–", "–", "–", "–", "–"]);
});

Deno.test("the sentence about a side that failed names it and says why", () => {
  const failure = "ModuleNotFoundError: No module named 'y'";
  const failed = resultOf({ remark: "slow", failure, losses: [7] });
  const sentence = "Cannot train with X: ModuleNotFoundError: No module named 'y'";
  assertEquals(failureSentence(checkedResult(OURS, failed)), sentence);
});

Deno.test("another first loss is another network, and another fall of it another training", () => {
  const fault = (...losses: number[]) => lossFault(OURS.losses, losses) ?? "";
  assertEquals(fault(), ""); // nothing told
  assertEquals(fault(4.88399, 4.87771), "");
  assertEquals(fault(4.88392), ""); // one update made
  assertEquals(fault(4.8845, 4.8782), "wanted a first loss of 4.88392, got 4.88450");
  assertEquals(fault(4.88392, 4.88392), "wanted a loss that falls by 0.00628, got 0.00000");
  assertStringIncludes(fault(NaN, NaN), "got NaN");
  assertEquals(checkedResult(OURS, resultOf({ losses: [5, 4] })).failure, fault(5, 4));
  assertEquals(checkedResult(OURS, resultOf({})).failure, undefined);
});

Deno.test({
  name: mayRun
    ? "a library whose packages cannot be fetched does not open, and says why"
    : "a library whose packages cannot be fetched (left out: needs --allow-run of Deno)",
  ignore: !mayRun,
  async fn() {
    const side = await installedSide({ name: "x", title: "X", program: ["not_there.ts"] });
    const open = () => side.open(peerTask({ name: "tiny", hidden: 2 }));
    assertThrows(open, Error, "its packages cannot be fetched: Module not found");
  },
});
