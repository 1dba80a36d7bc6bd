/**
 * The notebooks of the collection, in order.
 *
 * @module
 */
import { type DiagramBox, wiringDiagram } from "@/figures/wiring_diagram.ts";
import type { Figure } from "@/figures/figure.ts";

/** How a notebook belongs to the collection: to the shortest way through it, or beside that way. */
export type NotebookPlace = "short path" | "side road";

/** A notebook of the collection. */
export interface ListedNotebook {
  readonly number: number;
  /** Its title, without the number. */
  readonly title: string;
  /** The question that it answers, as its first cell asks it. */
  readonly question: string;
  readonly place: NotebookPlace;
  /** Column and row on the map. */
  readonly at: readonly [column: number, row: number];
  /** The numbers of the notebooks that lead to it. */
  readonly after: readonly number[];
}

/** All notebooks, from the first lesson to the last; notebook 0, which shows this list, is not in it. */
export const NOTEBOOKS: readonly ListedNotebook[] = [
  {
    number: 1,
    title: "A toy stack",
    question:
      "How do you turn a list around when you may only touch one end of a pile, and why can a machine that learns by small steps not find that out?",
    place: "short path",
    at: [0, 1],
    after: [],
  },
  {
    number: 2,
    title: "The neural stack",
    question:
      "What does a stack look like on which every push, every pop and every look at the top is a matter of degree?",
    place: "short path",
    at: [1, 1],
    after: [1],
  },
  {
    number: 3,
    title: "Learning to pop",
    question: "If a read came out wrong, how much should each pop have been different?",
    place: "short path",
    at: [2, 1],
    after: [2],
  },
  {
    number: 4,
    title: "Learning to push",
    question:
      "Can a stack find out by itself when to push and when to pop, and where must it start to get there?",
    place: "side road",
    at: [2, 0],
    after: [3],
  },
  {
    number: 5,
    title: "Steering with weights",
    question:
      "Can weights that look at something take over from a list of pops and pushes, and does it matter whether they follow the true gradient?",
    place: "side road",
    at: [3, 0],
    after: [4],
  },
  {
    number: 6,
    title: "A recurrent network",
    question:
      "How does a network that is shown one column of digits at a time learn to carry the one?",
    place: "side road",
    at: [2, 2],
    after: [3],
  },
  {
    number: 7,
    title: "A neural controller",
    question:
      "A recurrent network is given the controls of a stack, and learns to reverse strings. Is it the stack that does it?",
    place: "short path",
    at: [3, 1],
    after: [3, 5, 6],
  },
  {
    number: 8,
    title: "The autoencoder fix",
    question:
      "What must be added so that a network uses its stack, and on how many seeds out of twenty does it?",
    place: "short path",
    at: [4, 1],
    after: [7],
  },
  {
    number: 9,
    title: "Only what it touches",
    question:
      "Must a stack of 100,000 rows look at all of them, at every step, to go forward and back exactly?",
    place: "side road",
    at: [4, 0],
    after: [8],
  },
  {
    number: 10,
    title: "Gates",
    question:
      "Why does a recurrent network forget, what do gates change, and does an LSTM therefore remember?",
    place: "side road",
    at: [4, 2],
    after: [6],
  },
  {
    number: 11,
    title: "Reversing strings",
    question:
      "Three networks learn to reverse strings. Which of them finds the algorithm, and how can one tell?",
    place: "short path",
    at: [5, 1],
    after: [8, 9, 10],
  },
  {
    number: 12,
    title: "Every seed",
    question:
      "A network with a stack learns to reverse strings from some seeds and not from others. What decides, and can every seed be made to succeed?",
    place: "short path",
    at: [5, 2],
    after: [11],
  },
  {
    number: 13,
    title: "Queues and deques",
    question: "What changes if a memory is popped at its other end, or at both?",
    place: "side road",
    at: [5, 3],
    after: [12],
  },
  {
    number: 14,
    title: "Five tasks",
    question: "Which of the paper's tasks can which memory learn, and on how many seeds?",
    place: "side road",
    at: [5, 4],
    after: [13],
  },
  {
    number: 15,
    title: "Any length",
    question: "What does it mean to be right at any length, and which networks are?",
    place: "side road",
    at: [4, 4],
    after: [14],
  },
  {
    number: 16,
    title: "Letter by letter",
    question:
      "How does a network write, one letter at a time, and why are its letters drawn at random?",
    place: "side road",
    at: [1, 2],
    after: [6],
  },
  {
    number: 17,
    title: "How far back",
    question: "What does a network still learn if its gradient is cut off after k steps?",
    place: "side road",
    at: [0, 2],
    after: [16],
  },
  {
    number: 18,
    title: "What a hidden state knows",
    question: "Does a unit that seems to detect quotes detect them, and how can one tell?",
    place: "side road",
    at: [0, 3],
    after: [17],
  },
  {
    number: 19,
    title: "Sequence to sequence",
    question:
      "How much of a sentence fits into one vector, and why does it help to read it backwards?",
    place: "side road",
    at: [1, 3],
    after: [18],
  },
  {
    number: 20,
    title: "Looking back",
    question: "What changes if a decoder may look at every state of the encoder?",
    place: "side road",
    at: [2, 3],
    after: [19],
  },
  {
    number: 21,
    title: "Saying what it sees",
    question: "Can a network say what is in a picture, and where does it look for each word?",
    place: "side road",
    at: [3, 3],
    after: [20],
  },
  {
    number: 22,
    title: "What we predicted",
    question: "How often were the predictions in these notebooks right?",
    place: "side road",
    at: [4, 3],
    after: [15, 21],
  },
];

