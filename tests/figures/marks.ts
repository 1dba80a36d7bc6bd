/**
 * Where the marks of a figure lie on its axes, and which of them are cut off.
 *
 * Only axes with a range of their own can cut anything off: for all others Plotly chooses a range that shows every mark.
 *
 * @module
 */

/** A figure, or what a notebook stores of one. */
export interface Drawing {
  readonly data: readonly object[];
  readonly layout: object;
  readonly frames?: readonly object[];
}

/** The smallest and the largest coordinate, in the axis's own unit: powers of ten on a logarithmic axis. */
type Extent = readonly [low: number, high: number];

/** A mark on a pair of axes. */
interface Mark {
  readonly name: string;
  /** The axes' names in the layout, as in "xaxis" and "yaxis2"; undefined where it is placed on the page. */
  readonly axes: { readonly x?: string; readonly y?: string };
  readonly x: Extent;
  readonly y: Extent;
  /** How far a marker reaches around its centre, in pixels. */
  readonly radius: number;
}

interface Axis {
  readonly range?: readonly [number, number];
  readonly type?: string;
  readonly domain?: readonly [number, number];
  readonly visible?: boolean;
  readonly autorange?: boolean | "reversed";
  readonly ticktext?: readonly string[];
  readonly title?: { readonly text?: string };
}

interface ErrorBars {
  readonly array: readonly number[];
  readonly arrayminus?: readonly number[];
}

interface Trace {
  readonly type: "scatter" | "bar" | "heatmap";
  readonly name?: string;
  readonly mode?: string;
  readonly orientation?: string;
  readonly x?: readonly (number | null)[];
  readonly y?: readonly (number | null)[];
  readonly z?: readonly (readonly (number | null)[])[];
  readonly base?: readonly number[];
  readonly width?: number | readonly number[];
  readonly text?: readonly string[];
  readonly marker?: { readonly size?: number | readonly number[] };
  readonly error_x?: ErrorBars;
  readonly error_y?: ErrorBars;
  readonly cliponaxis?: boolean;
  readonly xaxis?: string;
  readonly yaxis?: string;
}

interface Placed {
  readonly xref?: string;
  readonly yref?: string;
  readonly text?: string;
  readonly x: number;
  readonly y: number;
}

