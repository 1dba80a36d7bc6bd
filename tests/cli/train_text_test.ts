/** `deno task train --task text`, with files in memory. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sampleCommand } from "@/cli/sample.ts";
import { trainCommand } from "@/cli/train.ts";
import { loadCheckpoint } from "@/runs/checkpoint.ts";
import type { Experiment } from "@/runs/run.ts";
import type { MemoryDisk } from "../io/memory_disk.ts";
import { timeless } from "../runs/timeless.ts";
import { textDisk, tinyTextExperiment } from "../training/tiny_text.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";
import { SMALL_TRAINING } from "./small_training.ts";

const SIZES = "--hidden 4 --embedding 2 --batch 3 --truncate 5 --characters 90".split(" ");
/** Two updates of a small text, and a validation. */
const LINE = ["--task", "text", "--corpus", "my.txt", ...SIZES];
/** A reading of the clock between two updates. */
const BETWEEN = 6;

async function run(line: readonly string[], files: MemoryDisk, circumstances: Circumstances = {}) {
  const experiments = [SMALL_TRAINING, tinyTextExperiment(files) as unknown as Experiment];
  const host = memoryHost({ ...circumstances, files, experiments });
  return { code: await trainCommand(line, host, experiments), host };
}

for (const cell of ["lstm", "gru", "rnn"]) {
  for (const state of ["carried", "reset"]) {
    Deno.test(`text, ${cell}, state ${state}: trains, stops, resumes as the whole run, and writes`, async () => {
      const line = [
        ...LINE,
        "--cell",
        cell,
        ...(state === "reset" ? ["--reset-state"] : []),
        "--run-folder",
        "a",
      ];
      const whole = textDisk(), files = textDisk();
      const trained = await run(line, whole);
      assertEquals(trained.code, 0, trained.host.noted.join("\n"));
      const stopped = await run(line, files, { stopAtReading: BETWEEN });
      const { iteration } = loadCheckpoint(files, "a");
      assert(stopped.code === 130 && iteration > 0 && iteration < 6, `${iteration}`);
      const resumed = await run(["--resume", "a"], files);
      assertEquals(resumed.code, 0, resumed.host.noted.join("\n"));
      assertEquals(timeless(files, "a"), timeless(whole, "a"));
      const host = memoryHost({ files });
      assertEquals(await sampleCommand(["a", "--length", "7", "--prompt", "a "], host), 0);
      assertEquals([host.printed.length, [...host.printed[0]].length], [1, 9]);
    });
  }
}

Deno.test("the command says how many characters it has trained on, and what it needs for held-out ones", async () => {
  const files = textDisk(), { host } = await run([...LINE, "--json"], files);
  assertEquals(host.noted[0], "Training text-my-lstm with seed 1 in .runs/text-my-lstm-seed1");
  assertMatch(
    host.printed[0],
    /^the last 273 characters of my.txt +bits per character +perplexity$/,
  );
  assertMatch(
    host.printed.at(-3)!,
    /^(Succeeded|Did not succeed): 90 characters in .*, training bits \d\.\d+$/,
  );
  const { experiment, measures } = JSON.parse(host.printed.at(-1)!);
  assertEquals([experiment, Object.keys(measures)], ["text", ["bits per character", "perplexity"]]);
});

Deno.test("many seeds have a table with the bits of each", async () => {
  const files = textDisk(), { code, host } = await run([...LINE, "--seeds", "1..2"], files);
  assertEquals(code, 0, host.noted.join("\n"));
  assertMatch(
    host.printed[0],
    /^seed +success +iterations +error +bits per character +perplexity +seconds$/,
  );
  assertMatch(host.printed[1], /^ +1 +(yes|no) +6 +\d\.\d+ +\d\.\d+ +\d+\.\d+ +\d/);
  const resumed = await run(["--resume", ".runs/text-my-lstm-seeds1-2"], files);
  assertEquals(resumed.host.printed.slice(0, 3), host.printed.slice(0, 3));
});

