/**
 * Diagrams of networks: boxes, and arrows for what flows between them.
 *
 * @module
 */
import { INK, tint } from "@/figures/parts/colours.ts";
import { sum } from "@/math/lists.ts";
import { roundDecimals } from "@/figures/parts/number_text.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";
import { textWidth, wrapText } from "@/figures/parts/text_width.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import {
  type Area,
  type Course,
  headPath,
  wireAlongLane,
  wireBetween,
  wirePath,
} from "@/figures/parts/wires.ts";
import { type Figure, FIGURE_WIDTH, type Layout, makeFigure, PALETTE } from "./figure.ts";

type Shape = NonNullable<Layout["shapes"]>[number];

/** What a box stands for; each kind has a form and a colour of its own. */
export type BoxKind = "input" | "state" | "output" | "layer" | "operation" | "memory" | "note";

/** A box of a diagram. */
export interface DiagramBox {
  /** Its name, by which arrows refer to it; `_` sets what follows as a subscript, as in "h_t" and "r_{t−1}". */
  readonly name: string;
  /** Column and row of its centre, from 0; fractions are possible, and rows count downwards. */
  readonly at: readonly [column: number, row: number];
  /** What it stands for; a state if left out. */
  readonly kind?: BoxKind;
  /** What is written in it; its name if left out. */
  readonly text?: string;
  /** Its width in pixels; by default as wide as its text needs. */
  readonly width?: number;
  /** Its height in pixels; by default as high as its text needs. */
  readonly height?: number;
  /** Emphasised boxes have a thick outline. */
  readonly outline?: "emphasised";
}

/** An arrow from box to box. */
export interface DiagramArrow {
  readonly from: string;
  readonly to: string;
  /** The weights or the operation on the way. */
  readonly label?: string;
  /** Whether it arrives one step of time later; such arrows are dotted. */
  readonly later?: boolean;
  /** The row, above or below both boxes, along which it runs; loops need one. */
  readonly lane?: number;
  /** Its course if the boxes are not in one line and there is no lane. */
  readonly course?: Course;
}

/** The content of the figure. */
export interface WiringDiagramInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  readonly boxes: readonly DiagramBox[];
  readonly arrows: readonly DiagramArrow[];
  /** Pixels from row to row; 64 if left out. */
  readonly rowHeight?: number;
}

const MARGIN = { l: 16, r: 16, t: 56, b: 16 };
const WIDTH = FIGURE_WIDTH - MARGIN.l - MARGIN.r;
const ROW_HEIGHT = 64;
/** Pixels between the border of a box and its text. */
const PADDING = 11;
/** Pixels for both borders of a box of fixed width, in which text is wrapped. */
const WRAPPED_PADDING = 8;
const [LEAST_WIDTH, LINE_HEIGHT] = [38, 16];
/** A level stretch shorter than this has no space for a label before the arrow's head, in pixels. */
const SHORT_STRETCH = 40;
const MEMORY_SIZE = { width: 92, height: 84 };
/** Heights of the plates by which a memory is known, from the top down. */
const PLATES = [0.12, 0.2, 0.36, 0.12, 0.2];

const STYLES: Record<BoxKind, { readonly colour: string; readonly radius: number }> = {
  input: { colour: PALETTE.sky, radius: 0 },
  state: { colour: PALETTE.orange, radius: 9 },
  output: { colour: PALETTE.green, radius: 0 },
  layer: { colour: PALETTE.yellow, radius: 4 }, // a sum and its activation: a gate, or a head
  operation: { colour: "#ffffff", radius: 99 },
  memory: { colour: PALETTE.blue, radius: 0 },
  note: { colour: "#ffffff", radius: 6 },
};

/** Turns `_` into subscripts for Plotly. */
function withSubscripts(text: string): string {
  return text.replace(
    /_(?:\{([^}]*)\}|([^\s_{]))/g,
    (_, group, one) => `<sub>${group ?? one}</sub>`,
  );
}

/** The text as it is read aloud, with "c_(t−1)" for a subscript of several letters. */
const spoken = (text: string) => text.replace(/_\{([^}]*)\}/g, "_($1)").replaceAll("<br>", " ");

/** What a box is called aloud; operations may be drawn alike, so they are told apart by their names. */
function spokenName({ name, text = name, kind }: DiagramBox): string {
  return kind === "operation" && text !== name ? `${spoken(text)} (${name})` : spoken(text);
}

/** Subscripts are smaller, which is left out. */
function widthOf(text: string): number {
  return Math.max(...text.split("<br>").map((line) => textWidth(line.replace(/[_{}]/g, ""), 13)));
}

/** A box with its place in pixels. */
interface Placed extends Area {
  readonly box: DiagramBox;
  /** The lines of its text. */
  readonly text: string;
}

