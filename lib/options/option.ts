/**
 * The kinds of options: what each accepts, and how it reads a text of the command line.
 *
 * @module
 */
import type { LengthRange } from "@/tasks/task.ts";
import { UserError } from "@/io/user_error.ts";

/** The value of an option; JSON keeps it unchanged. */
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
    | "flag"
    | "text";
  /** The value of an option that is not given. */
  readonly default: T;
  /** The default as the help shows it, if not as the value itself; empty to show none. */
  readonly defaultText?: string;
  /** Half a line for the help. */
  readonly description: string;
  /** What stands for the value in the help; empty for a flag, which takes no value. */
  readonly placeholder: string;
  /** What the option accepts, as in "wanted an integer of at least 1". */
  readonly wanted: string;
  /** What is wanted in place of a refused value, where that is more specific than `wanted`. */
  wantedOf?(value: unknown): string | undefined;
  /** Converts a text of the command line; `accepts` says whether the result can be used. */
  convert(text: string): unknown;
  /** Whether a value, perhaps from an edited file, can be used. */
  accepts(value: unknown): value is T;
}

/** What every kind of option is made from. */
export interface OptionDetails<T> {
  readonly default: T;
  readonly defaultText?: string;
  readonly description: string;
  /** What stands for the value in the help, if not what the kind of option has for it. */
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
 * @param flag What the user calls the option.
 * @param option The option.
 * @param text What the user gave.
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
 * Joins words to "a, b or c".
 *
 * @example
 * ```ts
 * import { orList } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(orList(["a", "b", "c"]), "a, b or c");
 * ```
 * @param words At least one.
 * @returns The list.
 */
export function orList(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}

/**
 * An option that holds one of a few words.
 *
 * @example One of two.
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
 * @param details Default, description and the accepted words.
 * @returns The option.
 */
export function choice<const C extends string>(
  details: OptionDetails<NoInfer<C>> & { readonly choices: readonly C[] },
): Option<C> {
  return {
    placeholder: "WORD",
    ...details,
    kind: "choice",
    wanted: orList(details.choices),
    convert: (text) => text,
    accepts: (value): value is C => details.choices.some((word) => word === value),
  };
}

/**
 * An option that is given or not, and takes no value.
 *
 * @example Off unless given.
 * ```ts
 * import { flag } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = flag({ description: "end with the result as JSON" });
 * assertEquals(json.default, false);
 * assertEquals(json.convert("true"), true); // the text of a flag that is given
 * ```
 * @param details Its description.
 * @returns The option.
 */
export function flag(details: { readonly description: string }): Option<boolean> {
  return {
    ...details,
    kind: "flag",
    default: false,
    placeholder: "",
    wanted: "no value",
    convert: (text) => text === "true",
    accepts: (value) => typeof value === "boolean",
  };
}

/**
 * An option that holds a text, such as a path.
 *
 * @example A path that can be left out.
 * ```ts
 * import { text } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = text({ default: null, placeholder: "PATH", description: "where to write" });
 * assertEquals([".runs/a", "", null].map((value) => folder.accepts(value)), [true, false, true]);
 * ```
 * @param details Default, description and placeholder; a default of null makes the text optional.
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

/** Bounds of a number, all of them optional. */
interface Bounds {
  /** The least accepted number. */
  readonly minimum?: number;
  /** The greatest accepted number. */
  readonly maximum?: number;
  /** Every accepted number is greater than this. */
  readonly above?: number;
}

/** Digits, a point, an exponent: no hexadecimals, no "Infinity", no blanks. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(text: string): number {
  // JSON has no −0, and settings are stored as JSON: 0 instead.
  return DECIMAL.test(text) ? Number(text) + 0 : NaN;
}

function isWithin(value: unknown, bounds: Bounds): value is number {
  const { minimum = -Infinity, maximum = Infinity, above = -Infinity } = bounds;
  return typeof value === "number" && Number.isFinite(value) &&
    value >= minimum && value <= maximum && value > above;
}

/** Null is accepted where it is the default: the option may be left out. */
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
 * An option that holds a whole number.
 *
 * @example Only whole numbers within bounds are accepted.
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
 * @param details Default, description and bounds; a default of null makes the number optional.
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
 * An option that holds a finite number.
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
 * @param details Default, description and bounds; a default of null makes the number optional.
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
 * An option that holds one number or more, separated by commas.
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
 * @param details Default, description, bounds of each number, and how many there may be at most; a
 * default of null makes the option optional.
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

/** Longer strings than this are a typing error. */
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
 * @param text One or two whole numbers, two dots between them.
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
 * An option that holds a range of lengths, as the text that was given.
 *
 * @example What it accepts.
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
 * @param details Default and description.
 * @returns The option.
 */
export function lengthRange(details: OptionDetails<string>): Option<string> {
  return {
    placeholder: "A..B",
    ...details,
    kind: "lengths",
    wanted: `one or two integers from 1 to ${LONGEST_LENGTH} in ascending order, such as 8..64`,
    convert: (text) => text,
    accepts: (value): value is string =>
      typeof value === "string" && parseLengthRange(value) !== undefined,
  };
}

/** Seeds from the first to the last, both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

/** The greatest seed that every random generator of the project takes. */
export const MAXIMUM_SEED = 2 ** 32 - 1;
/** A range of more seeds than this is a typing error. */
const MOST_SEEDS = 10_000;

const SEEDS_WANTED = "two integers in ascending order, such as 1..20";

/** What is wrong with a range of seeds, as what should have been given; undefined if nothing is. */
function wantedSeeds({ first, last }: SeedRange): string | undefined {
  if (!(first <= last)) return SEEDS_WANTED; // NaN too
  if (last > MAXIMUM_SEED) return `seeds from 0 to ${MAXIMUM_SEED}`;
  if (last - first >= MOST_SEEDS) return `at most ${MOST_SEEDS} seeds`;
}

function seedNumbers(text: string): SeedRange {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  return { first: Number(from), last: Number(to) };
}

/**
 * Reads a range of seeds.
 *
 * @example In ascending order only.
 * ```ts
 * import { parseSeedRange } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSeedRange("1..20"), { first: 1, last: 20 });
 * assertEquals(parseSeedRange("5..1"), undefined);
 * ```
 * @param text Two whole numbers with two dots between them.
 * @returns The range; undefined if the text is not one.
 */
export function parseSeedRange(text: string): SeedRange | undefined {
  const range = seedNumbers(text);
  return isSeedRange(range) ? range : undefined;
}

/**
 * Whether a value, perhaps from an edited file, is a range of seeds.
 *
 * @example Numbers only.
 * ```ts
 * import { isSeedRange } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isSeedRange({ first: 3, last: 3 }), true);
 * assertEquals(isSeedRange({ first: 3 }), false);
 * ```
 * @param value Anything.
 * @returns Whether it is.
 */
export function isSeedRange(value: unknown): value is SeedRange {
  const { first, last } = Object(value);
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && first >= 0 &&
    wantedSeeds({ first, last }) === undefined;
}

/**
 * Lists the seeds of a range.
 *
 * @example Both ends are in it.
 * ```ts
 * import { seedsIn } from "@/options/option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(seedsIn({ first: 3, last: 5 }), [3, 4, 5]);
 * ```
 * @param range The first and the last.
 * @returns Every seed, in ascending order.
 */
export function seedsIn({ first, last }: SeedRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/**
 * An option that holds a range of seeds, as the text that was given.
 *
 * @example The error says what is wrong with the range.
 * ```ts
 * import { readOption, seedRange } from "@/options/option.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const seeds = seedRange({ default: null, description: "every seed from A to B" });
 * assertThrows(() => readOption("--seeds", seeds, "0..10000"), Error, "wanted at most 10000 seeds");
 * ```
 * @param details Default and description; a default of null makes the range optional.
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
