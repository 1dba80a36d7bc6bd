import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { machinePrograms, type Outcome, type Programs } from "@/io/programs.ts";
import { UserError } from "@/io/user_error.ts";
import { mean } from "@/math/lists.ts";
import { trainInPyTorch } from "@/studies/text_in_pytorch.ts";
import { LSTM_IN_PYTORCH, TEXT_FILE, type TextTable } from "@/studies/text_study.ts";
import { type TextPlan, textPlan } from "@/training/text_plan.ts";
import { startTextRun } from "@/training/text_run.ts";
import { startTextTrainer } from "@/training/text_trainer.ts";
import type { TextSettings } from "@/training/text_options.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { missing } from "../pytorch/python.ts";
import { textDisk, tinyTextSettings } from "../training/tiny_text.ts";

const reason = missing(["torch", "numpy"], true);
const validation = { every: 200, most: 100, streams: 4 };

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: reason ? `${name} (left out: ${reason})` : name, ignore: !!reason, fn });
}

/** A plan with several passes over the text, and held-out streams of unequal length. */
function planOf(changes: Partial<TextSettings> = {}): TextPlan {
  const sizes = { hidden: 12, embedding: 6, batch: 8, truncate: 20, characters: 6400 };
  const text = textDisk(textDisk().readText("my.txt").repeat(2));
  const settings = { ...sizes, learningRate: 0.02, heldOut: 0.45, ...changes };
  return textPlan(tinyTextSettings(settings), text);
}

/** The points of a training of ours. */
function trainOurs(plan: TextPlan): (readonly [symbols: number, bits: number])[] {
  const run = startTextRun(plan, validation), points: [number, number][] = [];
  for (let last: unknown = null; !run.finished;) {
    run.advance(1);
    const { symbols, validation: bits } = run.metrics();
    if (bits !== last) points.push([Number(symbols), Number(last = bits)]);
  }
  run.close?.();
  return points;
}

test("from equal parameters PyTorch's whole training has the points of ours", () =>
  inScratchFolder(async (folder) => {
    const changes = { layers: 2, clip: 0.1, forgetBias: 2 }, plan = planOf(changes);
    const ours = trainOurs(plan), request = `${folder}/request.json`;
    assert(plan.updates > 2 * plan.streams.updatesPerPass && ours.length > 20);
    const parameters = startTextTrainer(plan).parameters();
    const training = { files: disk, programs: machinePrograms, request, validation, parameters };
    const theirs = await trainInPyTorch(plan, training);
    assertEquals(theirs.map(([symbols]) => symbols), ours.map(([symbols]) => symbols));
    theirs.forEach(([, bits], n) => assertAlmostEquals(bits, ours[n][1], 1e-4));
    assert(ours.at(-1)![1] < ours[0][1] - 1);
    assertEquals(disk.list(folder), []);
  }));

Deno.test("what PyTorch is missing for is said in one sentence, and the request is removed", async () => {
  const answering = (outcome?: Outcome): Pick<Programs, "run"> => ({
    run: () => Promise.resolve(outcome),
  });
  const failed = {
    code: 1,
    printed: "",
    noted: "Traceback\nModuleNotFoundError: No module named 'torch'",
  };
  for (
    const [outcome, got] of [
      [undefined, "no python3"],
      [failed, "ModuleNotFoundError: No module named 'torch'"],
    ] as const
  ) {
    const files = new MemoryDisk(), request = "request.json";
    const training = { files, programs: answering(outcome), request };
    const sentence =
      `Cannot train in PyTorch: wanted a python3 that has torch and numpy, got ${got}`;
    const error = await assertRejects(() => trainInPyTorch(planOf(), training), UserError);
    assertEquals([error.message, files.kindOf(request)], [sentence, "nothing"]);
  }
});

Deno.test("only an LSTM whose state is carried is trained in PyTorch", async () => {
  const programs = { run: () => Promise.resolve(undefined) };
  const training = { files: new MemoryDisk(), programs, request: "request.json" };
  for (
    const [changes, got] of [[{ cell: "gru" }, "gru, state carried"], [
      { resetState: true },
      "lstm, state reset",
    ]] as const
  ) {
    await assertRejects(() => trainInPyTorch(planOf(changes), training), TypeError, got);
  }
});

Deno.test({
  name:
    "the stored LSTM needs as many bits as PyTorch's to within 0.05, with each seed and on average",
  ignore: Deno.permissions.querySync({ name: "read", path: TEXT_FILE }).state !== "granted",
  fn() {
    const table: TextTable = JSON.parse(Deno.readTextFileSync(TEXT_FILE));
    const [ours, theirs] = ["LSTM", LSTM_IN_PYTORCH].map((name) =>
      table[name].map(({ bits }) => bits)
    );
    assertEquals([ours.length, theirs.length], [3, 3]);
    ours.forEach((bits, k) => assertAlmostEquals(bits, theirs[k], 0.05));
    assertAlmostEquals(mean(ours), mean(theirs), 0.05);
  },
});
