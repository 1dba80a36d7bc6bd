import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  CHECKPOINT_FILE,
  CHECKPOINT_FORMAT,
  checkpointFromBytes,
  checkpointToBytes,
  loadCheckpoint,
  refuseFirstFormat,
} from "@/runs/checkpoint.ts";
import { UserError } from "@/io/user_error.ts";
import { readSafetensors, writeSafetensors } from "@/weights/safetensors.ts";
import { assertSame } from "../same.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { walkSettings } from "./stand_in.ts";

const checkpoint = {
  experiment: "walk",
  settings: walkSettings(),
  iteration: 12,
  rows: 7,
  seconds: 0.25,
  state: {
    places: new Float64Array([1 / 3, -0]),
    cells: [{ bias: new Float32Array([0.5]) }],
    least: -Infinity,
  },
};

const readBack = <T extends object>(data: T) =>
  checkpointFromBytes<T>(checkpointToBytes(data), "w");

const noNaN = { noNaN: true } as const;
const { state } = fc.letrec((tie) => ({
  state: fc.oneof(
    { withCrossShrink: true },
    fc.double(noNaN),
    fc.constantFrom(null, true, false, -0, Infinity, -Infinity),
    fc.string({ unit: "binary" }),
    fc.float64Array(noNaN),
    fc.float32Array(noNaN),
    fc.int32Array(),
    fc.uint32Array(),
    fc.uint8Array(),
    fc.array(tie("state")),
    tie("object"),
  ),
  object: fc.dictionary(
    fc.oneof(
      fc.string({ unit: "binary" }),
      // Keys that the names of tensors and the JSON could confuse.
      fc.constantFrom("", ".", "a.b", "a", "b", "0", "\\", "\\.", "$", "$tensor", "$$tensor"),
      fc.constantFrom(
        "__metadata__",
        "\\__metadata__",
        "__proto__",
        "constructor",
        "\ud800",
        "toJSON",
      ),
    ),
    tie("state"),
    { noNullPrototype: true },
  ),
}));

Deno.test("any plain state comes back bit for bit", () => {
  const property = fc.property(state, (state) => {
    assertSame(state, readBack({ state }).state);
    // With the state as the whole checkpoint its keys are the outermost ones.
    if (typeof state === "object" && state !== null) assertSame(state, readBack(state));
  });
  fc.assert(property, { seed: 1, numRuns: 3000 });
});

Deno.test("places whose names could be confused are told apart", () => {
  const number = (n: number) => new Float64Array([n]);
  const states: object[] = [
    { a: { b: number(1) }, "a.b": number(2), "a\\.b": number(3), "a\\": { b: number(4) } },
    { "": { a: number(1), "": number(2) }, a: number(3), ".a": number(4), ".": number(5) },
    { "\ud800": number(1), "\\ud800": number(2), "%d800": number(3), "%%d800": number(4) },
    { __metadata__: number(1), "\\__metadata__": number(2), "\\\\__metadata__": number(3) },
    { $tensor: "a", a: number(1), $$tensor: { $tensor: "a" } },
    JSON.parse('{"__proto__":{"x":1},"y":{"__proto__":2}}'),
    [number(1), [number(2), -0], { 0: Infinity }],
    number(7),
    { x: 0, "a\\\\": number(1) }, // V8 15.0 takes the next key "a\." for this one if both are keys of JSON
    { x: 0, "a\\.": number(2) },
  ];
  for (const state of states) assertSame(state, readBack(state));
});

Deno.test("typed arrays are tensors named by their place, and the rest is readable JSON", () => {
  const { tensors, metadata } = readSafetensors(checkpointToBytes(checkpoint), "w", {
    finite: false,
  });
  const { places, cells: [{ bias }] } = checkpoint.state;
  assertEquals(Object.fromEntries(tensors), {
    "state.places": { shape: [2], data: places },
    "state.cells.0.bias": { shape: [1], data: bias },
    "state.least": { shape: [], data: Float64Array.of(-Infinity) },
  });
  const state = {
    places: { $tensor: "state.places" },
    cells: [{ bias: { $tensor: "state.cells.0.bias" } }],
    least: { $tensor: "state.least" },
  };
  assertEquals(JSON.parse(metadata.get("checkpoint")!), { ...checkpoint, state });
  assertEquals(metadata.get("format"), String(CHECKPOINT_FORMAT));
});

