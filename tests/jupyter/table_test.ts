import { assertEquals, assertThrows } from "@std/assert";
import { formatTable } from "@/jupyter/table.ts";

Deno.test("whole numbers stay whole, and a column with one fraction gets decimals throughout", () => {
  const table = formatTable([{ n: 10, x: 1 }, { n: 9, x: 0.125 }]);
  assertEquals(table, " n     x\n10  1.00\n 9  0.13");
});

Deno.test("decimals can differ from column to column", () => {
  const table = formatTable([{ x: 0.5, y: 0.5, z: 0.5 }], { x: 1, y: 3 });
  assertEquals(table, "  x      y     z\n0.5  0.500  0.50");
});

Deno.test("words are flush left, numbers and texts of digits flush right", () => {
  const table = formatTable([
    { name: "a", rate: "5 %", size: "1e-9", mixed: "none" },
    { name: "long", rate: "100 %", size: "-1.5e+10", mixed: 1 },
  ]);
  assertEquals(
    table,
    "name   rate      size  mixed\na       5 %      1e-9  none\nlong  100 %  -1.5e+10  1",
  );
});

Deno.test("an empty cell is blank, and no line ends with spaces", () => {
  assertEquals(formatTable([{ a: "x", b: undefined }, { a: undefined, b: 2 }]), "a  b\nx\n   2");
});

Deno.test("values that are not finite are shown as they are", () => {
  assertEquals(
    formatTable([{ x: NaN }, { x: Infinity }, { x: 0.5 }]),
    "       x\n     NaN\nInfinity\n    0.50",
  );
});

Deno.test("symbols outside the basic plane count as one column", () => {
  assertEquals(formatTable([{ a: "😀", b: 1 }, { a: "xy", b: 2 }]), "a   b\n😀   1\nxy  2");
});

Deno.test("no row, and rows of other columns, are refused", () => {
  assertThrows(() => formatTable([]), TypeError, "wanted at least 1 row, got 0");
  const rows: Record<string, number>[] = [{ a: 1, b: 2 }, { a: 1 }];
  assertThrows(() => formatTable(rows), TypeError, "wanted the columns a, b, got a in row 1");
});
