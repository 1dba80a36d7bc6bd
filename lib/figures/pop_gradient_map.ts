/**
 * A map of the gradient with respect to the pop, over all pushes d and pops u, with the trainable region outlined.
 *
 * @module
 */
import {
  checkMatrix,
  checkNonNegative,
  checkVector,
  type Matrix,
  type Vector,
} from "@/math/shapes.ts";
import { INK } from "@/figures/parts/colours.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  PALETTE,
  SEQUENTIAL,
} from "./figure.ts";
import { formatNumber, roundDecimals, roundSignificant } from "@/figures/parts/number_text.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";

/** The pushes and pops during a training run. */
export interface TrainingPath {
  /** d at each point. */
  readonly pushes: Vector;
  /** u at each point. */
  readonly pops: Vector;
}

/** The content of the map. */
export interface PopGradientMapInputs {
  /** The claim that the map makes. */
  readonly title: string;
  /** The values of d along the x axis, ascending, from 0 to 1. */
  readonly pushes: Vector;
  /** The values of u along the y axis, ascending, from 0 to 1. */
  readonly pops: Vector;
  /** The size of the pop's gradient: a row for each u, a column for each d. */
  readonly gradients: Matrix;
  /** Name of the colour scale; "size of the pop's gradient" if left out. */
  readonly measure?: string;
  /** The end of the colour scale, at least the largest gradient, which it is if left out. */
  readonly most?: number;
  /** A path through the map, drawn with its start and its end. */
  readonly path?: TrainingPath;
}

type Side = "above" | "inside" | "below";

/** On which side of the trainable region the controls are; its edges are outside, and 2d − 1 has rounding errors. */
function sideOf(d: number, u: number): Side {
  if (u >= d) return "above";
  return u <= 2 * d - 1 + 1e-9 ? "below" : "inside";
}

const MEASURE = "size of the pop's gradient";
const MARGIN = { l: 64, r: 24, t: 56, b: 56 };
/** Width and height of the map, in pixels. */
const SIDE = 460;
/** How far right of a cell's middle its number stands, off an edge through the middle, in pixels. */
const OFF_EDGE = 12;
/** Narrowest cell that has a number on it, in pixels. */
const NARROWEST = 34;
const FRAME = {
  dtick: 0.2,
  showgrid: false,
  showline: true,
  mirror: true,
  linecolor: "#888888",
};
const WIDTH = FIGURE_WIDTH - MARGIN.l - MARGIN.r;

/** From 0 to 1, or as far as the cells around the first and the last value reach. */
function rangeOf(values: Vector): [number, number] {
  const last = values.length - 1;
  const low = roundDecimals((3 * values[0] - values[1]) / 2);
  const high = roundDecimals((3 * values[last] - values[last - 1]) / 2);
  return [Math.min(0, low), Math.max(1, high)];
}

/** The end of the colour scale. */
const mostOf = ({ most, gradients }: PopGradientMapInputs) =>
  most ?? (Math.max(...gradients.flat()) || 1);

function heat(inputs: PopGradientMapInputs): Data {
  return {
    type: "heatmap",
    x: [...inputs.pushes],
    y: [...inputs.pops],
    z: inputs.gradients.map((row) => row.map((gradient) => roundSignificant(gradient))),
    zmin: 0,
    zmax: mostOf(inputs),
    colorscale: SEQUENTIAL,
    hovertemplate: "d %{x}, u %{y}: %{z}<extra></extra>",
    colorbar: {
      title: { text: inputs.measure ?? MEASURE, side: "right" },
      x: roundDecimals(SIDE / WIDTH + 0.02),
      thickness: 14,
      outlinewidth: 1,
      outlinecolor: "#888888",
    },
  };
}

