/**
 * The kinds of options: how each converts a text of the command line to a value, and which values it accepts.
 *
 * @module
 */
import type { LengthRange } from "@/tasks/task.ts";
import { UserError } from "@/io/user_error.ts";

/** The value of an option, which JSON preserves. */
export type OptionValue = number | string | boolean | readonly number[] | null;

/** One option: its default, its help, and the values it accepts. */
export interface Option<T extends OptionValue = OptionValue> {
  readonly kind:
    | "integer"
    | "number"
    | "sequence"
    | "lengths"
    | "seeds"
    | "choice"
    | "choices"
    | "flag"
    | "text";
  /** The value of an option that is not given. */
  readonly default: T;
  /** The default in the help, in place of the value itself; empty to show none. */
  readonly defaultText?: string;
  /** A short description for the help. */
  readonly description: string;
  /** The placeholder for the value in the help; empty for a flag, which takes no value. */
  readonly placeholder: string;
  /** The accepted values, as in "wanted an integer of at least 1". */
  readonly wanted: string;
  /** A more specific text than `wanted` for a refused value; undefined if there is none. */
  wantedOf?(value: unknown): string | undefined;
  /** Converts a text of the command line; the result must be checked by `accepts`. */
  convert(text: string): unknown;
  /** Returns whether a value, possibly from an edited file, is accepted. */
  accepts(value: unknown): value is T;
}

/** The details that every kind of option needs. */
export interface OptionDetails<T> {
  readonly default: T;
  readonly defaultText?: string;
  readonly description: string;
  /** The placeholder for the value in the help; by default that of the kind. */
  readonly placeholder?: string;
}

/**
 * Reads the value of an option from a text.
 *
 * @example A number out of range.
 * ```ts
 * import { integer, readOption } from "@/options/option.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const length = integer({ default: 3, minimum: 1, description: "how many values" });
 * assertEquals(readOption("--length", length, "5"), 5);
 * const error = assertThrows(() => readOption("--length", length, "0"), Error);
 * assertEquals(error.message, 'Cannot read --length: wanted an integer of at least 1, got "0"');
 * ```
 * @param flag The flag, for the error.
 * @param option The option.
 * @param text The text from the command line.
 * @returns The value.
 * @throws {UserError} If the option does not accept it.
 */
export function readOption<T extends OptionValue>(
  flag: string,
  option: Option<T>,
  text: string,
): T {
  const value = option.convert(text);
  if (option.accepts(value)) return value;
  const wanted = option.wantedOf?.(value) ?? option.wanted;
  throw new UserError(`read ${flag}`, wanted, JSON.stringify(text));
}

/**
 * Joins words to a list such as "a, b or c".
 *
 * @example Three words.
 * ```ts
 * import { joinWithOr } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(joinWithOr(["a", "b", "c"]), "a, b or c");
 * assertEquals(joinWithOr(["a", "b, longer"]), "a or b, longer");
 * ```
 * @param words The words, at least one.
 * @returns The list.
 */
export function joinWithOr(words: readonly string[]): string {
  const [before, last] = [words.slice(0, -1), words.slice(-1)];
  return [before.join(", "), ...last].filter((part) => part !== "").join(" or ");
}

/**
 * Creates an option whose value is one of a few words.
 *
 * @example One of two words.
 * ```ts
 * import { choice } from "@/options/option.ts";
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
 * @param details The default, the description and the accepted words; a default of null makes the choice optional.
 * @returns The option.
 */
export function choice<const C extends string, D extends NoInfer<C> | null>(
  details: OptionDetails<D> & { readonly choices: readonly C[] },
): Option<D | C> {
  return {
    placeholder: "WORD",
    ...details,
    kind: "choice",
    wanted: joinWithOr(details.choices),
    convert: (text) => text,
    accepts: (value): value is D | C =>
      isLeftOut(value, details) || details.choices.some((word) => word === value),
  };
}

