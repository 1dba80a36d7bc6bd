/** Counts against probabilities. */
import { assert, assertEquals } from "@std/assert";

/** Counts how often each text comes. */
export function countTexts(texts: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}

/** Asserts that counts are those of draws with these probabilities: no others, and χ² within five standard deviations. */
export function assertDrawnWith(
  counts: Readonly<Record<string, number>>,
  probabilities: Readonly<Record<string, number>>,
): void {
  assertEquals(Object.keys(counts).sort(), Object.keys(probabilities).sort());
  const draws = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const freedom = Object.keys(counts).length - 1;
  const chiSquare = Object.entries(probabilities).reduce((sum, [text, p]) => {
    return sum + (counts[text] - draws * p) ** 2 / (draws * p);
  }, 0);
  assert(chiSquare <= freedom + 5 * Math.sqrt(2 * freedom), JSON.stringify(counts));
}

/** The same probability for each text. */
export function uniformOver(texts: readonly (string | number)[]): Record<string, number> {
  return Object.fromEntries(texts.map((text) => [text, 1 / texts.length]));
}
