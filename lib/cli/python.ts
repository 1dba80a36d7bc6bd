/**
 * Finding a Python that can make an environment.
 *
 * @module
 */
import { UserError } from "@/io/user_error.ts";
import type { Programs } from "@/io/programs.ts";

/** What Python goes by: nearly everywhere, on some systems, and on Windows. */
const NAMES = ["python3", "python", "py"];

/** The oldest Python that JupyterLab 4.6 runs on. */
const OLDEST = [3, 10];

const ACTION = "open JupyterLab";
const PYTHON = `Python ${OLDEST.join(".")} or newer (from python.org/downloads)`;
const VENV = "a Python with the modules venv and ensurepip " +
  "(on Debian and Ubuntu: sudo apt install python3-venv)";

/** Prints the version, and which of the needed modules are there. */
const QUESTION = `
import sys
from importlib.util import find_spec
print(*sys.version_info[:2], all(find_spec(name) for name in ("venv", "ensurepip")))
`;

/** Why a Python will not do; the one that is nearest to doing is reported. */
interface Refusal {
  readonly nearness: number;
  readonly error: UserError;
}

const NONE: Refusal = { nearness: 0, error: new UserError(ACTION, PYTHON, "no Python at all") };

/** What is wrong with the Python that gave this answer. */
function refusal(answer: string): Refusal | undefined {
  const [major, minor, hasModules] = answer.split(" ");
  const version = [Number(major), Number(minor)];
  const isOld = version[0] - OLDEST[0] || version[1] - OLDEST[1];
  if (!(isOld >= 0)) {
    const got = `Python ${version.join(".")}`;
    return { nearness: 1, error: new UserError(ACTION, PYTHON, got) };
  }
  if (hasModules === "True") return undefined;
  const got = `Python ${version.join(".")} without them`;
  return { nearness: 2, error: new UserError(ACTION, VENV, got) };
}

/**
 * Finds a Python on this machine.
 *
 * @param programs What can be run.
 * @returns Its name on the path.
 * @throws {UserError} If there is none, or none that is new enough and whole; it says what to install.
 */
export async function findPython(programs: Programs): Promise<string> {
  let nearest = NONE;
  for (const name of NAMES) {
    const outcome = await programs.run(name, ["-c", QUESTION]);
    if (!outcome || !/^\d+ \d+ (True|False)$/.test(outcome.printed)) continue;
    const found = refusal(outcome.printed);
    if (!found) return name;
    if (found.nearness > nearest.nearness) nearest = found;
  }
  throw nearest.error;
}
