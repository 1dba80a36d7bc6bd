/**
 * Names of lines at their right ends, instead of a legend.
 *
 * @module
 */
import type { Layout } from "./figure.ts";

type Annotation = NonNullable<Layout["annotations"]>[number];

/** The name of a line, and where the line ends. */
export interface LineEnd {
  readonly name: string;
  readonly color: string;
  /** Height of its end, in pixels from the bottom of the panel. */
  readonly height: number;
}

/** From one name to the next, in pixels. */
const LINE = 16;

/**
 * Moves heights apart, as little as possible in all, until neighbours are `gap` apart.
 *
 * Method: neighbours that are too close form a cluster, which is centred on the mean of what its members want; clusters
 * that touch merge, and none leaves the room that there is.
 *
 * @example Two at one height part evenly; a third one far away stays.
 * ```ts
 * import { spread } from "@/figures/end_labels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(spread([50, 50, 190], 16, 200), [42, 58, 190]);
 * ```
 * @param heights Where they want to be.
 * @param gap Least distance between two of them.
 * @param room They stay between 0 and this, as long as they all fit.
 * @returns Where they come to be, in the order of `heights`.
 */
export function spread(heights: readonly number[], gap: number, room: number): number[] {
  const start = (members: number[]) => {
    const mean = members.reduce((sum, k, i) => sum + heights[k] - i * gap, 0) / members.length;
    return Math.max(0, Math.min(mean, room - (members.length - 1) * gap));
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
 * Writes each line's name right of the panel, at the height of its end or as close to it as there is room.
 *
 * @example Two lines that end together are both named.
 * ```ts
 * import { endLabels } from "@/figures/end_labels.ts";
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
  const places = spread(ends.map((end) => end.height), LINE, panel.height);
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
