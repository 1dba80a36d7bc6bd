/** Kernels on a memory of their own, and blocks of numbers in it, each with a guard behind it. */
import { createArena } from "@/engine/engine_buffers.ts";
import { type KernelBuild, type Kernels, loadKernels } from "@/engine/kernel_calls.ts";
import type { RandomSource } from "@/math/random.ts";
import { assertEquals } from "@std/assert";

/** Builds of the kernels. */
export const BUILDS: readonly KernelBuild[] = ["relaxed", "strict"];

/** A block of numbers in the kernels' memory. */
export interface Block {
  /** Its address. */
  readonly at: number;
  readonly numbers: Float32Array;
}

/** Kernels and their memory. */
export interface KernelMemory {
  readonly kernels: Kernels;
  /** Copies numbers into a new block; given a number, a block of as many zeros. */
  place(numbers: number | readonly number[]): Block;
  /** Throws if a kernel wrote behind a block. */
  checkGuards(): void;
  /** Frees all blocks. */
  clear(): void;
}

/** What no kernel may write to, behind each block. */
const GUARD = 1234.5, GUARDS = 16;

/** Makes a memory without blocks. */
export function createKernelMemory(build: KernelBuild): KernelMemory {
  const arena = createArena(), start = arena.end(), guards: Float32Array[] = [];
  return {
    kernels: loadKernels(arena.memory, build),
    place(numbers) {
      const [length, given] = typeof numbers === "number"
        ? [numbers, []]
        : [numbers.length, numbers];
      const at = arena.allocate(length * 4 + GUARDS * 4);
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
