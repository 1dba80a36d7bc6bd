import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { notebooksCommand } from "@/cli/notebooks.ts";
import { formatNotebook, type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { CellError } from "@/jupyter/run_notebook.ts";
import type { StopCode } from "@/io/signals.ts";
import { UserError } from "@/io/user_error.ts";
import { MemoryDisk } from "../io/memory_disk.ts";

function notebookPrinting(text: string): Notebook {
  const outputs = [{ output_type: "stream" as const, name: "stdout", text }];
  return { nbformat: 4, cells: [{ cell_type: "code", source: "x", execution_count: 1, outputs }] };
}

/** Two notebooks, the first of which prints something else when it is run. */
function setUp(columns: number | null = null) {
  const files = new MemoryDisk();
  files.makeFolder("notebooks");
  files.makeFolder("notebooks/data");
  files.writeText("notebooks/01_books.ipynb", formatNotebook(notebookPrinting("old\n")));
  files.writeText("notebooks/02_stack.ipynb", formatNotebook(notebookPrinting("same\n")));
  const lines: string[] = [];
  const ran: string[] = [];
  const listeners = new Set<(code: StopCode) => void>();
  let clock = 0;
  const host = {
    onStopSignal(listener: (code: StopCode) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    files,
    folder: "notebooks",
    terminal: {
      print: (line: string) => void lines.push(line),
      note: (line: string) => void lines.push(line),
      overwrite: (line: string) => void lines.push(`~${line}`),
      columns: () => columns,
    },
    now: () => clock += 500,
    run(path: string, { onCell }: { onCell?: (done: number, total: number) => void }) {
      ran.push(path);
      onCell?.(1, 1);
      return Promise.resolve(notebookPrinting(path.includes("01") ? "new\n" : "same\n"));
    },
  };
  return { files, lines, ran, host, listeners };
}

function textIn(files: MemoryDisk, name: string): string {
  return formatNotebook(parseNotebook(files.readText(`notebooks/${name}`), name));
}

Deno.test("all notebooks are run, the last first, and those that changed are written", async () => {
  const { files, lines, ran, host } = setUp();
  assertEquals(await notebooksCommand([], host), 0);
  assertEquals(ran, ["notebooks/02_stack.ipynb", "notebooks/01_books.ipynb"]);
  assertEquals(textIn(files, "01_books.ipynb"), formatNotebook(notebookPrinting("new\n")));
  assertEquals(lines.map((line) => line.replace(/ +[\d.]+ s /, "")), [
    "02_stack.ipynb unchanged",
    "01_books.ipynb updated",
  ]);
});

Deno.test("--check writes nothing and shows the difference", async () => {
  const { files, lines, host } = setUp();
  const operations = files.operations;
  assertEquals(await notebooksCommand(["--check"], host), 1);
  assertEquals(files.operations, operations);
  assertStringIncludes(lines.join("\n"), 'committed: "old\\n"');
  assertStringIncludes(lines.join("\n"), 'this run:  "new\\n"');
});

Deno.test("--check fails on a file that a run would write differently, and a run rewrites it", async () => {
  const { files, lines, host } = setUp();
  const canonical = files.readText("notebooks/02_stack.ipynb");
  files.writeText("notebooks/02_stack.ipynb", JSON.stringify(JSON.parse(canonical)));
  assertEquals(await notebooksCommand(["02", "--check"], host), 1);
  assertStringIncludes(lines.join("\n"), "the format of the file differs");
  assertEquals(await notebooksCommand(["02"], host), 0);
  assertEquals(files.readText("notebooks/02_stack.ipynb"), canonical);
  assertEquals(await notebooksCommand(["02", "--check"], host), 0);
});

Deno.test("--check names line endings of another system as what they are", async () => {
  const { files, lines, host } = setUp();
  const canonical = files.readText("notebooks/02_stack.ipynb");
  files.writeText("notebooks/02_stack.ipynb", canonical.replaceAll("\n", "\r\n"));
  assertEquals(await notebooksCommand(["02", "--check"], host), 1);
  assertStringIncludes(lines.join("\n"), "the lines of the file end with CR LF (wanted LF;");
});

Deno.test("--check succeeds where nothing differs", async () => {
  const { host } = setUp();
  assertEquals(await notebooksCommand(["02", "--check"], host), 0);
});

Deno.test("an error that every notebook meets is one sentence, after the notebook that is running", async () => {
  const { files, lines, ran, host } = setUp();
  files.writeText("notebooks/03_queue.ipynb", formatNotebook(notebookPrinting("same\n")));
  const run = async (path: string, options: object) => {
    if (path.includes("03")) throw new UserError("write .runs", "a folder", "a file");
    await new Promise((resolve) => setTimeout(resolve));
    await host.run(path, options);
    return notebookPrinting("different\n");
  };
  assertEquals(await notebooksCommand([], { ...host, run }), 2);
  assertEquals(lines.at(-1), "Cannot write .runs: wanted a folder, got a file");
  assertEquals(ran, ["notebooks/02_stack.ipynb"]); // and no third one
  assertEquals(textIn(files, "02_stack.ipynb"), formatNotebook(notebookPrinting("different\n")));
});

Deno.test("a notebook is chosen by the beginning of its name, with or without its folder", async () => {
  for (const word of ["02", "02_stack", "02_stack.ipynb", "notebooks/02_stack.ipynb"]) {
    const { ran, host } = setUp();
    assertEquals(await notebooksCommand([word], host), 0);
    assertEquals(ran, ["notebooks/02_stack.ipynb"]);
  }
});

Deno.test("bad input is one sentence and exit code 2, and nothing is run", async () => {
  for (const words of [["--chekc"], ["03"], ["--check=yes"], ["01", "stack"]]) {
    const { lines, ran, host } = setUp();
    assertEquals(await notebooksCommand(words, host), 2);
    assertEquals(lines.length, 1);
    assertStringIncludes(lines[0], "wanted");
    assertEquals(ran, []);
  }
});

Deno.test("a file that is not a notebook is refused", async () => {
  const { files, lines, ran, host } = setUp();
  files.writeText("notebooks/01_books.ipynb", "{");
  assertEquals(await notebooksCommand([], host), 2);
  assertStringIncludes(lines.at(-1)!, "Cannot read 01_books.ipynb: wanted JSON");
  assertEquals(ran, []);
});

Deno.test("a folder without notebooks is refused", async () => {
  const { lines, host } = setUp();
  assertEquals(await notebooksCommand([], { ...host, folder: "notebooks/data" }), 2);
  assertEquals(lines, ["Cannot run the notebooks: wanted some in notebooks/data, got none"]);
});

Deno.test("a failing cell is reported, and the other notebooks still run", async () => {
  const { files, lines, ran, host } = setUp();
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
  assertStringIncludes(lines.join("\n"), "code cell [1] failed: Error: no books");
});

Deno.test("an unexpected error is not hidden", async () => {
  const { host } = setUp();
  const run = () => Promise.reject(new RangeError("a fault of the runner"));
  await assertRejects(() => notebooksCommand([], { ...host, run }), RangeError);
});

Deno.test("a terminal shows the state of the running notebooks, never wider than its columns", async () => {
  const { lines, host } = setUp(30);
  await notebooksCommand([], host);
  const states = lines.filter((line) => line.startsWith("~")).map((line) => line.slice(1));
  assertStringIncludes(states.join("\n"), "02_stack.ipynb: 1 of 1");
  assertEquals(states.filter((state) => state.length > 29), []);
});

Deno.test("--help shows the usage", async () => {
  const { lines, ran, host } = setUp();
  assertEquals(await notebooksCommand(["--help"], host), 0);
  assertStringIncludes(lines.join("\n"), "Usage: deno task notebooks");
  assertEquals(ran, []);
});

Deno.test("a signal ends the kernels, starts no other notebook, writes none, and gives its exit code", async () => {
  const { files, lines, host, listeners } = setUp();
  files.writeText("notebooks/03_more.ipynb", formatNotebook(notebookPrinting("old\n")));
  const before = files.snapshot(), ran: string[] = [];
  const run = (path: string, { stop }: { stop?: AbortSignal }) => {
    ran.push(path);
    return new Promise<Notebook>((_, reject) => {
      stop?.addEventListener("abort", () => reject(new CellError(path, 1, "x", "the kernel died")));
      if (ran.length === 2) listeners.forEach((listener) => listener(75));
    });
  };
  assertEquals(await notebooksCommand([], { ...host, run }), 75);
  assertEquals([ran.length, listeners.size, files.snapshot()], [2, 0, before]);
  assertEquals(lines.map((line) => line.split(/ +/).at(-1)), ["stopped", "stopped"]);
});
