/**
 * The live window: the pushes and pops at which a pop has a gradient, and the way of a training through it.
 *
 * @module
 */
import { type Data, type Figure, type Layout, makeFigure, PALETTE } from "./figure.ts";
import { numeral, rounded } from "./rounding.ts";

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
    marker: { color, symbol, size: pushes.map((_, k) => k === pushes.length - 1 ? 12 : 4) },
  };
}

/** The triangle 2d − 1 < u < d, with what lies around it. */
function zones(): Partial<Layout> {
  const word = (text: string, x: number, y: number) => ({
    ...{ text, x, y, showarrow: false },
    bgcolor: "rgba(255, 255, 255, 0.75)", // a path may run below
  });
  return {
    shapes: [{
      type: "path",
      path: "M 0 0 L 1 1 L 0.5 0 Z",
      fillcolor: PALETTE.sky,
      opacity: 0.35,
      line: { width: 1, color: PALETTE.blue },
      layer: "below",
    }],
    annotations: [
      word("live: 2d − 1 < u < d", 0.65, 0.5),
      word("only the newest value is left", 0.47, 0.78),
      word("the two newest values fill the read", 0.82, 0.32),
    ] as Layout["annotations"],
  };
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
  const ends = paths.map(({ name, pushes, pops }) => {
    const at = (k: number) => `d = ${numeral(pushes[k])}, u = ${numeral(pops[k])}`;
    return `${name} from ${at(0)} to ${at(pushes.length - 1)}`;
  });
  return makeFigure({
    title,
    description: `The live window 2d − 1 < u < d, and paths: ${ends.join("; ")}.`,
    data: paths.map((path, k) => drawPath(path, STYLES[k])),
    xTitle: "push d",
    yTitle: "pop u",
    layout: {
      ...zones(),
      height: 460,
      showlegend: true,
      legend: { orientation: "h", y: -0.2 },
      xaxis: { range: [-0.02, 1.02] },
      yaxis: { range: [-0.02, 1.02] },
    },
  });
}
