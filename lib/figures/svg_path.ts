/**
 * The length of a path and the points along it, its curves taken as straight from end to end.
 *
 * @module
 */

/** x to the right, y downwards, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How many numbers each letter of a path takes; the last two are the end point (H and V: the last one). */
const NUMBERS: Record<string, number> = { H: 1, V: 1, A: 7, C: 6, S: 4, Q: 4 };

/**
 * The points that a path goes through.
 *
 * @example Capital letters are places, small ones steps.
 * ```ts
 * import { pathPoints } from "@/figures/svg_path.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathPoints("M1,2h3V7"), [{ x: 1, y: 2 }, { x: 4, y: 2 }, { x: 4, y: 7 }]);
 * ```
 * @param d The path's description, as in its attribute `d`.
 * @returns Its corners and end points, in order.
 */
export function pathPoints(d: string): Point[] {
  const points: Point[] = [];
  let [x, y] = [0, 0];
  for (const [, letter, list] of d.matchAll(/([a-df-zA-DF-Z])([^a-df-zA-DF-Z]*)/g)) {
    const values = [...list.matchAll(/-?\d*\.?\d+(?:e-?\d+)?/g)].map(Number);
    const [kind, isStep] = [letter.toUpperCase(), letter !== letter.toUpperCase()];
    const size = NUMBERS[kind] ?? 2;
    for (let i = size; i <= values.length; i += size) {
      const [toX, toY] = [values[kind === "H" ? i - 1 : i - 2], values[i - 1]];
      if (kind !== "V") x = isStep ? x + toX : toX;
      if (kind !== "H") y = isStep ? y + toY : toY;
      points.push({ x, y });
    }
  }
  return points;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/**
 * How long a path is.
 *
 * @param d The path's description.
 * @returns Its length in pixels.
 */
export function pathLength(d: string): number {
  const points = pathPoints(d);
  return points.slice(1).reduce((sum, point, i) => sum + distance(points[i], point), 0);
}

/**
 * The point that lies a given way along a path.
 *
 * @example Halfway along a bent line.
 * ```ts
 * import { pointAlong } from "@/figures/svg_path.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pointAlong("M0,0H3V5", 4), { x: 3, y: 1 });
 * ```
 * @param d The path's description.
 * @param way How far from its beginning, in pixels.
 * @returns The point; the path's end if it is shorter.
 */
export function pointAlong(d: string, way: number): Point {
  const points = pathPoints(d);
  let left = way;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const length = distance(a, b);
    if (left < length) {
      const share = left / length;
      return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
    }
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}
