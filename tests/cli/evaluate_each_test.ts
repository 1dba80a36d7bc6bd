import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { evaluateCommand } from "@/cli/evaluate.ts";
import { sizesReport } from "@/cli/evaluate_each.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { dyck2Task } from "@/tasks/dyck.ts";
import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
import { firstPairs } from "@/tasks/streams.ts";
import { perTokenAccuracy } from "@/tasks/scores.ts";
import type { Task } from "@/tasks/task.ts";
import { undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
import { saveTrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";

/** A network without a memory, all its parameters 0 but one, which writes nothing but a symbol. */
function constant(task: Task, symbol = 0) {
  const sizes = { layers: 1, hidden: 2, embedding: 1, valueWidth: 0 };
  const shape: SequenceModelShape = {
    cell: "lstm",
    memory: "none",
    ...sizes,
    symbols: task.vocabulary.size,
  };
  const parameters = Object.fromEntries(
    Object.entries(zeroParameters(shape)).map(([name, data]) => [name, Float32Array.from(data)]),
  );
  parameters["logits.bias"][symbol] = 1;
  return { task, shape, parameters };
}

/** Two lines as in the public files of arXiv:2604.05923, right ones. */
const LINES = "w1i0r\t1\nw0i1w1rur\t10\n";

function hostWith(circumstances: Circumstances = {}) {
  const host = memoryHost(circumstances), { files } = host;
  saveTrainedModel(files, "right", handMadeReverser(10));
  saveTrainedModel(files, "stumbling", handMadeReverser(10, 3));
  saveTrainedModel(files, "zeros", constant(reverseBinaryTask()));
  saveTrainedModel(files, "ones", constant(undoFlipFlopTask(), 1));
  saveTrainedModel(files, "dyck", constant(dyck2Task(), 2));
  files.writeText("undo.txt", LINES);
  return host;
}

async function printed(...line: string[]) {
  const host = hostWith();
  assertEquals(await evaluateCommand(line, host), 0, host.noted.join("\n"));
  return host.printed;
}

async function refusal(...line: string[]): Promise<string> {
  const host = hostWith();
  assertEquals(await evaluateCommand(line, host), 2);
  assertEquals(host.printed, []);
  return host.noted.at(-1)!;
}

Deno.test("each length is scored on its own strings, those of a test of that length alone", async () => {
  const line = ["zeros", "--every-length", "3..6", "--strings", "8", "--seed", "7", "--json"];
  const lines = await printed(...line), { sizes, ...all } = JSON.parse(lines.at(-1)!);
  const task = reverseBinaryTask();
  for (const [i, k] of [3, 4, 5, 6].entries()) {
    const lengths = { shortest: k, longest: k };
    const pairs = firstPairs(task, { strings: 8, seed: 7, purpose: "test", lengths });
    const targets = pairs.map(({ target }) => target);
    const wrong = targets.filter((bits) => bits.some((bit) => bit !== 0)).length;
    const perToken = perTokenAccuracy(targets.map((bits) => bits.map(() => 0)), targets);
    assertEquals({ ...sizes[i], perToken }, { size: k, strings: 8, wrong, perToken });
    assertAlmostEquals(sizes[i].perToken, perToken, 1e-12);
  }
  assertEquals([sizes.length, all.strings, all.task], [4, 32, "reverse-binary"]);
  const sum = (of: "wrong" | "perToken") =>
    sizes.reduce((sum: number, each: Record<string, number>) => sum + each[of], 0);
  assertEquals([all.exact, all.coarse], [32 - sum("wrong"), 1 - sum("wrong") / 32]);
  assertAlmostEquals(all.perToken, sum("perToken") / 4, 1e-12);
  assertEquals(
    lines[0],
    "reversing bits: 8 test strings of every length of 3..6, seed 7, in characters",
  );
});

Deno.test("a network that is right says so, one that is not names the lengths", async () => {
  assertEquals(await printed("right", "--every-length", "5..9", "--strings", "3"), [
    "string reversal: 3 test strings of every length of 5..9, seed 1, in characters",
    "",
    "right in full                                   15 of 15",
    "exact match                                     1.0000",
    "per-token accuracy                              1.0000",
    "lengths without a mistake                       5 of 5",
  ]);
  const lines = await printed("stumbling", "--every-length", "20", "--strings", "30");
  assertMatch(lines.at(-1)!, /^lengths with mistakes: 20 \(\d+\)$/);
});

Deno.test("without --strings there are twenty of each size", async () => {
  const { strings, sizes } = JSON.parse(
    (await printed("ones", "--every-depth", "1..2", "--json")).at(-1)!,
  );
  assertEquals([strings, sizes[0].strings], [40, 20]);
});

Deno.test("lengths that a task does not have are left out", async () => {
  const lines = await printed("dyck", "--every-length", "2..7", "--strings", "2", "--json");
  const { sizes } = JSON.parse(lines.at(-1)!);
  assertEquals(sizes.map(({ size }: { size: number }) => size), [2, 4, 6]);
});

Deno.test("strings of a depth have as many undos in a row, or brackets inside each other", async () => {
  const line = ["--every-depth", "1..4", "--strings", "25", "--seed", "3", "--json"];
  const undo = await printed("ones", ...line), { sizes } = JSON.parse(undo.at(-1)!);
  assertEquals(
    undo[0],
    "a flip-flop with undo: 25 test strings with each of 1..4 undos in a row, seed 3",
  );
  // Of single random bits, a network that says 1 has some wrong and some right.
  for (const { wrong, perToken } of sizes) {
    assert(wrong > 0 && wrong < 25);
    assertAlmostEquals(perToken, 1 - wrong / 25, 1e-12);
  }
  assertMatch((await printed("dyck", ...line))[0], / of 1\.\.4 brackets inside each other,/);
});

Deno.test("the strings of a file are answered, and wrong lines are named", async () => {
  assertEquals(await printed("ones", "--strings-from", "undo.txt"), [
    "a flip-flop with undo: 2 strings of undo.txt",
    "",
    "right in full                                   1 of 2",
    "exact match                                     0.5000",
    "per-token accuracy                              0.7500",
    "",
    "lines with mistakes: 2",
  ]);
});

Deno.test("bad input is refused in one sentence", async () => {
  const cases = [
    [["zeros", "--every-depth", "1..4"], "wanted a task whose strings have a depth"],
    [["dyck", "--every-length", "3"], "wanted lengths of strings of the task dyck-2 for"],
    [["zeros", "--every-length", "1..9000"], "of at most 40000000 symbols together, got 810090000"],
    [["zeros", "--every-length", "4..2"], "Cannot read --every-length"],
    [["zeros", "--every-length", "1..4", "--lengths", "3"], "--every-length without --lengths"],
    [["ones", "--every-length", "3..4", "--every-depth", "1"], "--every-length without --every-d"],
    [["ones", "--strings-from", "undo.txt", "--seed", "2"], "--strings-from without --seed"],
    [["ones", "--strings-from", "gone.txt"], "Cannot read gone.txt: wanted a file of strings, got"],
  ] as const;
  for (const [line, sentence] of cases) {
    const found = await refusal(...line);
    assertMatch(found, /^Cannot [^\n]+: wanted [^\n]+, got [^\n]+$/);
    assert(found.includes(sentence), found);
  }
});

Deno.test("a file that is not one of the task's strings and answers is refused with the line", async () => {
  const cases = [
    ["w1r", 'wanted a string, a tab and its answer in line 1, got "w1r"'],
    ["w1r\t1\n\n", 'wanted a string, a tab and its answer in line 2, got ""'],
    ["w1r\t1\t1", "wanted a string, a tab and its answer in line 1"],
    ["w1r\t0", 'wanted the answer "1" in line 1, got "0"'],
    ["w1x\t1", 'wanted characters of "01wiur" in line 1, got "x" (U+0078) as character 3'],
    [
      "w1r\t1\r\nw1ur\t1",
      "wanted a write first, one read or more, and no undo of the only write in",
    ],
    ["", "wanted a string, a tab and its answer in line 1"],
  ];
  for (const [text, sentence] of cases) {
    const host = hostWith();
    host.files.writeText("undo.txt", text);
    assertEquals(await evaluateCommand(["ones", "--strings-from", "undo.txt"], host), 2, text);
    const found = host.noted.at(-1)!;
    assertMatch(found, /^Cannot read undo\.txt: wanted [^\n]+, got [^\n]+$/);
    assert(found.includes(sentence), found);
  }
});

Deno.test("a signal stops it without scores", async () => {
  const host = hostWith({ stopAtReading: 3 });
  assertEquals(await evaluateCommand(["right", "--every-length", "5..9"], host), 130);
  assertEquals([host.printed, host.workers.open, host.listening], [[], 0, 0]);
});

Deno.test("at most forty lengths with mistakes are named, and the others counted", () => {
  const scores = Array.from({ length: 50 }, (_, i) => {
    return { size: 1000 + i, strings: 20, wrong: 2, perToken: 0.5 };
  });
  const { lines } = sizesReport(reverseBinaryTask(), { title: "some", noun: "lengths" }, scores);
  assertEquals(lines.at(-1)!.split(", ").length, 41);
  assertMatch(lines.at(-1)!, /^lengths with mistakes: 1,000 \(2\), .*, 1,039 \(2\), 10 more$/);
});