/**
 * Creates an option whose value is some of a few words, with commas between them, as text.
 *
 * @example Each word must be one of the list.
 * ```ts
 * import { choices } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const parts = choices({ choices: ["peak", "lengths"], default: "peak,lengths", description: "what to time" });
 * assertEquals(parts.wanted, "some of peak, lengths, separated by commas");
 * assertEquals(["peak", "peak,lengths", "peek"].map((text) => parts.accepts(text)), [true, true, false]);
 * ```
 * @param details The default, the description and the accepted words.
 * @returns The option.
 */
export function choices(
  details: OptionDetails<string> & { readonly choices: readonly string[] },
): Option<string> {
  return {
    placeholder: "A,B,…",
    ...details,
    kind: "choices",
    wanted: `some of ${details.choices.join(", ")}, separated by commas`,
    convert: (text) => text,
    accepts: (value): value is string =>
      typeof value === "string" &&
      value.split(",").every((word) => details.choices.includes(word)),
  };
}

/**
 * Creates an option that is given or not, and takes no value.
 *
 * @example It is false unless given.
 * ```ts
 * import { flag } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = flag({ description: "end with the result as JSON" });
 * assertEquals(json.default, false);
 * assertEquals(json.convert("true"), true); // the text of a flag that is given
 * ```
 * @param details The description.
 * @returns The option.
 */
export function flag(details: { readonly description: string }): Option<boolean> {
  return {
    ...details,
    kind: "flag",
    default: false,
    placeholder: "",
    wanted: "true or false",
    convert: (text) => text === "true",
    accepts: (value) => typeof value === "boolean",
  };
}

/**
 * Creates an option whose value is a text, such as a path.
 *
 * @example An optional path.
 * ```ts
 * import { text } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = text({ default: null, placeholder: "PATH", description: "where to write" });
 * assertEquals([".runs/a", "", null].map((value) => folder.accepts(value)), [true, false, true]);
 * ```
 * @param details The default, the description and the placeholder; a default of null makes the text optional.
 * @returns The option.
 */
export function text<D extends string | null>(details: OptionDetails<D>): Option<D | string> {
  return {
    placeholder: "TEXT",
    ...details,
    kind: "text",
    wanted: "a text",
    convert: (text) => text,
    accepts: (value): value is D | string =>
      isLeftOut(value, details) || typeof value === "string" && value !== "",
  };
}

/** The bounds of a number, all of them optional. */
interface Bounds {
  /** The smallest accepted number. */
  readonly minimum?: number;
  /** The largest accepted number. */
  readonly maximum?: number;
  /** A number below all accepted numbers. */
  readonly above?: number;
}

/** A decimal number, with an optional exponent: no hexadecimal numbers, no "Infinity", no spaces. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(text: string): number {
  // Adding 0 converts −0 to 0, because settings are stored as JSON, which has no −0.
  return DECIMAL.test(text) ? Number(text) + 0 : NaN;
}

function isWithin(value: unknown, bounds: Bounds): value is number {
  const { minimum = -Infinity, maximum = Infinity, above = -Infinity } = bounds;
  return typeof value === "number" && Number.isFinite(value) &&
    value >= minimum && value <= maximum && value > above;
}

/** Returns whether a value is null and the option is optional, which a default of null says. */
function isLeftOut(value: unknown, details: { readonly default: unknown }): boolean {
  return value === null && details.default === null;
}

function boundsInWords({ minimum, maximum, above }: Bounds): string {
  const limits = [
    above !== undefined && `above ${above}`,
    minimum !== undefined && `of at least ${minimum}`,
    maximum !== undefined && `at most ${maximum}`,
  ];
  return limits.filter((limit) => limit !== false).join(" and ");
}

/**
 * Creates an option whose value is an integer.
 *
 * @example Only integers within bounds are accepted.
 * ```ts
 * import { integer } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const length = integer({ default: 3, minimum: 1, description: "how many values" });
 * assertEquals(length.wanted, "an integer of at least 1");
 * assertEquals(["3", "-1", "2.5", "x"].map((text) => length.accepts(length.convert(text))), [
 *   true,
 *   false,
 *   false,
 *   false,
 * ]);
 * ```
 * @param details The default, the description and the bounds; a default of null makes the number optional.
 * @returns The option.
 */
