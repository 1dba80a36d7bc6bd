/**
 * Where a network looks in a grid, step by step: a panel for each step, a square for each cell, darker for a larger share of
 * attention.
 *
 * Source: Xu et al. 2015, "Show, Attend and Tell", figure 2, over photographs.
 *
 * @module
 */
import { INK } from "@/figures/parts/colours.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { range } from "@/math/lists.ts";
import type { PlacedShape, ShapeColour, ShapeKind } from "@/tasks/drawn_shapes.ts";
import {
  type Data,
  type Figure,
  FIGURE_WIDTH,
  type Layout,
  makeFigure,
  PALETTE,
} from "./figure.ts";

/** A step. */
export interface LookPanel {
  /** What the step writes. */
  readonly word: string;
  /** The share of each cell, by rows. */
  readonly weights: ArrayLike<number>;
  /** The cell that the word is about, which is framed; left out, none. */
  readonly place?: number;
}

/** The content of the figure. */
export interface LookPanelsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** Cells in a row, and in a column. */
  readonly side: number;
  /** What is in the cells; drawn in every panel. */
  readonly shapes: readonly PlacedShape[];
  /** The steps, in order. */
  readonly panels: readonly LookPanel[];
}

/** Panels in a line of the figure. */
const ACROSS = 6;
const MARGIN = { l: 12, r: 84, t: 56, b: 12 };
/** Height of the words above a line of panels, in cells: a row of the map that holds no cell. */
const WORDS = 1;
const GREYS: [number, string][] = [[0, "#FFFFFF"], [1, "#6E6E6E"]];

const SYMBOLS = {
  circle: "circle",
  square: "square",
  triangle: "triangle-up",
} as const satisfies Readonly<Record<ShapeKind, string>>;

const COLOURS: Readonly<Record<ShapeColour, string>> = {
  red: PALETTE.vermilion,
  green: PALETTE.green,
  blue: PALETTE.blue,
};

/** Where the cells of a panel are; lines of panels are counted from the top, rows of the map from the bottom. */
function placing({ side, panels }: LookPanelsInputs) {
  const lines = Math.ceil(panels.length / ACROSS), height = lines * (side + WORDS);
  const columns = Math.min(ACROSS, panels.length) * (side + 1) - 1;
  const at = (panel: number, place: number) => ({
    x: (panel % ACROSS) * (side + 1) + place % side,
    y: height - 1 - WORDS - Math.floor(panel / ACROSS) * (side + WORDS) - Math.floor(place / side),
  });
  return { columns, height, at };
}

function cells(inputs: LookPanelsInputs): Data {
  const { columns, height, at } = placing(inputs);
  const z = range(height).map(() => new Array<number | null>(columns).fill(null));
  inputs.panels.forEach(({ weights }, panel) => {
    Array.from(weights).forEach((weight, place) => {
      const { x, y } = at(panel, place);
      z[y][x] = roundDecimals(weight, 3);
    });
  });
  return {
    type: "heatmap",
    x: range(columns),
    y: range(height),
    z: z as number[][],
    zmin: 0,
    zmax: 1,
    colorscale: GREYS,
    colorbar: { title: { text: "share of attention", side: "right" }, thickness: 14 },
    hovertemplate: "%{z}<extra></extra>",
  };
}

function marks(inputs: LookPanelsInputs): Data {
  const { at } = placing(inputs), { panels, shapes } = inputs;
  const all = panels.flatMap((_, panel) =>
    shapes.map((shape) => ({ shape, ...at(panel, shape.place) }))
  );
  return {
    type: "scatter",
    mode: "text+markers",
    x: all.map(({ x }) => x),
    y: all.map(({ y }) => y),
    text: all.map(({ shape }) => shape.colour[0]),
    textfont: { size: 10, color: "#FFFFFF" },
    marker: {
      symbol: all.map(({ shape }) => SYMBOLS[shape.kind]),
      color: all.map(({ shape }) => COLOURS[shape.colour]),
      size: 17,
      line: { color: "#FFFFFF", width: 1 },
    },
    hovertext: all.map(({ shape }) => `${shape.colour} ${shape.kind}`),
    hoverinfo: "text",
    showlegend: false,
  };
}

