/**
 * Bytes as text: UTF-8, as some programs mark it.
 *
 * @module
 */
import { UserError } from "./user_error.ts";

const UTF_16_MARKS = [[0xff, 0xfe], [0xfe, 0xff]];

/**
 * Decodes UTF-8. A byte-order mark, which PowerShell and some editors write first, does not belong to the text.
 *
 * @example A text with a byte-order mark.
 * ```ts
 * import { decodeText } from "@/io/text_encoding.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), "read a text"), "a");
 * ```
 * @param bytes The bytes.
 * @param action The action that fails, as in "Cannot <action>".
 * @returns The text.
 * @throws {UserError} If the bytes are UTF-16, or no text at all.
 */
export function decodeText(bytes: Uint8Array, action: string): string {
  if (UTF_16_MARKS.some(([first, second]) => bytes[0] === first && bytes[1] === second)) {
    throw new UserError(
      action,
      "text in UTF-8",
      "UTF-16, which older versions of PowerShell write",
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UserError(action, "text in UTF-8", "bytes that are not");
  }
}