function place(box: DiagramBox, column: number, rowHeight: number): Placed {
  const { at, kind = "state", text = box.name } = box;
  const lines = box.width === undefined ? text : wrapText(text, box.width - WRAPPED_PADDING, 13);
  const height = 2 * PADDING + LINE_HEIGHT * lines.split("<br>").length;
  const natural = Math.max(LEAST_WIDTH, widthOf(lines) + 2 * PADDING);
  const size = kind === "memory"
    ? MEMORY_SIZE
    : { width: kind === "operation" ? LEAST_WIDTH : natural, height };
  return {
    box,
    text: lines,
    x: (at[0] + 0.5) * column,
    y: (at[1] + 0.5) * rowHeight,
    halfWidth: (box.width ?? size.width) / 2,
    halfHeight: (box.height ?? size.height) / 2,
  };
}

/** How far the handles of a curve reach to make it a quarter of a circle, as a share of the radius. */
const HANDLE = 0.5523;

/** A rectangle with round corners as a path; a circle if the radius is large. */
function roundedPath({ x, y, halfWidth, halfHeight }: Area, radius: number): string {
  const r = Math.min(radius, halfWidth, halfHeight), k = r * (1 - HANDLE);
  const [x0, x1, y0, y1] = [x - halfWidth, x + halfWidth, y - halfHeight, y + halfHeight];
  const path = `M${x0 + r},${y0}L${x1 - r},${y0}C${x1 - k},${y0} ${x1},${y0 + k} ${x1},${y0 + r}` +
    `L${x1},${y1 - r}C${x1},${y1 - k} ${x1 - k},${y1} ${x1 - r},${y1}` +
    `L${x0 + r},${y1}C${x0 + k},${y1} ${x0},${y1 - k} ${x0},${y1 - r}` +
    `L${x0},${y0 + r}C${x0},${y0 + k} ${x0 + k},${y0} ${x0 + r},${y0}Z`;
  return path.replace(/-?\d+\.\d+/g, (digits) => String(roundDecimals(Number(digits), 1)));
}

/** A memory is a pile of plates. */
function plates({ x, y, halfWidth, halfHeight }: Area, colour: string): Shape[] {
  return PLATES.map((share, k) => {
    const above = sum(PLATES.slice(0, k));
    const height = 2 * halfHeight * share;
    const top = y - halfHeight + 2 * halfHeight * above;
    const plate = { x, y: top + height / 2, halfWidth, halfHeight: height / 2 };
    return {
      type: "path",
      path: roundedPath(plate, 3),
      fillcolor: tint(colour, 0.16 + 0.14 * (k % 2)),
      line: { color: colour, width: 1.5 },
    };
  });
}

function drawBox(placed: Placed): Shape[] {
  const { kind = "state", outline } = placed.box, { colour, radius } = STYLES[kind];
  if (kind === "memory") return plates(placed, colour);
  return [{
    type: "path",
    path: roundedPath(placed, radius),
    fillcolor: tint(colour, 0.35),
    line: { color: INK, width: outline === "emphasised" ? 2.5 : 1.2 },
  }];
}

/** An arrow with its corners in pixels. */
interface Wire {
  readonly arrow: DiagramArrow;
  readonly corners: ReturnType<typeof wireBetween>;
}

function drawWire({ arrow, corners }: Wire): Shape[] {
  const line = { color: INK, width: 1.5, dash: arrow.later ? "dot" as const : "solid" as const };
  return [
    { type: "path", path: wirePath(corners), line },
    { type: "path", path: headPath(corners), fillcolor: INK, line: { width: 0 } },
  ];
}

/**
 * A label stands above the last level stretch of its wire, at the beginning of a short one so that it keeps clear of the
 * arrow's head; if no stretch is level, right of an upright one.
 */
function labelOf({ arrow: { label = "" }, corners }: Wire): PlotLabel {
  const stretches = corners.slice(1).map((end, k) => ({ start: corners[k], end }));
  const level = stretches.findLast(({ start, end }) => start.y === end.y);
  const { start, end } = level ?? stretches[0];
  const [text, width] = [withSubscripts(label), widthOf(label)];
  const [x, y] = [(start.x + end.x) / 2, (start.y + end.y) / 2];
  if (!level) return { text, x: x + 6 + width / 2, y };
  const isShort = Math.abs(end.x - start.x) < SHORT_STRETCH;
  const begin = start.x + Math.sign(end.x - start.x) * (width / 2 + 4);
  return { text, x: isShort ? begin : x, y: y - 10 };
}

function describe(boxes: readonly DiagramBox[], arrows: readonly DiagramArrow[]): string {
  const names = boxes.map((box) =>
    spokenName(box) + (box.kind === "memory" ? " (a memory)" : "") +
    (box.outline === undefined ? "" : ` (${box.outline})`)
  );
  const wordsOf = (name: string) => spokenName(boxes.find((box) => box.name === name)!);
  const ways = arrows.map(({ from, to, label, later }) =>
    `${wordsOf(from)} to ${wordsOf(to)}` + (label ? ` (${spoken(label)})` : "") +
    (later ? ", one step later" : "")
  );
  return `A diagram of ${boxes.length} boxes: ${names.join(", ")}. ${arrows.length} arrows: ${
    ways.join("; ")
  }.`;
}

