/**
 * What `deno task lab` does, with files and programs left to its host.
 *
 * @module
 */
import { installKernel } from "@/jupyter/kernel_spec.ts";
import { UserError } from "@/io/user_error.ts";
import { type Files, join } from "@/io/files.ts";
import { givenOptions } from "./given_options.ts";
import { ensureEnvironment, pythonIn } from "./lab_environment.ts";
import { LAB_KERNEL, labArguments, labVariables, writeLabSettings } from "./lab_server.ts";
import type { Outcome, Programs } from "@/io/programs.ts";
import type { Terminal } from "@/io/terminal.ts";

/** The world around the command. */
export interface LabHost {
  readonly files: Files;
  readonly programs: Programs;
  readonly terminal: Terminal;
  /** Full path of the project. */
  readonly root: string;
  /** Full path of the Deno that is running. */
  readonly deno: string;
  readonly isWindows: boolean;
  /** Fetches what the notebooks import, so that no first cell has to wait for it. */
  prefetch(): Promise<void>;
}

/** The environment's folder, below the project. */
const FOLDER = ".jupyter";
/** The file that pins it; Binder reads it too. */
const PINS = ".binder/requirements.txt";
const NOTEBOOKS = "notebooks";

const OPTIONS = new Map([["--check", false], ["--no-browser", false], ["--help", false]]);

const HELP = [
  "Opens the notebooks in a JupyterLab of the project's own, with a Deno kernel of its own.",
  "",
  "Usage: deno task lab [--no-browser | --check]",
  "",
  "  --no-browser   prints the address instead of opening a browser",
  "  --check        makes everything ready and tries it, but opens nothing",
  "",
  `At the first start JupyterLab is installed into ${FOLDER}, which takes Python 3.10 or newer and a network.`,
  "Remove that folder to be rid of it.",
  "Besides the caches of Deno, npm and pip it writes nothing anywhere else.",
  "",
  "Exit codes: 0 done, 2 wrong input or something is missing, otherwise JupyterLab's own.",
];

/**
 * Runs the command.
 *
 * @param words The command line.
 * @param host The world around it.
 * @returns The exit code: 0 done, 2 wrong input or something is missing, otherwise JupyterLab's own.
 */
export async function labCommand(words: readonly string[], host: LabHost): Promise<number> {
  try {
    const options = givenOptions(words, OPTIONS);
    if (options.has("--help")) {
      for (const line of HELP) host.terminal.print(line);
      return 0;
    }
    await makeReady(host);
    if (options.has("--check")) return await check(host);
    return await open(host, options.has("--no-browser") ? ["--no-browser"] : []);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    host.terminal.note(error.message);
    return 2;
  }
}

async function makeReady(host: LabHost): Promise<void> {
  const { files, deno, terminal } = host;
  const note = (line: string) => terminal.note(line);
  const isNew = await ensureEnvironment({ ...host, folder: FOLDER, pins: PINS, note });
  // The kernel is described anew at every start: the Deno that runs may be another one than last time.
  installKernel(files, FOLDER, deno, LAB_KERNEL);
  writeLabSettings(files, FOLDER);
  if (isNew) await host.prefetch();
}

function variables({ root }: LabHost) {
  return labVariables(join(root, FOLDER));
}

function ask(host: LabHost, args: string[]): Promise<Outcome | undefined> {
  return host.programs.run(pythonIn(FOLDER, host.isWindows), args, variables(host));
}

/** Has Jupyter itself say which JupyterLab it is and which kernels it finds. */
async function check(host: LabHost): Promise<number> {
  const lab = await ask(host, ["-m", "jupyterlab", "--version"]);
  // "jupyter kernelspec" would start a script, and those name the folder in which they were made: a clone may move.
  const listed = await ask(host, ["-m", "jupyter_client.kernelspecapp", "list", "--json"]);
  const kernels = listed?.code === 0 ? JSON.parse(listed.printed).kernelspecs : {};
  const spec = kernels[LAB_KERNEL.name]?.spec;
  if (lab?.code !== 0 || spec?.argv[0] !== host.deno || spec?.interrupt_mode !== "message") {
    const got = `JupyterLab ${lab?.printed}, kernels ${Object.keys(kernels).join(", ") || "none"}`;
    throw new UserError(`use ${FOLDER}`, `JupyterLab with the kernel ${LAB_KERNEL.name}`, got);
  }
  host.terminal.print(`JupyterLab ${lab.printed} and the kernel ${LAB_KERNEL.name} are ready.`);
  return 0;
}

async function open(host: LabHost, more: string[]): Promise<number> {
  const { files, programs, terminal, root, isWindows } = host;
  const first = files.list(NOTEBOOKS).find((name) => name.endsWith(".ipynb")) ?? "";
  terminal.note("Opening JupyterLab. To stop it, press Ctrl-C here.");
  const args = [...labArguments(join(root, NOTEBOOKS), first), ...more];
  return await programs.attend(pythonIn(FOLDER, isWindows), args, variables(host));
}
