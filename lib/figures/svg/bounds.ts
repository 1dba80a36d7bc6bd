/**
 * Bounding boxes and path lengths in an SVG tree: the measurements that a browser makes and jsdom does not.
 *
 * @module
 */
import { styleOf, type SvgElement, type SvgNode } from "./element.ts";
import { textWidth } from "@/figures/parts/text_width.ts";

/** x to the right, y downwards, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Number of parameters of each command; the last two are the end point (for H and V the last one). */
const NUMBERS: Record<string, number> = { H: 1, V: 1, A: 7, C: 6, S: 4, Q: 4 };

/**
 * Lists the points that a path goes through, with its curves taken as straight lines.
 *
 * @example Capital letters are absolute coordinates, small ones relative.
 * ```ts
 * import { pathPoints } from "@/figures/svg/bounds.ts";
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

function segmentLength(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/**
 * Measures the length of a path.
 *
 * @param d The path's description.
 * @returns Its length in pixels.
 */
export function pathLength(d: string): number {
  const points = pathPoints(d);
  return points.slice(1).reduce((sum, point, i) => sum + segmentLength(points[i], point), 0);
}

/**
 * Finds the point at a given distance along a path.
 *
 * @example Halfway along a bent line.
 * ```ts
 * import { pointAlong } from "@/figures/svg/bounds.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pointAlong("M0,0H3V5", 4), { x: 3, y: 1 });
 * ```
 * @param d The path's description.
 * @param distance Distance from its start, in pixels.
 * @returns The point; the path's end if the path is shorter.
 */
export function pointAlong(d: string, distance: number): Point {
  const points = pathPoints(d);
  let left = distance;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const length = segmentLength(a, b);
    if (left < length) {
      const share = left / length;
      return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
    }
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}

/** A rectangle with sides along the axes, in pixels; y grows downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** x' = a x + c y + e, y' = b x + d y + f, in SVG's order of the letters. */
type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const ASCENT = 0.905;
const DESCENT = 0.212;

function multiply(p: Transform, q: Transform): Transform {
  return [
    p[0] * q[0] + p[2] * q[1],
    p[1] * q[0] + p[3] * q[1],
    p[0] * q[2] + p[2] * q[3],
    p[1] * q[2] + p[3] * q[3],
    p[0] * q[4] + p[2] * q[5] + p[4],
    p[1] * q[4] + p[3] * q[5] + p[5],
  ];
}

function oneTransform(name: string, values: number[]): Transform {
  const [x = 0, y = 0, z = 0] = values;
  if (name === "translate") return [1, 0, 0, 1, x, y];
  if (name === "scale") return [x, 0, 0, values.length > 1 ? y : x, 0, 0];
  if (name !== "rotate") return [1, 0, 0, 1, 0, 0];
  const [cos, sin] = [Math.cos((x * Math.PI) / 180), Math.sin((x * Math.PI) / 180)];
  return multiply([1, 0, 0, 1, y, z], [
    cos,
    sin,
    -sin,
    cos,
    -(y * cos - z * sin),
    -(y * sin + z * cos),
  ]);
}

function transformOf(element: SvgElement): Transform {
  let product: Transform = [1, 0, 0, 1, 0, 0];
  for (
    const [, name, list] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)
  ) {
    product = multiply(product, oneTransform(name, list.split(/[\s,]+/).map(Number)));
  }
  return product;
}

function moved(box: Box, [a, b, c, d, e, f]: Transform): Box {
  const xs = [box.left, box.right].flatMap((x) =>
    [box.top, box.bottom].map((y) => a * x + c * y + e)
  );
  const ys = [box.left, box.right].flatMap((x) =>
    [box.top, box.bottom].map((y) => b * x + d * y + f)
  );
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  };
}

