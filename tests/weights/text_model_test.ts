import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { type Alphabet, createAlphabet } from "@/text/alphabet.ts";
import { writeSafetensors } from "@/weights/safetensors.ts";
import { loadTextModel, saveTextModel, type TextModel } from "@/weights/text_model.ts";
import { loadTrainedModel, loadWeights, saveTrainedModel } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";

const characters = createAlphabet('\n "é😀', "characters");

function modelOf(alphabet: Alphabet): TextModel {
  const sizes = { layers: 2, hidden: 3, embedding: 2, valueWidth: 0, symbols: alphabet.size };
  const shape: SequenceModelShape = { cell: "lstm", memory: "none", ...sizes };
  const drawn = Object.entries(initialParameters(shape, seededRandom(1)));
  const parameters = drawn.map(([name, numbers]) => [name, Float32Array.from(numbers)] as const);
  return { alphabet, shape, parameters: Object.fromEntries(parameters) };
}

/** A file whose metadata are changed; null takes a text away. */
function diskWith(alphabet: Alphabet, changes: Record<string, string | null>): MemoryDisk {
  const files = new MemoryDisk();
  saveTextModel(files, "w", modelOf(alphabet));
  const { tensors, metadata } = loadWeights(files, "w");
  const texts = Object.entries({ ...Object.fromEntries(metadata), ...changes });
  const kept = texts.flatMap(([name, text]) => text === null ? [] : [[name, text] as const]);
  files.writeBytes("w", writeSafetensors(tensors, { metadata: kept }));
  return files;
}

Deno.test("a network for text is loaded as it was saved, with its alphabet and its notes", () => {
  for (const alphabet of [characters, createAlphabet("", "bytes")]) {
    const files = new MemoryDisk(), model = modelOf(alphabet);
    saveTextModel(files, "w", model, [["command", "deno task train"]]);
    const { metadata, warnings, ...loaded } = loadTextModel(files, "w");
    assertEquals(loaded, model);
    assertEquals([metadata.get("command"), metadata.get("task"), warnings], [
      "deno task train",
      "text",
      [],
    ]);
  }
});

Deno.test("metadata that do not agree with the tensors are refused in one sentence", () => {
  const wrong: [Record<string, string | null>, string][] = [
    [{ task: "string copying" }, 'wanted task "text" in its metadata, got "string copying"'],
    [{ task: null }, 'wanted task "text" in its metadata, got none'],
    [{ unit: "words" }, 'wanted unit "characters" or "bytes" in its metadata, got "words"'],
    [{ unit: "bytes" }, "wanted an empty alphabet in its metadata, got "],
    [{ unit: "bytes", alphabet: "" }, 'wanted symbols 256 in its metadata, got "5"'],
    [{ alphabet: null }, "wanted an alphabet of characters in order in its metadata, got none"],
    [{ alphabet: "ba" }, 'wanted an alphabet of characters in order in its metadata, got "ba"'],
    [{ alphabet: "aab" }, 'got "aab"'],
    [{ alphabet: "abcd" }, 'wanted symbols 4 in its metadata, got "5"'],
    [{ alphabet: "abcd", symbols: "4" }, 'wanted "embedding.weight" F32 of shape [4,2]'],
    [{ hidden: "4" }, 'wanted "cells.0.weight_ih"'],
  ];
  for (const [changes, sentence] of wrong) {
    const error = assertThrows(() => loadTextModel(diskWith(characters, changes), "w"), UserError);
    assertStringIncludes(error.message, sentence);
    assertMatch(error.message, /^Cannot use w: wanted [^\n]+, got [^\n]+$/);
  }
});

Deno.test("a network for text and one for a task on strings are told apart", () => {
  const files = new MemoryDisk();
  saveTextModel(files, "text", modelOf(characters));
  saveTrainedModel(files, "strings", handMadeReverser(6));
  const { message } = assertThrows(() => loadTrainedModel(files, "text"), UserError);
  assertEquals(
    message,
    "Cannot use text: wanted a network for a task on strings, " +
      "got one for text, with which deno task sample writes",
  );
  assertThrows(() => loadTextModel(files, "strings"), UserError, 'got "string reversal"');
});

Deno.test("a network that could not be loaded is not saved", () => {
  const files = new MemoryDisk(), model = modelOf(characters);
  const other = { ...model, alphabet: createAlphabet("ab", "characters") };
  assertThrows(
    () => saveTextModel(files, "w", other),
    RangeError,
    "the alphabet's 2 symbols, got 5",
  );
  const broken = { ...model.parameters, "logits.bias": Float32Array.of(NaN, 0, 0, 0, 0) };
  assertThrows(() => saveTextModel(files, "w", { ...model, parameters: broken }), RangeError);
  assertThrows(() => saveTextModel(files, "w", model, [["unit", "x"]]), TypeError, "unit");
  assertEquals(files.snapshot(), []);
});

Deno.test("a file without a checksum is used with a warning", () => {
  const files = new MemoryDisk();
  saveTextModel(files, "w", modelOf(characters));
  const { tensors, metadata } = loadWeights(files, "w");
  files.writeBytes("w", writeSafetensors(tensors, { metadata, checksum: false }));
  const { warnings } = loadTextModel(files, "w");
  assert(warnings[0].includes("has no checksum"));
});
