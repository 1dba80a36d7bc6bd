/**
 * The memory that the kernels work in, handed out from the bottom up.
 *
 * @module
 */

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65536;
/** As many pages as WebAssembly can have: 4 GiB. */
export const MOST_PAGES = 65536;
/** Everything starts at a line of the cache; the first page belongs to the kernels' own constants. */
const LINE = 64;

/** A shared memory and how much of it is taken. */
export interface Arena {
  /** What the kernels import. */
  readonly memory: WebAssembly.Memory;
  /**
   * Takes `bytes` bytes, and returns where they start.
   *
   * @throws {RangeError} If that is more than WebAssembly can have.
   */
  take(bytes: number): number;
  /** How many bytes are taken. */
  taken(): number;
  /** Gives back all that was taken after `mark` was. */
  release(mark: number): void;
}

/**
 * Makes an empty arena. It grows as it is taken from, and never shrinks.
 *
 * @example Addresses are multiples of 64.
 * ```ts
 * import { createArena } from "@/engine/arena.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const arena = createArena();
 * assertEquals([arena.take(10), arena.take(100), arena.taken()], [65536, 65600, 65728]);
 * ```
 * @param memory An existing memory of a team; a new one, if left out.
 * @returns The arena; the first page is never handed out.
 */
export function createArena(
  memory = new WebAssembly.Memory({ initial: 2, maximum: MOST_PAGES, shared: true }),
): Arena {
  let next = PAGE;
  return {
    memory,
    take(bytes) {
      const start = next, end = start + Math.ceil(bytes / LINE) * LINE;
      grow(memory, end);
      next = end;
      return start;
    },
    taken: () => next,
    release(mark) {
      next = mark;
    },
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil(bytes / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing <= 0) return;
  const mebibytes = (size: number) => Math.ceil(size / 2 ** 20);
  const refusal = () =>
    new RangeError(
      `Cannot make room for the batch: wanted ${mebibytes(bytes)} MiB of memory, ` +
        `got at most ${mebibytes(MOST_PAGES * PAGE)} MiB (all that WebAssembly has)`,
    );
  if (bytes > MOST_PAGES * PAGE) throw refusal();
  try {
    memory.grow(missing);
  } catch {
    throw refusal();
  }
}
