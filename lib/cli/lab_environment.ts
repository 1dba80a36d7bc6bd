/**
 * The Python environment of JupyterLab: created once, verified at every start, created again if its pins change.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import type { Outcome, Programs } from "@/io/programs.ts";

/** Everything that is needed to create the environment. */
export interface EnvironmentHost {
  readonly files: Files;
  readonly programs: Programs;
  /** The folder of the environment. */
  readonly folder: string;
  /** The file that pins the packages, in pip's format. */
  readonly pins: string;
  /** Whether this is Windows, where an environment has other subfolders. */
  readonly isWindows: boolean;
  /** Prints a line about what is being done. */
  note(line: string): void;
}

/** The file that is written last, with the pins: without it, or with other pins, the environment is incomplete. */
const STAMP = "complete.txt";

/** A Python program that fails if a pinned package is missing or has a different version. */
const VERIFY = `
import sys
from importlib.metadata import version
for pin in sys.argv[1:]:
    name, wanted = pin.split("==")
    assert version(name) == wanted
`;

/** Reads the pinned packages, such as "plotly==7.1.0". */
function readPins({ files, pins }: EnvironmentHost): string[] {
  const lines = files.readText(pins).split("\n").map((line) => line.trim());
  const packages = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const loose = packages.find((line) => !/^[\w-]+==[\w.]+$/.test(line));
  if (loose) throw new UserError(`read ${pins}`, "name==version on each line", loose);
  return packages;
}

/** Returns the path of the environment's Python. */
export function pythonIn(folder: string, isWindows: boolean): string {
  return isWindows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** Returns whether a complete environment with these pins exists and works. */
async function isReady(host: EnvironmentHost, pins: string[]): Promise<boolean> {
  const { files, folder, programs, isWindows } = host;
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "file" || files.readText(stamp) !== pins.join("\n")) return false;
  const verified = await programs.run(pythonIn(folder, isWindows), ["-c", VERIFY, ...pins]);
  return verified?.code === 0;
}

/** Quotes the last line of a failed program that begins with "error", or its last line, where pip and venv give the cause. */
function lastError(outcome: Outcome | undefined): string {
  const lines = `${outcome?.printed ?? ""}\n${outcome?.noted ?? ""}`.trim().split("\n");
  const errors = lines.filter((line) => /^error/i.test(line));
  return `"${(errors.length > 0 ? errors : lines).at(-1)}"`;
}

async function create(host: EnvironmentHost, pins: string[]): Promise<void> {
  const { files, folder, programs, isWindows, note } = host;
  const python = await findPython(programs);
  note(
    `Installing ${pins.join(", ").replaceAll("==", " ")} into ${folder} (once, a minute or so) …`,
  );
  // Only the stamp is removed here, because Deno refuses to remove a folder with a program that it may run. The
  // option --clear removes the rest.
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "nothing") files.remove(stamp);
  const created = await programs.run(python, ["-m", "venv", "--clear", folder]);
  if (created?.code !== 0) {
    throw new UserError(`create ${folder}`, "python -m venv to succeed", lastError(created));
  }
  // --no-compile: most modules are never used, and Python compiles the others at their first use.
  const install = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-compile",
    "--no-user", // overrides the user's own pip settings
  ];
  const installed = await programs.run(pythonIn(folder, isWindows), [...install, ...pins]);
  if (installed?.code !== 0) {
    const wanted = "pip to find the packages (is there a network?)";
    throw new UserError("install JupyterLab", wanted, lastError(installed));
  }
  files.writeText(join(folder, ".gitignore"), "*\n");
  writeAtomically(files, stamp, pins.join("\n"));
}

/**
 * Creates the environment, unless a complete one with the same pins exists.
 *
 * An interrupted installation leaves no stamp, so the next call starts again.
 *
 * @param host Everything that is needed to create it.
 * @returns Whether it was created.
 * @throws {UserError} If there is no suitable Python, or the packages cannot be downloaded.
 */
export async function ensureEnvironment(host: EnvironmentHost): Promise<boolean> {
  const pins = readPins(host);
  if (await isReady(host, pins)) return false;
  await create(host, pins);
  return true;
}

/** The names of the Python program: on most systems, on some, and on Windows. */
const PYTHON_NAMES = ["python3", "python", "py"];

/** The oldest version of Python that JupyterLab 4.6 supports. */
const MIN_VERSION = [3, 10];

const ACTION = "open JupyterLab";
const PYTHON = `Python ${MIN_VERSION.join(".")} or newer (from python.org/downloads)`;
const VENV = "a Python with the modules venv and ensurepip " +
  "(on Debian and Ubuntu: sudo apt install python3-venv)";

/** A Python program that prints its version and whether the required modules exist. */
const PROBE = `
import sys
from importlib.util import find_spec
print(*sys.version_info[:2], all(find_spec(name) for name in ("venv", "ensurepip")))
`;

/** The reason why a Python is not suitable; the one with the highest rank is reported. */
interface Refusal {
  readonly rank: number;
  readonly error: UserError;
}

const NONE: Refusal = { rank: 0, error: new UserError(ACTION, PYTHON, "no Python at all") };

/** Returns why the Python that printed this is not suitable; undefined if it is. */
function checkPython(printed: string): Refusal | undefined {
  const [major, minor, hasModules] = printed.split(" ");
  const version = [Number(major), Number(minor)];
  const difference = version[0] - MIN_VERSION[0] || version[1] - MIN_VERSION[1];
  if (!(difference >= 0)) {
    const got = `Python ${version.join(".")}`;
    return { rank: 1, error: new UserError(ACTION, PYTHON, got) };
  }
  if (hasModules === "True") return undefined;
  const got = `Python ${version.join(".")} without them`;
  return { rank: 2, error: new UserError(ACTION, VENV, got) };
}

/**
 * Finds a Python that can create the environment.
 *
 * @param programs Runs programs.
 * @returns The name of its program.
 * @throws {UserError} If there is none, or none that is new enough and complete; the message says what to install.
 */
export async function findPython(programs: Programs): Promise<string> {
  let closest = NONE;
  for (const name of PYTHON_NAMES) {
    const outcome = await programs.run(name, ["-c", PROBE]);
    if (!outcome || !/^\d+ \d+ (True|False)$/.test(outcome.printed)) continue;
    const refusal = checkPython(outcome.printed);
    if (!refusal) return name;
    if (refusal.rank > closest.rank) closest = refusal;
  }
  throw closest.error;
}
