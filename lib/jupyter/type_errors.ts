/**
 * A notebook as one module: its cells joined, and checked as strictly as the rest of the project.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Notebook } from "./notebook_file.ts";

/** Ends the program before the first line of a cell is run: imports come first, and this one comes first of all. */
const STOP = 'import "data:text/javascript,Deno.exit(0)";';

/** The cells' code below one another, and for each line the cell and the line in it. */
function join(notebook: Notebook): { code: string; places: string[] } {
  const lines = [STOP];
  const places = [""];
  let count = 0;
  for (const { cell_type, source } of notebook.cells) {
    if (cell_type !== "code") continue;
    count++;
    for (const [i, line] of source.split("\n").entries()) {
      lines.push(line);
      places.push(`code cell [${count}], line ${i + 1}`);
    }
  }
  return { code: lines.join("\n"), places };
}

async function typeCheck(code: string): Promise<string | undefined> {
  const checker = new Deno.Command(Deno.execPath(), {
    args: ["run", "--check", "--no-prompt", "--quiet", "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = checker.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { success, stderr } = await checker.output();
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr));
  return success ? undefined : said.replace(/\n*error: Type checking failed[^]*/, "").trim();
}

/**
 * Type-checks the joined cells of a notebook without running them; the import map and the settings are those of the
 * working folder.
 *
 * @param notebook The notebook.
 * @returns What Deno found, with the cell and the line of each error; nothing if all is well.
 */
export async function typeErrors(notebook: Notebook): Promise<string | undefined> {
  const { code, places } = join(notebook);
  const found = await typeCheck(code);
  return found?.replace(/file:\S*\$deno\$stdin\.mts:(\d+):\d+/g, (_, line) => places[line - 1]);
}
