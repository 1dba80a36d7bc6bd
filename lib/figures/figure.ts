/**
 * The type of a figure, and the style that all figures share.
 *
 * @module
 */
import type { Config, Data, Frame, Layout } from "plotly.js-dist";
import { wrapEvenly } from "@/figures/parts/text_width.ts";

export type { Config, Data, Frame, Layout } from "plotly.js-dist";

/** A Plotly figure as a plain object, with a text alternative. */
export interface Figure {
  /** The traces. */
  readonly data: Data[];
  /** Title, axes, annotations, sliders. */
  readonly layout: Partial<Layout>;
  /** The states that a slider or a play button moves between; the first state is `data` itself. */
  readonly frames?: Frame[];
  /** What the static picture shows, where that is not the first state: all steps, for instance. */
  readonly still?: Figure;
  /** Plotly's configuration: which buttons there are. */
  readonly config: Partial<Config>;
  /** The text alternative: one sentence that says what the figure shows. */
  readonly description: string;
}

/** The parts that differ from figure to figure. */
export interface FigureParts {
  /** The one claim that the figure makes. */
  readonly title: string;
  /** The text alternative: one sentence that says what the figure shows. */
  readonly description: string;
  /** The traces. */
  readonly data: Data[];
  /** Name and unit of the x axis. */
  readonly xTitle?: string;
  /** Name and unit of the y axis. */
  readonly yTitle?: string;
  /** Any of Plotly's layout options; they override the shared style. */
  readonly layout?: Partial<Layout>;
  /** The states that a slider or a play button moves between. */
  readonly frames?: Frame[];
}

/** Width of a figure in pixels, on screen and in the static picture: JupyterLab shows all of it in a window of 800 pixels. */
export const FIGURE_WIDTH = 620;

/** Okabe and Ito's eight colours, which colour-blind readers can also tell apart. */
export const PALETTE = {
  blue: "#0072B2",
  orange: "#E69F00",
  green: "#009E73",
  vermilion: "#D55E00",
  purple: "#CC79A7",
  sky: "#56B4E9",
  yellow: "#F0E442",
  black: "#000000",
} as const;

/** From zero (white) to the maximum (dark blue): the order is visible by darkness alone. */
export const SEQUENTIAL: [number, string][] = [
  [0, "#FFFFFF"],
  [0.25, "#B9D9EC"],
  [0.5, "#56B4E9"],
  [0.75, PALETTE.blue],
  [1, "#00304C"],
];

/** From negative (vermilion) over zero (white) to positive (blue). */
export const DIVERGING: [number, string][] = [
  [0, "#8A3C00"],
  [0.25, PALETTE.vermilion],
  [0.5, "#FFFFFF"],
  [0.75, PALETTE.blue],
  [1, "#00304C"],
];

const TITLE_SIZE = 16;
const TITLE_MARGIN = 100;
/** A title begins above the panel, but at the left edge of the figure, in pixels, if the labels beside the panel are wider. */
const [OUTSIDE, WIDEST_INDENT] = [16, 150];
const FIRST_LINE = 26;
/** Width of Plotly's column of buttons at the right edge, which must not cover the title. */
const MODEBAR = 32;
const MARGIN = { l: 64, r: 24, b: 56 };
const INK = "#222222";
const GRID = "#E4E4E4";

const AXIS = {
  automargin: true,
  gridcolor: GRID,
  ticks: "outside",
  tickcolor: "#888888",
  ticklen: 4,
  title: { standoff: 10, font: { size: 13 } },
  zeroline: false,
} as const;

const COLORBAR = { outlinewidth: 0, thickness: 16, title: { font: { size: 13 } } };

const TEMPLATE: NonNullable<Layout["template"]> = {
  data: { heatmap: [{ colorscale: SEQUENTIAL, colorbar: COLORBAR }] },
  layout: {
    font: { family: "Arial, Helvetica, sans-serif", size: 13, color: INK },
    title: {
      font: { size: TITLE_SIZE },
      x: 0,
      xref: "paper",
      xanchor: "left",
      yref: "container",
      yanchor: "bottom",
    },
    paper_bgcolor: "#FFFFFF",
    plot_bgcolor: "#FFFFFF",
    colorway: Object.values(PALETTE),
    margin: MARGIN,
    coloraxis: { colorscale: SEQUENTIAL, colorbar: COLORBAR },
    hoverlabel: { font: { family: "Arial, Helvetica, sans-serif" } },
    xaxis: AXIS,
    yaxis: AXIS,
  },
};

const CONFIG: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  // A drag, the wheel on an axis and a double click do the same.
  modeBarButtonsToRemove: [
    "zoom2d",
    "pan2d",
    "zoomIn2d",
    "zoomOut2d",
    "select2d",
    "lasso2d",
    "autoScale2d",
  ],
};

function titled(axis: Layout["xaxis"] | undefined, text: string | undefined): Layout["xaxis"] {
  return text === undefined ? { ...axis } : { ...axis, title: { text, ...axis?.title } };
}

/**
 * Makes a figure in the shared style: one width, one font, a white background, colours that colour-blind readers can
 * tell apart, a title that is wrapped if it is too wide, and no button that uploads data.
 *
 * @example A line with its title, its axes and its text alternative.
 * ```ts
 * import { makeFigure } from "@/figures/figure.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = makeFigure({
 *   title: "The error falls at every step",
 *   description: "A line that falls from 1 to 0.25 in three steps.",
 *   data: [{ type: "scatter", x: [1, 2, 3], y: [1, 0.5, 0.25] }],
 *   xTitle: "step",
 *   yTitle: "error",
 * });
 * assertEquals(figure.layout.xaxis?.title?.text, "step");
 * assertEquals(figure.layout.width, 620);
 * ```
 * @param parts Title, text alternative and traces; axis titles, layout and frames where needed.
 * @returns A plain object that Plotly can draw.
 * @throws {TypeError} If the title or the description is empty.
 */
export function makeFigure(parts: FigureParts): Figure {
  const { title, description, data, layout = {}, frames } = parts;
  for (const [name, text] of Object.entries({ title, description })) {
    if (!text) throw new TypeError(`Cannot make a figure: wanted a ${name}, got an empty one`);
  }
  const width = layout.width ?? FIGURE_WIDTH;
  const height = layout.height ?? 400;
  const left = layout.margin?.l ?? MARGIN.l;
  const isOutside = left > WIDEST_INDENT, start = isOutside ? OUTSIDE : left;
  const heading = wrapEvenly(title, width - Math.max(TITLE_MARGIN, start + MODEBAR), TITLE_SIZE);
  return {
    data,
    layout: {
      template: TEMPLATE,
      width,
      height,
      modebar: { orientation: "v", bgcolor: "rgba(0, 0, 0, 0)" },
      ...layout,
      title: {
        text: heading,
        y: 1 - FIRST_LINE / height,
        ...(isOutside && { xref: "container", x: OUTSIDE / width }),
        ...layout.title,
      },
      margin: { t: 35 + 21 * heading.split("<br>").length, ...layout.margin },
      xaxis: titled(layout.xaxis, parts.xTitle),
      yaxis: titled(layout.yaxis, parts.yTitle) as Layout["yaxis"],
    },
    ...(frames && { frames }),
    config: CONFIG,
    description,
  };
}
