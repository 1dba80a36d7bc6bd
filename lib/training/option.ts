/**
 * The options of an experiment: what each may hold, and how it is read from a command line.
 *
 * @module
 */

/** What an option may hold: everything in it survives JSON unchanged. */
export type OptionValue = number | string | boolean | readonly number[] | null;

/** One option: its default, its words in the help, and what it accepts. */
export interface Option<T extends OptionValue = OptionValue> {
  readonly kind: "integer" | "number" | "sequence" | "lengths" | "choice" | "flag";
  /** What holds when the option is not given. */
  readonly default: T;
  /** The default in words, if its value alone would not say it. */
  readonly defaultText?: string;
  /** Half a line for the help. */
  readonly description: string;
  /** What stands for the value in the help; empty for a flag, which takes none. */
  readonly placeholder: string;
  /** What the option accepts, as in "wanted an integer of at least 1". */
  readonly wanted: string;
  /** The value that a text on the command line stands for, whether accepted or not. */
  convert(text: string): unknown;
  /** Whether a value, perhaps from an edited file, may be used. */
  accepts(value: unknown): value is T;
}

/** What every kind of option is made from. */
export interface OptionWords<T> {
  readonly default: T;
  readonly defaultText?: string;
  readonly description: string;
}

/**
 * An option that holds one of a few words.
 *
 * @example One of two.
 * ```ts
 * import { choice } from "@/training/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const gradient = choice({
 *   choices: ["exact", "published"],
 *   default: "exact",
 *   description: "which gradient to descend",
 * });
 * assertEquals(gradient.wanted, "exact or published");
 * assertEquals(gradient.accepts("guessed"), false);
 * ```
 * @param words Default, description and the words that are accepted.
 * @returns The option.
 */
export function choice<const C extends string>(
  words: OptionWords<NoInfer<C>> & { readonly choices: readonly C[] },
): Option<C> {
  return {
    ...words,
    kind: "choice",
    placeholder: "WORD",
    wanted: words.choices.join(", ").replace(/, ([^,]*)$/, " or $1"),
    convert: (text) => text,
    accepts: (value): value is C => words.choices.some((word) => word === value),
  };
}

/**
 * An option that is there or not, and takes no value.
 *
 * @example Off unless given.
 * ```ts
 * import { flag } from "@/training/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const live = flag({ description: "start inside the live window" });
 * assertEquals(live.default, false);
 * assertEquals(live.convert("true"), true); // the text of a flag that is given
 * ```
 * @param words Its description.
 * @returns The option.
 */
export function flag(words: { readonly description: string }): Option<boolean> {
  return {
    ...words,
    kind: "flag",
    default: false,
    placeholder: "",
    wanted: "no value",
    convert: (text) => text === "true",
    accepts: (value) => typeof value === "boolean",
  };
}
