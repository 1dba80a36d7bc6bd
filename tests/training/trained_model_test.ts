import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { UserError } from "@/io/user_error.ts";
import { loadTrainedModel, saveTrainedModel, weightsOfRun } from "@/training/trained_model.ts";
import { loadWeights, saveWeights } from "@/training/weights_file.ts";
import { handMadeReverser } from "./hand_made_network.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

const lstm: SequenceModelShape = {
  cell: "lstm",
  layers: 2,
  hidden: 5,
  embedding: 4,
  memory: "stack",
  valueWidth: 3,
  symbols: 9,
};
const rnn: SequenceModelShape = { ...lstm, cell: "rnn", layers: 1, memory: "none", valueWidth: 0 };

function drawn(shape: SequenceModelShape): Record<string, Float32Array> {
  const parameters = Object.entries(initialParameters(shape, seededRandom(1)));
  return Object.fromEntries(parameters.map(([name, data]) => [name, Float32Array.from(data)]));
}

/** A disk with the network in "w", some of its metadata replaced, or left out where they are null. */
function diskWith(
  changes: Record<string, string | null>,
  shape: SequenceModelShape = lstm,
): MemoryDisk {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", { shape, parameters: drawn(shape) });
  const { tensors, metadata } = loadWeights(files, "w");
  const changed = Object.entries({ ...Object.fromEntries(metadata), ...changes });
  saveWeights(
    files,
    "w",
    tensors,
    changed.filter((pair): pair is [string, string] => pair[1] !== null),
  );
  return files;
}

Deno.test("a network is loaded as it was saved, with or without a stack", () => {
  for (const shape of [lstm, rnn]) {
    const files = new MemoryDisk(), parameters = drawn(shape);
    saveTrainedModel(files, "w", { shape, parameters });
    const model = loadTrainedModel(files, "w");
    assertEquals(model.shape, shape);
    assertEquals(model.symbols.characters, 6);
    assertEquals(model.parameters, parameters);
  }
});

Deno.test("a weights file says all that is needed to use it, as texts, and what else is noted", () => {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", { shape: lstm, parameters: drawn(lstm) }, [["seed", "7"]]);
  const { tensors, metadata } = loadWeights(files, "w");
  assertEquals(Object.fromEntries(metadata), {
    task: "string reversal",
    characters: "6",
    cell: "lstm",
    layers: "2",
    hidden: "5",
    embedding: "4",
    memory: "stack",
    valueWidth: "3",
    symbols: "9",
    seed: "7",
  });
  const shapes = [...tensors].map(([name, { shape }]) => [name, shape]);
  assertEquals(Object.fromEntries(shapes), Object.fromEntries(parameterShapes(lstm)));
});

Deno.test("what cannot be a network is not saved", () => {
  const files = new MemoryDisk(), parameters = drawn(lstm);
  const save = (changes: Record<string, Float32Array>, notes: [string, string][] = []) =>
    saveTrainedModel(files, "w", { shape: lstm, parameters: { ...parameters, ...changes } }, notes);
  assertThrows(() => save({ "push.bias": Float32Array.of(NaN) }), RangeError, "push.bias");
  assertThrows(() => save({ "push.bias": new Float32Array(2) }), TypeError, "push.bias");
  assertThrows(() => save({ other: new Float32Array(2) }), TypeError, "other");
  assertThrows(() => save({}, [["hidden", "6"]]), TypeError, "hidden");
  const bare = { ...rnn, symbols: 3 };
  assertThrows(
    () => saveTrainedModel(files, "w", { shape: bare, parameters: drawn(bare) }),
    RangeError,
  );
  assertEquals(files.snapshot(), []);
});

