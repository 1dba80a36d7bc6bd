/**
 * PyTorch at a size: pytorch_main.py in a process of its own, which keeps its own time.
 *
 * @module
 */
import type { TimedProgram } from "./engine_program.ts";
import type { BenchSize } from "./sizes.ts";

type Reply = Record<string, unknown> & { error?: string };

/** A process that answers a JSON object a line. */
export class PyTorchProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(python: string) {
    const program = new URL("pytorch_main.py", import.meta.url).pathname;
    this.#child = new Deno.Command(python, {
      args: [program],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Asks, and waits for the answer. */
  async ask(request: unknown): Promise<Reply> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) return { error: "the process ended" };
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

function pytorchSize({ shape, batch, length }: BenchSize) {
  return { ...shape, batch, length };
}

/** The variants that apply to a size. */
export async function pytorchVariants(python: string, size: BenchSize): Promise<string[]> {
  const process = new PyTorchProcess(python);
  const { variants, error } = await process.ask({ variants: pytorchSize(size) });
  process.close();
  if (error) throw new Error(`Cannot start PyTorch: ${error}`);
  return variants as string[];
}

/** Prepares a variant: built, compiled, warmed up; or says why it cannot run. */
export async function pytorchProgram(
  python: string,
  size: BenchSize,
  variant: string,
  threads: number,
): Promise<TimedProgram | string> {
  const process = new PyTorchProcess(python);
  const prepare = { size: pytorchSize(size), threads, variant, seed: 1 };
  const ready = await process.ask({ prepare });
  if (ready.error) {
    process.close();
    return ready.error;
  }
  let bytes = 0;
  return {
    name: variant,
    threads,
    async round(updates) {
      const { seconds, peak_bytes, error } = await process.ask({ round: updates });
      if (error) throw new Error(`Cannot go on with PyTorch's ${variant}: ${error}`);
      bytes = peak_bytes as number;
      return seconds as number;
    },
    memoryBytes: () => bytes,
    close: () => process.close(),
  };
}
