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
  /** Writes over the line that was last written so; only where `columns` is not null. */
  overwrite(line: string): void;
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

/** The streams of this process. */
export const processTerminal: Terminal = {
  print: (line) => write(Deno.stdout, `${line}\n`),
  note: (line) => write(Deno.stderr, `${line}\n`),
  // Back to the first column, the line, and nothing of the old one after it.
  overwrite: (line) => write(Deno.stderr, `\r${line}\x1b[K`),
  columns: () => Deno.stderr.isTerminal() ? Deno.consoleSize().columns : null,
};
