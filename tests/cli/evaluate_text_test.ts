/** `deno task evaluate` of a network that was trained on text, with files in memory. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { evaluateCommand } from "@/cli/evaluate.ts";
import { trainCommand } from "@/cli/train.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { Experiment } from "@/runs/run.ts";
import { createAlphabet, type TextUnit } from "@/text/alphabet.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { saveTextModel } from "@/weights/text_model.ts";
import { loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { textDisk, tinyTextExperiment } from "../training/tiny_text.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";

/** A network that takes all symbols for equally likely. */
function saveUniform(files: MemoryDisk, path: string, text: string, unit: TextUnit) {
  const alphabet = createAlphabet(text, unit);
  const sizes = { layers: 1, hidden: 2, embedding: 2, valueWidth: 0, symbols: alphabet.size };
  const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
  const zeros = Object.entries(zeroParameters(shape)).map(([name, numbers]) =>
    [name, Float32Array.from(numbers)] as const
  );
  saveTextModel(files, path, { alphabet, shape, parameters: Object.fromEntries(zeros) });
}

function diskWithNetworks(): MemoryDisk {
  const files = textDisk("dab\ncab\n".repeat(3));
  files.writeText("one.txt", "a");
  files.writeBytes("other.txt", new TextEncoder().encode("abba\nüb"));
  files.writeText("empty.txt", "");
  saveUniform(files, "eight.safetensors", "\nabcdefg", "characters");
  saveUniform(files, "bytes.safetensors", "", "bytes");
  saveTrainedModel(files, "strings.safetensors", handMadeReverser(6));
  return files;
}

async function evaluate(line: string, files = diskWithNetworks(), changes: Circumstances = {}) {
  const host = memoryHost({ ...changes, files });
  const code = await evaluateCommand(line === "" ? [] : line.split(" "), host);
  return { ...host, code };
}

/** A run of six updates in the folder a, and the measures that it printed. */
async function trainTiny(...line: string[]) {
  const files = textDisk(), experiment = tinyTextExperiment(files) as unknown as Experiment;
  const host = memoryHost({ files, experiments: [experiment] });
  const sizes = "--hidden 4 --embedding 2 --batch 3 --truncate 5 --characters 90".split(" ");
  const words = ["--corpus", "my.txt", ...sizes, "--run-folder", "a", "--json", ...line];
  assertEquals(await trainCommand(words, host, [experiment]), 0, host.noted.join("\n"));
  const measures: Record<string, number> = JSON.parse(host.printed.at(-1)!).measures;
  return { files, measures };
}

Deno.test("a run is scored on the text that it has held out: the bits of its best validation, to the last digit", async () => {
  for (
    const [line, noun] of [["", "character"], ["--wrap 9 --held-out 0.3", "character"], [
      "--unit bytes",
      "byte",
    ]]
  ) {
    const { files, measures } = await trainTiny(...line === "" ? [] : line.split(" "));
    const { code, printed, noted } = await evaluate("a --json", files);
    assertEquals(code, 0, noted.join("\n"));
    const { bits, perplexity, symbols, task, corpus, seconds } = JSON.parse(printed.at(-1)!);
    assertEquals([bits, perplexity], [measures[`bits per ${noun}`], measures.perplexity]);
    assertEquals([task, corpus, seconds > 0], ["text", "my.txt", true]);
    assertEquals(printed.slice(0, 2), [`text: the last ${symbols} ${noun}s of my.txt`, ""]);
    assertEquals(printed[2], `bits per ${noun}  ${bits.toFixed(3)}`);
    assertMatch(printed[3], /^perplexity +\d+(\.\d+)?$/);
  }
});

Deno.test("--corpus names another text, of which all is scored with the alphabet of the network", async () => {
  const eight = await evaluate("eight.safetensors --corpus my.txt");
  assertEquals(eight.printed, [
    "text: all 24 characters of my.txt",
    "",
    "bits per character  3.000",
    "perplexity          8",
  ]);
  assertEquals(eight.noted[0], "Evaluating eight.safetensors");
  assertStringIncludes(eight.noted[1], "24 of 24 characters");
  const bytes = await evaluate("bytes.safetensors --corpus other.txt");
  assertEquals(bytes.printed, [
    "text: all 8 bytes of other.txt",
    "",
    "bits per byte  8.000",
    "perplexity     256",
  ]);
});

Deno.test("Ctrl-C stops it with exit code 130 and no scores", async () => {
  const { code, printed, noted, workers } = await evaluate(
    "eight.safetensors --corpus my.txt",
    diskWithNetworks(),
    { stopAtReading: 1 },
  );
  assertEquals([code, printed, workers.open], [130, [], 0]);
  assertMatch(noted.at(-1)!, /^Stopped after \d+ of 24 characters; no scores$/);
});

Deno.test("weights without a checksum are scored with a note", async () => {
  const files = diskWithNetworks();
  const { tensors, metadata } = loadWeights(files, "eight.safetensors");
  files.writeBytes("b.safetensors", writeSafetensors(tensors, { metadata, checksum: false }));
  const { code, noted } = await evaluate("b.safetensors --corpus my.txt", files);
  assertEquals(code, 0);
  assertStringIncludes(noted[0], "b.safetensors has no checksum");
});

const REFUSED: [line: string, message: string][] = [
  [
    "eight.safetensors --lengths 5",
    "Cannot evaluate eight.safetensors: wanted a network for a task on strings for --lengths, got one for text",
  ],
  [
    "eight.safetensors --corpus my.txt --seed 3",
    "for a task on strings for --seed, got one for text",
  ],
  ["eight.safetensors --corpus my.txt --strings 3", "for --strings, got one for text"],
  [
    "strings.safetensors --corpus my.txt",
    "Cannot evaluate strings.safetensors: wanted a network for text for --corpus, got one for string reversal",
  ],
  [
    "eight.safetensors --corpus nowhere",
    "Cannot read nowhere: wanted a file, moby-dick or typescript, got nothing",
  ],
  [
    "eight.safetensors --corpus empty.txt",
    "Cannot read empty.txt: wanted a text in UTF-8, got an empty file",
  ],
  [
    "eight.safetensors --corpus one.txt",
    "Cannot evaluate on one.txt: wanted a text of at least 2 characters, got 1",
  ],
  ["eight.safetensors --corpus other.txt", 'got "ü" (U+00FC) as character 6'],
  [
    "eight.safetensors",
    "Cannot evaluate eight.safetensors: wanted --corpus, or the settings of a run in the metadata, got none",
  ],
];

Deno.test("bad input is refused in one sentence with exit code 2, before anything is evaluated", async () => {
  for (const [line, message] of REFUSED) {
    const { code, printed, noted, workers } = await evaluate(line);
    assertEquals([code, printed, noted.length, workers.started], [2, [], 1, 0], line);
    assertMatch(noted[0], /^Cannot [^:\n]+: wanted [^\n]+, got [^\n]+$/);
    assertStringIncludes(noted[0], message);
  }
});

Deno.test("a run whose text has changed since is refused, and scored with --corpus", async () => {
  const { files } = await trainTiny();
  files.writeText("my.txt", "a sea ".repeat(200));
  const { code, noted } = await evaluate("a", files);
  assertEquals(code, 2);
  assertMatch(
    noted[0],
    /^Cannot evaluate a.best.safetensors: wanted my\.txt with the SHA-256 \w{12}…, got the SHA-256 \w{12}…$/,
  );
  assertEquals((await evaluate("a --corpus my.txt", files)).code, 0);
});
