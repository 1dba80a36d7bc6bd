import { assertEquals, assertThrows } from "@std/assert";
import { decodeText } from "@/io/text_encoding.ts";
import { disk } from "@/io/disk.ts";
import { UserError } from "@/io/user_error.ts";
import { inScratchFolder, mayScratch } from "./scratch_folder.ts";

const refuse = (bytes: number[], message: string) =>
  assertThrows(() => decodeText(Uint8Array.from(bytes), "read a text"), UserError, message);

Deno.test("a byte-order mark is no part of a text, at its beginning only", () => {
  const mark = [0xef, 0xbb, 0xbf];
  assertEquals(decodeText(Uint8Array.from([...mark, 0xc3, 0xa4]), "read a text"), "ä");
  assertEquals(decodeText(Uint8Array.from([0x61, ...mark]), "read a text"), "a\ufeff");
  assertEquals(decodeText(Uint8Array.from(mark), "read a text"), "");
});

Deno.test("UTF-16 is named as what it is, in both byte orders", () => {
  const message = "Cannot read a text: wanted text in UTF-8, got UTF-16";
  refuse([0xff, 0xfe, 0x61, 0x00], message);
  refuse([0xfe, 0xff, 0x00, 0x61], message);
});

Deno.test("bytes that are no text are refused", () => {
  refuse([0x61, 0xff], "Cannot read a text: wanted text in UTF-8, got bytes that are not");
});

Deno.test({
  name: "a file that an editor has marked is read without its mark" +
    (mayScratch() ? "" : " (left out: needs --allow-read and --allow-write)"),
  ignore: !mayScratch(),
  fn: () =>
    inScratchFolder((folder) => {
      Deno.writeTextFileSync(`${folder}/config.json`, "\ufeff{}");
      assertEquals(disk.readText(`${folder}/config.json`), "{}");
      Deno.writeFileSync(`${folder}/config.json`, Uint8Array.of(0xff, 0xfe, 0x7b, 0));
      assertThrows(() => disk.readText(`${folder}/config.json`), UserError, "got UTF-16");
    }),
});
