import { assertEquals } from "@std/assert";
import { notebookDifference } from "@/jupyter/notebook_difference.ts";
import type { Cell, Notebook } from "@/jupyter/notebook_file.ts";

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
