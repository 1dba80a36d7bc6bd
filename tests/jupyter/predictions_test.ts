import { assertEquals, assertThrows } from "@std/assert";
import { parseNotebook } from "@/jupyter/notebook_file.ts";
import { readPredictions } from "@/jupyter/predictions.ts";
import { UserError } from "@/io/user_error.ts";

/** A notebook of texts, with a code cell wherever there is an empty one. */
function notebookOf(...texts: string[]) {
  const cells = texts.map((source) =>
    source === "" ? { cell_type: "code", source, outputs: [] } : { cell_type: "markdown", source }
  );
  return parseNotebook(JSON.stringify({ nbformat: 4, cells }), "test.ipynb");
}
const read = (...texts: string[]) => readPredictions(notebookOf(...texts), "07_test.ipynb");
const assertRefused = (message: string, ...texts: string[]) =>
  assertThrows(
    () => read(...texts),
    UserError,
    `read the predictions of 07_test.ipynb: ${message}`,
  );

Deno.test("a prediction ends with its paragraph, and keeps its verdict", () => {
  assertEquals(
    read(
      "Before. **Prediction 7.1.** One\nmore line.\n\nAfter.",
      "",
      "**Verdict 7.1: partly.** So so.",
    ),
    [{
      id: "7.1",
      by: "author",
      text: "One\nmore line.",
      cell: undefined,
      verdict: "partly",
      reason: "So so.",
    }],
  );
});

Deno.test("two predictions in one paragraph's cell, judged in one cell", () => {
  const found = read(
    "**Prediction 7.1.** A.\n\n**Prediction 7.2.** B.",
    "",
    "**Verdict 7.1: held.** So. **Verdict 7.2: wrong.** Not so.",
  );
  assertEquals(found.map(({ id, verdict }) => [id, verdict]), [["7.1", "held"], ["7.2", "wrong"]]);
});

Deno.test("a reason ends with its paragraph, and before the next prediction or verdict", () => {
  const found = read(
    "**Prediction 7.1.** A.\n\n**Prediction 7.2.** B.\n\n**Prediction 7.3.** C.",
    "",
    "**Verdict 7.1: held.** One, **two**. **Verdict 7.2: wrong.** Three\nfour.\n\nFive.",
    "**Verdict 7.3: held.** Six. **Prediction 7.4.** D.",
    "",
    "**Verdict 7.4: held.** Seven.",
  );
  assertEquals(found.map(({ reason }) => reason), [
    "One, **two**.",
    "Three\nfour.",
    "Six.",
    "Seven.",
  ]);
});

Deno.test("the reader's prediction has a folded answer and no verdict", () => {
  const folded = "<details><summary>Answer 7.1</summary>\n\nBoth.\n\n</details>";
  assertEquals(read(`**Your prediction 7.1.** Which?\n\n${folded}`), [
    { id: "7.1", by: "reader", text: "Which?", cell: undefined, answer: "Both." },
  ]);
});

Deno.test("a prediction without a verdict, with two, or with a strange one is refused", () => {
  assertRefused("wanted one verdict 7.1, got 0", "**Prediction 7.1.** A.", "");
  const twice = "**Verdict 7.1: held.** Yes. **Verdict 7.1: wrong.** No.";
  assertRefused("wanted one verdict 7.1, got 2", "**Prediction 7.1.** A.", "", twice);
  const strange = "**Verdict 7.1: so so.**";
  assertRefused("wanted 2 predictions", "**Prediction 7.1.** A.", "", strange);
});

Deno.test("a verdict before any cell has run decides nothing", () => {
  const both = "**Prediction 7.1.** A. **Verdict 7.1: held.** Yes.";
  assertRefused("wanted a code cell between prediction and verdict 7.1, got none", both, "");
});

Deno.test("a question to the reader without an answer is refused", () => {
  assertRefused("wanted one answer 7.1, got 0", "**Your prediction 7.1.** Which?", "");
});

Deno.test("numbers follow each other, and are the notebook's", () => {
  assertRefused("wanted prediction 7.1 next, got 7.2", "**Prediction 7.2.** A.");
  assertRefused("wanted prediction 7.1 next, got 6.1", "**Prediction 6.1.** A.");
});

Deno.test("verdicts and answers of no prediction are refused", () => {
  assertRefused("wanted a prediction 7.1 for its verdict, got none", "**Verdict 7.1: held.** Yes.");
  assertRefused(
    "wanted a prediction 7.1 for its answer, got none",
    "<details><summary>Answer 7.1</summary> A. </details>",
  );
});

Deno.test("an answer that is open, empty or before its question is refused", () => {
  const question = "**Your prediction 7.1.** Which?";
  const folded = (answer: string, details = "<details>") =>
    `${details}<summary>Answer 7.1</summary>${answer}</details>`;
  assertRefused("wanted 2 predictions", question, folded("Both.", "<details open>"));
  assertRefused("wanted 2 predictions", question, folded(" "));
  assertRefused("wanted answer 7.1 after its question", folded("Both."), question);
});

Deno.test("a verdict without a word of explanation is refused", () => {
  assertRefused("wanted 2 predictions", "**Prediction 7.1.** A.", "", "**Verdict 7.1: held.**");
});

Deno.test("a prediction without a number is refused", () => {
  assertRefused(
    "wanted 1 predictions, verdicts and answers in the agreed form, got 0",
    "**Prediction.** A.",
  );
});