Deno.test("metadata that promise other tensors than there are, are refused in one sentence", () => {
  const wrong: [Record<string, string | null>, string][] = [
    [{ task: "copying" }, 'wanted task "string reversal" in its metadata, got "copying"'],
    [{ task: null }, 'wanted task "string reversal" in its metadata, got none'],
    [{ cell: "gru" }, 'wanted cell "rnn" or "lstm" in its metadata, got "gru"'],
    [{ cell: "rnn" }, 'wanted "cells.0.weight_ih" F32 of shape [5,7], got F32 of shape [20,7]'],
    [{ memory: "queue" }, 'wanted memory "stack" or "none" in its metadata, got "queue"'],
    [{ memory: "none" }, 'wanted valueWidth 0 in its metadata, got "3"'],
    [{ memory: "none", valueWidth: "0" }, 'wanted "cells.0.weight_ih"'],
    [{ layers: "1" }, 'wanted only the tensors of this model, got "cells.1.'],
    [{ layers: "3" }, 'wanted "cells.2.weight_ih" F32 of shape [20,5], got none'],
    [{ layers: "999999999" }, "wanted layers from 1 to 21 in its metadata, got"],
    [{ hidden: "6" }, 'wanted "cells.0.weight_ih"'],
    [{ hidden: "0" }, 'wanted hidden from 1 to 1073741824 in its metadata, got "0"'],
    [{ hidden: "-5" }, 'got "-5"'],
    [{ hidden: "5.0" }, 'got "5.0"'],
    [{ hidden: "5e0" }, 'got "5e0"'],
    [{ hidden: "" }, 'got ""'],
    [{ hidden: null }, "got none"],
    [{ embedding: "5" }, 'wanted "embedding.weight" F32 of shape [9,5], got F32 of shape [9,4]'],
    [{ valueWidth: "4" }, 'wanted "cells.0.weight_ih"'],
    [{ characters: "7" }, 'wanted symbols 10 in its metadata, got "9"'],
    [{ symbols: "10" }, 'wanted symbols 9 in its metadata, got "10"'],
    [{ characters: "7", symbols: "10" }, 'wanted "embedding.weight" F32 of shape [10,4]'],
    [{ characters: "1073741825" }, "wanted characters from 1 to 1073741824"],
  ];
  for (const [changes, sentence] of wrong) {
    const error = assertThrows(() => loadTrainedModel(diskWith(changes), "w"), UserError);
    assertStringIncludes(error.message, sentence);
    assertMatch(error.message, /^Cannot use w: wanted [^\n]+, got [^\n]+$/);
  }
});

Deno.test("tensors of another type are refused", () => {
  const files = diskWith({}), { tensors, metadata } = loadWeights(files, "w");
  const wide = [...tensors].map(([name, { shape, data }]) =>
    [name, { shape, data: Float64Array.from(data) }] as const
  );
  saveWeights(files, "w", wide, metadata);
  assertThrows(() => loadTrainedModel(files, "w"), UserError, "got F64 of shape");
});

Deno.test("no damage to a byte of a weights file goes unnoticed", () => {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", handMadeReverser(2));
  const text = files.readText("w");
  for (let at = 0; at < text.length; at++) {
    const bad = String.fromCharCode(text.charCodeAt(at) ^ (1 << at % 8));
    files.writeText("w", text.slice(0, at) + bad + text.slice(at + 1));
    assertThrows(() => loadTrainedModel(files, "w"), UserError);
  }
});

Deno.test("a run's weights are the best in its folder, or the file that was named", () => {
  const files = new MemoryDisk();
  for (const folder of ["run", "run/best.safetensors", "empty"]) files.makeFolder(folder);
  files.makeFolder("good");
  files.writeText("good/best.safetensors", "");
  files.writeText("w.safetensors", "");
  assertEquals(weightsOfRun(files, "good"), "good/best.safetensors");
  assertEquals(weightsOfRun(files, "good/"), "good/best.safetensors");
  assertEquals(weightsOfRun(files, "w.safetensors"), "w.safetensors");
  const sentence = "wanted a run folder with best.safetensors in it, or a weights file, got";
  assertThrows(() => weightsOfRun(files, "run"), UserError, `${sentence} a folder without`);
  assertThrows(() => weightsOfRun(files, "empty"), UserError, `${sentence} a folder without`);
  assertThrows(() => weightsOfRun(files, "gone"), UserError, `${sentence} nothing`);
});
