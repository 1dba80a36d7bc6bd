/** Rows of numbers in the kernels' memory, with a gap behind each. */
import { assertEquals } from "@std/assert";
import type { RandomSource } from "@/math/random.ts";
import { type Desk, randomFloats, type Run } from "./kernel_desk.ts";

/** What stands between the rows of a product. */
const GAP = 77;

/** Rows of `width` numbers, `between` apart, a gap behind each. */
export interface Rows extends Run {
  readonly rows: number;
  readonly width: number;
  readonly between: number;
}

/** Lays random rows, `gap` numbers apart. */
export function layRows(
  desk: Desk,
  random: RandomSource,
  rows: number,
  width: number,
  gap: number,
): Rows {
  const between = width + gap, run = desk.lay(rows * between);
  run.numbers.forEach((_, i) => {
    run.numbers[i] = i % between < width ? randomFloats(random, 1)[0] : GAP;
  });
  return { ...run, rows, width, between };
}

/** The number in row `i` and column `j`. */
export function numberAt(m: Rows, i: number, j: number): number {
  return m.numbers[i * m.between + j];
}

/** Throws if a gap was written to. */
export function checkGaps({ numbers, between, width }: Rows): void {
  numbers.forEach((x, i) => i % between < width || assertEquals(x, GAP));
}
