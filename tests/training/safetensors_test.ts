import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type StoredTensor, storedType, writeSafetensors } from "@/training/safetensors.ts";
import { readSafetensors } from "@/training/safetensors_reader.ts";

const TENSORS: [string, StoredTensor][] = [
  ["weight", { shape: [1, 3], data: new Float32Array([1, 0.5, -2]) }],
  ["bias", { shape: [], data: new Float32Array([0.25]) }],
  ["wide", { shape: [1], data: new Float64Array([0.1]) }],
];

/** What safetensors 0.8.0 for Python writes of the same tensors, with the metadata format: pt. */
const BY_PYTHON =
  "0AAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJ3aWRlIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsx" +
  "XSwiZGF0YV9vZmZzZXRzIjpbMCw4XX0sImJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6" +
  "WzgsMTJdfSwid2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxLDNdLCJkYXRhX29mZnNldHMiOlsxMiwyNF19fSAg" +
  "mpmZmZmZuT8AAIA+AACAPwAAAD8AAADA";

Deno.test("the bytes are the very ones that the format's own library writes", () => {
  const bytes = writeSafetensors(TENSORS, { metadata: [["format", "pt"]], checksum: false });
  assertEquals(bytes, Uint8Array.fromBase64(BY_PYTHON));
});

Deno.test("a file of the format's own library is read, if it need not have a checksum", () => {
  const bytes = Uint8Array.fromBase64(BY_PYTHON);
  const { tensors, metadata } = readSafetensors(bytes, "w", { checksum: "if present" });
  assertEquals(new Map(tensors), new Map(TENSORS));
  assertEquals(new Map(metadata), new Map([["format", "pt"]]));
});

Deno.test("tensors and metadata come back bit for bit, whatever their names", () => {
  const odd = [
    '"quoted"',
    "line\nend",
    "é 😀",
    "",
    "__proto__",
    "toString",
    "10",
    "2",
    "file_sha256",
  ];
  const named = odd.map((name, i): [string, StoredTensor] => [
    name,
    { shape: [2, 1], data: new Float32Array([i, -0]) },
  ]);
  named.push(["none", { shape: [3, 0], data: new Float32Array() }]);
  const texts = odd.slice(0, -1).map((name): [string, string] => [name, `"file_sha256":"${name}"`]);
  const { tensors, metadata } = readSafetensors(writeSafetensors(named, { metadata: texts }), "w");
  assertEquals(new Map(tensors), new Map(named));
  assertEquals(Object.is(tensors.get("é 😀")?.data[1], -0), true);
  assertEquals(new Map(metadata), new Map(texts));
});

Deno.test("the same tensors give the same bytes in any order, and any other tensors other bytes", () => {
  const metadata: [string, string][] = [["b", "1"], ["a", "2"]];
  const bytes = writeSafetensors(TENSORS, { metadata });
  const turned = { metadata: metadata.toReversed() };
  assertEquals(writeSafetensors(TENSORS.toReversed(), turned), bytes);
  assertNotEquals(writeSafetensors(TENSORS.slice(1), { metadata }), bytes);
});

Deno.test("a view into a larger array is stored alone", () => {
  const all = new Float32Array([1, 2, 3, 4]);
  const bytes = writeSafetensors([["middle", { shape: [2], data: all.subarray(1, 3) }]]);
  assertEquals([...readSafetensors(bytes, "w").tensors.get("middle")!.data], [2, 3]);
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

Deno.test("the checksum is the SHA-256 of the file with zeros for its digits", async () => {
  const bytes = writeSafetensors(TENSORS, { metadata: [["é", "é"]] });
  const text = new TextDecoder("latin1").decode(bytes);
  const [found, digits] = /"file_sha256":"([0-9a-f]{64})"/.exec(text)!;
  const at = text.indexOf(found) + found.indexOf(digits);
  const zeroed = bytes.slice().fill("0".charCodeAt(0), at, at + 64);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", zeroed));
  assertEquals(hash.toHex(), digits);
});

Deno.test("what a reader would refuse is not written", () => {
  const scalar = { shape: [], data: new Float32Array(1) };
  const write = (name: string, tensor: StoredTensor) => () => writeSafetensors([[name, tensor]]);
  for (const shape of [[2], [1, 2], [0], [-1], [0.5, 2], [NaN]]) {
    const bad = { shape, data: new Float32Array(shape[1] === 2 && shape[0] === 0.5 ? 1 : 3) };
    assertThrows(write("a", bad), TypeError, `fill a of shape [${shape}], got ${bad.data.length}`);
  }
  const negative = { shape: [-1, -3], data: new Float32Array(3) };
  assertThrows(write("a", negative), TypeError, "fill a of shape [-1,-3], got 3");
  for (const bad of [NaN, Infinity, -Infinity]) {
    const data = new Float32Array([0, bad]);
    const message = `wanted finite numbers in a, got ${bad} at 1`;
    assertThrows(write("a", { shape: [2], data }), RangeError, message);
  }
  assertThrows(write("__metadata__", scalar), TypeError, 'none "__metadata__"');
  assertThrows(write("\ud800", scalar), TypeError, 'got "\\ud800"');
  assertThrows(() => writeSafetensors([["a", scalar], ["a", scalar]]), TypeError, 'got "a"');
  const note = (...metadata: [string, string][]) => () => writeSafetensors([], { metadata });
  assertThrows(note(["file_sha256", "0"]), TypeError, 'none "file_sha256"');
  assertThrows(note(["a", "1"], ["a", "2"]), TypeError, 'got "a"');
});

Deno.test("the type of numbers has a name", () => {
  assertEquals(storedType(new Float64Array()), "F64");
  assertEquals(storedType(new Float32Array()), "F32");
});
