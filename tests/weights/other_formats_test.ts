import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { describeOtherFormat } from "@/weights/other_formats.ts";
import { readSafetensors, writeSafetensors } from "@/weights/safetensors.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const zipOf = (name: string) => `PK\x03\x04${"\0".repeat(26)}${name}FB\x12\0ZZZ and so on`;

const PAGE = /^a web page: download the file itself/;
const PICKLE = /^a pickle, .*torch\.load.*safetensors\.torch\.save_file/;
const NUMPY = /^numbers saved by numpy.*safetensors\.numpy\.save_file/;

/** The first bytes of files that are taken for weights, and what is said about them. */
const FILES: [string, RegExp][] = [
  [
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    /^a Git LFS pointer: .*"git lfs pull"/,
  ],
  ["<!DOCTYPE html>\n<html>", PAGE],
  ["\xef\xbb\xbf\r\n  <html lang=en><head>", PAGE],
  ['<?xml version="1.0"?><Error><Code>AccessDenied', PAGE],
  [zipOf("new/data.pkl"), PICKLE],
  ["\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", PICKLE],
  ["\x80\x04\x95\x01\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x0c", PICKLE],
  ["\x80\x05\x95)\x07\x00\x00\x00\x00\x00\x00}\x94(\x8c\x0c", PICKLE],
  [zipOf("cells.0.bias.npy"), NUMPY],
  ["\x93NUMPY\x01\x00v\x00{'descr': '<f8'", NUMPY],
  [zipOf("weights.safetensors"), /^a zip archive: unpack it/],
  ['{"settings":{"seed":1}}', /^JSON text: /],
  [" [\n  1, 2, 3]", /^JSON text: /],
];

Deno.test("files that are often taken for weights are named, with what to do", () => {
  for (const [opening, sentence] of FILES) {
    const { message } = assertThrows(() => readSafetensors(bytesOf(opening), "w"), UserError);
    const [, got] = /^Cannot read w: wanted a safetensors file, got ([^\n]+)$/.exec(message)!;
    assertMatch(got, sentence, JSON.stringify(opening));
  }
});

Deno.test("a header that is as long as the first bytes of another format is not mistaken for it", () => {
  for (const length of [0x280, 0x480, "{".charCodeAt(0), "[".charCodeAt(0)]) {
    const metadata = [["note", "a".repeat(length)]] as const;
    const bytes = writeSafetensors([], { metadata, checksum: false });
    const header = `{"__metadata__":{"note":"${"a".repeat(length - 28)}"}}`;
    const whole = Uint8Array.from([...bytes.slice(0, 8), ...bytesOf(header)]);
    new DataView(whole.buffer).setBigUint64(0, BigInt(length), true);
    assertEquals(header.length, length);
    assertEquals(readSafetensors(whole, "w", { checksum: "if present" }).tensors.size, 0);
    const long = Uint8Array.from([...whole, 0]);
    const { message } = assertThrows(() => readSafetensors(long, "w"), UserError);
    assertEquals(message, "Cannot read w: wanted 0 bytes of tensors, as in its header, got 1");
  }
});

Deno.test("other files are not named", () => {
  for (const opening of ["", "these are no weights at all", "\0".repeat(99), "PK", "<3 <3 <3 <3"]) {
    assertEquals(describeOtherFormat(bytesOf(opening)), undefined);
  }
  assert(describeOtherFormat(bytesOf("{}")) !== undefined);
});
