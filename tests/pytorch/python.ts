/** Whether Python is there, with what a test asks of it. */
import { mayScratch } from "../io/scratch_folder.ts";

/** The program. */
export const PYTHON = "python3";

/**
 * Why a comparison is left out; undefined if nothing is missing.
 *
 * @param modules What Python is to have.
 * @param scratch Whether the test wants a folder of its own.
 */
export function missing(modules: readonly string[], scratch: boolean): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "run", command: PYTHON });
  if (state !== "granted") return `needs --allow-run=${PYTHON}`;
  if (scratch && !mayScratch()) return "needs --allow-read and --allow-write=.runs";
  const look = "import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, sys.argv[1:])))";
  try {
    const { success } = new Deno.Command(PYTHON, { args: ["-c", look, ...modules], stderr: "null" })
      .outputSync();
    return success ? undefined : `needs ${modules.join(" and ")}`;
  } catch {
    return `needs ${PYTHON}`;
  }
}
