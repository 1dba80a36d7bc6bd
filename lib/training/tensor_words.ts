/**
 * What a file of tensors says, fit to stand in a message.
 *
 * @module
 */

/**
 * A text from a file: in quotes, control characters escaped, and not long.
 *
 * @example The middle of a long name is left out.
 * ```ts
 * import { quoted } from "@/training/tensor_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quoted("a\n"), '"a\\n"');
 * assertEquals(quoted("a".repeat(1000)).length, 63);
 * ```
 * @param text Any text.
 * @returns The text in quotes.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 50)}…${text.slice(-10)}`);
}

/**
 * A tensor's shape: at most eight axes of it.
 *
 * @example Rows and columns.
 * ```ts
 * import { shapeText } from "@/training/tensor_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shapeText([64, 32]), "[64,32]");
 * ```
 * @param shape The length along each axis.
 * @returns The lengths in brackets.
 */
export function shapeText(shape: readonly number[]): string {
  return shape.length <= 8 ? `[${shape}]` : `[${shape.slice(0, 8)},…]`;
}
