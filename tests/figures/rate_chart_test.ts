import { assert, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import { type Rate, rateChart } from "@/figures/rate_chart.ts";

const half: Rate = { name: "half", successes: 1, trials: 2, interval: { low: 0.1, high: 0.9 } };
const all: Rate = { name: "all of them", successes: 8, trials: 8, interval: { low: 0.7, high: 1 } };
const inputs = { title: "Two rates", rates: [half, all], xTitle: "seeds that succeed (%)" };

interface Trace {
  x: number[];
  y: number[];
  error_x: { array: number[]; arrayminus: number[] };
  marker: { color: string[] };
}

const traceOf = (rates: Rate[]) => rateChart({ ...inputs, rates }).data[0] as unknown as Trace;

Deno.test("a dot stands at its rate in percent, its whiskers at the ends of its interval", () => {
  const { x, error_x: { array, arrayminus } } = traceOf([half, all]);
  assertEquals(x, [50, 100]);
  assertEquals(array, [40, 0]);
  assertEquals(arrayminus, [40, 30]);
});

Deno.test("rows go from the top down, each with its name at the left and its count at the right", () => {
  const { layout } = rateChart(inputs);
  assertEquals(traceOf([half, all]).y, [0, 1]);
  assertEquals(layout.yaxis?.ticktext, ["half", "all of them"]);
  const [from, to] = layout.yaxis!.range as [number, number];
  assert(from > to);
  assertEquals(layout.annotations?.map(({ text, y }) => [text, y]), [["1 of 2", 0], ["8 of 8", 1]]);
});

Deno.test("a hollow dot is white within", () => {
  const [hollow, full] = traceOf([{ ...half, hollow: true }, all]).marker.color;
  assertEquals(hollow, "#FFFFFF");
  assert(full !== hollow);
});

Deno.test("more rows make the chart higher, a longer label makes its margin wider", () => {
  const two = rateChart(inputs).layout;
  const three = rateChart({ ...inputs, rates: [half, all, half] }).layout;
  const long = rateChart({ ...inputs, rates: [{ ...half, name: "a name of many words" }] }).layout;
  assertLess(two.height!, three.height!);
  assertLess(two.margin!.l!, long.margin!.l!);
});

Deno.test("the description has each rate's count and interval", () => {
  assertStringIncludes(rateChart(inputs).description, "half 1 of 2 (10 to 90); all of them 8 of 8");
});

Deno.test("nothing to draw, and a rate outside its interval, are refused", () => {
  assertThrows(() => rateChart({ ...inputs, rates: [] }), TypeError, "wanted at least 1");
  for (const interval of [{ low: 0.6, high: 1 }, { low: 0, high: 0.4 }, { low: -1, high: 1 }]) {
    assertThrows(
      () => rateChart({ ...inputs, rates: [{ ...half, interval }] }),
      RangeError,
      "half",
    );
  }
  const none = { ...half, trials: 0 };
  assertThrows(() => rateChart({ ...inputs, rates: [none] }), RangeError, "1 of 0");
});
