/** Kernels on a memory of their own, and numbers laid in it with a guard behind each run of them. */
import { createArena } from "@/engine/arena.ts";
import { type KernelBuild, type Kernels, loadKernels } from "@/engine/kernel_calls.ts";
import type { RandomSource } from "@/math/random.ts";
import { assertEquals } from "@std/assert";

/** Builds of the kernels. */
export const BUILDS: readonly KernelBuild[] = ["relaxed", "strict"];

/** Numbers in the kernels' memory. */
export interface Run {
  readonly at: number;
  readonly numbers: Float32Array;
}

/** Kernels, and a way to hand them numbers. */
export interface Desk {
  readonly kernels: Kernels;
  /** Lays numbers in memory, or makes room for as many zeros. */
  lay(numbers: number | readonly number[]): Run;
  /** Throws if a kernel wrote behind a run. */
  checkGuards(): void;
  /** Forgets all runs. */
  clear(): void;
}

/** What no kernel should touch. */
const GUARD = 1234.5, GUARDS = 16;

/** Makes a desk. */
export function createDesk(build: KernelBuild): Desk {
  const arena = createArena(), start = arena.taken(), guards: Float32Array[] = [];
  return {
    kernels: loadKernels(arena.memory, build),
    lay(numbers) {
      const [length, given] = typeof numbers === "number"
        ? [numbers, []]
        : [numbers.length, numbers];
      const at = arena.take(length * 4 + GUARDS * 4);
      const all = new Float32Array(arena.memory.buffer, at, length + GUARDS).fill(0);
      all.set(given);
      guards.push(all.subarray(length).fill(GUARD));
      return { at, numbers: all.subarray(0, length) };
    },
    checkGuards() {
      for (const guard of guards) assertEquals(new Set(guard), new Set([GUARD]));
    },
    clear() {
      arena.release(start);
      guards.length = 0;
    },
  };
}

/** Float32 numbers from −1 to 1. */
export function randomFloats(random: RandomSource, length: number): number[] {
  return Array.from({ length }, () => Math.fround(random.uniform(-1, 1)));
}
