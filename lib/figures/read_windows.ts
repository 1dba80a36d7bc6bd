/**
 * The window of a read along the rows of a memory, in which rows its two edges lie, and what follows for the pop's gradient.
 *
 * @module
 */
import type { PortEnds } from "@/memory/ends.ts";
import { INK } from "@/figures/parts/colours.ts";
import { heldParts, lineBars } from "@/figures/parts/line_bars.ts";
import { type LinePart, type LineStep, takeLineStep } from "@/figures/parts/memory_line.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { type PlotLabel, plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { type Data, type Figure, FIGURE_WIDTH, makeFigure, PALETTE } from "./figure.ts";

/** One step of a port. */
export interface WindowCase {
  /** What it shows, in a few words. */
  readonly name: string;
  /** Where the port pushes and pops, such as `QUEUE_ENDS.ports[0]`. */
  readonly ends: PortEnds;
  /** The strengths before the step, bottom row first. */
  readonly strengths: readonly number[];
  readonly pop: number;
  readonly push: number;
}

/** The content of the figure. */
export interface ReadWindowsInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** One to three steps. */
  readonly cases: readonly WindowCase[];
}

const MARGIN = { l: 24, r: 24, t: 56, b: 84 };
/** Pixels for a unit of strength. */
const UNIT = 92;
/** In cases: the widths of what is held and of what was popped, and the distances of their centres from the case's middle. */
const HELD = { width: 0.24, shift: -0.08 }, POPPED = { width: 0.06, shift: -0.27 };
/** Distances from the middle, in cases: the line beside what is read, and both ends and the label of an edge's mark. */
const [WINDOW, MARK, LABEL] = [0.075, [-0.21, 0.11], 0.3];
const DIGITS = "₀₁₂₃₄₅₆₇₈₉";

/** "v₁" is the bottom row. */
const nameOf = (row: number) =>
  `v${[...String(row + 1)].map((digit) => DIGITS[Number(digit)]).join("")}`;

/** A step, and where the edges of what is read lie. */
interface DrawnCase {
  readonly step: LineStep;
  /** The height at which the pop ended. */
  readonly near: number;
  /** The height of the window's other edge. */
  readonly far: number;
  /** Names of the rows in which they lie; undefined for an edge between two rows, or beyond the last. */
  readonly m?: string;
  readonly p?: string;
}

function rowAt(rows: readonly LinePart[], height: number): string | undefined {
  return rows.find(({ from, to }) => from < height && height < to)?.name;
}

function drawnCase({ ends, strengths, pop, push }: WindowCase): DrawnCase {
  let top = 0;
  const before = strengths.map((s, i) => ({ name: nameOf(i), from: top, to: top += s }));
  const name = nameOf(strengths.length);
  const step = takeLineStep({ rows: before, bottom: 0, top }, [{ ends, pop, push, name }]);
  const [window] = step.windows, isTop = ends.pops === "top";
  const near = isTop ? Math.max(0, top - pop) : Math.min(top, pop);
  const far = isTop ? window.from : window.to;
  return { step, near, far, m: rowAt(before, near), p: rowAt(step.line.rows, far) };
}

/** Whether nothing of the row in which the pop ended is left out of the read. */
function isAlive({ m, p }: DrawnCase, { push, ends }: WindowCase): boolean {
  return m !== undefined && m !== p && !(push >= 1 && ends.pushes === ends.pops);
}

function slopeText(drawn: DrawnCase, given: WindowCase): string {
  const { m, p } = drawn;
  if (!isAlive(drawn, given)) return "∂r/∂u = 0";
  return `∂r/∂u = ${p === undefined ? "−" : `${p} − `}${m}`;
}