export function integer<D extends number | null>(
  details: OptionDetails<D> & Bounds,
): Option<D | number> {
  return {
    placeholder: "N",
    ...details,
    kind: "integer",
    wanted: `an integer ${boundsInWords(details)}`.trim(),
    convert: toNumber,
    accepts: (value): value is D | number =>
      isLeftOut(value, details) || isWithin(value, details) && Number.isSafeInteger(value),
  };
}

/**
 * Creates an option whose value is a finite number.
 *
 * @example A learning rate must be above 0.
 * ```ts
 * import { number } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rate = number({ default: 0.1, above: 0, description: "step of the descent" });
 * assertEquals(rate.wanted, "a number above 0");
 * assertEquals(rate.convert("2e-3"), 0.002);
 * assertEquals(rate.accepts(0), false);
 * ```
 * @param details The default, the description and the bounds; a default of null makes the number optional.
 * @returns The option.
 */
export function number<D extends number | null>(
  details: OptionDetails<D> & Bounds,
): Option<D | number> {
  return {
    placeholder: "X",
    ...details,
    kind: "number",
    wanted: `a number ${boundsInWords(details)}`.trim(),
    convert: toNumber,
    accepts: (value): value is D | number => isLeftOut(value, details) || isWithin(value, details),
  };
}

/**
 * Creates an option whose value is one or more numbers, separated by commas.
 *
 * @example Letters are not numbers.
 * ```ts
 * import { sequence } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const values = sequence({ default: [0.1, 0.2], description: "values to push" });
 * assertEquals(values.convert("0.3,1"), [0.3, 1]);
 * assertEquals(values.accepts(values.convert("0.3,b")), false);
 * ```
 * @param details The default, the description, the bounds of each number and the largest count of numbers; a default of
 * null makes the option optional.
 * @returns The option.
 */
export function sequence<D extends readonly number[] | null>(
  details: OptionDetails<D> & Bounds & { readonly longest?: number },
): Option<D | readonly number[]> {
  const { longest = Infinity } = details;
  return {
    placeholder: "A,B,…",
    ...details,
    kind: "sequence",
    wanted: [
      longest < Infinity ? `1 to ${longest} numbers` : "numbers",
      boundsInWords(details),
      "separated by commas, such as 0.1,0.2,0.3",
    ].filter(Boolean).join(" "),
    convert: (text) => text.split(",").map((part) => toNumber(part.trim())),
    accepts: (value): value is D | readonly number[] =>
      isLeftOut(value, details) ||
      Array.isArray(value) && value.length > 0 && value.length <= longest &&
        value.every((item) => isWithin(item, details)),
  };
}

/**
 * Writes a range of lengths as {@linkcode parseLengthRange} reads it.
 *
 * @example One length is one number.
 * ```ts
 * import { lengthRangeText } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(lengthRangeText({ shortest: 8, longest: 64 }), "8..64");
 * assertEquals(lengthRangeText({ shortest: 1000, longest: 1000 }), "1000");
 * ```
 * @param lengths The range.
 * @returns The text.
 */
export function lengthRangeText({ shortest, longest }: LengthRange): string {
  return shortest === longest ? String(shortest) : `${shortest}..${longest}`;
}

/** The longest accepted string; more is probably a typing error. */
const LONGEST_LENGTH = 100_000;

/**
 * Reads a range of lengths.
 *
 * @example One length, or the shortest and the longest.
 * ```ts
 * import { parseLengthRange } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseLengthRange("8..64"), { shortest: 8, longest: 64 });
 * assertEquals(parseLengthRange("8"), { shortest: 8, longest: 8 });
 * assertEquals(parseLengthRange("64..8"), undefined);
 * ```
 * @param text One integer, or two with two dots between them.
 * @returns The range; undefined if the text is not one.
 */
