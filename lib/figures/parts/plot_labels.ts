/**
 * Labels in and beside a plot, placed so that they can be read.
 *
 * @module
 */
import { INK } from "./colours.ts";
import type { Data, Layout } from "@/figures/figure.ts";
import { roundDecimals } from "./number_text.ts";

/** A text and the position of its centre, in units of the axes. */
export interface PlotLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** "#rrggbb"; the text colour if left out. */
  readonly colour?: string;
}

/**
 * Makes a trace of labels; empty ones are left out.
 *
 * @example One label.
 * ```ts
 * import { plotLabels } from "@/figures/parts/plot_labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = plotLabels([{ x: 1, y: 0.5, text: "middle" }, { x: 2, y: 0.5, text: "" }]);
 * assertEquals(trace.type === "scatter" && trace.text, ["middle"]);
 * ```
 * @param labels Texts and positions.
 * @param options Font size in pixels, and the axes to use ("y2" for a second panel).
 * @returns A trace without hover text and without an entry in the legend.
 */
export function plotLabels(
  labels: readonly PlotLabel[],
  options: { readonly size?: number; readonly xaxis?: string; readonly yaxis?: string } = {},
): Data {
  const { size = 13, ...axes } = options;
  const written = labels.filter((label) => label.text !== "");
  return {
    type: "scatter",
    mode: "text",
    x: written.map((label) => roundDecimals(label.x)),
    y: written.map((label) => roundDecimals(label.y)),
    text: written.map((label) => label.text),
    textfont: { size, color: written.map((label) => label.colour ?? INK) },
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
    ...axes,
  };
}

type Annotation = NonNullable<Layout["annotations"]>[number];

/** The name of a line and the position of its end. */
export interface LineEnd {
  readonly name: string;
  readonly color: string;
  /** Height of its end, in pixels from the bottom of the panel. */
  readonly height: number;
}

/** Least distance between two labels at line ends, in pixels. */
export const LABEL_HEIGHT = 16;

/**
 * Moves heights apart, as little as possible in total, until neighbours have a distance of at least `gap`.
 *
 * Method: neighbours that are too close form a cluster, which is centred on the mean of its members' heights; clusters
 * that touch are merged, and all of them stay within the limits.
 *
 * @example Two equal heights move apart evenly; a third one far away stays.
 * ```ts
 * import { spreadApart } from "@/figures/parts/plot_labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(spreadApart([50, 50, 190], 16, 200), [42, 58, 190]);
 * ```
 * @param heights The preferred heights.
 * @param gap Least distance between two of them.
 * @param top They stay between 0 and this, if they all fit.
 * @returns The new heights, in the order of `heights`.
 */
export function spreadApart(heights: readonly number[], gap: number, top: number): number[] {
  const start = (members: number[]) => {
    const mean = members.reduce((sum, k, i) => sum + heights[k] - i * gap, 0) / members.length;
    return Math.max(0, Math.min(mean, top - (members.length - 1) * gap));
  };
  const order = heights.map((_, k) => k).sort((a, b) => heights[a] - heights[b] || a - b);
  const clusters: { members: number[]; start: number }[] = [];
  for (const k of order) {
    let cluster = { members: [k], start: start([k]) };
    let below = clusters.at(-1);
    while (below && cluster.start < below.start + below.members.length * gap) {
      const members = [...below.members, ...cluster.members];
      clusters.pop();
      cluster = { members, start: start(members) };
      below = clusters.at(-1);
    }
    clusters.push(cluster);
  }
  const places = [...heights];
  for (const { members, start } of clusters) {
    members.forEach((k, i) => places[k] = start + i * gap);
  }
  return places;
}

/**
 * Labels lines with their names right of the panel, each as close to the line's end as the other labels allow.
 *
 * @example Two lines that end at the same height.
 * ```ts
 * import { endLabels } from "@/figures/parts/plot_labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const ends = ["u", "d"].map((name) => ({ name, color: "#000000", height: 150 }));
 * const labels = endLabels(ends, { x: 1, height: 300, yaxis: "y" });
 * assertEquals(labels.map((label) => label.yshift), [142, 158]);
 * ```
 * @param ends Names, colours and heights.
 * @param panel Its right edge as a share of the plot's width, its height in pixels, and its axis.
 * @returns Annotations, anchored at the panel's lower right corner.
 */
