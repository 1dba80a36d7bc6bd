import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { evaluateCommand, evaluationSummary, evaluationTable } from "@/cli/evaluate.ts";
import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { Task } from "@/tasks/task.ts";
import { firstPairs } from "@/tasks/streams.ts";
import type { EvaluateJob } from "@/training/evaluate_jobs.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { loadWeights, saveTrainedModel, type TrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";

const SENTENCE = /^Cannot [^\n]+: wanted [^\n]+, got [^\n]+$/;

/** A right network in "run", one that stumbles at 3 in "stumbling.safetensors". */
function hostWithRuns(circumstances: Circumstances = {}) {
  const host = memoryHost(circumstances), { files } = host;
  files.makeFolder("run");
  files.makeFolder("other");
  saveTrainedModel(files, "run/best.safetensors", handMadeReverser(10));
  saveTrainedModel(files, "stumbling.safetensors", handMadeReverser(10, 3));
  saveTrainedModel(files, "bits.safetensors", silent(reverseBinaryTask()));
  return host;
}

/** A network without a memory, all its parameters 0, which writes nothing but the first symbol. */
function silent(task: Task): Pick<TrainedModel, "task" | "shape" | "parameters"> {
  const sizes = {
    layers: 1,
    hidden: 2,
    embedding: 1,
    valueWidth: 0,
    symbols: task.vocabulary.size,
  };
  const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
  const parameters = Object.entries(zeroParameters(shape)).map(([name, data]) =>
    [name, Float32Array.from(data)] as const
  );
  return { task, shape, parameters: Object.fromEntries(parameters) };
}

const SHORT = ["--lengths", "5..9", "--strings", "100", "--seed", "7"];
const LENGTHS = { shortest: 5, longest: 9 };
const pairs = firstPairs(handMadeReverser(10).task, {
  strings: 100,
  seed: 7,
  purpose: "test",
  lengths: LENGTHS,
});
const withoutThrees = pairs.filter(({ source }) => !source.includes(3)).length;

/** What a worker is asked to do for a command line. */
async function jobOf(...line: string[]): Promise<EvaluateJob & { json: boolean }> {
  const host = hostWithRuns(), jobs: EvaluateJob[] = [];
  const scores = { strings: 1, exact: 1, coarse: 1, fine: 1 };
  const startWorker = () => ({
    run<J, P, R>(_kind: string, job: J): Promise<R> {
      jobs.push(job as unknown as EvaluateJob);
      return Promise.resolve({ strict: scores, published: scores, perToken: 1 } as R);
    },
    close() {},
  });
  assertEquals(await evaluateCommand(line, { ...host, startWorker }), 0, host.noted.join("\n"));
  return { ...jobs[0], json: host.printed.at(-1)!.startsWith("{") };
}

Deno.test("a run alone means a thousand test strings of 65 to 128 characters", async () => {
  assertEquals(await jobOf("run"), {
    path: "run/best.safetensors",
    task: null,
    set: {
      strings: 1000,
      lengths: { shortest: 65, longest: 128 },
      seed: 1,
      purpose: "test",
    },
    build: "relaxed",
    json: false,
  });
});

Deno.test("a network that answers in place is tested on its task's lengths, and its tokens are counted", async () => {
  const { set } = await jobOf("bits.safetensors");
  assertEquals([set.strings, set.lengths], [1000, { shortest: 41, longest: 500 }]);
  const host = hostWithRuns(), line = ["bits.safetensors", "--strings", "20", "--json"];
  assertEquals(await evaluateCommand(line, host), 0);
  const [table, json] = [host.printed.slice(0, -1), JSON.parse(host.printed.at(-1)!)];
  assertEquals(
    table[0],
    "reversing bits: 20 test strings of 41 to 500 characters, seed 1, 2 different characters",
  );
  assertMatch(table[3], /^strict +0\.0000 +0\.\d{4} +0 of 20$/);
  assertMatch(table.at(-1)!, /^per-token accuracy +0\.[45]\d{3}$/);
  assertEquals(table.length, 6);
  const drawn = firstPairs(reverseBinaryTask(), set).slice(0, 20);
  const zeros = drawn.map(({ target }) => target.filter((bit) => bit === 0).length / target.length);
  assertAlmostEquals(json.perToken, zeros.reduce((a, b) => a + b) / 20, 1e-12);
});

Deno.test("options may come before the run, and reach the worker", async () => {
  const line = ["--json", "--lengths", "1..2", "--strings", "3", "--seed", "0"];
  assertEquals(await jobOf(...line, "--build", "strict", "--", "run"), {
    path: "run/best.safetensors",
    task: null,
    set: { strings: 3, lengths: { shortest: 1, longest: 2 }, seed: 0, purpose: "test" },
    build: "strict",
    json: true,
  });
});

