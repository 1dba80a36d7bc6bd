/**
 * The terminal of a command: results go to standard output, everything else to standard error.
 *
 * @module
 */

/** The two output streams of a command. */
export interface Terminal {
  /** Writes a line of the result to standard output. */
  print(line: string): void;
  /** Writes a line of progress, advice or an error to standard error. */
  note(line: string): void;
  /**
   * Replaces the lines that the last call wrote; use it only where `columns` is not null. The cursor stays on the first of
   * them: one empty note per line moves it below.
   */
  overwrite(lines: string): void;
  /** Returns the width of the terminal that shows the notes; null if they go elsewhere, such as to a file. */
  columns(): number | null;
}

const encoder = new TextEncoder();

/** Writes a text; a reader that has gone, as with `| head -1`, is not an error. */
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
 * Encodes lines with the control sequences that make a terminal replace others by them.
 *
 * @example Return to the first column, write the lines and clear what follows them, and move up again.
 * ```ts
 * import { overwriteSequence } from "@/io/terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(overwriteSequence("50 %"), "\r50 %\x1b[J");
 * assertEquals(overwriteSequence("50 %\n3 s left"), "\r50 %\x1b[K\n3 s left\x1b[J\x1b[1A");
 * ```
 * @param lines The lines, separated by line breaks.
 * @returns The text to write.
 */
export function overwriteSequence(lines: string): string {
  const below = lines.split("\n").length - 1;
  return `\r${lines.replaceAll("\n", "\x1b[K\n")}\x1b[J${below > 0 ? `\x1b[${below}A` : ""}`;
}

/** The streams of this process. */
export const processTerminal: Terminal = {
  print: (line) => write(Deno.stdout, `${line}\n`),
  note: (line) => write(Deno.stderr, `${line}\n`),
  overwrite: (lines) => write(Deno.stderr, overwriteSequence(lines)),
  columns: () => Deno.stderr.isTerminal() ? Deno.consoleSize().columns : null,
};

/**
 * Reads a stream to its end, or until there are more than `atMost` bytes.
 *
 * @example An endless stream is read only up to the limit.
 * ```ts
 * import { readStream } from "@/io/terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(8)) });
 * assertEquals((await readStream(endless, 20)).length, 24);
 * ```
 * @param stream The stream.
 * @param atMost The limit in bytes.
 * @returns All bytes of the stream, or the first ones, which are more than `atMost`.
 */
export async function readStream(
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
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
