/**
 * What the engine needs of numbers beyond what the model needs: that Float32 can hold them.
 *
 * @module
 */
import { checkParameters } from "@/models/sequence_checks.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/**
 * Checks that there is each of a model's tensors, of the right size, all numbers finite in Float32.
 *
 * @example A number that only Float64 can hold.
 * ```ts
 * import { checkFloat32 } from "@/engine/float32_checks.ts";
 * import { zeroParameters } from "@/models/sequence_parameters.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 3, embedding: 2, valueWidth: 0, symbols: 2 };
 * const shape = { cell: "rnn", memory: "none", ...sizes } as const;
 * const tensors = { ...zeroParameters(shape), "logits.bias": [0, 1e39] };
 * assertThrows(() => checkFloat32("set the parameters", shape, tensors), RangeError, "got 1e+39 at 1");
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param shape The model's shape.
 * @param tensors What to check.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size.
 * @throws {RangeError} If a number is NaN, infinite, or too large for Float32.
 */
export function checkFloat32(
  action: string,
  shape: SequenceModelShape,
  tensors: Readonly<Record<string, ArrayLike<number>>>,
): void {
  checkParameters(action, shape, tensors);
  for (const [name, tensor] of Object.entries(tensors)) {
    for (let i = 0; i < tensor.length; i++) {
      if (Number.isFinite(Math.fround(tensor[i]))) continue;
      const wanted = `numbers within 3.4e38 in ${name}`;
      throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${tensor[i]} at ${i}`);
    }
  }
}
