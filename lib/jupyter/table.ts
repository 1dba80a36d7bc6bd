/**
 * Tables as plain text, which looks the same in every front end.
 *
 * @module
 */

/** What a row has in one column; undefined leaves the cell empty. */
export type TableCell = string | number | boolean | undefined;

/** The cells of a row by the titles of their columns. */
export type TableRow = Readonly<Record<string, TableCell>>;

/** How many decimals fractions have: in all columns, or by the title of the column. */
export type Decimals = number | Readonly<Record<string, number>>;

const DEFAULT_DECIMALS = 2;

/** Two spaces, so that titles may have one. */
const GAP = "  ";

/** Cells that look like this are set flush right, so that digits stand below each other. */
const NUMERIC = /^[−-]?[\d.,]+(e[+-]?\d+)?( ?%)?$|^(NaN|-?Infinity)?$/;

const widthOf = (text: string) => [...text].length;

function pad(text: string, width: number, isNumeric: boolean): string {
  const space = " ".repeat(width - widthOf(text));
  return isNumeric ? space + text : text + space;
}

/** The cells of a column as texts of the same width, the title first. */
function formatColumn(title: string, cells: readonly TableCell[], decimals: number): string[] {
  const areWhole = cells.every((cell) => typeof cell !== "number" || Number.isInteger(cell));
  const texts = cells.map((cell) => {
    if (typeof cell !== "number") return cell === undefined ? "" : String(cell);
    return Number.isFinite(cell) && !areWhole ? cell.toFixed(decimals) : String(cell);
  });
  const isNumeric = texts.every((text) => NUMERIC.test(text));
  const width = Math.max(...[title, ...texts].map(widthOf));
  return [title, ...texts].map((text) => pad(text, width, isNumeric));
}

/**
 * Formats rows as a table, with the titles of the columns in the first line.
 *
 * Numbers are set flush right. If a column has a fraction, all of its numbers get the same number of decimals.
 *
 * @example Three columns; the numbers of the last have three decimals.
 * ```ts
 * import { formatTable } from "@/jupyter/table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rows = [{ seed: 1, network: "LSTM", loss: 0.5 }, { seed: 12, network: "RNN", loss: 1.25 }];
 * assertEquals(formatTable(rows, 3), [
 *   "seed  network   loss",
 *   "   1  LSTM     0.500",
 *   "  12  RNN      1.250",
 * ].join("\n"));
 * ```
 * @param rows The rows, at least one, each with the same columns in the same order.
 * @param decimals Decimals of columns with fractions, for all columns or by title; 2 if left out.
 * @returns The lines, joined by line breaks.
 * @throws {TypeError} If there is no row, or if a row has other columns than the first.
 */
export function formatTable(
  rows: readonly TableRow[],
  decimals: Decimals = DEFAULT_DECIMALS,
): string {
  if (rows.length === 0) throw new TypeError("Cannot format a table: wanted at least 1 row, got 0");
  const titles = Object.keys(rows[0]);
  rows.forEach((row, i) => {
    const [wanted, got] = [titles, Object.keys(row)].map((names) => names.join(", "));
    if (wanted !== got) {
      throw new TypeError(
        `Cannot format a table: wanted the columns ${wanted}, got ${got} in row ${i}`,
      );
    }
  });
  const columns = titles.map((title) => {
    const digits = typeof decimals === "number" ? decimals : decimals[title] ?? DEFAULT_DECIMALS;
    return formatColumn(title, rows.map((row) => row[title]), digits);
  });
  const lines = columns[0].map((_, line) => columns.map((column) => column[line]).join(GAP));
  return lines.map((line) => line.trimEnd()).join("\n");
}
