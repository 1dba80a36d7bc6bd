/**
 * The bars of a pile that two sliders move, each its own.
 *
 * @module
 */
import type { Vector } from "@/math/shapes.ts";
import { nextStrengths } from "@/memory/stack.ts";
import { blockBars, blockLabels, markerOf, type PileScale, READ_DEPTH } from "./block_bars.ts";
import { coloursOf, INK } from "./colours.ts";
import { type Block, blocksBelow, cutAt } from "./depths.ts";
import type { Data } from "./figure.ts";
import { rounded } from "./rounding.ts";
import { term } from "./terms.ts";
import { textMarks } from "./text_marks.ts";

/** A stack before a step, and what the step will push. */
export interface StackBefore {
  /** s_{t−1}, the strengths before the step, oldest first. */
  readonly strengths: Vector;
  /** Name of each row's value, and last that of the new value. */
  readonly names: readonly string[];
}

/** Where the pile after the step stands; the one before it stands at 0. */
export const AFTER = 1;
/** Width of both, on an axis where they stand 1 apart. */
export const PILE_WIDTH = 0.7;

/** One bar of the pile after the step. */
export interface Part {
  /** Above the surface or below it; a label is a clear bar whose words lie over the veil. */
  readonly kind: "popped" | "held" | "label";
  /** 0 the oldest. */
  readonly row: number;
}

/**
 * Lists the bars in the order in which Plotly stacks them, away from the surface: what was popped goes upwards, oldest
 * first, what is there goes downwards, newest first.
 *
 * @example One old row (0) and the new one (1).
 * ```ts
 * import { partsOf } from "@/figures/slider_parts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const held = partsOf(1).filter((part) => part.kind === "held");
 * assertEquals(held.map((part) => part.row), [1, 0]);
 * ```
 * @param n How many rows there were before the step.
 * @returns n popped ones, and twice n + 1: bars and their labels.
 */
export function partsOf(n: number): Part[] {
  const upwards = Array.from({ length: n }, (_, row) => row);
  const downwards = [n, ...upwards.toReversed()];
  return [
    ...upwards.map((row): Part => ({ kind: "popped", row })),
    ...downwards.map((row): Part => ({ kind: "held", row })),
    ...downwards.map((row): Part => ({ kind: "label", row })),
  ];
}

/**
 * Says how high a bar is and what is written on it: a new row depends on the push alone, all else on the pop alone.
 *
 * @example A pop of 0.5 leaves 0.25 of 0.75, whatever is pushed.
 * ```ts
 * import { stateOf } from "@/figures/slider_parts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = { strengths: [0.75], names: ["a", "b"] };
 * const states = [0, 1].map((push) => stateOf({ kind: "held", row: 0 }, stack, 0.5, push).y);
 * assertEquals(states, [0.25, 0.25]);
 * ```
 * @param part Which bar.
 * @param stack The stack before the step.
 * @param pop u_t.
 * @param push d_t.
 * @returns Height, negative if popped, and words; none on an empty bar.
 */
export function stateOf(
  part: Part,
  stack: StackBefore,
  pop: number,
  push: number,
): { y: number; text: string } {
  const { kind, row } = part;
  const s = nextStrengths(stack.strengths, pop, push);
  const height = kind === "popped" ? s[row] - stack.strengths[row] : s[row];
  const words = term(height, `<b>${stack.names[row]}</b>`);
  return { y: rounded(height), text: kind === "held" || rounded(height) === 0 ? "" : words };
}

/**
 * Draws one bar, to be laid out with `barmode: "relative"` on an axis that grows downwards.
 *
 * @example The new block is as high as the push.
 * ```ts
 * import { partTrace } from "@/figures/slider_parts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = { strengths: [0.75], names: ["a", "b"] };
 * const trace = partTrace({ kind: "held", row: 1 }, stack, 0.5, 0.9);
 * assertEquals(trace.type === "bar" && trace.y, [0.9]);
 * ```
 * @param part Which bar.
 * @param stack The stack before the step.
 * @param pop u_t.
 * @param push d_t.
 * @returns One trace; labels go to the axis "y2", which must lie over "y".
 */
export function partTrace(part: Part, stack: StackBefore, pop: number, push: number): Data {
  const { y, text } = stateOf(part, stack, pop, push);
  const colour = coloursOf(stack.names)[part.row];
  const marker = markerOf(part.kind === "popped" ? "popped" : "read", [colour]);
  return {
    type: "bar",
    name: `${part.kind} ${stack.names[part.row]}`,
    x: [AFTER],
    y: [y],
    text: [text],
    textposition: "inside",
    insidetextanchor: "middle",
    insidetextfont: { color: INK, size: 13 },
    width: PILE_WIDTH,
    marker: part.kind === "label" ? { color: "rgba(0,0,0,0)" } : marker,
    hovertemplate: `%{y} of ${stack.names[part.row]}<extra></extra>`,
    showlegend: false,
    ...(part.kind === "label" && { yaxis: "y2" }),
  };
}

/**
 * Draws the pile before the step, which no slider moves, at x = 0.
 *
 * @example What a read of it would reach, and what lies deeper.
 * ```ts
 * import { pileBefore } from "@/figures/slider_parts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = { strengths: [1.25], names: ["a", "b"] };
 * const [read, deeper] = pileBefore(stack, { width: 200, unit: 100 });
 * assertEquals([read, deeper].map((bars) => bars.type === "bar" && bars.y), [[1], [0.25]]);
 * ```
 * @param stack The stack before the step.
 * @param scale The size of a pile on the page.
 * @returns Traces of bars and of labels.
 */
export function pileBefore(stack: StackBefore, scale: PileScale): Data[] {
  const blocks = blocksBelow(stack.strengths).map((block) => ({ ...block, x: 0 }));
  const { above, below } = cutAt(blocks, READ_DEPTH);
  const place = (pieces: Block[]) => pieces.map((piece) => ({ ...piece, x: 0 }));
  return [
    blockBars("read", place(above), stack.names, PILE_WIDTH),
    blockBars("deeper", place(below), stack.names, PILE_WIDTH),
    textMarks(blockLabels("held", blocks, stack.names, scale)),
  ];
}

/**
 * Makes what is too deep to be read as pale here as in every other picture of a stack.
 *
 * @example It begins where the read ends.
 * ```ts
 * import { veil } from "@/figures/slider_parts.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = veil(2.5);
 * assertEquals(trace.type === "bar" && [trace.base, trace.y], [[1], [1.5]]);
 * ```
 * @param deepest Depth down to which it reaches.
 * @returns A bar of thin white over the pile after the step.
 */
export function veil(deepest: number): Data {
  return {
    type: "bar",
    name: "veil",
    x: [AFTER],
    base: [READ_DEPTH],
    y: [rounded(deepest - READ_DEPTH)],
    width: PILE_WIDTH + 0.01,
    marker: { color: "rgba(255,255,255,0.6)" },
    hoverinfo: "skip",
    showlegend: false,
  };
}