interface Shape extends Placed {
  readonly type: string;
  readonly path?: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

interface Slider {
  readonly steps: readonly { readonly method: string; readonly args: readonly unknown[] }[];
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly margin: {
    readonly l?: number;
    readonly r?: number;
    readonly t: number;
    readonly b?: number;
  };
  readonly barmode?: string;
  readonly shapes?: readonly Shape[];
  readonly annotations?: readonly Placed[];
  readonly sliders?: readonly Slider[];
  readonly [axis: `${"x" | "y"}axis${string}`]: Axis;
}

interface State {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

const around = (numbers: readonly number[]): Extent => [Math.min(...numbers), Math.max(...numbers)];
const entry = <T>(list: T | readonly T[] | undefined, k: number) =>
  Array.isArray(list) ? list[k] : list as T | undefined;
/** "xaxis2" for "x2". */
const axisName = (ref: string) => ref.replace(/^[xy]/, "$&axis");

function axesOf({ xaxis = "x", yaxis = "y" }: Trace) {
  return { x: axisName(xaxis), y: axisName(yaxis) };
}

function onAxis({ layout }: State, name: string, numbers: readonly number[]): Extent {
  const { type } = layout[name as "xaxis"] ?? {};
  return around(type === "log" ? numbers.map(Math.log10) : numbers);
}

/** Dots, corners of lines, and texts, with their error bars. */
function pointsOf(state: State, trace: Trace): Mark[] {
  const { x = [], y = [], mode = "lines", text, name = mode } = trace, axes = axesOf(trace);
  const isCut = mode.includes("markers") && trace.cliponaxis !== false;
  const ends = (bars: ErrorBars | undefined, at: number, k: number) =>
    bars ? [at - (bars.arrayminus ?? bars.array)[k], at + bars.array[k]] : [at];
  return x.flatMap((x_k, k): Mark[] => {
    const y_k = y[k];
    if (x_k === null || y_k === null) return []; // a gap in a line
    return [{
      name: `${text?.[k] ?? name} at ${x_k}, ${y_k}`,
      axes,
      x: onAxis(state, axes.x, ends(trace.error_x, x_k, k)),
      y: onAxis(state, axes.y, ends(trace.error_y, y_k, k)),
      radius: isCut ? (entry(trace.marker?.size, k) ?? 6) / 2 : 0,
    }];
  });
}

/** Bars from their base, or from the end of the bar that they are stacked on. */
function barsOf(state: State, trace: Trace, stacked: Map<string, number>): Mark[] {
  const { x = [], y = [], base, orientation, name = "bar" } = trace, axes = axesOf(trace);
  const isLevel = orientation === "h", [along, lengths] = isLevel ? [y, x] : [x, y];
  return along.map((at, k): Mark => {
    const length = lengths[k]!, half = (entry(trace.width, k) ?? 0) / 2;
    const pile = `${axes.x} ${axes.y} ${at} ${length < 0}`;
    const isStacked = state.layout.barmode === "relative" && base === undefined;
    const start = base?.[k] ?? (isStacked ? stacked.get(pile) ?? 0 : 0);
    if (isStacked) stacked.set(pile, start + length);
    const across: Extent = [at! - half, at! + half], extent = around([start, start + length]);
    return {
      name: `${name} at ${at}, from ${start} on`,
      axes,
      ...(isLevel ? { x: extent, y: across } : { x: across, y: extent }),
      radius: 0,
    };
  });
}

/** The cells that are not empty, as wide as the distance of the first two. */
function cellsOf({ z = [], x, y, ...trace }: Trace): Mark[] {
  const centres = (list: Trace["x"], n: number) => list ?? Array.from({ length: n }, (_, k) => k);
  const [columns, rows] = [centres(x, z[0].length), centres(y, z.length)] as number[][];
  const half = (list: number[]) => list.length > 1 ? (list[1] - list[0]) / 2 : 0.5;
  const cell = (list: number[], k: number): Extent =>
    around([list[k] - half(list), list[k] + half(list)]);
  return z.flatMap((numbers, i) =>
    numbers.flatMap((number, k): Mark[] =>
      number === null ? [] : [{
        name: `cell at ${columns[k]}, ${rows[i]}`,
        axes: axesOf(trace as Trace),
        x: cell(columns, k),
        y: cell(rows, i),
        radius: 0,
      }]
    )
  );
}

function marksOfTraces(state: State): Mark[] {
  const stacked = new Map<string, number>();
  return state.data.flatMap((trace) =>
    trace.type === "bar"
      ? barsOf(state, trace, stacked)
      : trace.type === "heatmap"
      ? cellsOf(trace)
      : pointsOf(state, trace)
  );
}

/** The axis that a shape or an annotation is placed on; none if it is placed on the panel or on the page. */
function axisOf(ref: string): string | undefined {
  return /^[xy]\d*$/.test(ref) ? axisName(ref) : undefined;
}

function marksOfShapes(state: State): Mark[] {
  const { shapes = [], annotations = [] } = state.layout;
  const axes = ({ xref = "x", yref = "y" }: Placed) => ({ x: axisOf(xref), y: axisOf(yref) });
  return [
    ...shapes.map((shape): Mark => {
      const { path = "", x0, x1, y0, y1 } = shape;
      const numbers = [...path.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(Number);
      const [x, y] = path === ""
        ? [[x0, x1], [y0, y1]]
        : [0, 1].map((odd) => numbers.filter((_, k) => k % 2 === odd));
      const name = `${shape.type} from ${x[0]}, ${y[0]}`;
      return { name, axes: axes(shape), x: around(x), y: around(y), radius: 0 };
    }),
    ...annotations.map((note): Mark => {
      const { x, y, text } = note; // on a logarithmic axis an annotation's place is a power already
      return { name: `"${text}"`, axes: axes(note), x: [x, x], y: [y, y], radius: 0 };
    }),
  ];
}

/** Pixels from one end of an axis to the other, which is less if Plotly makes a margin wider. */
function pixelsOf({ layout }: State, name: string): number {
  const { width, height, margin: { l = 64, r = 24, t, b = 56 } } = layout;
  const { domain = [0, 1] } = layout[name as "xaxis"];
  return (domain[1] - domain[0]) * (name[0] === "x" ? width - l - r : height - t - b);
}

/** Less than this nobody misses; numbers are rounded by less. */
const HALF_A_PIXEL = 0.5;

type Side = "within" | "outside" | "cut";

function sideOf(state: State, name: string | undefined, [low, high]: Extent, radius: number): Side {
  const { range } = state.layout[name as "xaxis"] ?? {};
  if (name === undefined || range === undefined) return "within";
  const [from, to] = around(range), unit = pixelsOf(state, name) / (to - from);
  const least = low - radius / unit, most = high + radius / unit;
  const unseen = HALF_A_PIXEL / unit;
  if (least >= from - unseen && most <= to + unseen) return "within";
  return high <= from || low >= to ? "outside" : "cut";
}

/** Each position of every slider, and each frame of the animation. */
function* statesOf({ data, layout, frames = [] }: Drawing): Generator<State> {
  const first = { data, layout } as State;
  yield first;
  for (const frame of frames as { data: Partial<Trace>[]; traces: number[] }[]) {
    const changed = new Map(frame.traces.map((trace, k) => [trace, frame.data[k]]));
    yield { ...first, data: first.data.map((trace, k) => ({ ...trace, ...changed.get(k) })) };
  }
  yield* moved(first, first.layout.sliders ?? []);
}

function* moved(state: State, [slider, ...others]: readonly Slider[]): Generator<State> {
  if (slider === undefined) return yield state;
  for (const { method, args } of slider.steps) {
    yield* moved(method === "update" ? updated(state, args) : state, others);
  }
}

/** Does to data and axes what Plotly does when a slider is moved to a stop. */
function updated(state: State, args: readonly unknown[]): State {
  const [bars, view, traces] = args as [object, object, number[]];
  const data = [...state.data], layout: Record<string, unknown> = { ...state.layout };
  traces.forEach((trace, k) => {
    const changes = Object.entries(bars).map(([name, lists]) => [name, lists[k]]);
    data[trace] = { ...data[trace], ...Object.fromEntries(changes) };
  });
  for (const [path, range] of Object.entries(view)) {
    const [axis] = path.split(".");
    layout[axis] = { ...layout[axis] as Axis, range };
  }
  return { data, layout: layout as unknown as Layout };
}

/** The axes that a slider moves over a large sheet, of which one place is in view. */
function movedAxes({ sliders = [] }: Layout): Set<string> {
  const views = sliders.flatMap(({ steps }) => steps.map(({ args }) => Object.keys(args[1] ?? {})));
  return new Set(views.flat().map((path) => path.split(".")[0]));
}

/**
 * Finds the marks of a figure that the ends of its axes cut off, in every frame and at every position of its sliders.
 *
 * Points count with their error bars and markers, bars from their base, cells with their edges, curves with the handles
 * that they stay between. On an axis that a slider moves, a mark may also lie out of view altogether.
 *
 * @param figure The figure.
 * @returns A few words for each mark that is not in full view.
 */
export function marksCutOff(figure: Drawing): string[] {
  const onSheet = movedAxes(figure.layout as Layout), found = new Set<string>();
  for (const state of statesOf(figure)) {
    for (const { name, axes, x, y, radius } of [...marksOfTraces(state), ...marksOfShapes(state)]) {
      const sides = [sideOf(state, axes.x, x, radius), sideOf(state, axes.y, y, radius)];
      const isOutOfView = sides.includes("outside") &&
        [axes.x, axes.y].some((axis) => axis !== undefined && onSheet.has(axis));
      if (!isOutOfView && sides.some((side) => side !== "within")) found.add(name);
    }
  }
  return [...found];
}

/**
 * Finds the axes of a figure that run the wrong way: to the left, numbers downwards, or a depth upwards.
 *
 * @param figure The figure.
 * @returns The names of those axes; rows with names, and axes that are not drawn, may run down or up.
 */
export function reversedAxes({ layout }: Drawing): string[] {
  return Object.entries(layout).filter(([name, axis]: [string, Axis]) => {
    if (!/^[xy]axis/.test(name)) return false;
    const [from, to] = axis.range ?? [0, 1], title = axis.title?.text ?? "";
    const isReversed = axis.autorange === "reversed" || from > to;
    if (name[0] === "x") return isReversed;
    if (title.startsWith("depth")) return !isReversed;
    return isReversed && axis.ticktext === undefined && axis.visible !== false;
  }).map(([name]) => name);
}

/**
 * Cuts a fifth off one end of each range of a figure, one after the other.
 *
 * @param figure The figure.
 * @returns The figures that are cut, by the range that is left; axes of a slider's sheet and of a sentence keep theirs.
 */
export function cutRanges({ layout, ...figure }: Drawing): Map<string, Drawing> {
  const cut = new Map<string, Drawing>(), { sliders } = layout as Layout;
  for (const [name, axis] of Object.entries(layout) as [string, Axis][]) {
    const isHidden = sliders !== undefined && axis.visible === false;
    if (!/^[xy]axis/.test(name) || axis.range === undefined || isHidden) continue;
    const [from, to] = axis.range, fifth = (to - from) / 5;
    for (const range of [[from + fifth, to], [from, to - fifth]]) {
      const narrow = { ...layout, [name]: { ...axis, range } };
      cut.set(`${name} from ${range.join(" to ")}`, { ...figure, layout: narrow });
    }
  }
  return cut;
}
