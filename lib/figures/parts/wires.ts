/**
 * Wires of a diagram: lines of horizontal and vertical stretches with round corners, and the heads of their arrows.
 *
 * Unit: pixels; y grows downwards.
 *
 * @module
 */
import type { Point } from "./plot_labels.ts";
import { roundDecimals } from "./number_text.ts";

/** A rectangle by its centre. */
export interface Area extends Point {
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/**
 * How a wire gets from one box to another that is neither beside nor above it: across, down and across again; across and
 * then down; or down and then across.
 */
export type Course = "step" | "across first" | "down first";

/** Radius of a corner. */
const RADIUS = 8;
/** Length of an arrow's head, and half its width. */
const [HEAD_LENGTH, HEAD_HALF] = [8, 4.5];

const side = (from: number, to: number) => from < to ? 1 : -1;

function rightOrLeftOf({ x, y, halfWidth }: Area, towards: number): Point {
  return { x: x + side(x, towards) * halfWidth, y };
}

function belowOrAbove({ x, y, halfHeight }: Area, towards: number): Point {
  return { x, y: y + side(y, towards) * halfHeight };
}

/** Whether a level line at this height meets the box, and not just its corner. */
function isWithin(height: number, { y, halfHeight }: Area): boolean {
  return Math.abs(height - y) < 0.9 * halfHeight;
}

/**
 * Finds the corners of a wire between two boxes; it is level or upright if they are in one line.
 *
 * @example A straight wire from border to border, and one with a step half way.
 * ```ts
 * import { wireBetween } from "@/figures/parts/wires.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const box = { halfWidth: 10, halfHeight: 5 };
 * const [a, b, c] = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 100, y: 50 }].map((at) => ({ ...at, ...box }));
 * assertEquals(wireBetween(a, b), [{ x: 10, y: 0 }, { x: 90, y: 0 }]);
 * assertEquals(wireBetween(a, c).map(({ x }) => x), [10, 50, 50, 90]);
 * ```
 * @param from The box where it begins.
 * @param to The box where it ends.
 * @param course Its course if the boxes are not in one line.
 * @returns Its corners, from border to border.
 */
export function wireBetween(from: Area, to: Area, course: Course = "step"): Point[] {
  if (isWithin(to.y, from) || isWithin(from.y, to)) {
    const y = isWithin(to.y, from) ? to.y : from.y;
    return [rightOrLeftOf(from, to.x), rightOrLeftOf(to, from.x)].map(({ x }) => ({ x, y }));
  }
  if (from.x === to.x) return [belowOrAbove(from, to.y), belowOrAbove(to, from.y)];
  if (course === "across first") {
    return [rightOrLeftOf(from, to.x), { x: to.x, y: from.y }, belowOrAbove(to, from.y)];
  }
  if (course === "down first") {
    return [belowOrAbove(from, to.y), { x: from.x, y: to.y }, rightOrLeftOf(to, from.x)];
  }
  const [start, end] = [rightOrLeftOf(from, to.x), rightOrLeftOf(to, from.x)];
  const x = (from.x + to.x) / 2; // wires to boxes of different widths turn in one line
  return [start, { x, y: start.y }, { x, y: end.y }, end];
}

/**
 * Finds the corners of a wire that leaves a box upwards or downwards, runs along a lane, and comes back to a box from the
 * same side; in a loop it leaves right of the middle and comes back left of it.
 *
 * @example A loop over a box.
 * ```ts
 * import { wireAlongLane } from "@/figures/parts/wires.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const box = { x: 0, y: 0, halfWidth: 20, halfHeight: 5 };
 * assertEquals(wireAlongLane(box, box, -30), [
 *   { x: 10, y: -5 },
 *   { x: 10, y: -30 },
 *   { x: -10, y: -30 },
 *   { x: -10, y: -5 },
 * ]);
 * ```
 * @param from The box where it begins.
 * @param to The box where it ends.
 * @param lane Height of the lane, above or below both boxes.
 * @returns Its corners, from border to border.
 */
export function wireAlongLane(from: Area, to: Area, lane: number): Point[] {
  const shift = from === to ? from.halfWidth / 2 : 0;
  const [start, end] = [belowOrAbove(from, lane), belowOrAbove(to, lane)];
  const [x0, x1] = [start.x + shift, end.x - shift];
  return [{ ...start, x: x0 }, { x: x0, y: lane }, { x: x1, y: lane }, { ...end, x: x1 }];
}

/** The point at a distance from `a` on the way to `b`. */
function towards(a: Point, b: Point, distance: number): Point {
  const share = distance / Math.hypot(b.x - a.x, b.y - a.y);
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
}

const pair = ({ x, y }: Point) => `${roundDecimals(x, 1)},${roundDecimals(y, 1)}`;

/**
 * Draws a wire as a path that ends where the arrow's head begins.
 *
 * @example A straight wire is shorter by the head.
 * ```ts
 * import { wirePath } from "@/figures/parts/wires.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wirePath([{ x: 0, y: 0 }, { x: 50, y: 0 }]), "M0,0L42,0");
 * ```
 * @param corners Its corners, at least two.
 * @returns The path in SVG's notation.
 */
export function wirePath(corners: readonly Point[]): string {
  const inner = corners.slice(1, -1).map((corner, k) => {
    const [before, after] = [corners[k], corners[k + 2]];
    const length = (point: Point) => Math.hypot(point.x - corner.x, point.y - corner.y);
    const radius = Math.min(RADIUS, length(before) / 2, length(after) / 2);
    return `L${pair(towards(corner, before, radius))}Q${pair(corner)} ${
      pair(towards(corner, after, radius))
    }`;
  });
  const end = towards(corners.at(-1)!, corners.at(-2)!, HEAD_LENGTH);
  return `M${pair(corners[0])}${inner.join("")}L${pair(end)}`;
}

/**
 * Draws the head of a wire's arrow, a triangle whose tip is the wire's end.
 *
 * @example A head that points to the right.
 * ```ts
 * import { headPath } from "@/figures/parts/wires.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(headPath([{ x: 0, y: 0 }, { x: 50, y: 0 }]), "M50,0L42,4.5L42,-4.5Z");
 * ```
 * @param corners The wire's corners, at least two.
 * @returns The path in SVG's notation.
 */
export function headPath(corners: readonly Point[]): string {
  const [tip, before] = [corners.at(-1)!, corners.at(-2)!];
  const base = towards(tip, before, HEAD_LENGTH);
  const [dx, dy] = [(tip.x - base.x) / HEAD_LENGTH, (tip.y - base.y) / HEAD_LENGTH];
  const corner = (sign: number) =>
    pair({ x: base.x - sign * HEAD_HALF * dy, y: base.y + sign * HEAD_HALF * dx });
  return `M${pair(tip)}L${corner(1)}L${corner(-1)}Z`;
}
