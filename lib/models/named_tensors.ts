/**
 * The parameters of a model, or their gradients, as tensors by name: their list, memory, first values and checks.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";

/** A parameter's name and its dimensions; its numbers lie row by row. */
export type ParameterShape = readonly [name: string, dimensions: readonly number[]];

/** A tensor for each name, row by row. */
export type NamedTensors = Record<string, Float64Array>;

/** How many numbers a tensor of these dimensions has. */
export function tensorSize(dimensions: readonly number[]): number {
  return dimensions.reduce((size, dimension) => size * dimension, 1);
}

/**
 * Puts a part's name before the names of its parameters.
 *
 * @example A part of a model.
 * ```ts
 * import { withPrefix } from "@/models/named_tensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const shapes = withPrefix("decoder", [["logits.bias", [5]]]);
 * assertEquals(shapes, [["decoder.logits.bias", [5]]]);
 * ```
 * @param part The part's name.
 * @param shapes Its parameters.
 * @returns The same dimensions under longer names.
 */
export function withPrefix(part: string, shapes: readonly ParameterShape[]): ParameterShape[] {
  return shapes.map(([name, dimensions]) => [`${part}.${name}`, dimensions]);
}

/**
 * Finds the tensors of a part of a model; nothing is copied.
 *
 * @example The reverse of `withPrefix`.
 * ```ts
 * import { tensorsOfPart } from "@/models/named_tensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [own, other] = [new Float64Array(5), new Float64Array(1)];
 * const tensors = { "decoder.logits.bias": own, "encoder.bias": other };
 * assertEquals(tensorsOfPart("decoder", tensors), { "logits.bias": own });
 * ```
 * @param part The part's name.
 * @param tensors Of the whole model.
 * @returns The same arrays, without the part's name before theirs.
 */
export function tensorsOfPart<Tensor>(
  part: string,
  tensors: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${part}.`));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(part.length + 1), tensor]));
}

/**
 * Allocates tensors.
 *
 * @param shapes Their names and dimensions.
 * @returns All tensors, all 0.
 */
export function zeroTensors(shapes: readonly ParameterShape[]): NamedTensors {
  return Object.fromEntries(
    shapes.map(([name, dimensions]) => [name, new Float64Array(tensorSize(dimensions))]),
  );
}

/**
 * Draws starting parameters, one tensor after the other.
 *
 * Weights are uniform from −1/√n to 1/√n with n the inputs of each sum (their columns, or the numbers under a kernel); the
 * rows of an embedding are normal with deviation 1; biases and starting states, which have one dimension, are 0.
 *
 * Source: LeCun et al. 1998, "Efficient BackProp", section 4.6, for the scale of the weights, here without its √3.
 *
 * @param shapes Their names and dimensions; embeddings are those whose name ends in `embedding.weight`.
 * @param random Where the numbers come from.
 * @param gainOf A factor on the bound of a tensor's weights, by its name; 1 if left out.
 * @returns Parameters, drawn.
 */
export function drawTensors(
  shapes: readonly ParameterShape[],
  random: Pick<RandomSource, "uniform" | "normal">,
  gainOf: (name: string) => number = () => 1,
): NamedTensors {
  const tensors = zeroTensors(shapes);
  for (const [name, [, ...inputs]] of shapes) {
    if (inputs.length === 0) continue; // a bias or a starting state
    const gain = gainOf(name), columns = tensorSize(inputs), bound = 1 / Math.sqrt(columns);
    const isEmbedding = name.endsWith("embedding.weight"), tensor = tensors[name];
    for (let i = 0; i < tensor.length; i++) {
      tensor[i] = isEmbedding ? random.normal() : gain * random.uniform(-bound, bound);
    }
  }
  return tensors;
}

/**
 * Checks that there is each of a model's tensors and no other, each of the right size and finite.
 *
 * @example A tensor that is one number short.
 * ```ts
 * import { checkTensors } from "@/models/named_tensors.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkTensors("run the model", [["logits.weight", [5, 3]]], { "logits.weight": [1, 2] }),
 *   TypeError,
 *   "Cannot run the model: wanted 15 numbers (5 × 3) in logits.weight, got 2",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param shapes The model's parameters.
 * @param tensors What to check; typed arrays or lists.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size.
 * @throws {RangeError} If a number is NaN or infinite.
 */
export function checkTensors(
  action: string,
  shapes: readonly ParameterShape[],
  tensors: Readonly<Record<string, ArrayLike<number>>>,
): void {
  const known = new Set(shapes.map(([name]) => name));
  for (const name of Object.keys(tensors)) {
    if (!known.has(name)) {
      throw new TypeError(`Cannot ${action}: wanted no tensor ${name}, got one`);
    }
  }
  for (const [name, dimensions] of shapes) checkTensor(action, name, dimensions, tensors[name]);
}

function checkTensor(
  action: string,
  name: string,
  dimensions: readonly number[],
  tensor: ArrayLike<number> | undefined,
): void {
  if (tensor === undefined) {
    throw new TypeError(`Cannot ${action}: wanted a tensor ${name}, got none`);
  }
  const size = tensorSize(dimensions);
  if (tensor.length !== size) {
    const wanted = `${size} numbers (${dimensions.join(" × ")})`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted} in ${name}, got ${tensor.length}`);
  }
  for (let i = 0; i < size; i++) {
    if (!Number.isFinite(tensor[i])) {
      throw new RangeError(
        `Cannot ${action}: wanted finite numbers in ${name}, got ${tensor[i]} at ${i}`,
      );
    }
  }
}