export function endLabels(
  ends: readonly LineEnd[],
  panel: { readonly x: number; readonly height: number; readonly yaxis: string },
): Annotation[] {
  const places = spreadApart(ends.map((end) => end.height), LABEL_HEIGHT, panel.height);
  return ends.map(({ name, color }, k) => ({
    text: name,
    xref: "paper",
    x: panel.x,
    xanchor: "left",
    xshift: 6,
    yref: `${panel.yaxis} domain`,
    y: 0,
    yanchor: "middle",
    yshift: places[k],
    showarrow: false,
    font: { color },
  } as Annotation));
}

/** A position in a plot, in units of its axes. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Width and height of a label, in units of the axes of its plot. */
export interface LabelSize {
  readonly width: number;
  readonly height: number;
}

/** Maximum distance between two points of a sampled path, in units of the axes. */
const STRIDE = 0.005;

/**
 * Samples a path at points so close together that no label fits between two of them.
 *
 * @example All corners of the path are kept.
 * ```ts
 * import { samplePath } from "@/figures/parts/plot_labels.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const points = samplePath([0, 1, 1], [0, 0, 0.5]);
 * assertEquals([points[0], points.at(-1)], [{ x: 0, y: 0 }, { x: 1, y: 0.5 }]);
 * assert(points.some(({ x, y }) => x === 1 && y === 0));
 * ```
 * @param x The x coordinates of its corners, from 0 to 1.
 * @param y The y coordinates of its corners, as many.
 * @returns The corners and points between them.
 */
export function samplePath(x: readonly number[], y: readonly number[]): Point[] {
  const legs = x.slice(1).flatMap((end, k) => {
    const [start, from, to] = [x[k], y[k], y[k + 1]];
    const n = Math.max(1, Math.ceil(Math.hypot(end - start, to - from) / STRIDE));
    return Array.from({ length: n }, (_, i) => ({
      x: start + (end - start) * ((i + 1) / n),
      y: from + (to - from) * ((i + 1) / n),
    }));
  });
  return [{ x: x[0], y: y[0] }, ...legs];
}

/**
 * Counts the points that a label hides.
 *
 * @example One of two.
 * ```ts
 * import { countHidden } from "@/figures/parts/plot_labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const points = [{ x: 0.5, y: 0.5 }, { x: 0.75, y: 0.5 }];
 * assertEquals(countHidden({ x: 0.5, y: 0.5 }, { width: 0.25, height: 0.125 }, points), 1);
 * ```
 * @param position The position of its centre.
 * @param size The label's size.
 * @param points The points.
 * @returns How many of them it hides.
 */
export function countHidden(
  position: Point,
  { width, height }: LabelSize,
  points: readonly Point[],
): number {
  return points.filter(({ x, y }) =>
    Math.abs(x - position.x) <= width / 2 && Math.abs(y - position.y) <= height / 2
  ).length;
}

/**
 * Chooses the position at which a label hides the fewest points.
 *
 * @example The first position is on the path, the second is not.
 * ```ts
 * import { chooseLabelPosition, samplePath } from "@/figures/parts/plot_labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = samplePath([0, 1], [0.5, 0.5]);
 * const positions = [{ x: 0.5, y: 0.45 }, { x: 0.5, y: 0.25 }];
 * assertEquals(chooseLabelPosition(positions, { width: 0.25, height: 0.125 }, path), { x: 0.5, y: 0.25 });
 * ```
 * @param positions Possible positions of its centre, at least one, the preferred ones first.
 * @param size The label's size.
 * @param points The points that it must not hide.
 * @returns The first of the positions that hide the fewest points.
 */
export function chooseLabelPosition<Position extends Point>(
  positions: readonly Position[],
  size: LabelSize,
  points: readonly Point[],
): Position {
  const hidden = positions.map((position) => countHidden(position, size, points));
  return positions[hidden.indexOf(Math.min(...hidden))];
}
