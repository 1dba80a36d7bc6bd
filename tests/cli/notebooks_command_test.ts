import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { notebooksCommand } from "@/cli/notebooks_command.ts";
import { formatNotebook, type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { CellError } from "@/jupyter/run_notebook.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

function notebookPrinting(text: string): Notebook {
  const outputs = [{ output_type: "stream" as const, name: "stdout", text }];
  return { nbformat: 4, cells: [{ cell_type: "code", source: "x", execution_count: 1, outputs }] };
}

/** Two notebooks, the first of which prints something else when it is run. */
function world(columns: number | null = null) {
  const files = new MemoryDisk();
  files.makeFolder("notebooks");
  files.makeFolder("notebooks/data");
  files.writeText("notebooks/01_books.ipynb", formatNotebook(notebookPrinting("old\n")));
  files.writeText("notebooks/02_stack.ipynb", formatNotebook(notebookPrinting("same\n")));
  const said: string[] = [];
  const ran: string[] = [];
  let clock = 0;
  const host = {
    files,
    folder: "notebooks",
    terminal: {
      print: (line: string) => void said.push(line),
      note: (line: string) => void said.push(line),
      overwrite: (line: string) => void said.push(`~${line}`),
      columns: () => columns,
    },
    now: () => clock += 500,
    run(path: string, { onCell }: { onCell?: (done: number, total: number) => void }) {
      ran.push(path);
      onCell?.(1, 1);
      return Promise.resolve(notebookPrinting(path.includes("01") ? "new\n" : "same\n"));
    },
  };
  return { files, said, ran, host };
}

function textIn(files: MemoryDisk, name: string): string {
  return formatNotebook(parseNotebook(files.readText(`notebooks/${name}`), name));
}

Deno.test("all notebooks are run, and those that changed are written", async () => {
  const { files, said, ran, host } = world();
  assertEquals(await notebooksCommand([], host), 0);
  assertEquals(ran, ["notebooks/01_books.ipynb", "notebooks/02_stack.ipynb"]);
  assertEquals(textIn(files, "01_books.ipynb"), formatNotebook(notebookPrinting("new\n")));
  assertEquals(said.map((line) => line.replace(/ +[\d.]+ s /, "")), [
    "01_books.ipynb refreshed",
    "02_stack.ipynb unchanged",
  ]);
});

Deno.test("--check writes nothing and shows the difference", async () => {
  const { files, said, host } = world();
  const operations = files.operations;
  assertEquals(await notebooksCommand(["--check"], host), 1);
  assertEquals(files.operations, operations);
  assertStringIncludes(said.join("\n"), 'committed: "old\\n"');
  assertStringIncludes(said.join("\n"), 'this run:  "new\\n"');
});

Deno.test("--check fails on a file that is written otherwise than by a run, and a run mends it", async () => {
  const { files, said, host } = world();
  const canonical = files.readText("notebooks/02_stack.ipynb");
  files.writeText("notebooks/02_stack.ipynb", JSON.stringify(JSON.parse(canonical)));
  assertEquals(await notebooksCommand(["02", "--check"], host), 1);
  assertStringIncludes(said.join("\n"), "the file is not written as a run writes it");
  assertEquals(await notebooksCommand(["02"], host), 0);
  assertEquals(files.readText("notebooks/02_stack.ipynb"), canonical);
  assertEquals(await notebooksCommand(["02", "--check"], host), 0);
});

Deno.test("--check is content where nothing differs", async () => {
  const { host } = world();
  assertEquals(await notebooksCommand(["02", "--check"], host), 0);
});

Deno.test("notebooks are named by how they begin, with or without their folder", async () => {
  for (const word of ["02", "02_stack", "02_stack.ipynb", "notebooks/02_stack.ipynb"]) {
    const { ran, host } = world();
    assertEquals(await notebooksCommand([word], host), 0);
    assertEquals(ran, ["notebooks/02_stack.ipynb"]);
  }
});

Deno.test("bad input is one sentence and exit code 2, and nothing is run", async () => {
  for (const words of [["--chekc"], ["03"], ["--check=yes"], ["01", "stack"]]) {
    const { said, ran, host } = world();
    assertEquals(await notebooksCommand(words, host), 2);
    assertEquals(said.length, 1);
    assertStringIncludes(said[0], "wanted");
    assertEquals(ran, []);
  }
});

Deno.test("a file that is no notebook is bad input too", async () => {
  const { files, said, ran, host } = world();
  files.writeText("notebooks/01_books.ipynb", "{");
  assertEquals(await notebooksCommand([], host), 2);
  assertStringIncludes(said.at(-1)!, "Cannot read 01_books.ipynb: wanted JSON");
  assertEquals(ran, []);
});

Deno.test("a folder without notebooks is bad input too", async () => {
  const { said, host } = world();
  assertEquals(await notebooksCommand([], { ...host, folder: "notebooks/data" }), 2);
  assertEquals(said, ["Cannot run the notebooks: wanted some in notebooks/data, got none"]);
});

Deno.test("a cell that fails is told, and the other notebooks are run all the same", async () => {
  const { files, said, ran, host } = world();
  const before = files.readText("notebooks/01_books.ipynb");
  const run = (path: string) => {
    ran.push(path);
    return path.includes("01")
      ? Promise.reject(new CellError("01_books.ipynb", 1, "x", "Error: no books"))
      : Promise.resolve(notebookPrinting("same\n"));
  };
  assertEquals(await notebooksCommand([], { ...host, run }), 1);
  assertEquals(ran.length, 2);
  assertEquals(files.readText("notebooks/01_books.ipynb"), before);
  assertStringIncludes(said.join("\n"), "code cell [1] failed: Error: no books");
});

Deno.test("what nobody foresaw is not hidden", async () => {
  const { host } = world();
  const run = () => Promise.reject(new RangeError("a fault of the runner"));
  await assertRejects(() => notebooksCommand([], { ...host, run }), RangeError);
});

Deno.test("on a screen the state of those that run is kept up to date, never wider than the screen", async () => {
  const { said, host } = world(30);
  await notebooksCommand([], host);
  const states = said.filter((line) => line.startsWith("~")).map((line) => line.slice(1));
  assertStringIncludes(states.join("\n"), "01_books.ipynb: 1 of 1");
  assertEquals(states.filter((state) => state.length > 29), []);
});

Deno.test("--help tells how to use it", async () => {
  const { said, ran, host } = world();
  assertEquals(await notebooksCommand(["--help"], host), 0);
  assertStringIncludes(said.join("\n"), "Usage: deno task notebooks");
  assertEquals(ran, []);
});
