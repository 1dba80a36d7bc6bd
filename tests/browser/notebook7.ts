/**
 * Notebook 7, on top of the project's own JupyterLab, of whose parts it is made.
 *
 * @module
 */
import { pythonIn } from "@/cli/lab_environment.ts";
import type { App } from "./jupyterlab.ts";

const PIN = "notebook==7.6.5";
const FOLDER = `${Deno.cwd()}/.runs/${PIN.replace("==", "-")}`;

export const NOTEBOOK_7: App = {
  title: "Notebook 7",
  module: "notebook",
  path: "notebooks",
  options: ["--JupyterNotebookApp.expose_app_in_browser=True"],
  variables: { PYTHONPATH: FOLDER },
};

/**
 * Fetches it once, alone: everything that it needs is in the environment already, in the versions that it wants.
 *
 * @returns Whether it is there.
 */
export async function fetchNotebook7(): Promise<boolean> {
  const stamp = `${FOLDER}/${PIN.replace("==", "-")}.dist-info/RECORD`;
  if (await Deno.stat(stamp).then(() => true, () => false)) return true;
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-compile"];
  const { success } = await new Deno.Command(
    pythonIn(`${Deno.cwd()}/.jupyter`, Deno.build.os === "windows"),
    { args: ["-m", "pip", "install", ...quiet, "--no-deps", "--upgrade", "--target", FOLDER, PIN] },
  ).output();
  return success;
}
