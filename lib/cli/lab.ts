/**
 * `deno task lab`: opens the notebooks in a JupyterLab of the project's own.
 *
 * @module
 */
import { installKernel, type KernelName } from "@/jupyter/kernel_spec.ts";
import type { Command } from "@/options/command.ts";
import { flag } from "@/options/option.ts";
import { runCommand } from "@/options/run_command.ts";
import { UserError } from "@/io/user_error.ts";
import { disk } from "@/io/disk.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import { ensureEnvironment, pythonIn } from "./lab_environment.ts";
import { machinePrograms, type Outcome, type Programs, type Variables } from "@/io/programs.ts";
import { processTerminal, type Terminal } from "@/io/terminal.ts";

/** What the command needs of the machine. */
export interface LabHost {
  readonly files: Files;
  readonly programs: Programs;
  readonly terminal: Terminal;
  /** Full path of the project. */
  readonly root: string;
  /** Full path of the Deno that is running. */
  readonly deno: string;
  readonly isWindows: boolean;
  /** Downloads what the notebooks import, so that their first cells need not wait for it. */
  prefetch(): Promise<void>;
}

/** The environment's folder, below the project. */
const FOLDER = ".jupyter";
/** The file that pins it; Binder reads it too. */
const PINS = ".binder/requirements.txt";
const NOTEBOOKS = "notebooks";

const OPTIONS = {
  noBrowser: flag({ description: "print the address instead of opening a browser" }),
  check: flag({ description: "install everything and test it, but open nothing" }),
};

const COMMAND: Command<typeof OPTIONS> = {
  action: "open JupyterLab",
  summary:
    "Opens the notebooks in a JupyterLab of the project's own, with a Deno kernel of its own.",
  usage: ["deno task lab [--no-browser | --check]"],
  options: OPTIONS,
  notes: [
    `The first start installs JupyterLab into ${FOLDER}, which needs Python 3.10 or newer and a network.`,
    "To uninstall it, remove that folder.",
    "Besides the caches of Deno, npm and pip it writes nothing anywhere else.",
  ],
  exitCodes: { 2: "wrong input or something is missing, otherwise JupyterLab's own" },
};

/**
 * Runs the command.
 *
 * @param words The command line, without the command.
 * @param host Files, programs, terminal and paths.
 * @returns The exit code: 0 done, 2 wrong input or something is missing, otherwise JupyterLab's own.
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
  // The kernel is installed at every start: this may be another Deno than last time.
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

/** Asks Jupyter itself for the version of JupyterLab and for its kernels. */
async function check(host: LabHost): Promise<number> {
  const lab = await ask(host, ["-m", "jupyterlab", "--version"]);
  // "jupyter kernelspec" would start a script, and scripts contain the path at which they were installed.
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

async function open(host: LabHost, options: string[]): Promise<number> {
  const { files, programs, terminal, root, isWindows } = host;
  const first = files.list(NOTEBOOKS).find((name) => name.endsWith(".ipynb")) ?? "";
  terminal.note("Opening JupyterLab. To stop it, press Ctrl-C here.");
  const args = [...labArguments(join(root, NOTEBOOKS), first), ...options];
  return await programs.attend(pythonIn(FOLDER, isWindows), args, variables(host));
}

/** The kernel of this environment; its name differs from those of the user's own kernels, which stay as they are. */
export const LAB_KERNEL: KernelName = {
  name: "differentiable-memories",
  title: "Deno (differentiable memories)",
};

/** JupyterLab would ask at its first start whether it may fetch news. */
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
 * The environment variables that keep JupyterLab within its environment, apart from the user's own Jupyter.
 *
 * @param environment Full path of the environment's folder.
 * @returns Environment variables.
 */
export function labVariables(environment: string): Variables {
  return {
    JUPYTER_CONFIG_DIR: join(environment, "config"),
    JUPYTER_DATA_DIR: join(environment, "data"),
    JUPYTER_RUNTIME_DIR: join(environment, "runtime"),
    JUPYTER_PATH: "",
    JUPYTER_CONFIG_PATH: "",
    JUPYTER_PREFER_ENV_PATH: "1",
    IPYTHONDIR: join(environment, "ipython"),
  };
}

/**
 * The command line of JupyterLab, for the environment's Python.
 *
 * Only the environment's own kernel is allowed. Notebooks ask for a kernel "deno"; JupyterLab then takes a kernel of
 * the same language, if there is exactly one.
 *
 * @param notebooks Full path of the folder of the notebooks.
 * @param first File name of the notebook to open.
 * @returns Its arguments.
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
