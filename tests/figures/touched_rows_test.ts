import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Figure } from "@/figures/figure.ts";
import { touchedRows } from "@/figures/touched_rows.ts";
import { runStack } from "@/memory/stack.ts";

interface Marks {
  name: string;
  x: number[];
  y: number[];
  marker: { symbol: string };
}

interface Cells {
  z: (number | null)[][];
  zmin: number;
  zmax: number;
}

// Step 3 removes row 2, cuts row 1 to .75 and reads half of it; step 4 touches row 4 alone.
const trace = runStack({
  values: [[1], [2], [3], [4]],
  pops: [0, 0, 0.75, 0],
  pushes: [1, 0.5, 0.5, 1],
});
const inputs = { title: "Touched", trace };

Deno.test("every row that is read, cut or removed has a marker, and no other", () => {
  const [, ...marks] = touchedRows(inputs).data as unknown as Marks[];
  const places = Object.fromEntries(
    marks.map(({ name, x, y }) => [name, x.map((step, k) => `row ${y[k]} at ${step}`)]),
  );
  assertEquals(places, {
    "read": ["row 1 at 1", "row 1 at 2", "row 2 at 2", "row 1 at 3", "row 3 at 3", "row 4 at 4"],
    "cut by the pop": ["row 1 at 3"],
    "removed by the pop": ["row 2 at 3"],
  });
  assertEquals(new Set(marks.map(({ marker }) => marker.symbol)).size, 3);
});

Deno.test("cells are coloured by strength, nothing where a row does not exist yet", () => {
  const [cells] = touchedRows(inputs).data as unknown as Cells[];
  assertEquals(cells.z, [
    [1, 1, 0.75, 0.75],
    [null, 0.5, 0, 0],
    [null, null, 0.5, 0.5],
    [null, null, null, 1],
  ]);
  assertEquals([cells.zmin, cells.zmax], [0, 1]);
});

Deno.test("colours can stand for other numbers, about 0 if some are negative", () => {
  const rows = [[1], [1, 2], [1, 2, -4], [1, 2, -4, 0]];
  const colours = { name: "gradient", rows };
  const { data, description } = touchedRows({ ...inputs, colours });
  const [cells] = data as unknown as Cells[];
  assertEquals(cells.z[2], [null, null, -4, -4]);
  assertEquals([cells.zmin, cells.zmax], [-4, 4]);
  assert(description.includes("coloured by gradient"));
  const nothing = touchedRows({
    ...inputs,
    colours: { name: "g", rows: rows.map((r) => r.map(() => 0)) },
  });
  assertEquals((nothing.data as unknown as Cells[])[0].zmax, 1);
});

Deno.test("the description has the number of markers and of cells", () => {
  assertEquals(
    touchedRows(inputs).description,
    "Rows of a stack over 4 steps, coloured by strength, from 0 to 1: 6 rows are read, 1 cut and 1 removed, of 10 cells.",
  );
});

Deno.test("a negative number has a dash as well as a colour, below the other markers", () => {
  const rows = [[1], [1, 2], [1, 2, -4], [-1, 2, -4, 0]];
  const named = (figure: Figure) =>
    (figure.data as unknown as Marks[]).find(({ name }) => name === "negative");
  const { x, y } = named(touchedRows({ ...inputs, colours: { name: "g", rows } }))!;
  assertEquals(x, [3, 4, 4]);
  assertEquals(y.map(Math.round), [3, 1, 3]);
  assert(y.every((at) => at < Math.round(at) - 0.3));
  assertEquals(named(touchedRows(inputs)), undefined);
});

Deno.test("no step, or not t numbers at step t, is refused", () => {
  const nothing = runStack({ values: [], pops: [], pushes: [] });
  assertThrows(
    () => touchedRows({ title: "None", trace: nothing }),
    TypeError,
    "Cannot draw touched rows: wanted at least 1 step, got 0",
  );
  assertThrows(
    () => touchedRows({ ...inputs, colours: { name: "g", rows: [[1], [1]] } }),
    TypeError,
    "Cannot draw touched rows: wanted 2 numbers of g at step 2, got 1",
  );
});
