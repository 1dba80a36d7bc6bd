/**
 * The trainable region of the pop, 2d − 1 < u < d, in which it has a gradient, and the paths of training runs through it.
 *
 * @module
 */
import { chooseLabelPosition, type Point, samplePath } from "@/figures/parts/plot_labels.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  PALETTE,
} from "./figure.ts";
import { clipPath, clipPolygon } from "@/figures/parts/clipping.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { textWidth } from "@/figures/parts/text_width.ts";

/** The controls during a training run. */
export interface ControlPath {
  /** Name of what was trained. */
  readonly name: string;
  /** d at each point of the path. */
  readonly pushes: readonly number[];
  /** u at each point of the path. */
  readonly pops: readonly number[];
}

/** A rectangle of pushes and pops. */
export interface ControlArea {
  readonly push: readonly [from: number, to: number];
  readonly pop: readonly [from: number, to: number];
}

/** The content of the figure. */
export interface TrainableRegionInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** One to three paths. */
  readonly paths: readonly ControlPath[];
  /** A part that is drawn once more, enlarged, in an upper corner; for paths that are short. */
  readonly enlarged?: ControlArea;
}

const STYLES = [
  [PALETTE.vermilion, "solid", "circle"],
  [PALETTE.green, "dash", "square"],
  [PALETTE.purple, "dot", "diamond"],
] as const;

