/**
 * What moves in the moving stack: rows with their strengths, the pile, and a sentence.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import { blockLabels } from "./block_bars.ts";
import type { Data } from "./figure.ts";
import { fittingText } from "./fitting_text.ts";
import { everyRow, type MotionScene, pileBars, rowBars } from "./motion_bars.ts";
import { pilesOf } from "./piles.ts";
import { numeral } from "./rounding.ts";
import { readTerms, term } from "./terms.ts";
import { type TextMark, textMarks } from "./text_marks.ts";

/** Room for the sentence, and its font size, in pixels. */
const [SENTENCE_WIDTH, SENTENCE_SIZE] = [640, 15];

/** Each row's strength at the end of its bar, from the step on in which it was pushed. */
function rowNumbers({ trace, names }: MotionScene, t: number): TextMark[] {
  const s = trace.strengths[t];
  const sPrev = t === 0 ? [] : trace.strengths[t - 1];
  return names.map((_, i) => ({
    x: Math.max(s[i] ?? 0, sPrev[i] ?? 0),
    y: i + 1,
    text: i <= t ? `\u00a0\u00a0${numeral(s[i])}` : " ",
  }));
}

function pileLabels({ names, piles, scale }: MotionScene, t: number): TextMark[] {
  const labels = (["popped", "held"] as const).flatMap((kind) => {
    const placed = everyRow(piles[kind][t], names).map((block) => ({ ...block, x: 0 }));
    return blockLabels(kind, placed, names, scale);
  });
  return labels.map((label) => ({ ...label, text: label.text || " " }));
}

/** What the step does; a read of very many values is not spelt out. */
function sentence({ trace, names }: MotionScene, t: number): TextMark {
  const push = term(trace.pushes[t], names[t]);
  const terms = readTerms(trace.strengths[t], names);
  const texts = [terms.join(" + "), `a mixture of ${terms.length} values`].map((read) =>
    `<b>step ${t + 1}:</b> pop ${numeral(trace.pops[t])}, push ${push}, read ${read}`
  );
  return { x: 0, y: 0, text: fittingText(texts, SENTENCE_WIDTH, SENTENCE_SIZE, SENTENCE_SIZE) };
}

/**
 * Arranges a run for drawing.
 *
 * @example A pile 2.5 units high, over 250 pixels.
 * ```ts
 * import { motionScene } from "@/figures/motion_traces.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 1.5] });
 * const { scale } = motionScene(trace, ["a", "b"], { width: 120, height: 250 });
 * assertEquals(scale, { width: 120, unit: 100 });
 * ```
 * @param trace What the stack did.
 * @param names Name of the value pushed at each step.
 * @param size Of the panel with the pile, in pixels.
 * @returns The run with its piles and their scale.
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

/**
 * Draws one state: three traces for the rows ("read", "deeper", "popped"), three for the pile, three of words.
 *
 * @example A row of 1 popped by 0.25: 0.75 of it is read.
 * ```ts
 * import { motionScene, motionState } from "@/figures/motion_traces.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 0.25], pushes: [1, 0] });
 * const scene = motionScene(trace, ["a", "b"], { width: 120, height: 200 });
 * const [read, deeper, popped] = motionState(scene, 1);
 * const lengths = [read, deeper, popped].map((bars) => bars.type === "bar" && bars.x);
 * assertEquals(lengths, [[0.75, 0], [0, 0], [0.25, 0]]);
 * ```
 * @param scene What `motionScene` returned.
 * @param t The step, counted from 0.
 * @returns Nine traces, the same at every step but for their numbers and words.
 */
export function motionState(scene: MotionScene, t: number): Data[] {
  const rightwards = { textposition: "middle right" } as const;
  return [
    ...rowBars(scene, t),
    ...pileBars(scene, t),
    { ...textMarks(rowNumbers(scene, t), { size: 12 }), ...rightwards } as Data,
    textMarks(pileLabels(scene, t), { xaxis: "x2", yaxis: "y2" }),
    {
      ...textMarks([sentence(scene, t)], { size: SENTENCE_SIZE, xaxis: "x3", yaxis: "y3" }),
      ...rightwards,
    } as Data,
  ];
}

/**
 * Keeps of a trace what a frame must say: the rest never changes.
 *
 * @example Nothing about hover.
 * ```ts
 * import { whatMoves } from "@/figures/motion_traces.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const moving = whatMoves({ type: "bar", y: [1], base: [0], hoverinfo: "y" });
 * assertEquals(Object.keys(moving), ["y", "base", "marker"]);
 * ```
 * @param trace A trace of `motionState`.
 * @returns Lengths, bases and outlines of bars; places, words and colours of texts.
 */
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
