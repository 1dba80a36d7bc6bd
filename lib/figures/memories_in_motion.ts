/**
 * Stack, queue and deque over time, one below the other: what stays in a memory stays at its height, and the read moves.
 *
 * @module
 */
import type { MemoryEnds } from "@/memory/sparse_rows.ts";
import { INK } from "@/figures/parts/colours.ts";
import { type BarScale, heldParts, lineBars } from "@/figures/parts/line_bars.ts";
import {
  EMPTY_LINE,
  type LineStep,
  partsInWindow,
  takeLineStep,
} from "@/figures/parts/memory_line.ts";
import { motionControls } from "@/figures/parts/motion_controls.ts";
import { formatNumber, formatTerm, roundDecimals } from "@/figures/parts/number_text.ts";
import { plotLabels } from "@/figures/parts/plot_labels.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";
import { type Data, type Figure, FIGURE_WIDTH, type Layout, makeFigure } from "./figure.ts";

/** What one port is asked to do over `T` steps. */
export interface PortProgram {
  /** u of each step. */
  readonly pops: readonly number[];
  /** d of each step. */
  readonly pushes: readonly number[];
  /** Name of the value pushed at each step; rows of one name share a colour. */
  readonly names: readonly string[];
}

/** A memory and what it is asked to do. */
export interface MemoryProgram {
  /** Its label, such as "queue: pushes at the top, pops at the bottom". */
  readonly name: string;
  /** Which memory, such as `QUEUE_ENDS`. */
  readonly ends: MemoryEnds;
  /** The program of each of its ports. */
  readonly ports: readonly PortProgram[];
}

/** The content of the figure. */
export interface MemoriesInMotionInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The memories, from the top down, all over the same steps. */
  readonly memories: readonly MemoryProgram[];
  /** Label below each step; by default "step 1" and so on. A line break is `<br>`. */
  readonly steps?: readonly string[];
}

const MARGIN = { l: 64, r: 24, t: 56, b: 56 };
/** Heights in pixels: a panel's label, the space above and below its marks, slider and buttons. */
const [LABEL, SPACE, CONTROLS] = [26, 5, 84];
/** Pixels for a unit of strength, if they fit. */
const [UNIT, HIGHEST] = [44, 640];
/** In steps: the widths of what is held and of what was popped, and their centres' distances from the step. */
const HELD = { width: 0.6, shift: 0.06 }, POPPED = { width: 0.14, shift: -0.36 };
/** Distances, in steps, of the marks of a read at the top and of one at the bottom from the step. */
const READ_MARKS = { top: 0.42, bottom: -0.27 };

/** A memory's steps with the heights between which they lie. */
interface Panel {
  readonly program: MemoryProgram;
  readonly steps: readonly LineStep[];
  readonly low: number;
  readonly high: number;
}

function checkProgram({ name, ends, ports }: MemoryProgram, T: number): void {
  const action = `draw the memory "${name}"`;
  if (T === 0) throw new TypeError(`Cannot ${action}: wanted at least 1 step, got 0`);
  if (ports.length !== ends.ports.length) {
    throw new TypeError(
      `Cannot ${action}: wanted ${ends.ports.length} programs (one for each port of the ${ends.name}), got ${ports.length}`,
    );
  }
  for (const lists of ports) {
    for (const kind of ["pops", "pushes", "names"] as const) {
      if (lists[kind].length !== T) {
        throw new TypeError(`Cannot ${action}: wanted ${T} ${kind}, got ${lists[kind].length}`);
      }
    }
    const wrong = [...lists.pops, ...lists.pushes].find((control) => !(control >= 0));
    if (wrong !== undefined) {
      throw new RangeError(`Cannot ${action}: wanted pops and pushes of at least 0, got ${wrong}`);
    }
  }
}