function words(inputs: LookPanelsInputs): Data {
  const { at } = placing(inputs), { panels, side } = inputs;
  const tops = panels.map((_, panel) => at(panel, Math.floor(side / 2)));
  return {
    type: "scatter",
    mode: "text",
    x: tops.map(({ x }) => x),
    y: tops.map(({ y }) => y + 0.8),
    text: panels.map(({ word }) => word),
    textfont: { size: 13, color: INK },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** An outline around each panel, and a thick one around the cell that its word is about. */
function frames(inputs: LookPanelsInputs): Layout["shapes"] {
  const { at } = placing(inputs), { side } = inputs;
  return inputs.panels.flatMap(({ place }, panel) => {
    const [first, last] = [at(panel, 0), at(panel, side * side - 1)];
    const frame = (from: typeof first, to: typeof first, color: string, width: number) => ({
      type: "rect" as const,
      x0: from.x - 0.5,
      x1: to.x + 0.5,
      y0: to.y - 0.5,
      y1: from.y + 0.5,
      line: { color, width },
    });
    const whole = frame(first, last, "#999999", 1);
    if (place === undefined) return [whole];
    return [whole, frame(at(panel, place), at(panel, place), INK, 2)];
  });
}

/** The word of each panel and its darkest cell. */
function describe({ panels, side }: LookPanelsInputs): string {
  const each = panels.map(({ word, weights }) => {
    const all = Array.from(weights), share = Math.max(...all), place = all.indexOf(share);
    const [row, column] = [Math.floor(place / side) + 1, place % side + 1];
    return `${word}: ${formatNumber(share)} in row ${row}, column ${column}`;
  });
  return `Panels of ${side} by ${side} cells, each with the largest share of attention; ${
    each.join("; ")
  }.`;
}

function checkPanels({ side, panels }: LookPanelsInputs): void {
  if (panels.length === 0) {
    throw new TypeError("Cannot draw looks: wanted at least 1 panel, got 0");
  }
  const misfit = panels.find(({ weights }) => weights.length !== side * side);
  if (misfit === undefined) return;
  const wanted = `${side * side} shares (one for each cell) of ${misfit.word}`;
  throw new TypeError(`Cannot draw looks: wanted ${wanted}, got ${misfit.weights.length}`);
}

/**
 * Draws where a network looks for each word.
 *
 * Colours are also said by their first letters; the cell that a word is about has a thick frame.
 *
 * @example One look, all of it at the circle.
 * ```ts
 * import { lookPanels } from "@/figures/look_panels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { data } = lookPanels({
 *   title: "It looks at the circle",
 *   side: 2,
 *   shapes: [{ kind: "circle", colour: "red", place: 1 }],
 *   panels: [{ word: "red", weights: [0, 1, 0, 0], place: 1 }],
 * });
 * assertEquals((data[0] as { z: unknown }).z, [[0, 0], [0, 1], [null, null]]);
 * ```
 * @param inputs Title, grid, shapes and steps.
 * @returns The figure.
 * @throws {TypeError} If there is no step, or one has not a share for each cell.
 */
export function lookPanels(inputs: LookPanelsInputs): Figure {
  checkPanels(inputs);
  const { columns, height } = placing(inputs);
  const cell = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / (ACROSS * (inputs.side + 1) - 1);
  const full = ACROSS * (inputs.side + 1) - 1;
  return addTitleMargin(makeFigure({
    title: inputs.title,
    description: describe(inputs),
    data: [cells(inputs), marks(inputs), words(inputs)],
    layout: {
      margin: MARGIN,
      height: MARGIN.t + MARGIN.b + Math.max(110, cell * height),
      shapes: frames(inputs),
      xaxis: { visible: false, range: [-0.6, Math.max(full, columns) - 0.4], fixedrange: true },
      yaxis: { visible: false, range: [-0.6, height - 0.4], fixedrange: true },
    },
  }));
}
