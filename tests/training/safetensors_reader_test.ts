import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { writeSafetensors } from "@/training/safetensors.ts";
import { readSafetensors } from "@/training/safetensors_reader.ts";

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

const entry = (name: string, shape = "[1]", offsets = "[0,4]", type = '"F32"') =>
  `"${name}":{"dtype":${type},"shape":${shape},"data_offsets":${offsets}}`;

Deno.test("a header as other writers may set it is read: blanks, escapes, any order", () => {
  const header = `{\n"\\u0061" : { "data_offsets":[ 4 , 8 ], "shape":[1 ,1],\t"dtype":"F32"},
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

Deno.test("a file that is none, cut off or of another format is refused", () => {
  assertEquals(refusalOf(new Uint8Array()), "a safetensors file of at least 8 bytes, got 0");
  assertEquals(refusalOf(new Uint8Array(7)), "a safetensors file of at least 8 bytes, got 7");
  const zip = new TextEncoder().encode("PK\x03\x04\x00\x00\x08\x08 and so on");
  const length = new DataView(zip.buffer).getBigUint64(0, true);
  assertEquals(
    refusalOf(zip),
    `a safetensors file, its header within its 18 bytes, got one whose header should have ${length}`,
  );
  assertEquals(refusalOf(new Uint8Array(8)), '"{" at character 0 in its header, got its end');
  const whole = fileOf(`{${entry("a")}}`, 4);
  assertEquals(refusalOf(whole.slice(0, -1)), "4 bytes of tensors, as its header says, got 3");
  for (const length of [30, whole.length - 5]) {
    const within = `a safetensors file, its header within its ${length} bytes`;
    const got = `one whose header should have ${whole.length - 12}`;
    assertEquals(refusalOf(whole.slice(0, length)), `${within}, got ${got}`);
  }
  assertEquals(
    refusalOf(fileOf(`{${entry("a")}}`, 5)),
    "4 bytes of tensors, as its header says, got 5",
  );
});

Deno.test("a header longer than the format allows is refused before it is read", () => {
  const { buffer } = new Uint8Array(8 + 100_000_001);
  const bytes = new Uint8Array(buffer);
  new DataView(buffer).setBigUint64(0, 100_000_001n, true);
  assertEquals(refusalOf(bytes), "a header of at most 100000000 bytes, got one of 100000001");
});

Deno.test("a header that is not JSON, or not UTF-8, or has anything after it, is refused", () => {
  const refusals = {
    "[]": '"{" at character 0 in its header, got "[]"',
    "{": "a text at character 1 in its header, got its end",
    "{a:1}": 'a text at character 1 in its header, got "a:1}"',
    '{"a"}': '":" at character 4 in its header, got "}"',
    '{"a":1}': '"{" at character 5 in its header, got "1}"',
    '{"a': 'a whole text at character 1 in its header, got "\\"a"',
    '{"a\\"': 'a whole text at character 1 in its header, got "\\"a\\\\\\""',
    '{"\\x":': 'a whole text at character 1 in its header, got "\\"\\\\x\\":"',
    '{"a\nb":': 'a whole text at character 1 in its header, got "\\"a\\nb\\":"',
    '{"\\ud800":': 'a whole text at character 1 in its header, got "\\"\\\\ud800\\":"',
    [`{${entry("a")},}`]: 'a text at character 54 in its header, got "}"',
    [`{${entry("a")}`]: '"}" at character 53 in its header, got its end',
    '{"a":{"shape":[1}}': '"]" at character 16 in its header, got "}}"',
    " {}": '"{" at character 0 in its header, got " {}"',
    "{}{}": 'its end at character 2 in its header, got "{}"',
    "{}\u0000": 'its end at character 2 in its header, got "\\u0000"',
    "\ufeff{}": '"{" at character 0 in its header, got "\ufeff{}"',
  };
  for (const [header, refusal] of Object.entries(refusals)) {
    assertEquals(refusalOf(fileOf(header)), refusal);
  }
  const latin1 = Uint8Array.from('{"é"', (character) => character.charCodeAt(0));
  assertEquals(refusalOf(fileOf(latin1)), "a header of UTF-8 text, got other bytes");
});

Deno.test("nesting of any depth, endless texts and endless numbers are refused like any surprise", () => {
  for (const deep of ["[", '{"a":', '{"__metadata__":{"a":', "[[[["]) {
    assertEquals(refusalOf(fileOf(deep.repeat(200_000))).length < 100, true);
  }
  const digits = "1".repeat(1_000_000);
  assertEquals(
    refusalOf(fileOf(`{${entry("a", `[${digits}]`)}}`, 4)),
    "whole numbers from 0 to 2⁵³ − 1 in its header, got 11111111111111111",
  );
  assertEquals(refusalOf(fileOf(`{"${digits}":1}`)).length < 100, true);
  const long = entry(digits, "[2]");
  assertEquals(
    refusalOf(fileOf(`{${long}}`, 4)),
    `8 bytes for "${"1".repeat(50)}…${"1".repeat(10)}", F32 of shape [2], got 4`,
  );
  const axes = Array(100_000).fill(1).join(",");
  assertEquals(
    refusalOf(fileOf(`{${entry("a", `[${axes}]`)}}`, 0)),
    "4 bytes of tensors, as its header says, got 0",
  );
});

Deno.test("numbers that are negative, fractional, huge, padded or none are refused", () => {
  const numbers = ["-1", "0.5", "1.0", "1e0", "01", "9007199254740992", "1e999", "--"];
  for (const number of numbers) {
    const refusal = `whole numbers from 0 to 2⁵³ − 1 in its header, got ${number}`;
    assertEquals(refusalOf(fileOf(`{${entry("a", `[${number}]`)}}`, 4)), refusal);
    assertEquals(refusalOf(fileOf(`{${entry("a", "[1]", `[0,${number}]`)}}`, 4)), refusal);
  }
  for (const value of ["null", "NaN", '"1"', "[1]", "true"]) {
    const refusal = refusalOf(fileOf(`{${entry("a", `[${value}]`)}}`, 4));
    assertEquals(refusal.slice(0, 35), "a whole number at character 29 in i");
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

Deno.test("an entry without a part, with another part or with a part twice is refused", () => {
  const needed = 'dtype, shape and a pair of data_offsets of "a" in its header, got something else';
  assertEquals(refusalOf(fileOf('{"a":{}}')), needed);
  assertEquals(refusalOf(fileOf('{"a":{"dtype":"F32","shape":[]}}')), needed);
  assertEquals(refusalOf(fileOf('{"a":{"shape":[],"data_offsets":[0,4]}}', 4)), needed);
  assertEquals(refusalOf(fileOf('{"a":{"dtype":"F32","data_offsets":[0,4]}}', 4)), needed);
  for (const offsets of ["[]", "[0]", "[0,4,4]"]) {
    assertEquals(refusalOf(fileOf(`{${entry("a", "[1]", offsets)}}`, 4)), needed);
  }
  assertEquals(
    refusalOf(fileOf('{"a":{"dtype":"F32","Shape":[1]}}')),
    'only dtype, shape and a pair of data_offsets of "a" in its header, got "Shape"',
  );
  assertEquals(
    refusalOf(fileOf('{"a":{"dtype":"F32","dtype":"F64"}}')),
    'each name once in its header, got "dtype" twice',
  );
});

Deno.test("two tensors of one name, two metadata and two texts of one name are refused", () => {
  const twice = (name: string) => `each name once in its header, got "${name}" twice`;
  assertEquals(
    refusalOf(fileOf(`{${entry("a")},${entry("\\u0061", "[1]", "[4,8]")}}`, 8)),
    twice("a"),
  );
  assertEquals(refusalOf(fileOf('{"__metadata__":{},"__metadata__":{}}')), twice("__metadata__"));
  assertEquals(refusalOf(fileOf('{"__metadata__":{"b":"1","b":"2"}}')), twice("b"));
  assertEquals(
    refusalOf(fileOf('{"__metadata__":{"b":1}}')),
    'a text at character 21 in its header, got "1}}"',
  );
});

Deno.test("types that are not stored here are refused, inherited names included", () => {
  for (const type of ["F16", "BF16", "I64", "f32", "", "toString", "__proto__"]) {
    const bytes = fileOf(`{${entry("a", "[1]", "[0,4]", `"${type}"`)}}`, 4);
    assertEquals(refusalOf(bytes), `F32 or F64 for "a", got "${type}"`);
  }
});

Deno.test("tensors whose bytes do not fit their shape, overlap, leave a gap or do not fill the file are refused", () => {
  const pair = (a: string, b: string, data = 12) =>
    refusalOf(fileOf(`{${entry("a", "[2]", a)},${entry("b", "[1]", b)}}`, data));
  assertEquals(
    pair("[0,8]", "[4,8]"),
    '"b" from byte 8 on, without gap or overlap, got from byte 4 on',
  );
  assertEquals(
    pair("[0,8]", "[0,4]"),
    '"a" from byte 4 on, without gap or overlap, got from byte 0 on',
  );
  assertEquals(
    pair("[0,8]", "[9,13]", 13),
    '"b" from byte 8 on, without gap or overlap, got from byte 9 on',
  );
  assertEquals(
    pair("[1,9]", "[9,13]", 13),
    '"a" from byte 0 on, without gap or overlap, got from byte 1 on',
  );
  assertEquals(pair("[0,8]", "[8,12]", 16), "12 bytes of tensors, as its header says, got 16");
  assertEquals(pair("[0,7]", "[7,11]"), '8 bytes for "a", F32 of shape [2], got 7');
  assertEquals(pair("[8,0]", "[8,12]"), '8 bytes for "a", F32 of shape [2], got -8');
  const wide = fileOf(`{${entry("a", "[1]", "[0,4]", '"F64"')}}`, 4);
  assertEquals(refusalOf(wide), '8 bytes for "a", F64 of shape [1], got 4');
});

Deno.test("NaN and infinities inside are refused, unless they are asked for", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const bytes = fileOf(`{${entry("a", "[2]", "[0,8]")}}`, 8);
    bytes.set(new Uint8Array(new Float32Array([1, bad]).buffer), bytes.length - 8);
    assertEquals(refusalOf(bytes), `finite numbers in "a", got ${bad} at 1`);
    const lax = readSafetensors(bytes, "w", { checksum: "if present", finite: false });
    assertEquals(lax.tensors.get("a")?.data[1], bad);
  }
});

Deno.test("a missing checksum is refused, and so is a wrong one even if it need not be there", () => {
  const bare = writeSafetensors([], { checksum: false });
  const { message } = assertThrows(() => readSafetensors(bare, "w"), UserError);
  assertEquals(message, "Cannot read w: wanted a checksum in its metadata (file_sha256), got none");
  const edited = "the bytes that its checksum is of, got others: it was damaged or edited";
  for (const digits of ["", "0", "0".repeat(64), "0".repeat(100)]) {
    assertEquals(refusalOf(fileOf(`{"__metadata__":{"file_sha256":"${digits}"}}`)), edited);
    assertEquals(refusalOf(fileOf(`{"__metadata__":{"file_sha256": "${digits}"}}`)), edited);
  }
});

Deno.test("any one bit changed, any byte left out and any end cut off is noticed", () => {
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

Deno.test("what is read is a copy", () => {
  const bytes = writeSafetensors([["a", { shape: [1], data: new Float32Array([5]) }]]);
  const { tensors } = readSafetensors(bytes, "w");
  bytes.fill(0);
  assertEquals(tensors.get("a")?.data[0], 5);
});

Deno.test("bytes in the middle of a larger buffer are read like any others", () => {
  const bytes = writeSafetensors([["a", { shape: [1], data: new Float32Array([5]) }]]);
  const larger = new Uint8Array(bytes.length + 6);
  larger.set(bytes, 3);
  const { tensors } = readSafetensors(larger.subarray(3, -3), "w");
  assertEquals(tensors.get("a")?.data[0], 5);
});
