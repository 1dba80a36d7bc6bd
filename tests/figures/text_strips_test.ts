import { assert, assertEquals, assertThrows } from "@std/assert";
import { textStrips } from "@/figures/text_strips.ts";

interface Trace {
  readonly name?: string;
  readonly mode?: string;
  readonly x: number[];
  readonly y: number[];
  readonly base: number[];
  readonly text: string[];
  readonly hovertext: string[];
}

const strips = [{ name: "c 1", values: [2, -1, 0, 0.5] }, { name: "h 3", values: [0, 1, 1, -4] }];
const drawn = (text = "a\n <", of = strips) =>
  textStrips({ title: "A claim", text, strips: of }).data as unknown as Trace[];

Deno.test("bars go up above 0 and down below, as high as the share of the strip's greatest", () => {
  const [above, below] = drawn();
  assertEquals([above.name, below.name], ["above 0", "below 0"]);
  assertEquals(above.hovertext, ["c 1: 2", "c 1: 0.5", "h 3: 1", "h 3: 1"]);
  assertEquals(above.y, [0.46, 0.115, 0.115, 0.115]);
  assertEquals(below.hovertext, ["c 1: −1", "h 3: −4"]);
  assertEquals(below.y, [-0.23, -0.46]);
  assertEquals([below.x, below.base], [[1, 3], [1, 0]]); // the first strip is the upper one
});

Deno.test("each strip has the whole text, with signs for line breaks and for what Plotly would read as mark-up", () => {
  const letters = drawn().find(({ mode }) => mode === "text")!;
  assertEquals(letters.text, ["a", "↵", "&lt;", "a", "↵", "&lt;"]);
  assertEquals(letters.x, [0, 1, 3, 0, 1, 3]);
});

Deno.test("a long text goes on in a further line, below all strips of the first", () => {
  const text = "x".repeat(100), values = new Array(100).fill(1);
  const two = ["c 1", "c 2"].map((name) => ({ name, values }));
  const letters = drawn(text, two).find(({ mode }) => mode === "text")!;
  const heights = [...new Set(letters.y)];
  assertEquals(heights.length, 4);
  const lineOf = (k: number) => letters.y[k];
  assert(lineOf(0) > lineOf(100) && lineOf(100) > lineOf(99) && lineOf(99) > lineOf(199));
  assertEquals(Math.max(...letters.x), 67);
});

Deno.test("a strip of zeros has no bar", () => {
  const [above, below] = drawn("ab", [{ name: "c 1", values: [0, 0] }]);
  assertEquals([above.x, below.x], [[], []]);
});

Deno.test("nothing to draw is refused", () => {
  assertThrows(() => drawn(""), TypeError, "wanted a text and a strip, got no character");
  assertThrows(() => drawn("a", []), TypeError, "got no strip");
  assertThrows(
    () => drawn("abc"),
    TypeError,
    "wanted 3 values (one for each character) of c 1, got 4",
  );
});
