import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { type StoredTensor, writeSafetensors } from "@/training/safetensors.ts";
import {
  checkTensors,
  LARGEST_WEIGHTS_FILE,
  loadWeights,
  saveWeights,
} from "@/training/weights_file.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";
import { inScratchFolder, mayScratch } from "../io/scratch_folder.ts";

const bias = (...numbers: number[]): [string, StoredTensor][] => [
  ["bias", { shape: [numbers.length], data: new Float32Array(numbers) }],
];
const loaded = (files: MemoryDisk) => [...loadWeights(files, "w").tensors.get("bias")!.data];

Deno.test("weights are loaded as they were saved, with what was noted beside them", () => {
  const files = new MemoryDisk();
  saveWeights(files, "w", bias(1, -0.5), [["seed", "7"]]);
  assertEquals(loaded(files), [1, -0.5]);
  assertEquals([...loadWeights(files, "w").metadata], [["seed", "7"]]);
  assertEquals([...files.entries.keys()], ["w"]);
});

Deno.test("wherever the power fails, the old weights are there or the new ones", () => {
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
    // The next save is not disturbed by what was left behind.
    files.cutAt = Infinity;
    saveWeights(files, "w", bias(4));
    assertEquals(loaded(files), [4]);
  }
  assertEquals([...outcomes].sort(), ["1", "2,3"]);
});

Deno.test("a full disk, an unwritable folder and NaN among the new weights leave the old ones", () => {
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

Deno.test("a file that is not there, damaged or too large is refused in a sentence that names it", () => {
  const files = new MemoryDisk();
  assertThrows(() => loadWeights(files, "w"), UserError, "Cannot read w: ");
  saveWeights(files, "w", bias(1));
  files.writeText("w", files.readText("w").slice(0, -1));
  assertThrows(() => loadWeights(files, "w"), UserError, "Cannot read w: wanted 4 bytes of tensors");
  files.readBytes = (path, atMost) => {
    throw new UserError(`read ${path}`, `a file of at most ${atMost} bytes`, "more");
  };
  const wanted = `wanted a file of at most ${LARGEST_WEIGHTS_FILE} bytes`;
  assertThrows(() => loadWeights(files, "w"), UserError, wanted);
});

Deno.test("weights of another program are loaded if they need no checksum", () => {
  const files = new MemoryDisk();
  files.writeBytes("w", writeSafetensors(bias(1), { checksum: false }));
  assertThrows(() => loadWeights(files, "w"), UserError, "wanted a checksum in its metadata");
  assertEquals(loadWeights(files, "w", { checksum: "if present" }).tensors.size, 1);
});

Deno.test("tensors are a model's only if names, shapes and types are, no more and no fewer", () => {
  const tensor = (...shape: number[]): StoredTensor => ({
    shape,
    data: new Float32Array(shape.reduce((size, length) => size * length, 1)),
  });
  const tensors = new Map([["a", tensor(2, 3)], ["b", tensor()]]);
  const check = (...shapes: [string, number[]][]) => () => checkTensors(tensors, { shapes }, "w");
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
  const wide = () =>
    checkTensors(new Map([["b", tensor()]]), { shapes: [["b", []]], type: "F64" }, "w");
  assertThrows(wide, UserError, '"b" F64 of shape [], got F32 of shape []');
});

Deno.test({
  name: "on the real disk weights are saved and loaded, and nothing else is left",
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
