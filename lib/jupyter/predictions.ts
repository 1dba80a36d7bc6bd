/**
 * The predictions in a notebook, and what became of them.
 *
 * Predictions are numbered within their notebook, and written in its texts like this:
 *
 * - `**Prediction 3.2.** The last pop grows to 1.` is the author's. After the cell that decides it, a text says
 *   `**Verdict 3.2: held.**`, `**Verdict 3.2: partly.**` or `**Verdict 3.2: wrong.**`, and why.
 * - `**Your prediction 3.3.** Which pop grows first?` is the reader's. Its answer is folded away below
 *   `<summary>Answer 3.3</summary>`.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Notebook } from "./notebook_file.ts";

/** What became of a prediction of the author's. */
export type Verdict = "held" | "partly" | "wrong";

/** A prediction; its texts are Markdown. */
export interface Prediction {
  /** The numbers of the notebook and of the prediction in it, as in "3.2". */
  readonly id: string;
  /** Who predicts: the author does, or the reader is asked to. */
  readonly by: "author" | "reader";
  /** The prediction or the question, to the end of its paragraph. */
  readonly text: string;
  /** The id of the cell that makes it, for a link; undefined in a notebook whose cells have none. */
  readonly cell?: string;
  /** What became of it; a reader judges for themselves. */
  readonly verdict?: Verdict;
  /** Why it is judged like that, to the end of the verdict's paragraph. */
  readonly reason?: string;
  /** The folded answer to a question to the reader. */
  readonly answer?: string;
}

const MARKS = {
  prediction: /\*\*(Your prediction|Prediction) (\d+\.\d+)\.\*\*\s*([^]*?)(?=\n\s*\n|$)/g,
  verdict:
    /\*\*(Verdict) (\d+\.\d+): (held|partly|wrong)\.\*\* (\S[^]*?)(?=\s*\*\*(?:Prediction|Verdict) \d|\n\s*\n|$)/g,
  answer: /<details>\s*<summary>(Answer) (\d+\.\d+)<\/summary>\s*(\S[^]*?)\s*<\/details>/g,
};
/** Whatever begins like one of the marks. */
const BEGINNINGS = /\*\*(Your )?[Pp]rediction\b|\*\*Verdict\b|<summary>Answer \d/g;

/** A mark in one of the notebook's texts. */
interface Found {
  readonly kind: string;
  readonly id: string;
  readonly text: string;
  /** What follows a verdict. */
  readonly reason: string;
  /** Index of its cell. */
  readonly cell: number;
}

function findMarks({ cells }: Notebook, pattern: RegExp): Found[] {
  return cells.flatMap(({ cell_type, source }, cell) =>
    cell_type !== "markdown" ? [] : [...source.matchAll(pattern)]
      .map(([, kind, id, text = "", reason = ""]) => ({
        kind,
        id,
        text: text.trim(),
        reason,
        cell,
      }))
  );
}

/**
 * Reads the predictions of a notebook.
 *
 * @example One that was wrong.
 * ```ts
 * import { parseNotebook } from "@/jupyter/notebook_file.ts";
 * import { readPredictions } from "@/jupyter/predictions.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cells = [
 *   { id: "toss", cell_type: "markdown", source: "Toss a coin. **Prediction 1.1.** Heads." },
 *   { cell_type: "code", source: "print(toss())", outputs: [] },
 *   { cell_type: "markdown", source: "**Verdict 1.1: wrong.** It came up tails." },
 * ];
 * const notebook = parseNotebook(JSON.stringify({ nbformat: 4, cells }), "01_coins.ipynb");
 * const [{ id, text, cell, verdict, reason }] = readPredictions(notebook, "01_coins.ipynb");
 * assertEquals([id, text, cell], ["1.1", "Heads.", "toss"]);
 * assertEquals([verdict, reason], ["wrong", "It came up tails."]);
 * ```
 * @param notebook The notebook.
 * @param name Its file name, which begins with its number.
 * @returns Its predictions, in order.
 * @throws {UserError} If a mark cannot be read, a prediction is not numbered in order, or has no verdict, answer or cell
 *   that decides it.
 */
export function readPredictions(notebook: Notebook, name: string): Prediction[] {
  const predictions = findMarks(notebook, MARKS.prediction);
  const verdicts = findMarks(notebook, MARKS.verdict);
  const answers = findMarks(notebook, MARKS.answer);
  const fail = (wanted: string, got: string): never => {
    throw new UserError(`read the predictions of ${name}`, wanted, got);
  };
  const begun = findMarks(notebook, BEGINNINGS).length;
  const read = predictions.length + verdicts.length + answers.length;
  if (begun !== read) {
    fail(`${begun} predictions, verdicts and answers in the agreed form`, `${read}`);
  }
  predictions.forEach(({ id }, k) => {
    const wanted = `${Number.parseInt(name)}.${k + 1}`;
    if (id !== wanted) fail(`prediction ${wanted} next`, id);
  });
  const stray = [...verdicts, ...answers].find(({ id }) => predictions.every((p) => p.id !== id));
  if (stray) fail(`a prediction ${stray.id} for its ${stray.kind.toLowerCase()}`, "none");
  const oneOf = (items: Found[], kind: string, id: string): Found => {
    const found = items.filter((item) => item.id === id);
    return found.length === 1 ? found[0] : fail(`one ${kind} ${id}`, `${found.length}`);
  };
  return predictions.map(({ kind, id, text, cell }) => {
    const link = notebook.cells[cell].id;
    if (kind === "Your prediction") {
      const answer = oneOf(answers, "answer", id);
      if (answer.cell < cell) fail(`answer ${id} after its question`, "one before it");
      return { id, by: "reader", text, cell: link, answer: answer.text };
    }
    const verdict = oneOf(verdicts, "verdict", id);
    const between = notebook.cells.slice(cell, verdict.cell);
    if (!between.some(({ cell_type }) => cell_type === "code")) {
      fail(`a code cell between prediction and verdict ${id}`, "none");
    }
    const { text: judged, reason } = verdict;
    return { id, by: "author", text, cell: link, verdict: judged as Verdict, reason };
  });
}
