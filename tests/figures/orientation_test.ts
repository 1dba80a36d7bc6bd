import { assert, assertEquals } from "@std/assert";
import { figureToSvg } from "@/figures/svg/to_svg.ts";
import { figuresTitled } from "./examples.ts";
import { columnsOf, rowsOf, wordsOf } from "./svg/words.ts";

/** Lines of texts in a picture: all texts of each line, in their order. */
interface Orientation {
  /** From left to right. */
  readonly rows: readonly string[][];
  /** From the top down. */
  readonly columns: readonly string[][];
}

const SHARES = ["0", "0.2", "0.4", "0.6", "0.8", "1"];
const [STEPS, NAMES] = [["1", "2", "3"], ["a", "b", "c"]];
/** A depth axis grows downwards, so that the stack's top is up; every other axis of numbers grows upwards. */
const [UPWARDS, DEPTHS] = [SHARES.toReversed(), ["0", "0.5", "1"]];
const ZONES = ["popped", "read: the topmost unit", "too deep to be read"];

/** The stack of the examples, one pile for each step. */
const PILES = {
  rows: [
    STEPS,
    ["pop u", "0", "0.1", "0.9"],
    ["push d", "0.8", "0.5", "0.9"],
    ["read r", "0.8 a", "0.5 b + 0.5 a", "0.9 c + 0.1 a"],
  ],
  columns: [
    DEPTHS,
    ["pop u", "push d", "read r"],
    ["−0.5 b", "−0.4 a", "0.9 c", "0.3 a", "0.9", "0.9", "0.9 c + 0.1 a", "3"],
    ZONES,
  ],
};

