/**
 * How long something may go on learning in a cell, and how it is asked to stop before.
 *
 * A front end's own stop button does not do: while a cell waits, and one with a live chart does, a Deno kernel that is
 * interrupted never ends the cell. A file does, wherever the kernel runs.
 *
 * @module
 */

/** What may be spent. Strings are the same on every machine, seconds are not. */
export interface Allowance {
  /** Seconds from the first question on. */
  readonly seconds?: number;
  /** Strings, or whatever else is learned from, one after the other. */
  readonly strings?: number;
}

/** What a budget needs of the world. */
export interface BudgetWorld {
  /** A clock in milliseconds. */
  now(): number;
  /** Takes a request to stop, if there is one. */
  takeStop(): boolean;
}

/** Why it is over. */
export type Ending = "seconds" | "strings" | "stopped";

/** A file of this name, beside the notebook, is a request to stop. */
export const STOP_FILE = "stop";

/** Milliseconds between two looks for the file. */
const LOOK_EVERY = 200;

const notebookWorld: BudgetWorld = {
  now: () => performance.now(),
  takeStop() {
    try {
      Deno.removeSync(STOP_FILE);
      return true;
    } catch {
      return false; // there is none, or nobody may look
    }
  },
};

/**
 * Counts what is spent on learning, and says when it is over.
 *
 * @example Ten strings, four at a time.
 * ```ts
 * import { Budget } from "@/jupyter/budget.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const budget = new Budget({ strings: 10 });
 * while (!budget.isOver()) budget.spend(4);
 * assertEquals([budget.spent, budget.ending], [12, "strings"]);
 * ```
 */
export class Budget {
  readonly #allowance: Allowance;
  readonly #world: BudgetWorld;
  #start: number | undefined;
  #nextLook = -Infinity;
  #spent = 0;
  #ending: Ending | undefined;

  /**
   * @param allowance What may be spent; whatever is left out has no end.
   * @param world Clock and stop file; the notebook's own if left out.
   * @throws {RangeError} If the allowance is not above 0, or has no end at all.
   */
  constructor(allowance: Allowance, world: BudgetWorld = notebookWorld) {
    const { seconds = Infinity, strings = Infinity } = allowance;
    if (!(seconds > 0 && strings > 0) || Math.min(seconds, strings) === Infinity) {
      throw new RangeError(
        `Cannot make a budget: wanted seconds or strings above 0, got ${JSON.stringify(allowance)}`,
      );
    }
    this.#allowance = { seconds, strings };
    this.#world = world;
  }

  /** Strings spent so far. */
  get spent(): number {
    return this.#spent;
  }

  /** Why it is over; nothing as long as it is not. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** @param strings How many more were learned from. */
  spend(strings: number): void {
    this.#spent += strings;
  }

  /** Whether to end now. Once it is over, it stays over. */
  isOver(): boolean {
    const now = this.#world.now();
    if (this.#start === undefined) {
      this.#start = now;
      this.#world.takeStop(); // one that was meant for an earlier run
    }
    this.#ending ??= this.#endingAt(now);
    return this.#ending !== undefined;
  }

  #endingAt(now: number): Ending | undefined {
    const { seconds, strings } = this.#allowance;
    if (this.#spent >= strings!) return "strings";
    if (now - this.#start! >= 1000 * seconds!) return "seconds";
    if (now < this.#nextLook) return undefined;
    this.#nextLook = now + LOOK_EVERY;
    return this.#world.takeStop() ? "stopped" : undefined;
  }
}
