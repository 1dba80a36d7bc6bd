import { assertEquals, assertThrows } from "@std/assert";
import {
  type Cell,
  formatNotebook,
  type Notebook,
  notebookDifference,
  parseNotebook,
} from "@/jupyter/notebook_file.ts";
import { UserError } from "@/io/user_error.ts";

/** As Jupyter writes it: sorted keys, one space, lists of lines, a new line at the end. */
const AS_JUPYTER_WRITES = String.raw`{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "one",
   "metadata": {},
   "source": [
    "# Title\n",
    "\n",
    "é"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "two",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "a\n",
      "b\n"
     ]
    },
    {
     "data": {
      "image/svg+xml": [
       "<svg>\n",
       "</svg>"
      ],
      "text/plain": [
       "2"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": []
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Deno"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

function withData(data: Record<string, unknown>): Notebook {
  const outputs = [{ output_type: "display_data" as const, data, metadata: {} }];
  return { nbformat: 4, cells: [{ cell_type: "code", source: "", outputs }] };
}

Deno.test("a file that Jupyter wrote is written back byte for byte", () => {
  assertEquals(formatNotebook(parseNotebook(AS_JUPYTER_WRITES, "x.ipynb")), AS_JUPYTER_WRITES);
});

Deno.test("texts are in one piece once they are read", () => {
  const { cells } = parseNotebook(AS_JUPYTER_WRITES, "x.ipynb");
  assertEquals(cells.map((cell) => cell.source), ["# Title\n\né", ""]);
  const [stream, display] = cells[1].outputs!;
  assertEquals("text" in stream && stream.text, "a\nb\n");
  assertEquals("data" in display && display.data["image/svg+xml"], "<svg>\n</svg>");
});

Deno.test("a figure is on one line, its keys sorted, and is read as it was", () => {
  const figure = { layout: { b: [1, 2], a: { d: 1, c: null } }, data: ["x"] };
  const text = formatNotebook(withData({ "application/vnd.plotly.v1+json": figure }));
  const line = text.split("\n").find((line) => line.includes("plotly"))!;
  assertEquals(
    line.trim(),
    '"application/vnd.plotly.v1+json": {"data":["x"],"layout":{"a":{"c":null,"d":1},"b":[1,2]}}',
  );
  const [output] = parseNotebook(text, "x.ipynb").cells[0].outputs!;
  assertEquals("data" in output && output.data["application/vnd.plotly.v1+json"], figure);
});

Deno.test("a list of JSON is not taken for lines of a text", () => {
  const text = formatNotebook(withData({ "application/json": ["a", "b"] }));
  const [output] = parseNotebook(text, "x.ipynb").cells[0].outputs!;
  assertEquals("data" in output && output.data["application/json"], ["a", "b"]);
});

Deno.test("the order in which things were put together does not matter", () => {
  const a = formatNotebook(withData({ "text/plain": "a", "image/svg+xml": "b" }));
  const b = formatNotebook(withData({ "image/svg+xml": "b", "text/plain": "a" }));
  assertEquals(a, b);
});

Deno.test("what is no notebook is refused, with its name", () => {
  assertThrows(() => parseNotebook("{", "x.ipynb"), UserError, "Cannot read x.ipynb: wanted JSON");
  for (const text of ["[]", "null", '{"nbformat":3,"cells":[]}', '{"nbformat":4}']) {
    assertThrows(
      () => parseNotebook(text, "x.ipynb"),
      UserError,
      "Cannot read x.ipynb: wanted a notebook of format 4",
    );
  }
});

function printing(text: string, execution_count = 1): Cell {
  const outputs = [{ output_type: "stream" as const, name: "stdout", text }];
  return { cell_type: "code", source: "print(x)", execution_count, outputs };
}

function notebookOf(...cells: Cell[]): Notebook {
  return { nbformat: 4, cells };
}

const PROSE: Cell = { cell_type: "markdown", source: "# Title" };

Deno.test("equal notebooks do not differ", () => {
  const [a, b] = [1, 2].map(() => notebookOf(PROSE, printing("a\n")));
  assertEquals(notebookDifference(a, b), undefined);
});

Deno.test("the first line that differs is shown, with the number of its code cell", () => {
  const was = notebookOf(PROSE, printing("same\n"), printing("one\ntwo\nthree\n"));
  const is = notebookOf(PROSE, printing("same\n"), printing("one\n2\n3\n"));
  assertEquals(
    notebookDifference(was, is),
    "code cell [2] no longer gives what is committed\n" +
      '    committed: "two\\n",\n' +
      '    this run:  "2\\n",',
  );
});

Deno.test("of a long line only the place is shown", () => {
  const was = notebookOf(printing("x".repeat(500) + "a" + "x".repeat(500)));
  const is = notebookOf(printing("x".repeat(500) + "b" + "x".repeat(500)));
  const [, first, second] = notebookDifference(was, is)!.split("\n");
  assertEquals(first, `    committed: …${"x".repeat(40)}a${"x".repeat(39)}…`);
  assertEquals(second, `    this run:  …${"x".repeat(40)}b${"x".repeat(39)}…`);
});

Deno.test("an output too many or too few is a difference", () => {
  const [bare, full] = [{ ...printing(""), outputs: [] }, printing("a")];
  for (const [was, is] of [[bare, full], [full, bare]]) {
    const difference = notebookDifference(notebookOf(was), notebookOf(is))!;
    assertEquals(difference.split("\n").length, 3);
  }
});

Deno.test("a cell too many or too few is a difference", () => {
  const [one, two] = [notebookOf(printing("a")), notebookOf(printing("a"), printing("b"))];
  for (const [was, is] of [[one, two], [two, one]]) {
    assertEquals(notebookDifference(was, is)!.split("\n").length, 3);
  }
});

Deno.test("a cell that was never run differs from one that was", () => {
  const difference = notebookDifference(
    notebookOf({ ...printing("a"), execution_count: null }),
    notebookOf(printing("a")),
  );
  assertEquals(difference?.split("\n")[2], '    this run:  "execution_count": 1,');
});
