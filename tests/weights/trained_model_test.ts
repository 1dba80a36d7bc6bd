import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { reversalTask } from "@/tasks/reversal.ts";
import { createTask, TASK_NAMES } from "@/tasks/tasks.ts";
import { UserError } from "@/io/user_error.ts";
import {
  checkTensors,
  findWeights,
  loadTrainedModel,
  loadWeights,
  MAX_WEIGHTS_BYTES,
  saveTrainedModel,
  saveWeights,
  useModel,
} from "@/weights/trained_model.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";
import { disk } from "@/io/disk.ts";
import { type StoredTensor, writeSafetensors } from "@/weights/safetensors.ts";
import { inScratchFolder, mayScratch } from "../io/scratch_folder.ts";

const lstm: SequenceModelShape = {
  cell: "lstm",
  layers: 2,
  hidden: 5,
  embedding: 4,
  memory: "stack",
  valueWidth: 3,
  symbols: 9,
};
const task = reversalTask(6);
const gru: SequenceModelShape = { ...lstm, cell: "gru" };
const rnn: SequenceModelShape = { ...lstm, cell: "rnn", layers: 1, memory: "none", valueWidth: 0 };

function drawn(shape: SequenceModelShape): Record<string, Float32Array> {
  const parameters = Object.entries(initialParameters(shape, seededRandom(1)));
  return Object.fromEntries(parameters.map(([name, data]) => [name, Float32Array.from(data)]));
}

