import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { answerCommand } from "@/cli/answer.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { bigramFlipTask } from "@/tasks/bigram_flip.ts";
import { copyTask } from "@/tasks/copy.ts";
import { modularArithmeticTask } from "@/tasks/modular_arithmetic.ts";
import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
import { stackManipulationTask } from "@/tasks/stack_manipulation.ts";
import { undoFlipFlopTask } from "@/tasks/undo_flip_flop.ts";
import { svoSovTask } from "@/tasks/svo_sov.ts";
import type { Task } from "@/tasks/task.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { loadWeights, saveTrainedModel, type TrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser, type Reverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { memoryTerminal } from "./memory_host.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const right = handMadeReverser(128);
/** Writes NUL in place of an "e". */
const stumbling = handMadeReverser(128, "e".charCodeAt(0));
/** Writes NUL in place of a terminator, for ever. */
const endless = endlessReverser();

function endlessReverser(): Reverser {
  const model = handMadeReverser(128), bias = model.parameters["logits.bias"];
  const { terminator } = model.task.vocabulary;
  [bias[0], bias[terminator]] = [bias[terminator], 0];
  return model;
}

/** A network without a memory, all its parameters 0: it writes NUL, or the first word, for ever. */
function memoryless(task: Task = copyTask()): Pick<TrainedModel, "task" | "shape" | "parameters"> {
  const symbols = task.vocabulary.size;
  const sizes = { layers: 1, hidden: 2, embedding: 1, valueWidth: 0, symbols };
  const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
  const parameters = Object.entries(zeroParameters(shape)).map(([name, data]) =>
    [name, Float32Array.from(data)] as const
  );
  return { task, shape, parameters: Object.fromEntries(parameters) };
}

/** Turns a text into bytes only once: there are a million of them. */
class SwiftDisk extends MemoryDisk {
  readonly #bytes = new Map<string, Uint8Array>();

  override readBytes(path: string, atMost: number): Uint8Array {
    const text = this.readText(path),
      bytes = this.#bytes.get(text) ?? super.readBytes(path, atMost);
    this.#bytes.set(text, bytes);
    return bytes;
  }
}

const SHIPPED = "weights/reversal-stack.safetensors";
const disk = new SwiftDisk();
disk.makeFolder("run");
saveTrainedModel(disk, SHIPPED, right);
saveTrainedModel(disk, "weights/svo-sov-queue.safetensors", memoryless(svoSovTask()));
saveTrainedModel(disk, "run/best.safetensors", stumbling);
saveTrainedModel(disk, "endless.safetensors", endless);
saveTrainedModel(disk, "memoryless.safetensors", memoryless());
saveTrainedModel(disk, "few.safetensors", handMadeReverser(16));
disk.writeBytes("elsewhere.safetensors", withoutChecksum(SHIPPED));

/** The bytes of a weights file as another program saves it. */
function withoutChecksum(path: string): Uint8Array {
  const { tensors, metadata } = loadWeights(disk, path);
  return writeSafetensors(tensors, { metadata, checksum: false });
}
saveTrainedModel(disk, "sentences.safetensors", memoryless(svoSovTask()));
saveTrainedModel(disk, "flipper.safetensors", memoryless(bigramFlipTask()));
saveTrainedModel(disk, "bits.safetensors", memoryless(reverseBinaryTask()));
saveTrainedModel(disk, "undo.safetensors", memoryless(undoFlipFlopTask()));
saveTrainedModel(disk, "stack.safetensors", memoryless(stackManipulationTask()));
saveTrainedModel(disk, "sums.safetensors", memoryless(modularArithmeticTask()));

/** What the command prints, says and returns, given a line and standard input. */
async function run(
  line: string[],
  input: string | Uint8Array = "",
  columns: number | null = null,
  shipped = "weights",
) {
  const { terminal, ...written } = memoryTerminal(columns);
  let [clock, asked] = [0, 0];
  const code = await answerCommand(line, {
    files: disk,
    shipped,
    terminal,
    now: () => clock += 20,
    inputIsTerminal: () => columns !== null,
    readInput(atMost) {
      asked = atMost;
      return Promise.resolve(typeof input === "string" ? encode(input) : input);
    },
  });
  return { code, asked, ...written };
}

Deno.test("the answer is printed and nothing is said of a right one", async () => {
  const { code, printed, noted, asked } = await run(["A string to reverse"]);
  assertEquals([code, printed, noted, asked], [0, ["esrever ot gnirts A"], [], 0]);
});

