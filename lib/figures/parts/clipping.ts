/**
 * Parts of paths and polygons that lie within a rectangle, for drawings of a part on axes of its own.
 *
 * @module
 */
import type { Point } from "./plot_labels.ts";

/** A rectangle, in units of the axes. */
export interface Bounds {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** A point of a clipped path. */
export interface ClippedPoint extends Point {
  /** Its index in the whole path; undefined where the path crosses the edge of the rectangle. */
  readonly index?: number;
}

/** An edge of the rectangle: what is inside has a coordinate of at least (sign 1) or at most (sign −1) the limit. */
interface Edge {
  readonly axis: "x" | "y";
  readonly limit: number;
  readonly sign: 1 | -1;
}

const edgesOf = (bounds: Bounds): Edge[] =>
  (["x", "y"] as const).flatMap((axis): Edge[] => [
    { axis, limit: bounds[axis][0], sign: 1 },
    { axis, limit: bounds[axis][1], sign: -1 },
  ]);

/** How far inside of an edge a point is. */
const depth = (point: Point, { axis, limit, sign }: Edge) => sign * (point[axis] - limit);

const between = (a: Point, b: Point, share: number): Point => ({
  x: a.x + share * (b.x - a.x),
  y: a.y + share * (b.y - a.y),
});

/** The shares of the segment at which it enters and leaves the rectangle; entering is not before leaving if it misses it. */
function sharesInside(a: Point, b: Point, edges: readonly Edge[]): [number, number] {
  let [enter, leave] = [0, 1];
  for (const edge of edges) {
    const [from, to] = [depth(a, edge), depth(b, edge)];
    if (from < 0 && to < 0) return [1, 0];
    if (from < 0) enter = Math.max(enter, from / (from - to));
    if (to < 0) leave = Math.min(leave, from / (from - to));
  }
  return [enter, leave];
}

/**
 * Clips a path to a rectangle.
 *
 * Method: Liang and Barsky 1984, segment by segment.
 *
 * @example A path that enters from the left and leaves at the top.
 * ```ts
 * import { clipPath } from "@/figures/parts/clipping.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = [{ x: -1, y: 0.5 }, { x: 0.5, y: 0.5 }, { x: 0.5, y: 2 }];
 * assertEquals(clipPath(path, { x: [0, 1], y: [0, 1] }), [
 *   [{ x: 0, y: 0.5 }, { x: 0.5, y: 0.5, index: 1 }, { x: 0.5, y: 1 }],
 * ]);
 * ```
 * @param path Its corners.
 * @param bounds The rectangle.
 * @returns The pieces inside, in order.
 */
export function clipPath(path: readonly Point[], bounds: Bounds): ClippedPoint[][] {
  const edges = edgesOf(bounds), pieces: ClippedPoint[][] = [];
  let piece: ClippedPoint[] | undefined;
  path.forEach((point, index) => {
    const before = path[index - 1] ?? point;
    const [enter, leave] = sharesInside(before, point, edges);
    if (enter > leave || index > 0 && enter === leave) return piece = undefined;
    if (piece === undefined) {
      piece = enter > 0 ? [between(before, point, enter)] : [];
      pieces.push(piece);
    }
    piece.push(leave < 1 ? between(before, point, leave) : { ...point, index });
    if (leave < 1) piece = undefined;
  });
  return pieces;
}

/**
 * Clips a convex polygon to a rectangle.
 *
 * Method: Sutherland and Hodgman 1974, edge by edge.
 *
 * @example Half of a triangle.
 * ```ts
 * import { clipPolygon } from "@/figures/parts/clipping.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const triangle = [{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 0, y: 2 }];
 * const corners = clipPolygon(triangle, { x: [0, 1], y: [0, 3] });
 * assertEquals(corners.map(({ x, y }) => [x, y]), [[0, 0], [1, 0], [1, 1], [0, 2]]);
 * ```
 * @param corners Its corners, in order.
 * @param bounds The rectangle.
 * @returns The corners of what is inside; none if nothing is.
 */
export function clipPolygon(corners: readonly Point[], bounds: Bounds): Point[] {
  return edgesOf(bounds).reduce<readonly Point[]>(
    (polygon, edge) =>
      polygon.flatMap((corner, k) => {
        const before = polygon.at(k - 1)!;
        const [from, to] = [depth(before, edge), depth(corner, edge)];
        if (from >= 0 && to >= 0) return [corner];
        if (from < 0 && to < 0) return [];
        const crossing = between(before, corner, from / (from - to));
        return to >= 0 ? [crossing, corner] : [crossing];
      }),
    corners,
  ) as Point[];
}