/** The marks of both edges, each a line across the bar. */
function edgeMarks(cases: readonly DrawnCase[]): Data {
  const heights = cases.flatMap(({ near, far }, k) => [near, far].map((height) => ({ k, height })));
  return {
    type: "scatter",
    mode: "lines",
    x: heights.flatMap(({ k }) => [...MARK.map((x) => roundDecimals(k + x)), null]),
    y: heights.flatMap(({ height }) => [height, height, null].map((y) => y && roundDecimals(y))),
    line: { color: PALETTE.vermilion, width: 2.5 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** The line beside what is read. */
function windowMarks(cases: readonly DrawnCase[]): Data {
  return {
    type: "scatter",
    mode: "lines",
    x: cases.flatMap((_, k) => [k + WINDOW, k + WINDOW, null]),
    y: cases.flatMap(({ step: { windows: [{ from, to }] } }) => [
      roundDecimals(from),
      roundDecimals(to),
      null,
    ]),
    line: { color: INK, width: 4 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** Least distance of two labels, in units of strength. */
const APART = 0.4;

/** "near edge: in v₁ (row m)" and "far edge: …", pushed apart where the edges are close. */
function edgeLabels({ near, far, m, p }: DrawnCase, k: number): PlotLabel[] {
  const away = Math.sign(near - far) || 1, middle = (near + far) / 2;
  const half = Math.max(Math.abs(near - far), APART) / 2;
  const text = (edge: string, row: string | undefined, letter: string) =>
    `${edge} edge:<br>${row === undefined ? "in no row" : `<b>${row}</b>, row ${letter}`}`;
  return [
    { x: k + LABEL, y: middle + away * half, text: text("near", m, "m") },
    { x: k + LABEL, y: middle - away * half, text: text("far", p, "p") },
  ];
}

function describe(cases: readonly WindowCase[], drawn: readonly DrawnCase[]): string {
  const where = (row: string | undefined) => row === undefined ? "in no row" : `in ${row}`;
  return "The rows after a step, with the window that is read. " +
    cases.map((given, k) =>
      `${given.name}: strengths ${given.strengths.map((s) => formatNumber(s)).join(", ")}, ` +
      `pop ${formatNumber(given.pop)} at the ${given.ends.pops}, ` +
      `push ${formatNumber(given.push)} at the ${given.ends.pushes}; the near edge lies ` +
      `${where(drawn[k].m)}, the far edge ${where(drawn[k].p)}, ${slopeText(drawn[k], given)}`
    ).join("; ") + ".";
}

/**
 * Draws steps of a stack or a queue: the rows at their heights, the window that is read, and the rows in which its edges lie.
 * Below stands what follows for the pop's gradient.
 *
 * ∂r_t/∂u_t = v_p − v_m if the near edge lies in row m and the far edge in another row p, else 0
 *
 * Source: the derivatives of equations (2)–(5) of Grefenstette et al. 2015, arXiv:1506.02516.
 *
 * @example A queue's window reaches from the row in which the pop ends to another one.
 * ```ts
 * import { readWindows } from "@/figures/read_windows.ts";
 * import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const [ends] = QUEUE_ENDS.ports;
 * const { description } = readWindows({
 *   title: "A queue's pop is alive",
 *   cases: [{ name: "queue", ends, strengths: [0.75, 0.75], pop: 0.25, push: 0.75 }],
 * });
 * assertStringIncludes(description, "near edge lies in v₁, the far edge in v₂, ∂r/∂u = v₂ − v₁");
 * ```
 * @param inputs Title and steps.
 * @returns A static figure, 620 pixels wide, whose height depends on the highest pile.
 * @throws {RangeError} If there are not 1 to 3 steps, or a strength, a pop or a push is negative or NaN.
 */
export function readWindows(inputs: ReadWindowsInputs): Figure {
  const { title, cases } = inputs;
  checkCases(cases);
  const drawn = cases.map(drawnCase);
  const names = [
    ...new Set(
      drawn.flatMap(({ step }) => [...step.popped, ...step.line.rows].map(({ name }) => name)),
    ),
  ].sort();
  const pixels = HELD.width * (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / cases.length;
  const held = drawn.map(({ step }, k) =>
    heldParts(step, k + HELD.shift, names, { pixels, unit: UNIT })
  );
  const popped = drawn.flatMap(({ step }, k) =>
    step.popped.map((part) => ({ ...part, x: k + POPPED.shift }))
  );
  const parts = drawn.flatMap(({ step }) => [...step.popped, ...step.line.rows]);
  const [low, high] = [
    Math.min(0, ...parts.map(({ from }) => from)),
    Math.max(1, ...parts.map(({ to }) => to)),
  ];
  const figure = addTitleMargin(makeFigure({
    title,
    description: describe(cases, drawn),
    data: [
      lineBars("popped", popped, names, POPPED.width),
      lineBars("deeper", held.flatMap(({ unread }) => unread), names, HELD.width),
      lineBars("read", held.flatMap(({ read }) => read), names, HELD.width),
      windowMarks(drawn),
      edgeMarks(drawn),
      plotLabels(held.flatMap(({ labels }) => labels), { size: 12 }),
      plotLabels(drawn.flatMap(edgeLabels), { size: 12 }),
    ],
    xTitle: "full colour, beside a thick line: read; pale: not read; narrow, outlined: just popped",
    layout: {
      height: MARGIN.t + MARGIN.b + (high - low + 0.3) * UNIT,
      margin: MARGIN,
      barmode: "overlay",
      xaxis: {
        range: [-0.5, cases.length - 0.5],
        tickvals: cases.map((_, k) => k),
        ticktext: cases.map((given, k) => `<b>${given.name}</b><br>${slopeText(drawn[k], given)}`),
        showgrid: false,
        ticks: "",
        tickfont: { size: 13 },
      },
      yaxis: { range: [low - 0.15, high + 0.15], visible: false },
    },
  }));
  return { ...figure, config: { ...figure.config, staticPlot: true } };
}

function checkCases(cases: readonly WindowCase[]): void {
  const action = "draw the windows of reads";
  if (cases.length < 1 || cases.length > 3) {
    throw new RangeError(`Cannot ${action}: wanted 1 to 3 steps, got ${cases.length}`);
  }
  for (const { strengths, pop, push } of cases) {
    const wrong = [...strengths, pop, push].find((x) => !(x >= 0));
    if (wrong !== undefined) {
      throw new RangeError(`Cannot ${action}: wanted numbers of at least 0, got ${wrong}`);
    }
  }
}