Deno.test("every ASCII character is taken as it is", async () => {
  const all = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
  const { code, printed, noted } = await run(["--", all]);
  assertEquals([code, printed, noted], [0, [[...all].reverse().join("")], []]);
});

Deno.test("without an argument the text is standard input, without the line break at its end", async () => {
  const inputs = { "ab\n": "ba", "ab\r\n": "ba", "ab": "ba", "ab\n\n": "\nba", "a\nb\n": "b\na" };
  for (const [input, answer] of Object.entries(inputs)) {
    const { printed, asked } = await run([], input);
    assertEquals(printed, [answer], JSON.stringify(input));
    assert(asked >= 1_000_000 && asked <= 2 ** 23);
  }
});

Deno.test("someone who would have to type is asked to", async () => {
  assertEquals((await run([], "ab\n", 80)).noted, [
    "Type a text with ASCII characters, and end it with Ctrl-D",
  ]);
  assertEquals((await run(["ab"], "", 80)).noted, []);
});

Deno.test("a wrong answer is printed as it is, with a note, and exit code 0", async () => {
  const { code, printed, noted } = await run(["Hello", "--run", "run"]);
  assertEquals([code, printed], [0, ["oll\0H"]]);
  assertEquals(noted, [
    "This answer is wrong (string reversal): 3 of 5 characters are right before the first mistake",
  ]);
});

Deno.test("a network of 16 characters answers texts that can be typed, and says which", async () => {
  const line = ["--run", "few.safetensors"];
  const { code, printed, noted } = await run(line, "deadbeef\n", 80);
  assertEquals([code, printed[0]], [0, "feebdaed"]);
  assertEquals(noted, [
    'Type a text with characters of "abcdefghijklmnop", and end it with Ctrl-D',
  ]);
  const shown = (await run([...line, "--show", "p"])).printed;
  assertMatch(shown[4], /^ +2 {2}p /);
});

Deno.test("weights without a checksum answer, with a note on standard error", async () => {
  const { code, printed, noted } = await run(["abc", "--run", "elsewhere.safetensors"]);
  assertEquals([code, printed, noted.length], [0, ["cba"], 1]);
  assertStringIncludes(noted[0], "elsewhere.safetensors has no checksum");
});

Deno.test("a text that has no right answer is answered, and a note says why there is none", async () => {
  const { code, printed, noted } = await run(["abc", "--run", "flipper.safetensors"]);
  assertEquals([code, printed], [0, ["\0".repeat(6)]]);
  assertEquals(noted, [
    "There is no right answer to this text (bigram flipping): " +
    "wanted an even number of characters, got 3",
  ]);
  const even = await run(["ab", "--run", "flipper.safetensors"]);
  assertEquals(even.noted, [
    "This answer is wrong (bigram flipping): 0 of 2 characters are right before the first mistake",
  ]);
});

Deno.test("a network that answers in place is held to the answer of its task", async () => {
  const said: [path: string, text: string, printed: string, noted: string[]][] = [
    ["bits", "000", "000", []],
    ["bits", "100", "000", [
      "This answer is wrong (reversing bits): 2 of 3 characters are right before the first mistake",
    ]],
    ["undo", "w0i1rw0urr", "000", []],
    ["undo", "w0rw1r", "00", [
      "This answer is wrong (a flip-flop with undo): 1 of 2 characters are right before the first mistake",
    ]],
    ["stack", "0 1 pop", "0 0", [
      "This answer is wrong (stack manipulation): all 1 words are right, but it does not end there",
    ]],
    ["sums", "(1-(2+-1))", "0", []],
  ];
  for (const [path, text, answer, notes] of said) {
    const { code, printed, noted } = await run([text, "--run", `${path}.safetensors`]);
    assertEquals([code, printed, noted], [0, [answer], notes]);
  }
});

Deno.test("where the target says when to answer, a text without one is refused", async () => {
  const refused: [path: string, text: string, wanted: string, got: string][] = [
    ["sums", "1+1", "an expression such as (1-(2+-1))", "another string of its characters"],
    ["stack", "pop 1", "one bit or more, then instructions", "a bit after an instruction"],
    ["bits", "01a", 'characters of "01"', '"a" (U+0061) as character 3'],
  ];
  for (const [path, text, wanted, got] of refused) {
    const { code, printed, noted } = await run([text, "--run", `${path}.safetensors`]);
    assertEquals([code, printed], [2, []]);
    assertEquals(noted, [`Cannot answer a text: wanted ${wanted}, got ${got}`]);
  }
});

