import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { reportHtml, seedsFigure, seedsTable, successRateText } from "@/cli/report.ts";
import { makeFigure } from "@/figures/figure.ts";
import { figureToSvg } from "@/figures/svg/to_svg.ts";
import type { RunResult } from "@/runs/run_result.ts";

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

function run(changes: Partial<RunResult>): RunResult {
  const settings = { seed: 1 };
  return {
    version: "2.0.0",
    experiment: "x",
    settings,
    success: true,
    iteration: 9,
    seconds: 1,
    metrics: null,
    ...changes,
  };
}

const summary = (strings: number) => ({ strings, recipe: {}, scores: [] });

Deno.test("seeds that learned from strings are counted in strings, without those that diverged", () => {
  const figure = seedsFigure([
    run({ summary: summary(800) }),
    run({ summary: summary(4000), success: false }),
    run({ success: false, diverged: "NaN" }),
  ]);
  const dots = figure.data.filter((trace) => Object(trace).mode === "markers");
  assertEquals(dots.map((trace) => [...Object(trace).y]), [[800], [4000]]);
  const { yaxis, title } = figure.layout;
  assertEquals(Object(yaxis?.title).text, "training strings until the end");
  assertStringIncludes(Object(title).text, "took 800 training strings or less");
});

Deno.test("without strings there are iterations, and without a success the title says so", () => {
  const figure = seedsFigure([run({ success: false }), run({ success: false, iteration: 5 })]);
  assertEquals(Object(figure.layout.title).text, "No seed succeeded");
  const [dots] = figure.data;
  assertEquals([...Object(dots).y], [9, 5]);
});

const RESULT: RunResult = {
  version: "2.0.0",
  experiment: "walk",
  settings: { seed: 7 },
  success: true,
  iteration: 1600,
  seconds: 4.25,
  metrics: { iteration: 1600, error: 0.5 },
};
const SCORES = { purpose: "test", lengths: "65..128", strings: 1000, exact: 999, fine: 1 };

Deno.test("runs without scores have a column for their iterations", () => {
  assertEquals(seedsTable([RESULT, { ...RESULT, success: false, metrics: null }]), [
    "seed  success  iterations  error  seconds",
    "   7      yes       1,600  0.500      4.3",
    "   7       no       1,600   none      4.3",
  ]);
});

Deno.test("runs with scores have their strings and a column for each set, rounded down", () => {
  const summary = { strings: 6400, recipe: {}, scores: [{ ...SCORES, coarse: 0.99999 }] };
  const diverged = { ...RESULT, success: false, diverged: "Cannot train" };
  assertEquals(seedsTable([diverged, { ...RESULT, success: false, summary }]), [
    "seed   success  strings   loss  test 65..128  seconds",
    "   7  diverged     none  0.500          none      4.3",
    "   7        no    6,400  0.500        0.9999      4.3",
  ]);
});

Deno.test("runs with measures have a column for each; a diverged run has none", () => {
  const measures = { "bits per character": 2.0512, perplexity: 4.14 };
  const diverged = { ...RESULT, success: false, diverged: "Cannot train" };
  assertEquals(seedsTable([diverged, { ...RESULT, measures }]), [
    "seed   success  iterations  error  bits per character  perplexity  seconds",
    "   7  diverged       1,600  0.500                none        none      4.3",
    "   7       yes       1,600  0.500                2.05        4.14      4.3",
  ]);
});

Deno.test("a success rate stands with its interval, rounded to a digit after the point", () => {
  const counts = { successes: 0, trials: 3, rate: 0, interval: { low: 0, high: 0.5616 } };
  assertEquals(
    successRateText(counts),
    "0 of 3 seeds succeeded: 0.0 % (95 % Wilson interval 0.0 % to 56.2 %)",
  );
});