/** The triangle between u = 2d − 1, u = d and u = 0. */
function regionOutline(): Data {
  return {
    type: "scatter",
    mode: "lines",
    name: "trainable region",
    x: [0, 0.5, 1, 0],
    y: [0, 0, 1, 0],
    line: { color: PALETTE.vermilion, width: 2.5, dash: "dash" },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** The path, with a white edge that keeps it visible on dark cells. */
function pathTraces({ pushes, pops }: TrainingPath): Data[] {
  const last = pushes.length - 1;
  const line = { type: "scatter", mode: "lines" } as const;
  const rest = { hoverinfo: "skip", showlegend: false } as const;
  const at = { x: [...pushes], y: [...pops] };
  return [
    { ...line, ...at, ...rest, name: "path, edge", line: { color: "#ffffff", width: 5 } },
    { ...line, ...at, ...rest, name: "path", line: { color: "#000000", width: 2 } },
    {
      type: "scatter",
      mode: "markers",
      name: "start and end",
      x: [pushes[0], pushes[last]],
      y: [pops[0], pops[last]],
      marker: {
        symbol: ["circle", "square"],
        size: 12,
        color: ["#ffffff", "#000000"],
        line: { color: ["#000000", "#ffffff"], width: 2 },
      },
      hovertemplate: "d %{x}, u %{y}<extra></extra>",
      showlegend: false,
      cliponaxis: false,
    },
  ];
}

/** Numbers on the cells, white on dark cells; none if the cells are narrow. */
function numbers(inputs: PopGradientMapInputs): Data[] {
  const { pushes, pops, gradients } = inputs, [left, right] = rangeOf(pushes);
  if (SIDE / Math.max(pushes.length, pops.length) < NARROWEST) return [];
  const most = mostOf(inputs);
  const marks = gradients.flatMap((row, i) =>
    row.map((gradient, j): PlotLabel => ({
      x: pushes[j] + OFF_EDGE * (right - left) / SIDE,
      y: pops[i],
      text: formatNumber(gradient),
      colour: gradient / most > 0.6 ? "#ffffff" : INK,
    }))
  );
  return [plotLabels(marks, { size: 12 })];
}

/** Labels of the region's edges, and of both ends of the path. */
function labels({ path }: PopGradientMapInputs): Layout["annotations"] {
  const label = { showarrow: false, bgcolor: "rgba(255,255,255,0.85)", borderpad: 2 } as const;
  const last = path ? path.pushes.length - 1 : 0;
  // An end is labelled on the side opposite to the path.
  const middle = path?.pops[Math.floor(last / 2)] ?? 0;
  const end = (text: string, k: number) => {
    const [x, y] = [path!.pushes[k], path!.pops[k]];
    const isAbove = y < 0.06 || (y < 0.94 && y > middle);
    return { ...label, text, x, y, yshift: isAbove ? 20 : -20 };
  };
  return [
    { ...label, text: "<i>u</i> = <i>d</i>", x: 0.3, y: 0.3, yshift: 22, xshift: -22 },
    { ...label, text: "<i>u</i> = 2<i>d</i> − 1", x: 0.5, y: 0, xshift: 44, yshift: 11 },
    ...(path ? [end("start", 0), end("end", last)] : []),
  ];
}

function checkInputs({ pushes, pops, gradients, most, path }: PopGradientMapInputs): void {
  const action = "draw the pop's gradient";
  for (const [name, values] of [["pushes", pushes], ["pops", pops]] as const) {
    checkNonNegative(action, name, values);
    if (values.length < 2) {
      throw new TypeError(`Cannot ${action}: wanted at least 2 ${name}, got ${values.length}`);
    }
  }
  checkMatrix(action, "gradients", gradients, pops.length, pushes.length);
  const greatest = Math.max(...gradients.flat());
  if (most !== undefined && !(most > 0 && most >= greatest && most < Infinity)) {
    const wanted = `most above 0 and at least ${greatest}, the largest gradient`;
    throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${most}`);
  }
  if (path) {
    checkVector(action, "pops on the path", path.pops, path.pushes.length);
    if (path.pops.length === 0) {
      throw new TypeError(`Cannot ${action}: wanted at least 1 point on the path, got 0`);
    }
    const wrong = [...path.pushes, ...path.pops].find((control) => !(control >= 0 && control <= 1));
    if (wrong !== undefined) {
      const wanted = "a path with pushes and pops from 0 to 1";
      throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${wrong}`);
    }
  }
}

/** Share of the cells inside the region, or on one side of it, that are not zero. */
function shareNotZero({ pushes, pops, gradients }: PopGradientMapInputs, wanted: Side): string {
  const cells = gradients.flatMap((row, i) =>
    row.filter((_, j) => sideOf(pushes[j], pops[i]) === wanted)
  );
  const some = cells.filter((gradient) => gradient !== 0).length;
  return `${Math.round((100 * some) / (cells.length || 1))} %`;
}

function describe(inputs: PopGradientMapInputs): string {
  const { gradients, measure, path } = inputs;
  const most = roundSignificant(Math.max(...gradients.flat()), 2);
  const at = (k: number) =>
    `push ${formatNumber(path!.pushes[k])}, pop ${formatNumber(path!.pops[k])}`;
  return `Map over pushes d and pops u, both from 0 to 1: ${
    measure ?? MEASURE
  }, at most ${most}. ` +
    `It is not zero on ${shareNotZero(inputs, "inside")} of the trainable region 2d − 1 < u < d, ` +
    `which is outlined, on ${shareNotZero(inputs, "above")} of the cells above it (u ≥ d) and on ` +
    `${shareNotZero(inputs, "below")} of the cells below it (u ≤ 2d − 1).` +
    (path ? ` A path leads from ${at(0)} to ${at(path.pushes.length - 1)}.` : "");
}

/**
 * Draws the size of the pop's gradient over all pushes d and pops u, and outlines the trainable region
 * 2d − 1 < u < d: if the same controls are used at every step, the read depends on the pop only there.
 *
 * @example One of four cells lies in the region, and its gradient is not zero.
 * ```ts
 * import { popGradientMap } from "@/figures/pop_gradient_map.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = popGradientMap({
 *   title: "Pops are learned inside the region only",
 *   pushes: [0.25, 0.5],
 *   pops: [0.25, 0.75],
 *   gradients: [[0, 0.5], [0, 0]],
 * });
 * assertStringIncludes(description, "not zero on 100 % of the trainable region");
 * ```
 * @param inputs Title, the grid of pushes and pops, the gradients, the end of their scale, and a path.
 * @returns A figure with a square map.
 * @throws {TypeError} If there are fewer than two pushes or pops, or the gradients do not fit them.
 * @throws {RangeError} If a number is NaN or infinite, a push or pop negative, or one of the path above 1, or if `most` is
 *   smaller than a gradient.
 */
export function popGradientMap(inputs: PopGradientMapInputs): Figure {
  checkInputs(inputs);
  const { title, path } = inputs;
  return addTitleMargin(makeFigure({
    title,
    description: describe(inputs),
    data: [heat(inputs), regionOutline(), ...numbers(inputs), ...(path ? pathTraces(path) : [])],
    xTitle: "push <i>d</i>",
    yTitle: "pop <i>u</i>",
    layout: {
      height: MARGIN.t + SIDE + MARGIN.b,
      margin: MARGIN,
      xaxis: { range: rangeOf(inputs.pushes), ...FRAME, domain: [0, SIDE / WIDTH] },
      yaxis: { range: rangeOf(inputs.pops), ...FRAME },
      annotations: labels(inputs),
    },
  }));
}
