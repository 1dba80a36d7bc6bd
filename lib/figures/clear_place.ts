/**
 * Words beside what is drawn, not on it.
 *
 * @module
 */

/** A place in a plot, by its axes. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How wide and how high something is, by the axes of its plot. */
export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** From one point that is looked at on a line to the next, by the axes. */
const STRIDE = 0.005;

/**
 * Lays points along a line, so close that nothing can hide between them.
 *
 * @example A line of three corners keeps them all.
 * ```ts
 * import { pointsAlong } from "@/figures/clear_place.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const points = pointsAlong([0, 1, 1], [0, 0, 0.5]);
 * assertEquals([points[0], points.at(-1)], [{ x: 0, y: 0 }, { x: 1, y: 0.5 }]);
 * assert(points.some(({ x, y }) => x === 1 && y === 0));
 * ```
 * @param x Where its corners are, from 0 to 1.
 * @param y How high they are, as many.
 * @returns The corners, and what lies between.
 */
export function pointsAlong(x: readonly number[], y: readonly number[]): Point[] {
  const legs = x.slice(1).flatMap((end, k) => {
    const [start, from, to] = [x[k], y[k], y[k + 1]];
    const n = Math.max(1, Math.ceil(Math.hypot(end - start, to - from) / STRIDE));
    return Array.from({ length: n }, (_, i) => ({
      x: start + (end - start) * ((i + 1) / n),
      y: from + (to - from) * ((i + 1) / n),
    }));
  });
  return [{ x: x[0], y: y[0] }, ...legs];
}

/**
 * Picks the place at which words hide least.
 *
 * @example The first place lies on the line, the second does not.
 * ```ts
 * import { clearPlace, pointsAlong } from "@/figures/clear_place.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const line = pointsAlong([0, 1], [0.5, 0.5]);
 * const places = [{ x: 0.5, y: 0.45 }, { x: 0.5, y: 0.25 }];
 * assertEquals(clearPlace(places, { width: 0.25, height: 0.125 }, line), { x: 0.5, y: 0.25 });
 * ```
 * @param places Where their middle may be, at least one, the most wanted first.
 * @param extent How much room they take.
 * @param points What is drawn.
 * @returns The first of those places at which the fewest points are hidden.
 */
export function clearPlace(
  places: readonly Point[],
  { width, height }: Extent,
  points: readonly Point[],
): Point {
  const hidden = places.map((place) =>
    points.filter(({ x, y }) =>
      Math.abs(x - place.x) <= width / 2 && Math.abs(y - place.y) <= height / 2
    ).length
  );
  return places[hidden.indexOf(Math.min(...hidden))];
}
