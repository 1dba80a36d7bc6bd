import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { FIGURE_WIDTH } from "@/figures/figure.ts";
import { addStatusLine } from "@/figures/parts/title_margin.ts";
import { figuresTitled } from "./examples.ts";
import { cutRanges, marksCutOff, reversedAxes } from "./marks.ts";

const figures = figuresTitled("One claim");
const longTitled = figuresTitled(
  "One claim, but so many words of it that it needs a second line, " +
    "as a claim with a condition does",
);

/** Functions of `lib/figures` that do not draw a figure by themselves; those of its subfolders never do. */
const HELPERS = ["growthSlope", "makeFigure", "popAndReadEnds"];
const mayRead = Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";

Deno.test({
  name: "every function that draws a figure has an example here",
  ignore: !mayRead,
  async fn() {
    const files = [...Deno.readDirSync("lib/figures")].filter(({ isFile }) => isFile);
    const modules = await Promise.all(files.map(({ name }) => import(`@/figures/${name}`)));
    const functions = modules.flatMap((exports: Record<string, unknown>) =>
      Object.keys(exports).filter((name) => typeof exports[name] === "function")
    );
    assertEquals(functions.sort(), [...Object.keys(figures), ...HELPERS].sort());
  },
});

/** Every value in a figure, however deep, with the way to it. */
function* leaves(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) yield [path, value];
  else for (const key in value) yield* leaves(value[key as keyof typeof value], `${path}.${key}`);
}

/** How a trace looks, but for its colour. */
interface Marks {
  showlegend?: boolean;
  mode?: string;
  line?: { dash?: string };
  marker?: { symbol?: string; pattern?: { shape?: string } };
}

interface Axis {
  visible?: boolean;
  title?: { text?: string };
  ticktext?: string[];
}

for (const [name, figure] of Object.entries(figures)) {
  Deno.test(`${name}: the title is the caller's claim, and the description says what is seen`, () => {
    assertEquals(figure.layout.title?.text, "One claim");
    assert(figure.description.length > 30 && !figure.description.includes("undefined"));
    assert(!/<\w|NaN|TODO/.test(figure.description), figure.description);
    // Words alone would say what kind of picture it is, and not what is in it.
    assert(/\d|atlas|push a/.test(figure.description), figure.description);
  });

  Deno.test(`${name}: a title of two lines makes the figure higher, not its panels lower`, () => {
    const [short, long] = [figure.layout, longTitled[name].layout];
    assert(long.title?.text?.includes("<br>"));
    assertEquals(long.height! - short.height!, long.margin!.t! - short.margin!.t!);
    const firstLine = (layout: typeof short) => (1 - layout.title!.y!) * layout.height!;
    assertAlmostEquals(firstLine(long), firstLine(short), 1e-9);
    assert(long.margin!.t! > short.margin!.t!);
  });

  Deno.test(`${name}: a line of status makes it higher, its panels no smaller, and moves no title`, () => {
    const [before, after] = [figure.layout, addStatusLine(figure, "400 strings").layout];
    assertEquals(after.title?.subtitle?.text, "400 strings");
    assert(after.margin!.t! > before.margin!.t!);
    assertEquals(after.height! - before.height!, after.margin!.t! - before.margin!.t!);
    const firstLine = (layout: typeof before) => (1 - layout.title!.y!) * layout.height!;
    assertAlmostEquals(firstLine(after), firstLine(before), 1e-9);
    assertEquals(addStatusLine(figure), figure);
  });

  Deno.test(`${name}: every axis has a title, or words for ticks`, () => {
    const axes = Object.entries(figure.layout).filter(([key]) => /^[xy]axis/.test(key));
    assert(axes.length >= 2);
    for (const [key, axis] of axes as [string, Axis][]) {
      if (axis.visible === false) continue;
      const hasWords = axis.ticktext?.every((text) => /\p{L}/u.test(text));
      assert(axis.title?.text || hasWords, `${key} says nothing`);
    }
    assert(figure.layout.xaxis?.visible === false || figure.layout.xaxis?.title?.text);
  });

  Deno.test(`${name}: every mark is in full view, in every frame and at every stop of its sliders`, () => {
    assertEquals(marksCutOff(figure), []);
    assertEquals(reversedAxes(figure), []);
    for (const [range, cut] of cutRanges(figure)) {
      assert(marksCutOff(cut).length > 0, `an ${range} cuts off no mark`);
    }
  });

  Deno.test(`${name}: plain data that survive JSON, without NaN and without dust`, () => {
    assertEquals(JSON.parse(JSON.stringify(figure)), figure);
    for (const [path, value] of leaves({ data: figure.data, frames: figure.frames })) {
      if (typeof value !== "number") continue;
      assert(Number.isFinite(value), path);
      assert(String(value).length <= 8, `${path} is ${value}`);
    }
  });

  Deno.test(`${name}: nothing that sends data away`, () => {
    assertEquals(figure.config.showSendToCloud, false);
    assertEquals(figure.config.displaylogo, false);
    assertEquals(figure.layout.width, FIGURE_WIDTH);
    for (const [path, value] of leaves(figure)) {
      assert(typeof value !== "string" || !/https?:/.test(value), path);
    }
  });

  Deno.test(`${name}: no colour is the only sign: there are words, or all kinds of marks differ`, () => {
    const words = [...leaves({ data: figure.data, annotations: figure.layout.annotations })]
      .filter(([path, value]) => /\.text(\.|$)/.test(path) && value !== "" && value !== undefined);
    const named = (figure.data as Marks[]).filter(({ showlegend }) => showlegend !== false);
    const looks = named.map(({ mode, line, marker }) =>
      JSON.stringify([mode, line?.dash, marker?.symbol, marker?.pattern?.shape])
    );
    assert(words.length > 0 || new Set(looks).size === looks.length, `${looks}`);
  });
}
