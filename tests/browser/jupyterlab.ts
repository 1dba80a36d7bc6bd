/**
 * A running JupyterLab of the project's own environment, on copies of notebooks.
 *
 * @module
 */
import { labArguments, labVariables } from "@/cli/lab.ts";
import { pythonIn } from "@/cli/lab_environment.ts";
import { endOf, hasEnded } from "./process_end.ts";
import { until } from "./waiting.ts";

const isWindows = Deno.build.os === "windows";

/** All cells are drawn, wherever the page is scrolled to: what is not drawn cannot be looked at. */
const SETTINGS = {
  "@jupyterlab/notebook-extension/tracker": { windowingMode: "none" },
  "@jupyterlab/docmanager-extension/plugin": { autosave: false },
};

async function writeSettings(folder: string): Promise<void> {
  for (const [plugin, settings] of Object.entries(SETTINGS)) {
    const path = `${folder}/lab/user-settings/${plugin}.jupyterlab-settings`;
    await Deno.mkdir(path.replace(/\/[^/]+$/, ""), { recursive: true });
    await Deno.writeTextFile(path, JSON.stringify(settings));
  }
}

/** Copies a folder and what is in it. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Where a server listens, and the word that lets one in. */
interface Address {
  readonly url: string;
  readonly token: string;
}

async function addressIn(folder: string): Promise<Address | undefined> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!/^jpserver-\d+\.json$/.test(name)) continue;
    const text = await Deno.readTextFile(`${folder}/${name}`);
    if (/\}\s*$/.test(text)) return JSON.parse(text); // else it is still being written
  }
}

/** What draws notebooks in a page: all of them are made of JupyterLab's parts. */
export interface App {
  readonly title: string;
  /** Python's name for it. */
  readonly module: string;
  /** What stands before a notebook's name in its address. */
  readonly path: string;
  /** That the page can be asked about itself. */
  readonly options: readonly string[];
  readonly variables: Record<string, string>;
}

export const LAB: App = {
  title: "JupyterLab",
  module: "jupyterlab",
  path: "lab/tree",
  options: ["--LabApp.expose_app_in_browser=True"],
  variables: {},
};

/** A running JupyterLab. Declare it with `await using`. */
export class JupyterLab implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #address: Address;
  readonly #app: App;

  private constructor(process: Deno.ChildProcess, address: Address, app: App) {
    this.#process = process;
    this.#address = address;
    this.#app = app;
  }

  /**
   * Starts one on the notebooks in `scratch`/notebooks; settings and data of the user's are neither read nor changed.
   *
   * @param root Full path of the project.
   * @param scratch Full path of a folder of its own.
   * @param app Which of the pages that draw notebooks; JupyterLab if left out.
   */
  static async start(root: string, scratch: string, app: App = LAB): Promise<JupyterLab> {
    const folders = Object.fromEntries(
      ["config", "data", "runtime"].map((name) => [name, `${scratch}/${name}`]),
    );
    await writeSettings(folders.config);
    await Deno.mkdir(folders.runtime, { recursive: true });
    const process = new Deno.Command(pythonIn(`${root}/.jupyter`, isWindows), {
      args: [
        ...labArguments(`${scratch}/notebooks`, "").with(1, app.module),
        "--no-browser",
        "--ServerApp.port=0",
        "--MappingKernelManager.kernel_info_timeout=600", // a busy machine starts a kernel late
        ...app.options,
      ],
      env: {
        ...labVariables(`${root}/.jupyter`),
        ...app.variables,
        JUPYTER_CONFIG_DIR: folders.config,
        JUPYTER_DATA_DIR: folders.data,
        JUPYTER_RUNTIME_DIR: folders.runtime,
      },
      stdout: "null",
      stderr: "null",
    }).spawn();
    const address = await until(app.title, async () => {
      if (await hasEnded(process)) throw new Error(`${app.title} ended at once`);
      return addressIn(folders.runtime);
    });
    return new JupyterLab(process, address, app);
  }

  /** The address of a notebook. */
  urlOf(name: string): string {
    const { url, token } = this.#address;
    return `${url}${this.#app.path}/${name}?reset&token=${token}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!await hasEnded(this.#process)) this.#process.kill("SIGTERM");
    await endOf(this.#process);
  }
}
