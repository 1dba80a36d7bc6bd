/**
 * Long lines drawn with few points.
 *
 * @module
 */

/**
 * Chooses which points of a long line to draw: the first, the last, and of each stretch between its lowest and highest,
 * so that no spike is lost.
 *
 * @example A thousand points, one of them a spike.
 * ```ts
 * import { thinned } from "@/figures/thinning.ts";
 * import { assert } from "@std/assert";
 *
 * const heights = Array.from({ length: 1000 }, (_, k) => (k === 321 ? 9 : 1));
 * const chosen = thinned(heights, 100);
 * assert(chosen.length <= 100 && chosen.includes(321));
 * ```
 * @param heights Of all points.
 * @param most How many points may be drawn, at least 4.
 * @param places Where they are on the page, rising, in any unit; evenly spaced if left out.
 * @returns Indices, rising.
 */
export function thinned(
  heights: readonly number[],
  most: number,
  places: readonly number[] = heights.map((_, k) => k),
): number[] {
  const n = heights.length;
  if (n <= most) return heights.map((_, k) => k);
  const stretches = Math.floor((most - 2) / 2);
  const [first, last] = [places[0], places[n - 1]];
  const chosen = new Set([0, n - 1]);
  for (let start = 0; start < n;) {
    const stretch = Math.floor(((places[start] - first) / (last - first)) * stretches);
    let [end, low, high] = [start, start, start];
    for (; end < n; end++) {
      if (Math.floor(((places[end] - first) / (last - first)) * stretches) !== stretch) break;
      if (heights[end] < heights[low]) low = end;
      if (heights[end] > heights[high]) high = end;
    }
    chosen.add(low).add(high);
    start = end;
  }
  return [...chosen].sort((a, b) => a - b);
}
