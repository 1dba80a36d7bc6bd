/**
 * A program in a process of its own that reads a JSON object a line and answers each with another.
 *
 * @module
 */
import { WITHOUT_LINKER_VARIABLES } from "@/io/programs.ts";

/** An answer; one with `error` is a refusal. */
export type Reply = Record<string, unknown> & { error?: string };

/** How much of its standard error is kept, in characters. */
const KEPT = 10_000;

/**
 * The line of a program's standard error that says why it ended: the last that begins with an error's name, else the last.
 *
 * @param noted Its standard error, or the end of it.
 * @returns The line, without Deno's "error: Uncaught (in promise)".
 */
export function reasonOf(noted: string): string {
  const lines = noted.split("\n").filter((line) => line.trim() !== "");
  const named = lines.findLast((line) =>
    /^(error\b|[\w.]*(Error|Exception)\b|.*\bfatal\b)/i.test(line)
  );
  const line = named ?? lines.at(-1) ?? "the process ended without a word";
  return line.trim().replace(/^error: (Uncaught (\(in promise\) )?)?/, "");
}

/** The process. */
export class LineProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #noted: Promise<string>;
  #rest = "";

  /** Starts it; throws if there is no such program. */
  constructor(program: string, args: readonly string[]) {
    this.#child = new Deno.Command(program, {
      args: [...args],
      env: { ...WITHOUT_LINKER_VARIABLES, NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#noted = endOf(this.#child.stderr);
  }

  /** Asks, and waits for the answer; of a process that ends in the meantime, why it did. */
  async ask(request: unknown): Promise<Reply> {
    try {
      await this.#writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    } catch {
      return { error: reasonOf(await this.#noted) };
    }
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) return { error: reasonOf(await this.#noted) };
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n"), line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(line);
  }

  /** Ends the process. */
  close(): void {
    try {
      this.#child.kill();
    } catch { /* it has ended by itself */ }
  }
}

/** The end of a stream of text, once it is over. */
async function endOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + part).slice(-KEPT);
  }
  return text;
}
