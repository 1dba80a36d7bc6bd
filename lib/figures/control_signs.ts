/**
 * Signs in place of the characters that nobody sees.
 *
 * @module
 */

/** Unicode has a sign for each control character of ASCII, in the same order. */
const FIRST_SIGN = 0x2400;
const DELETE_SIGN = "\u2421";

/**
 * Writes signs for control characters, which a network that has learned little may well answer with: no SVG may hold
 * them, and a browser shows no picture that does. Line breaks and tabs stay.
 *
 * @example The bell, which once rang one.
 * ```ts
 * import { withControlSigns } from "@/figures/control_signs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withControlSigns("a\x07b\n"), "a␇b\n");
 * ```
 * @param text Any text.
 * @returns The same, if there are none in it.
 */
export function withControlSigns(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r\x80-\x9f]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 32 ? String.fromCharCode(FIRST_SIGN + code) : DELETE_SIGN;
  });
}
