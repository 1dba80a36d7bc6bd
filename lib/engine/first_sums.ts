/**
 * What is added to the sums of a string's first step, copied into the kernels' memory, and its gradient, copied out.
 *
 * A string's first step starts from row(0), the row of its slot. A row of gates holds the gradients with respect to its sums
 * when it has been reversed, and what was added to the sums has the same gradient.
 *
 * `H` hidden units, `G`·`H` sums of a layer.
 *
 * @module
 */
import { checkVector } from "@/math/shapes.ts";
import { SUMS_OF_CELL } from "@/models/sequence_shape.ts";
import { type EngineBuffers, floats } from "./engine_buffers.ts";
import type { EngineShape, EngineString } from "./engine_shape.ts";
import { GIVEN } from "./kernel_plan.ts";
import { readTensor, writeTensor } from "./parameter_layout.ts";

/** What of a string is said here. */
type Added = Pick<EngineString, "firstSums">;

/**
 * Checks what is added to the first sums of strings.
 *
 * @param action What the caller cannot do if the check fails.
 * @param shape The model's shape.
 * @param strings What to check.
 * @throws {TypeError} If there are not `G`·`H` numbers.
 * @throws {RangeError} If a number is NaN, infinite, or too large for Float32.
 */
export function checkFirstSums(
  action: string,
  { cell, hidden }: EngineShape,
  strings: readonly Added[],
): void {
  strings.forEach(({ firstSums }, i) => {
    if (firstSums === undefined) return;
    const numbers = Float32Array.from(firstSums);
    checkVector(action, `first sums of string ${i}`, numbers, SUMS_OF_CELL[cell] * hidden);
  });
}

/**
 * Writes what is added to the first sums of the string in each slot, and that it is.
 *
 * @param buffers The model's, large enough.
 * @param given The view of what is given to each slot, which is added to.
 * @param slots How many there are.
 * @param stringIn The string in a slot, checked.
 */
export function writeFirstSums(
  buffers: EngineBuffers,
  given: Int32Array,
  slots: number,
  stringIn: (slot: number) => Added,
): void {
  const { pieces, width } = rowOfSums(buffers);
  const all = floats(buffers, "firstSums", slots * width);
  for (let slot = 0; slot < slots; slot++) {
    const { firstSums } = stringIn(slot);
    if (firstSums === undefined) continue;
    given[slot] |= GIVEN.firstSums;
    writeTensor(pieces, all.subarray(slot * width).fill(0, 0, width), firstSums);
  }
}

/** Copies out ∂L/∂ what was, or could have been, added to the first sums of a slot, `G`·`H`. */
export function readFirstSumGradient(buffers: EngineBuffers, slot: number): Float32Array {
  const { arena, layers: [lowest], shape: { cell, hidden } } = buffers;
  const { pieces, width } = rowOfSums(buffers), at = lowest.get("gates") + 4 * slot * width;
  const gradient = new Float32Array(SUMS_OF_CELL[cell] * hidden);
  readTensor(pieces, new Float32Array(arena.memory.buffer, at, width), gradient);
  return gradient;
}

/** A row of sums lies as the bias does, with which they are added. */
function rowOfSums({ layout: { pieces, matrices } }: EngineBuffers) {
  const { at, width } = matrices["bias.0"];
  return {
    width,
    pieces: pieces.get("cells.0.bias")!.map((piece) => ({ ...piece, at: piece.at - at })),
  };
}
