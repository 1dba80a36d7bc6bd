/**
 * JSON for people: short enough to read, one line for each name.
 *
 * @module
 */

/**
 * Writes an object with a line for each of its names, and typed arrays as lists of numbers.
 *
 * @example A list stays on its line.
 * ```ts
 * import { readableJson } from "@/training/readable_json.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   readableJson({ pops: new Float64Array([0, 1]), seed: 1 }),
 *   '{\n  "pops": [0,1],\n  "seed": 1\n}\n',
 * );
 * ```
 * @param data What to write.
 * @returns Lines of JSON, the last one ended too.
 */
export function readableJson(data: object): string {
  const lines = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value, listed)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function listed(_name: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
}
