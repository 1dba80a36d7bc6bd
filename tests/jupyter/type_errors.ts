/**
 * Type-checks notebooks: the code cells of each are joined to a module, which is checked as strictly as the library.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Notebook } from "@/jupyter/notebook_file.ts";

/** An import that exits: it is evaluated first, so that no cell runs. */
const STOP = 'import "data:text/javascript,Deno.exit(0)";';

/** A notebook's code cells joined, and the cell and line of each line. */
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

/** Type-checks modules without running them, and returns the errors. */
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
  const errors = stripVTControlCharacters(new TextDecoder().decode(stderr));
  return success ? undefined : errors.replace(/\n*error: Type checking failed[^]*/, "").trim();
}

/**
 * Type-checks the joined cells of notebooks without running them, with the import map and the settings of the working
 * folder. One check for all is much faster than one for each.
 *
 * @param notebooks The notebooks by name.
 * @param scratch A folder below the working folder for temporary files.
 * @returns The errors, each with notebook, cell and line; undefined if there are none.
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