/** Runs a memory, and measures how high its panel must be. */
function panelOf(program: MemoryProgram, T: number): Panel {
  let line = EMPTY_LINE;
  const steps = Array.from({ length: T }, (_, t) => {
    const ports = program.ports.map(({ pops, pushes, names }, p) => ({
      ends: program.ends.ports[p],
      pop: pops[t],
      push: pushes[t],
      name: names[t],
    }));
    const step = takeLineStep(line, ports);
    line = step.line;
    return step;
  });
  const heights = steps.flatMap(({ line, popped }) => [
    line.bottom,
    line.top,
    ...popped.flatMap(({ from, to }) => [from, to]),
  ]);
  return { program, steps, low: Math.min(0, ...heights), high: Math.max(1, ...heights) };
}

/** Everything that the traces of all panels share. */
interface Scene extends BarScale {
  readonly names: readonly string[];
}

/** The axes of the panel with index k. */
function axesOf(k: number) {
  return k === 0 ? { xaxis: "x", yaxis: "y" } : { xaxis: `x${k + 1}`, yaxis: `y${k + 1}` };
}

/** A line beside what each port reads, at each step up to `last`. */
function readMarks({ program, steps }: Panel, last: number): Data {
  const marks = steps.slice(0, last + 1).flatMap(({ windows }, t) =>
    windows.map(({ from, to }, p) => ({
      x: roundDecimals(t + 1 + READ_MARKS[program.ends.ports[p].pops]),
      y: [from, to].map((height) => roundDecimals(height)),
    })).filter(({ y: [from, to] }) => to > from)
  );
  return {
    type: "scatter",
    mode: "lines",
    name: "one unit from an end",
    x: marks.flatMap(({ x }) => [x, x, null]),
    y: marks.flatMap(({ y }) => [...y, null]),
    line: { color: INK, width: 3 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** What a panel shows of the steps up to `last`. */
function panelTraces(panel: Panel, k: number, { names, ...scale }: Scene, last: number): Data[] {
  const steps = panel.steps.slice(0, last + 1);
  const held = steps.map((step, t) => heldParts(step, t + 1 + HELD.shift, names, scale));
  const popped = steps.flatMap(({ popped }, t) =>
    popped.map((part) => ({ ...part, x: t + 1 + POPPED.shift }))
  );
  const traces = [
    lineBars("popped", popped, names, POPPED.width),
    lineBars("deeper", held.flatMap(({ unread }) => unread), names, HELD.width),
    lineBars("read", held.flatMap(({ read }) => read), names, HELD.width),
    readMarks(panel, last),
    plotLabels(held.flatMap(({ labels }) => labels), { size: 12 }),
  ];
  return traces.map((trace) => ({ ...trace, ...axesOf(k) } as Data));
}

/** The axes of all panels, one below the other, and their labels. */
function layoutOf(panels: readonly Panel[], steps: readonly string[], unit: number) {
  const heights = panels.map(({ low, high }) => (high - low) * unit + 2 * SPACE);
  const inner = heights.reduce((sum, height) => sum + height + LABEL, 0);
  const layout: Record<string, unknown> = {}, annotations: Layout["annotations"] = [];
  let above = 0;
  panels.forEach(({ program, low, high }, k) => {
    const [from, to] = [above + LABEL, above + LABEL + heights[k]],
      isLast = k === panels.length - 1;
    above = to;
    const { xaxis, yaxis } = axesOf(k);
    layout[xaxis.replace("x", "xaxis")] = {
      range: [0.5, steps.length + 0.5],
      anchor: yaxis,
      showgrid: false,
      ticks: "",
      tickvals: steps.map((_, t) => t + 1),
      ticktext: isLast ? [...steps] : steps.map(() => ""),
      ...(isLast ? { title: { text: CAPTION } } : { visible: false }),
    };
    const space = SPACE / unit;
    layout[yaxis.replace("y", "yaxis")] = {
      range: [roundDecimals(low - space), roundDecimals(high + space)],
      domain: [Math.max(0, 1 - to / inner), 1 - from / inner],
      anchor: xaxis,
      dtick: 1,
      title: { text: "height (strength)" },
    };
    annotations.push({
      text: program.name,
      ...{ xref: "paper", x: 0, xanchor: "left", yref: "paper", yanchor: "bottom" },
      ...{ y: 1 - from / inner, showarrow: false },
    });
  });
  return { layout: { ...layout, annotations } as Partial<Layout>, inner };
}

const CAPTION =
  "full colour, beside a thick line: read; pale: not read; narrow, outlined: just popped";

function describe(panels: readonly Panel[]): string {
  return panels.map(({ program: { ends, ports }, steps }) => {
    const clauses = steps.map(({ line, windows }, t) => {
      const reads = windows.map((window, p) => {
        const terms = partsInWindow(line.rows, window).map(({ name, from, to }) =>
          formatTerm(to - from, name)
        );
        const place = ports.length > 1 ? ` at the ${ends.ports[p].pops}` : "";
        return `${terms.join(" + ") || "nothing"}${place}`;
      });
      return `step ${t + 1} pops ${
        ports.map(({ pops }) => formatNumber(pops[t])).join(" and ")
      }, ` +
        `reads ${reads.join(" and ")}`;
    });
    return `A ${ends.name} over ${steps.length} steps: ${clauses.join("; ")}.`;
  }).join(" ");
}

/**
 * Shows memories step by step, one below the other: each row at a fixed height from its push to its pop, and beside it the
 * unit that each port reads. There is a play button and a slider; the static picture shows all steps.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, equations (2)–(11).
 *
 * @example A stack and a queue over the same three steps.
 * ```ts
 * import { memoriesInMotion } from "@/figures/memories_in_motion.ts";
 * import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
 * import { STACK_ENDS } from "@/memory/sparse_stack.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const ports = [{ pops: [0, 0, 1], pushes: [1, 1, 0], names: ["a", "b", "–"] }];
 * const { description } = memoriesInMotion({
 *   title: "One pop takes the newest value or the oldest",
 *   memories: [{ name: "stack", ends: STACK_ENDS, ports }, { name: "queue", ends: QUEUE_ENDS, ports }],
 * });
 * assertStringIncludes(description, "A stack over 3 steps: step 1 pops 0, reads 1 a;");
 * assertStringIncludes(description, "step 3 pops 1, reads 1 b.");
 * ```
 * @param inputs Title, memories and labels of the steps.
 * @returns A figure with frames, 620 pixels wide.
 * @throws {TypeError} If there is no memory or no step, or a program does not fit its memory or the steps.
 * @throws {RangeError} If a pop or a push is negative or NaN.
 */
export function memoriesInMotion(inputs: MemoriesInMotionInputs): Figure {
  const { title, memories } = inputs;
  if (memories.length === 0) {
    throw new TypeError("Cannot draw memories: wanted at least 1, got 0");
  }
  const T = inputs.steps?.length ?? memories[0].ports[0]?.pops.length ?? 0;
  for (const program of memories) checkProgram(program, T);
  const steps = inputs.steps ?? Array.from({ length: T }, (_, t) => `step ${t + 1}`);
  const panels = memories.map((program) => panelOf(program, T));
  const extent = panels.reduce((sum, { low, high }) => sum + high - low, 0);
  const unit = Math.min(UNIT, HIGHEST / extent);
  const names = [...new Set(memories.flatMap(({ ports }) => ports.flatMap(({ names }) => names)))];
  const column = (FIGURE_WIDTH - MARGIN.l - MARGIN.r) / T;
  const scene = { names, pixels: HELD.width * column, unit };
  const upTo = (last: number) => panels.flatMap((panel, k) => panelTraces(panel, k, scene, last));
  const data = upTo(T - 1), { layout, inner } = layoutOf(panels, steps, unit);
  return addTitleMargin(makeFigure({
    title,
    description: describe(panels),
    data,
    frames: steps.map((_, t) => ({
      name: String(t + 1),
      data: upTo(t),
      traces: data.map((_, k) => k),
    })),
    layout: {
      ...layout,
      height: MARGIN.t + inner + MARGIN.b + CONTROLS,
      margin: MARGIN,
      barmode: "overlay",
      ...motionControls({ steps: T, active: T - 1, gap: MARGIN.b, redraw: true }),
    },
  }));
}