Deno.test("a view of a part of a buffer is written without the rest", () => {
  const part = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(readBack({ part }).part.buffer.byteLength, 16);
});

Deno.test("NaN is refused, in a list and in a typed array, with its place", () => {
  const wanted = "Cannot write a checkpoint: wanted numbers, got NaN in";
  const cases = [[NaN, 0], [new Float64Array([1, NaN]), 1], [new Float32Array([NaN]), 0]] as const;
  for (const [bad, at] of cases) {
    const write = () => checkpointToBytes({ state: { w: [1, bad] } });
    assertThrows(write, RangeError, `${wanted} "state.w.1" at ${at}`);
  }
});

Deno.test("what is not plain data is refused", () => {
  const others = [
    () => 1,
    undefined,
    1n,
    Symbol(),
    new Map(),
    new Date(0),
    new UserError("", "", ""),
  ];
  for (const data of [...others, [,], new Uint16Array(1), new DataView(new ArrayBuffer(8))]) {
    assertThrows(() => checkpointToBytes({ data }), TypeError, "Cannot write");
  }
});

Deno.test("any flipped bit, missing byte and truncation is noticed in one sentence", () => {
  const bytes = checkpointToBytes(checkpoint);
  const refuse = (bad: Uint8Array) => {
    const { message } = assertThrows(() => checkpointFromBytes(bad, "w"), UserError);
    assertMatch(message, /^Cannot read w: wanted [^\n]+, got [^\n]+$/);
  };
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) refuse(bytes.with(i, bytes[i] ^ (1 << bit)));
    refuse(Uint8Array.from([...bytes.subarray(0, i), ...bytes.subarray(i + 1)]));
    refuse(bytes.slice(0, i));
  }
});

Deno.test("a checkpoint of another version is refused in a sentence that names the version", () => {
  const refusal = (format?: string) => {
    const metadata = Object.entries({ checkpoint: "{}", ...(format !== undefined && { format }) });
    const bytes = writeSafetensors([], { metadata });
    return assertThrows(() => checkpointFromBytes(bytes, "w"), UserError).message;
  };
  const wanted = 'Cannot read w: wanted a checkpoint of version "2", got';
  assertEquals(refusal("3"), `${wanted} version "3"`);
  assertEquals(refusal("2.0"), `${wanted} version "2.0"`);
  assertEquals(refusal(), `${wanted} a file without a version`);
});

Deno.test("a checkpoint that was edited under a new checksum is refused in one sentence", () => {
  const tensors = [["a", { shape: [1], data: new Float64Array(1) }]] as const;
  for (const checkpoint of ["", "{", '{"a":{"$tensor":"b"}}', '{"a":{"$tensor":1}}', undefined]) {
    const metadata = Object.entries({
      format: "2",
      ...(checkpoint !== undefined && { checkpoint }),
    });
    const bytes = writeSafetensors(tensors, { metadata });
    const { message } = assertThrows(() => checkpointFromBytes(bytes, "w"), UserError);
    assertMatch(message, /^Cannot read w: wanted a checkpoint as it was written, got "[^\n]+"$/);
  }
});

Deno.test("a run's checkpoint is loaded from its folder, and one of version 1 is refused", () => {
  const files = new MemoryDisk();
  files.makeFolder("run");
  assertThrows(
    () => loadCheckpoint(files, "run"),
    UserError,
    `Cannot resume run: wanted a run with ${CHECKPOINT_FILE}, got one without`,
  );
  files.writeText("run/checkpoint.json", "{}");
  const sentence =
    'Cannot read run/checkpoint.json: wanted a checkpoint of version "2", got version "1"';
  assertEquals(assertThrows(() => loadCheckpoint(files, "run"), UserError).message, sentence);
  files.writeBytes(`run/${CHECKPOINT_FILE}`, checkpointToBytes(checkpoint));
  assertSame(loadCheckpoint(files, "run"), checkpoint);
  refuseFirstFormat(files, "run");
  files.makeFolder("run/seed-2");
  files.writeText("run/seed-2/checkpoint.json", "{}");
  const ofSeed = sentence.replace("run/", "run/seed-2/");
  assertEquals(assertThrows(() => refuseFirstFormat(files, "run"), UserError).message, ofSeed);
});
