/**
 * Type-checks notebooks: the code cells of each are joined to a module, which is checked as strictly as the library.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import type { Notebook } from "@/jupyter/notebook_file.ts";

/** The exit code by which the checked module says that it was reached, which nothing else gives. */
const CHECKED = 42;
/** An import that exits: it is evaluated first, so that no cell runs. */
const STOP = `import "data:text/javascript,Deno.exit(${CHECKED})";`;
const CHECKER = ["run", "--check", "--no-prompt", "--quiet", "-"];

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

/** Type-checks modules without running them, and returns the errors; throws if the checker itself fails. */
async function typeCheck(
  modules: readonly string[],
  args: readonly string[],
): Promise<string | undefined> {
  const checker = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = checker.stdin.getWriter();
  const imports = modules.map((path) => `import "./${path}";`);
  const text = new TextEncoder().encode([STOP, ...imports].join("\n"));
  const written = writer.write(text).then(() => writer.close());
  await written.catch(() => {}); // a checker that has died reads nothing
  const { code, signal, stderr } = await checker.output();
  const noted = stripVTControlCharacters(new TextDecoder().decode(stderr));
  if (code === CHECKED) return undefined;
  const errors = noted.replace(/\n*error: Type checking failed[^]*/, "").trim();
  if (code === 1 && errors !== "") return errors;
  const got = `one that ended with ${signal ?? `code ${code}`} and said "${noted.trim()}"`;
  throw new Error(`Cannot check types: wanted a checker that finds errors or none, got ${got}`);
}

/**
 * Type-checks the joined cells of notebooks without running them, with the import map and the settings of the working
 * folder. One check for all is much faster than one for each.
 *
 * @param notebooks The notebooks by name.
 * @param scratch A folder below the working folder for temporary files.
 * @param checker The arguments with which Deno checks the module on its standard input.
 * @returns The errors, each with notebook, cell and line; undefined if there are none.
 * @throws {Error} If the checker dies, or ends without having checked anything.
 */
export async function typeErrors(
  notebooks: Readonly<Record<string, Notebook>>,
  scratch = ".runs",
  checker: readonly string[] = CHECKER,
): Promise<string | undefined> {
  const all = Object.entries(notebooks).map(([name, notebook]) => join(name, notebook));
  await Deno.mkdir(scratch, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: scratch, prefix: "types-" });
  try {
    const paths = all.map((_, k) => `${folder}/${k}.ts`);
    await Promise.all(all.map(({ code }, k) => Deno.writeTextFile(paths[k], code)));
    const found = await typeCheck(paths, checker);
    return found?.replace(/file:\S*\/(\d+)\.ts:(\d+):\d+/g, (whole, k, line) => {
      const place = whole.includes(folder) ? all[k].places[line - 1] : undefined;
      return place === undefined ? whole : `${all[k].name}, ${place}`;
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
