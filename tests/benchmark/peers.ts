/**
 * The libraries that are compared, each in a process of its own.
 *
 * A TypeScript library's process has no permission: it cannot read, write, reach the network or start programs. Its packages
 * are fetched before, by `deno cache` with the config of `peers/`, which nothing else uses, and a lock file for each program:
 * with one for all, a package that cannot be fetched would stop them all. Python's process has the rights of the user, since
 * Deno cannot bound it.
 *
 * @module
 */
import { machinePrograms } from "@/io/programs.ts";
import { LineProcess, reasonOf } from "./line_process.ts";
import type { Contender, Side, SideName } from "./peer_rounds.ts";
import type { PeerRequest } from "./peer_session.ts";

/** A library, and the program that trains with it. */
export interface Peer extends SideName {
  /** On the command line. */
  readonly name: string;
  /** In `peers/`, with its arguments. */
  readonly program: readonly [file: string, ...args: string[]];
}

/** In the order of the table. */
export const PEERS: readonly Peer[] = [
  {
    name: "pytorch",
    title: "PyTorch eager",
    remark: "one thread",
    program: ["pytorch_lstm.py"],
  },
  {
    name: "tfjs-cpu",
    title: "TensorFlow.js on CPU",
    remark: "starting state fixed at 0",
    program: ["tensorflow.ts", "cpu"],
  },
  {
    name: "tfjs-wasm",
    title: "TensorFlow.js on WASM",
    remark: "starting state fixed at 0",
    program: ["tensorflow.ts", "wasm"],
  },
  {
    name: "tfjs-wasm-one-hot",
    title: "TensorFlow.js on WASM with one-hot rows",
    remark: "starting state fixed at 0",
    program: ["tensorflow.ts", "wasm", "one-hot"],
  },
  {
    name: "jax-js",
    title: "jax-js on WASM with one-hot rows",
    remark: "all cores",
    program: ["jax.ts"],
  },
  {
    name: "brain.js",
    title: "brain.js",
    remark: "an LSTM, parameters and RMSProp of its own; one string at a time",
    program: ["brain.ts"],
  },
];

const FOLDER = `${import.meta.dirname}/peers`;

/** What tells Deno which packages a program is to have. */
function configOf(file: string): string[] {
  const lock = `${FOLDER}/${file.replace(/\.ts$/, ".lock")}`;
  return ["--quiet", "--no-check", `--config=${FOLDER}/deno.json`, `--lock=${lock}`, "--frozen"];
}

/** The command that runs a peer's program. */
export function commandOf({ program: [file, ...args] }: Peer): [string, ...string[]] {
  const path = `${FOLDER}/${file}`;
  if (file.endsWith(".py")) return ["python3", path, ...args];
  const options = [...configOf(file), "--cached-only", "--no-prompt"];
  return [Deno.execPath(), "run", ...options, path, ...args];
}

/** Fetches a peer's packages, if it has any that are not there; returns why it cannot. */
export async function installPeer({ program: [file] }: Peer): Promise<string | undefined> {
  if (file.endsWith(".py")) return undefined;
  const args = ["cache", ...configOf(file), `${FOLDER}/${file}`];
  const outcome = await machinePrograms.run(Deno.execPath(), args, { NO_COLOR: "1" });
  return outcome?.code === 0 ? undefined : reasonOf(outcome?.noted ?? "");
}

/** A side that trains in a process which answers as `peer_session.ts` does. */
export function processSide(name: SideName, [program, ...args]: [string, ...string[]]): Side {
  return {
    ...name,
    open(): Contender {
      const process = startProcess(program, args);
      async function ask(request: PeerRequest) {
        const { error, ...reply } = await process.ask(request);
        if (error) throw new Error(error.split("\n")[0]);
        return reply;
      }
      return {
        async prepare(task) {
          await ask({ prepare: task });
        },
        async round(updates) {
          const { seconds, loss } = await ask({ round: updates });
          return { seconds: seconds as number, loss: loss as number | undefined };
        },
        close: () => process.close(),
      };
    },
  };
}

function startProcess(program: string, args: readonly string[]): LineProcess {
  try {
    return new LineProcess(program, args);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error(`there is no ${program}`);
    throw error;
  }
}
