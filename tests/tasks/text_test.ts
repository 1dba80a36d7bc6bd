import { assert, assertEquals, assertThrows } from "@std/assert";
import { genderTask } from "@/tasks/gender.ts";
import { createVocabulary } from "@/tasks/task.ts";
import { alphabetOf, symbolNoun, symbolsToText, symbolText, textToSymbols } from "@/tasks/text.ts";

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

/** The order in which small alphabets take the characters of ASCII, as the command's help says it. */
const TYPABLE = [
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "0123456789",
  "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
  " ",
].join("");

Deno.test("an alphabet of up to 95 characters can be typed, larger ones have them and control characters", () => {
  assertEquals(TYPABLE.length, 95);
  for (let n = 1; n < 128; n++) {
    const alphabet = alphabetOf(createVocabulary(n));
    assertEquals(alphabet.slice(0, 95), TYPABLE.slice(0, n));
    assertEquals([alphabet.length, new Set(alphabet).size], [n, n]);
  }
  assertEquals([...alphabetOf(createVocabulary(127))].sort().join(""), ASCII.slice(0, 127));
  for (const n of [128, 129, 1000]) assertEquals(alphabetOf(createVocabulary(n)), ASCII);
});

Deno.test("in a small alphabet each character is the symbol of its place, there and back", () => {
  for (const n of [1, 2, 16, 26, 60, 95, 96, 127]) {
    const few = createVocabulary(n), alphabet = alphabetOf(few);
    assertEquals([...textToSymbols(alphabet, few)], [...Array(n).keys()]);
    assertEquals(symbolsToText([...Array(n).keys(), few.terminator], few), alphabet);
    const signs = [...alphabet].map((_, symbol) => symbolText(symbol, few));
    const visible = (character: string) => character > " " && character < "\x7f";
    assertEquals(signs.filter((sign, i) => visible(alphabet[i]) && sign !== alphabet[i]), []);
    assertEquals(new Set(signs).size, n);
  }
  const sixteen = createVocabulary(16);
  assertEquals([...textToSymbols("faced", sixteen)], [5, 0, 2, 4, 3]);
  assertEquals(symbolsToText([3, sixteen.separator], sixteen), "d⟨separator⟩");
});

Deno.test("a character outside a small alphabet is refused, and the alphabet is shown", () => {
  const sixteen = createVocabulary(16);
  const refusals = {
    "babe q": 'got " " (U+0020) as character 5',
    "q": 'got "q" (U+0071) as character 1',
    "A": 'got "A" (U+0041) as character 1',
    "\0": 'got "\\u0000" (U+0000) as character 1',
    "a😀": 'got "😀" (U+1F600) as character 2',
  };
  for (const [text, got] of Object.entries(refusals)) {
    const { message } = assertThrows(() => textToSymbols(text, sixteen), RangeError);
    assertEquals(message, `Cannot read a text: wanted characters of "abcdefghijklmnop", ${got}`);
  }
});

Deno.test("characters beyond ASCII have no text", () => {
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
  const four = createVocabulary(4);
  assertEquals([symbolText(4, four), symbolText(3, four)], ["start", "d"]);
});

const { vocabulary: words } = genderTask();

Deno.test("words are separated by blanks of any kind, and come back separated by one", () => {
  const source = textToSymbols("  the em1\tand \n a ef25 ", words);
  assertEquals(source.length, 5);
  assertEquals(symbolsToText(source, words), "the em1 and a ef25");
  assertEquals(
    Array.from(source, (symbol) => symbolText(symbol, words)).join(),
    "the,em1,and,a,ef25",
  );
  const { separator, terminator } = words;
  assertEquals(
    symbolsToText([source[0], separator, source[1], terminator], words),
    "the ⟨separator⟩ em1",
  );
  assertEquals(symbolText(separator, words), "separator");
});

Deno.test("every word is its own symbol, there and back", () => {
  const all = words.words!.map((_, symbol) => symbol);
  assertEquals([...textToSymbols(symbolsToText(all, words), words)], all);
});

Deno.test("an unknown word is named, and so is a text without words", () => {
  const refusals = {
    "the em1 and teh em2": 'got "teh" as word 4',
    "The em1": 'got "The" as word 1',
    "the em26": 'got "em26" as word 2',
    " \n": "got none",
    "": "got none",
  };
  for (const [text, got] of Object.entries(refusals)) {
    const { message } = assertThrows(() => textToSymbols(text, words), RangeError);
    assertEquals(message, `Cannot read a text: wanted the task's 211 words, such as "or", ${got}`);
  }
});

Deno.test("sentences have words, strings have characters", () => {
  assertEquals([symbolNoun(words), symbolNoun(symbols)], ["words", "characters"]);
});
