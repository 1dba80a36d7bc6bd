/**
 * Wiring diagrams of the networks in the notebooks.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { type DiagramArrow, type DiagramBox, wiringDiagram } from "./wiring_diagram.ts";

/** Steps of time that are laid out beside the loop. */
const STEPS = [1, 2, 3];

/**
 * Draws a recurrent network twice: with its loop, and laid out over three steps of time.
 *
 * h_t = f(W_x x_t + W_h h_{t−1}), y_t = f(W_y h_t)
 *
 * Source: Elman 1990, "Finding Structure in Time".
 *
 * @example The loop arrives one step later.
 * ```ts
 * import { recurrentNetworkDiagram } from "@/figures/network_diagrams.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = recurrentNetworkDiagram("The hidden layer sees itself one step ago");
 * assertStringIncludes(description, "h_t to h_t (W_h), one step later");
 * assertStringIncludes(description, "h_2 to h_3 (W_h), one step later");
 * ```
 * @param title The claim that the figure makes.
 * @returns A static figure.
 */
export function recurrentNetworkDiagram(title: string): Figure {
  const boxesAt = (t: number): DiagramBox[] => [
    { name: `x_${t}`, at: [3.2 + t, 2], kind: "input" },
    { name: `h_${t}`, at: [3.2 + t, 1] },
    { name: `y_${t}`, at: [3.2 + t, 0], kind: "output" },
  ];
  const arrowsAt = (t: number): DiagramArrow[] => [
    { from: `x_${t}`, to: `h_${t}`, label: "W_x" },
    { from: `h_${t - 1}`, to: `h_${t}`, label: "W_h", later: true },
    { from: `h_${t}`, to: `y_${t}`, label: "W_y" },
  ];
  return wiringDiagram({
    title,
    boxes: [
      { name: "x_t", at: [0, 1], kind: "input" },
      { name: "h_t", at: [1, 1] },
      { name: "y_t", at: [2, 1], kind: "output" },
      { name: "h_0", at: [3.2, 1] },
      ...STEPS.flatMap(boxesAt),
    ],
    arrows: [
      { from: "x_t", to: "h_t", label: "W_x" },
      { from: "h_t", to: "h_t", label: "W_h", later: true, lane: 0 },
      { from: "h_t", to: "y_t", label: "W_y" },
      ...STEPS.flatMap(arrowsAt),
    ],
  });
}

