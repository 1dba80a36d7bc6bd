/**
 * The papers that lead to differentiable memories and on from them, and which builds on which.
 *
 * @module
 */
import type { Figure } from "./figure.ts";
import { type DiagramArrow, type DiagramBox, wiringDiagram } from "./wiring_diagram.ts";

/** The papers by a short name: column and row in the drawing, and what is written there. */
const PAPERS: Readonly<Record<string, readonly [column: number, row: number, text: string]>> = {
  Cho: [1, 0, "2014<br>Cho et al.:<br>encoder and<br>decoder, GRU"],
  Sutskever: [2, 0, "2014<br>Sutskever<br>et al.: source<br>reversed"],
  Bahdanau: [3, 0, "2014<br>Bahdanau<br>et al.:<br>attention"],
  Vaswani: [4, 0, "2017<br>Vaswani<br>et al.:<br>transformer"],
  Elman: [0, 0, "1990<br>Elman:<br>RNN"],
  Bengio: [0, 1, "1994<br>Bengio<br>et al.: why<br>RNNs forget"],
  Hochreiter: [1, 1, "1997<br>LSTM:<br>Hochreiter,<br>Schmidhuber"],
  Das: [0, 2, "1992<br>Das et al.:<br>external<br>stack"],
  Graves: [2, 2, "2014<br>Graves et al.:<br>neural Turing<br>machine"],
  Grefenstette: [3, 2, "2015<br>Grefenstette<br>et al.: stack,<br>queue, deque"],
  Delétang: [4, 2, "2022<br>Delétang<br>et al.: which<br>generalise"],
  Joulin: [3, 3, "2015<br>Joulin,<br>Mikolov:<br>stack RNN"],
};

/** The paper that this collection implements. */
const THIS_PAPER = "Grefenstette";

/** From each paper to those that build on it or answer it; three arrows take a way of their own and follow below. */
const ARROWS: readonly (readonly [from: string, to: string])[] = [
  ["Elman", "Bengio"],
  ["Bengio", "Hochreiter"],
  ["Hochreiter", "Cho"],
  ["Hochreiter", "Sutskever"],
  ["Cho", "Sutskever"],
  ["Hochreiter", "Graves"],
  ["Sutskever", "Bahdanau"],
  ["Bahdanau", "Vaswani"],
  ["Sutskever", THIS_PAPER],
  ["Graves", THIS_PAPER],
  ["Joulin", "Delétang"],
];

/** The width of a box and the distance of two rows, in pixels. */
const [BOX_WIDTH, ROW_HEIGHT] = [88, 108];

/**
 * Draws the papers on sequence to sequence, on recurrent networks and on memories, from 1990 to 2022, each strand in rows
 * of its own; the paper that this collection implements has a thick outline.
 *
 * @example The paper and one of its ancestors.
 * ```ts
 * import { paperTrail } from "@/figures/paper_trail.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = paperTrail("Where the neural stack comes from");
 * assertStringIncludes(description, "1992 Das et al.: external stack to 2015 Grefenstette");
 * ```
 * @param title The claim that the figure makes.
 * @returns A static figure.
 */
export function paperTrail(title: string): Figure {
  const boxes = Object.entries(PAPERS).map(([name, [column, row, text]]): DiagramBox => ({
    name,
    at: [column, row],
    text,
    width: BOX_WIDTH,
    kind: "note",
    outline: name === THIS_PAPER ? "emphasised" : undefined,
  }));
  const arrows: DiagramArrow[] = [
    ...ARROWS.map(([from, to]) => ({ from, to })),
    { from: "Cho", to: "Bahdanau", lane: -0.45 }, // above the row
    { from: "Das", to: THIS_PAPER, lane: 2.5 },
    { from: "Das", to: "Joulin", course: "down first" },
  ];
  return wiringDiagram({ title, boxes, arrows, rowHeight: ROW_HEIGHT });
}
