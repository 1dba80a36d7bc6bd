/**
 * The toy stack: a pile of books.
 *
 * @module
 */

/**
 * A pile: the last thing put on it is the first to come off.
 *
 * @example Two books on, one off.
 * ```ts
 * import { ToyStack } from "@/memory/toy_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pile = new ToyStack<string>();
 * pile.push("atlas");
 * pile.push("novel");
 * assertEquals(pile.pop(), "novel");
 * assertEquals(pile.items, ["atlas"]);
 * ```
 */
export class ToyStack<T> {
  readonly #items: T[] = [];

  /** How many items the pile holds. */
  get size(): number {
    return this.#items.length;
  }

  /** What the pile holds, bottom first; a copy. */
  get items(): T[] {
    return [...this.#items];
  }

  /** Puts `item` on top. */
  push(item: T): void {
    this.#items.push(item);
  }

  /**
   * Takes the top item off.
   *
   * @returns The item that was on top.
   * @throws {RangeError} If the pile is empty.
   */
  pop(): T {
    if (this.#items.length === 0) {
      throw new RangeError("Cannot pop: wanted a pile with at least 1 item, got an empty one");
    }
    return this.#items.pop()!;
  }

  /** The top item, left where it is; `undefined` if the pile is empty. */
  peek(): T | undefined {
    return this.#items.at(-1);
  }
}
