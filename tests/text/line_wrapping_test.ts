import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { wrapLines } from "@/text/line_wrapping.ts";

const words = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), minLength: 1, maxLength: 8 });
const lines = fc.array(fc.array(words, { maxLength: 6 }).map((list) => list.join(" ")), {
  maxLength: 4,
});

Deno.test("wrapping changes nothing but blanks, and no line of several words is too long", () => {
  fc.assert(fc.property(lines, fc.integer({ min: 1, max: 12 }), (lines, columns) => {
    const text = lines.join("\n"), wrapped = wrapLines(text, columns);
    assertEquals(wrapped.length, text.length);
    assertEquals(wrapped.replaceAll("\n", " "), text.replaceAll("\n", " "));
    for (const line of wrapped.split("\n")) {
      assert([...line].length <= columns || !line.includes(" "));
    }
  }));
});

Deno.test("wrapping is greedy: the first word of a line did not fit on the line before", () => {
  fc.assert(
    fc.property(
      lines.map((lines) => lines.join(" ")),
      fc.integer({ min: 1, max: 12 }),
      (line, columns) => {
        const wrapped = wrapLines(line, columns).split("\n");
        for (let i = 1; i < wrapped.length; i++) {
          const [first] = wrapped[i].split(" ");
          assert([...wrapped[i - 1]].length + 1 + [...first].length > columns);
        }
      },
    ),
  );
});

Deno.test("a line may be full to its last column, and a longer word has a line of its own", () => {
  assertEquals(wrapLines("ab cd ef", 5), "ab cd\nef");
  assertEquals(wrapLines("ab cd ef", 4), "ab\ncd\nef");
  assertEquals(wrapLines("a Moby-Dick b c", 4), "a\nMoby-Dick\nb c");
  assertEquals(wrapLines("Moby-Dick b", 4), "Moby-Dick\nb");
});

Deno.test("paragraphs stay, and blanks at the ends of lines go", () => {
  assertEquals(wrapLines("a  b \n\n\t c\n", 80), "a b\n\nc\n");
  assertEquals(wrapLines("", 80), "");
});

Deno.test("columns are whole numbers of at least 1", () => {
  for (const columns of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(
      () => wrapLines("a", columns),
      RangeError,
      "Cannot wrap lines: wanted at least 1 column",
    );
  }
});
