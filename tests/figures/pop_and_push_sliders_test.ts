import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Figure } from "@/figures/figure.ts";
import { popAndPushSliders } from "@/figures/pop_and_push_sliders.ts";
import { weightedSumTerms } from "@/figures/parts/number_text.ts";
import { nextStrengths } from "@/memory/stack.ts";
import { marksCutOff } from "./marks.ts";

const inputs = {
  title: "Pop, then push",
  strengths: [0.4, 0.7, 0.5],
  names: ["a", "b", "c", "new"],
  pop: 0.3,
  push: 0.6,
};

interface Bar {
  name?: string;
  x: number[];
  y: number[];
  text: string[];
}

/** Does to data and axes what Plotly does when a slider is moved to a stop. */
function move(figure: ReturnType<typeof popAndPushSliders>, slider: number, stop: number) {
  const [bars, view, traces] = figure.layout.sliders![slider].steps![stop].args!;
  const data = figure.data as unknown as Bar[];
  traces.forEach((trace: number, k: number) => {
    data[trace].y = bars.y[k];
    data[trace].text = bars.text[k];
  });
  const layout = figure.layout as unknown as Record<string, { range: number[] }>;
  for (const [path, range] of Object.entries(view)) {
    layout[path.split(".")[0]].range = range as number[];
  }
}

/** Heights of the pile after the step, newest row first. */
function heights(figure: ReturnType<typeof popAndPushSliders>, kind: string): number[] {
  return (figure.data as unknown as Bar[])
    .filter((trace) => trace.name?.startsWith(kind))
    .map((trace) => trace.y[0]);
}

/** The entries of the sheet that lie within the view. */
function inView(figure: ReturnType<typeof popAndPushSliders>): string[] {
  const sheet = figure.data.at(-1) as unknown as Bar;
  const { xaxis2, yaxis3 } = figure.layout as unknown as Record<string, { range: number[] }>;
  const within = (value: number, [low, high]: number[]) => low < value && value < high;
  return sheet.text.filter((_, k) =>
    within(sheet.x[k], xaxis2.range) && within(sheet.y[k], yaxis3.range)
  );
}

Deno.test("the static picture reaches no deeper than the piles that it shows", () => {
  const stack = { strengths: [0.7, 0.5], names: ["a", "b", "c"] };
  const { still, layout } = popAndPushSliders({ title: "One", ...stack, pop: 0.9, push: 0.9 });
  const deepest = ({ yaxis }: Figure["layout"]) => (yaxis?.range as [number, number])[0];
  assertEquals([layout, still!.layout].map((of) => deepest(of).toFixed(2)), ["2.26", "1.26"]);
  // Of all reads in words, it shows the one of its stops.
  assertEquals(marksCutOff(still!).filter((mark) => !mark.startsWith("read <i>r")), []);
});

Deno.test("for all positions of both sliders, moved in either order, the pile and the read are those of the stack", () => {
  for (const popFirst of [true, false]) {
    const figure = popAndPushSliders(inputs);
    for (let i = 0; i <= 10; i++) {
      for (let j = 0; j <= 10; j++) {
        if (popFirst) move(figure, 0, i);
        move(figure, 1, j);
        if (!popFirst) move(figure, 0, i);
        const s = nextStrengths(inputs.strengths, i / 10, j / 10);
        heights(figure, "held").forEach((h, k) => assertAlmostEquals(h, s[3 - k], 1e-4));
        heights(figure, "label").forEach((h, k) => assertAlmostEquals(h, s[3 - k], 1e-4));
        heights(figure, "popped").forEach((h, k) =>
          assertAlmostEquals(h, s[k] - inputs.strengths[k], 1e-4)
        );
        const read = weightedSumTerms(s, inputs.names).join(" + ");
        assertEquals(inView(figure), [`read <i>r</i> = ${read}`]);
      }
    }
  }
});

Deno.test("before any slider is moved the figure shows the first pop and push", () => {
  const figure = popAndPushSliders(inputs);
  const s = nextStrengths(inputs.strengths, 0.3, 0.6);
  heights(figure, "held").forEach((h, k) => assertAlmostEquals(h, s[3 - k], 1e-4));
  assertEquals(inView(figure).length, 1);
  assertEquals(figure.layout.sliders!.map((slider) => slider.active), [3, 6]);
  assert(
    figure.description.includes("at pop 0.3 and push 0.6 the read is 0.6 new + 0.2 c + 0.2 b"),
  );
});

Deno.test("the pile before the step is split at the end of the read, and the other one is veiled below it", () => {
  const { data } = popAndPushSliders({ ...inputs, strengths: [0.4, 0.7, 0.5] });
  const before = (data as unknown as (Bar & { base: number[] })[]).filter(({ x }) => x[0] === 0);
  const [read, deeper] = before;
  assertEquals([read.name, deeper.name], ["read", "deeper"]);
  assertEquals([read.base, read.y], [[0, 0.5], [0.5, 0.5]]);
  assertEquals([deeper.base, deeper.y], [[1, 1.2], [0.2, 0.4]]);
  const veil = (data as unknown as (Bar & { base: number[] })[]).find(({ name }) =>
    name === "veil"
  )!;
  assertEquals([veil.x, veil.base, veil.y], [[1], [1], [1.6]]);
});

Deno.test("no trace is moved by both sliders", () => {
  const { layout } = popAndPushSliders(inputs);
  const [pops, pushes] = layout.sliders!.map((slider) => slider.steps![0].args![2] as number[]);
  assertEquals(pops.filter((trace) => pushes.includes(trace)), []);
});

Deno.test("both piles fit on the axis whatever is popped and pushed", () => {
  const [deepest, highest] = popAndPushSliders(inputs).layout.yaxis!.range!;
  assert(deepest >= 0.4 + 0.7 + 0.5 + 1 && highest <= -1);
});

Deno.test("a missing name, or a start between two stops, is refused", () => {
  assertThrows(
    () => popAndPushSliders({ ...inputs, names: ["a", "b", "c"] }),
    TypeError,
    "Cannot draw the sliders: wanted 4 names (one for each row, and the new one's), got 3",
  );
  assertThrows(
    () => popAndPushSliders({ ...inputs, pop: 0.25 }),
    RangeError,
    "Cannot draw the sliders: wanted a pop of 0, 0.1 … or 1, got 0.25",
  );
});
