/** Rows of numbers in the kernels' memory, with a gap behind each. */
import { assertEquals } from "@std/assert";
import type { RandomSource } from "@/math/random.ts";
import { type Block, type KernelMemory, randomFloats } from "./kernel_memory.ts";

/** What lies between the rows of a matrix. */
const GAP = 77;

/** Rows of `width` numbers, `between` apart, a gap behind each. */
export interface Rows extends Block {
  readonly rows: number;
  readonly width: number;
  readonly between: number;
}

/** Places random rows, `gap` numbers apart. */
export function placeRows(
  memory: KernelMemory,
  random: RandomSource,
  rows: number,
  width: number,
  gap: number,
): Rows {
  const between = width + gap, run = memory.place(rows * between);
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
