/** `deno task train --architecture`, then `evaluate` and `answer`, with files in memory. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { answerCommand } from "@/cli/answer.ts";
import { evaluateCommand } from "@/cli/evaluate.ts";
import { trainCommand } from "@/cli/train.ts";
import { loadCheckpoint } from "@/runs/checkpoint.ts";
import type { Experiment } from "@/runs/run.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { timeless } from "../runs/timeless.ts";
import { tinyPairExperiment } from "../training/tiny_pairs.ts";
import { tinyTextExperiment } from "../training/tiny_text.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";
import { SMALL_TRAINING } from "./small_training.ts";

const EXPERIMENTS = [SMALL_TRAINING, tinyTextExperiment(), tinyPairExperiment()] as unknown[];
const SIZES = "--hidden 4 --embedding 2 --lengths 1..4 --strings 12 --batch 4 --seed 5".split(" ");
/** A reading of the clock between two updates. */
const BETWEEN = 6;

async function run(line: readonly string[], files: MemoryDisk, circumstances: Circumstances = {}) {
  const experiments = EXPERIMENTS as readonly Experiment[];
  const host = memoryHost({ ...circumstances, files, experiments });
  return { code: await trainCommand(line, host, experiments), host };
}

async function evaluate(line: readonly string[], files: MemoryDisk, stopAtReading?: number) {
  const host = memoryHost({ files, stopAtReading });
  return { code: await evaluateCommand(line, host), ...host };
}

async function answer(line: readonly string[], files: MemoryDisk) {
  const host = memoryHost({ files });
  const code = await answerCommand(line, {
    ...host,
    shipped: "none",
    inputIsTerminal: () => false,
    readInput: () => Promise.reject(new Error("nothing to read")),
  });
  return { code, ...host };
}

const LINES: readonly (readonly [line: string, title: string, text: string, label: string])[] = [
  [
    "--architecture encoder-decoder --task substitution --symbols 2 --cell rnn",
    "fixed substitution",
    "abba",
    "substitution-encoder-decoder",
  ],
  [
    "--architecture encoder-decoder --task copy --symbols 3 --reverse-source --bidirectional",
    "string copying",
    "cab",
    "copy-encoder-decoder-reversed-source-bidirectional",
  ],
  [
    "--architecture attention --symbols 2 --reverse-target --reverse-source --cell gru",
    "string reversal, target reversed",
    "aab",
    "reversal-attention-reversed-source-reversed-target",
  ],
  [
    "--architecture attention --attention dot-product --task gender --bidirectional --layers 2",
    "gender conjugation",
    "",
    "gender-attention-bidirectional",
  ],
];

for (const [line, title, text, label] of LINES) {
  Deno.test(`${line}: trains, stops, resumes as the whole run, evaluates and answers`, async () => {
    const words = [...line.split(" "), ...SIZES], folder = `.runs/${label}-seed5`;
    const whole = new MemoryDisk(), files = new MemoryDisk();
    const trained = await run(words, whole);
    assertEquals(trained.code, 0, trained.host.noted.join("\n"));
    assertEquals(trained.host.noted[0], `Training ${label} with seed 5 in ${folder}`);
    assertMatch(trained.host.printed[0], /^ +strings +length +coarse +fine$/);
    assertStringIncludes(whole.readText(`${folder}/report.html`), "<svg></svg>");
    const stopped = await run(words, files, { stopAtReading: BETWEEN });
    const { iteration } = loadCheckpoint(files, folder);
    assert(stopped.code === 130 && iteration > 0 && iteration < 3, `${iteration}`);
    const resumed = await run(["--resume", folder], files);
    assertEquals(resumed.code, 0, resumed.host.noted.join("\n"));
    assertEquals(timeless(files, folder), timeless(whole, folder));

    const scored = await evaluate([folder, "--lengths", "2..3", "--strings", "5", "--json"], files);
    assertEquals(scored.code, 0, scored.noted.join("\n"));
    assertStringIncludes(scored.printed[0], `${title}: 5 test strings of 2 to 3 `);
    assertMatch(scored.printed[3], /^strict +[01]\.\d{4} +[01]\.\d{4} +\d of 5$/);
    const { shape, coarse } = JSON.parse(scored.printed.at(-1)!);
    assertEquals([shape.hidden, coarse >= 0], [4, true]);
    if (text === "") return;
    const answered = await answer([text, "--run", folder], files);
    assertEquals([answered.code, answered.printed.length], [0, 1]);
    if (answered.noted.length > 0) {
      assertStringIncludes(answered.noted[0], `This answer is wrong (${title}): `);
    }
  });
}

Deno.test("a trained encoder–decoder's own scores are those of evaluate, and its answers are right", async () => {
  const line =
    "--architecture attention --task copy --symbols 2 --reverse-source --reverse-target " +
    "--hidden 16 --embedding 4 --lengths 1..3 --strings 16000 --batch 16 --learning-rate 0.01";
  const files = new MemoryDisk();
  const { code, host } = await run([...line.split(" "), "--run-folder", "a", "--json"], files);
  assertEquals(code, 0, host.noted.join("\n"));
  const { summary: { scores } } = JSON.parse(host.printed.at(-1)!);
  assertEquals([scores[0].purpose, scores[0].coarse], ["validation", 1]);
  const lengths = ["--lengths", "1..3", "--strings", "50"];
  const { printed } = await evaluate(["a", ...lengths, "--json"], files);
  assertEquals(JSON.parse(printed.at(-1)!).coarse, 1);
  const right = await answer(["abb", "--run", "a"], files);
  assertEquals([right.printed, right.noted], [["bba"], []]);
  // Another task with the same symbols, whose targets are reversed as well.
  const other = await evaluate(["a", ...lengths, "--task", "copy", "--json"], files);
  assertEquals(JSON.parse(other.printed.at(-1)!).coarse, 1);
  const mirrored = await evaluate(["a", ...lengths, "--task", "reversal", "--json"], files);
  assertStringIncludes(mirrored.printed[0], "string reversal, target reversed: 50 test strings");
  assert(JSON.parse(mirrored.printed.at(-1)!).coarse < 1);
});

