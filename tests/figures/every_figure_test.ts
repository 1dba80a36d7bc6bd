import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { controlsOverTraining } from "@/figures/controls_over_training.ts";
import { deadZone } from "@/figures/dead_zone.ts";
import { type Figure, FIGURE_WIDTH } from "@/figures/figure.ts";
import { learningCurve } from "@/figures/learning_curve.ts";
import { pileOfBooks } from "@/figures/pile_of_books.ts";
import { popAndPushSliders } from "@/figures/pop_and_push_sliders.ts";
import { sequences } from "@/figures/sequences.ts";
import { stackInMotion } from "@/figures/stack_in_motion.ts";
import { stackPicture } from "@/figures/stack_picture.ts";
import { strengthsHeatmap } from "@/figures/strengths_heatmap.ts";
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
  return {
    controlsOverTraining: controlsOverTraining({ title, pops: cells, pushes: cells }),
    deadZone: deadZone({
      title,
      pushes: grid,
      pops: grid,
      gradients: cells,
      path: { pushes: [0, 1], pops: [0, 1] },
    }),
    learningCurve: learningCurve({
      title,
      curves: [{ name: "a", errors: [1, 0.1], band: { low: [0.5, 0.05], high: [2, 0.2] } }],
      xScale: "linear",
      yScale: "log",
    }),
    pileOfBooks: pileOfBooks({
      title,
      steps: [{ operation: "push a", books: ["a"] }, { operation: "pop", books: [] }],
    }),
    popAndPushSliders: popAndPushSliders({ title, strengths: [0.7, 0.5], names }),
    sequences: sequences({ title, target: grid, predictions: [{ name: "a", values: grid }] }),
    stackInMotion: stackInMotion({ title, trace, names }),
    stackPicture: stackPicture({ title, trace, names }),
    strengthsHeatmap: strengthsHeatmap({ title, strengths: trace.strengths, names }),
  };
}

/** Every value in a figure, however deep, with the way to it. */
function* leaves(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) yield [path, value];
  else for (const key in value) yield* leaves(value[key as keyof typeof value], `${path}.${key}`);
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
  });

  Deno.test(`${name}: a title of two lines makes the figure higher, not its panels lower`, () => {
    const [short, long] = [figure.layout, longTitled[name].layout];
    assert(long.title?.text?.includes("<br>"));
    assertEquals(long.height! - short.height!, long.margin!.t! - short.margin!.t!);
    const firstLine = (layout: typeof short) => (1 - layout.title!.y!) * layout.height!;
    assertAlmostEquals(firstLine(long), firstLine(short), 1e-9);
    assert(long.margin!.t! > short.margin!.t!);
  });

  Deno.test(`${name}: every axis has a title, or words for ticks`, () => {
    const axes = Object.entries(figure.layout).filter(([key]) => /^[xy]axis/.test(key));
    assert(axes.length >= 2);
    for (const [key, axis] of axes as [string, Axis][]) {
      if (axis.visible === false) continue;
      const hasWords = axis.ticktext?.every((text) => /\p{L}/u.test(text));
      assert(axis.title?.text || hasWords, `${key} says nothing`);
    }
    for (const key of ["xaxis", "yaxis"] as const) assert(figure.layout[key]?.title?.text, key);
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

  Deno.test(`${name}: no colour is the only sign, some words stand in the figure itself`, () => {
    const words = [...leaves({ data: figure.data, annotations: figure.layout.annotations })]
      .filter(([path, value]) => /\.text(\.|$)/.test(path) && value !== "" && value !== undefined);
    assert(words.length > 0);
  });
}
