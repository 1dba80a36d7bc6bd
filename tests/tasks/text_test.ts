import { assert, assertEquals, assertThrows } from "@std/assert";
import { createVocabulary } from "@/tasks/task.ts";
import { symbolsToText, symbolText, textToSymbols } from "@/tasks/text.ts";

const symbols = createVocabulary();
const ASCII = String.fromCharCode(...Array(128).keys());

Deno.test("all 128 codes of ASCII are their own symbols, there and back", () => {
  assertEquals([...textToSymbols(ASCII, symbols)], [...Array(128).keys()]);
  assertEquals(symbolsToText(textToSymbols(ASCII, symbols), symbols), ASCII);
});

Deno.test("a text of 100,000 characters comes back as it was", () => {
  const text = ASCII.repeat(1000).slice(0, 100_000);
  assertEquals(symbolsToText(textToSymbols(text, symbols), symbols), text);
});

Deno.test("an empty text, and one with characters beyond ASCII, are refused in one sentence", () => {
  const refusals = {
    "": "wanted at least 1 character, got an empty text",
    "naïve": 'wanted ASCII characters, got "ï" (U+00EF) as character 3',
    "\u0080": 'wanted ASCII characters, got "\u0080" (U+0080) as character 1',
    "a😀": 'wanted ASCII characters, got "😀" (U+1F600) as character 2',
    "\ud83d": 'wanted ASCII characters, got "\\ud83d" (U+D83D) as character 1',
  };
  for (const [text, refusal] of Object.entries(refusals)) {
    const { message } = assertThrows(() => textToSymbols(text, symbols), RangeError);
    assertEquals(message, `Cannot read a text: ${refusal}`);
  }
});

Deno.test("with fewer characters than ASCII has, the others are refused; with more, they have no text", () => {
  assertEquals([...textToSymbols("\x0f", createVocabulary(16))], [15]);
  const message =
    'wanted characters with codes from 0 to 15, got "\\u0010" (U+0010) as character 1';
  assertThrows(() => textToSymbols("\x10", createVocabulary(16)), RangeError, message);
  const wide = createVocabulary(200);
  assertThrows(() => textToSymbols("\x80", wide), RangeError, "wanted ASCII characters");
  assertEquals(symbolsToText([65, 199, wide.start], wide), "A⟨199⟩⟨start⟩");
});

Deno.test("only the terminator at the end is left out; other marks are shown", () => {
  const { start, separator, terminator } = symbols;
  assertEquals(symbolsToText([65, terminator], symbols), "A");
  assertEquals(symbolsToText([terminator, 65], symbols), "⟨terminator⟩A");
  assertEquals(symbolsToText([start, separator, terminator], symbols), "⟨start⟩⟨separator⟩");
  assertEquals(symbolsToText([], symbols), "");
});

Deno.test("each symbol has a sign that takes one place, save marks and numbers beyond ASCII", () => {
  const signs = Array.from({ length: 128 }, (_, code) => symbolText(code, symbols));
  assertEquals(new Set(signs).size, 128);
  assert(signs.every((sign) => [...sign].length === 1 && !/[\p{C}\p{Z}]/u.test(sign)));
  assertEquals(["A", " ", "\0", "\t", "\n", "\x1f", "\x7f"].map((c) => signs[c.charCodeAt(0)]), [
    ..."A␣␀␉␊␟␡",
  ]);
  const { start, separator, terminator } = symbols;
  const marks = [start, separator, terminator].map((mark) => symbolText(mark, symbols));
  assertEquals(marks, ["start", "separator", "terminator"]);
  assertEquals(symbolText(199, createVocabulary(300)), "199");
  // With few characters, marks come before codes that a text might have.
  assertEquals([symbolText(4, createVocabulary(4)), symbolText(3, createVocabulary(4))], [
    "start",
    "␃",
  ]);
});
