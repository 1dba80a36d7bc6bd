/** `deno task train --task captions`, then `evaluate` and `caption`, with files in memory. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { captionCommand } from "@/cli/caption.ts";
import { evaluateCommand } from "@/cli/evaluate.ts";
import { trainCommand } from "@/cli/train.ts";
import { loadCheckpoint } from "@/runs/checkpoint.ts";
import type { Experiment } from "@/runs/run.ts";
import { saveTrainedModel } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { timeless } from "../runs/timeless.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { tinyCaptionExperiment } from "../training/tiny_captions.ts";
import { tinyPairExperiment } from "../training/tiny_pairs.ts";
import { tinyTextExperiment } from "../training/tiny_text.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";
import { SMALL_TRAINING } from "./small_training.ts";

const EXPERIMENTS = [
  SMALL_TRAINING,
  tinyTextExperiment(),
  tinyPairExperiment(),
  tinyCaptionExperiment(),
] as unknown[];
const SIZES = "--hidden 4 --embedding 2 --images 12 --batch 4 --seed 5".split(" ");

async function run(line: readonly string[], files: MemoryDisk, circumstances: Circumstances = {}) {
  const experiments = EXPERIMENTS as readonly Experiment[];
  const host = memoryHost({ ...circumstances, files, experiments });
  return { code: await trainCommand(line, host, experiments), host };
}

async function evaluate(line: readonly string[], files: MemoryDisk) {
  const host = memoryHost({ files });
  return { code: await evaluateCommand(line, host), ...host };
}

async function caption(line: readonly string[], files: MemoryDisk) {
  const host = memoryHost({ files });
  return { code: await captionCommand(line, host), ...host };
}

for (const architecture of ["attention", "encoder-decoder"]) {
  Deno.test(`captions, ${architecture}: trains, stops, resumes as the whole run, evaluates and writes`, async () => {
    const words = ["--task", "captions", "--architecture", architecture, ...SIZES];
    const folder = `.runs/captions-${architecture}-seed5`;
    const whole = new MemoryDisk(), files = new MemoryDisk();
    const trained = await run(words, whole);
    assertEquals(trained.code, 0, trained.host.noted.join("\n"));
    assertEquals(
      trained.host.noted[0],
      `Training captions-${architecture} with seed 5 in ${folder}`,
    );
    assertMatch(trained.host.printed[0], /^ +images +length +coarse +fine$/);
    const stopped = await run(words, files, { stopAtReading: 6 });
    const { iteration } = loadCheckpoint(files, folder);
    assert(stopped.code === 130 && iteration > 0 && iteration < 3, `${iteration}`);
    const resumed = await run(["--resume", folder], files);
    assertEquals(resumed.code, 0, resumed.host.noted.join("\n"));
    assertEquals(timeless(files, folder), timeless(whole, folder));

    const scored = await evaluate([folder, "--images", "3", "--seed", "2", "--json"], files);
    assertEquals(scored.code, 0, scored.noted.join("\n"));
    assertEquals(scored.printed[0], "captions: 3 test images of each kind, seed 2");
    assertMatch(scored.printed[3], /^test +3 +7\.\.15 +0\.0000 +[01]\.\d{4}$/);
    const { task, sets } = JSON.parse(scored.printed.at(-1)!);
    assertEquals([task, sets.length], ["captions", 2]);

    const written = await caption([folder, "--image", "2", "--held-out", "--show"], files);
    assertEquals(written.code, 0);
    assertMatch(
      written.printed.slice(0, 3).join("\n"),
      /(red|green|blue) (circle|square|triangle)/,
    );
    assertStringIncludes(written.noted[0], "This caption is wrong from word");
    const table = written.printed.slice(6);
    if (architecture === "attention") assertMatch(table[1], /^\S+( +[01]\.\d\d){9}$/);
    else assertStringIncludes(table[0], "no attention");
  });
}

Deno.test("--task captions needs no architecture, and an architecture without it is that of strings", async () => {
  const files = new MemoryDisk();
  const own = await run(["--task", "captions", ...SIZES], files);
  assertEquals(own.host.noted[0].split(" ")[1], "captions-attention");
  const strings = "--architecture attention --task copy --symbols 2 --hidden 4 --embedding 2 " +
    "--lengths 1..4 --strings 12 --batch 4";
  const other = await run(strings.split(" "), files);
  assertEquals(other.host.noted[0].split(" ")[1], "copy-attention");
});

Deno.test("bad input has one sentence, and nothing is written", async () => {
  const refused: readonly (readonly [string, string])[] = [
    ["--task captions --strings 8", "got --strings"],
    ["--task captions --images 3 --batch 4", "wanted --images of at least --batch 4, got 3"],
    ["--task captions --architecture encoder-decoder --attention-width 4", "for --attention-width"],
    ["--task caption", 'or captions, got "caption"'],
  ];
  for (const [line, message] of refused) {
    const files = new MemoryDisk(), { code, host } = await run(line.split(" "), files);
    assertEquals([code, host.noted.length, files.list(".").length], [2, 1, 0], line);
    assertStringIncludes(host.noted[0], message);
  }
  const files = new MemoryDisk();
  saveTrainedModel(files, "strings", handMadeReverser(6));
  await run(["--task", "captions", ...SIZES, "--run-folder", "run"], files);
  for (
    const [line, message] of [
      [
        "run --lengths 3..4",
        "wanted a network for a task on strings for --lengths, got one for images",
      ],
      ["run --corpus x", "wanted a network for text for --corpus, got one for images"],
      [
        "strings --images 3",
        "wanted a network for images for --images, got one for string reversal",
      ],
    ]
  ) {
    const { code, noted } = await evaluate(line.split(" "), files);
    assertEquals([code, noted.length], [2, 1]);
    assertStringIncludes(noted[0], message);
  }
  for (
    const [line, message] of [
      ["strings", 'wanted architecture "captioner" in its metadata'],
      ["run --image 0", "Cannot read --image: wanted"],
      ["nothing", "Cannot use nothing: wanted a run folder"],
    ]
  ) {
    const { code, noted } = await caption(line.split(" "), files);
    assertEquals([code, noted.length], [2, 1]);
    assertStringIncludes(noted[0], message);
  }
});