Deno.test("words of a sentence are read and written with blanks between them", async () => {
  const answers = {
    "si1 vi2 oi3": "This answer is wrong (SVO-SOV reordering): " +
      "0 of 3 words are right before the first mistake",
    "si1 oi3 vi2": "There is no right answer to this text (SVO-SOV reordering): " +
      "wanted a sentence of the task's grammar, got another sequence of words",
  };
  for (const [text, note] of Object.entries(answers)) {
    const { code, printed, noted } = await run([text, "--run", "sentences.safetensors"]);
    assertEquals([code, printed, noted], [0, ["rpi rpi rpi rpi rpi rpi"], [note]]);
  }
});

Deno.test("an unknown word is named in one sentence", async () => {
  const { code, printed, noted } = await run(["si1 vi34", "--run", "sentences.safetensors"]);
  assertEquals([code, printed], [2, []]);
  assertEquals(noted, [
    'Cannot answer a text: wanted the task\'s 200 words, such as "rpi", got "vi34" as word 2',
  ]);
});

Deno.test("an answer that does not end is not right", async () => {
  const { code, printed, noted } = await run(["abc", "--run", "endless.safetensors"]);
  assertEquals([code, printed], [0, ["cba\0\0\0"]]);
  assertEquals(noted, [
    "This answer is wrong (string reversal): all 3 characters are right, but it does not end there",
  ]);
});

Deno.test("--show adds the controls of the stack at each step, and what was on it", async () => {
  const { code, printed } = await run(["a b", "--show"]);
  assertEquals(code, 0);
  assertEquals(printed.slice(0, 11), [
    "b a",
    "",
    "step  read        written       pop   push  stack, its top on the right",
    "   1  start                   0.000  1.000  █",
    "   2  a                       0.000  1.000  ██",
    "   3  ␣                       0.000  1.000  ███",
    "   4  b                       0.000  1.000  ████",
    "   5  separator   b           1.000  0.000  ███",
    "   6  b           ␣           1.000  0.000  ██",
    "   7  ␣           a           1.000  0.000  █",
    "   8  a           terminator  1.000  0.000",
  ]);
  assert(printed.every((line) => [...line].length <= 80));
});

Deno.test("--show of a network without a memory is refused", async () => {
  const { code, printed, noted } = await run(["a", "--show", "--run", "memoryless.safetensors"]);
  assertEquals([code, printed], [2, []]);
  const wanted =
    "Cannot show the memory: wanted a network that has one in memoryless.safetensors, got one without";
  assertEquals(noted, [wanted]);
  assertEquals((await run(["a", "--run", "memoryless.safetensors"])).printed, ["\0\0"]);
});

Deno.test("a network of another task is held to that task's answers", async () => {
  const { code, printed, noted } = await run(["\0\0a", "--run", "memoryless.safetensors"]);
  assertEquals([code, printed], [0, ["\0\0\0\0\0\0"]]);
  assertEquals(noted, [
    "This answer is wrong (string copying): 2 of 3 characters are right before the first mistake",
  ]);
});

Deno.test("--build strict gives the same answer, and is nothing but a build", async () => {
  const strict = await run(["Hello", "--run", "run", "--build", "strict"]);
  assertEquals([strict.code, strict.printed], [0, ["oll\0H"]]);
  const { code, noted } = await run(["a", "--build", "fast"]);
  assertEquals(code, 2);
  assertEquals(noted, ['Cannot read --build: wanted relaxed or strict, got "fast"']);
});

Deno.test("thousands of characters are answered, and how far it is is shown", async () => {
  const text = "0123456789".repeat(600);
  const { code, printed, overwritten } = await run([text], "", 60);
  assertEquals([code, printed], [0, [[...text].reverse().join("")]]);
  assert(overwritten.length > 5);
  assertMatch(overwritten.at(-1)!, /^█{9,10}░? +\d+ %/);
});

Deno.test("100,000 characters are answered", async () => {
  const text = "0123456789".repeat(10_000), few = handMadeReverser(62); // "9" is the 62nd of them
  saveTrainedModel(disk, "digits.safetensors", few);
  const { code, printed, noted } = await run(["--run", "digits.safetensors"], text, null);
  assertEquals([code, printed[0] === [...text].reverse().join("")], [0, true]);
  assertEquals(noted.filter((line) => !line.startsWith("Answering: ")), []);
  disk.remove("digits.safetensors");
});