/** A disk with the network in "w" and some of its metadata replaced, or left out where they are null. */
function diskWith(
  changes: Record<string, string | null>,
  shape: SequenceModelShape = lstm,
): MemoryDisk {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", { task, shape, parameters: drawn(shape) });
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

Deno.test("a network is loaded as it was saved, for every task, with or without a stack", () => {
  for (const name of TASK_NAMES) {
    const task = createTask(name, 6), { size: symbols } = task.vocabulary;
    for (const shape of [lstm, rnn, gru].map((shape) => ({ ...shape, symbols }))) {
      const files = new MemoryDisk(), parameters = drawn(shape);
      saveTrainedModel(files, "w", { task, shape, parameters });
      const model = loadTrainedModel(files, "w");
      assertEquals(model.shape, shape);
      assertEquals([model.task.name, model.task.vocabulary], [name, task.vocabulary]);
      assertEquals(model.metadata.get("task"), task.title);
      assertEquals(model.parameters, parameters);
    }
  }
});

Deno.test("weights for another number of words than the task has are refused", () => {
  const svoSov = createTask("svo-sov"), shape = { ...lstm, symbols: svoSov.vocabulary.size };
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", { task: svoSov, shape, parameters: drawn(shape) });
  const { tensors, metadata } = loadWeights(files, "w");
  saveWeights(files, "w", tensors, new Map([...metadata, ["characters", "199"]]));
  const message = 'Cannot use w: wanted characters 200 in its metadata, got "199"';
  assertThrows(() => loadTrainedModel(files, "w"), UserError, message);
});

Deno.test("the metadata say as texts everything that is needed to use the network, and the notes", () => {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", { task, shape: lstm, parameters: drawn(lstm) }, [["seed", "7"]]);
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

Deno.test("a network whose logits see reads says so, and is loaded as one", () => {
  const files = new MemoryDisk(), shape = { ...lstm, logitsSeeReads: true };
  saveTrainedModel(files, "w", { task, shape, parameters: drawn(shape) });
  assertEquals(loadWeights(files, "w").metadata.get("logitsSeeReads"), "true");
  const { shape: loaded, parameters } = loadTrainedModel(files, "w");
  assertEquals([loaded, parameters], [shape, drawn(shape)]);
});

const superposition: SequenceModelShape = { ...lstm, memory: "superposition" };

Deno.test("a superposition stack's number of cells is in the metadata if it has one, and read back", () => {
  const textOf = (shape: SequenceModelShape) => {
    const files = diskWith({}, shape);
    assertEquals(loadTrainedModel(files, "w").shape, shape);
    return loadWeights(files, "w").metadata.get("memoryCells");
  };
  assertEquals([superposition, { ...superposition, memoryCells: 30 }].map(textOf), [
    undefined,
    "30",
  ]);
  const refused = (cells: string, shape: SequenceModelShape) =>
    assertThrows(() => loadTrainedModel(diskWith({ memoryCells: cells }, shape), "w"), UserError)
      .message;
  assertEquals(
    refused("0", superposition),
    'Cannot use w: wanted memoryCells from 1 to 1073741824 in its metadata, got "0"',
  );
  assertEquals(
    refused("30", lstm),
    'Cannot use w: wanted no memoryCells beside memory "stack" in its metadata, got "30"',
  );
});

Deno.test("a network that could not be loaded is not saved", () => {
  const files = new MemoryDisk(), parameters = drawn(lstm);
  const save = (changes: Record<string, Float32Array>, notes: [string, string][] = []) =>
    saveTrainedModel(
      files,
      "w",
      { task, shape: lstm, parameters: { ...parameters, ...changes } },
      notes,
    );
  assertThrows(() => save({ "push.bias": Float32Array.of(NaN) }), RangeError, "push.bias");
  assertThrows(() => save({ "push.bias": new Float32Array(2) }), TypeError, "push.bias");
  assertThrows(() => save({ other: new Float32Array(2) }), TypeError, "other");
  assertThrows(() => save({}, [["hidden", "6"]]), TypeError, "hidden");
  for (const symbols of [3, 8, 10]) {
    const other = { ...rnn, symbols };
    assertThrows(
      () => saveTrainedModel(files, "w", { task, shape: other, parameters: drawn(other) }),
      RangeError,
      `wanted the task's 9 symbols, got ${symbols}`,
    );
  }
  assertEquals(files.snapshot(), []);
});

Deno.test("metadata that do not agree with the tensors are refused in one sentence", () => {
  const wrong: [Record<string, string | null>, string][] = [
    [{ task: "copying" }, 'in its metadata, got "copying"'],
    [{ task: "" }, 'wanted task "string reversal" or '],
    [{ cell: "mru" }, 'wanted cell "lstm" or "rnn" or "gru" in its metadata, got "mru"'],
    [{ cell: "rnn" }, 'wanted "cells.0.weight_ih" F32 of shape [5,7], got F32 of shape [20,7]'],
    [{ memory: "belt" }, 'in its metadata, got "belt"'],
    [{ memory: "none" }, 'wanted valueWidth 0 in its metadata, got "3"'],
    [{ memory: "none", valueWidth: "0" }, 'wanted "cells.0.weight_ih"'],
    [{ logitsSeeReads: "true" }, 'wanted "logits.read_weight" F32 of shape [9,3], got none'],
    [
      { logitsSeeReads: "yes" },
      'wanted logitsSeeReads "true" or "false" in its metadata, got "yes"',
    ],
    [
      { logitsSeeReads: "true", memory: "none", valueWidth: "0" },
      "wanted no logitsSeeReads without a memory in its metadata",
    ],
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

/** A disk with the network in "w", as another program saves it: its tensors renamed and without a checksum. */
function savedElsewhere(
  metadata: "kept" | Iterable<readonly [string, string]> = "kept",
  rename = (name: string) => name,
): MemoryDisk {
  const files = diskWith({}), file = loadWeights(files, "w");
  const tensors = [...file.tensors].map(([name, tensor]) => [rename(name), tensor] as const);
  const texts = metadata === "kept" ? file.metadata : metadata;
  files.writeBytes("w", writeSafetensors(tensors, { metadata: texts, checksum: false }));
  return files;
}

const refusalOf = (files: MemoryDisk) =>
  assertThrows(() => loadTrainedModel(files, "w"), UserError).message;

Deno.test("tensors of another dtype are refused, with the conversion", () => {
  const files = diskWith({}), { tensors, metadata } = loadWeights(files, "w");
  const wide = [...tensors].map(([name, { shape, data }]) =>
    [name, { shape, data: Float64Array.from(data) }] as const
  );
  saveWeights(files, "w", wide, metadata);
  assertMatch(refusalOf(files), /, got F64 of shape \[\d.*\]: convert .*tensor\.float\(\)/);
});

Deno.test("a network without a checksum is loaded with a warning, one with a checksum without", () => {
  const { warnings, ...model } = loadTrainedModel(savedElsewhere(), "w");
  const ours = loadTrainedModel(diskWith({}), "w");
  assertEquals([model.parameters, model.shape], [ours.parameters, ours.shape]);
  assertEquals(warnings.length, 1);
  assertMatch(warnings[0], /^w has no checksum \(file_sha256 in its metadata\): /);
  assertEquals(ours.warnings, []);
  const strict = () => loadTrainedModel(savedElsewhere(), "w", { checksum: "required" });
  assertThrows(strict, UserError, "wanted a checksum in its metadata (file_sha256), got none");
});

Deno.test("a network with the checksum of other weights is refused, with what to leave out", () => {
  const files = diskWith({}), text = files.readText("w");
  files.writeText("w", `${text.slice(0, -1)}${text.at(-1) === "\0" ? "\x01" : "\0"}`);
  const sentence = "Cannot read w: wanted contents that match its checksum, got others: it was " +
    "damaged or edited; if you changed the weights, save them without file_sha256 in the metadata";
  assertEquals(refusalOf(files), sentence);
});

Deno.test("a network without metadata is refused, with the line of Python that keeps them", () => {
  for (const metadata of [[], [["format", "pt"]] as const]) {
    const sentence =
      "Cannot use w: wanted the network's task and shape in its metadata, as in the file " +
      'from which the weights came (in Python: m = safe_open(original, "pt").metadata(); ' +
      'm.pop("file_sha256", None); save_file(tensors, path, metadata=m)), got no task';
    assertEquals(refusalOf(savedElsewhere(metadata)), sentence);
  }
});

Deno.test("names with the prefix of a wrapped module are refused, with what to save instead", () => {
  const prefixes = { "module.": "model.module", "module._orig_mod.": "model.module._orig_mod" };
  for (const [prefix, model] of Object.entries(prefixes)) {
    const files = savedElsewhere("kept", (name) => `${prefix}${name}`);
    const sentence = `Cannot use w: wanted "embedding.weight" F32 of shape [9,4], got ` +
      `"${prefix}embedding.weight": save ${model}.state_dict() instead of model.state_dict()`;
    assertEquals(refusalOf(files), sentence);
  }
  const one = savedElsewhere("kept", (name) => name === "pop.bias" ? "module.pop.bias" : name);
  assertEquals(refusalOf(one).includes('got "module.pop.bias": save'), true);
  const other = savedElsewhere("kept", (name) => name === "pop.bias" ? "xpop.bias" : name);
  assertEquals(refusalOf(other), 'Cannot use w: wanted "pop.bias" F32 of shape [1], got none');
});

Deno.test("any flipped bit of a weights file is noticed", () => {
  const files = new MemoryDisk();
  saveTrainedModel(files, "w", handMadeReverser(2));
  const text = files.readText("w");
  const name = text.indexOf("file_sha256"), nameEnd = name + "file_sha256".length;
  let warned = 0;
  for (let at = 0; at < text.length; at++) {
    const bad = String.fromCharCode(text.charCodeAt(at) ^ (1 << at % 8));
    files.writeText("w", text.slice(0, at) + bad + text.slice(at + 1));
    let warnings: readonly string[] = [];
    try {
      warnings = loadTrainedModel(files, "w").warnings;
    } catch (error) {
      assert(error instanceof UserError);
      continue;
    }
    // Only a damaged name of the checksum is taken for that of a note.
    assertEquals([warnings.length, at >= name && at < nameEnd], [1, true], `${at}`);
    warned++;
  }
  assert(warned > 0);
});

Deno.test("the weights of a run are the best ones in its folder, or the given file", () => {
  const files = new MemoryDisk();
  for (const folder of ["run", "run/best.safetensors", "empty"]) files.makeFolder(folder);
  files.makeFolder("good");
  files.writeText("good/best.safetensors", "");
  files.writeText("w.safetensors", "");
  assertEquals(findWeights(files, "good"), "good/best.safetensors");
  assertEquals(findWeights(files, "good/"), "good/best.safetensors");
  assertEquals(findWeights(files, "w.safetensors"), "w.safetensors");
  const sentence = "wanted a run folder with best.safetensors in it, or a weights file, got";
  assertThrows(() => findWeights(files, "run"), UserError, `${sentence} a folder without`);
  assertThrows(() => findWeights(files, "empty"), UserError, `${sentence} a folder without`);
  assertThrows(() => findWeights(files, "gone"), UserError, `${sentence} nothing`);
});

const bias = (...numbers: number[]): [string, StoredTensor][] => [
  ["bias", { shape: [numbers.length], data: new Float32Array(numbers) }],
];
const loaded = (files: MemoryDisk) => [...loadWeights(files, "w").tensors.get("bias")!.data];

Deno.test("only a RangeError of a loaded network becomes the user's error", () => {
  const fail = (error: Error) => () =>
    useModel("w", () => {
      throw error;
    });
  const sentence = 'Cannot use w: wanted a network that can be run, got "too\\nlarge"';
  assertEquals(assertThrows(fail(new RangeError("too\nlarge")), UserError).message, sentence);
  assertThrows(fail(new TypeError("a mistake")), TypeError, "a mistake");
  assertEquals(useModel("w", () => 7), 7);
});

Deno.test("weights are loaded as they were saved, with their metadata", () => {
  const files = new MemoryDisk();
  saveWeights(files, "w", bias(1, -0.5), [["seed", "7"]]);
  assertEquals(loaded(files), [1, -0.5]);
  assertEquals([...loadWeights(files, "w").metadata], [["seed", "7"]]);
  assertEquals([...files.entries.keys()], ["w"]);
});

Deno.test("after a power failure at any write there are the old weights or the new ones", () => {
  const outcomes = new Set<string>();
  for (let cutAt = 1; cutAt <= 4; cutAt++) {
    const files = new MemoryDisk();
    saveWeights(files, "w", bias(1));
    files.cutAt = files.operations + cutAt;
    try {
      saveWeights(files, "w", bias(2, 3));
    } catch (error) {
      assert(error instanceof PowerCut);
    }
    outcomes.add(`${loaded(files)}`);
    // A leftover file does not disturb the next save.
    files.cutAt = Infinity;
    saveWeights(files, "w", bias(4));
    assertEquals(loaded(files), [4]);
  }
  assertEquals([...outcomes].sort(), ["1", "2,3"]);
});

Deno.test("a full disk, a refused permission and NaN leave the old weights as they were", () => {
  const files = new MemoryDisk();
  saveWeights(files, "w", bias(1));
  const before = files.snapshot();
  assertThrows(() => saveWeights(files, "w", bias(NaN)), RangeError, "finite");
  files.room = 0;
  assertThrows(() => saveWeights(files, "w", bias(2)), UserError, "No space left on device");
  files.room = Infinity;
  files.readOnly.push("w");
  assertThrows(() => saveWeights(files, "w", bias(2)), UserError, "Permission denied");
  assertEquals(files.snapshot(), before);
});

Deno.test("a file that is missing, damaged or too large is refused in a sentence that names it", () => {
  const files = new MemoryDisk();
  assertThrows(() => loadWeights(files, "w"), UserError, "Cannot read w: ");
  saveWeights(files, "w", bias(1));
  files.writeText("w", files.readText("w").slice(0, -1));
  assertThrows(
    () => loadWeights(files, "w"),
    UserError,
    "Cannot read w: wanted 4 bytes of tensors",
  );
  files.readBytes = (path, atMost) => {
    throw new UserError(`read ${path}`, `a file of at most ${atMost} bytes`, "more");
  };
  const wanted = `wanted a file of at most ${MAX_WEIGHTS_BYTES} bytes`;
  assertThrows(() => loadWeights(files, "w"), UserError, wanted);
});

Deno.test("weights of another program are loaded if no checksum is required", () => {
  const files = new MemoryDisk();
  files.writeBytes("w", writeSafetensors(bias(1), { checksum: false }));
  assertThrows(() => loadWeights(files, "w"), UserError, "wanted a checksum in its metadata");
  assertEquals(loadWeights(files, "w", { checksum: "if present" }).tensors.size, 1);
});

Deno.test("tensors are a model's only if all names, shapes and dtypes agree", () => {
  const tensor = (...shape: number[]): StoredTensor => ({
    shape,
    data: new Float32Array(shape.reduce((size, length) => size * length, 1)),
  });
  const tensors = new Map([["a", tensor(2, 3)], ["b", tensor()]]);
  const check = (...shapes: [string, number[]][]) => () => checkTensors(tensors, shapes, "w");
  const refusals: [() => void, string][] = [
    [check(["a", [2, 3]]), 'only the tensors of this model, got "b" too'],
    [check(["a", [2, 3]], ["b", []], ["c", [1]]), '"c" F32 of shape [1], got none'],
    [check(["a", [3, 2]], ["b", []]), '"a" F32 of shape [3,2], got F32 of shape [2,3]'],
    [check(["a", [6]], ["b", []]), '"a" F32 of shape [6], got F32 of shape [2,3]'],
    [check(["a", [2]], ["b", []]), '"a" F32 of shape [2], got F32 of shape [2,3]'],
    [check(["a", [2, 3, 1]], ["b", []]), '"a" F32 of shape [2,3,1], got F32 of shape [2,3]'],
    [check(["a", [2, 3]], ["b", [1]]), '"b" F32 of shape [1], got F32 of shape []'],
  ];
  check(["b", []], ["a", [2, 3]])();
  for (const [attempt, refusal] of refusals) {
    assertEquals(assertThrows(attempt, UserError).message, `Cannot use w: wanted ${refusal}`);
  }
  const wide = () => checkTensors(new Map([["b", tensor()]]), [["b", []]], "w", "F64");
  assertThrows(wide, UserError, '"b" F64 of shape [], got F32 of shape []');
});

Deno.test({
  name: "on the real disk weights are saved and loaded, and no other file is left",
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((path) => {
      saveWeights(disk, `${path}/w.safetensors`, bias(1, 2, 3));
      saveWeights(disk, `${path}/w.safetensors`, bias(4));
      const { tensors } = loadWeights(disk, `${path}/w.safetensors`);
      assertEquals([...tensors.get("bias")!.data], [4]);
      assertEquals(disk.list(path), ["w.safetensors"]);
    }),
});