function checkBoxesAndArrows(boxes: readonly DiagramBox[], arrows: readonly DiagramArrow[]): void {
  const names = boxes.map(({ name }) => name);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) {
    throw new TypeError(`Cannot draw the diagram: wanted one box "${twice}", got two`);
  }
  for (const { from, to, lane } of arrows) {
    const missing = [from, to].find((name) => !names.includes(name));
    if (missing !== undefined) {
      const wanted = `one of the boxes ${names.join(", ")}`;
      throw new TypeError(`Cannot draw the diagram: wanted ${wanted}, got "${missing}"`);
    }
    if (from === to && lane === undefined) {
      throw new TypeError(
        `Cannot draw the diagram: wanted a lane for the loop of ${from}, got none`,
      );
    }
  }
}

/** A dotted stretch and its meaning, below the diagram. */
function legend(y: number): { readonly shape: Shape; readonly label: PlotLabel } {
  const text = "arrives one step later", x = WIDTH - textWidth(text, 13) / 2 - 4;
  const [x0, x1] = [x - textWidth(text, 13) / 2 - 44, x - textWidth(text, 13) / 2 - 8];
  const line = { color: INK, width: 1.5, dash: "dot" as const };
  return { shape: { type: "line", x0, x1, y0: y, y1: y, line }, label: { x, y, text } };
}

/**
 * Draws boxes on a grid of columns and rows, and arrows between them.
 *
 * Inputs and outputs have square corners, states round ones; operations are circles, and a memory is a pile of plates.
 * Arrows that arrive one step of time later are dotted. The drawing does not react to the mouse.
 *
 * @example A recurrent network: its hidden layer is fed back to itself.
 * ```ts
 * import { wiringDiagram } from "@/figures/wiring_diagram.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = wiringDiagram({
 *   title: "The hidden layer sees the input, and itself one step ago",
 *   boxes: [
 *     { name: "x_t", at: [0, 1], kind: "input" },
 *     { name: "h_t", at: [1, 1] },
 *     { name: "y_t", at: [2, 1], kind: "output" },
 *   ],
 *   arrows: [
 *     { from: "x_t", to: "h_t", label: "W_x" },
 *     { from: "h_t", to: "h_t", label: "W_h", later: true, lane: 0 },
 *     { from: "h_t", to: "y_t", label: "W_y" },
 *   ],
 * });
 * assertStringIncludes(description, "h_t to h_t (W_h), one step later");
 * ```
 * @param inputs Title, boxes and arrows.
 * @returns A static figure, 620 pixels wide, whose height depends on the rows.
 * @throws {TypeError} If two boxes have one name, an arrow names no box, or a loop has no lane.
 */
export function wiringDiagram(inputs: WiringDiagramInputs): Figure {
  const { title, boxes, arrows, rowHeight = ROW_HEIGHT } = inputs;
  checkBoxesAndArrows(boxes, arrows);
  const columns = 1 + Math.max(...boxes.map(({ at }) => at[0]));
  const rows = 1 + Math.max(...boxes.map(({ at }) => at[1]), ...arrows.map(({ lane = 0 }) => lane));
  const placed = boxes.map((box) => place(box, WIDTH / columns, rowHeight));
  const find = (name: string) => placed.find(({ box }) => box.name === name)!;
  const wires = arrows.map((arrow): Wire => {
    const [from, to] = [find(arrow.from), find(arrow.to)];
    const corners = arrow.lane === undefined
      ? wireBetween(from, to, arrow.course)
      : wireAlongLane(from, to, (arrow.lane + 0.5) * rowHeight);
    return { arrow, corners };
  });
  const key = arrows.some(({ later }) => later) ? legend(rows * rowHeight + 8) : undefined;
  const inner = rows * rowHeight + (key ? 20 : 0);
  const texts = placed.map(({ x, y, text }) => ({ x, y, text: withSubscripts(text) }));
  const figure = addTitleMargin(makeFigure({
    title,
    description: describe(boxes, arrows),
    data: [plotLabels([...texts, ...wires.map(labelOf), ...(key ? [key.label] : [])])],
    layout: {
      height: MARGIN.t + inner + MARGIN.b,
      margin: MARGIN,
      shapes: [...wires.flatMap(drawWire), ...placed.flatMap(drawBox), ...(key ? [key.shape] : [])]
        .map((shape) => ({ ...shape, layer: "below" as const })), // below the texts
      xaxis: { range: [0, WIDTH], visible: false },
      yaxis: { range: [inner, 0], visible: false },
    },
  }));
  return { ...figure, config: { ...figure.config, staticPlot: true } };
}
