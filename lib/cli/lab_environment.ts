/**
 * The Python environment of the project's own JupyterLab: created once, verified at every start.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import type { Outcome, Programs } from "@/io/programs.ts";

/** What creating the environment needs. */
export interface EnvironmentHost {
  readonly files: Files;
  readonly programs: Programs;
  /** Its folder. */
  readonly folder: string;
  /** The file that pins its packages, in pip's format. */
  readonly pins: string;
  /** Whether this is Windows, where environments have other folders. */
  readonly isWindows: boolean;
  /** Reports what is being done. */
  note(line: string): void;
}

/** Written last: an environment without it, or with other pins in it, is created again. */
const STAMP = "complete.txt";

/** Fails if a pinned package is missing or has another version. */
const VERIFY = `
import sys
from importlib.metadata import version
for pin in sys.argv[1:]:
    name, wanted = pin.split("==")
    assert version(name) == wanted
`;

/** The pinned packages, as in "plotly==7.1.0". */
function readPins({ files, pins }: EnvironmentHost): string[] {
  const lines = files.readText(pins).split("\n").map((line) => line.trim());
  const packages = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const loose = packages.find((line) => !/^[\w-]+==[\w.]+$/.test(line));
  if (loose) throw new UserError(`read ${pins}`, "name==version on each line", loose);
  return packages;
}

/** The path of the environment's own Python. */
export function pythonIn(folder: string, isWindows: boolean): string {
  return isWindows ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** Whether an environment with these pins was completed, and still works. */
async function isReady(host: EnvironmentHost, pins: string[]): Promise<boolean> {
  const { files, folder, programs, isWindows } = host;
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "file" || files.readText(stamp) !== pins.join("\n")) return false;
  const verified = await programs.run(pythonIn(folder, isWindows), ["-c", VERIFY, ...pins]);
  return verified?.code === 0;
}

/** The last line that a failed program wrote, or its last error: pip and venv give the cause there. */
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
  // Deno does not remove a folder with a program that it may run; venv --clear removes the rest.
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "nothing") files.remove(stamp);
  const created = await programs.run(python, ["-m", "venv", "--clear", folder]);
  if (created?.code !== 0) {
    throw new UserError(`make ${folder}`, "python -m venv to succeed", lastError(created));
  }
  // --no-compile: Python compiles a module when it is first used, and most of these never are.
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
 * An interrupted attempt leaves no stamp; the next one starts again.
 *
 * @param host What creating it needs.
 * @returns Whether it had to be created.
 * @throws {UserError} If there is no suitable Python, or the packages cannot be downloaded.
 */
export async function ensureEnvironment(host: EnvironmentHost): Promise<boolean> {
  const pins = readPins(host);
  if (await isReady(host, pins)) return false;
  await create(host, pins);
  return true;
}

/** The names of Python: on most systems, on some, and on Windows. */
const NAMES = ["python3", "python", "py"];

/** The oldest Python that JupyterLab 4.6 runs on. */
const OLDEST = [3, 10];

const ACTION = "open JupyterLab";
const PYTHON = `Python ${OLDEST.join(".")} or newer (from python.org/downloads)`;
const VENV = "a Python with the modules venv and ensurepip " +
  "(on Debian and Ubuntu: sudo apt install python3-venv)";

/** Prints the version, and whether the needed modules exist. */
const QUESTION = `
import sys
from importlib.util import find_spec
print(*sys.version_info[:2], all(find_spec(name) for name in ("venv", "ensurepip")))
`;

/** Why a Python is not suitable; the error of the most suitable one is reported. */
interface Refusal {
  readonly rank: number;
  readonly error: UserError;
}

const NONE: Refusal = { rank: 0, error: new UserError(ACTION, PYTHON, "no Python at all") };

/** What is wrong with the Python that gave this answer, if anything is. */
function refusalOf(answer: string): Refusal | undefined {
  const [major, minor, hasModules] = answer.split(" ");
  const version = [Number(major), Number(minor)];
  const age = version[0] - OLDEST[0] || version[1] - OLDEST[1];
  if (!(age >= 0)) {
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
 * @returns Its name on the path.
 * @throws {UserError} If there is none, or none that is new enough and complete; the message says what to install.
 */
export async function findPython(programs: Programs): Promise<string> {
  let best = NONE;
  for (const name of NAMES) {
    const outcome = await programs.run(name, ["-c", QUESTION]);
    if (!outcome || !/^\d+ \d+ (True|False)$/.test(outcome.printed)) continue;
    const found = refusalOf(outcome.printed);
    if (!found) return name;
    if (found.rank > best.rank) best = found;
  }
  throw best.error;
}
