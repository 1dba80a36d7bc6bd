import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { UserError } from "@/io/user_error.ts";
import {
  dtypeOf,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from "@/weights/safetensors.ts";

const TENSORS: [string, StoredTensor][] = [
  ["z", { shape: [2], data: new Uint8Array([1, 255]) }],
  ["weight", { shape: [1, 3], data: new Float32Array([1, 0.5, -2]) }],
  ["bias", { shape: [], data: new Float32Array([0.25]) }],
  ["wide", { shape: [1], data: new Float64Array([0.1]) }],
  ["i", { shape: [1], data: new Int32Array([-1]) }],
  ["u", { shape: [1, 1], data: new Uint32Array([2 ** 32 - 1]) }],
  ["a", { shape: [1], data: new Uint8Array([7]) }],
];

/** What safetensors 0.8.0 for Python writes for the same tensors with the metadata `format: pt`. */
const BY_PYTHON =
  "sAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJ3aWRlIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsx" +
  "XSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6" +
  "WzgsMTJdfSwid2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDNdLCJkYXRhX29mZnNldHMiOlsxMiwyNF19LCJ1" +
  "Ijp7ImR0eXBlIjoiVTMyIiwic2hhcGUiOlsxLDFdLCJkYXRhX29mZnNldHMiOlsyNCwyOF19LCJpIjp7ImR0eXBlIjoiSTMy" +
  "Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMjgsMzJdfSwiYSI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlsxXSwiZGF0" +
  "YV9vZmZzZXRzIjpbMzIsMzNdfSwieiI6eyJkdHlwZSI6IlU4Iiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMzMsMzVd" +
  "fX0gICAgICCamZmZmZm5PwAAgD4AAIA/AAAAPwAAAMD//////////wcB/w==";

const one = { shape: [], data: new Float32Array(1) };

/** A file with this header and this many zero bytes of data. */
function fileOf(header: string | Uint8Array, data = 0): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const read = (bytes: Uint8Array) => readSafetensors(bytes, "w", { checksum: "if present" });

function refusalOf(bytes: Uint8Array): string {
  const { message } = assertThrows(() => read(bytes), UserError);
  return message.replace("Cannot read w: wanted ", "");
}

const entry = (name: string, shape = "[1]", offsets = "[0,4]", dtype = '"F32"') =>
  `"${name}":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;

const NO_HEADER = "a header that is a JSON object, got one that begins with";

Deno.test("for each dtype the bytes are those that the format's own library writes", () => {
  const bytes = writeSafetensors(TENSORS, { metadata: [["format", "pt"]], checksum: false });
  assertEquals(bytes, Uint8Array.fromBase64(BY_PYTHON));
});

Deno.test("a file of the format's own library is read, if it needs no checksum", () => {
  const bytes = Uint8Array.fromBase64(BY_PYTHON);
  const { tensors, metadata } = read(bytes);
  assertEquals(new Map(tensors), new Map(TENSORS));
  assertEquals(new Map(metadata), new Map([["format", "pt"]]));
  assertThrows(() => readSafetensors(bytes, "w"), UserError, "(file_sha256), got none");
});

Deno.test("tensors and metadata come back bit for bit, whatever their names", () => {
  const names = '"quoted"|line\nend|é 😀||__proto__|toString|10|2|constructor|file_sha256'.split(
    "|",
  );
  const named = names.map((name, i): [string, StoredTensor] => [
    name,
    { shape: [2, 1], data: new Float32Array([i, -0]) },
  ]);
  named.push(["none", { shape: [3, 0], data: new Float32Array() }]);
  const metadata = names.slice(0, -1).map((name): [string, string] => [
    name,
    `"file_sha256":"${name}"`,
  ]);
  const file = readSafetensors(writeSafetensors(named, { metadata }), "w");
  assertEquals(new Map(file.tensors), new Map(named));
  assertEquals(Object.is(file.tensors.get("é 😀")?.data[1], -0), true);
  assertEquals(new Map(file.metadata), new Map(metadata));
});

Deno.test("the same tensors give the same bytes in any order, and other tensors give other bytes", () => {
  const metadata: [string, string][] = [["b", "1"], ["a", "2"]];
  const bytes = writeSafetensors(TENSORS, { metadata });
  const reversed = { metadata: metadata.toReversed() };
  assertEquals(writeSafetensors(TENSORS.toReversed(), reversed), bytes);
  assertNotEquals(writeSafetensors(TENSORS.slice(1), { metadata }), bytes);
});

Deno.test("only the part of a buffer that belongs to a tensor or a file is used, as a copy", () => {
  const data = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  const bytes = writeSafetensors([["middle", { shape: [2], data }]]);
  const larger = new Uint8Array(bytes.length + 6);
  larger.set(bytes, 3);
  const { tensors } = readSafetensors(larger.subarray(3, -3), "w");
  larger.fill(0);
  assertEquals([...tensors.get("middle")!.data], [2, 3]);
});

Deno.test("the numbers begin at a multiple of 8 bytes, and wide ones stay aligned", () => {
  for (let letters = 1; letters <= 9; letters++) {
    const name = "n".repeat(letters);
    const bytes = writeSafetensors([
      ["a", { shape: [1], data: new Float32Array([7]) }],
      [name, { shape: [1], data: new Float64Array([1]) }],
    ]);
    const start = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
    assertEquals(start % 8, 0);
    assertEquals(new Float64Array(bytes.buffer.slice(start, start + 8))[0], 1);
  }
});

Deno.test("the checksum is the SHA-256 of the file with zeros for its digits", () => {
  const bytes = writeSafetensors(TENSORS, { metadata: [["é", "é"]] });
  const text = new TextDecoder("latin1").decode(bytes);
  const [, opening, digits] = /("file_sha256":")([0-9a-f]{64})"/.exec(text)!;
  const at = text.indexOf(opening) + opening.length;
  const zeroed = bytes.slice().fill("0".charCodeAt(0), at, at + 64);
  assertEquals(createHash("sha256").update(zeroed).digest("hex"), digits);
});

Deno.test("what a reader would refuse is not written", () => {
  const write = (name: string, tensor: StoredTensor) => () => writeSafetensors([[name, tensor]]);
  for (const shape of [[2], [1, 2], [0], [-1], [0.5, 2], [-1, -3], [NaN]]) {
    const data = new Float32Array(shape[0] === 0.5 ? 1 : 3);
    assertThrows(write("a", { shape, data }), TypeError, `shape [${shape}], got ${data.length}`);
  }
  for (const bad of [NaN, Infinity, -Infinity]) {
    const data = new Float32Array([0, bad]);
    const message = `wanted finite numbers in "a", got ${bad} at 1`;
    assertThrows(write("a", { shape: [2], data }), RangeError, message);
  }
  assertThrows(write("__metadata__", one), TypeError, 'none "__metadata__"');
  assertThrows(write("\ud800", one), TypeError, 'got "\\ud800"');
  assertThrows(() => writeSafetensors([["a", one], ["a", one]]), TypeError, 'got "a"');
  const note = (...metadata: [string, string][]) => () => writeSafetensors([], { metadata });
  assertThrows(note(["file_sha256", "0"]), TypeError, 'none "file_sha256"');
  assertThrows(note(["a", "1"], ["a", "2"]), TypeError, 'got "a"');
  assertThrows(note(["a", "\udc00"]), TypeError, "wanted well-formed text and names");
  assertThrows(write("a\\b", one), TypeError, "without backslash, each once and none");
  assertThrows(note(["a", "a".repeat(2 ** 24)]), RangeError, "a header of at most 16777216 bytes");
});

Deno.test("the dtype of numbers has a name, and numbers without one are refused", () => {
  assertEquals(TENSORS.map(([, { data }]) => dtypeOf(data)).join(), "U8,F32,F32,F64,I32,U32,U8");
  const wanted =
    "Cannot write tensors: wanted numbers of dtype F64 or F32 or U32 or I32 or U8, got";
  assertThrows(() => dtypeOf(new Uint16Array(1)), TypeError, `${wanted} Uint16Array`);
});

Deno.test("a header as other programs may write it is read: blanks, escapes, any order", () => {
  const header = `{\n"\\u0061" : { "data_offsets":[ 4.0 , 0.8e1 ], "shape":[1 ,1],\t"dtype":"F32"},
    ${entry("b", "[]")}, "__metadata__": {"\\"x":"\\\\"} }\r\n `;
  const bytes = fileOf(header, 8);
  bytes.set(new Uint8Array(new Float32Array([2, 3]).buffer), bytes.length - 8);
  assertEquals([...read(bytes).tensors], [
    ["b", { shape: [], data: new Float32Array([2]) }],
    ["a", { shape: [1, 1], data: new Float32Array([3]) }],
  ]);
  assertEquals([...read(bytes).metadata], [['"x', "\\"]]);
  assertEquals(read(fileOf("{}")).tensors.size, 0);
});

Deno.test("a file that is truncated, too long or of another format is refused", () => {
  assertEquals(refusalOf(new Uint8Array()), "a safetensors file of at least 8 bytes, got 0");
  assertEquals(refusalOf(new Uint8Array(7)), "a safetensors file of at least 8 bytes, got 7");
  const text = new TextEncoder().encode("no weights at all");
  const length = new DataView(text.buffer).getBigUint64(0, true);
  const most = (bytes: number) => `a safetensors file, with a header length up to ${bytes}, got`;
  assertEquals(refusalOf(text), `${most(9)} ${length}`);
  assertEquals(refusalOf(new Uint8Array(8)), `${NO_HEADER} ""`);
  const whole = fileOf(`{${entry("a")}}`, 4);
  assertEquals(refusalOf(whole.slice(0, -1)), "4 bytes of tensors, as in its header, got 3");
  assertEquals(refusalOf(whole.slice(0, 30)), `${most(22)} ${whole.length - 12}`);
  assertEquals(refusalOf(whole.slice(0, -5)), `${most(whole.length - 13)} ${whole.length - 12}`);
  const long = fileOf(`{${entry("a")}}`, 5);
  assertEquals(refusalOf(long), "4 bytes of tensors, as in its header, got 5");
  const header = 2 ** 24 + 1, huge = new Uint8Array(8 + header);
  new DataView(huge.buffer).setBigUint64(0, BigInt(header), true);
  assertEquals(refusalOf(huge), `${most(2 ** 24)} ${header}`);
});

Deno.test("a header that is no JSON object in UTF-8, or has something around it, is refused", () => {
  const whole = `{${entry("a")}}`;
  const headers = ["", "[]", "null", '"{}"', "{", "{a:1}", `{${entry("a")},}`, whole.slice(0, -1)];
  for (
    const header of [...headers, ` ${whole}`, `\ufeff${whole}`, `${whole}{}`, `${whole}\u0000`]
  ) {
    assertEquals(refusalOf(fileOf(header, 4)).startsWith(NO_HEADER), true);
  }
  const latin1 = Uint8Array.from('{"é":{}}', (character) => character.charCodeAt(0));
  assertEquals(refusalOf(fileOf(latin1)), `${NO_HEADER} "{\\"�\\":{}}"`);
});

Deno.test("nesting of any depth, long texts and long lists are refused in a short sentence", () => {
  const nested = (open: string, close: string, n = 200_000) => open.repeat(n) + close.repeat(n);
  const deep = [nested("[", ""), nested("[", "]"), nested('{"a":', "}").replace(":}", ":1}")];
  for (const value of deep) {
    const bad = [`{${entry("a", value)}}`, `{${entry("a", "[1]", "[0,4]", value)}}`];
    bad.push(`{"a":${value}}`, `{"__metadata__":${value}}`, `{"__metadata__":{"a":${value}}}`);
    for (const header of [value, ...bad]) {
      assertEquals(refusalOf(fileOf(header, 4)).length < 200, true);
    }
  }
  const digits = "1".repeat(1_000_000), axes = Array(100_000).fill(1).join();
  assertEquals(refusalOf(fileOf(`{${entry("a", `[${digits}]`)}}`, 4)).length < 200, true);
  assertEquals(
    refusalOf(fileOf(`{${entry(digits, `[${axes}]`)}}`, 0)),
    `4 bytes of tensors, as in its header, got 0`,
  );
  assertEquals(
    refusalOf(fileOf(`{${entry(digits, `[2,${axes}]`)}}`, 4)),
    `8 bytes for "${"1".repeat(50)}…${"1".repeat(10)}", F32 of shape [2,1,1,1,1,1,1,1,…], got 4`,
  );
});

const FIELDS = "dtype, shape and two data_offsets, in whole numbers, and nothing else";

Deno.test("shapes and offsets that are not lists of whole numbers are refused", () => {
  const odd = '-1 0.5 9007199254740992 1e400 null "1" [1] true {}'.split(" ");
  for (const list of ["1", '"1"', "null", "{}", '{"length":2}', ...odd.map((n) => `[0,${n}]`)]) {
    const refusal = `${FIELDS} for "a", got a value of type object`;
    assertEquals(refusalOf(fileOf(`{${entry("a", list)}}`, 4)), refusal, list);
    assertEquals(refusalOf(fileOf(`{${entry("a", "[1]", list)}}`, 4)), refusal, list);
  }
  const huge = "9007199254740991";
  assertEquals(
    refusalOf(fileOf(`{${entry("a", `[${huge},${huge}]`, `[0,${huge}]`)}}`, 4)),
    `${4 * Number(huge) * Number(huge)} bytes for "a", F32 of shape [${huge},${huge}], got ${huge}`,
  );
  const many = `[${Array(40).fill(huge)},0]`; // Infinity × 0
  assertEquals(
    refusalOf(fileOf(`{${entry("a", many, "[0,0]")}}`)).slice(0, 17),
    'NaN bytes for "a"',
  );
});

Deno.test("a tensor without a field, with another field or with a bad name is refused", () => {
  const bad = ["{}", '{"dtype":"F32","shape":[]}', '{"shape":[],"data_offsets":[0,4]}'];
  bad.push('{"dtype":"F32","data_offsets":[0,4]}', `{"__proto__":{${entry("b").slice(5, -1)}}}`);
  bad.push('{"dtype":"F32","shape":[],"data_offsets":[0,4],"b":1}', "null", "1", "[]", '"a"');
  bad.push('{"shape":[],"data_offsets":[0,4],"b":1}');
  for (const offsets of ["[]", "[0]", "[0,4,4]"]) bad.push(entry("a", "[1]", offsets).slice(4));
  for (const value of bad) {
    assertEquals(refusalOf(fileOf(`{"a":${value}}`, 4)).startsWith(`${FIELDS} for "a", got`), true);
  }
});

Deno.test("metadata that are not well-formed texts by name are refused", () => {
  for (const value of ["null", "1", "[]", '["a"]', '"a"']) {
    const refusal = refusalOf(fileOf(`{"__metadata__":${value}}`));
    assertEquals(refusal.startsWith("metadata that are a JSON object, got "), true);
  }
  for (const text of ["1", "null", '{"a":"b"}', '"\\ud800"']) {
    const refusal = refusalOf(fileOf(`{"__metadata__":{"b":${text}}}`));
    assertEquals(refusal.startsWith('well-formed text for "b" in its metadata, got '), true);
  }
});

Deno.test("names that are not well-formed or have a backslash are refused, as V8 confuses them", () => {
  const wanted = "names of well-formed text without backslash, got";
  for (const [name, quoted] of [["\\ud800", '"\\ud800"'], ["x\\\\y", '"x\\\\y"']]) {
    assertEquals(refusalOf(fileOf(`{${entry(name)}}`, 4)), `${wanted} ${quoted}`);
    assertEquals(refusalOf(fileOf(`{"__metadata__":{"${name}":"a"}}`)), `${wanted} ${quoted}`);
  }
  // After the name "a\\", V8 15.0 reads the name "a\n" in the same place as "a\\" too.
  const [first, second] = ["a\\\\", "a\\n"].map((name) =>
    fileOf(`{"__metadata__":{},${entry(name)}}`, 4)
  );
  assertThrows(() => read(first), UserError, wanted);
  let names = ["a\n"];
  try {
    names = [...read(second).tensors.keys()];
  } catch (error) {
    assert(error instanceof UserError, `${error}`);
  }
  assertEquals(names, ["a\n"]);
});

Deno.test("dtypes that are not stored here are refused, inherited names included", () => {
  const refusalOfDtype = (dtype: string) =>
    refusalOf(fileOf(`{${entry("a", "[1]", "[0,4]", `"${dtype}"`)}}`, 4));
  for (const dtype of ["I64", "f32", "", "toString", "__proto__", "F8_E4M3"]) {
    const refusal = `F64 or F32 or U32 or I32 or U8 for "a", got "${dtype}"`;
    assertEquals(refusalOfDtype(dtype), refusal);
  }
  for (const dtype of ["F16", "BF16"]) {
    const refusal = `F64 or F32 or U32 or I32 or U8 for "a", got "${dtype}", half precision: ` +
      'convert each tensor before it is saved, with tensor.float() or array.astype("float32")';
    assertEquals(refusalOfDtype(dtype), refusal);
  }
});

Deno.test("tensors that misfit their shapes, overlap, or leave gaps are refused", () => {
  const pair = (a: string, b: string, data = 12) =>
    refusalOf(fileOf(`{${entry("a", "[2]", a)},${entry("b", "[1]", b)}}`, data));
  assertEquals(pair("[0,8]", "[4,8]"), '"b" at byte 8, without gap or overlap, got byte 4');
  assertEquals(pair("[0,8]", "[0,4]"), '"a" at byte 4, without gap or overlap, got byte 0');
  assertEquals(pair("[0,8]", "[9,13]", 13), '"b" at byte 8, without gap or overlap, got byte 9');
  assertEquals(pair("[1,9]", "[9,13]", 13), '"a" at byte 0, without gap or overlap, got byte 1');
  assertEquals(pair("[0,8]", "[8,12]", 16), "12 bytes of tensors, as in its header, got 16");
  assertEquals(pair("[0,7]", "[7,11]"), '8 bytes for "a", F32 of shape [2], got 7');
  assertEquals(pair("[8,0]", "[8,12]"), '8 bytes for "a", F32 of shape [2], got -8');
  const wide = fileOf(`{${entry("a", "[1]", "[0,4]", '"F64"')}}`, 4);
  assertEquals(refusalOf(wide), '8 bytes for "a", F64 of shape [1], got 4');
});

Deno.test("NaN and infinities are refused, unless they are allowed", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const tensor = { shape: [2], data: new Float32Array([1, bad]) };
    const bytes = writeSafetensors([["a", tensor]], { finite: false });
    assertEquals(refusalOf(bytes), `finite numbers in "a", got ${bad} at 1`);
    assertEquals(readSafetensors(bytes, "w", { finite: false }).tensors.get("a"), tensor);
  }
});

