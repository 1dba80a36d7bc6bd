import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { notebookDifference, parseNotebook } from "@/jupyter/notebook_file.ts";
import { CellError, runNotebook } from "@/jupyter/run_notebook.ts";
import { testWithKernel } from "./needs_kernel.ts";

const FIXTURES = "tests/jupyter/fixtures";

async function errorOf(name: string, secondsPerCell: number): Promise<CellError> {
  return await assertRejects(
    () => runNotebook(`${FIXTURES}/${name}`, { secondsPerCell }),
    CellError,
  );
}

testWithKernel(
  "a run gives what is committed, to the last line of the chattiest cell",
  async () => {
    const path = `${FIXTURES}/chatty.ipynb`;
    const committed = parseNotebook(await Deno.readTextFile(path), "chatty.ipynb");
    const seen: string[] = [];
    const run = await runNotebook(path, { onCell: (done, total) => seen.push(`${done}/${total}`) });
    assertEquals(notebookDifference(committed, run), undefined);
    assertEquals(seen, ["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
  },
);

testWithKernel(
  "the first error names the notebook, the cell, its source and the reason",
  async () => {
    const error = await errorOf("erring.ipynb", 20);
    assertEquals([error.notebook, error.cell], ["erring.ipynb", 2]);
    assertStringIncludes(error.message, "RangeError: there are only 3 books");
    assertStringIncludes(
      error.message,
      "    throw new RangeError(`there are only ${books} books`);",
    );
  },
);

testWithKernel(
  "an error of syntax is told with its line, which the kernel keeps to itself",
  async () => {
    const { message } = await errorOf("unreadable.ipynb", 20);
    assertStringIncludes(message, "SyntaxError: Expression expected (line 2, column 24)");
  },
);

testWithKernel("a rejection that nobody waits for fails its cell", async () => {
  assertStringIncludes((await errorOf("careless.ipynb", 20)).message, "nobody waits for me");
});

testWithKernel("a cell that does not end fails after its time", async () => {
  assertStringIncludes(
    (await errorOf("stuck.ipynb", 0.5)).message,
    "to end within 0.5 s, got no end",
  );
});
