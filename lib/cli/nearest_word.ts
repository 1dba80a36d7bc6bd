/**
 * What someone may have meant.
 *
 * @module
 */

/**
 * The word that is fewest slips away from another: letters left out, added, replaced or swapped.
 *
 * @example Two letters swapped.
 * ```ts
 * import { nearestWord } from "@/cli/nearest_word.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestWord("--lenght", ["--seed", "--length"]), "--length");
 * assertEquals(nearestWord("--colour", ["--seed", "--length"]), undefined);
 * ```
 * @param word What was written.
 * @param known What there is.
 * @returns The nearest, if it is no more than two slips away.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map((other) => ({ other, slips: slipsBetween(word, other) }))
    .filter(({ slips }) => slips <= 2)
    .sort((a, b) => a.slips - b.slips);
  return ranked[0]?.other;
}

/** Edit distance with swaps of neighbours; row i, column j: the first i letters of a, the first j of b. */
function slipsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? rows[i - 2][j - 2] + 1
        : Infinity;
      rows[i].push(Math.min(replaced, swapped, rows[i - 1][j] + 1, rows[i][j - 1] + 1));
    }
  }
  return rows[a.length][b.length];
}
