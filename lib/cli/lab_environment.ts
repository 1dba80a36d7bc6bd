/**
 * The Python environment of JupyterLab: created once, verified at every start, created again if its pins change.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import type { Outcome, Programs, Variables } from "@/io/programs.ts";

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
    if version(name) != wanted:
        sys.exit(f"{name} {version(name)} instead of {wanted}")
`;

/** Variables that change how Python itself works. */
const PYTHON_VARIABLES = [
  "__PYVENV_LAUNCHER__",
  "PYTHONCASEOK",
  "PYTHONDEBUG",
  "PYTHONDEVMODE",
  "PYTHONEXECUTABLE",
  "PYTHONHASHSEED",
  "PYTHONHOME",
  "PYTHONINSPECT",
  "PYTHONOPTIMIZE",
  "PYTHONPATH",
  "PYTHONPLATLIBDIR",
  "PYTHONPYCACHEPREFIX",
  "PYTHONSTARTUP",
  "PYTHONUSERBASE",
  "PYTHONVERBOSE",
  "PYTHONWARNINGS",
];

/** Variables that change what pip installs, and where. */
const PIP_VARIABLES = [
  "PIP_ABI",
  "PIP_CONSTRAINT",
  "PIP_DRY_RUN",
  "PIP_EDITABLE",
  "PIP_IMPLEMENTATION",
  "PIP_NO_DEPS",
  "PIP_PLATFORM",
  "PIP_PREFIX",
  "PIP_PYTHON",
  "PIP_PYTHON_VERSION",
  "PIP_REQUIREMENT",
  "PIP_ROOT",
  "PIP_TARGET",
  "PIP_USER",
];

/**
 * The environment variables that separate Python and pip from the user's own, without those that say where packages come
 * from (such as PIP_INDEX_URL), proxies and certificates. They are set to nothing, which Python and pip take as not set:
 * to leave them out, Deno would need the permission to read all variables.
 */
export const PYTHON_ISOLATION: Variables = Object.fromEntries(
  [...PYTHON_VARIABLES, ...PIP_VARIABLES].map((name) => [name, ""]),
);

/**
 * The option that separates Python from its variables, the user's own packages and modules in the working folder; the
 * variables are set as well for the programs that Python starts.
 */
export const ISOLATED = "-I";

/** Runs Python, separate from the user's own settings and packages. */
export function runPython(
  programs: Programs,
  python: string,
  args: readonly string[],
  variables: Variables = {},
): Promise<Outcome | undefined> {
  return programs.run(python, [ISOLATED, ...args], { ...PYTHON_ISOLATION, ...variables });
}

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

/** Looks for the pinned packages in the environment. */
function verify({ folder, programs, isWindows }: EnvironmentHost, pins: string[]) {
  return runPython(programs, pythonIn(folder, isWindows), ["-c", VERIFY, ...pins]);
}

/** Returns whether a complete environment with these pins exists and works. */
async function isReady(host: EnvironmentHost, pins: string[]): Promise<boolean> {
  const { files, folder } = host;
  const stamp = join(folder, STAMP);
  if (files.kindOf(stamp) !== "file" || files.readText(stamp) !== pins.join("\n")) return false;
  return (await verify(host, pins))?.code === 0;
}

/** Quotes the last line of a failed program that begins with "error", or its last line, where Python and pip give the cause. */
export function lastError(outcome: Outcome | undefined): string {
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
  const created = await runPython(programs, python, ["-m", "venv", "--clear", folder]);
  if (created?.code !== 0) {
    const wanted = "a folder, not a link, in which python -m venv succeeds";
    throw new UserError(`create ${folder}`, wanted, lastError(created));
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
  const installed = await runPython(programs, pythonIn(folder, isWindows), [...install, ...pins]);
  if (installed?.code !== 0) {
    const wanted = "pip to find the packages (is there a network?)";
    throw new UserError("install JupyterLab", wanted, lastError(installed));
  }
  const verified = await verify(host, pins);
  if (verified?.code !== 0) {
    const wanted = `pip to put the packages into ${folder} (\`${python} -m pip config list\` ` +
      "shows whether it is set to put them elsewhere)";
    throw new UserError("install JupyterLab", wanted, lastError(verified));
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
 * @throws {UserError} If the folder cannot be written, there is no suitable Python, or the packages cannot be downloaded.
 */
export async function ensureEnvironment(host: EnvironmentHost): Promise<boolean> {
  const pins = readPins(host);
  host.files.makeFolder(host.folder);
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

/** Returns why the Python of this name, which was asked for its version and modules, is not suitable; undefined if it is. */
function checkPython(name: string, outcome: Outcome): Refusal | undefined {
  if (!/^\d+ \d+ (True|False)$/.test(outcome.printed)) {
    const got = `a ${name} that fails with ${lastError(outcome)}`;
    return { rank: 1, error: new UserError(ACTION, PYTHON, got) };
  }
  const [major, minor, hasModules] = outcome.printed.split(" ");
  const version = [Number(major), Number(minor)];
  const difference = version[0] - MIN_VERSION[0] || version[1] - MIN_VERSION[1];
  if (!(difference >= 0)) {
    const got = `Python ${version.join(".")}`;
    return { rank: 2, error: new UserError(ACTION, PYTHON, got) };
  }
  if (hasModules === "True") return undefined;
  const got = `Python ${version.join(".")} without them`;
  return { rank: 3, error: new UserError(ACTION, VENV, got) };
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
    const outcome = await runPython(programs, name, ["-c", PROBE]);
    if (!outcome) continue;
    const refusal = checkPython(name, outcome);
    if (!refusal) return name;
    if (refusal.rank > closest.rank) closest = refusal;
  }
  throw closest.error;
}
