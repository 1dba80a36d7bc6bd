/**
 * Notebooks as modules: the cells of each joined, and checked as strictly as the rest of the project.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Notebook } from "./notebook_file.ts";

/** Ends the program before the first line of a cell is run: what is imported first is run first. */
const STOP = 'import "data:text/javascript,Deno.exit(0)";';

/** A notebook's code cells below one another, and for each line the cell and the line in it. */
interface Joined {
  readonly name: string;
  readonly code: string;
  readonly places: string[];
}

function join(name: string, notebook: Notebook): Joined {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  const lines = cells.flatMap(({ source }, c) =>
    source.split("\n").map((line, i) => ({ line, place: `code cell [${c + 1}], line ${i + 1}` }))
  );
  return {
    name,
    code: lines.map(({ line }) => line).join("\n"),
    places: lines.map(({ place }) => place),
  };
}

/** What Deno says of modules that are checked, imported and not run. */
async function typeCheck(modules: readonly string[]): Promise<string | undefined> {
  const checker = new Deno.Command(Deno.execPath(), {
    args: ["run", "--check", "--no-prompt", "--quiet", "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = checker.stdin.getWriter();
  const imports = modules.map((path) => `import "./${path}";`);
  await writer.write(new TextEncoder().encode([STOP, ...imports].join("\n")));
  await writer.close();
  const { success, stderr } = await checker.output();
  const said = stripVTControlCharacters(new TextDecoder().decode(stderr));
  return success ? undefined : said.replace(/\n*error: Type checking failed[^]*/, "").trim();
}

/**
 * Type-checks the joined cells of notebooks without running them; the import map and the settings are those of the
 * working folder. One check for all is much faster than one for each.
 *
 * @param notebooks Each notebook by its name.
 * @param scratch A folder below the working folder in which files may be made for a moment.
 * @returns What Deno found, with notebook, cell and line of each error; nothing if all is well.
 */
export async function typeErrors(
  notebooks: Readonly<Record<string, Notebook>>,
  scratch = ".runs",
): Promise<string | undefined> {
  const all = Object.entries(notebooks).map(([name, notebook]) => join(name, notebook));
  await Deno.mkdir(scratch, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: scratch, prefix: "types-" });
  try {
    const paths = all.map((_, k) => `${folder}/${k}.ts`);
    await Promise.all(all.map(({ code }, k) => Deno.writeTextFile(paths[k], code)));
    const found = await typeCheck(paths);
    return found?.replace(/file:\S*\/(\d+)\.ts:(\d+):\d+/g, (whole, k, line) => {
      const place = whole.includes(folder) ? all[k].places[line - 1] : undefined;
      return place === undefined ? whole : `${all[k].name}, ${place}`;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