Deno.test("what cannot be answered is one sentence and exit code 2", async () => {
  const refused: [string[], string | Uint8Array, string][] = [
    [[""], "", "wanted at least 1 character, got an empty text"],
    [[], "", "wanted at least 1 character, got an empty text"],
    [[], "\n", "wanted at least 1 character, got an empty text"],
    [["Café"], "", 'wanted ASCII characters, got "é" (U+00E9) as character 4'],
    [[], "ab🙂", 'got "🙂" (U+1F642) as character 3'],
    [["\ufeffa"], "", "(U+FEFF) as character 1"],
    [[], Uint8Array.of(255, 254, 97, 0), "wanted text in UTF-8, got UTF-16"],
    [[], Uint8Array.of(97, 255), "wanted text in UTF-8, got bytes that are not"],
    [["a".repeat(1_000_001)], "", "wanted at most 1,000,000 characters, got 1,000,001"],
    [[], "a".repeat(1_000_002), "wanted at most 1,000,000 characters"],
    [
      ["two", "words"],
      "",
      'wanted one text, in quotes if it contains spaces, got "two" and "words"',
    ],
    [["a", "b", "c"], "", "in quotes if it contains spaces, got 3 words"],
    [["--shwo", "a"], "", "such as --show"],
    [["-5 degrees"], "", "got -5"],
    [["a", "--run"], "", "wanted a value after --run"],
    [["a", "--run", "nowhere"], "", "Cannot use nowhere: wanted a run folder"],
    [["abuzz", "--run", "few.safetensors"], "", 'wanted characters of "abcdefghijklmnop", got "u"'],
  ];
  for (const [line, input, part] of refused) {
    const { code, printed, noted } = await run(line, input);
    assertEquals([code, printed, noted.length], [2, [], 1], part);
    assertStringIncludes(noted[0], part);
    assertMatch(noted[0], /^Cannot [^\n]+: wanted [^\n]+, got [^\n]+$/);
  }
});

Deno.test("the shipped network of a task answers, by default that of the first task", async () => {
  const first = await run(["ab", "--task", "reversal"]);
  assertEquals([first.code, first.printed], [0, (await run(["ab"])).printed]);
  const { code, printed, noted } = await run(["si1 vi2 oi3", "--task", "svo-sov"]);
  assertEquals([code, printed], [0, ["rpi rpi rpi rpi rpi rpi"]]);
  assertStringIncludes(noted[0], "This answer is wrong (SVO-SOV reordering): ");
});

Deno.test("a task without a shipped network is refused with those that have one", async () => {
  const { code, asked, printed, noted } = await run(["--task", "copy"], "", 80);
  assertEquals([code, asked, printed], [2, 0, []]);
  assertEquals(noted, [
    "Cannot answer a text: wanted --run, or a --task with a network in weights " +
    "(reversal or svo-sov), got --task copy",
  ]);
});

Deno.test("a task beside a run, or a task that there is not, is refused", async () => {
  const both = await run(["ab", "--task", "reversal", "--run", "run"]);
  assertEquals([both.code, both.printed], [2, []]);
  assertEquals(both.noted, ["Cannot read the options: wanted --task or --run, got both"]);
  const unknown = await run(["ab", "--task", "sorting"]);
  assertEquals([unknown.code, unknown.noted.length], [2, 1]);
  assertStringIncludes(unknown.noted[0], "Cannot read --task: wanted reversal, copy, ");
});

Deno.test("shipped weights that are not there, or damaged, are named", async () => {
  const kept = disk.readText(SHIPPED);
  disk.writeText(SHIPPED, kept.slice(0, -1));
  const damaged = await run(["a"]);
  disk.remove(SHIPPED);
  const gone = await run(["a"]);
  disk.writeText(SHIPPED, kept);
  assertEquals([damaged.code, gone.code], [2, 2]);
  assertStringIncludes(damaged.noted[0], `Cannot read ${SHIPPED}: wanted`);
  assertEquals(gone.noted, [
    "Cannot answer a text: wanted --run, or a --task with a network in weights (svo-sov), " +
    "got --task reversal",
  ]);
  assertEquals(gone.asked, 0); // before anybody has typed anything
  const nowhere = await run(["a"], "", null, "elsewhere");
  assertEquals([nowhere.code, nowhere.noted], [2, [
    "Cannot answer a text: wanted --run, or a --task with a network in elsewhere (none has one), " +
    "got --task reversal",
  ]]);
});

Deno.test("--help shows how to use it, on lines of at most 100 columns", async () => {
  const { code, printed } = await run(["--help"]);
  assertEquals(code, 0);
  assertStringIncludes(printed.join("\n"), "Usage: deno task answer");
  assert(printed.every((line) => line.length <= 100));
});
