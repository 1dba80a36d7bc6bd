/**
 * The stack in motion: one frame for each step, with a play button and a slider.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import { depthTicks, depthZones } from "@/figures/parts/depth_zones.ts";
import { type Figure, type Frame, type Layout, makeFigure } from "./figure.ts";
import {
  changingProperties,
  type MotionScene,
  motionScene,
  stepTraces,
} from "@/figures/parts/motion_traces.ts";
import { motionControls } from "@/figures/parts/motion_controls.ts";
import { checkNames } from "@/figures/parts/stack_blocks.ts";
import { stackPicture } from "./stack_picture.ts";
import { describeSteps } from "@/figures/parts/step_table.ts";
import { addTitleMargin } from "@/figures/parts/title_margin.ts";

/** The content of the figure. */
export interface StackInMotionInputs {
  /** The claim that the figure makes. */
  readonly title: string;
  /** The trace of the stack. */
  readonly trace: StackTrace;
  /** Name of the value pushed at each step; steps of one name share a colour. */
  readonly names: readonly string[];
}

const MARGIN = { l: 64, r: 104, t: 56, b: 24 };
/** Heights in pixels: the sentence above the panels, the labels of their axes, slider and buttons. */
const [SENTENCE, LABELS, CONTROLS] = [40, 56, 84];

/** The last of the steps with the most blocks, where popped blocks count double. */
function fullestStep({ piles }: MotionScene): number {
  const blocks = piles.held.map((held, t) => held.length + 2 * piles.popped[t].length);
  return blocks.lastIndexOf(Math.max(...blocks));
}

function layoutOf(scene: MotionScene, rows: number, active: number): Partial<Layout> {
  const { trace, names, piles } = scene;
  const T = names.length;
  const inner = SENTENCE + rows;
  const longest = Math.max(...trace.strengths.flat());
  const domain: [number, number] = [0, rows / inner];
  const hidden = { visible: false, fixedrange: true };
  const every = Math.ceil((T * 13) / rows);
  const zones = depthZones(piles, scene.scale.unit);
  return {
    height: MARGIN.t + inner + LABELS + CONTROLS + MARGIN.b,
    margin: { ...MARGIN, b: LABELS },
    barmode: "overlay",
    xaxis: { domain: [0, 0.54], range: [0, longest * 1.18], showgrid: false, nticks: 5 },
    yaxis: {
      domain,
      range: [0.4, T + 0.6],
      showgrid: false,
      ticks: "",
      tickvals: names.map((_, i) => i + 1).filter((row) => (row - 1) % every === 0),
      ticktext: names.filter((_, i) => i % every === 0).map((name) => name + "\u00a0"),
    },
    xaxis2: {
      domain: [0.72, 1],
      range: [-0.5, 0.5],
      showticklabels: false,
      ticks: "",
      showgrid: false,
      anchor: "y2",
      title: { text: "the same as a pile" },
    },
    yaxis2: {
      domain,
      range: [piles.deepest + 0.03, piles.highest - 0.03],
      anchor: "x2",
      showgrid: false,
      tickvals: depthTicks(piles.deepest),
      title: { text: "depth below the top (strength)" },
    },
    xaxis3: { ...hidden, range: [0, 1], anchor: "y3" },
    yaxis3: { ...hidden, range: [-1, 1], domain: [1 - SENTENCE / inner, 1], anchor: "x3" },
    shapes: zones.shapes.map((shape) => ({
      ...shape,
      xref: shape.xref === "paper" ? "paper" : "x2 domain",
      yref: "y2",
    })),
    annotations: zones.annotations.map((note) => ({ ...note, yref: "y2" })),
    ...motionControls({ steps: T, active, gap: LABELS, redraw: false }),
  };
}

/**
 * Shows the stack step by step, with a play button and a slider: on the left its rows with their strengths, as in the
 * paper's Figure 1(a), on the right the same blocks as a pile, with popped blocks above its surface.
 *
 * Blocks in full colour are read, pale ones are too deep to be read, outlined ones were popped by this step. The first state
 * is the step with the most blocks; the static picture shows all steps side by side, as {@linkcode stackPicture} does. Thirty steps take about 130 kB; the size grows quadratically.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, Figure 1(a).
 *
 * @example One frame for each step.
 * ```ts
 * import { stackInMotion } from "@/figures/stack_in_motion.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const figure = stackInMotion({
 *   title: "The first value comes back when the second is popped",
 *   trace: runStack({ values: [[1], [2], [0]], pops: [0, 0, 1], pushes: [1, 1, 0] }),
 *   names: ["a", "b", "nothing"],
 * });
 * assertEquals(figure.frames?.map((frame) => frame.name), ["1", "2", "3"]);
 * assertEquals(figure.layout.sliders?.[0].steps?.length, 3);
 * ```
 * @param inputs Title, run and names.
 * @returns A figure with frames.
 * @throws {TypeError} If there is no step, or the numbers of names and steps differ.
 */
export function stackInMotion(inputs: StackInMotionInputs): Figure {
  const { title, trace, names } = inputs;
  checkNames("draw the stack in motion", trace, names);
  const rows = Math.min(400, Math.max(220, 40 * names.length));
  const scene = motionScene(trace, names, { width: 120, height: rows });
  const start = fullestStep(scene);
  const everyTrace = stepTraces(scene, start).map((_, k) => k);
  const frames = names.map((_, t): Frame => ({
    name: String(t + 1),
    data: stepTraces(scene, t).map(changingProperties),
    traces: everyTrace,
  }));
  const figure = addTitleMargin(makeFigure({
    title,
    description: `A stack in motion over ${names.length} steps: ${
      describeSteps(trace, names).join("; ")
    }.`,
    data: stepTraces(scene, start),
    frames,
    xTitle: "strength",
    yTitle: "row",
    layout: layoutOf(scene, rows, start),
  }));
  return { ...figure, still: stackPicture(inputs) };
}