Deno.test("a network answers the strings of another task that has the same symbols", async () => {
  const host = hostWithRuns();
  assertEquals(await evaluateCommand(["run", ...SHORT, "--task", "copy", "--json"], host), 0);
  const palindromes = pairs.filter(({ source, target }) => `${source}` === `${target}`).length;
  assertMatch(host.printed[0], /^string copying: 100 test strings of 5 to 9 characters/);
  const { task, exact } = JSON.parse(host.printed.at(-1)!);
  assertEquals([task, exact], ["copy", palindromes]);
  const refused = hostWithRuns();
  assertEquals(await evaluateCommand(["run", "--task", "gender"], refused), 2);
  assertEquals(
    refused.noted.at(-1),
    "Cannot evaluate run/best.safetensors: wanted --task with the symbols of string reversal, got gender",
  );
});

Deno.test("a run's best weights are scored, and the scores are a small table", async () => {
  const host = hostWithRuns();
  assertEquals(await evaluateCommand(["run", ...SHORT], host), 0);
  assertEquals(host.printed, [
    "string reversal: 100 test strings of 5 to 9 characters, seed 7, 10 different characters",
    "",
    "                        coarse    fine  right in full",
    "strict                  1.0000  1.0000  100 of 100",
    "as in Flamant 2019      1.0000  1.0000  100 of 100",
    "",
    "per-token accuracy      1.0000",
  ]);
  assertEquals(host.noted.slice(0, 2), [
    "Evaluating run/best.safetensors",
    "Evaluating: 100 %, 100 of 100 strings",
  ]);
  assertMatch(host.noted[2], /^Evaluated in \d/);
  assertEquals([host.workers, host.listening], [{ started: 1, open: 0 }, 0]);
});

Deno.test("weights without a checksum are scored, with one note on standard error", async () => {
  const host = hostWithRuns(),
    { tensors, metadata } = loadWeights(host.files, "run/best.safetensors");
  const bytes = writeSafetensors(tensors, { metadata, checksum: false });
  host.files.writeBytes("elsewhere.safetensors", bytes);
  assertEquals(await evaluateCommand(["elsewhere.safetensors", ...SHORT], host), 0);
  const about = host.noted.filter((line) => line.includes("checksum"));
  assertEquals(about.length, 1);
  assertStringIncludes(about[0], "elsewhere.safetensors has no checksum");
  assertEquals(host.printed[3], "strict                  1.0000  1.0000  100 of 100");
});

Deno.test("a network's mistakes are counted on the test stream of that seed", async () => {
  const host = hostWithRuns();
  assertEquals(await evaluateCommand(["stumbling.safetensors", ...SHORT, "--json"], host), 0);
  const { seconds, fine, published, perToken, ...rest } = JSON.parse(host.printed.at(-1)!);
  assert(withoutThrees > 10 && withoutThrees < 90);
  assertEquals(rest, {
    weights: "stumbling.safetensors",
    task: "reversal",
    shape: handMadeReverser(10).shape,
    characters: 10,
    lengths: LENGTHS,
    strings: 100,
    seed: 7,
    exact: withoutThrees,
    coarse: withoutThrees / 100,
  });
  assert(seconds > 0 && fine > rest.coarse && published.fine > fine);
  assertEquals([published.exact, published.fine], [withoutThrees, perToken]);
  assertStringIncludes(host.printed[3], `${withoutThrees} of 100`);
});

Deno.test("the strict build gives the scores of the relaxed one on a sure network", async () => {
  const tables = await Promise.all(["relaxed", "strict"].map(async (build) => {
    const host = hostWithRuns();
    await evaluateCommand(["stumbling.safetensors", ...SHORT, "--build", build], host);
    return host.printed;
  }));
  assertEquals(tables[0], tables[1]);
});

Deno.test("one length is one number, and one string is no strings", async () => {
  const host = hostWithRuns();
  const line = ["run", "--lengths", "1200", "--strings", "1"];
  assertEquals(await evaluateCommand(line, host), 0);
  assertEquals(
    host.printed[0],
    "string reversal: 1 test string of 1,200 characters, seed 1, 10 different characters",
  );
});

Deno.test("on a screen a bar shows how far it is, never wider than the screen", async () => {
  const host = hostWithRuns({ columns: 40 });
  await evaluateCommand(["run", ...SHORT], host);
  assert(host.overwritten.length > 1);
  assertMatch(host.overwritten.at(-1)!, /^█{10} 100 %\n? {2}100 of 100 strings/);
  assertEquals(host.overwritten.join("\n").split("\n").filter((line) => line.length > 39), []);
});

Deno.test("Ctrl-C stops it with a word, exit code 130 and no scores", async () => {
  for (const stopAtReading of [1, 15]) {
    const host = hostWithRuns({ stopAtReading });
    assertEquals(await evaluateCommand(["run", ...SHORT, "--json"], host), 130);
    assertEquals(host.printed, []);
    assertEquals(host.noted.at(-1), "Stopped after 0 of 100 strings; no scores");
    assertEquals([host.workers.open, host.listening], [0, 0]);
  }
  const host = hostWithRuns({ stopAtReading: 30 });
  assertEquals(await evaluateCommand(["run", ...SHORT], host), 130);
  assertEquals(host.noted.at(-1), "Stopped after 64 of 100 strings; no scores");
});

