/**
 * The traces of a stack in motion: its rows with their strengths, the pile, and a sentence. Every step has the same bars,
 * one for each row, so that Plotly can animate them from step to step.
 *
 * `T` steps, and as many rows.
 *
 * @module
 */
import type { BarData } from "plotly.js-dist";
import type { Vector } from "@/math/shapes.ts";
import { readWeights, type StackTrace } from "@/memory/stack.ts";
import {
  blockBars,
  blockLabels,
  blockMarker,
  type BlockStyle,
  type PileScale,
  READ_DEPTH,
} from "./block_bars.ts";
import { coloursOf } from "./colours.ts";
import { type Block, type Piles, pilesOverTime, splitAtDepth } from "./stack_blocks.ts";
import type { Data } from "@/figures/figure.ts";
import { formatNumber, formatTerm, roundDecimals, weightedSumTerms } from "./number_text.ts";
import { fittingText } from "./text_width.ts";
import { type PlotLabel, plotLabels } from "./plot_labels.ts";

/** A run and the size at which it is drawn. */
export interface MotionScene {
  /** The trace of the stack. */
  readonly trace: StackTrace;
  /** Name of the value pushed at each step. */
  readonly names: readonly string[];
  /** The run as blocks. */
  readonly piles: Piles;
  /** Width of a pile and height of a unit of depth, in pixels. */
  readonly scale: PileScale;
}

/** One number for each of `T` rows; 0 for a row that does not exist yet. */
function padded(vector: Vector, T: number): Vector {
  return Array.from({ length: T }, (_, i) => roundDecimals(vector[i] ?? 0));
}

/**
 * Bars of length 0 have no outline. None is hatched: Plotly does not animate hatched bars, and here each row has its own
 * position and name.
 */
function outlined(style: BlockStyle, names: readonly string[], lengths: Vector): BarData["marker"] {
  const { pattern: _still, ...marker } = blockMarker(style, coloursOf(names)) ?? {};
  const width = lengths.map((length) => (length === 0 ? 0 : 1.5));
  return { ...marker, line: { ...marker.line, width } };
}

/** Each row's strength from left to right: what is read, what is deeper, and what the step's pop removed. */
function rowBars(scene: MotionScene, t: number): Data[] {
  const { trace, names } = scene;
  const T = names.length;
  const s = padded(trace.strengths[t], T);
  const sPrev = t === 0 ? padded([], T) : padded(trace.strengths[t - 1], T);
  const w = padded(readWeights(trace.strengths[t]), T);
  const parts: [BlockStyle, Vector, Vector][] = [
    ["read", w, padded([], T)],
    ["deeper", s.map((s_i, i) => s_i - w[i]), w],
    ["popped", s.map((s_i, i) => (i < t ? sPrev[i] - s_i : 0)), s],
  ];
  return parts.map(([style, lengths, base]): Data => ({
    type: "bar",
    orientation: "h",
    name: style,
    x: padded(lengths, T),
    y: names.map((_, i) => i + 1),
    base,
    width: 0.8,
    marker: outlined(style, names, padded(lengths, T)),
    customdata: [...names],
    hovertemplate: `row %{y}, %{customdata}: %{x} ${style}<extra></extra>`,
    showlegend: false,
  }));
}

/** Each row's block; a row that has none gets a block of height 0 at the surface. */
function blocksByRow(blocks: readonly Block[], names: readonly string[]): Block[] {
  return names.map((_, row) =>
    blocks.find((block) => block.row === row) ?? { row, top: 0, bottom: 0 }
  );
}

/** The same blocks as one pile that hangs from the surface, on the axes "x2" and "y2". */
function pileBars(scene: MotionScene, t: number): Data[] {
  const { names, piles } = scene;
  const { above, below } = splitAtDepth(piles.held[t], READ_DEPTH);
  const parts: [BlockStyle, Block[]][] = [
    ["popped", piles.popped[t]],
    ["deeper", below],
    ["read", above],
  ];
  return parts.map(([style, blocks]): Data => {
    const placed = blocksByRow(blocks, names).map((block) => ({ ...block, x: 0 }));
    const heights = placed.map(({ top, bottom }) => roundDecimals(bottom - top));
    const marker = outlined(style, names, heights);
    const at = { xaxis: "x2", yaxis: "y2" };
    return { ...blockBars(style, placed, names, 0.8), marker, ...at } as Data;
  });
}

/** Width of the sentence and its font size, in pixels. */
const [SENTENCE_WIDTH, SENTENCE_SIZE] = [640, 15];

/** Each row's strength at the end of its bar, from the step that pushed it onwards. */
function rowNumbers({ trace, names }: MotionScene, t: number): PlotLabel[] {
  const s = trace.strengths[t];
  const sPrev = t === 0 ? [] : trace.strengths[t - 1];
  return names.map((_, i) => ({
    x: Math.max(s[i] ?? 0, sPrev[i] ?? 0),
    y: i + 1,
    text: i <= t ? `\u00a0\u00a0${formatNumber(s[i])}` : " ",
  }));
}

