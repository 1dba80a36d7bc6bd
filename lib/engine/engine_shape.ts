/**
 * The shape of a model on the engine: a sequence model, which may also attend to places that come with each string, as a
 * decoder does; and the strings that such a model takes.
 *
 * `S` places, `C` numbers at a place, `A` in a projection of attention, `H` hidden units, `G`·`H` sums of a layer.
 *
 * @module
 */
import { type AttentionName, decoderShapes } from "@/models/decoder_shape.ts";
import type { ParameterShape } from "@/models/named_tensors.ts";
import type { LossWeights, SequenceString } from "@/models/sequence_batch.ts";
import {
  checkSequenceShape,
  parameterShapes,
  type SequenceModelShape,
} from "@/models/sequence_shape.ts";

/** How a model attends. */
export interface AttentionShape {
  readonly kind: Exclude<AttentionName, "none">;
  /** `A`. */
  readonly width: number;
  /** `C`. */
  readonly placeWidth: number;
}

/** Everything that defines a model on the engine except its parameters. */
export interface EngineShape extends SequenceModelShape {
  /** Left out, none; not with a memory. */
  readonly attention?: AttentionShape;
}

/** A string, and what it may attend to. */
export interface EngineString extends SequenceString {
  /** a_1 … a_S, `S` × `C`, row by row; with attention only. */
  readonly places?: ArrayLike<number>;
  /** Added to the sums of the lowest layer's first step, before its activations, `G`·`H`; left out, 0. */
  readonly firstSums?: ArrayLike<number>;
}

/** Strings, not necessarily equally long, and the weights of their common loss. */
export interface EngineBatch extends LossWeights {
  /** At least one. */
  readonly strings: readonly EngineString[];
}

/**
 * Checks that a shape is one that the engine can have.
 *
 * @param action What the caller cannot do if the check fails.
 * @param shape What to check.
 * @throws {TypeError} If there is no such cell, memory or attention, or attention with a memory.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 */
export function checkEngineShape(action: string, shape: EngineShape): void {
  checkSequenceShape(action, shape);
  if (shape.attention && shape.memory !== "none") {
    const wanted = `memory "none" with attention`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${shape.memory}`);
  }
  engineParameterShapes(shape);
}

/**
 * Lists a model's parameters: those of `parameterShapes`, or with attention those of `decoderShapes`.
 *
 * @param shape The model's shape.
 * @returns Names and dimensions.
 * @throws {TypeError} If there is no such cell, memory or attention.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 */
export function engineParameterShapes({ attention, ...shape }: EngineShape): ParameterShape[] {
  if (attention === undefined) return parameterShapes(shape);
  const { kind, width: attentionWidth, placeWidth } = attention;
  return decoderShapes({
    ...shape,
    attention: kind,
    attentionWidth,
    placeWidth,
    trainsStart: true,
  });
}
