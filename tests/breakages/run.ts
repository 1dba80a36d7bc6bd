/**
 * Makes mistakes in a copy of the repository, one at a time, and reports which of them the tests catch. Run it before and
 * after a change that moves code or tests.
 *
 * ```sh
 * deno task breakages           # every mistake of breakages.ts, in one to two minutes
 * deno task breakages math lstm # those with one of these words in their names
 * ```
 *
 * The tests concerned run once on the copy as it is. Then each mistake is made, its tests run, and the line is restored. It
 * prints one line for each and exits with 1 unless every mistake is caught:
 *
 * | result | meaning |
 * |---|---|
 * | `caught` | a test failed |
 * | `NOT CAUGHT` | its tests pass: they need another case, or the entry another line |
 * | `not found (n places)` | `find` of the entry occurs n times in the library, not once |
 * | `not found (no x_test.ts)` | no test file has this name |
 * | `does not run` | the tests neither passed nor failed: the code cannot be loaded, or never ends |
 * | `the test fails without the breakage` | fix the test first |
 *
 * The copy lies in a folder of `.runs`. It is removed at the end and after Ctrl-C.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import "@/io/require_deno.ts";
import { WITHOUT_LINKER_VARIABLES } from "@/io/programs.ts";
import { processTerminal } from "@/io/terminal.ts";
import { UserError } from "@/io/user_error.ts";
import { type Command, EXIT_CODES } from "@/options/command.ts";
import { runCommand } from "@/options/run_command.ts";
import { type Breakage, BREAKAGES } from "./breakages.ts";
import { type Place, placesOf, sourcePaths, testFiles } from "./places.ts";

/** At the top of the repository, but not in it. */
const NOT_COPIED = [".git", ".runs", ".jupyter", "node_modules"];
/** Limit on one run of tests: some mistakes make a loop endless. */
const TIMEOUT_MS = 300_000;

const stop = new AbortController();

/** A copy of the repository to break. */
interface Copy {
  readonly folder: string;
  readonly tests: readonly string[];
  /** Texts of the library's files. */
  readonly sources: ReadonlyMap<string, string>;
}

function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isDirectory, isFile } of Deno.readDirSync(from)) {
    if (from === "." && NOT_COPIED.includes(name)) continue;
    if (isDirectory) copyFolder(`${from}/${name}`, `${to}/${name}`);
    if (isFile) Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
}

function makeCopy(): Copy {
  Deno.mkdirSync(".runs", { recursive: true });
  const folder = Deno.makeTempDirSync({ dir: ".runs", prefix: "breakages-" });
  copyFolder(".", folder);
  const sources = sourcePaths("lib").map((path) => [path, Deno.readTextFileSync(path)] as const);
  return { folder, tests: sourcePaths("tests"), sources: new Map(sources) };
}

/** Runs tests in the copy until one fails. */
async function runTests(
  { folder }: Copy,
  files: readonly string[],
): Promise<"pass" | "fail" | "no result"> {
  const deno = Deno.execPath();
  const permissions = ["--allow-read", "--allow-write=.runs", "--allow-ffi", `--allow-run=${deno}`];
  const docs = files.some((file) => file.startsWith("lib/")) ? ["--doc"] : [];
  const { success, stdout } = await new Deno.Command(deno, {
    args: ["test", "--no-check", "--fail-fast", "--no-prompt", ...permissions, ...docs, ...files],
    cwd: folder,
    env: { ...WITHOUT_LINKER_VARIABLES, NO_COLOR: "1" },
    stderr: "null",
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).output();
  if (success) return "pass";
  const output = new TextDecoder().decode(stdout);
  const ran = /\| [1-9]\d* failed/.test(output) && !output.includes("(uncaught error)");
  return ran ? "fail" : "no result";
}

/** Files of a breakage's tests. */
function filesOf({ tests: names }: Breakage, { tests, sources }: Copy): string[] {
  return names.flatMap((name) => testFiles(name, tests, [...sources.keys()]));
}

/** Breaks the copy in one place, runs tests, and restores it. */
async function runBroken(
  { path, from, to }: Place,
  replace: string,
  copy: Copy,
  files: readonly string[],
): Promise<string> {
  const broken = `${copy.folder}/${path}`, text = copy.sources.get(path)!;
  Deno.writeTextFileSync(broken, text.slice(0, from) + replace + text.slice(to));
  const result = await runTests(copy, files);
  Deno.writeTextFileSync(broken, text);
  return { "pass": "NOT CAUGHT", "fail": "caught", "no result": "does not run" }[result];
}

async function tryBreakage(breakage: Breakage, copy: Copy, allPass: boolean): Promise<string> {
  const places = placesOf(breakage, copy.sources), files = filesOf(breakage, copy);
  if (places.length !== 1) return `not found (${places.length} places)`;
  const missing = breakage.tests.find((name) =>
    filesOf({ ...breakage, tests: [name] }, copy).length === 0
  );
  if (missing !== undefined) return `not found (no ${missing})`;
  if (!allPass && await runTests(copy, files) !== "pass") {
    return "the test fails without the breakage";
  }
  return await runBroken(places[0], breakage.replace, copy, files);
}

/** Tries all breakages; the number of those that are caught. */
async function tryAll(breakages: readonly Breakage[], copy: Copy): Promise<number> {
  const files = new Set(breakages.flatMap((breakage) => filesOf(breakage, copy)));
  console.log(`Running the tests of ${files.size} files as they are`);
  const allPass = await runTests(copy, [...files]) === "pass", total = `${breakages.length}`;
  let caught = 0;
  for (const [index, breakage] of breakages.entries()) {
    const began = performance.now(), result = await tryBreakage(breakage, copy, allPass);
    if (stop.signal.aborted) break;
    if (result === "caught") caught++;
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(4);
    const count = `${index + 1}`.padStart(total.length);
    console.log(`${count} of ${total}  ${seconds} s  ${result}  ${breakage.name}`);
  }
  return caught;
}

/** The command. */
export const COMMAND: Command = {
  action: "break the library",
  summary: "Breaks one line of the library at a time, and reports which mistakes the tests catch.",
  usage: ["deno task breakages [WORD …]"],
  words: {
    name: "WORD",
    description: "a part of a mistake's name (default all mistakes)",
    minimum: 0,
    maximum: Infinity,
    wanted: "parts of names",
  },
  options: {},
  exitCodes: { 1: "a mistake was not caught", 130: EXIT_CODES[130] },
};

/** Runs the command; its exit code. */
async function main(words: readonly string[]): Promise<number> {
  const isChosen = ({ name }: Breakage) =>
    words.length === 0 || words.some((word) => name.toLowerCase().includes(word.toLowerCase()));
  const breakages = BREAKAGES.filter(isChosen);
  if (breakages.length === 0) {
    throw new UserError(COMMAND.action, "a part of a mistake's name", words.join(" "));
  }
  const copy = makeCopy();
  try {
    const caught = await tryAll(breakages, copy);
    if (stop.signal.aborted) return 130;
    console.log(`${caught} of ${breakages.length} breakages caught`);
    return caught === breakages.length ? 0 : 1;
  } finally {
    Deno.removeSync(copy.folder, { recursive: true });
  }
}

if (import.meta.main) {
  Deno.addSignalListener("SIGINT", () => stop.abort());
  Deno.exit(await runCommand(COMMAND, Deno.args, processTerminal, ({ words }) => main(words)));
}
