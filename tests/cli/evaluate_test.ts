import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { evaluateCommand } from "@/cli/evaluate.ts";
import { firstStrings } from "@/tasks/streams.ts";
import { createVocabulary } from "@/tasks/reversal.ts";
import { saveTrainedModel } from "@/weights/model_file.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

interface Circumstances {
  /** Ctrl-C comes after so many pauses. */
  readonly interruptAfter?: number;
  readonly columns?: number;
}

/** A right network in "run", one that stumbles at 3 in "stumbling.safetensors". */
function world({ interruptAfter, columns = undefined }: Circumstances = {}) {
  const files = new MemoryDisk();
  files.makeFolder("run");
  files.makeFolder("other");
  saveTrainedModel(files, "run/best.safetensors", handMadeReverser(10));
  saveTrainedModel(files, "stumbling.safetensors", handMadeReverser(10, 3));
  const [printed, noted, overwritten]: string[][] = [[], [], []];
  const listeners = new Set<() => void>();
  let [clock, pauses] = [0, 0];
  const host = {
    files,
    terminal: {
      print: (line: string) => void printed.push(line),
      note: (line: string) => void noted.push(line),
      overwrite: (line: string) => void overwritten.push(line),
      columns: () => columns ?? null,
    },
    now: () => clock += 5,
    pause() {
      if (++pauses === interruptAfter) listeners.forEach((listener) => listener());
      return Promise.resolve();
    },
    onInterrupt(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { files, printed, noted, overwritten, listeners, host };
}

const SHORT = ["--lengths", "5..9", "--strings", "100", "--seed", "7"];
const strings = firstStrings(100, 7, "test", createVocabulary(10), { shortest: 5, longest: 9 });
const withoutThrees = strings.filter((string) => !string.includes(3)).length;

Deno.test("a run's best weights are scored, and the scores are a small table", async () => {
  const { host, printed, noted } = world();
  assertEquals(await evaluateCommand(["run", ...SHORT], host), 0);
  assertEquals(printed, [
    "100 test strings of 5 to 9 characters, seed 7, 10 different characters",
    "",
    "                        coarse    fine  right in full",
    "strict                  1.0000  1.0000  100 of 100",
    "as published code       1.0000  1.0000  100 of 100",
  ]);
  assertEquals(noted.slice(0, 2), [
    "Evaluating run/best.safetensors",
    "Evaluating: 100 %, 100 of 100 strings",
  ]);
  assertMatch(noted[2], /^Evaluated in \d/);
});

Deno.test("a network's mistakes are counted, on the strings of the test stream of that seed", async () => {
  const { host, printed } = world();
  assertEquals(await evaluateCommand(["stumbling.safetensors", ...SHORT, "--json"], host), 0);
  const { seconds, fine, published, ...rest } = JSON.parse(printed.at(-1)!);
  assert(withoutThrees > 10 && withoutThrees < 90);
  assertEquals(rest, {
    weights: "stumbling.safetensors",
    shape: handMadeReverser(10).shape,
    characters: 10,
    lengths: { shortest: 5, longest: 9 },
    strings: 100,
    seed: 7,
    exact: withoutThrees,
    coarse: withoutThrees / 100,
  });
  assert(seconds > 0 && fine > rest.coarse && published.fine > fine);
  assertEquals(published.exact, withoutThrees);
  assertStringIncludes(printed[3], `${withoutThrees} of 100`);
});

Deno.test("one length is one number, and one string is no strings", async () => {
  const { host, printed } = world();
  const line = ["run", "--lengths", "1200", "--strings", "1"];
  assertEquals(await evaluateCommand(line, host), 0);
  assertEquals(
    printed[0],
    "1 test string of 1,200 characters, seed 1, 10 different characters",
  );
});

Deno.test("on a screen a bar shows how far it is, never wider than the screen", async () => {
  const { host, overwritten } = world({ columns: 40 });
  await evaluateCommand(["run", ...SHORT], host);
  assert(overwritten.length > 1);
  assertMatch(overwritten.at(-1)!, /^█{10} 100 %\n? {2}100 of 100 strings/);
  assertEquals(overwritten.join("\n").split("\n").filter((line) => line.length > 39), []);
});

Deno.test("Ctrl-C stops it with a word, exit code 130 and no scores", async () => {
  const { host, printed, noted, listeners } = world({ interruptAfter: 1 });
  assertEquals(await evaluateCommand(["run", ...SHORT, "--json"], host), 130);
  assertEquals(printed, []);
  assertMatch(
    noted.at(-1)!,
    /^Stopped by Ctrl-C after 0 of 100 strings; no scores$/,
  );
  assertEquals(listeners.size, 0);
});

Deno.test("it listens for Ctrl-C only while it works", async () => {
  const { host, listeners } = world();
  await evaluateCommand(["run", ...SHORT], host);
  assertEquals(listeners.size, 0);
});

Deno.test("what is no run, and weights that are damaged, are one sentence and exit code 2", async () => {
  const { files, host, printed, noted } = world();
  const bytes = files.readBytes("stumbling.safetensors", 1e9);
  files.writeBytes("short.safetensors", bytes.subarray(0, -5));
  bytes[bytes.length - 2] ^= 64;
  files.writeBytes("damaged.safetensors", bytes);
  files.writeText("text.safetensors", "these are no weights at all");
  const refused: [string[], string][] = [
    [["nowhere"], "Cannot use nowhere: wanted a run folder with best.safetensors in it"],
    [["other"], "got a folder without"],
    [["short.safetensors"], "Cannot read short.safetensors: wanted"],
    [["damaged.safetensors"], "others: it was damaged or edited"],
    [["text.safetensors"], "Cannot read text.safetensors: wanted a safetensors file"],
    [["run", "--lengths", "128..65"], "Cannot read --lengths"],
    [["run", "--srtings", "5"], "such as --strings"],
    [[], "wanted one run folder or weights file, got none"],
  ];
  for (const [line, part] of refused) {
    noted.length = 0;
    assertEquals(await evaluateCommand(line, host), 2, part);
    const sentences = noted.filter((line) => line.startsWith("Cannot"));
    assertEquals(sentences.length, 1);
    assertStringIncludes(sentences[0], part);
    assertMatch(sentences[0], /^Cannot [^\n]+: wanted [^\n]+, got [^\n]+$/);
  }
  assertEquals(printed, []);
});

Deno.test("a network whose sums overflow is wrong, and no more than that", async () => {
  const { files, host, printed } = world(), { shape, parameters } = handMadeReverser(2);
  parameters["embedding.weight"].fill(3e38);
  parameters["cells.0.weight_ih"].forEach((_, i, weights) => weights[i] = i % 2 ? 3e38 : -3e38); // ∞ − ∞
  saveTrainedModel(files, "overflowing.safetensors", { shape, parameters });
  assertEquals(await evaluateCommand(["overflowing.safetensors", ...SHORT, "--json"], host), 0);
  assertEquals(JSON.parse(printed.at(-1)!).coarse, 0);
});

Deno.test("--help tells how to use it, on lines of at most 100 columns", async () => {
  const { host, printed } = world();
  assertEquals(await evaluateCommand(["--help"], host), 0);
  assertStringIncludes(printed.join("\n"), "Usage: deno task evaluate RUN");
  assert(printed.every((line) => line.length <= 100));
});