function union(boxes: Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

function number(element: SvgElement, name: string): number {
  return parseFloat(element.getAttribute(name) ?? "") || 0;
}

/** The font size in pixels; a size in % (sub- and superscripts) refers to the parent's. */
function fontSize(element: SvgElement | null): number {
  if (element === null) return 12;
  const own = styleOf(element, "font-size") ?? element.getAttribute("font-size");
  if (own === null || own === undefined) return fontSize(element.parentElement);
  return own.endsWith("%")
    ? (fontSize(element.parentElement) * parseFloat(own)) / 100
    : parseFloat(own);
}

function isBold(element: SvgElement | null): boolean {
  if (element === null) return false;
  const weight = styleOf(element, "font-weight");
  return weight === undefined ? isBold(element.parentElement) : /bold|[6-9]00/.test(weight);
}

function runWidth(element: SvgElement): number {
  let width = 0;
  for (const node of Array.from(element.childNodes)) {
    width += node.nodeType === 3
      ? textWidth(node.textContent ?? "", fontSize(element), isBold(element))
      : isElement(node)
      ? runWidth(node)
      : 0;
  }
  return width;
}

function isElement(node: SvgNode): node is SvgElement {
  return node.nodeType === 1;
}

/** Each line of a text is a `tspan` with a `dy` in em; a text of one line has none. */
function textBounds(text: SvgElement): Box | undefined {
  const size = fontSize(text);
  const anchor = text.getAttribute("text-anchor") ?? styleOf(text, "text-anchor");
  const before = anchor === "middle" ? 0.5 : anchor === "end" ? 1 : 0;
  const lines = Array.from(text.children).filter((child) => child.getAttribute("class") === "line");
  const boxes = (lines.length > 0 ? lines : [text]).map((line) => {
    const width = runWidth(line);
    const left = number(line, "x") - before * width;
    const dy = number(text, "dy") + (line === text ? 0 : number(line, "dy"));
    const y = number(line, "y") + dy * size;
    const [top, bottom] = [y - Math.round(ASCENT * size), y + Math.round(DESCENT * size)];
    return { left, top, right: left + width, bottom };
  });
  return text.textContent === "" ? undefined : union(boxes);
}

/** Arcs and curves count as straight lines. */
function pathBounds(path: SvgElement): Box | undefined {
  const points = pathPoints(path.getAttribute("d") ?? "");
  return union(points.map(({ x, y }) => ({ left: x, top: y, right: x, bottom: y })));
}

function ownBounds(element: SvgElement): Box | undefined {
  switch (element.localName) {
    case "text":
      return textBounds(element);
    case "path":
      return pathBounds(element);
    case "rect":
    case "image": {
      const [left, top] = [number(element, "x"), number(element, "y")];
      const [right, bottom] = [left + number(element, "width"), top + number(element, "height")];
      return { left, top, right, bottom };
    }
    case "g":
    case "svg": {
      const parts = Array.from(element.children).map((child) => {
        const box = ownBounds(child);
        return box && moved(box, transformOf(child));
      });
      return union(parts.filter((box) => box !== undefined));
    }
  }
}

const NOTHING: Box = { left: 0, top: 0, right: 0, bottom: 0 };

/**
 * Finds the bounding box of an element in its own coordinates, like SVG's `getBBox`.
 *
 * @param element A group, text, path, rectangle or image; other elements have no size.
 * @returns The box; an empty one at the origin if nothing is visible.
 */
export function innerBounds(element: SvgElement): Box {
  return ownBounds(element) ?? NOTHING;
}

/**
 * Finds the bounding box of an element in the coordinates of its outermost ancestor, like `getBoundingClientRect`.
 *
 * @param element A group, text, path, rectangle or image; other elements have no size.
 * @returns The box; an empty one at the origin if nothing is visible.
 */
export function outerBounds(element: SvgElement): Box {
  let box = ownBounds(element);
  for (let node: SvgElement | null = element; box && node; node = node.parentElement) {
    box = moved(box, transformOf(node));
  }
  return box ?? NOTHING;
}
