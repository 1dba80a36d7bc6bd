/**
 * A character as a figure shows it.
 *
 * @module
 */

/**
 * Shows a character as a sign of one column; those of Plotly's mark-up are escaped.
 *
 * @param character The character.
 * @returns The sign.
 */
export function shownSign(character: string): string {
  const signs: Record<string, string> = { "\n": "↵", "\t": "→", "<": "&lt;", "&": "&amp;" };
  return signs[character] ?? character;
}
