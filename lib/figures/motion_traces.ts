/**
 * What moves in the moving stack: rows with their strengths, the pile, and a sentence.
 *
 * Every state has the same traces with one bar for each row, so that bars can glide from state to state.
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
  type Look,
  markerOf,
  type PileScale,
  READ_DEPTH,
} from "./block_bars.ts";
import { coloursOf } from "./colours.ts";
import { type Block, cutAt } from "./depths.ts";
import type { Data } from "./figure.ts";
import { type Piles, pilesOf } from "./piles.ts";
import { numeral, rounded } from "./rounding.ts";
import { readTerms, term } from "./terms.ts";
import { type TextMark, textMarks } from "./text_marks.ts";

/** A run and how large to draw it. */
export interface MotionScene {
  readonly trace: StackTrace;
  readonly names: readonly string[];
  readonly piles: Piles;
  readonly scale: PileScale;
}

/** One number for each of `T` rows; what there is no row for is 0. */
function padded(vector: Vector, T: number): Vector {
  return Array.from({ length: T }, (_, i) => rounded(vector[i] ?? 0));
}

/** Bars of no length show no outline either. */
function outlined(look: Look, names: readonly string[], lengths: Vector): BarData["marker"] {
  const marker = markerOf(look, coloursOf(names));
  const width = lengths.map((length) => (length === 0 ? 0 : 1.5));
  return { ...marker, line: { ...marker?.line, width } };
}

/** A row's strength, cut into what is read and what lies deeper, followed by what was popped. */
function rowBars(scene: MotionScene, t: number): Data[] {
  const { trace, names } = scene;
  const T = names.length;
  const s = padded(trace.strengths[t], T);
  const sPrev = t === 0 ? padded([], T) : padded(trace.strengths[t - 1], T);
  const w = padded(readWeights(trace.strengths[t]), T);
  const parts: [Look, Vector, Vector][] = [
    ["read", w, padded([], T)],
    ["deeper", s.map((s_i, i) => s_i - w[i]), w],
    ["popped", s.map((s_i, i) => (i < t ? sPrev[i] - s_i : 0)), s],
  ];
  return parts.map(([look, lengths, base]): Data => ({
    type: "bar",
    orientation: "h",
    name: look,
    x: padded(lengths, T),
    y: names.map((_, i) => i + 1),
    base,
    width: 0.8,
    marker: outlined(look, names, padded(lengths, T)),
    customdata: [...names],
    hovertemplate: `row %{y}, %{customdata}: %{x} ${look}<extra></extra>`,
    showlegend: false,
  }));
}

/** One block for each row; of no height, at the surface, where there is none. */
function everyRow(blocks: readonly Block[], names: readonly string[]): Block[] {
  return names.map((_, row) =>
    blocks.find((block) => block.row === row) ?? { row, top: 0, bottom: 0 }
  );
}

/** The same blocks as bars of one pile, hanging from the surface. */
function pileBars(scene: MotionScene, t: number): Data[] {
  const { names, piles } = scene;
  const { above, below } = cutAt(piles.held[t], READ_DEPTH);
  const parts: [Look, Block[]][] = [
    ["popped", piles.popped[t]],
    ["deeper", below],
    ["read", above],
  ];
  return parts.map(([look, blocks]): Data => {
    const placed = everyRow(blocks, names).map((block) => ({ ...block, x: 0 }));
    const heights = placed.map(({ top, bottom }) => rounded(bottom - top));
    const marker = outlined(look, names, heights);
    const at = { xaxis: "x2", yaxis: "y2" };
    return { ...blockBars(look, placed, names, 0.8), marker, ...at } as Data;
  });
}

/** Each row's strength at the end of its bar, from the step on in which it was pushed. */
function rowNumbers({ trace, names }: MotionScene, t: number): TextMark[] {
  const s = trace.strengths[t];
  const sPrev = t === 0 ? [] : trace.strengths[t - 1];
  return names.map((_, i) => ({
    x: Math.max(s[i] ?? 0, sPrev[i] ?? 0),
    y: i + 1,
    text: i <= t ? `  ${numeral(s[i])}` : " ",
  }));
}

function pileLabels({ names, piles, scale }: MotionScene, t: number): TextMark[] {
  const labels = (["popped", "held"] as const).flatMap((kind) => {
    const placed = everyRow(piles[kind][t], names).map((block) => ({ ...block, x: 0 }));
    return blockLabels(kind, placed, names, scale);
  });
  return labels.map((label) => ({ ...label, text: label.text || " " }));
}

function sentence({ trace, names }: MotionScene, t: number): TextMark {
  const push = term(trace.pushes[t], names[t]);
  const read = readTerms(trace.strengths[t], names).join(" + ");
  const text = `<b>step ${t + 1}:</b> pop ${numeral(trace.pops[t])}, push ${push}, read ${read}`;
  return { x: 0, y: 0, text };
}

/**
 * Arranges a run for drawing.
 */
export function motionScene(
  trace: StackTrace,
  names: readonly string[],
  size: { readonly width: number; readonly height: number },
): MotionScene {
  const piles = pilesOf(trace);
  const unit = size.height / (piles.deepest - piles.highest);
  return { trace, names, piles, scale: { width: size.width, unit } };
}

/** All traces in the state after step t + 1. */
export function motionState(scene: MotionScene, t: number): Data[] {
  const rightwards = { textposition: "middle right" } as const;
  return [
    ...rowBars(scene, t),
    ...pileBars(scene, t),
    { ...textMarks(rowNumbers(scene, t), { size: 12 }), ...rightwards } as Data,
    textMarks(pileLabels(scene, t), { xaxis: "x2", yaxis: "y2" }),
    {
      ...textMarks([sentence(scene, t)], { size: 15, xaxis: "x3", yaxis: "y3" }),
      ...rightwards,
    } as Data,
  ];
}

/** What a frame must say of a trace: the rest never changes. */
export function whatMoves(trace: Data): Data {
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
