/**
 * Lines of a chart: their styles, and which of their points are drawn.
 *
 * @module
 */
import { PALETTE } from "@/figures/figure.ts";

const COLOURS = [
  PALETTE.blue,
  PALETTE.vermilion,
  PALETTE.green,
  PALETTE.purple,
  PALETTE.orange,
  PALETTE.black,
];
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"] as const;

/** Colour and dashes of a line. */
export interface LineStyle {
  readonly color: string;
  readonly dash: (typeof DASHES)[number];
}

/**
 * Gives the k-th line its colour and dashes; the styles repeat after thirty lines.
 *
 * @example The first two differ in both.
 * ```ts
 * import { lineStyle } from "@/figures/parts/lines.ts";
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals(lineStyle(0).color, lineStyle(1).color);
 * assertNotEquals(lineStyle(0).dash, lineStyle(1).dash);
 * ```
 * @param k Index of the line, from 0.
 * @returns Its colour and dashes, as Plotly names them.
 */
export function lineStyle(k: number): LineStyle {
  return { color: COLOURS[k % COLOURS.length], dash: DASHES[k % DASHES.length] };
}

/**
 * Chooses the points of a long line to draw: the first, the last, and the lowest and highest of each interval in between,
 * so that no spike is lost.
 *
 * @example A thousand points, one of them a spike.
 * ```ts
 * import { downsample } from "@/figures/parts/lines.ts";
 * import { assert } from "@std/assert";
 *
 * const heights = Array.from({ length: 1000 }, (_, k) => (k === 321 ? 9 : 1));
 * const chosen = downsample(heights, 100);
 * assert(chosen.length <= 100 && chosen.includes(321));
 * ```
 * @param y The y coordinates of all points.
 * @param most Maximum number of points, at least 4.
 * @param x Their positions on the page, ascending, in any unit; evenly spaced if left out.
 * @returns Indices, ascending.
 */
export function downsample(
  y: readonly number[],
  most: number,
  x: readonly number[] = y.map((_, k) => k),
): number[] {
  const n = y.length;
  if (n <= most) return y.map((_, k) => k);
  const intervals = Math.floor((most - 2) / 2);
  const [first, last] = [x[0], x[n - 1]];
  const chosen = new Set([0, n - 1]);
  for (let start = 0; start < n;) {
    const interval = Math.floor(((x[start] - first) / (last - first)) * intervals);
    let [end, low, high] = [start, start, start];
    for (; end < n; end++) {
      if (Math.floor(((x[end] - first) / (last - first)) * intervals) !== interval) break;
      if (y[end] < y[low]) low = end;
      if (y[end] > y[high]) high = end;
    }
    chosen.add(low).add(high);
    start = end;
  }
  return [...chosen].sort((a, b) => a - b);
}
