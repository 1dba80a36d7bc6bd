/**
 * Where a benchmark writes: tables to the terminal, one JSON object a line to a file.
 *
 * @module
 */

const FILE = ".runs/bench.jsonl";
const encoder = new TextEncoder();

/** Writes a line to standard output. */
export function print(line = ""): void {
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
}

/** Writes a line about the work to standard error. */
export function note(line: string): void {
  Deno.stderr.writeSync(encoder.encode(`${line}\n`));
}

/** Begins the file anew. */
export function beginRecords(): void {
  Deno.mkdirSync(".runs", { recursive: true });
  Deno.writeTextFileSync(FILE, "");
}

/** Adds a record to the file. */
export function record(fields: Readonly<Record<string, unknown>>): void {
  Deno.writeTextFileSync(FILE, JSON.stringify(fields) + "\n", { append: true });
}

/** Prints rows under a heading, columns aligned; the first column to the left, the others to the right. */
export function printTable(heading: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [heading, ...rows];
  const widths = heading.map((_, i) => Math.max(...all.map((row) => row[i].length)));
  for (const [n, row] of all.entries()) {
    const cells = row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]));
    print(cells.join("  "));
    if (n === 0) print(widths.map((width) => "-".repeat(width)).join("  "));
  }
  print();
}

/** A number with three digits that count. */
export function digits(x: number): string {
  return x >= 100 ? x.toFixed(0) : x.toPrecision(3);
}
