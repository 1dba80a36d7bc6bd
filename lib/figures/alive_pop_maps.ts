/**
 * Maps, side by side, of where pops are alive in several memories: over all pushes d and pops u of one port.
 *
 * @module
 */
import { checkMatrix, checkNonNegative, type Matrix, type Vector } from "@/math/shapes.ts";
import { roundDecimals } from "@/figures/parts/number_text.ts";
import { wrapText } from "@/figures/parts/text_width.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  PALETTE,
  SEQUENTIAL,
} from "./figure.ts";

/** The map of one memory. */
export interface AlivePopMap {
  /** Its label. */
  readonly name: string;
  /** The share of steps at which the pop is alive, from 0 to 1: a row for each u, a column for each d. */
  readonly shares: Matrix;
  /** Corners (d, u) of the region that is outlined, in order. */
  readonly region: readonly (readonly [d: number, u: number])[];
}

/** The content of the figure. */
export interface AlivePopMapsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The values of d along the x axes, evenly spaced, from 0 to 1. */
  readonly pushes: Vector;
  /** The values of u along the y axes, evenly spaced, from 0 to 1. */
  readonly pops: Vector;
  /** The maps, from left to right. */
  readonly maps: readonly AlivePopMap[];
}

const MARGIN = { l: 56, r: 84, t: 56, b: 56 };
/** Pixels between two maps, which the axis of the right one needs, and above them for their labels. */
const [GAP, LABEL] = [64, 44];
const INNER = FIGURE_WIDTH - MARGIN.l - MARGIN.r;
const FRAME = { dtick: 0.5, showgrid: false, showline: true, mirror: true, linecolor: "#888888" };

/** Whether a point is inside a polygon; which of the edges' points are is left open. */
function isInside([d, u]: readonly [number, number], region: AlivePopMap["region"]): boolean {
  return region.filter(([x0, y0], k) => {
        const [x1, y1] = region[(k + 1) % region.length];
        return (y0 > u) !== (y1 > u) && d < x0 + ((u - y0) * (x1 - x0)) / (y1 - y0);
      }).length % 2 === 1;
}

/** How many cells inside the region, or outside, have a share above 0. */
function countAlive({ shares, region }: AlivePopMap, { pushes, pops }: AlivePopMapsInputs) {
  const cells = shares.flatMap((row, i) =>
    row.map((share, j) => ({ share, inside: isInside([pushes[j], pops[i]], region) }))
  );
  return [true, false].map((wanted) => {
    const those = cells.filter(({ inside }) => inside === wanted);
    return `${those.filter(({ share }) => share > 0).length} of the ${those.length} cells`;
  });
}

function describe(inputs: AlivePopMapsInputs): string {
  const parts = inputs.maps.map((map) => {
    const [inside, outside] = countAlive(map, inputs);
    const corners = map.region.map(([d, u]) => `(${d}, ${u})`).join(", ");
    return `${
      map.name.replace(/<[^>]*>/g, "")
    }: alive at some step in ${inside} inside the outline ` +
      `with the corners ${corners}, and in ${outside} outside it`;
  });
  return `${inputs.maps.length} maps over pushes d and pops u, both from 0 to 1. ${
    parts.join("; ")
  }.`;
}

function checkInputs({ pushes, pops, maps }: AlivePopMapsInputs): void {
  const action = "draw where pops are alive";
  if (maps.length < 1 || maps.length > 3) {
    throw new RangeError(`Cannot ${action}: wanted 1 to 3 maps, got ${maps.length}`);
  }
  for (const [name, values] of [["pushes", pushes], ["pops", pops]] as const) {
    checkNonNegative(action, name, values);
    if (values.length < 2) {
      throw new TypeError(`Cannot ${action}: wanted at least 2 ${name}, got ${values.length}`);
    }
  }
  for (const { name, shares, region } of maps) {
    checkMatrix(action, `shares of "${name}"`, shares, pops.length, pushes.length);
    const wrong = shares.flat().find((share) => share < 0 || share > 1);
    if (wrong !== undefined) {
      throw new RangeError(`Cannot ${action}: wanted shares from 0 to 1, got ${wrong}`);
    }
    if (region.length < 3) {
      throw new TypeError(
        `Cannot ${action}: wanted at least 3 corners of the region of "${name}", got ${region.length}`,
      );
    }
  }
}

const axis = (letter: "x" | "y", k: number) => k === 0 ? letter : `${letter}${k + 1}`;

