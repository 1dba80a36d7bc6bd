/**
 * A Deno kernel in a process of its own, asked to run one cell after the other.
 *
 * A kernel reports a cell as finished before all of its output has left. So after each cell a second,
 * hidden one prints a marker, and the cell is over when the marker has come: what a kernel shows, it
 * shows in order.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { Connection } from "./connection.ts";
import { type ErrorOutput, errorOutput, type Output, OutputCollector } from "./outputs.ts";
import type { Message } from "./wire.ts";

/** What came of a cell. */
export interface CellResult {
  readonly outputs: Output[];
  /** Why the cell failed, if it did. */
  readonly error?: ErrorOutput;
}

const START_SECONDS = 30;
/** A port may be taken between its choice and the kernel's start, which then ends at once. */
const STARTS = 3;
const PAUSE_MS = 5;

/** Keeps the errors that nobody waits for, of which a kernel does not tell. */
const LISTEN = `{
  const lost = globalThis[Symbol.for("lost errors")] = [];
  const keep = (event) => {
    event.preventDefault();
    const error = event.reason ?? event.error;
    lost.push({ ename: error?.name ?? "Error", evalue: String(error?.message ?? error) });
  };
  addEventListener("unhandledrejection", keep);
  addEventListener("error", keep);
}`;

function tellLost(marker: string): string {
  return `console.log("${marker}" + JSON.stringify(globalThis[Symbol.for("lost errors")].splice(0)))`;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

function spawn(folder: string, connectionFile: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["jupyter", "--kernel", "--conn", connectionFile],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** A running kernel. Close it, or declare it with `await using`. */
export class Kernel implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #connection: Connection;
  readonly #collector = new OutputCollector();
  readonly #log: Promise<string>;
  #exitCode: number | undefined;

  private constructor(process: Deno.ChildProcess, connection: Connection) {
    this.#process = process;
    this.#connection = connection;
    this.#log = new Response(process.stderr).text();
    process.status.then(({ code }) => this.#exitCode = code);
  }

  /**
   * Starts a kernel of the Deno that is running.
   *
   * @param folder The kernel's working folder; the import map is looked for from here upwards.
   * @param scratch Where the connection file is kept while the kernel starts.
   * @returns The kernel, ready for its first cell.
   * @throws {Error} If it ends at each of three starts, or is not ready within half a minute.
   */
  static async start(folder: string, scratch = ".runs"): Promise<Kernel> {
    for (let left = STARTS - 1;; left--) {
      const connection = await Connection.open(scratch);
      let kernel: Kernel | undefined;
      try {
        kernel = new Kernel(spawn(folder, connection.file), connection);
        await kernel.#greet();
        await connection.removeFile();
        return kernel;
      } catch (error) {
        const hasEnded = kernel !== undefined && kernel.#exitCode !== undefined;
        await (kernel ?? connection).close();
        if (!hasEnded || left === 0) throw error;
      }
    }
  }

  /**
   * Runs a cell to its end and past it, until all of its output has come.
   *
   * @param source The cell's code.
   * @param seconds How long it may take.
   * @returns What it showed, and why it failed if it did.
   * @throws {Error} If it does not end in time, or if the kernel ends; the kernel is of no use then.
   */
  async run(source: string, seconds: number): Promise<CellResult> {
    const deadline = performance.now() + 1000 * seconds;
    const reply = await this.#execute(source, deadline);
    const lost = reply && await this.#lostErrors(deadline);
    if (!reply || !lost) {
      throw new Error(`Cannot run the cell: wanted it to end within ${seconds} s, got no end`);
    }
    const outputs = this.#collector.take();
    if (reply.status === "error") return { outputs, error: errorOutput(reply) };
    return lost.length > 0 ? { outputs, error: errorOutput(lost[0]) } : { outputs };
  }

  /** Ends the process and removes what it needed. */
  async close(): Promise<void> {
    if (this.#exitCode === undefined) this.#process.kill("SIGKILL");
    await this.#process.status;
    await this.#log;
    await this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Who subscribes late misses what was said before, so this asks until something is heard. */
  async #greet(): Promise<void> {
    const deadline = performance.now() + 1000 * START_SECONDS;
    let heard: Message | undefined;
    while (!heard && performance.now() < deadline) {
      await this.#connection.send("kernel_info_request", {});
      heard = await this.#until(({ type }) => type === "status", performance.now() + 100);
    }
    if (!heard || !await this.#execute(LISTEN, deadline, true)) {
      throw new Error(
        `Cannot start a kernel: wanted it to be ready within ${START_SECONDS} s, got no answer`,
      );
    }
  }

  async #execute(
    code: string,
    deadline: number,
    isHidden = false,
  ): Promise<Message["content"] | undefined> {
    const id = await this.#ask(code, isHidden);
    const isReply = ({ type, parent }: Message) => type === "execute_reply" && parent === id;
    return (await this.#until(isReply, deadline))?.content;
  }

  #ask(code: string, isHidden: boolean): Promise<string> {
    return this.#connection.send("execute_request", {
      code,
      silent: isHidden,
      store_history: !isHidden,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });
  }

  /** Waits for the marker, and with it for all that was shown before; the marker carries the lost errors. */
  async #lostErrors(deadline: number): Promise<Message["content"][] | undefined> {
    const marker = crypto.randomUUID();
    await this.#ask(tellLost(marker), true);
    const isMarker = ({ type, content }: Message) =>
      type === "stream" && String(content.text).startsWith(marker);
    const found = await this.#until(isMarker, deadline);
    return found && JSON.parse(String(found.content.text).slice(marker.length));
  }

  /** Gathers all that comes until the message that is wanted; gives nothing if time runs out. */
  async #until(
    isWanted: (message: Message) => boolean,
    deadline: number,
  ): Promise<Message | undefined> {
    let found: Message | undefined;
    while (!found && performance.now() < deadline) {
      const hasEnded = this.#exitCode !== undefined;
      for (const message of await this.#connection.receive()) {
        if (!found && isWanted(message)) found = message;
        else this.#collector.add(message);
      }
      if (!found && hasEnded) throw await this.#ending();
      if (!found) await pause();
    }
    return found;
  }

  async #ending(): Promise<Error> {
    const said = stripVTControlCharacters(await this.#log).trim().split("\n").at(-1);
    return new Error(
      `Cannot go on: wanted a running kernel, got one that ended with code ${this.#exitCode} (${said})`,
    );
  }
}
