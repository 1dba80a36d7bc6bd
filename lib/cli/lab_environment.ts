/**
 * The environment that the project's own JupyterLab lives in: made once, then only looked at.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import type { Outcome, Programs } from "@/io/programs.ts";
import { findPython } from "./python.ts";

/** What the environment is made with. */
export interface EnvironmentHost {
  readonly files: Files;
  readonly programs: Programs;
  /** Where it is to be. */
  readonly folder: string;
  /** The file that pins what is in it, in pip's format. */
  readonly pins: string;
  /** Whether this is Windows, where environments are laid out differently. */
  readonly isWindows: boolean;
  /** Tells what is being done. */
  note(line: string): void;
}

/** Written last: an environment without it, or with another, is made anew. */
const STAMP = "complete.txt";

/** Fails if anything that is pinned is not there, or not in that version. */
const VERIFY = `
import sys
from importlib.metadata import version
for pin in sys.argv[1:]:
    name, wanted = pin.split("==")
    assert version(name) == wanted
`;

/** The pinned packages, as in "plotly==7.1.0". */
export function readPins({ files, pins }: EnvironmentHost): string[] {
  const lines = files.readText(pins).split("\n").map((line) => line.trim());
  const packages = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const loose = packages.find((line) => !/^[\w-]+==[\w.]+$/.test(line));
  if (loose) throw new UserError(`read ${pins}`, "name==version on each line", loose);
  return packages;
}

/** The environment's own Python. */
export function pythonIn(folder: string, isWindows: boolean): string {
  return isWindows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** Whether an environment with these pins was finished, and still works. */
async function isReady(host: EnvironmentHost, pins: string[]): Promise<boolean> {
  const { files, folder, programs, isWindows } = host;
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "file" || files.readText(stamp) !== pins.join("\n")) return false;
  const verified = await programs.run(pythonIn(folder, isWindows), ["-c", VERIFY, ...pins]);
  return verified?.code === 0;
}

/** The last thing that a failed program said, which is where pip and venv say why. */
function lastWords(outcome: Outcome | undefined): string {
  const said = `${outcome?.printed ?? ""}\n${outcome?.noted ?? ""}`.trim().split("\n");
  const errors = said.filter((line) => /^error/i.test(line));
  return `"${(errors.length > 0 ? errors : said).at(-1)}"`;
}

async function make(host: EnvironmentHost, pins: string[]): Promise<void> {
  const { files, folder, programs, isWindows, note } = host;
  const python = await findPython(programs);
  note(
    `Installing ${pins.join(", ").replaceAll("==", " ")} into ${folder} (once, a minute or so) …`,
  );
  // Deno removes no folder that holds a program it may run, so the rest of it is left to venv.
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "nothing") files.remove(stamp);
  const made = await programs.run(python, ["-m", "venv", "--clear", folder]);
  if (made?.code !== 0) {
    throw new UserError(`make ${folder}`, `python -m venv to succeed`, lastWords(made));
  }
  // What is not compiled beforehand is compiled when it is first used, and most of it never is.
  const install = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-compile",
    "--no-user", // whatever the user's own pip is told to do
  ];
  const installed = await programs.run(pythonIn(folder, isWindows), [...install, ...pins]);
  if (installed?.code !== 0) {
    const wanted = "pip to find the packages (is there a network?)";
    throw new UserError("install JupyterLab", wanted, lastWords(installed));
  }
  files.writeText(join(folder, ".gitignore"), "*\n");
  writeAtomically(files, stamp, pins.join("\n"));
}

/**
 * Makes the environment, unless it is there, whole, and of the same pins.
 *
 * An attempt that was broken off leaves no stamp; the next one begins anew.
 *
 * @param host What it is made with.
 * @returns Whether it had to be made.
 * @throws {UserError} If there is no Python to make it with, or the packages cannot be fetched.
 */
export async function ensureEnvironment(host: EnvironmentHost): Promise<boolean> {
  const pins = readPins(host);
  if (await isReady(host, pins)) return false;
  await make(host, pins);
  return true;
}