function traces({ shares, region }: AlivePopMap, { pushes, pops }: AlivePopMapsInputs, k: number) {
  const axes = { xaxis: axis("x", k), yaxis: axis("y", k) };
  const corners = [...region, region[0]];
  return [
    {
      type: "heatmap",
      x: [...pushes],
      y: [...pops],
      z: shares.map((row) => row.map((share) => roundDecimals(share, 3))),
      coloraxis: "coloraxis",
      hovertemplate: "d %{x}, u %{y}: alive at %{z} of the steps<extra></extra>",
      ...axes,
    },
    {
      type: "scatter",
      mode: "lines",
      x: corners.map(([d]) => d),
      y: corners.map(([, u]) => u),
      line: { color: PALETTE.vermilion, width: 2.5, dash: "dash" },
      hoverinfo: "skip",
      showlegend: false,
      ...axes,
    },
  ] as Data[];
}

/** From 0 to 1, or as far as the cells around the first and the last value reach. */
function rangeOf(values: Vector): [number, number] {
  const half = (values[1] - values[0]) / 2, last = values[values.length - 1];
  return [Math.min(0, roundDecimals(values[0] - half)), Math.max(1, roundDecimals(last + half))];
}

function layoutOf({ maps, pushes, pops }: AlivePopMapsInputs): Partial<Layout> {
  const side = (INNER - 2 * GAP) / 3, inner = LABEL + side, layout: Record<string, unknown> = {};
  const annotations = maps.map(({ name }, k) => {
    const from = k * (side + GAP);
    layout[axis("x", k).replace("x", "xaxis")] = {
      ...FRAME,
      range: rangeOf(pushes),
      domain: [from / INNER, (from + side) / INNER],
      anchor: axis("y", k),
      title: { text: "push <i>d</i>" },
    };
    layout[axis("y", k).replace("y", "yaxis")] = {
      ...FRAME,
      range: rangeOf(pops),
      domain: [0, side / inner],
      anchor: axis("x", k),
      title: { text: "pop <i>u</i>" },
    };
    return {
      text: wrapText(name, side + GAP - 8, 13),
      ...{ xref: "paper", x: from / INNER, xanchor: "left", align: "left" },
      ...{ yref: "paper", y: side / inner, yanchor: "bottom", showarrow: false, yshift: 4 },
    };
  });
  return {
    ...layout,
    height: MARGIN.t + inner + MARGIN.b,
    margin: MARGIN,
    annotations: annotations as Layout["annotations"],
    coloraxis: {
      cmin: 0,
      cmax: 1,
      colorscale: SEQUENTIAL,
      colorbar: {
        title: { text: "share of steps<br>with a live pop", side: "right" },
        x: 1.02,
        y: 0,
        yanchor: "bottom",
        len: roundDecimals(side / inner),
        thickness: 14,
        outlinewidth: 1,
        outlinecolor: "#888888",
      },
    },
  };
}

/**
 * Draws, for up to three memories, the share of steps at which a pop is alive over all pushes d and pops u, and outlines a
 * region in each map.
 *
 * @example One of the four cells is inside the region, and its pops are alive at every step.
 * ```ts
 * import { alivePopMaps } from "@/figures/alive_pop_maps.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = alivePopMaps({
 *   title: "A stack's pop is alive in a triangle",
 *   pushes: [0.25, 0.75],
 *   pops: [0.5, 1],
 *   maps: [{ name: "stack", shares: [[0, 1], [0, 0]], region: [[0, 0], [1, 0], [1, 1]] }],
 * });
 * assertStringIncludes(description, "stack: alive at some step in 1 of the 1 cells inside");
 * ```
 * @param inputs Title, the grid of pushes and pops, and the maps.
 * @returns A figure, 620 pixels wide, with one square map for each memory.
 * @throws {TypeError} If there are fewer than two pushes or pops, shares do not fit them, or a region has no three corners.
 * @throws {RangeError} If there are not 1 to 3 maps, a push or pop is negative, or a share is not from 0 to 1.
 */
export function alivePopMaps(inputs: AlivePopMapsInputs): Figure {
  checkInputs(inputs);
  return addTitleMargin(makeFigure({
    title: inputs.title,
    description: describe(inputs),
    data: inputs.maps.flatMap((map, k) => traces(map, inputs, k)),
    layout: layoutOf(inputs),
  }));
}
