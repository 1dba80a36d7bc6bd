/**
 * The live window: the pushes and pops at which a pop has a gradient, and the way of a training through it.
 *
 * @module
 */
import { clearPlace, type Point, pointsAlong } from "./clear_place.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  PALETTE,
} from "./figure.ts";
import { roomForTitle } from "./room_for_title.ts";
import { numeral, rounded } from "./rounding.ts";
import { textWidth } from "./text_width.ts";

/** Controls along a training. */
export interface ControlPath {
  /** What was trained. */
  readonly name: string;
  /** d, one for each point of the path. */
  readonly pushes: readonly number[];
  /** u, as many. */
  readonly pops: readonly number[];
}

/** What the picture shows. */
export interface LiveWindowInputs {
  /** The claim that the picture makes. */
  readonly title: string;
  /** One to three paths. */
  readonly paths: readonly ControlPath[];
}

const STYLES = [
  [PALETTE.vermilion, "solid", "circle"],
  [PALETTE.green, "dash", "square"],
  [PALETTE.purple, "dot", "diamond"],
] as const;

const MARGIN = { l: 64, r: 24, t: 56, b: 100 };
const HEIGHT = 460;
const RANGE: [number, number] = [-0.02, 1.02];
/** From 0 to 1, in pixels. */
const UNIT = {
  x: (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / (RANGE[1] - RANGE[0]),
  y: (HEIGHT - MARGIN.t - MARGIN.b) / (RANGE[1] - RANGE[0]),
};
const SIZE = 13;
/** Between words and the nearest line, and from one line of words to the next, in pixels. */
const [GAP, LINE] = [6, 18];

/** A part of the plane: what it is called, where its name may stand inside it, and what is said of points in it. */
interface Zone {
  readonly name: string;
  readonly places: readonly Point[];
  readonly words: string;
}

const at = (x: number, y: number): Point => ({ x, y });
const [LIVE, ABOVE, BELOW]: readonly Zone[] = [
  {
    name: "live: 2d − 1 < u < d",
    places: [at(0.625, 0.5), at(0.52, 0.36), at(0.43, 0.24), at(0.36, 0.14), at(0.3, 0.06)],
    words: "live",
  },
  {
    name: "only the newest<br>value is left",
    places: [at(0.4, 0.78), at(0.2, 0.6), at(0.62, 0.9), at(0.2, 0.9), at(0.12, 0.4)],
    words: "only the newest value is left",
  },
  {
    name: "the two newest<br>values fill the read",
    places: [at(0.88, 0.34), at(0.86, 0.22), at(0.88, 0.48), at(0.74, 0.1), at(0.9, 0.1)],
    words: "the two newest values fill the read",
  },
];

/** Of two neighbours of the window's edge, the edge belongs to the one that is not live. */
function zoneAt(d: number, u: number): Zone {
  if (u >= d) return ABOVE;
  return u <= 2 * d - 1 ? BELOW : LIVE;
}

function checkPaths(paths: readonly ControlPath[]): void {
  if (paths.length < 1 || paths.length > STYLES.length) {
    throw new RangeError(`Cannot draw the live window: wanted 1 to 3 paths, got ${paths.length}`);
  }
  for (const { name, pushes, pops } of paths) {
    if (pushes.length === 0 || pushes.length !== pops.length) {
      throw new TypeError(
        `Cannot draw the path "${name}": wanted as many pops as pushes and at least 1, ` +
          `got ${pops.length} and ${pushes.length}`,
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
    x: pushes.map((d) => rounded(d)),
    y: pops.map((u) => rounded(u)),
    line: { color, dash, width: 2 },
    // Large where it ends.
    marker: {
      color,
      symbol,
      size: pushes.map((_, k) => k === pushes.length - 1 ? 12 : 4),
      opacity: 1,
    },
  };
}

/** The triangle 2d − 1 < u < d, with what lies around it; each name where it hides nothing. */
function zones(paths: readonly ControlPath[]): Partial<Layout> {
  const points = paths.flatMap(({ pushes, pops }) => pointsAlong(pushes, pops));
  const word = ({ name, places }: Zone) => {
    const lines = name.split("<br>");
    const width = Math.max(...lines.map((line) => textWidth(line, SIZE)));
    const extent = {
      width: (width + 2 * GAP) / UNIT.x,
      height: (LINE * lines.length + 2 * GAP) / UNIT.y,
    };
    return {
      ...clearPlace(places, extent, points),
      text: name,
      showarrow: false,
      font: { size: SIZE },
      bgcolor: "rgba(255, 255, 255, 0.75)", // where there is no clear place
    };
  };
  return {
    shapes: [{
      type: "path",
      path: "M 0 0 L 1 1 L 0.5 0 Z",
      fillcolor: PALETTE.sky,
      opacity: 0.35,
      line: { width: 1, color: PALETTE.blue },
      layer: "below",
    }],
    annotations: [LIVE, ABOVE, BELOW].map(word) as Layout["annotations"],
  };
}

/** Where a path begins and ends, and how much of it is live. */
function pathInWords({ name, pushes, pops }: ControlPath): string {
  const at = (k: number) =>
    `d = ${numeral(pushes[k])}, u = ${numeral(pops[k])} (${zoneAt(pushes[k], pops[k]).words})`;
  const live = pushes.filter((d, k) => zoneAt(d, pops[k]) === LIVE).length;
  return `${name} from ${at(0)} to ${at(pushes.length - 1)}, ` +
    `with ${live} of its ${pushes.length} points in the window`;
}

/**
 * Draws the live window over push d and pop u, and paths through it; each ends at its large mark.
 *
 * With constant controls the stack holds d + n (d − u) after n more steps, and a read takes the topmost
 * unit: d of the newest value, then d − u of each one below it. If u ≥ d, nothing is left below the
 * newest; if u ≤ 2d − 1, the newest two fill the unit, and the second has weight 1 − d, whatever u is.
 *
 * @example A path of two points.
 * ```ts
 * import { liveWindow } from "@/figures/live_window.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = liveWindow({
 *   title: "One step out of the window",
 *   paths: [{ name: "run", pushes: [0.5, 1], pops: [0.3, 0.3] }],
 * });
 * assertEquals(figure.layout.shapes?.length, 1);
 * ```
 * @param inputs Title and paths.
 * @returns The figure.
 * @throws {RangeError} If there is no path, or more than three.
 * @throws {TypeError} If a path is empty, or has not as many pops as pushes.
 */
export function liveWindow(inputs: LiveWindowInputs): Figure {
  const { title, paths } = inputs;
  checkPaths(paths);
  return roomForTitle(makeFigure({
    title,
    description: `The live window 2d − 1 < u < d, and paths: ${paths.map(pathInWords).join("; ")}.`,
    data: paths.map((path, k) => drawPath(path, STYLES[k])),
    xTitle: "push d",
    yTitle: "pop u",
    layout: {
      ...zones(paths),
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
