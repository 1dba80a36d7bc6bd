import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { reportHtml } from "@/cli/report.ts";
import { makeFigure } from "@/figures/figure.ts";
import { figureToSvg } from "@/figures/svg/to_svg.ts";

const FIGURE = makeFigure({
  title: "The error falls",
  description: "A line from 1 to 0.",
  data: [{ type: "scatter", x: [0, 1], y: [1, 0] }],
  xTitle: "iteration",
  yTitle: "error",
});

const REPORT = {
  title: "walk, <seed> 1",
  verdict: "Succeeded & done",
  lines: ["a  <b>", "c"],
  figures: [FIGURE],
  settings: [["--starts", '"0,1"']] as const,
};

Deno.test("a report holds its pictures, and loads and runs nothing", async () => {
  const html = await reportHtml(REPORT, figureToSvg);
  assertMatch(html, /^<!DOCTYPE html>/);
  assertMatch(html, /<svg[^>]*>[^]*The error falls[^]*<\/svg>/);
  assert(
    !/<script|<link|<iframe|<img|javascript:|\son\w+=|@import|url\(["']?(?!["']?#)/i.test(html),
  );
  const addresses = html.match(/https?:[^"'\s)]+/g) ?? [];
  assertEquals(addresses.filter((address) => !address.startsWith("http://www.w3.org/")), []);
});

Deno.test("text that looks like HTML stays text", async () => {
  const html = await reportHtml(REPORT, () => Promise.resolve("<svg></svg>"));
  assertStringIncludes(html, "<h1>walk, &lt;seed&gt; 1</h1>");
  assertStringIncludes(html, "<p>Succeeded &amp; done</p>");
  assertStringIncludes(html, "<pre>a  &lt;b&gt;\nc</pre>");
  assertStringIncludes(html, '<th scope="row">--starts</th><td>&quot;0,1&quot;</td>');
});

Deno.test("a figure that cannot be drawn costs its picture, not the report", async () => {
  const html = await reportHtml(REPORT, () => Promise.reject(new Error("no <canvas>")));
  assertStringIncludes(html, "A line from 1 to 0. (It could not be drawn: no &lt;canvas&gt;)");
  assertStringIncludes(html, "--starts");
});

Deno.test("what the settings came to is a table of its own, if there is more to it", async () => {
  const draw = () => Promise.resolve("<svg></svg>");
  const html = await reportHtml({ ...REPORT, recipe: [["rate", "0.004 & less"]] }, draw);
  assertStringIncludes(html, "<h2>Recipe</h2>");
  assertStringIncludes(html, '<th scope="row">rate</th><td>0.004 &amp; less</td>');
  assert(!(await reportHtml(REPORT, draw)).includes("Recipe"));
});
