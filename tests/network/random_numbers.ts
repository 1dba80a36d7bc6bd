import type { RandomSource } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";

/** Normal numbers in a typed array, as weights are kept. */
export function numbers(random: RandomSource, length: number): Float64Array {
  return Float64Array.from({ length }, () => random.normal());
}

/** Normal numbers in a vector, as activations are kept. */
export function vector(random: RandomSource, length: number): Vector {
  return Array.from({ length }, () => random.normal());
}

/** Tensors of 0 in the shape of `tensors`, to gather gradients in. */
export function zerosLike<Tensors extends object>(tensors: Tensors): Tensors {
  const entries = Object.entries(tensors).map(([name, { length }]) => [
    name,
    new Float64Array(length),
  ]);
  return Object.fromEntries(entries);
}
