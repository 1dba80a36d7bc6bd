import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { UserError } from "@/io/user_error.ts";
import { createAlphabet, createDecoder, decodeSymbols, encodeText } from "@/text/alphabet.ts";

/** Texts of whole code points: what a file in UTF-8 can hold. */
const texts = fc.string({ unit: "binary", maxLength: 40 });

Deno.test("every text is what its symbols are converted back to, as characters and as bytes", () => {
  fc.assert(fc.property(texts, (text) => {
    for (const unit of ["characters", "bytes"] as const) {
      const alphabet = createAlphabet(text, unit), symbols = encodeText(alphabet, text, "read it");
      assert(symbols.every((symbol) => symbol >= 0 && symbol < alphabet.size));
      assertEquals(decodeSymbols(alphabet, symbols), text);
    }
  }));
});

Deno.test("an alphabet has each character once, in the order of their code points", () => {
  const { characters, size } = createAlphabet("z😀aé\uffeda", "characters");
  // In the order of UTF-16 the emoji would come before U+FFED.
  assertEquals([characters, size], ["azé\uffed😀", 5]);
  assertEquals(createAlphabet("any text", "bytes"), { unit: "bytes", characters: "", size: 256 });
});

Deno.test("a symbol is a character in the one unit and a byte in the other", () => {
  const text = "né😀";
  assertEquals([...encodeText(createAlphabet(text, "characters"), text, "read it")], [0, 1, 2]);
  const bytes = encodeText(createAlphabet(text, "bytes"), text, "read it");
  assertEquals([...bytes], [0x6e, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]);
});

Deno.test("an unknown character is named with its place, counted in characters", () => {
  const alphabet = createAlphabet('"😀', "characters");
  const { message } = assertThrows(() => encodeText(alphabet, '😀😀"é', "read it"), UserError);
  assertEquals(
    message,
    'Cannot read it: wanted characters of "\\"😀", got "é" (U+00E9) as character 4',
  );
  const many = String.fromCodePoint(...Array.from({ length: 130 }, (_, i) => 0x4e00 + i));
  const error = assertThrows(
    () => encodeText(createAlphabet(many, "characters"), "x", "read it"),
    UserError,
  );
  assertEquals(error.wanted, `characters of ${JSON.stringify(many.slice(0, 128))} and 2 others`);
});

Deno.test("bytes become text as soon as a character is whole, and what is no UTF-8 is replaced", () => {
  const decoder = createDecoder(createAlphabet("", "bytes"));
  assertEquals([0x61, 0xc3, 0xa9, 0xff, 0xe2].map(decoder.add), ["a", "", "é", "\ufffd", ""]);
  assertEquals(decoder.end(), "\ufffd");
  assertEquals(decodeSymbols(createAlphabet("", "bytes"), [0xef, 0xbb, 0xbf]), "\ufeff");
});