Deno.test("what is no run, and weights that are damaged, are one sentence and exit code 2", async () => {
  const host = hostWithRuns(), { files, printed, noted } = host;
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
    [["run", "--length", "5"], "such as --lengths"],
    [["run", "--strings"], "wanted a value after --strings"],
    [["run", "--json=yes"], "--json without a value"],
    [["run", "--build", "fast"], 'Cannot read --build: wanted relaxed or strict, got "fast"'],
    [["run", "--lengths", "100000", "--strings", "2000"], "at most 100000000, got 200000000"],
    [[], "wanted one run folder or weights file, got none"],
    [[""], "wanted one run folder or weights file"],
    [["run", "b"], 'wanted one run folder or weights file, got "run" and "b"'],
  ];
  for (const [line, part] of refused) {
    noted.length = 0;
    assertEquals(await evaluateCommand(line, host), 2, part);
    assertEquals(noted.length, 1);
    assertStringIncludes(noted[0], part);
    assertMatch(noted[0], SENTENCE);
  }
  assertEquals([printed, host.workers.started], [[], 0]);
});

Deno.test("what is out of range is refused in one sentence that repeats it", async () => {
  const lines = {
    "--lengths": [
      ...["0", "0..5", "-1", "-1..5", "128..65", "65-128", "65..", "..65", "1.5..2"],
      ...["65..128..200", "x", " 65..128", "100001", "1..100001", "99999999", "1e3"],
    ],
    "--strings": ["0", "-1", "1.5", "x", "1000001", "1e400", "0x10", "Infinity"],
    "--seed": ["-1", "1.5", "x", "4294967296", "NaN"],
  };
  for (const [flag, texts] of Object.entries(lines)) {
    for (const text of texts) {
      const host = hostWithRuns();
      assertEquals(await evaluateCommand(["run", flag, text], host), 2);
      const pattern = new RegExp(`^Cannot read ${flag}: wanted [^\n]+, got "${text}"$`);
      assertMatch(host.noted[0], pattern);
    }
  }
});

Deno.test("a network whose sums overflow is wrong, and no more than that", async () => {
  const host = hostWithRuns(), { parameters, ...model } = handMadeReverser(2);
  parameters["embedding.weight"].fill(3e38);
  parameters["cells.0.weight_ih"].forEach((_, i, weights) => weights[i] = i % 2 ? 3e38 : -3e38); // ∞ − ∞
  saveTrainedModel(host.files, "overflowing.safetensors", { parameters, ...model });
  const line = ["overflowing.safetensors", ...SHORT, "--json"];
  assertEquals(await evaluateCommand(line, host), 0);
  assertEquals(JSON.parse(host.printed.at(-1)!).coarse, 0);
});

Deno.test("--help shows how to use it, on lines of at most 100 columns, and needs no run", async () => {
  for (const line of [["--help"], ["run", "-h"]]) {
    const host = hostWithRuns();
    assertEquals(await evaluateCommand(line, host), 0);
    assertStringIncludes(host.printed.join("\n"), "Usage: deno task evaluate RUN");
    assert(host.printed.every((text) => text.length <= 100));
    assertEquals([host.noted, host.workers.started], [[], 0]);
  }
});

Deno.test("columns stay in line whatever the counts", () => {
  const scores = { strings: 100_000, exact: 3, coarse: 0.00003, fine: 0.5 };
  const counts = { strings: 100_000, lengths: { shortest: 1, longest: 1000 }, seed: 7 };
  const set = { ...counts, purpose: "test" } as const, model = handMadeReverser(2);
  const published = { ...scores, exact: 99_999, coarse: 0.99999 };
  const evaluation = { strict: scores, published, perToken: 0.75 };
  assertEquals(evaluationTable(evaluation, model, set), [
    "string reversal: 100,000 test strings of 1 to 1,000 characters, seed 7, 2 different characters",
    "",
    "                        coarse    fine  right in full",
    "strict                  0.0001  0.5000  3 of 100,000",
    "as in Flamant 2019      0.9999  0.5000  99,999 of 100,000",
    "",
    "per-token accuracy      0.7500",
  ]);
  const bits = reverseBinaryTask();
  assertEquals(evaluationTable(evaluation, { task: bits }, set), [
    "reversing bits: 100,000 test strings of 1 to 1,000 characters, seed 7, 2 different characters",
    "",
    "                        coarse    fine  right in full",
    "strict                  0.0001  0.5000  3 of 100,000",
    "",
    "per-token accuracy      0.7500",
  ]);
  const job = { path: "a", task: null, set, build: "relaxed" } as const;
  assertEquals(JSON.parse(JSON.stringify(evaluationSummary(evaluation, model, job))), {
    weights: "a",
    task: "reversal",
    shape: model.shape,
    characters: 2,
    ...counts,
    exact: 3,
    coarse: 0.00003,
    fine: 0.5,
    perToken: 0.75,
    published: { exact: 99_999, coarse: 0.99999, fine: 0.5 },
  });
});
