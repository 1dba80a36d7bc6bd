/**
 * A Deno kernel in a separate process that runs one cell after another.
 *
 * A kernel reports a cell as finished before it has sent all of its output. So after each cell a second, hidden one prints
 * a marker, and the cell is finished when the marker has arrived: a kernel sends its output in order.
 *
 * @module
 */
import { WITHOUT_LINKER_VARIABLES } from "@/io/programs.ts";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { UserError } from "@/io/user_error.ts";
import { Connection, type Message } from "./connection.ts";
import { type ErrorOutput, errorOutput, type Output, OutputCollector } from "./outputs.ts";

/** Result of a cell. */
export interface CellResult {
  readonly outputs: Output[];
  /** The error, if the cell failed. */
  readonly error?: ErrorOutput;
}

const START_SECONDS = 30;
/** Attempts to start: another process may take a port before the kernel does, which then exits at once. */
const MAX_STARTS = 3;
const POLL_INTERVAL_MS = 5;

/** Collects uncaught errors and rejections, which a kernel does not report. */
const COLLECT_UNCAUGHT = `{
  const uncaught = globalThis[Symbol.for("uncaught errors")] = [];
  const collect = (event) => {
    event.preventDefault();
    const error = event.reason ?? event.error;
    uncaught.push({ ename: error?.name ?? "Error", evalue: String(error?.message ?? error) });
  };
  addEventListener("unhandledrejection", collect);
  addEventListener("error", collect);
}`;

/** Code that prints a marker, followed by the collected errors. */
function printUncaught(marker: string): string {
  return `console.log("${marker}" + JSON.stringify(globalThis[Symbol.for("uncaught errors")].splice(0)))`;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
}

function spawn(folder: string, connectionFile: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    // Links are not followed: where they lead, Deno's permission to write and the kernel's to read may differ.
    args: ["jupyter", "--kernel", "--conn", resolve(connectionFile)],
    cwd: folder,
    env: { ...WITHOUT_LINKER_VARIABLES, NO_COLOR: "1" },
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
   * Starts a kernel with the running version of Deno.
   *
   * @param folder The kernel's working folder; the import map is searched from here upwards.
   * @param scratch Folder of the connection file while the kernel starts.
   * @returns The kernel, ready for its first cell.
   * @throws {UserError} If the connection file cannot be written, or if the kernel exits at each of three starts or is not
   *   ready within half a minute.
   */
  static async start(folder: string, scratch = ".runs"): Promise<Kernel> {
    for (let left = MAX_STARTS - 1;; left--) {
      const connection = await Connection.open(scratch);
      let kernel: Kernel | undefined;
      try {
        kernel = new Kernel(spawn(folder, connection.file), connection);
        await kernel.#waitUntilReady();
        connection.removeFile();
        return kernel;
      } catch (error) {
        const hasExited = kernel !== undefined && kernel.#exitCode !== undefined;
        await (kernel ?? connection).close();
        if (!hasExited || left === 0) throw error;
      }
    }
  }

  /**
   * Runs a cell and waits until all of its output has arrived.
   *
   * @param source The cell's code.
   * @param seconds Time limit.
   * @returns Its outputs, and its error if it failed.
   * @throws {Error} If it exceeds the time limit, or if the kernel exits; the kernel cannot be used afterwards.
   */
  async run(source: string, seconds: number): Promise<CellResult> {
    const deadline = performance.now() + 1000 * seconds;
    const reply = await this.#execute(source, deadline);
    const uncaught = reply && await this.#uncaughtErrors(deadline);
    if (!reply || !uncaught) {
      throw new Error(`Cannot run the cell: wanted it to end within ${seconds} s, got no end`);
    }
    const outputs = this.#collector.take();
    if (reply.status === "error") return { outputs, error: errorOutput(reply) };
    return uncaught.length > 0 ? { outputs, error: errorOutput(uncaught[0]) } : { outputs };
  }

  /** Kills the process: a running cell then fails. */
  kill(): void {
    if (this.#exitCode === undefined) this.#process.kill("SIGKILL");
  }

  /** Kills the process and closes the connection. */
  async close(): Promise<void> {
    this.kill();
    await this.#process.status;
    await this.#log;
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A subscriber misses messages sent before it has subscribed, so this repeats its request until a status arrives. */
  async #waitUntilReady(): Promise<void> {
    const deadline = performance.now() + 1000 * START_SECONDS;
    let status: Message | undefined;
    while (!status && performance.now() < deadline) {
      await this.#connection.send("kernel_info_request", {});
      status = await this.#waitFor(({ type }) => type === "status", performance.now() + 100);
    }
    if (!status || !await this.#execute(COLLECT_UNCAUGHT, deadline, true)) {
      const wanted = `it to be ready within ${START_SECONDS} s`;
      throw new UserError("start a kernel", wanted, "no answer");
    }
  }

  async #execute(
    code: string,
    deadline: number,
    isHidden = false,
  ): Promise<Message["content"] | undefined> {
    const id = await this.#send(code, isHidden);
    const isReply = ({ type, parent }: Message) => type === "execute_reply" && parent === id;
    return (await this.#waitFor(isReply, deadline))?.content;
  }

  #send(code: string, isHidden: boolean): Promise<string> {
    return this.#connection.send("execute_request", {
      code,
      silent: isHidden,
      store_history: !isHidden,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });
  }

  /** Waits for the marker, and so for all output before it, and returns the errors that the marker carries. */
  async #uncaughtErrors(deadline: number): Promise<Message["content"][] | undefined> {
    const marker = crypto.randomUUID();
    await this.#send(printUncaught(marker), true);
    const isMarker = ({ type, content }: Message) =>
      type === "stream" && String(content.text).startsWith(marker);
    const found = await this.#waitFor(isMarker, deadline);
    return found && JSON.parse(String(found.content.text).slice(marker.length));
  }

  /** Collects outputs until the wanted message arrives; returns undefined at the deadline. */
  async #waitFor(
    isWanted: (message: Message) => boolean,
    deadline: number,
  ): Promise<Message | undefined> {
    let found: Message | undefined;
    while (!found && performance.now() < deadline) {
      const hasExited = this.#exitCode !== undefined;
      for (const message of await this.#connection.receive()) {
        if (!found && isWanted(message)) found = message;
        else this.#collector.add(message);
      }
      if (!found && hasExited) throw await this.#exitError();
      if (!found) await pause();
    }
    return found;
  }

  async #exitError(): Promise<Error> {
    const lastLine = stripVTControlCharacters(await this.#log).trim().split("\n").at(-1);
    const got = `one that exited with code ${this.#exitCode} (${lastLine})`;
    return new UserError("use the kernel", "a running one", got);
  }
}
