import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { barChart } from "@/figures/bar_chart.ts";
import { controlRows } from "@/figures/control_rows.ts";
import { controlsOverTraining } from "@/figures/controls_over_training.ts";
import { deadZone } from "@/figures/dead_zone.ts";
import { dotChart } from "@/figures/dot_chart.ts";
import { type Figure, FIGURE_WIDTH } from "@/figures/figure.ts";
import { gateSwitches } from "@/figures/gate_switches.ts";
import { growthChart } from "@/figures/growth_chart.ts";
import { learningCurve } from "@/figures/learning_curve.ts";
import { lineChart } from "@/figures/line_chart.ts";
import { liveWindow } from "@/figures/live_window.ts";
import { pileOfBooks } from "@/figures/pile_of_books.ts";
import { popAndPushSliders } from "@/figures/pop_and_push_sliders.ts";
import { rateChart } from "@/figures/rate_chart.ts";
import { sequences } from "@/figures/sequences.ts";
import { stackInMotion } from "@/figures/stack_in_motion.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import { withStatus } from "@/figures/status_line.ts";
import { strengthsHeatmap } from "@/figures/strengths_heatmap.ts";
import { touchedRows } from "@/figures/touched_rows.ts";
import { unitHeatMap } from "@/figures/unit_heat_map.ts";
import { runStack } from "@/memory/stack.ts";

const trace = runStack({
  values: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  pops: [0, 0.1, 0.9],
  pushes: [0.8, 0.5, 0.9],
});
const names = ["a", "b", "c"];
const grid = [0, 0.5, 1];
const cells = grid.map(() => grid);

const figures = figuresWith("One claim");
const longTitled = figuresWith(
  "One claim, but so many words of it that it needs a second line, " +
    "as a claim with a condition does",
);

function figuresWith(title: string): Record<string, Figure> {
  const kinds = ["one kind", "another"].map((name) => ({ name, values: grid }));
  const axes = { xTitle: "across", yTitle: "upwards" };
  return {
    barChart: barChart({ title, names, series: kinds, ...axes }),
    controlRows: controlRows({
      title,
      rows: [{ name: "push d", values: grid }],
      steps: names,
      xTitle: "across",
    }),
    controlsOverTraining: controlsOverTraining({ title, pops: cells, pushes: cells }),
    deadZone: deadZone({
      title,
      pushes: grid,
      pops: grid,
      gradients: cells,
      path: { pushes: [0, 1], pops: [0, 1] },
    }),
    dotChart: dotChart({ title, groups: [{ name: "a", values: grid }], ...axes }),
    gateSwitches: gateSwitches({ title, held: 0.5, candidate: 0.25 }),
    growthChart: growthChart({
      title,
      series: [{ name: "a", x: [1, 10], y: [1, 100] }],
      until: 10,
      ...axes,
    }),
    learningCurve: learningCurve({
      title,
      curves: [{ name: "a", errors: [1, 0.1], band: { low: [0.5, 0.05], high: [2, 0.2] } }],
      xScale: "linear",
      yScale: "log",
    }),
    lineChart: lineChart({ title, lines: [{ name: "a", x: grid, y: grid }], ...axes }),
    liveWindow: liveWindow({ title, paths: [{ name: "a", pushes: grid, pops: grid }] }),
    pileOfBooks: pileOfBooks({
      title,
      steps: [{ operation: "push a", books: ["a"] }, { operation: "pop", books: [] }],
    }),
    popAndPushSliders: popAndPushSliders({ title, strengths: [0.7, 0.5], names }),
    rateChart: rateChart({
      title,
      rates: [{ name: "a", successes: 1, trials: 2, interval: { low: 0.25, high: 0.75 } }],
      xTitle: "successes (%)",
    }),
    sequences: sequences({ title, target: grid, predictions: [{ name: "a", values: grid }] }),
    stackInMotion: stackInMotion({ title, trace, names }),
    stackPicture: stackPicture({ title, trace, names }),
    strengthsHeatmap: strengthsHeatmap({ title, strengths: trace.strengths, names }),
    touchedRows: touchedRows({ title, trace }),
    unitHeatMap: unitHeatMap({ title, units: cells, steps: names, xTitle: "across" }),
  };
}

/** What makes a figure out of another, or of its parts, is no figure of its own. */
const PLUMBING = ["higherBy", "makeFigure", "roomForTitle", "withStatus", "withTextAlternative"];
const mayRead = Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";

Deno.test({
  name: "every function that draws a figure is in this test",
  ignore: !mayRead,
  fn() {
    const drawing = [...Deno.readDirSync("lib/figures")].flatMap(({ name }) => {
      const code = Deno.readTextFileSync(`lib/figures/${name}`);
      return [...code.matchAll(/^export function (\w+)\(.*\): Figure \{$/gm)].map(([, f]) => f);
    });
    assertEquals(
      drawing.filter((name) => !PLUMBING.includes(name)).sort(),
      Object.keys(figures).sort(),
    );
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
    const [before, after] = [figure.layout, withStatus(figure, "400 strings").layout];
    assertEquals(after.title?.subtitle?.text, "400 strings");
    assert(after.margin!.t! > before.margin!.t!);
    assertEquals(after.height! - before.height!, after.margin!.t! - before.margin!.t!);
    const firstLine = (layout: typeof before) => (1 - layout.title!.y!) * layout.height!;
    assertAlmostEquals(firstLine(after), firstLine(before), 1e-9);
    assertEquals(withStatus(figure), figure);
  });

  Deno.test(`${name}: every axis has a title, or words for ticks`, () => {
    const axes = Object.entries(figure.layout).filter(([key]) => /^[xy]axis/.test(key));
    assert(axes.length >= 2);
    for (const [key, axis] of axes as [string, Axis][]) {
      if (axis.visible === false) continue;
      const hasWords = axis.ticktext?.every((text) => /\p{L}/u.test(text));
      assert(axis.title?.text || hasWords, `${key} says nothing`);
    }
    assert(figure.layout.xaxis?.title?.text);
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
