import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { FIGURE_WIDTH } from "@/figures/figure.ts";
import { gateSwitches } from "@/figures/lstm_gate_switches.ts";
import { formatNumber } from "@/figures/parts/number_text.ts";
import { lstmCell } from "@/network/lstm_cell.ts";

const inputs = { title: "Three decisions", held: 0.6, candidate: 0.8 };
const SWITCHES = [0, 1] as const;
type Figure = ReturnType<typeof gateSwitches>;

interface Trace {
  type: string;
  name?: string;
  x: number[];
  y: number[];
  base?: number[];
  text: string[];
  xaxis?: string;
  yaxis?: string;
}

const tracesOf = (figure: Figure) => figure.data as unknown as Trace[];
const axesOf = (figure: Figure) => figure.layout as unknown as Record<string, { range: number[] }>;

/** Does to data and axes what Plotly does when a slider is moved. */
function move(figure: Figure, slider: number, setting: 0 | 1): void {
  const [heights, view, traces] = figure.layout.sliders![slider].steps![setting].args!;
  traces.forEach((trace: number, k: number) => {
    tracesOf(figure)[trace].y = heights.y[k];
    tracesOf(figure)[trace].text = heights.text[k];
  });
  for (const [path, range] of Object.entries(view)) {
    axesOf(figure)[path.split(".")[0]].range = range as number[];
  }
}

/** The six columns as the reader sees them: bars that are in view, piled up, and the numbers in view above them. */
function columnsInView(figure: Figure): { heights: number[]; words: string[][] } {
  const heights = new Array(6).fill(0), words: string[][] = heights.map(() => []);
  for (const { type, name, x, y, base, text, xaxis, yaxis } of tracesOf(figure)) {
    if (name?.startsWith("could")) continue;
    const [left, right] = axesOf(figure)[xaxis === "x3" ? "xaxis3" : "xaxis"].range;
    const [bottom, top] = axesOf(figure)[yaxis === "y3" ? "yaxis3" : "yaxis"].range;
    x.forEach((place, k) => {
      const column = Math.round(place - left - 0.5), foot = base?.[k] ?? 0;
      const mark = type === "bar" ? foot : y[k];
      if (place < left || place > right || mark < bottom || mark > top) return;
      if (type === "bar") heights[column] += y[k];
      else words[column].push(text[k]);
    });
  }
  return { heights, words };
}

/** What the library's cell makes of the same step with its gates saturated. */
function byTheCell(f: number, i: number, o: number): number[] {
  const gate = (open: number) => open === 1 ? 800 : -800;
  const b = new Float64Array([gate(i), gate(f), Math.atanh(inputs.candidate), gate(o)]);
  const none = { Wih: new Float64Array(4), Whh: new Float64Array(4), b };
  const step = lstmCell(none, [0], [0], [inputs.held]);
  const { i: [input], f: [forget], g: [g], c: [c], h: [h] } = step;
  return [inputs.held, forget * inputs.held, g, input * g, c, h];
}

Deno.test("whichever way the switches were moved, the columns are those of the library's cell", () => {
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 2, 0]]) {
    const figure = gateSwitches(inputs);
    for (const f of SWITCHES) {
      for (const i of SWITCHES) {
        for (const o of SWITCHES) {
          order.forEach((slider) => move(figure, slider, [f, i, o][slider]));
          const { heights, words } = columnsInView(figure), wanted = byTheCell(f, i, o);
          heights.forEach((height, k) => assertAlmostEquals(height, wanted[k], 1e-4));
          assertEquals(words, wanted.map((value) => [formatNumber(value)]));
        }
      }
    }
  }
});

Deno.test("before a switch is moved the figure shows the first gates, and says so", () => {
  for (const f of SWITCHES) {
    for (const i of SWITCHES) {
      for (const o of SWITCHES) {
        const figure = gateSwitches({ ...inputs, gates: { forget: f, input: i, output: o } });
        const { heights } = columnsInView(figure), wanted = byTheCell(f, i, o);
        heights.forEach((height, k) => assertAlmostEquals(height, wanted[k], 1e-4));
        assertEquals(figure.layout.sliders!.map(({ active }) => active), [f, i, o]);
        const [, kept, , written, cell, shown] = wanted.map((value) => formatNumber(value));
        const said = `keeps ${kept}, writes ${written}, holds ${cell} and shows ${shown}.`;
        assert(figure.description.includes(said), figure.description);
      }
    }
  }
});

Deno.test("outlines show the heights with an open gate", () => {
  const figure = gateSwitches({ ...inputs, gates: { forget: 0, input: 1, output: 0 } });
  const [shown, keptOrWritten] = tracesOf(figure).filter(({ name }) => name?.startsWith("could"));
  assertEquals([keptOrWritten.x, keptOrWritten.y], [[1, 3], [0.6, 0.8]]);
  const cells = [0, 0.6, 0.8, 1.4].map((c) => Number(Math.tanh(c).toFixed(4)));
  assertEquals(shown.y, cells);
});

Deno.test("no trace is moved by two switches, and no axis", () => {
  const args = gateSwitches(inputs).layout.sliders!.map((slider) => slider.steps![0].args!);
  const traces = args.flatMap(([, , traces]) => traces as number[]);
  const axes = args.flatMap(([, view]) => Object.keys(view));
  assertEquals([new Set(traces).size, new Set(axes).size], [traces.length, axes.length]);
});

Deno.test("bars and numbers fit below the upper edge for all gate settings", () => {
  for (const [held, candidate] of [[0.6, 0.8], [10, 1], [0.01, 0.01]]) {
    const figure = gateSwitches({ title: "One claim", held, candidate });
    const [bottom, top] = figure.layout.yaxis!.range!;
    assertEquals(bottom, 0);
    const inside = tracesOf(figure).filter(({ xaxis }) => xaxis !== "x3").flatMap(({ y }) => y);
    assert(Math.max(...inside, held + candidate) <= top);
  }
});

Deno.test("the figure is plain data of the standard width, and every axis has a title", () => {
  const figure = gateSwitches(inputs);
  assertEquals(JSON.parse(JSON.stringify(figure)), figure);
  assertEquals(figure.layout.width, FIGURE_WIDTH);
  assert(figure.layout.xaxis?.title?.text && figure.layout.yaxis?.title?.text);
  assert(figure.layout.xaxis.title.text.includes("grey outline: if its gate were open"));
  for (const { y } of tracesOf(figure)) assert(y.every((value) => String(value).length <= 8));
});

Deno.test("a cell that is empty or too full, or a candidate outside the range of tanh, is refused", () => {
  assertThrows(
    () => gateSwitches({ ...inputs, held: 0 }),
    RangeError,
    "Cannot draw the gates: wanted held above 0 and at most 10, got 0",
  );
  for (const wrong of [{ held: 11 }, { held: NaN }, { candidate: 1.5 }, { candidate: -0.5 }]) {
    assertThrows(() => gateSwitches({ ...inputs, ...wrong }), RangeError, "Cannot draw the gates");
  }
});
