import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { decode } from "fast-png";
import { pathPoints } from "@/figures/svg/bounds.ts";
import { type Data, type Figure, makeFigure } from "@/figures/figure.ts";
import { figureToSvg } from "@/figures/svg/to_svg.ts";
import { figureBundle } from "@/jupyter/show.ts";

function figureOf(data: Data[], layout: Figure["layout"] = {}, title = "A title"): Figure {
  return makeFigure({
    title,
    description: "What is to be seen <&>.",
    data,
    xTitle: "step t",
    yTitle: "strength",
    layout,
  });
}

const LINE: Data = { type: "scatter", mode: "lines+markers", x: [1, 2, 3], y: [0.2, 0.9, 0.4] };
const HEAT: Data = { type: "heatmap", z: [[0, 0.5], [1, 0.25]], xgap: 2, ygap: 2 };

/** All decimal fractions outside of embedded pictures. */
function fractionsIn(svg: string): string[] {
  return svg.replace(/data:[^"]*/g, "").match(/\d+\.\d+/g) ?? [];
}

Deno.test("a figure gives the same bytes each time, whatever was drawn before", async () => {
  const first = await figureToSvg(figureOf([LINE, HEAT]));
  await figureToSvg(figureOf([{ type: "bar", x: ["a"], y: [3] }]));
  assertEquals(await figureToSvg(figureOf([LINE, HEAT])), first);
});

Deno.test("figures drawn at the same time do not disturb each other", async () => {
  const figures = [figureOf([LINE]), figureOf([HEAT]), figureOf([LINE])];
  const [a, b, c] = await Promise.all(figures.map(figureToSvg));
  assertEquals(a, c);
  assertEquals(b, await figureToSvg(figures[1]));
});

Deno.test("a figure is left as it was", async () => {
  const figure = figureOf([LINE]);
  const before = JSON.stringify(figure);
  await figureToSvg(figure);
  assertEquals(JSON.stringify(figure), before);
});

Deno.test("a figure with a still is drawn as that, and only the front end gets its frames", async () => {
  const still = figureOf([HEAT], {}, "The still");
  const figure = { ...figureOf([LINE]), still };
  const svg = await figureToSvg(figure);
  assertStringIncludes(svg, ">The still<");
  assertStringIncludes(svg, "<title>A title.");
  assert(svg.includes("<image") && !svg.includes(">A title<"));
  const { "application/vnd.plotly.v1+json": drawing } = await figureBundle(figure);
  assertEquals(Object.keys(drawing as object).sort(), ["config", "data", "layout"]);
});

Deno.test("title, axis titles, tick labels and description are in the picture", async () => {
  const svg = await figureToSvg(figureOf([LINE], { xaxis: { tickvals: [1, 3] } }));
  for (const text of [">A title<", ">step t<", ">strength<", ">1<", ">3<"]) {
    assertStringIncludes(svg, text);
  }
  assertStringIncludes(svg, "<title>A title. What is to be seen &lt;&amp;&gt;.</title>");
});

Deno.test("every mark is drawn", async () => {
  const bars = await figureToSvg(figureOf([{ type: "bar", x: [1, 2, 3], y: [1, 2, 3] }]));
  assertEquals(bars.match(/fill:#0072b2/g)?.length, 3);
  const markers = await figureToSvg(figureOf([LINE]));
  assertEquals(markers.match(/A3,3/g)?.length, 3 * 2);
});

Deno.test("a heat map is drawn, as an embedded picture", async () => {
  const svg = await figureToSvg(figureOf([HEAT]));
  assertMatch(svg, /<image [^>]*href="data:image\/png;base64,iVBOR[^"]{200,}"/);
  const other = await figureToSvg(figureOf([{ ...HEAT, z: [[0, 0.5], [1, 0.75]] } as Data]));
  const pictureIn = (svg: string) => /base64,([^"]+)/.exec(svg)![1];
  assertNotEquals(pictureIn(svg), pictureIn(other));
});

Deno.test("marks are where the axes say: cells and bars upwards from below, or downwards from above", async () => {
  /** Heights of bars on the page, and the darkness of the left column of a map, both from the top down. */
  const drawn = async (yaxis: Figure["layout"]["yaxis"]) => {
    const bars = await figureToSvg(figureOf([{ type: "bar", x: [1, 2], y: [1, 2] }], { yaxis }));
    const paths = (bars.match(/<path[^>]*fill:#0072b2[^>]*>/g) ?? [])
      .map((path) => pathPoints(/ d="([^"]+)"/.exec(path)![1]));
    const [small, large] = paths.map((points) => points.map(({ y }) => y));
    const map = await figureToSvg(figureOf([HEAT], { yaxis }));
    const { width, height, data } = decode(Uint8Array.fromBase64(/base64,([^"]+)/.exec(map)![1]));
    const red = (y: number) => data[4 * (Math.round(y * height) * width + Math.round(width / 4))];
    return {
      isUp: Math.min(...large) < Math.min(...small) && Math.max(...large) === Math.max(...small),
      isDown: Math.max(...large) > Math.max(...small) && Math.min(...large) === Math.min(...small),
      isDarkerOnTop: red(0.25) < red(0.75),
    };
  };
  assertEquals(await drawn({}), { isUp: true, isDown: false, isDarkerOnTop: true });
  const reversed = await drawn({ autorange: "reversed" });
  assertEquals(reversed, { isUp: false, isDown: true, isDarkerOnTop: false });
});

Deno.test("sliders and buttons are left out", async () => {
  const svg = await figureToSvg(figureOf([LINE], {
    sliders: [{ steps: [{ label: "slide me", method: "skip" }] }],
    updatemenus: [{ buttons: [{ label: "press me", method: "skip" }] }],
  }));
  assertEquals(svg, await figureToSvg(figureOf([LINE])));
});

Deno.test("a wide label gets the space that it needs", async () => {
  const leftEdge = async (label: string) => {
    const svg = await figureToSvg(
      figureOf([{ type: "bar", orientation: "h", x: [1], y: [label] }]),
    );
    return Number(/<g transform="translate\(([\d.]+),/.exec(svg)![1]);
  };
  const [narrow, wide] = [await leftEdge("i"), await leftEdge("a very wide label indeed")];
  assert(wide - narrow > 60, `${narrow} → ${wide}`);
});

Deno.test("numbers have at most two decimals and ids are the picture's own", async () => {
  const svg = await figureToSvg(figureOf([LINE, HEAT]));
  assertEquals(fractionsIn(svg).filter((digits) => /\.\d{3,}/.test(digits)), []);
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  assert(ids.length > 0);
  for (const id of ids) assertStringIncludes(svg, `url(#${id})`);
  const other = await figureToSvg(figureOf([LINE, HEAT], {}, "B title"));
  for (const id of ids) assert(!other.includes(id), `${id} is in both pictures`);
});

Deno.test("an empty trace and one with gaps are drawn", async () => {
  assertStringIncludes(await figureToSvg(figureOf([{ type: "scatter", x: [], y: [] }])), "<svg");
  const gaps = figureOf([{ type: "scatter", mode: "lines", x: [1, 2, 3, 4], y: [1, NaN, 2, 3] }]);
  assertStringIncludes(await figureToSvg(gaps), "<svg");
});

Deno.test("control characters are replaced by their signs in pictures and texts", async () => {
  const bundle = await figureBundle(makeFigure({
    title: "stressed → 5\x18\x7f",
    description: "An answer of \x00 and \x1f.",
    data: [{ type: "scatter", mode: "text", x: [1], y: [1], text: ["a\x02b"] }],
  }));
  const svg = String(bundle["image/svg+xml"]);
  for (const words of ["stressed → 5␘␡", "An answer of ␀ and ␟.", ">a␂b<"]) {
    assertStringIncludes(svg, words);
  }
  assertEquals(bundle["text/plain"], "stressed → 5␘␡. An answer of ␀ and ␟.");
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x08\x0b-\x1f]|\\u00[01]/.test(JSON.stringify(bundle)));
});
