/**
 * The terminal of a command: results go to standard output, everything else to standard error.
 *
 * @module
 */
import { sleepSync } from "./sleep.ts";

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
  /** Returns the width of the terminal that shows the notes; null if it is unknown or they go elsewhere, such as to a file. */
  columns(): number | null;
}

/** A result that could not be written; a command reports it and ends with exit code 1. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

/** What is used of an output stream of the process. */
export interface OutputStream {
  /** Writes some of the bytes and returns their number. */
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/**
 * Replaces control characters, which could change the terminal; line breaks and tabs stay.
 *
 * @example A sequence that would clear the screen.
 * ```ts
 * import { printableText } from "@/io/terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printableText("a\tb\n\x1b[2J\x7f\x9b"), "a\tb\n␛[2J␡\ufffd");
 * ```
 * @param text Any text.
 * @returns The text with Unicode's pictures of control characters, or U+FFFD where there is none.
 */
export function printableText(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\0-\x08\x0b-\x1f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replaceAll("\x7f", "␡").replace(/[\x80-\x9f]/g, "\ufffd");
}

const encoder = new TextEncoder();

/** Pause before a full pipe is tried again, in milliseconds. */
const FULL_PIPE_MS = 5;

/** Writes a text; where a pipe is full, it waits until the reader has taken some of it. */
function write(stream: OutputStream, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      sleepSync(FULL_PIPE_MS);
    }
  }
}

/** Writes a note, or drops it: what cannot be reported must not end the work. */
function writeNote(stream: OutputStream, text: string): void {
  try {
    write(stream, text);
  } catch {
    // There is nowhere to report it.
  }
}

/** Writes a result; a reader that has gone, as with `| head -1`, is not an error. */
function writeResult(stream: OutputStream, text: string): void {
  try {
    write(stream, text);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OutputError(`Cannot write the result: wanted an output that takes it, got ${reason}`);
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

/**
 * Makes a terminal of two streams.
 *
 * @example A note that cannot be written is dropped.
 * ```ts
 * import { createTerminal } from "@/io/terminal.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const full = {
 *   writeSync: () => {
 *     throw new Error("No space left on device");
 *   },
 *   isTerminal: () => false,
 * };
 * const terminal = createTerminal(full, full, () => ({ columns: 80 }));
 * terminal.note("step 1");
 * assertEquals(terminal.columns(), null);
 * ```
 * @param output Takes the results.
 * @param notes Takes everything else.
 * @param size Measures the terminal.
 * @returns The terminal; `print` throws an {@linkcode OutputError} if a result cannot be written.
 */
export function createTerminal(
  output: OutputStream,
  notes: OutputStream,
  size: () => { readonly columns: number },
): Terminal {
  return {
    print: (line) => writeResult(output, `${line}\n`),
    note: (line) => writeNote(notes, `${line}\n`),
    overwrite: (lines) => writeNote(notes, overwriteSequence(lines)),
    columns: () => notes.isTerminal() ? knownColumns(size) : null,
  };
}

/** The width of a terminal; null if it is not known, which some terminals report as 0. */
function knownColumns(size: () => { readonly columns: number }): number | null {
  try {
    const { columns } = size();
    return columns > 0 ? columns : null;
  } catch {
    return null;
  }
}

/** The streams of this process. */
export const processTerminal: Terminal = createTerminal(
  Deno.stdout,
  Deno.stderr,
  () => Deno.consoleSize(),
);

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
