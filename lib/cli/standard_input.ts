/**
 * What others have written to a command.
 *
 * @module
 */

/**
 * Reads a stream to its end, or until there is more than is wanted.
 *
 * @example The end of a long one is not waited for.
 * ```ts
 * import { standardInput } from "@/cli/standard_input.ts";
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
