import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { UserError } from "@/io/user_error.ts";
import {
  type Dtype,
  dtypeOf,
  DTYPES,
  type ReadOptions,
  readSafetensors,
  type StoredTensor,
  type TensorFile,
  writeSafetensors,
} from "@/weights/safetensors.ts";
import { checkTensors } from "@/weights/trained_model.ts";
import { damage } from "./damaged_files.ts";

const TENSORS: [string, StoredTensor][] = [
  ["embedding.weight", { shape: [3, 2], data: new Float32Array([1, -2, 3, 0.5, 1e-3, 6]) }],
  ["cells.0.bias", { shape: [4], data: new Float32Array([0, -0, 7, 8]) }],
  ["cells.0.h0", { shape: [], data: new Float32Array([0.25]) }],
  ["count", { shape: [1], data: new Int32Array([-7]) }],
  ["wide", { shape: [1, 2], data: new Float64Array([0.1, -3]) }],
  ["logits.bias", { shape: [4], data: new Float32Array([9, 10, 11, 12]) }],
];
/** The names of the tensors that are not F32. */
const OTHERS = TENSORS.filter(([, { data }]) => dtypeOf(data) !== "F32").map(([name]) => name);
const SHAPES = TENSORS.filter(([name]) => !OTHERS.includes(name)).map(([name, { shape }]) =>
  [name, shape] as const
);
const METADATA = [["symbols", "128"], ["note", 'a "quoted" é']] as const;

/** Reads a damaged file and asserts that a refusal is a UserError of one short sentence. */
function attempt(bytes: Uint8Array, options?: ReadOptions): TensorFile | string {
  try {
    return readSafetensors(bytes, "w", options);
  } catch (error) {
    assert(error instanceof UserError, `${error}`);
    // deno-lint-ignore no-control-regex
    assertMatch(error.message, /^Cannot read w: wanted [^\x00-\x1f]+, got [^\x00-\x1f]+$/);
    assertGreater(400, error.message.length, error.message);
    return error.message;
  }
}

/** Names the check that refused a file: its message without what is particular to the file. */
const ruleOf = (message: string) =>
  message.replace(/, got .*/, "").replace(/"(\\.|[^"\\])*"|\[.*?\]|\d+/g, "_");

Deno.test("none of 10,000 damaged files with a checksum is loaded", () => {
  const bytes = writeSafetensors(TENSORS, { metadata: METADATA }), random = seededRandom(1);
  const rules = new Map<string, number>();
  for (let i = 0; i < 10_000; i++) {
    const [kind, bad] = damage(bytes, random);
    const refusal = attempt(bad);
    assert(typeof refusal === "string", `${kind}, file ${i}, was loaded`);
    rules.set(ruleOf(refusal), (rules.get(ruleOf(refusal)) ?? 0) + 1);
  }
  // Every check is reached; the checksum is the last one.
  assertGreater(rules.size, 11, [...rules.keys()].join("\n"));
  assertGreater(rules.get("Cannot read w: wanted contents that match its checksum")!, 500);
});

/** How the language reads a number of each dtype. */
const GETTERS = {
  F64: "getFloat64",
  F32: "getFloat32",
  U32: "getUint32",
  I32: "getInt32",
  U8: "getUint8",
} as const;

/** Reads an intact file by the means of the language alone. */
function plainReading(bytes: Uint8Array): Map<string, StoredTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice(8, 8 + length));
  const header = JSON.parse(text);
  delete header.__metadata__;
  const tensors = Object.entries(header) as [string, {
    dtype: Dtype;
    shape: number[];
    data_offsets: [number, number];
  }][];
  return new Map(tensors.map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
    const width = DTYPES[dtype].BYTES_PER_ELEMENT;
    const data = new DTYPES[dtype]((end - begin) / width);
    assertEquals(shape.reduce((size, axis) => size * axis, 1), data.length);
    for (let i = 0; i < data.length; i++) {
      data[i] = view[GETTERS[dtype]](8 + length + begin + i * width, true);
    }
    return [name, { shape, data }];
  }));
}

Deno.test("of 10,000 damaged files without a checksum, those that load have each byte in one tensor", () => {
  const bytes = writeSafetensors(TENSORS, { metadata: METADATA, checksum: false });
  const random = seededRandom(2), wanted = new Map(TENSORS);
  let loaded = 0, changedNames = 0;
  for (let i = 0; i < 10_000; i++) {
    const [kind, bad] = damage(bytes, random);
    const file = attempt(bad, { checksum: "if present" });
    if (typeof file === "string") continue;
    loaded++;
    assertEquals(new Map(file.tensors), plainReading(bad), `${kind}, file ${i}`);
    const stored = [...file.tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
    const header = Number(new DataView(bad.buffer, bad.byteOffset).getBigUint64(0, true));
    assertEquals(stored, bad.length - 8 - header, `${kind}, file ${i}`);
    for (const { data } of file.tensors.values()) assert(data.every(Number.isFinite), kind);
    const floats = new Map(file.tensors);
    for (const name of OTHERS) floats.delete(name);
    try {
      checkTensors(floats, SHAPES, "w");
      for (const [name, { shape, data }] of floats) {
        assertEquals(shape, wanted.get(name)?.shape);
        assert(data instanceof Float32Array);
      }
      assertEquals(floats.size, SHAPES.length);
    } catch (error) {
      assert(error instanceof UserError, `${error}`);
      changedNames++;
    }
  }
  assertGreater(loaded, 500);
  assertGreater(changedNames, 100);
  assertGreater(loaded - changedNames, 100);
});
