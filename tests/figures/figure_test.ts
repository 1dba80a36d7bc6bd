import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { FIGURE_WIDTH, type FigureParts, makeFigure } from "@/figures/figure.ts";
import { figureToJson } from "@/figures/parts/figure_text.ts";
import { textWidth } from "@/figures/parts/text_width.ts";

const PARTS: FigureParts = {
  title: "A title",
  description: "A line.",
  data: [{ type: "scatter", x: [1], y: [1] }],
};

Deno.test("a figure without a title or without a description is refused", () => {
  for (const name of ["title", "description"]) {
    assertThrows(
      () => makeFigure({ ...PARTS, [name]: "" }),
      TypeError,
      `Cannot make a figure: wanted a ${name}, got an empty one`,
    );
  }
});

Deno.test("no button of a figure uploads its data", () => {
  const { config } = makeFigure(PARTS);
  assertEquals([config.showSendToCloud, config.displaylogo], [false, false]);
});

Deno.test("a figure's own layout overrides the shared style", () => {
  const { layout } = makeFigure({
    ...PARTS,
    xTitle: "step",
    layout: {
      width: 300,
      height: 200,
      margin: { t: 5, l: 6 },
      title: { x: 0.5 },
      xaxis: { dtick: 1, title: { standoff: 3 } },
    },
  });
  assertEquals([layout.width, layout.height], [300, 200]);
  assertEquals(layout.margin, { t: 5, l: 6 });
  assertEquals([layout.title?.text, layout.title?.x], ["A title", 0.5]);
  assertEquals(layout.xaxis, { dtick: 1, title: { text: "step", standoff: 3 } });
});

Deno.test("a title that is too wide is wrapped into lines that fit, and gets space for them", () => {
  const title = "a title of many words ".repeat(8).trim();
  const { layout } = makeFigure({ ...PARTS, title });
  const lines = layout.title!.text!.split("<br>");
  assertEquals(lines.join(" "), title);
  assert(lines.length > 1);
  for (const line of lines) assertLess(textWidth(line, 16), FIGURE_WIDTH - 64 - 32);
  const oneLine = makeFigure(PARTS).layout.margin!.t!;
  assertEquals(layout.margin!.t, oneLine + 21 * (lines.length - 1));
});

Deno.test("the lines of a title are about as long as each other", () => {
  const title = `${"a title of many words ".repeat(3)}and two more of them`;
  const { layout } = makeFigure({ ...PARTS, title });
  const widths = layout.title!.text!.split("<br>").map((line) => textWidth(line, 16));
  assertEquals(widths.length, 2);
  assertLess(Math.abs(widths[0] - widths[1]), 0.25 * Math.max(...widths));
});

Deno.test("a title ends before the column of Plotly's buttons, however far right it begins", () => {
  const title = "a title of many words ".repeat(8).trim();
  for (const [l, start] of [[0, 0], [64, 64], [76, 76], [150, 150], [151, 16], [300, 16]]) {
    const { layout, config } = makeFigure({ ...PARTS, title, layout: { margin: { l } } });
    assertEquals(layout.title!.xref, start === l ? undefined : "container");
    assertEquals(layout.modebar, { orientation: "v", bgcolor: "rgba(0, 0, 0, 0)" });
    assert(config.modeBarButtonsToRemove!.length >= 7, "a short column, above the plot");
    for (const line of layout.title!.text!.split("<br>")) {
      assertLess(start + textWidth(line, 16), FIGURE_WIDTH - 28);
    }
  }
});

Deno.test("a first line of a title stands at the same height in figures of any height", () => {
  const baseline = (height: number) => {
    const { layout } = makeFigure({ ...PARTS, layout: { height } });
    return Math.round(height * (1 - layout.title!.y!));
  };
  assertEquals([200, 400, 900].map(baseline), [26, 26, 26]);
});

Deno.test("frames are kept, and left out where there are none", () => {
  assertEquals("frames" in makeFigure(PARTS), false);
  assertEquals(makeFigure({ ...PARTS, frames: [{ name: "0" }] }).frames, [{ name: "0" }]);
});

Deno.test("whole numbers are written whole, however large, and fractions to six digits", () => {
  assertEquals(
    figureToJson({ x: [1234567, 1 / 3, 1.23456789e-9, -0.5, Infinity] }),
    '{"x":[1234567,0.333333,1.23457e-9,-0.5,null]}',
  );
});
