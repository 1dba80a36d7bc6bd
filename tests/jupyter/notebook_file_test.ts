import { assertEquals, assertThrows } from "@std/assert";
import { formatNotebook, type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
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
