/**
 * What happens to a part of a moving picture, as CSS says it.
 *
 * @module
 */

/** How a part looks from a moment on; until the next one it changes gradually. */
export interface Key {
  /** Seconds from the beginning. */
  readonly at: number;
  /** Pixels to the right and down from its own place. */
  readonly x: number;
  readonly y: number;
  /** From 0 (not to be seen) to 1. */
  readonly opacity: number;
}

function short(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/**
 * Writes the keys of one part.
 *
 * @example Half way through four seconds it begins to fade.
 * ```ts
 * import { keyframes } from "@/figures/keyframes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const keys = [{ at: 0, x: 0, y: 5, opacity: 1 }, { at: 2, x: 0, y: 5, opacity: 1 }, { at: 4, x: 0, y: 5, opacity: 0 }];
 * assertEquals(
 *   keyframes("k", keys, 4),
 *   "@keyframes k{0%,50%{transform:translate(0px,5px);opacity:1}100%{transform:translate(0px,5px);opacity:0}}",
 * );
 * ```
 * @param name What the rule is called.
 * @param keys In the order of time; the first holds from the beginning and the last to the end.
 * @param seconds How long the picture moves before it begins again.
 * @returns A rule of a style sheet.
 */
export function keyframes(name: string, keys: readonly Key[], seconds: number): string {
  const [first, last] = [keys[0], keys[keys.length - 1]];
  const moments = [{ ...first, at: 0 }, ...keys, { ...last, at: seconds }].map((key) => ({
    share: `${short((100 * key.at) / seconds)}%`,
    look: `transform:translate(${short(key.x)}px,${short(key.y)}px);opacity:${short(key.opacity)}`,
  }));
  const rules: { shares: string[]; look: string }[] = [];
  for (const { share, look } of moments) {
    const before = rules.at(-1);
    if (before?.look !== look) rules.push({ shares: [share], look });
    else if (!before.shares.includes(share)) before.shares.push(share);
  }
  const body = rules.map(({ shares, look }) => {
    const ends = [...new Set([shares[0], shares[shares.length - 1]])];
    return `${ends.join(",")}{${look}}`;
  });
  return `@keyframes ${name}{${body.join("")}}`;
}
