/**
 * Many seeds, as "1..20".
 *
 * @module
 */

/** Seeds from the first to the last, both included. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

/** The greatest seed that every generator of the house takes. */
export const MAXIMUM_SEED = 2 ** 32 - 1;
/** More than this is a slip of the finger. */
const MAXIMUM_COUNT = 10_000;

/**
 * Reads a range of seeds.
 *
 * @example Upwards only.
 * ```ts
 * import { parseSeedRange } from "@/training/seed_range.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseSeedRange("1..20"), { first: 1, last: 20 });
 * assertEquals(parseSeedRange("5..1"), undefined);
 * ```
 * @param text Two whole numbers with two dots between them.
 * @returns The range, or nothing if the text is none.
 */
export function parseSeedRange(text: string): SeedRange | undefined {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  const range = { first: Number(from), last: Number(to) };
  return isSeedRange(range) ? range : undefined;
}

/**
 * Whether a value, perhaps from an edited file, is a range of seeds.
 *
 * @example Numbers only.
 * ```ts
 * import { isSeedRange } from "@/training/seed_range.ts";
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
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && 0 <= first &&
    first <= last && last <= MAXIMUM_SEED && last - first < MAXIMUM_COUNT;
}

/**
 * The seeds of a range, one by one.
 *
 * @example Both ends are in it.
 * ```ts
 * import { seedsIn } from "@/training/seed_range.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(seedsIn({ first: 3, last: 5 }), [3, 4, 5]);
 * ```
 * @param range From which to which.
 * @returns Every seed, in order.
 */
export function seedsIn({ first, last }: SeedRange): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
