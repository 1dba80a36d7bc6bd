/**
 * The bars of the moving stack: one for each row in every state, so that they can glide from state to state.
 *
 * `T` steps, and as many rows.
 *
 * @module
 */
import type { BarData } from "plotly.js-dist";
import type { Vector } from "@/math/shapes.ts";
import { readWeights, type StackTrace } from "@/memory/stack.ts";
import { blockBars, type Look, markerOf, type PileScale, READ_DEPTH } from "./block_bars.ts";
import { coloursOf } from "./colours.ts";
import { type Block, cutAt } from "./depths.ts";
import type { Data } from "./figure.ts";
import type { Piles } from "./piles.ts";
import { rounded } from "./rounding.ts";

/** A run and how large to draw it. */
export interface MotionScene {
  /** What the stack did. */
  readonly trace: StackTrace;
  /** Name of the value pushed at each step. */
  readonly names: readonly string[];
  /** The run as blocks. */
  readonly piles: Piles;
  /** Pixels of a pile's width and of a unit of depth. */
  readonly scale: PileScale;
}

/** One number for each of `T` rows; what there is no row for is 0. */
function padded(vector: Vector, T: number): Vector {
  return Array.from({ length: T }, (_, i) => rounded(vector[i] ?? 0));
}

/**
 * Bars of no length show no outline either. None is hatched: Plotly fails to move hatched bars, and here each row has
 * a place and a name of its own.
 */
function outlined(look: Look, names: readonly string[], lengths: Vector): BarData["marker"] {
  const { pattern: _still, ...marker } = markerOf(look, coloursOf(names)) ?? {};
  const width = lengths.map((length) => (length === 0 ? 0 : 1.5));
  return { ...marker, line: { ...marker.line, width } };
}

/**
 * Draws each row's strength from left to right: what is read, what lies deeper, and what this step's pop took.
 *
 * @example A pop of 0.25 leaves 0.75 of the only row, all of it read.
 * ```ts
 * import { rowBars } from "@/figures/motion_bars.ts";
 * import { pilesOf } from "@/figures/piles.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0.25], pushes: [1, 0] });
 * const scale = { width: 120, unit: 100 };
 * const scene = { trace, names: ["a", "b"], piles: pilesOf(trace), scale };
 * const lengths = rowBars(scene, 1).map((bars) => bars.type === "bar" && bars.x?.[0]);
 * assertEquals(lengths, [0.75, 0, 0.25]);
 * ```
 * @param scene The run.
 * @param t The step, counted from 0.
 * @returns Three traces of `T` bars.
 */
export function rowBars(scene: MotionScene, t: number): Data[] {
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

/**
 * Finds each row's block; one of no height, at the surface, for a row that has none.
 *
 * @example Row 0 is empty.
 * ```ts
 * import { everyRow } from "@/figures/motion_bars.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const blocks = everyRow([{ row: 1, top: 0, bottom: 0.5 }], ["a", "b"]);
 * assertEquals(blocks[0], { row: 0, top: 0, bottom: 0 });
 * ```
 * @param blocks Of one pile.
 * @param names Name of each row's value.
 * @returns `T` blocks.
 */
export function everyRow(blocks: readonly Block[], names: readonly string[]): Block[] {
  return names.map((_, row) =>
    blocks.find((block) => block.row === row) ?? { row, top: 0, bottom: 0 }
  );
}

/**
 * Draws the same as one pile that hangs from the surface, on the axes "x2" and "y2".
 *
 * @example A pop of 0.25 lifts its block above the surface.
 * ```ts
 * import { pileBars } from "@/figures/motion_bars.ts";
 * import { pilesOf } from "@/figures/piles.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0.25], pushes: [1, 0] });
 * const scale = { width: 120, unit: 100 };
 * const scene = { trace, names: ["a", "b"], piles: pilesOf(trace), scale };
 * const [popped] = pileBars(scene, 1);
 * assertEquals(popped.type === "bar" && popped.base, [-0.25, 0]);
 * ```
 * @param scene The run.
 * @param t The step, counted from 0.
 * @returns Three traces of `T` bars.
 */
export function pileBars(scene: MotionScene, t: number): Data[] {
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