/** An arrangement of inputs and outputs: at which of its steps a network reads, and at which it writes. */
interface Arrangement {
  readonly name: string;
  /** Column and row of its name's first step. */
  readonly at: readonly [column: number, row: number];
  readonly steps: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

const ARRANGEMENTS: readonly Arrangement[] = [
  { name: "one to one", at: [0.25, 0], steps: 1, reads: [1], writes: [1] },
  { name: "one to many", at: [2, 0], steps: 3, reads: [1], writes: STEPS },
  { name: "many to one", at: [6, 0], steps: 3, reads: STEPS, writes: [3] },
  {
    name: "many to many: read, then write",
    at: [0.25, 4],
    steps: 4,
    reads: [1, 2],
    writes: [3, 4],
  },
  { name: "many to many, step by step", at: [6, 4], steps: 3, reads: STEPS, writes: STEPS },
];

function arrangementBoxes({ name, at: [column, row], steps, reads, writes }: Arrangement) {
  const boxAt = (letter: string, kind: DiagramBox["kind"], below: number) => (t: number) => ({
    name: `${name}, ${letter}_${t}`,
    text: steps === 1 ? letter : `${letter}_${t}`,
    at: [column + t - 1, row + below] as const,
    kind,
  });
  return [
    { name, at: [column + (steps - 1) / 2, row] as const, kind: "note" as const },
    ...writes.map(boxAt("y", "output", 1)),
    ...stepsOf(steps).map(boxAt("h", "state", 2)),
    ...reads.map(boxAt("x", "input", 3)),
  ];
}

const stepsOf = (count: number) => Array.from({ length: count }, (_, t) => t + 1);

function arrangementArrows({ name, steps, reads, writes }: Arrangement): DiagramArrow[] {
  const box = (letter: string, t: number) => `${name}, ${letter}_${t}`;
  return [
    ...reads.map((t) => ({ from: box("x", t), to: box("h", t) })),
    ...stepsOf(steps - 1).map((t) => ({ from: box("h", t), to: box("h", t + 1), later: true })),
    ...writes.map((t) => ({ from: box("h", t), to: box("y", t) })),
  ];
}

/**
 * Draws the arrangements of inputs and outputs that a recurrent network can have, unrolled over time.
 *
 * Source: Karpathy 2015, "The Unreasonable Effectiveness of Recurrent Neural Networks", its first figure.
 *
 * @example From a single input to three outputs.
 * ```ts
 * import { sequenceArrangementsDiagram } from "@/figures/network_diagrams.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = sequenceArrangementsDiagram("Only the ends differ");
 * assertStringIncludes(description, "one to many, y_1, y_2, y_3, h_1, h_2, h_3, x_1");
 * ```
 * @param title The claim that the figure makes.
 * @returns A static figure.
 */
export function sequenceArrangementsDiagram(title: string): Figure {
  return wiringDiagram({
    title,
    boxes: ARRANGEMENTS.flatMap(arrangementBoxes),
    arrows: ARRANGEMENTS.flatMap(arrangementArrows),
    rowHeight: 58,
  });
}

/**
 * Draws the RNN controller of a stack: what it reads, what it says, and what the stack shows it one step later.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4 and Figure 1(c); the tutorial's controller sends the
 * hidden state through one more layer.
 *
 * @example The read comes back one step later.
 * ```ts
 * import { rnnControllerDiagram } from "@/figures/network_diagrams.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = rnnControllerDiagram("Everything is made from o′");
 * assertStringIncludes(description, "stack to h_t (r_t (W_r)), one step later");
 * ```
 * @param title The claim that the figure makes.
 * @returns A static figure.
 */
export function rnnControllerDiagram(title: string): Figure {
  return wiringDiagram({
    title,
    boxes: [
      { name: "x_t", at: [0, 1.5], kind: "input" },
      { name: "h_t", at: [1, 1.5] },
      { name: "o′_t", at: [2, 1.5] },
      { name: "o_t", text: "output o_t", at: [3.15, 0], kind: "output" },
      { name: "u_t", text: "pop u_t", at: [3.15, 1], kind: "layer" },
      { name: "d_t", text: "push d_t", at: [3.15, 2], kind: "layer" },
      { name: "v_t", text: "value v_t", at: [3.15, 3], kind: "layer" },
      { name: "stack", at: [4.35, 2], kind: "memory", height: 160 },
    ],
    arrows: [
      { from: "x_t", to: "h_t", label: "W_x" },
      { from: "h_t", to: "h_t", label: "W_h", later: true, lane: 0.4 },
      { from: "h_t", to: "o′_t", label: "W_p" },
      { from: "o′_t", to: "o_t", label: "W_o" },
      { from: "o′_t", to: "u_t", label: "W_u" },
      { from: "o′_t", to: "d_t", label: "W_d" },
      { from: "o′_t", to: "v_t", label: "W_v" },
      ...["u_t", "d_t", "v_t"].map((from) => ({ from, to: "stack" })),
      { from: "stack", to: "h_t", label: "r_t (W_r)", later: true, lane: 4 },
    ],
  });
}

/**
 * Draws an LSTM cell: four sums of the same inputs decide what the cell forgets, writes and shows.
 *
 * c_t = f_t c_{t−1} + i_t g_t, h_t = o_t tanh(c_t)
 *
 * Source: Hochreiter and Schmidhuber 1997, "Long Short-Term Memory"; Gers, Schmidhuber and Cummins 2000, "Learning to
 * Forget", for the forget gate.
 *
 * @example The cell is multiplied by the forget gate, then added to.
 * ```ts
 * import { lstmCellDiagram } from "@/figures/network_diagrams.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = lstmCellDiagram("The cell is added to, not transformed");
 * assertStringIncludes(description, "forget gate f_t to × (forget)");
 * assertStringIncludes(description, "+ (add) to c_t");
 * ```
 * @param title The claim that the figure makes.
 * @returns A static figure.
 */
export function lstmCellDiagram(title: string): Figure {
  const gates = ["f_t", "i_t", "g_t"];
  return wiringDiagram({
    title,
    boxes: [
      { name: "c_{t−1}", at: [0, 0.6] },
      { name: "forget", text: "×", at: [1.25, 0.6], kind: "operation" },
      { name: "add", text: "+", at: [2.825, 0.6], kind: "operation" },
      { name: "c_t", at: [4.5, 0.6] },
      { name: "tanh", at: [4.5, 1.6], kind: "note" },
      { name: "write", text: "×", at: [2.825, 1.6], kind: "operation" },
      { name: "show", text: "×", at: [4.5, 2.6], kind: "operation" },
      { name: "f_t", text: "forget gate<br>f_t", at: [1.25, 2.6], kind: "layer" },
      { name: "i_t", text: "input gate<br>i_t", at: [2.3, 2.6], kind: "layer" },
      { name: "g_t", text: "candidate<br>g_t", at: [3.35, 2.6], kind: "note" },
      { name: "o_t", text: "output gate<br>o_t", at: [4.5, 3.7], kind: "layer" },
      { name: "inputs", text: "x_t and h_{t−1}", at: [0, 3.7], kind: "input" },
      { name: "h_t", at: [5.5, 2.6], kind: "output" },
    ],
    arrows: [
      { from: "c_{t−1}", to: "forget" },
      { from: "forget", to: "add" },
      { from: "add", to: "c_t" },
      { from: "c_t", to: "tanh" },
      { from: "tanh", to: "show" },
      { from: "f_t", to: "forget" },
      { from: "i_t", to: "write", course: "down first" },
      { from: "g_t", to: "write", course: "down first" },
      { from: "write", to: "add" },
      { from: "o_t", to: "show" },
      { from: "show", to: "h_t" },
      ...gates.map((to) => ({ from: "inputs", to, course: "across first" as const })),
      { from: "inputs", to: "o_t" },
      { from: "c_t", to: "c_{t−1}", later: true, lane: 0 },
      { from: "h_t", to: "inputs", later: true, lane: 4.5 },
    ],
  });
}

/**
 * Draws an LSTM that reads symbols, controls a stack, and writes symbols.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 3.4; here with one LSTM layer whose hidden state is o′.
 *
 * @example In decoding, what was written is read at the next step.
 * ```ts
 * import { lstmWithStackDiagram } from "@/figures/network_diagrams.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = lstmWithStackDiagram("What it writes it reads at the next step");
 * assertStringIncludes(description, "greatest logit to symbol (while writing), one step later");
 * ```
 * @param title The claim that the figure makes.
 * @returns A static figure.
 */
export function lstmWithStackDiagram(title: string): Figure {
  return wiringDiagram({
    title,
    boxes: [
      { name: "symbol", at: [0, 1.5], kind: "input" },
      { name: "e_t", text: "embedding<br>e_t", at: [1.05, 1.5], kind: "note" },
      { name: "LSTM", text: "LSTM<br>h_t, c_t", at: [2.15, 1.5] },
      { name: "o_t", at: [3.2, 0.4], kind: "layer", text: "output o_t" },
      { name: "argmax", text: "greatest logit", at: [4.4, 0.4], kind: "output" },
      { name: "u_t", text: "pop u_t", at: [3.2, 1.5], kind: "layer" },
      { name: "d_t", text: "push d_t", at: [3.2, 2.35], kind: "layer" },
      { name: "v_t", text: "value v_t", at: [3.2, 3.2], kind: "layer" },
      { name: "stack", at: [4.4, 2.35], kind: "memory", height: 160 },
    ],
    arrows: [
      { from: "symbol", to: "e_t" },
      { from: "e_t", to: "LSTM" },
      { from: "LSTM", to: "LSTM", later: true, lane: 0.5 },
      ...["o_t", "u_t", "d_t", "v_t"].map((to) => ({ from: "LSTM", to })),
      { from: "o_t", to: "argmax", label: "W_l" },
      ...["u_t", "d_t", "v_t"].map((from) => ({ from, to: "stack" })),
      { from: "stack", to: "LSTM", label: "read r_t", later: true, lane: 4 },
      { from: "argmax", to: "symbol", label: "while writing", later: true, lane: -0.1 },
    ],
  });
}