Deno.test("--task chooses the experiment that has the task, unless --experiment is given", async () => {
  const chosen = async (...line: string[]) => {
    const { code, host } = await run([...line, "--run-folder", "none/such"], textDisk());
    return code === 0 ? JSON.parse(await Promise.resolve("0")) : host.noted.at(-1)!;
  };
  assertStringIncludes(
    await chosen("--task", "text", "--strings", "5"),
    "Cannot train text: wanted one of --task, --corpus",
  );
  assertStringIncludes(
    await chosen("--task", "copy", "--corpus", "x"),
    "Cannot train sequence: wanted one of --task, --memory",
  );
  assertStringIncludes(await chosen("--corpus", "x"), "Cannot train sequence: ");
  assertStringIncludes(
    await chosen("--experiment", "text", "--strings", "5"),
    "Cannot train text: ",
  );
  assertStringIncludes(
    await chosen("--experiment", "sequence", "--task", "text"),
    "Cannot read --task: wanted reversal, copy, ",
  );
  assertMatch(
    await chosen("--task", "texts"),
    /^Cannot read --task: wanted reversal, copy, .* or [\w-]+, or text, got "texts"$/,
  );
  const { code, host } = await run(
    ["--experiment", "text", ...LINE.slice(2), "--run-folder", "b"],
    textDisk(),
  );
  assertEquals(code, 0, host.noted.join("\n"));
});

/** A line that is refused, the text of `my.txt`, and the sentence. */
const REFUSED: [line: string, bytes: string | Uint8Array, message: string][] = [
  ["", "", "Cannot read my.txt: wanted a text in UTF-8, got an empty file"],
  [
    "",
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
    "Cannot read my.txt: wanted text in UTF-8, got bytes that are not",
  ],
  [
    "",
    "a\0b",
    "Cannot read my.txt: wanted a text in UTF-8, got a binary file (a zero byte after 1 characters)",
  ],
  [
    "",
    "call me",
    "Cannot train on my.txt: wanted a text of at least 18 characters (--batch 3 streams of --truncate 5, and " +
    "--held-out 0.1), got 7",
  ],
  [
    "--corpus no.txt",
    "",
    "Cannot read no.txt: wanted a file, moby-dick or typescript, got nothing",
  ],
  ["--corpus folder", "", "Cannot read folder: wanted a place that can be read"],
  [
    "--cell gru --forget-bias 1",
    "",
    "Cannot train: wanted --cell lstm for --forget-bias, got --cell gru",
  ],
  ["--characters 14", "", "Cannot train: wanted --characters of at least 15"],
  ["--memory stack", "", "Cannot train text: wanted one of --task"],
  ["--reset-state=no", "", 'wanted --reset-state without a value, got "no"'],
];

Deno.test("bad input is refused in one sentence with exit code 2, and nothing is written, also with many seeds", async () => {
  for (const [line, bytes, message] of REFUSED) {
    for (const seeds of [[], ["--seeds", "1..2"]]) {
      const files = textDisk();
      files.makeFolder("folder");
      if (bytes !== "" || line === "") {
        files.writeBytes(
          "my.txt",
          typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
        );
      }
      const before = files.snapshot(), given = line.split(" ").filter(Boolean);
      const kept = LINE.filter((word, i) => !given.includes(word) && !given.includes(LINE[i - 1]));
      const { code, host } = await run([...kept, ...given, ...seeds], files);
      assertEquals([code, host.noted.length, host.printed], [2, 1, []], host.noted.join("\n"));
      assertMatch(host.noted[0], /^Cannot [^:\n]+: wanted [^\n]+, got [^\n]+$/);
      assertStringIncludes(host.noted[0], message);
      assertEquals(files.snapshot(), before);
    }
  }
});

Deno.test("a run is not resumed on another text, nor with other options", async () => {
  const files = textDisk();
  await run([...LINE, "--run-folder", "a"], files, { stopAtReading: BETWEEN });
  const other = await run(["--resume", "a", "--hidden", "5"], files);
  assertStringIncludes(other.host.noted[0], "wanted --hidden as it was started with (4), got 5");
  const refusal = async () => {
    const { code, host } = await run(["--resume", "a"], files);
    assertEquals([code, host.noted.length], [2, 1]);
    return host.noted[0];
  };
  const config = files.readText("a/config.json");
  files.writeText("a/config.json", config.replace(/"resetState": *false/, '"carry": "true"'));
  assertEquals(await refusal(), "Cannot resume a: wanted only settings of text, got carry");
  files.writeText("a/config.json", config);
  files.writeBytes("my.txt", new TextEncoder().encode("another text ".repeat(100)));
  assertMatch(
    await refusal(),
    /^Cannot resume the run: wanted my\.txt with the SHA-256 \w{12}…, got the SHA-256 \w{12}…$/,
  );
  files.remove("my.txt");
  assertMatch(await refusal(), /^Cannot read my.txt: wanted a file, .*, got nothing$/);
});