function pileLabels({ names, piles, scale }: MotionScene, t: number): PlotLabel[] {
  const labels = (["popped", "held"] as const).flatMap((kind) => {
    const placed = blocksByRow(piles[kind][t], names).map((block) => ({ ...block, x: 0 }));
    return blockLabels(kind, placed, names, scale);
  });
  return labels.map((label) => ({ ...label, text: label.text || " " }));
}

/** What the step does; a read of too many values is summarised. */
function sentence({ trace, names }: MotionScene, t: number): PlotLabel {
  const push = formatTerm(trace.pushes[t], names[t]);
  const terms = weightedSumTerms(trace.strengths[t], names);
  const texts = [terms.join(" + "), `a mixture of ${terms.length} values`].map((read) =>
    `<b>step ${t + 1}:</b> pop ${formatNumber(trace.pops[t])}, push ${push}, read ${read}`
  );
  return { x: 0, y: 0, text: fittingText(texts, SENTENCE_WIDTH, SENTENCE_SIZE, SENTENCE_SIZE) };
}

/**
 * Prepares a run for drawing.
 *
 * @example A pile 2.5 units high, over 250 pixels.
 * ```ts
 * import { motionScene } from "@/figures/parts/motion_traces.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 1.5] });
 * const { scale } = motionScene(trace, ["a", "b"], { width: 120, height: 250 });
 * assertEquals(scale, { width: 120, unit: 100 });
 * ```
 * @param trace The trace of the stack.
 * @param names Name of the value pushed at each step.
 * @param size Size of the panel with the pile, in pixels.
 * @returns The run with its piles and their scale.
 */
export function motionScene(
  trace: StackTrace,
  names: readonly string[],
  size: { readonly width: number; readonly height: number },
): MotionScene {
  const piles = pilesOverTime(trace);
  const unit = size.height / (piles.deepest - piles.highest);
  return { trace, names, piles, scale: { width: size.width, unit } };
}

/**
 * Makes the traces of one step: three for the rows ("read", "deeper", "popped"), three for the pile ("popped", "deeper",
 * "read"), three with text.
 *
 * @example A row of 1 popped by 0.25: 0.75 of it is read, and 0.25 is lifted above the surface of the pile.
 * ```ts
 * import { motionScene, stepTraces } from "@/figures/parts/motion_traces.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0.25], pushes: [1, 0] });
 * const scene = motionScene(trace, ["a", "b"], { width: 120, height: 200 });
 * const [read, deeper, popped, lifted] = stepTraces(scene, 1);
 * const lengths = [read, deeper, popped].map((bars) => bars.type === "bar" && bars.x);
 * assertEquals(lengths, [[0.75, 0], [0, 0], [0.25, 0]]);
 * assertEquals(lifted.type === "bar" && lifted.base, [-0.25, 0]);
 * ```
 * @param scene The result of `motionScene`.
 * @param t The step, counted from 0.
 * @returns Nine traces, which differ between steps only in their numbers and texts.
 */
export function stepTraces(scene: MotionScene, t: number): Data[] {
  const rightwards = { textposition: "middle right" } as const;
  return [
    ...rowBars(scene, t),
    ...pileBars(scene, t),
    { ...plotLabels(rowNumbers(scene, t), { size: 12 }), ...rightwards } as Data,
    plotLabels(pileLabels(scene, t), { xaxis: "x2", yaxis: "y2" }),
    {
      ...plotLabels([sentence(scene, t)], { size: SENTENCE_SIZE, xaxis: "x3", yaxis: "y3" }),
      ...rightwards,
    } as Data,
  ];
}

/**
 * Selects the properties of a trace that a frame must set; the others never change.
 *
 * @example Hover information never changes.
 * ```ts
 * import { changingProperties } from "@/figures/parts/motion_traces.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const moving = changingProperties({ type: "bar", y: [1], base: [0], hoverinfo: "y" });
 * assertEquals(Object.keys(moving), ["y", "base", "marker"]);
 * ```
 * @param trace A trace of `stepTraces`.
 * @returns Lengths, bases and outlines of bars; positions, texts and colours of labels.
 */
export function changingProperties(trace: Data): Data {
  if (trace.type === "bar") {
    const { x, y, base, marker } = trace;
    const line = { width: marker?.line?.width };
    const length = trace.orientation === "h" ? { x } : { y };
    return { ...length, base, marker: { line } };
  }
  if (trace.type === "scatter") {
    const { x, y, text, textfont } = trace;
    return { x, y, text, textfont: { color: textfont?.color } };
  }
  return trace;
}