export function parseLengthRange(text: string): LengthRange | undefined {
  const [, from, to = from] = /^(\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(text) ?? [];
  const [shortest, longest] = [Number(from), Number(to)];
  return shortest >= 1 && shortest <= longest && longest <= LONGEST_LENGTH
    ? { shortest, longest }
    : undefined;
}

/**
 * Creates an option whose value is a range of lengths, as text.
 *
 * @example Accepted and refused texts.
 * ```ts
 * import { lengthRange } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lengths = lengthRange({ default: "8..64", description: "characters in a string" });
 * assertEquals(["8..64", "7", "0..3", "x"].map((text) => lengths.accepts(text)), [
 *   true,
 *   true,
 *   false,
 *   false,
 * ]);
 * ```
 * @param details The default and the description; a default of null makes the range optional.
 * @returns The option.
 */
export function lengthRange<D extends string | null>(
  details: OptionDetails<D>,
): Option<D | string> {
  return {
    placeholder: "A..B",
    ...details,
    kind: "lengths",
    wanted: `one or two integers from 1 to ${LONGEST_LENGTH} in ascending order, such as 8..64`,
    convert: (text) => text,
    accepts: (value): value is D | string =>
      isLeftOut(value, details) ||
      typeof value === "string" && parseLengthRange(value) !== undefined,
  };
}

/** The seeds from the first to the last, both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

/** The largest seed that all random generators of the project accept. */
export const MAXIMUM_SEED = 2 ** 32 - 1;
/** The largest accepted number of seeds; more is probably a typing error. */
const MAX_SEEDS = 10_000;

const SEEDS_WANTED = `two integers from 0 to ${MAXIMUM_SEED} in ascending order, such as 1..20`;

/** Returns what is wanted in place of a wrong range of seeds; undefined if the range is right. */
function wantedSeeds({ first, last }: SeedRange): string | undefined {
  if (!(first <= last && last <= MAXIMUM_SEED)) return SEEDS_WANTED; // also if one is NaN
  if (last - first >= MAX_SEEDS) return `at most ${MAX_SEEDS} seeds`;
}

function seedNumbers(text: string): SeedRange {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  return { first: Number(from), last: Number(to) };
}

/**
 * Reads a range of seeds.
 *
 * @example The seeds must be in ascending order.
 * ```ts
 * import { parseSeedRange } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSeedRange("1..20"), { first: 1, last: 20 });
 * assertEquals(parseSeedRange("5..1"), undefined);
 * ```
 * @param text Two integers with two dots between them.
 * @returns The range; undefined if the text is not one.
 */
export function parseSeedRange(text: string): SeedRange | undefined {
  const range = seedNumbers(text);
  return isSeedRange(range) ? range : undefined;
}

/**
 * Returns whether a value, possibly from an edited file, is a range of seeds.
 *
 * @example A range needs both ends.
 * ```ts
 * import { isSeedRange } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isSeedRange({ first: 3, last: 3 }), true);
 * assertEquals(isSeedRange({ first: 3 }), false);
 * ```
 * @param value Any value.
 * @returns Whether it is a range of seeds.
 */
export function isSeedRange(value: unknown): value is SeedRange {
  const { first, last } = Object(value);
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && first >= 0 &&
    wantedSeeds({ first, last }) === undefined;
}

/**
 * Lists the seeds of a range.
 *
 * @example Both ends are included.
 * ```ts
 * import { listSeeds } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(listSeeds({ first: 3, last: 5 }), [3, 4, 5]);
 * ```
 * @param range The first and the last seed.
 * @returns Every seed, in ascending order.
 */
export function listSeeds({ first, last }: SeedRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/**
 * Creates an option whose value is a range of seeds, as text.
 *
 * @example The error says what is wrong with the range.
 * ```ts
 * import { readOption, seedRange } from "@/options/option.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const seeds = seedRange({ default: null, description: "every seed from A to B" });
 * assertThrows(() => readOption("--seeds", seeds, "0..10000"), Error, "wanted at most 10000 seeds");
 * ```
 * @param details The default and the description; a default of null makes the range optional.
 * @returns The option.
 */
export function seedRange<D extends string | null>(details: OptionDetails<D>): Option<D | string> {
  return {
    placeholder: "A..B",
    ...details,
    kind: "seeds",
    wanted: SEEDS_WANTED,
    wantedOf: (value) => wantedSeeds(seedNumbers(String(value))),
    convert: (text) => text,
    accepts: (value): value is D | string =>
      isLeftOut(value, details) ||
      typeof value === "string" && parseSeedRange(value) !== undefined,
  };
}