/** How each figure is read: time and numbers to the right, numbers upwards, the stack's top up, rows in their order. */
const ORIENTATIONS: Readonly<Record<string, Orientation>> = {
  alivePopMaps: {
    rows: [["left", "right"], ["push d", "push d"]],
    columns: [["1", "0.5", "0"]],
  },
  memoriesInMotion: {
    rows: [["step 1", "step 2", "step 3"]],
    columns: [["a stack", "a deque"], ["c", "c", "x", "z"], ["b", "a", "b", "a", "x", "y"]],
  },
  readWindows: {
    rows: [["stack ∂r/∂u = v₂ − v₃", "queue ∂r/∂u = v₃ − v₁"], ["v₃", "near edge: v₃, row m"]],
    columns: [
      ["v₄", "v₃", "v₂", "v₁"],
      ["near edge: v₃, row m", "far edge: v₂, row p"],
      ["far edge: v₃, row p", "near edge: v₁, row m"],
    ],
  },
  imageChannels: { rows: [["left", "right", "1"]], columns: [UPWARDS] },
  lookPanels: {
    rows: [["one", "two", "three", "four", "five", "six"], ["r", "r", "r", "r", "r", "r"]],
    columns: [["one", "r", "seven", "r"], ["b", "b"]],
  },
  barChart: { rows: [NAMES], columns: [["0.8", "0.6", "0.4", "0.2", "0"]] },
  controlRows: {
    rows: [NAMES, ["push d", "0", "0.5", "1"], ["pop u", "0.1", "0.4", "0.8"]],
    columns: [["push d", "pop u"], ["1", "0.8", "c"]],
  },
  controlsOverTraining: {
    rows: [["0", "0.5", "1", "1.5", "2", "0", "0.5", "1", "1.5", "2"], ["d 1", "u 1"]],
    columns: [UPWARDS, ["d 3", "d 2", "d 1"], ["u 3", "u 2", "u 1"]],
  },
  popGradientMap: {
    rows: [["−0.2", ...SHARES, "1.2"], ["0.7", "0.8", "1"]],
    columns: [["1.2", ...UPWARDS, "−0.2"], ["0.8", "0.2", "push d"]],
  },
  dotChart: { rows: [NAMES], columns: [["3", "2.5", "2", "1.5", "1", "0.5", "0"]] },
  gateSwitches: {
    rows: [[
      "held c before",
      "kept f c before",
      "candidate g",
      "written i g",
      "cell c",
      "shown h = o tanh c",
    ]],
    columns: [
      ["0.8", "0.6", "0.4", "0.2", "0"],
      ["0.5", "held c before"],
      ["0.75", "cell c"],
      ["0.64", "shown h = o tanh c"],
    ],
  },
  growthChart: { rows: [["1", "10"], ["10 2", "a: slope 2.0"]], columns: [["10 2", "10", "1"]] },
  learningCurve: { rows: [SHARES, ["10 −1", "a"]], columns: [["1", "10 −1"]] },
  lineChart: { rows: [SHARES, ["0.8", "a"]], columns: [UPWARDS] },
  trainableRegion: { rows: [SHARES], columns: [UPWARDS] },
  pileOfBooks: {
    rows: [["push a", "push b", "pop"], ["↓", "↑"]],
    columns: [["2", "1", "0"], ["↓", "b", "a", "push b", "operation"], ["↑", "b", "a", "pop"]],
  },
  popAndPushSliders: {
    rows: [["before", "after pop u, then push d"]],
    columns: [
      DEPTHS,
      ["0.5 b", "0.7 a", "before"],
      ["−0.5 b", "0.5 c", "0.7 a", "after pop u, then push d"],
      ["popped", "read: the topmost unit", "too deep"],
    ],
  },
  popAndReadEndsPicture: {
    rows: [
      ["pop 0.3", "push 0.4", "pop 0.2", "push 1"],
      ["felt ∂r/∂u = v₁ − v₂", "covered ∂r/∂u = 0"],
    ],
    columns: [["pop 0.3", "v₂", "v₁"], ["push 0.4", "v₃", "v₂", "v₁"]],
  },
  lstmCellDiagram: {
    rows: [["c t−1", "×", "+", "c t"], ["forget gate f t", "input gate i t", "candidate g t"]],
    columns: [["c t", "tanh", "×", "output gate o t"]],
  },
  lstmWithStackDiagram: {
    rows: [["output o t", "greatest logit"]],
    columns: [["output o t", "pop u t", "push d t", "value v t"]],
  },
  recurrentNetworkDiagram: {
    rows: [["x t", "h t", "y t", "h 0", "h 1", "h 2", "h 3"], ["x 1", "x 2", "x 3"]],
    columns: [["y 1", "h 1", "x 1"]],
  },
  rnnControllerDiagram: {
    rows: [["x t", "h t", "o′ t"]],
    columns: [["output o t", "pop u t", "push d t", "value v t"]],
  },
  sequenceArrangementsDiagram: {
    rows: [
      ["one to one", "one to many", "many to one"],
      ["y", "y 1", "y 2", "y 3", "y 3"],
      ["x 1", "x 2", "x 1", "x 2", "x 3"],
    ],
    columns: [["one to one", "y", "h", "x", "h 1", "x 1"]],
  },
  paperTrail: {
    rows: [[
      "2014 Cho et al.: encoder and decoder, GRU",
      "2014 Sutskever et al.: source reversed",
      "2014 Bahdanau et al.: attention",
      "2017 Vaswani et al.: transformer",
    ]],
    columns: [[
      "1990 Elman: RNN",
      "1994 Bengio et al.: why RNNs forget",
      "1992 Das et al.: external stack",
    ]],
  },
  rateChart: {
    rows: [["0", "20", "40", "60", "80", "100"], ["all", "2 of 2"]],
    columns: [["all", "half", "none"], ["2 of 2", "1 of 2", "0 of 2"]],
  },
  sequences: { rows: [STEPS, ["target", "a", "b"]], columns: [["1", "0.5", "0"]] },
  stackInMotion: PILES,
  stackPicture: PILES,
  strengthsHeatmap: {
    rows: [STEPS, ["0.8", "0.7", "0.3"], ["0.5", "0"]],
    columns: [["c", "b", "a"], ["0.9", "0", "0.3", "3"]],
  },
  successMap: {
    rows: [NAMES, ["5", "0", "2", "3"], ["6", "4", "0", "6"], ["7", "7", "8", "10"]],
    columns: [["5", "6", "7"], ["3", "6", "10", "c"]],
  },
  textStrips: {
    rows: [["above 0", "below 0"], ["0", "10", "20", "30", "40", "50", "60"]],
    columns: [["c 1", "c 2", "c 1", "c 2"]],
  },
  touchedRows: { rows: [STEPS], columns: [STEPS.toReversed()] },
  wiringDiagram: { rows: [["x t", "h t", "y t"]], columns: [["h t", "stack"]] },
  alignmentMap: {
    rows: [NAMES, ["0.2", "0.3"], ["0.4", "0.6"], ["0.7", "0.8", "1"]],
    columns: [["w0", "w1", "w2"], ["0.4", "0.7", "a"]],
  },
  unitMap: { rows: [[..."abcdefgh"]], columns: [["h 0", "h 4", "h 8"]] },
  unitHeatMap: {
    rows: [NAMES, ["0", "0.4", "0.7"], ["0.2", "0", "0.8"], ["0.3", "0.6", "1"]],
    columns: [["0", "1", "2"], ["0.7", "0.8", "1", "c"]],
  },
};

const figures = figuresTitled("One claim");

Deno.test("every figure has its orientation here", () => {
  assertEquals(Object.keys(ORIENTATIONS).sort(), Object.keys(figures).sort());
});

/** Asserts that there is a line of these texts, and that every line of these texts has them in this order. */
function assertOrder(lines: readonly string[][], wanted: readonly string[]): void {
  const sorted = (line: readonly string[]) => line.toSorted().join();
  const found = lines.filter((line) => sorted(line) === sorted(wanted));
  assertEquals([...new Set(found.map((line) => line.join(" | ")))], [wanted.join(" | ")]);
}

for (const [name, { rows, columns }] of Object.entries(ORIENTATIONS)) {
  Deno.test(`${name}: the static picture is the right way up and round, and no text leaves it`, async () => {
    const { width, height } = (figures[name].still ?? figures[name]).layout;
    const words = await wordsOf(await figureToSvg(figures[name]));
    for (const row of rows) assertOrder(rowsOf(words), row);
    for (const column of columns) assertOrder(columnsOf(words), column);
    for (const { text, left, right, top, bottom } of words) {
      const isWithin = left >= 0 && right <= width! && top >= 0 && bottom <= height!;
      assert(isWithin, `"${text}" from ${left}, ${top} to ${right}, ${bottom}`);
    }
  });
}
