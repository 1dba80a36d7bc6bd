/**
 * How the project's JupyterLab is started: with settings, kernels and data of its own.
 *
 * @module
 */
import type { KernelName } from "@/jupyter/kernel_spec.ts";
import { type Files, join, writeAtomically } from "@/io/files.ts";
import type { Variables } from "@/io/programs.ts";

/** The kernel of this environment alone; the user's own kernels have other names, and are not touched. */
export const LAB_KERNEL: KernelName = {
  name: "differentiable-memories",
  title: "Deno (differentiable memories)",
};

/** JupyterLab asks at its first start whether it may fetch news; the project fetches nothing. */
const SETTINGS = {
  "@jupyterlab/apputils-extension:notification": {
    fetchNews: "false",
    checkForUpdates: false,
  },
};

/** Puts JupyterLab's settings into its environment. */
export function writeLabSettings(files: Files, environment: string): void {
  const folder = join(environment, "share", "jupyter", "lab", "settings");
  files.makeFolder(folder);
  writeAtomically(files, join(folder, "overrides.json"), JSON.stringify(SETTINGS, null, 2) + "\n");
}

/**
 * What JupyterLab must be told so that it keeps to its environment, and leaves the user's Jupyter alone.
 *
 * @param environment Full path of its folder.
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
 * The command line of JupyterLab, to be given to the environment's Python.
 *
 * The one kernel that is allowed is the environment's own. Notebooks ask for "deno"; JupyterLab gives them what
 * speaks the same language, if there is only one.
 *
 * @param notebooks Full path of the folder of the notebooks.
 * @param first File name of the notebook to open.
 * @returns Arguments.
 */
export function labArguments(notebooks: string, first: string): string[] {
  return [
    "-m",
    "jupyterlab",
    `--ServerApp.root_dir=${notebooks}`,
    `--LabApp.default_url=/lab/tree/${first}`,
    `--KernelSpecManager.allowed_kernelspecs=${LAB_KERNEL.name}`,
    `--MultiKernelManager.default_kernel_name=${LAB_KERNEL.name}`,
    "--LanguageServerManager.autodetect=False", // it looks with npm, which leaves logs at home
    "--ServerApp.answer_yes=True", // one Ctrl-C is enough
    "--allow-root", // in containers there is often nobody else
    "--log-level=WARN",
  ];
}
