/**
 * Where the parts of an SVG tree lie: the measurements that a browser makes and jsdom does not.
 *
 * @module
 */
import { styleOf, type SvgElement, type SvgNode } from "./svg_element.ts";
import { pathPoints } from "./svg_path.ts";
import { textWidth } from "./text_width.ts";

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

/** The font size in pixels; sizes in % (sub- and superscripts) are taken of the parent's. */
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

/** The bulge of arcs and curves is left out. */
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
 * The smallest box around an element, in the element's own coordinates, as SVG's `getBBox`.
 *
 * @param element A group, text, path, rectangle or image; anything else has no size.
 * @returns The box; an empty one at the origin if there is nothing to see.
 */
export function innerBounds(element: SvgElement): Box {
  return ownBounds(element) ?? NOTHING;
}

/**
 * The smallest box around an element, in the coordinates of its outermost ancestor, as `getBoundingClientRect`.
 *
 * @param element A group, text, path, rectangle or image; anything else has no size.
 * @returns The box; an empty one at the origin if there is nothing to see.
 */
export function outerBounds(element: SvgElement): Box {
  let box = ownBounds(element);
  for (let node: SvgElement | null = element; box && node; node = node.parentElement) {
    box = moved(box, transformOf(node));
  }
  return box ?? NOTHING;
}
