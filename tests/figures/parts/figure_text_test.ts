import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Figure, makeFigure } from "@/figures/figure.ts";
import { addTextAlternative, textAlternative } from "@/figures/parts/figure_text.ts";
import { figureToSvg } from "@/figures/svg/to_svg.ts";
import { figureBundle, PLOTLY } from "@/jupyter/show.ts";

const figure: Figure = makeFigure({
  title: "A window 2<i>d</i> − 1 < <i>u</i> < <i>d</i>, and a path<br>through it",
  description: "A line from 0 to 1, where u < d & u > 0.",
  data: [{ type: "scatter", y: [0, 1] }],
  layout: { annotations: [{ text: "a note", x: 0, y: 0.5 }] },
});
const WORDS =
  "A window 2d − 1 < u < d, and a path through it. A line from 0 to 1, where u < d & u > 0.";

Deno.test("the text alternative is the title without markup, and the description", () => {
  assertEquals(textAlternative(figure), WORDS);
});

Deno.test("a title that ends with a question mark gets no full stop, and the status line is included", () => {
  const layout = { title: { text: "Does it fall?", subtitle: { text: "80 strings" } } };
  assertEquals(
    textAlternative({ ...figure, layout, description: "Yes" }),
    "Does it fall? 80 strings. Yes.",
  );
});

Deno.test("every format of a figure says the same", async () => {
  const bundle = await figureBundle(figure);
  assertEquals(bundle["text/plain"], WORDS);
  const escaped = WORDS.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  assertStringIncludes(bundle["image/svg+xml"] as string, `<title>${escaped}</title>`);
  const { layout } = bundle[PLOTLY] as unknown as Figure;
  const [note, words] = layout.annotations!;
  assertEquals(note.text, "a note");
  assertEquals(words.text!.replaceAll("&lt;", "<").replaceAll("&amp;", "&"), WORDS);
  assertEquals([words.opacity, words.showarrow], [0, false]);
});

Deno.test("the hidden annotation is in no picture, and the figure itself is not changed", async () => {
  const before = JSON.stringify(figure);
  addTextAlternative(figure);
  assertEquals(JSON.stringify(figure), before);
  const svg = await figureToSvg(figure);
  assert(!svg.replace(/<title>.*<\/title>/, "").includes("where u"));
});
