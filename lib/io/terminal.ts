/**
 * Where a command writes: results to standard output, everything else to standard error.
 *
 * @module
 */

/** The two streams of a command. */
export interface Terminal {
  /** Writes a line of the result. */
  print(line: string): void;
  /** Writes a line about the work: progress, advice, errors. */
  note(line: string): void;
  /**
   * Writes over the lines that were last written so; only where `columns` is not null. The cursor stays on
   * the first of them: as many empty notes lead below them.
   */
  overwrite(lines: string): void;
  /** Width of the screen that notes go to; null if they go elsewhere, such as a file. */
  columns(): number | null;
}

const encoder = new TextEncoder();

/** Someone who stops reading (`| head -1`) does not stop the training. */
function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * What makes a terminal write lines over others.
 *
 * @example Back to the first column, the lines without what stood after them, and up again.
 * ```ts
 * import { overwriting } from "@/io/terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(overwriting("50 %"), "\r50 %\x1b[J");
 * assertEquals(overwriting("50 %\n3 s left"), "\r50 %\x1b[K\n3 s left\x1b[J\x1b[1A");
 * ```
 * @param lines One line, or several with line breaks between them.
 * @returns The lines and the terminal's commands.
 */
export function overwriting(lines: string): string {
  const below = lines.split("\n").length - 1;
  return `\r${lines.replaceAll("\n", "\x1b[K\n")}\x1b[J${below > 0 ? `\x1b[${below}A` : ""}`;
}

/** The streams of this process. */
export const processTerminal: Terminal = {
  print: (line) => write(Deno.stdout, `${line}\n`),
  note: (line) => write(Deno.stderr, `${line}\n`),
  overwrite: (lines) => write(Deno.stderr, overwriting(lines)),
  columns: () => Deno.stderr.isTerminal() ? Deno.consoleSize().columns : null,
};

/**
 * Reads a stream to its end, or until there is more than is wanted.
 *
 * @example The end of a long one is not waited for.
 * ```ts
 * import { standardInput } from "@/io/terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(8)) });
 * assertEquals((await standardInput(endless, 20)).length, 24);
 * ```
 * @param stream Where to read.
 * @param atMost As many bytes as are wanted.
 * @returns What was read: all of it, or more than `atMost` bytes.
 */
export async function standardInput(
  stream: ReadableStream<Uint8Array>,
  atMost: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > atMost) break;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
