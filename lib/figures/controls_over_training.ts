/**
 * The controls of each step over the iterations of training.
 *
 * `T` steps, `K` points of the training.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import { endLabels } from "@/figures/parts/plot_labels.ts";
import { type Data, type Figure, type Layout, makeFigure } from "./figure.ts";
import { downsample, lineStyle } from "@/figures/parts/lines.ts";
import { formatNumber, roundDecimals } from "@/figures/parts/number_text.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** The content of the figure. */
export interface ControlsOverTrainingInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** u_1 … u_T at each of `K` points of the training, `K` × `T`. */
  readonly pops: Matrix;
  /** d_1 … d_T, `K` × `T`; drawn in a panel of their own, left of the pops. */
  readonly pushes?: Matrix;
  /** The iteration of each point; 0, 1, 2 … if left out. */
  readonly iterations?: Vector;
}

/** A panel: its control, the lines in it, and its position. */
interface Panel {
  readonly letter: "u" | "d";
  readonly name: string;
  readonly controls: Matrix;
  /** "" for the first panel's axes, "2" for the second's. */
  readonly axis: "" | "2";
  readonly domain: [number, number];
}

const MARGIN = { l: 64, r: 56, t: 56, b: 56 };
const HEIGHT = 380;
const POINTS = 200;
/** Space above and below the range of the controls. */
const PADDING = 0.04;

function panelsOf({ pops, pushes }: ControlsOverTrainingInputs): Panel[] {
  const pop = { letter: "u", name: "pop <i>u</i>", controls: pops } as const;
  if (!pushes) return [{ ...pop, axis: "", domain: [0, 1] }];
  const push = { letter: "d", name: "push <i>d</i>", controls: pushes } as const;
  return [
    { ...push, axis: "", domain: [0, 0.41] },
    { ...pop, axis: "2", domain: [0.59, 1] },
  ];
}

function column(matrix: Matrix, t: number): Vector {
  return matrix.map((row) => row[t]);
}

function lines({ letter, controls, axis }: Panel, iterations: Vector): Data[] {
  return controls[0].map((_, t): Data => {
    const values = column(controls, t);
    const chosen = downsample(values, POINTS, iterations);
    return {
      type: "scatter",
      mode: "lines",
      name: `${letter}<sub>${t + 1}</sub>`,
      x: chosen.map((k) => iterations[k]),
      y: chosen.map((k) => roundDecimals(values[k])),
      line: { ...lineStyle(t), width: 2.5 },
      showlegend: false,
      xaxis: `x${axis}`,
      yaxis: `y${axis}`,
    };
  });
}

/** Name of each control with its step, right of the panel. */
function labels({ letter, controls, axis, domain }: Panel, range: [number, number]) {
  const height = HEIGHT - MARGIN.t - MARGIN.b;
  const last = controls[controls.length - 1];
  const ends = last.map((value, t) => ({
    name: `<i>${letter}</i><sub>${t + 1}</sub>`,
    color: lineStyle(t).color,
    height: (height * (value - range[0])) / (range[1] - range[0]),
  }));
  return endLabels(ends, { x: domain[1], height, yaxis: `y${axis}` });
}

function axes({ name, axis, domain }: Panel, range: [number, number]): Partial<Layout> {
  const xaxis: Layout["xaxis"] = {
    domain,
    title: { text: "iteration" },
    nticks: 6,
    showline: true,
    linecolor: "#888888",
  };
  const yaxis: Layout["yaxis"] = { range, title: { text: name } };
  if (axis === "") return { xaxis, yaxis };
  return { xaxis2: { ...xaxis, anchor: "y2" }, yaxis2: { ...yaxis, anchor: "x2" } };
}

function describe({ letter, controls }: Panel): string {
  const [first, last] = [controls[0], controls[controls.length - 1]];
  const moves = first.map((value, t) =>
    `${letter}${t + 1} from ${formatNumber(value)} to ${formatNumber(last[t])}`
  );
  return moves.join(", ");
}

/**
 * Draws each step's pop over the iterations of training, and each step's push if given; every line is labelled at its
 * end.
 *
 * @example The pop of step 2 rises.
 * ```ts
 * import { controlsOverTraining } from "@/figures/controls_over_training.ts";
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const figure = controlsOverTraining({
 *   title: "The second pop is learned",
 *   pops: [[0, 0.1], [0, 0.6], [0, 1]],
 *   iterations: [0, 100, 200],
 * });
 * const second = figure.data[1];
 * assertEquals(second.type === "scatter" && [second.x, second.y], [[0, 100, 200], [0.1, 0.6, 1]]);
 * assertStringIncludes(figure.description, "u2 from 0.1 to 1");
 * ```
 * @param inputs Title, controls, and the iterations at which they were recorded.
 * @returns The figure.
 * @throws {TypeError} If there is no point, or the numbers of points, steps or iterations differ.
 * @throws {RangeError} If a control is NaN or infinite.
 */
export function controlsOverTraining(inputs: ControlsOverTrainingInputs): Figure {
  const { title, pops, pushes = pops } = inputs;
  const iterations = inputs.iterations ?? pops.map((_, k) => k);
  const action = "draw controls";
  if (pops.length === 0) throw new TypeError(`Cannot ${action}: wanted at least 1 point, got 0`);
  checkMatrix(action, "pops", pops, iterations.length);
  checkMatrix(action, "pushes", pushes, iterations.length, pops[0].length);
  const panels = panelsOf(inputs);
  const all = [0, 1, ...pops.flat(), ...pushes.flat()];
  const range: [number, number] = [Math.min(...all) - PADDING, Math.max(...all) + PADDING];
  return addTitleMargin(makeFigure({
    title,
    description: `Controls over training: ${panels.map(describe).join("; ")}.`,
    data: panels.flatMap((panel) => lines(panel, iterations)),
    layout: {
      height: HEIGHT,
      margin: MARGIN,
      ...Object.assign({}, ...panels.map((panel) => axes(panel, range))),
      annotations: panels.flatMap((panel) => labels(panel, range)),
    },
  }));
}