/**
 * Names a notebook's file after its number and title.
 *
 * @example The first.
 * ```ts
 * import { fileOfNotebook, NOTEBOOKS } from "@/jupyter/notebook_list.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fileOfNotebook(NOTEBOOKS[0]), "01_a_toy_stack.ipynb");
 * ```
 * @param notebook The notebook.
 * @returns The name of its file, without folder.
 */
export function fileOfNotebook(
  { number, title }: Pick<ListedNotebook, "number" | "title">,
): string {
  const words = title.toLowerCase().replaceAll(" ", "_");
  return `${String(number).padStart(2, "0")}_${words}.ipynb`;
}

/** The width of a box, which leaves space for arrows between two columns, and the distance of two rows, in pixels. */
const [BOX_WIDTH, ROW_HEIGHT] = [84, 84];

/**
 * Draws the notebooks and which leads to which: the short path with thick outlines.
 *
 * @example The words of the map.
 * ```ts
 * import { NOTEBOOKS, notebookMap } from "@/jupyter/notebook_list.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { description } = notebookMap("Where to go", NOTEBOOKS.slice(0, 2));
 * assertStringIncludes(description, "1 A toy stack to 2 The neural stack");
 * ```
 * @param title The claim that the figure makes.
 * @param notebooks The notebooks; arrows from others are left out.
 * @returns A static figure.
 */
export function notebookMap(title: string, notebooks: readonly ListedNotebook[]): Figure {
  const isShown = (number: number) => notebooks.some((other) => other.number === number);
  const boxOf = ({ number, title, place, at }: ListedNotebook): DiagramBox => ({
    name: `${number}`,
    text: `${number} ${title}`,
    at,
    width: BOX_WIDTH,
    kind: place === "short path" ? "state" : "note",
    outline: place === "short path" ? "emphasised" : undefined,
  });
  return wiringDiagram({
    title,
    boxes: notebooks.map(boxOf),
    arrows: notebooks.flatMap(({ number, after }) =>
      after.filter(isShown).map((other) => ({ from: `${other}`, to: `${number}` }))
    ),
    rowHeight: ROW_HEIGHT,
  });
}
