/**
 * The stored tables, to which a study adds its rows: reading, and formatting.
 *
 * @module
 */
import type { Files } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";

/**
 * Reads a stored table.
 *
 * @example A table that is not there, a whole one, and a damaged one.
 * ```ts
 * import type { Files } from "@/io/files.ts";
 * import { readStoredTable } from "@/studies/stored_table.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * function files(text?: string): Files {
 *   const some: Partial<Files> = {
 *     kindOf: () => text === undefined ? "nothing" : "file",
 *     readText: () => String(text),
 *   };
 *   return some as Files;
 * }
 * assertEquals(readStoredTable(files(), "rows.json", {}), {});
 * assertEquals(readStoredTable(files('{"a":1}'), "rows.json", {}), { a: 1 });
 * assertThrows(() => readStoredTable(files('{"a":'), "rows.json", {}), Error, "wanted JSON");
 * ```
 * @param files The file system.
 * @param path The file of the table.
 * @param empty The table if there is no file.
 * @returns The table; only that it is a JSON object is checked.
 * @throws {UserError} If the file holds anything else, or cannot be read.
 */
export function readStoredTable<T extends object>(files: Files, path: string, empty: T): T {
  if (files.kindOf(path) === "nothing") return empty;
  const table = parse(files.readText(path));
  if (typeof table === "object" && table !== null && !Array.isArray(table)) return table as T;
  const wanted =
    "JSON of an object (git checkout restores it, or without the file it is made anew)";
  throw new UserError(`read ${path}`, wanted, "something else");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Formats rows of records as a JSON object with one record a line, in the order of their seeds.
 *
 * @example Two trainings of one row.
 * ```ts
 * import { formatRecords } from "@/studies/stored_table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = { lstm: [{ seed: 2, exact: 9 }, { seed: 1, exact: 8 }] };
 * assertEquals(formatRecords(table, ["rnn", "lstm"]), `{
 *   "lstm": [
 *     {"seed":1,"exact":8},
 *     {"seed":2,"exact":9}
 *   ]
 * }`);
 * ```
 * @param table The records of each row, by its name.
 * @param names All names, in the order in which they are written; a row that is not there is left out.
 * @param indent What stands before each line but the first.
 * @returns JSON, without an end of line.
 */
export function formatRecords(
  table: Readonly<Record<string, readonly { readonly seed: number }[]>>,
  names: readonly string[],
  indent = "",
): string {
  const rows = names.filter((name) => name in table).map((name) => {
    const records = table[name].toSorted((a, b) => a.seed - b.seed);
    const lines = records.map((record) => `${indent}    ${JSON.stringify(record)}`).join(",\n");
    return `${indent}  ${JSON.stringify(name)}: [\n${lines}\n${indent}  ]`;
  });
  return `{\n${rows.join(",\n")}\n${indent}}`;
}