Deno.test("many seeds have a table, and resume", async () => {
  const files = new MemoryDisk(), line = [...LINES[0][0].split(" "), ...SIZES.slice(0, -2)];
  const { code, host } = await run([...line, "--seeds", "1..2"], files);
  assertEquals(code, 0, host.noted.join("\n"));
  const resumed = await run(["--resume", `.runs/${LINES[0][3]}-seeds1-2`], files);
  assertEquals([resumed.code, resumed.host.printed.slice(0, 3)], [0, host.printed.slice(0, 3)]);
});

/** A line that is refused, and a part of its sentence. */
const REFUSED: readonly (readonly [line: string, message: string])[] = [
  [
    "--architecture transformer",
    'Cannot read --architecture: wanted encoder-decoder or attention, got "transformer"',
  ],
  [
    "--architecture attention --memory stack",
    "Cannot train encoder-decoder: wanted one of --task, --architecture, ",
  ],
  ["--architecture attention --recipe standard", "got --recipe"],
  ["--architecture encoder-decoder --ablate anchor", "got --ablate"],
  ["--architecture encoder-decoder --value-width 3", "got --value-width"],
  ["--architecture encoder-decoder --corpus moby-dick", "got --corpus"],
  [
    "--architecture encoder-decoder --attention additive",
    "Cannot train: wanted --architecture attention for --attention, got --architecture encoder-decoder",
  ],
  ["--architecture attention --task text", "Cannot read --task: wanted reversal, copy, "],
  [
    "--architecture attention --task odds-first",
    'gender-variant or substitution, got "odds-first"',
  ],
  [
    "--architecture attention --reverse-source=yes",
    'wanted --reverse-source without a value, got "yes"',
  ],
  ["--architecture attention --strings 3", "wanted --batch of at most --strings (3), got 64"],
  ["--architecture attention --lengths 20..5", "Cannot read --lengths: "],
  ["--architecture attention --cell gru --forget-bias 2", "wanted --cell lstm for --forget-bias"],
  ["--reverse-source", "Cannot train sequence: wanted one of --task, --memory, "],
  ["--task copy --bidirectional", "Cannot train sequence: "],
  ["--experiment sequence --architecture attention", "Cannot train sequence: "],
  ["--task none-such", 'dyck-2 or dyck-6, or text, got "none-such"'],
];

Deno.test("bad input is refused in one sentence with exit code 2, and nothing is written, also with many seeds", async () => {
  for (const [line, message] of REFUSED) {
    for (const seeds of [[], ["--seeds", "1..2"]]) {
      const files = new MemoryDisk(),
        { code, host } = await run([...line.split(" "), ...seeds], files);
      assertEquals([code, host.noted.length, host.printed], [2, 1, []], host.noted.join("\n"));
      assertMatch(host.noted[0], /^Cannot [^:\n]+: wanted [^\n]+, got [^\n]+$/);
      assertStringIncludes(host.noted[0], message);
      assertEquals(files.snapshot(), new MemoryDisk().snapshot());
    }
  }
});

Deno.test("a run is not resumed with other options, and its network has no memory to show", async () => {
  const files = new MemoryDisk(), line = [...LINES[2][0].split(" "), ...SIZES];
  await run([...line, "--run-folder", "a"], files, { stopAtReading: BETWEEN });
  const refusals: [line: string, message: string][] = [
    ["--hidden 5", "wanted --hidden as it was started with (4), got 5"],
    ["--architecture encoder-decoder", "wanted --architecture as it was started with (attention)"],
    ["--memory stack", "Cannot train encoder-decoder: wanted one of "],
  ];
  for (const [more, message] of refusals) {
    const { code, host } = await run(["--resume", "a", ...more.split(" ")], files);
    assertEquals([code, host.noted.length], [2, 1]);
    assertStringIncludes(host.noted[0], message);
  }
  assertEquals((await run(["--resume", "a", "--reverse-source"], files)).code, 0);
  const shown = await answer(["ab", "--run", "a", "--show"], files);
  assertEquals([shown.code, shown.noted], [2, [
    "Cannot show the memory: wanted a network that has one in a/best.safetensors, got one without",
  ]]);
  const unknown = await answer(["xyz", "--run", "a"], files);
  assertEquals(unknown.code, 2);
  assertStringIncludes(unknown.noted[0], 'got "x"');
  const other = await evaluate(["a", "--task", "gender"], files);
  assertStringIncludes(
    other.noted[0],
    "wanted --task with the symbols of string reversal, target reversed",
  );
  assertEquals((await evaluate(["a", "--corpus", "moby-dick"], files)).code, 2);
});

Deno.test("an evaluation is stopped", async () => {
  const files = new MemoryDisk();
  await run([...LINES[2][0].split(" "), ...SIZES, "--run-folder", "a"], files);
  const { code, noted } = await evaluate(["a", "--strings", "500", "--lengths", "9..20"], files, 5);
  assertEquals(code, 130);
  assertMatch(noted.at(-1)!, /^Stopped after \d+ of 500 strings; no scores$/);
});
