import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { stackPicture } from "@/figures/stack_picture.ts";
import { runStack } from "@/memory/stack.ts";

interface Bars {
  name: string;
  x: number[];
  base: number[];
  y: number[];
  customdata: string[];
  text: string[];
}

/** Figure 1(a) of the paper. */
const figure1 = {
  title: "A read is the topmost unit",
  trace: runStack({
    values: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    pops: [0, 0.1, 0.9],
    pushes: [0.8, 0.5, 0.9],
  }),
  names: ["a", "b", "c"],
};

function bars(name: string): [number, string, number, number][] {
  const data = stackPicture(figure1).data as unknown as Bars[];
  const { x, customdata, base, y } = data.find((trace) => trace.name === name)!;
  return x.map((step, k) => [step, customdata[k], base[k], y[k]]);
}

Deno.test("Figure 1(a): at each step the read is in full colour, one unit deep at most", () => {
  assertEquals(bars("read"), [
    [1, "a", 0, 0.8],
    [2, "b", 0, 0.5],
    [2, "a", 0.5, 0.5],
    [3, "c", 0, 0.9],
    [3, "a", 0.9, 0.1],
  ]);
});

Deno.test("Figure 1(a): what lies deeper than one unit is pale", () => {
  assertEquals(bars("deeper"), [[2, "a", 1, 0.2], [3, "a", 1, 0.2]]);
});

Deno.test("Figure 1(a): popped blocks are above the pile", () => {
  assertEquals(bars("popped"), [[2, "a", -0.1, 0.1], [3, "b", -0.9, 0.5], [3, "a", -0.4, 0.4]]);
});

Deno.test("read and deeper together are the strengths", () => {
  const all = [...bars("read"), ...bars("deeper")];
  figure1.trace.strengths.forEach((s, t) =>
    s.forEach((s_i, i) => {
      const mine = all.filter(([step, name]) => step === t + 1 && name === figure1.names[i]);
      assertAlmostEquals(mine.reduce((sum, [, , , height]) => sum + height, 0), s_i, 1e-9);
    })
  );
});

Deno.test("the reach of a read is a dashed line at depth 1, the surface a line at 0", () => {
  const lines = stackPicture(figure1).layout.shapes!
    .filter((shape) => shape.type === "line" && shape.x0 === 0 && shape.x1 === 1);
  assertEquals(lines.map(({ y0, y1, line }) => [y0, y1, line?.dash ?? "solid"]), [
    [0, 0, "solid"],
    [1, 1, "dash"],
  ]);
});

Deno.test("blocks and table carry names and numbers", () => {
  const data = stackPicture(figure1).data as unknown as Bars[];
  const texts = data.filter((trace) => trace.text).map((trace) => trace.text);
  assertEquals(texts[0], [
    "−0.1 <b>a</b>",
    "−0.5 <b>b</b>",
    "−0.4 <b>a</b>",
    "0.8 <b>a</b>",
    "0.5 <b>b</b>",
    "0.7 <b>a</b>",
    "0.9 <b>c</b>",
    "0.3 <b>a</b>",
  ]);
  assertEquals(texts[1], [
    ...["0", "0.1", "0.9"],
    ...["0.8", "0.5", "0.9"],
    ...["0.8 a", "0.5 b + 0.5 a", "0.9 c + 0.1 a"],
  ]);
});

Deno.test("a ribbon leads to each block that stays and to each that is popped", () => {
  const ribbons = stackPicture(figure1).layout.shapes!.filter((shape) => shape.type === "path");
  // Step 2: a stays and goes; step 3: a stays and goes, b goes.
  assertEquals(ribbons.length, 5);
});

Deno.test("forty steps are drawn without labels that do not fit", () => {
  const T = 40;
  const values = Array.from({ length: T }, () => [1]);
  const trace = runStack({ values, pops: values.map(() => 0.2), pushes: values.map(() => 0.9) });
  const picture = stackPicture({ title: "Long", trace, names: values.map(() => "name") });
  const data = picture.data as unknown as Bars[];
  assertEquals(data.filter((trace) => trace.text?.length > 0).length, 0);
  assertEquals(picture.layout.yaxis2, undefined);
  assert(data.find((trace) => trace.name === "read")!.y.length >= T);
});

Deno.test("names that are not one for each step are refused, and so is a run of no steps", () => {
  assertThrows(
    () => stackPicture({ ...figure1, names: ["a", "b"] }),
    TypeError,
    "Cannot draw the stack: wanted 3 names (one for each step), got 2",
  );
  const empty = runStack({ values: [], pops: [], pushes: [] });
  assertThrows(
    () => stackPicture({ title: "Nothing", trace: empty, names: [] }),
    TypeError,
    "Cannot draw the stack: wanted at least 1 step, got 0",
  );
});

Deno.test("the dashed line where the read ends lies above the blocks", () => {
  const { layout } = stackPicture(figure1);
  const dashed = layout.shapes!.filter(({ line }) => line?.dash === "dash");
  assertEquals(dashed.map(({ y0, y1, layer }) => [y0, y1, layer]), [[1, 1, undefined]]);
});
