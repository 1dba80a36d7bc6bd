/**
 * An image as the network is given it: a map of numbers for each channel.
 *
 * @module
 */
import { roundDecimals } from "@/figures/parts/number_text.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { range } from "@/math/lists.ts";
import type { ImageSize } from "@/network/convolution.ts";
import { type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";

/** The content of the figure. */
export interface ImageChannelsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The size of the image. */
  readonly size: ImageSize;
  /** The image, channel after channel, by rows. */
  readonly image: ArrayLike<number>;
  /** The name of each channel. */
  readonly names: readonly string[];
  /** Rows and columns of the grid that is drawn over each channel; left out, none. */
  readonly grid?: number;
}

const MARGIN = { l: 12, r: 84, t: 76, b: 12 };
/** Columns between two channels. */
const GAP = 2;
const GREYS: [number, string][] = [[0, "#FFFFFF"], [1, "#222222"]];

/** Lines between the cells of the grid of a channel that begins in a column. */
function gridLines({ size: { height, width }, grid = 1 }: ImageChannelsInputs, left: number) {
  const line = (x0: number, x1: number, y0: number, y1: number) => ({
    type: "line" as const,
    ...{ x0: x0 - 0.5, x1: x1 - 0.5, y0: y0 - 0.5, y1: y1 - 0.5 },
    line: { color: "#777777", width: 1 },
  });
  return range(grid + 1).flatMap((n) => {
    const [x, y] = [left + n * width / grid, n * height / grid];
    return [line(x, x, 0, height), line(left, left + width, y, y)];
  });
}

function checkImage(
  { size: { channels, height, width }, image, names }: ImageChannelsInputs,
): void {
  const numbers = channels * height * width;
  if (image.length !== numbers) {
    const wanted = `${numbers} numbers (${channels} × ${height} × ${width})`;
    throw new TypeError(`Cannot draw an image: wanted ${wanted}, got ${image.length}`);
  }
  if (names.length !== channels) {
    const wanted = `${channels} names (one for each channel)`;
    throw new TypeError(`Cannot draw an image: wanted ${wanted}, got ${names.length}`);
  }
}

/**
 * Draws the channels of an image side by side, darker for larger numbers.
 *
 * @example One channel of two rows; the first row is the upper one.
 * ```ts
 * import { imageChannels } from "@/figures/image_channels.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const size = { channels: 1, height: 2, width: 2 };
 * const { data } = imageChannels({ title: "A corner", size, image: [1, 0, 0, 0], names: ["grey"] });
 * assertEquals((data[0] as { z: unknown }).z, [[0, 0], [1, 0]]);
 * ```
 * @param inputs Title, image, names and grid.
 * @returns The figure.
 * @throws {TypeError} If there are not as many numbers as the size says, or not a name for each channel.
 */
export function imageChannels(inputs: ImageChannelsInputs): Figure {
  checkImage(inputs);
  const { title, size: { channels, height, width }, image, names, grid } = inputs;
  const columns = channels * (width + GAP) - GAP,
    starts = range(channels).map((i) => i * (width + GAP));
  const z = range(height).map((y) =>
    range(columns).map((x) => {
      const i = Math.floor(x / (width + GAP)), column = x % (width + GAP);
      if (column >= width) return null;
      return roundDecimals(image[(i * height + height - 1 - y) * width + column], 2);
    })
  );
  const annotations: Layout["annotations"] = names.map((text, i) => ({
    text,
    x: starts[i] + (width - 1) / 2,
    y: height - 0.5,
    yanchor: "bottom",
    showarrow: false,
  }));
  const pixel = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / columns;
  return addTitleMargin(makeFigure({
    title,
    description: `Maps of ${height} by ${width} pixels, one for each of ${channels} channels: ` +
      `${names.map((name, i) => `${name} up to ${largest(image, i, height * width)}`).join(", ")}.`,
    data: [{
      type: "heatmap",
      x: range(columns),
      y: range(height),
      z: z as number[][],
      zmin: 0,
      zmax: 1,
      colorscale: GREYS,
      colorbar: { title: { text: "brightness", side: "right" }, thickness: 14 },
      hovertemplate: "%{z}<extra></extra>",
    }],
    layout: {
      margin: MARGIN,
      height: MARGIN.t + MARGIN.b + pixel * height,
      shapes: grid === undefined ? [] : starts.flatMap((left) => gridLines(inputs, left)),
      annotations,
      xaxis: { visible: false, range: [-1, columns], fixedrange: true },
      yaxis: { visible: false, range: [-1, height], fixedrange: true },
    },
  }));
}

/** The largest number of a channel, in words. */
function largest(image: ArrayLike<number>, i: number, area: number): string {
  return Math.max(...Array.from(image).slice(i * area, (i + 1) * area)).toFixed(2);
}
