/**
 * `deno task lab`: installs JupyterLab in the project's own environment, and opens the notebooks in it.
 *
 * @module
 */
import "@/io/require_deno.ts";
import { installKernel, type KernelName } from "@/jupyter/kernel_spec.ts";
import type { Command } from "@/options/command.ts";
import { flag } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import {
  ensureEnvironment,
  ISOLATED,
  lastError,
  PYTHON_ISOLATION,
  pythonIn,
  runPython,
} from "./lab_environment.ts";
import { machinePrograms, type Programs, type Variables } from "@/io/programs.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";

/** Everything outside its own code that the command uses. */
export interface LabHost {
  readonly files: Files;
  readonly programs: Programs;
  readonly terminal: Terminal;
  /** The full path of the project. */
  readonly root: string;
  /** The full path of the running Deno. */
  readonly deno: string;
  readonly isWindows: boolean;
  /** Downloads the dependencies of the notebooks, so that their first cells need not wait for them. */
  prefetch(): Promise<void>;
}

/** The folder of the environment, relative to the project. */
const FOLDER = ".jupyter";
/** The file that pins the packages of the environment; Binder reads it too. */
const PINS = ".binder/requirements.txt";
const NOTEBOOKS = "notebooks";

const OPTIONS = {
  noBrowser: flag({ description: "print the address instead of opening a browser" }),
  check: flag({ description: "install everything and test it, but open nothing" }),
};

/** The command. */
export const COMMAND: Command<typeof OPTIONS> = {
  action: "open JupyterLab",
  summary:
    "Opens the notebooks in JupyterLab, in an environment of this project with its own Deno kernel.",
  usage: ["deno task lab [--no-browser | --check]"],
  options: OPTIONS,
  notes: [
    `The first start installs JupyterLab into ${FOLDER}, which needs Python 3.10 or newer and a network.`,
    "To uninstall it, remove that folder.",
    "Outside of that folder, only the caches of Deno, npm and pip are written.",
  ],
  exitCodes: { 2: "wrong input or something is missing, otherwise the exit code of JupyterLab" },
};

/**
 * Runs the command.
 *
 * @param words The arguments of the command line.
 * @param host The files, programs, terminal and paths to use.
 * @returns The exit code: 0 done, 2 wrong input or something is missing, otherwise the exit code of JupyterLab.
 */
export function labCommand(words: readonly string[], host: LabHost): Promise<number> {
  return runCommand(COMMAND, words, host.terminal, async ({ values }) => {
    await prepare(host);
    if (values.check) return await check(host);
    return await open(host, values.noBrowser ? ["--no-browser"] : []);
  });
}

async function prepare(host: LabHost): Promise<void> {
  const { files, deno, terminal } = host;
  const note = (line: string) => terminal.note(line);
  const isNew = await ensureEnvironment({ ...host, folder: FOLDER, pins: PINS, note });
  // The kernel is installed at every start, because the path of Deno may have changed.
  installKernel(files, FOLDER, deno, LAB_KERNEL);
  writeLabSettings(files, FOLDER);
  if (isNew) await host.prefetch();
}

function variables({ root }: LabHost) {
  return labVariables(join(root, FOLDER));
}

/** Runs a module of the environment and returns what it prints. */
async function runModule(host: LabHost, ...args: string[]): Promise<string> {
  const python = pythonIn(FOLDER, host.isWindows);
  const outcome = await runPython(host.programs, python, ["-m", ...args], variables(host));
  if (outcome?.code === 0) return outcome.printed;
  const wanted = `its Python to run ${args[0]} (to install it again, remove ${FOLDER})`;
  throw new UserError(`use ${FOLDER}`, wanted, lastError(outcome));
}

/** Checks the environment by asking Jupyter for the version of JupyterLab and for its kernels. */
async function check(host: LabHost): Promise<number> {
  const version = await runModule(host, "jupyterlab", "--version");
  // Not "jupyter kernelspec": that starts a script, which contains the path at which it was installed.
  const listed = await runModule(host, "jupyter_client.kernelspecapp", "list", "--json");
  const kernels = JSON.parse(listed).kernelspecs;
  const spec = kernels[LAB_KERNEL.name]?.spec;
  if (spec?.argv[0] !== host.deno || spec?.interrupt_mode !== "message") {
    const got = `kernels ${Object.keys(kernels).join(", ") || "none"}`;
    throw new UserError(`use ${FOLDER}`, `JupyterLab with the kernel ${LAB_KERNEL.name}`, got);
  }
  host.terminal.print(`JupyterLab ${version} and the kernel ${LAB_KERNEL.name} are ready.`);
  return 0;
}