const MARGIN = { l: 64, r: 24, t: 56, b: 100 };
const HEIGHT = 460;
const RANGE: [number, number] = [-0.02, 1.02];
/** Distance from 0 to 1 on each axis, in pixels. */
const UNIT = {
  x: (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / (RANGE[1] - RANGE[0]),
  y: (HEIGHT - MARGIN.t - MARGIN.b) / (RANGE[1] - RANGE[0]),
};
const SIZE = 13;
/** Between a label and the nearest path, and from one line of a label to the next, in pixels. */
const [GAP, LINE] = [6, 18];

/** A region of the plane: its label, the possible positions of the label, and the description of points in it. */
interface Zone {
  readonly name: string;
  readonly positions: readonly Point[];
  readonly words: string;
}

const at = (x: number, y: number): Point => ({ x, y });
const [TRAINABLE, ABOVE, BELOW]: readonly Zone[] = [
  {
    name: "trainable:<br>2d − 1 < u < d",
    positions: [at(0.625, 0.5), at(0.52, 0.36), at(0.43, 0.24), at(0.36, 0.14), at(0.3, 0.06)],
    words: "trainable",
  },
  {
    name: "only the newest<br>value is left",
    positions: [at(0.4, 0.78), at(0.2, 0.6), at(0.62, 0.9), at(0.2, 0.9), at(0.12, 0.4)],
    words: "only the newest value is left",
  },
  {
    name: "the two newest<br>values fill the read",
    positions: [at(0.88, 0.34), at(0.86, 0.22), at(0.88, 0.44), at(0.74, 0.1), at(0.88, 0.1)],
    words: "the two newest values fill the read",
  },
];

/** The edges of the trainable region belong to its neighbours. */
function zoneAt(d: number, u: number): Zone {
  if (u >= d) return ABOVE;
  return u <= 2 * d - 1 ? BELOW : TRAINABLE;
}

function checkPaths(paths: readonly ControlPath[]): void {
  if (paths.length < 1 || paths.length > STYLES.length) {
    throw new RangeError(
      `Cannot draw the trainable region: wanted 1 to 3 paths, got ${paths.length}`,
    );
  }
  for (const { name, pushes, pops } of paths) {
    if (pushes.length === 0 || pushes.length !== pops.length) {
      throw new TypeError(
        `Cannot draw the path "${name}": wanted as many pops as pushes and at least 1, ` +
          `got ${pops.length} and ${pushes.length}`,
      );
    }
    const wrong = [...pushes, ...pops].find((control) => !(control >= 0 && control <= 1));
    if (wrong !== undefined) {
      throw new RangeError(
        `Cannot draw the path "${name}": wanted pushes and pops from 0 to 1, got ${wrong}`,
      );
    }
  }
}

function drawPath({ name, pushes, pops }: ControlPath, style: typeof STYLES[number]): Data {
  const [color, dash, symbol] = style;
  return {
    type: "scatter",
    mode: "lines+markers",
    name,
    x: pushes.map((d) => roundDecimals(d)),
    y: pops.map((u) => roundDecimals(u)),
    line: { color, dash, width: 2 },
    // The last marker is large.
    marker: {
      color,
      symbol,
      size: pushes.map((_, k) => k === pushes.length - 1 ? 12 : 4),
      opacity: 1,
    },
  };
}

const TRIANGLE = [at(0, 0), at(1, 1), at(0.5, 0)];

/** A part of the trainable region as a shape. */
function regionShape(corners: readonly Point[]) {
  const [first, ...others] = corners.map(({ x, y }) => `${roundDecimals(x)} ${roundDecimals(y)}`);
  return {
    type: "path" as const,
    path: `M ${first} ${others.map((corner) => `L ${corner} `).join("")}Z`,
    fillcolor: PALETTE.sky,
    opacity: 0.35,
    line: { width: 1, color: PALETTE.blue },
    layer: "below" as const,
  };
}

/** Places, in the upper corners or beside one, in which an enlarged part may be drawn. */
const CORNERS: readonly ControlArea[] = [
  { push: [0.1, 0.48], pop: [0.6, 1] },
  { push: [0.6, 0.98], pop: [0.6, 1] },
  // Smaller, beside a path that ends in the left corner.
  { push: [0.27, 0.57], pop: [0.68, 1] },
];

const boundsOf = ({ push, pop }: ControlArea) => ({ x: push, y: pop });
const isIn = ({ push, pop }: ControlArea) => ({ x, y }: Point) =>
  x >= push[0] && x <= push[1] && y >= pop[0] && y <= pop[1];

/** The corner with the fewest points of the paths, and among those with as few, with the least of the triangle. */
function emptiestCorner(points: readonly Point[]): ControlArea {
  const hidden = CORNERS.map(withNumbers).map((area) => {
    const region = pointsIn(area).filter(({ x, y }) => zoneAt(x, y) === TRAINABLE);
    return points.filter(isIn(area)).length + region.length / 1000;
  });
  return CORNERS[hidden.indexOf(Math.min(...hidden))];
}

/** Points all over an area, so that labels keep off it. */
function pointsIn({ push, pop }: ControlArea): Point[] {
  const steps = Array.from({ length: 21 }, (_, k) => k / 20);
  const between = ([from, to]: readonly [number, number], share: number) =>
    from + share * (to - from);
  return steps.flatMap((a) => steps.map((b) => at(between(push, a), between(pop, b))));
}

/** Space for the numbers at the axes of an enlarged part, left of it and below. */
const NUMBERS = 0.08;

const withNumbers = ({ push: [left, right], pop: [bottom, top] }: ControlArea): ControlArea => ({
  push: [left - NUMBERS, right],
  pop: [bottom - NUMBERS, top],
});

/** The axes, frame and triangle of a part that is drawn enlarged in a corner. */
function enlargement(part: ControlArea, corner: ControlArea) {
  const share = (value: number) => (value - RANGE[0]) / (RANGE[1] - RANGE[0]);
  const axis = (range: ControlArea["push"], [from, to]: ControlArea["push"]) => ({
    range: [...range] as [number, number],
    domain: [share(from), share(to)] as [number, number],
    ...{ showline: true, mirror: true as const, linecolor: "#888888", nticks: 4 },
    tickfont: { size: 11 },
  });
  const frame = {
    type: "rect" as const,
    ...{ x0: part.push[0], x1: part.push[1], y0: part.pop[0], y1: part.pop[1] },
    line: { width: 1, color: "#888888" },
  };
  const region = clipPolygon(TRIANGLE, boundsOf(part));
  const shape = { ...regionShape(region), xref: "x2" as const, yref: "y2" as const };
  return {
    shapes: region.length > 0 ? [frame, shape] : [frame],
    xaxis2: { ...axis(part.push, corner.push), anchor: "y2" as const },
    yaxis2: { ...axis(part.pop, corner.pop), anchor: "x2" as const },
  };
}

/** A path once more, as far as it is inside a part. */
function drawPart({ pushes, pops }: ControlPath, whole: Data, part: ControlArea): Data {
  const pieces = clipPath(pushes.map((d, k) => at(d, pops[k])), boundsOf(part));
  const points = pieces.flatMap((piece, k) => k === 0 ? piece : [undefined, ...piece]);
  const size = points.map((point) =>
    point?.index === undefined ? 0 : point.index === pushes.length - 1 ? 12 : 4
  );
  return {
    ...whole,
    x: points.map((point) => point ? roundDecimals(point.x) : null),
    y: points.map((point) => point ? roundDecimals(point.y) : null),
    marker: { ...(whole as { marker: object }).marker, size },
    ...{ xaxis: "x2", yaxis: "y2", showlegend: false },
  } as Data;
}

/** The triangle 2d − 1 < u < d and the labels of all zones, each at a position where it hides no path. */
function zones(paths: readonly ControlPath[], part?: ControlArea): Partial<Layout> {
  const onPaths = paths.flatMap(({ pushes, pops }) => samplePath(pushes, pops));
  const corner = part && emptiestCorner(onPaths);
  const points = corner ? [...onPaths, ...pointsIn(withNumbers(corner))] : onPaths;
  const { shapes, ...axes } = part && corner ? enlargement(part, corner) : { shapes: [] };
  const label = ({ name, positions }: Zone) => {
    const lines = name.split("<br>");
    const width = Math.max(...lines.map((line) => textWidth(line, SIZE)));
    const extent = {
      width: (width + 2 * GAP) / UNIT.x,
      height: (LINE * lines.length + 2 * GAP) / UNIT.y,
    };
    return {
      ...chooseLabelPosition(positions, extent, points),
      text: name,
      showarrow: false,
      font: { size: SIZE },
      bgcolor: "rgba(255, 255, 255, 0.75)", // for when every position hides a path
    };
  };
  return {
    ...axes,
    shapes: [regionShape(TRIANGLE), ...shapes],
    annotations: [TRAINABLE, ABOVE, BELOW].map(label) as Layout["annotations"],
  };
}

/** Start and end of a path, and how much of it is trainable. */
function pathInWords({ name, pushes, pops }: ControlPath): string {
  const at = (k: number) =>
    `d = ${formatNumber(pushes[k])}, u = ${formatNumber(pops[k])} (${
      zoneAt(pushes[k], pops[k]).words
    })`;
  const trainable = pushes.filter((d, k) => zoneAt(d, pops[k]) === TRAINABLE).length;
  return `${name} from ${at(0)} to ${at(pushes.length - 1)}, ` +
    `with ${trainable} of its ${pushes.length} points in the region`;
}

/**
 * Draws the trainable region 2d − 1 < u < d of the pop over push d and pop u, and paths through it; a path ends at its
 * large marker.
 *
 * With constant controls the stack holds d + n (d − u) after n more steps, and a read takes the topmost unit: d of the
 * newest value, then d − u of each one below it. If u ≥ d, nothing is left below the newest value; if u ≤ 2d − 1, the
 * newest two fill the unit, and the second has weight 1 − d, whatever u is. In both cases the read does not depend on u,
 * and the gradient of the pop is zero.
 *
 * A part of the plane may be drawn once more, enlarged, in or near an upper corner, where it hides the fewest points.
 *
 * @example A path of two points.
 * ```ts
 * import { trainableRegion } from "@/figures/trainable_region.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = trainableRegion({
 *   title: "One step out of the region",
 *   paths: [{ name: "run", pushes: [0.5, 1], pops: [0.3, 0.3] }],
 * });
 * assertEquals(figure.layout.shapes?.length, 1);
 * ```
 * @param inputs Title, paths, and the part to enlarge.
 * @returns The figure.
 * @throws {RangeError} If there is no path, or more than three, or a push or pop is not from 0 to 1.
 * @throws {TypeError} If a path is empty, or its numbers of pops and pushes differ.
 */
export function trainableRegion(inputs: TrainableRegionInputs): Figure {
  const { title, paths, enlarged } = inputs;
  checkPaths(paths);
  const drawn = paths.map((path, k) => drawPath(path, STYLES[k]));
  return addTitleMargin(makeFigure({
    title,
    description: `The trainable region 2d − 1 < u < d of the pop, and paths: ${
      paths.map(pathInWords).join("; ")
    }.`,
    data: enlarged
      ? [...drawn, ...paths.map((_, k) => drawPart(paths[k], drawn[k], enlarged))]
      : drawn,
    xTitle: "push d",
    yTitle: "pop u",
    layout: {
      ...zones(paths, enlarged),
      height: HEIGHT,
      margin: MARGIN,
      showlegend: true,
      legend: {
        orientation: "h",
        y: -0.2,
        title: { text: "to the large mark:", side: "left", font: { size: SIZE } },
      } as Layout["legend"],
      xaxis: { range: RANGE },
      yaxis: { range: RANGE },
    },
  }));
}