Deno.test("a wrong checksum is refused, even if there need not be one", () => {
  const edited = "contents that match its checksum, got others: it was damaged or edited; " +
    "if you changed the weights, save them without file_sha256 in the metadata";
  for (const digits of ["", "0", "0".repeat(64), "0".repeat(100)]) {
    assertEquals(refusalOf(fileOf(`{"__metadata__":{"file_sha256":"${digits}"}}`)), edited);
    assertEquals(refusalOf(fileOf(`{"__metadata__":{"file_sha256": "${digits}"}}`)), edited);
  }
});

Deno.test("any flipped bit, missing byte and truncation is noticed", () => {
  const data = new Float32Array([1, 2]);
  const bytes = writeSafetensors([["a", { shape: [2], data }]], { metadata: [["b", "c"]] });
  const refuse = (bad: Uint8Array) => assertThrows(() => readSafetensors(bad, "w"), UserError);
  readSafetensors(bytes, "w");
  for (let i = 0; i < bytes.length; i++) {
    for (let bit = 0; bit < 8; bit++) refuse(bytes.with(i, bytes[i] ^ (1 << bit)));
    refuse(Uint8Array.from([...bytes.subarray(0, i), ...bytes.subarray(i + 1)]));
    refuse(bytes.slice(0, i));
  }
});