async function open(host: LabHost, options: string[]): Promise<number> {
  const { files, programs, terminal, root, isWindows } = host;
  const first = files.list(NOTEBOOKS).find((name) => name.endsWith(".ipynb")) ?? "";
  terminal.note("Opening JupyterLab. To stop it, press Ctrl-C here.");
  const args = [ISOLATED, ...labArguments(join(root, NOTEBOOKS), first), ...options];
  return await programs.runInForeground(pythonIn(FOLDER, isWindows), args, variables(host));
}

/** The kernel of this environment. Its name differs from those of the user's own kernels, which are not changed. */
export const LAB_KERNEL: KernelName = {
  name: "differentiable-memories",
  title: "Deno (differentiable memories)",
};

/** Prevents JupyterLab from asking at its first start whether it may fetch news. */
const SETTINGS = {
  "@jupyterlab/apputils-extension:notification": {
    fetchNews: "false",
    checkForUpdates: false,
  },
};

/** Writes JupyterLab's settings into its environment. */
function writeLabSettings(files: Files, environment: string): void {
  const folder = join(environment, "share", "jupyter", "lab", "settings");
  files.makeFolder(folder);
  writeAtomically(files, join(folder, "overrides.json"), JSON.stringify(SETTINGS, null, 2) + "\n");
}

/**
 * Lists the environment variables that separate JupyterLab from the user's own Jupyter and Python.
 *
 * @param environment The full path of the environment's folder.
 * @returns The values of the variables by name.
 */
export function labVariables(environment: string): Variables {
  return {
    ...PYTHON_ISOLATION,
    JUPYTER_CONFIG_DIR: join(environment, "config"),
    JUPYTER_DATA_DIR: join(environment, "data"),
    JUPYTER_RUNTIME_DIR: join(environment, "runtime"),
    JUPYTER_PATH: "",
    JUPYTER_CONFIG_PATH: "",
    JUPYTER_NO_CONFIG: "",
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_PLATFORM_DIRS: "0", // set to nothing, it would count as set
    JUPYTER_GATEWAY_URL: "",
    JUPYTER_DEFAULT_PROVISIONER_NAME: "local-provisioner",
    JUPYTERLAB_DIR: "",
    JUPYTERLAB_SETTINGS_DIR: "",
    JUPYTERLAB_WORKSPACES_DIR: "",
    IPYTHONDIR: join(environment, "ipython"),
  };
}

/**
 * Lists the arguments with which Python starts JupyterLab.
 *
 * Only the kernel of this environment is allowed: the notebooks ask for a kernel "deno", in place of which JupyterLab
 * takes a kernel of the same language if there is exactly one.
 *
 * @param notebooks The full path of the folder of the notebooks.
 * @param first The file name of the notebook to open.
 * @returns The arguments.
 */
export function labArguments(notebooks: string, first: string): string[] {
  return [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${notebooks}`,
    `--LabApp.default_url=/lab/tree/${first}`,
    `--KernelSpecManager.allowed_kernelspecs=${LAB_KERNEL.name}`,
    `--MultiKernelManager.default_kernel_name=${LAB_KERNEL.name}`,
    "--LanguageServerManager.autodetect=False", // it runs npm, which writes logs into the home folder
    "--ServerApp.answer_yes=True", // stops at the first Ctrl-C
    "--allow-root", // containers often have no other user
    "--log-level=WARN",
  ];
}

if (import.meta.main) {
  const code = await labCommand(Deno.args, {
    files: disk,
    programs: machinePrograms,
    terminal: processTerminal,
    root: Deno.cwd(),
    deno: Deno.execPath(),
    isWindows: Deno.build.os === "windows",
    prefetch: async () => {
      const { headlessPlotly } = await import("@/figures/svg/headless_plotly.ts");
      await Promise.all([import("@/mod.ts"), headlessPlotly()]);
    },
  });
  Deno.exit(code);
}
