/**
 * Labels of lines that end inside of a panel, moved to where they hide nothing.
 *
 * @module
 */
import type { Layout } from "@/figures/figure.ts";
import {
  chooseLabelPosition,
  countHidden,
  LABEL_HEIGHT,
  type LabelSize,
  type Point,
  samplePath,
} from "./plot_labels.ts";
import { textWidth } from "./text_width.ts";

type Annotation = NonNullable<Layout["annotations"]>[number];

/** A label right of its line's end, as `endLabels` makes it, and the line. */
export interface InnerLabel {
  readonly label: Annotation;
  /** The line's points, as shares of the panel's width and height. */
  readonly path: readonly Point[];
}

/** The inside of the axes, in pixels, and what is drawn there. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  /** Points on lines and bands, as shares of width and height. */
  readonly points: readonly Point[];
}

/** A position of a label, left or right of a point, as shares of the panel. */
interface Position extends Point {
  /** The point beside which it stands. */
  readonly beside: number;
  readonly side: "left" | "right";
}

/** Pixels between a point and the label beside it, and from the label's middle to the panel's edges. */
const [LABEL_GAP, OFF_EDGE] = [6, 12];
/** Pixels that a label which is moved keeps off lines above and below it. */
const CLEAR = 8;
/** How far above or below the end of its line a label may stand, in pixels. */
const LIFTS = [20, -20, 36, -36, 52, -52];
/** Maximum number of points of its line beside which a label may stand. */
const PLACES = 60;

/** Positions of a label: beside its line's end, beside another point, or above and below the end. */
function positionsOf(
  { label, path }: InnerLabel,
  labelWidth: number,
  { width, height }: Panel,
): Position[] {
  const share = label.x as number, at = label.yshift! / height;
  const beside = ({ x, y }: Point) =>
    (["right", "left"] as const).map((side): Position => ({
      x: x + (side === "right" ? 1 : -1) * (LABEL_GAP / width + labelWidth / 2),
      ...{ y, beside: x, side },
    }));
  const sample = samplePath(path.map(({ x }) => x), path.map(({ y }) => y));
  const stride = Math.ceil(sample.length / PLACES);
  const [first, ...others] = [
    { x: share, y: at },
    ...sample.filter((_, k) => k % stride === 0).reverse(),
    ...LIFTS.map((lift) => ({ x: share, y: at + lift / height })),
  ].flatMap(beside);
  const [low, high] = [OFF_EDGE / height, 1 - OFF_EDGE / height];
  const isInside = ({ x, y }: Point) =>
    y >= low && y <= high && x >= labelWidth / 2 && x <= 1 - labelWidth / 2;
  return [first, ...others.filter(isInside)];
}

/** The preferred position, if the label hides nothing there, or the one at which it hides the least and keeps clear. */
function choosePosition(
  positions: readonly Position[],
  size: LabelSize,
  { height, points }: Panel,
) {
  if (countHidden(positions[0], size, points) === 0) return positions[0];
  const clear = { ...size, height: size.height + 2 * CLEAR / height };
  return chooseLabelPosition(positions, clear, points);
}

/**
 * Samples the box of a label: its upper and lower edge, and its middle.
 *
 * @param text The label.
 * @param left The middle of its left edge, as shares of the panel's width and height.
 * @param panel The size of the panel in pixels.
 * @returns The points, as shares.
 */
export function labelPoints(
  text: string,
  { x, y }: Point,
  { width, height }: Omit<Panel, "points">,
): Point[] {
  const right = x + textWidth(text, 13) / width, half = LABEL_HEIGHT / 2 / height;
  return [y - half, y, y + half].flatMap((at) => samplePath([x, right], [at, at]));
}

/**
 * Moves labels inside of a panel off lines, bands and each other, along their own lines or above and below their ends.
 *
 * @example One label has space right of its line's end; another line would cross it.
 * ```ts
 * import { endLabels, samplePath } from "@/figures/parts/plot_labels.ts";
 * import { movedLabels } from "@/figures/parts/moved_labels.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const [label] = endLabels([{ name: "u", color: "#000000", height: 150 }], { x: 0.5, height: 300, yaxis: "y" });
 * const labels = [{ label, path: [{ x: 0, y: 0.5 }, { x: 0.5, y: 0.5 }] }];
 * const panel = { width: 500, height: 300, points: samplePath([0, 0.5], [0.5, 0.5]) };
 * assertEquals(movedLabels(labels, panel), [label]);
 * const points = [...panel.points, ...samplePath([0.5, 1], [0.5, 0.5])];
 * assert(movedLabels(labels, { ...panel, points })[0].yshift !== 150);
 * ```
 * @param labels The labels and their lines.
 * @param panel Its size, and what is drawn there.
 * @returns The labels, in the same order; one that hides nothing is left where it is.
 */
export function movedLabels(labels: readonly InnerLabel[], panel: Panel): Annotation[] {
  const { width, height } = panel, points = [...panel.points];
  return labels.map((inner) => {
    const { label } = inner;
    const size = { width: textWidth(label.text!, 13) / width, height: LABEL_HEIGHT / height };
    const positions = positionsOf(inner, size.width, panel);
    const position = choosePosition(positions, size, { ...panel, points });
    const { x, y, beside, side } = position;
    points.push(...labelPoints(label.text!, { x: x - size.width / 2, y }, panel));
    if (position === positions[0]) return label;
    const [xanchor, xshift] = side === "right"
      ? ["left" as const, LABEL_GAP]
      : ["right" as const, -LABEL_GAP];
    return { ...label, x: beside, xanchor, xshift, yshift: y * height };
  });
}
