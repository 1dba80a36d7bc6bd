import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { reverseCommand } from "@/cli/answer.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import { saveTrainedModel, type TrainedModel } from "@/weights/model_file.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const right = handMadeReverser(128);
/** Writes NUL in place of an "e". */
const stumbling = handMadeReverser(128, "e".charCodeAt(0));
/** Writes NUL in place of a terminator, for ever. */
const endless = endlessReverser();

function endlessReverser(): TrainedModel {
  const model = handMadeReverser(128), bias = model.parameters["logits.bias"];
  [bias[0], bias[model.symbols.terminator]] = [bias[model.symbols.terminator], 0];
  return model;
}

/** A network without a stack, all its parameters 0: it writes NUL for ever. */
function stackless(): Pick<TrainedModel, "shape" | "parameters"> {
  const sizes = { layers: 1, hidden: 2, embedding: 1, valueWidth: 0, symbols: 131 };
  const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
  const parameters = Object.entries(zeroParameters(shape)).map(([name, data]) =>
    [name, Float32Array.from(data)] as const
  );
  return { shape, parameters: Object.fromEntries(parameters) };
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

const SHIPPED = "weights/shipped.safetensors";
const disk = new SwiftDisk();
disk.makeFolder("run");
saveTrainedModel(disk, SHIPPED, right);
saveTrainedModel(disk, "run/best.safetensors", stumbling);
saveTrainedModel(disk, "endless.safetensors", endless);
saveTrainedModel(disk, "stackless.safetensors", stackless());
saveTrainedModel(disk, "few.safetensors", handMadeReverser(60));

/** What the command prints, says and returns, given a line and standard input. */
async function run(line: string[], input: string | Uint8Array = "", columns: number | null = null) {
  const [printed, noted, overwritten]: string[][] = [[], [], []];
  let [clock, asked] = [0, 0];
  const code = await reverseCommand(line, {
    files: disk,
    shippedWeights: SHIPPED,
    terminal: {
      print: (line) => void printed.push(line),
      note: (line) => void noted.push(line),
      overwrite: (line) => void overwritten.push(line),
      columns: () => columns,
    },
    now: () => clock += 20,
    inputIsTerminal: () => columns !== null,
    readInput(atMost) {
      asked = atMost;
      return Promise.resolve(typeof input === "string" ? encode(input) : input);
    },
  });
  return { code, printed, noted, overwritten, asked };
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

Deno.test("who would have to type is told so", async () => {
  assertEquals((await run([], "ab\n", 80)).noted, ["Type a text, and end it with Ctrl-D"]);
  assertEquals((await run(["ab"], "", 80)).noted, []);
});

Deno.test("a wrong answer is printed as it is, with a note, and exit code 0", async () => {
  const { code, printed, noted } = await run(["Hello", "--run", "run"]);
  assertEquals([code, printed], [0, ["oll\0H"]]);
  assertEquals(noted, [
    "This answer is wrong (string reversal): 3 of 5 characters are right before the first mistake",
  ]);
});

Deno.test("an answer that does not end is no reverse", async () => {
  const { code, printed, noted } = await run(["abc", "--run", "endless.safetensors"]);
  assertEquals([code, printed], [0, ["cba\0\0\0"]]);
  const wanted =
    "This answer is wrong (string reversal): all 3 characters are right, but it does not end there";
  assertEquals(noted, [wanted]);
});

Deno.test("--show adds what the stack was told, and what was on it", async () => {
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

Deno.test("--show of a network without a stack is refused", async () => {
  const { code, printed, noted } = await run(["a", "--show", "--run", "stackless.safetensors"]);
  assertEquals([code, printed], [2, []]);
  const wanted =
    "Cannot show the stack: wanted a network that has one in stackless.safetensors, got one without";
  assertEquals(noted, [wanted]);
  assertEquals((await run(["a", "--run", "stackless.safetensors"])).printed, ["\0\0"]);
});

Deno.test("thousands of characters are answered, and how far it is is shown", async () => {
  const text = "0123456789".repeat(600);
  const { code, printed, overwritten } = await run([text], "", 60);
  assertEquals([code, printed], [0, [[...text].reverse().join("")]]);
  assert(overwritten.length > 5);
  assertMatch(overwritten.at(-1)!, /^█{9,10}░? +\d+ %/);
});

Deno.test("100,000 characters are answered", async () => {
  const text = "0123456789".repeat(10_000), few = handMadeReverser(58); // "9" is the 58th of ASCII
  saveTrainedModel(disk, "digits.safetensors", few);
  const { code, printed, noted } = await run(["--run", "digits.safetensors"], text, null);
  assertEquals([code, printed[0] === [...text].reverse().join("")], [0, true]);
  assertEquals(noted.filter((line) => !line.startsWith("Reversing: ")), []);
  disk.remove("digits.safetensors");
});

Deno.test("what cannot be reversed is one sentence and exit code 2", async () => {
  const refused: [string[], string | Uint8Array, string][] = [
    [[""], "", "wanted at least 1 character, got an empty text"],
    [[], "", "wanted at least 1 character, got an empty text"],
    [[], "\n", "wanted at least 1 character, got an empty text"],
    [["Café"], "", 'wanted ASCII characters, got "é" (U+00E9) as character 4'],
    [[], "ab🙂", 'got "🙂" (U+1F642) as character 3'],
    [[], "\ufeffa", "(U+FEFF) as character 1"],
    [[], Uint8Array.of(97, 255), "got bytes that are no text"],
    [["a".repeat(1_000_001)], "", "wanted at most 1,000,000 characters, got 1,000,001"],
    [[], "a".repeat(1_000_002), "wanted at most 1,000,000 characters"],
    [["two", "words"], "", "wanted one text, in quotes if it contains spaces, got 2 words"],
    [["--shwo", "a"], "", "such as --show"],
    [["-5 degrees"], "", "got -5"],
    [["a", "--run"], "", "wanted a value after --run"],
    [["a", "--run", "nowhere"], "", "Cannot use nowhere: wanted a run folder"],
    [["a", "--run", "few.safetensors"], "", "wanted characters with codes from 0 to 59"],
  ];
  for (const [line, input, part] of refused) {
    const { code, printed, noted } = await run(line, input);
    assertEquals([code, printed, noted.length], [2, [], 1], part);
    assertStringIncludes(noted[0], part);
    assertMatch(noted[0], /^Cannot [^\n]+: wanted [^\n]+, got [^\n]+$/);
  }
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
    `Cannot reverse a text: wanted the project's weights in ${SHIPPED}, or others named by --run, got none`,
  ]);
  assertEquals(gone.asked, 0); // before anybody has typed anything
});

Deno.test("--help tells how to use it, on lines of at most 100 columns", async () => {
  const { code, printed } = await run(["--help"]);
  assertEquals(code, 0);
  assertStringIncludes(printed.join("\n"), "Usage: deno task reverse");
  assert(printed.every((line) => line.length <= 100));
});
