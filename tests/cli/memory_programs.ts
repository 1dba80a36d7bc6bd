/** Simulated programs: a Python of some version, a pip that may fail, a JupyterLab. */
import type { Outcome, Programs, Variables } from "@/io/programs.ts";

/** In what the simulated machine differs from the usual one. */
export interface Machine {
  /** What each Python answers when asked for its version and modules, by its name on the path. */
  readonly pythons?: Readonly<Record<string, string | Outcome>>;
  /** Called when an environment is created, with the folder to clear first. */
  readonly onVenv?: (folder: string) => Outcome;
  /** Called when packages are installed. */
  readonly onPip?: () => Outcome;
  /** Whether the environment's Python finds the pinned packages. */
  readonly hasPackages?: () => boolean;
  /** What the environment's Python answers to `-m jupyterlab --version`. */
  readonly version?: Outcome;
  /** The kernels that Jupyter lists. */
  readonly kernels?: () => object;
}

export const DONE: Outcome = { code: 0, printed: "", noted: "" };

export interface MemoryPrograms extends Programs {
  /** Every program that was run, with its arguments. */
  readonly ran: { name: string; args: readonly string[]; variables: Variables }[];
}

export function memoryPrograms(machine: Machine = {}): MemoryPrograms {
  const {
    pythons = { python3: "3 12 True" },
    onVenv = () => DONE,
    onPip = () => DONE,
    hasPackages = () => true,
    version = { ...DONE, printed: "4.6.6" },
    kernels = () => ({}),
  } = machine;
  const ran: MemoryPrograms["ran"] = [];

  function answer(name: string, [isolated, ...args]: readonly string[]): Outcome | undefined {
    if (isolated !== "-I") throw new Error(`wanted python -I, got ${[name, isolated, ...args]}`);
    const words = args.join(" ");
    if (name in pythons && args[0] === "-c") {
      const asked = pythons[name];
      return typeof asked === "string" ? { ...DONE, printed: asked } : asked;
    }
    if (name in pythons && words.startsWith("-m venv --clear ")) return onVenv(args[3]);
    if (name in pythons || !/\.jupyter[\\/]/.test(name)) return undefined;
    if (args[0] === "-c") {
      return hasPackages() ? DONE : { ...DONE, code: 1, noted: "no jupyterlab" };
    }
    if (words.startsWith("-m pip install")) return onPip();
    if (words === "-m jupyterlab --version") return version;
    if (words === "-m jupyter_client.kernelspecapp list --json") {
      return { ...DONE, printed: JSON.stringify({ kernelspecs: kernels() }) };
    }
  }

  return {
    ran,
    run(name, args, variables = {}) {
      ran.push({ name, args, variables });
      return Promise.resolve(answer(name, args));
    },
    runInForeground(name, args, variables) {
      ran.push({ name, args, variables });
      return Promise.resolve(0);
    },
  };
}
