import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { successMap } from "@/figures/success_map.ts";

const inputs = {
  title: "Success ends at the line",
  rows: [
    { name: "2", successes: [5, 0, 1], inside: 1 },
    { name: "4", successes: [5, 4, 0], inside: 2 },
  ],
  columns: ["1", "3", "7"],
  trials: 5,
  xTitle: "delay",
  yTitle: "window",
  limit: "left of the line: within the window",
};

Deno.test("each cell is the share of the trials and has its number, the first row on top", () => {
  const { data, layout } = successMap(inputs);
  const [{ z }, { text }] = data as unknown as { z: number[][]; text: string[] }[];
  assertEquals(z, [[1, 0, 0.2], [1, 0.8, 0]]);
  assertEquals(text, ["5", "0", "1", "5", "4", "0"]);
  assertEquals(layout.yaxis?.autorange, "reversed");
  assertEquals(layout.yaxis?.ticktext, ["2", "4"]);
  assertEquals(layout.xaxis?.ticktext, ["1", "3", "7"]);
});

Deno.test("numbers are white on dark cells only", () => {
  const [, { textfont }] = successMap(inputs).data as { textfont?: { color: string[] } }[];
  assertEquals(textfont!.color.map((colour) => colour === "#ffffff"), [
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});

Deno.test("the line has a step wherever the limit moves, and the axis says what it is", () => {
  const { layout } = successMap(inputs);
  assertEquals(
    layout.shapes?.map((shape) => "path" in shape && shape.path),
    ["M0.5,-0.5L0.5,0.5L1.5,0.5L1.5,1.5"],
  );
  assertStringIncludes(String(layout.xaxis?.title?.text), "left of the line: within the window");
});

Deno.test("without a limit there is no line", () => {
  const rows = inputs.rows.map(({ name, successes }) => ({ name, successes }));
  const { layout, description } = successMap({ ...inputs, rows, limit: undefined });
  assertEquals([layout.shapes, layout.xaxis?.title?.text], [[], "delay"]);
  assertEquals(description.includes("line"), false);
});

Deno.test("a number is wanted for each column, and no more successes than trials", () => {
  const withRow = (successes: number[]) => ({ ...inputs, rows: [{ name: "2", successes }] });
  assertThrows(
    () => successMap(withRow([5, 0])),
    TypeError,
    'Cannot draw the successes "2": wanted 1 for each of 3 columns, got 2',
  );
  for (const wrong of [6, -1, 0.5, NaN]) {
    assertThrows(() => successMap(withRow([wrong, 0, 0])), RangeError, `got ${wrong}`);
  }
  assertThrows(() => successMap({ ...inputs, rows: [] }), TypeError, "at least 1 row");
});
