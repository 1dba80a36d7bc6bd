import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { coloursOf, inkOn, shade, tint } from "@/figures/colours.ts";
import { fittingText } from "@/figures/fitting_text.ts";
import { PALETTE } from "@/figures/figure.ts";
import { numeral, rounded, significant } from "@/figures/rounding.ts";
import { stepTable, stepWords } from "@/figures/step_table.ts";
import { readTerms, term } from "@/figures/terms.ts";
import { textMarks } from "@/figures/text_marks.ts";
import { textWidth } from "@/figures/text_width.ts";
import { runStack } from "@/memory/stack.ts";

/** Contrast of two colours after WCAG 2.2, written out anew. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, k) => {
      const c = parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16) / 255;
      return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

Deno.test("words on every colour of the palette have a contrast of at least 4.5", () => {
  for (const colour of Object.values(PALETTE)) {
    assert(contrast(inkOn(colour), colour) >= 4.5, colour);
    assert(contrast("#222222", tint(colour, 0.4)) >= 4.5 || colour === PALETTE.black, colour);
  }
});

Deno.test("seven names have seven colours, and a name keeps its own", () => {
  const names = [..."abcdefg"];
  assertEquals(new Set(coloursOf(names)).size, 7);
  const twice = coloursOf([...names, ...names]);
  assertEquals(twice.slice(7), twice.slice(0, 7));
});

Deno.test("a tint is lighter and a shade darker than the colour", () => {
  assertEquals([tint("#336699", 1), shade("#336699", 1)], ["#336699", "#336699"]);
  assertEquals([tint("#336699", 0), shade("#336699", 0)], ["#ffffff", "#000000"]);
  assertEquals([tint("#336699", 0.5), shade("#336699", 0.5)], ["#99b3cc", "#1a334d"]);
});

Deno.test("numbers in figures carry no dust and no minus zero", () => {
  assertEquals([rounded(0.1 + 0.2), rounded(-1e-9), rounded(0.12345)], [0.3, 0, 0.1235]);
  assertEquals([significant(0), significant(-0.00123456)], [0, -0.001235]);
  assertEquals([numeral(-0.001), numeral(-1.5), numeral(0.125, 3)], ["0", "−1.5", "0.125"]);
});

Deno.test("a text is chosen only if it is no wider and no higher than its box", () => {
  fc.assert(fc.property(fc.string(), fc.nat(200), fc.nat(40), (text, width, height) => {
    const plain = text.replace(/[<>]/g, "");
    const fits = textWidth(plain, 13) <= width && 13 <= height;
    assertEquals(fittingText([plain], width, height), fits ? plain : "");
  }));
  assertEquals(fittingText(["one<br>two"], 100, 20), "");
  assertEquals(fittingText(["one<br>two"], 100, 26), "one<br>two");
});

Deno.test("a name that is a number is set off from its strength", () => {
  assertEquals(term(0.5, "0.1"), "0.5 × 0.1");
  assertEquals(term(0.5, "−0.1"), "0.5 × −0.1");
  assertEquals(term(0.5, "a1"), "0.5 a1");
});

Deno.test("a read names each value once, topmost first, and an empty stack reads nothing", () => {
  assertEquals(readTerms([0.25, 0.25, 0.25], ["a", "b", "a"]), ["0.5 a", "0.25 b"]);
  assertEquals(readTerms([2, 0.75], ["a", "b"]), ["0.75 b", "0.25 a"]);
  assertEquals(readTerms([0, 0], ["a", "b"]), ["nothing"]);
});

Deno.test("a table keeps the rows that fit", () => {
  const trace = runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 0.25] });
  const rows = (width: number) => stepTable(trace, ["apple", "b"], width).rows.map((r) => r.name);
  assertEquals(rows(200).length, 3);
  assertEquals(rows(40), ["pop <i>u</i>", "push <i>d</i>"]);
  assertEquals(rows(5), []);
  const finer = runStack({ values: [[1], [2]], pops: [0, 0.25], pushes: [1, 0.5] });
  const [only, ...others] = stepTable(finer, ["apple", "b"], 30).rows;
  assertEquals([only.name, others], ["push <i>d</i>", []], "0.5 fits, 0.25 does not");
  assertEquals(
    stepWords(trace, ["apple", "b"])[1],
    "step 2 pops 0.5, pushes 0.25 b, reads 0.25 b + 0.5 apple",
  );
});

Deno.test("empty texts are not drawn", () => {
  const trace = textMarks([{ x: 1, y: 2, text: "" }, {
    x: 3,
    y: 4,
    text: "here",
    colour: "#ff0000",
  }]);
  const { x, y, text, textfont } = trace as unknown as Record<string, unknown>;
  assertEquals([x, y, text], [[3], [4], ["here"]]);
  assertEquals(textfont, { size: 13, color: ["#ff0000"] });
});
