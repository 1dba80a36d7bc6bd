import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { sampleCommand } from "@/cli/sample.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { type Alphabet, createAlphabet } from "@/text/alphabet.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { saveTextModel } from "@/weights/text_model.ts";
import { loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { memoryHost } from "./memory_host.ts";

/** A network that prefers the symbol after the one that it reads: embeddings are one-hot, and the cell passes them on. */
function successor(alphabet: Alphabet, gain = 3) {
  const K = alphabet.size;
  const sizes = { layers: 1, hidden: K, embedding: K, valueWidth: 0, symbols: K };
  const shape: SequenceModelShape = { cell: "rnn", memory: "none", ...sizes };
  const zeros = Object.entries(zeroParameters(shape)).map(([name, numbers]) =>
    [name, Float32Array.from(numbers)] as const
  );
  const parameters = Object.fromEntries(zeros);
  for (let k = 0; k < K; k++) {
    parameters["embedding.weight"][k * K + k] = 9;
    parameters["cells.0.weight_ih"][k * K + k] = 1;
    parameters["logits.weight"][((k + 1) % K) * K + k] = gain;
  }
  return { alphabet, shape, parameters };
}

const files = new MemoryDisk();
files.makeFolder("run");
files.makeFolder("empty");
saveTextModel(files, "run/best.safetensors", successor(createAlphabet("\nabcdé", "characters")));
saveTextModel(files, "bytes.safetensors", successor(createAlphabet("", "bytes"), 30));
saveTextModel(files, "few.safetensors", successor(createAlphabet("xy", "characters")));
saveTrainedModel(files, "strings.safetensors", handMadeReverser(6));
const { tensors, metadata } = loadWeights(files, "run/best.safetensors");
files.writeBytes("elsewhere.safetensors", writeSafetensors(tensors, { metadata, checksum: false }));

async function run(...line: string[]) {
  const { printed, noted, ...host } = memoryHost({ files });
  const code = await sampleCommand(line, host);
  return { code, printed, noted };
}

Deno.test("the text is the prompt and what follows; without a prompt the line break that is read is not shown", async () => {
  assertEquals(await run("run", "--argmax", "--length", "5", "--prompt", "ab"), {
    code: 0,
    printed: ["abcdé\na"],
    noted: [],
  });
  assertEquals((await run("run", "--argmax", "--length", "5")).printed, ["abcdé"]);
  assertEquals((await run("few.safetensors", "--argmax", "--length", "3")).printed, ["yxy"]);
});

Deno.test("argmax, temperature 0 and the one likeliest character are the same, and repeat themselves", async () => {
  for (const line of [["--argmax"], ["--temperature", "0"], ["--top-k", "1"]]) {
    const { printed } = await run("run", "--length", "240", ...line);
    assertEquals(printed, ["abcdé\n".repeat(40)], line.join(" "));
  }
});

Deno.test("the same seed writes the same text, another seed or temperature another one", async () => {
  const text = async (...line: string[]) =>
    (await run("run", "--length", "200", ...line)).printed[0];
  const first = await text();
  assertEquals(await text("--seed", "1", "--temperature", "0.7"), first);
  for (const line of [["--seed", "2"], ["--temperature", "2"], ["--top-k", "2"]]) {
    assertNotEquals(await text(...line), first);
  }
  assertEquals([...first].length, 200);
  assert(new Set(await text("--temperature", "1000")).size === 6);
});

Deno.test("bytes that make no text are replaced, and control characters are shown as pictures", async () => {
  const bytes = await run("bytes.safetensors", "--argmax", "--length", "4", "--prompt", "\x1a");
  assertEquals(bytes.printed, ["␚␛␜␝␞"]);
  const high = await run("bytes.safetensors", "--argmax", "--length", "3", "--prompt", "~");
  assertEquals(high.printed, ["~␡\ufffd\ufffd"]);
});

Deno.test("a long text shows its progress", async () => {
  const { noted, printed } = await run("run", "--length", "6000");
  assertEquals(noted.at(-1), "Sampling: 100 %");
  assertEquals([...printed[0]].length, 6000);
});

Deno.test("weights of another program are used with a warning", async () => {
  const { code, noted } = await run("elsewhere.safetensors", "--length", "1");
  assertEquals(code, 0);
  assertMatch(noted[0], /^elsewhere.safetensors has no checksum/);
});

Deno.test("the hidden states after each character, the prompt's included, are saved for other tools", async () => {
  const line = ["run", "--argmax", "--prompt", "aé", "--length", "3", "--states", "states"];
  const { code, printed, noted } = await run(...line);
  assertEquals([code, printed], [0, ["aé\nab"]]);
  assertEquals(noted, ["Hidden states after 5 characters: states"]);
  const { tensors, metadata } = loadWeights(files, "states");
  const { alphabet: { size } } = successor(createAlphabet("\nabcdé", "characters"));
  const h = tensors.get("h.0")!, rows = [...tensors.get("symbols")!.data];
  assertEquals(h.shape, [5, size]);
  // Unit k of this network is high after symbol k alone.
  const highest = rows.map((_, t) => h.data.subarray(t * size, (t + 1) * size))
    .map((row) => row.indexOf(Math.max(...row)));
  assertEquals([rows, highest], [[1, 5, 0, 1, 2], [1, 5, 0, 1, 2]]);
  assertEquals(metadata.get("network"), "run/best.safetensors");
});

Deno.test("with length 0 the network only reads", async () => {
  const line = ["run", "--prompt", "ab", "--length", "0", "--states", "two"];
  assertEquals((await run(...line)).printed, ["ab"]);
  assertEquals(loadWeights(files, "two").tensors.get("h.0")!.shape, [2, 6]);
});

const REFUSED: [line: string[], message: string][] = [
  [[], "Cannot sample: wanted one run folder or weights file, got none"],
  [
    ["none"],
    "Cannot use none: wanted a run folder with best.safetensors in it, or a weights file, got nothing",
  ],
  [["empty"], "got a folder without"],
  [["strings.safetensors"], 'wanted task "text" in its metadata, got "string reversal"'],
  [
    ["run", "--prompt", "ab ü"],
    'Cannot read --prompt: wanted characters of "\\nabcdé", got " " (U+0020) as character 3',
  ],
  [["run", "--prompt", ""], "wanted a value after --prompt, got nothing"],
  [["run", "--temperature", "-1"], "Cannot read --temperature: wanted a number of at least 0"],
  [["run", "--top-k", "0"], "Cannot read --top-k: wanted an integer of at least 1"],
  [["run", "--argmax", "--temperature", "1"], "wanted --argmax or --temperature, got both"],
  [["run", "--states", ""], "wanted a value after --states, got nothing"],
  [
    ["run", "--states", "run/best.safetensors"],
    "Cannot save the states: wanted the name of a new file for --states, got run/best.safetensors, which exists",
  ],
  [
    ["run", "--states", "nowhere/states"],
    "Cannot save the states: wanted a folder that exists for --states, got nowhere",
  ],
  [["run", "--argmax", "--top-k", "2"], "wanted --argmax or --top-k, got both"],
];

Deno.test("bad input is refused in one sentence with exit code 2", async () => {
  for (const [line, message] of REFUSED) {
    const { code, printed, noted } = await run(...line);
    assertEquals([code, printed, noted.length], [2, [], 1], line.join(" "));
    assertMatch(noted[0], /^Cannot [^:\n]+: wanted [^\n]+, got [^\n]+$/);
    assert(noted[0].includes(message), noted[0]);
  }
});
