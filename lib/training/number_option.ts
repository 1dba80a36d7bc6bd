/**
 * Options that hold numbers: a whole one, any one, or several.
 *
 * @module
 */
import type { Option, OptionWords } from "./option.ts";

/** Bounds of a number, all of them optional. */
interface Bounds {
  /** The least that is accepted. */
  readonly minimum?: number;
  /** The greatest that is accepted. */
  readonly maximum?: number;
  /** What is accepted is greater than this. */
  readonly above?: number;
}

/** Digits, a point, an exponent: no hexadecimals, no "Infinity", no blanks. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function toNumber(text: string): number {
  // JSON has no −0, and settings live in JSON: 0 instead.
  return DECIMAL.test(text) ? Number(text) + 0 : NaN;
}

function isWithin(value: unknown, bounds: Bounds): value is number {
  const { minimum = -Infinity, maximum = Infinity, above = -Infinity } = bounds;
  return typeof value === "number" && Number.isFinite(value) &&
    value >= minimum && value <= maximum && value > above;
}

/** Null is no number; it is accepted where the option may be left out. */
function isLeftOut(value: unknown, words: { readonly default: unknown }): boolean {
  return value === null && words.default === null;
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
 * import { integer } from "@/training/number_option.ts";
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
 * @param words Default, description and bounds; a default of null makes the number optional.
 * @returns The option.
 */
export function integer<D extends number | null>(
  words: OptionWords<D> & Bounds,
): Option<D | number> {
  return {
    ...words,
    kind: "integer",
    placeholder: "N",
    wanted: `an integer ${boundsInWords(words)}`.trim(),
    convert: toNumber,
    accepts: (value): value is D | number =>
      isLeftOut(value, words) || isWithin(value, words) && Number.isSafeInteger(value),
  };
}

/**
 * An option that holds a finite number.
 *
 * @example A learning rate must be above 0.
 * ```ts
 * import { number } from "@/training/number_option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const rate = number({ default: 0.1, above: 0, description: "step of the descent" });
 * assertEquals(rate.wanted, "a number above 0");
 * assertEquals(rate.convert("2e-3"), 0.002);
 * assertEquals(rate.accepts(0), false);
 * ```
 * @param words Default, description and bounds; a default of null makes the number optional.
 * @returns The option.
 */
export function number<D extends number | null>(
  words: OptionWords<D> & Bounds,
): Option<D | number> {
  return {
    ...words,
    kind: "number",
    placeholder: "X",
    wanted: `a number ${boundsInWords(words)}`.trim(),
    convert: toNumber,
    accepts: (value): value is D | number => isLeftOut(value, words) || isWithin(value, words),
  };
}

/**
 * An option that holds one number or more, separated by commas.
 *
 * @example Letters are not numbers.
 * ```ts
 * import { sequence } from "@/training/number_option.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const values = sequence({ default: [0.1, 0.2], description: "values to reverse" });
 * assertEquals(values.convert("0.3,1"), [0.3, 1]);
 * assertEquals(values.accepts(values.convert("0.3,b")), false);
 * ```
 * @param words Default, description, bounds of each number, and how many there may be at most; a
 * default of null makes the option optional.
 * @returns The option.
 */
export function sequence<D extends readonly number[] | null>(
  words: OptionWords<D> & Bounds & { readonly longest?: number },
): Option<D | readonly number[]> {
  const { longest = Infinity } = words;
  return {
    ...words,
    kind: "sequence",
    placeholder: "A,B,…",
    wanted: [
      longest < Infinity ? `1 to ${longest} numbers` : "numbers",
      boundsInWords(words),
      "separated by commas, such as 0.1,0.2,0.3",
    ].filter(Boolean).join(" "),
    convert: (text) => text.split(",").map((part) => toNumber(part.trim())),
    accepts: (value): value is D | readonly number[] =>
      isLeftOut(value, words) ||
      Array.isArray(value) && value.length > 0 && value.length <= longest &&
        value.every((item) => isWithin(item, words)),
  };
}
