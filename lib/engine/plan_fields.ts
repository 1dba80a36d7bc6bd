/**
 * The engine's plan as the host writes it: names of the fields that `assembly/plan.ts` describes, in its order.
 *
 * A test holds both lists to each other.
 *
 * @module
 */

/** Fields of a layer's description, four bytes each. */
export const LAYER_FIELDS = [
  "inputWidth",
  "depth",
  "stateWidth",
  "states",
  "gStates",
  "gates",
  "cells",
  "tanhCells",
  "gCells",
  "weights",
  "packedForward",
  "packedBackward",
  "gWeights",
  "bias",
  "gBias",
  "h0",
  "gH0",
  "c0",
  "gC0",
] as const;

/** Fields of the plan, four bytes each. */
export const PLAN_FIELDS = [
  "lstm",
  "layers",
  "layerAt",
  "hidden",
  "gateWidth",
  "symbols",
  "embeddingWidth",
  "embedding",
  "gEmbedding",
  "inputWeights",
  "packedInputForward",
  "packedInputBackward",
  "gInputWeights",
  "table",
  "gTable",
  "stack",
  "valueWidth",
  "tailMask",
  "pushColumn",
  "headWidth",
  "headWeights",
  "packedHeadForward",
  "packedHeadBackward",
  "gHeadWeights",
  "headBias",
  "gHeadBias",
  "heads",
  "values",
  "gValues",
  "pushes",
  "pops",
  "gStrength",
  "gPop",
  "pushNoise",
  "popNoise",
  "capacity",
  "liveRow",
  "liveStrength",
  "liveCount",
  "logRow",
  "logStrength",
  "logCount",
  "removedCount",
  "partialStrength",
  "narrow",
  "entries",
  "entryLog",
  "stackTop",
  "logTop",
  "stepLog",
  "remember",
  "anchorWeight",
  "anchorPush",
  "anchorPop",
  "anchorLoss",
  "decoderWidth",
  "decoderInput",
  "gDecoderInput",
  "lossStates",
  "gLossStates",
  "outputWeights",
  "packedOutputForward",
  "packedOutputBackward",
  "gOutputWeights",
  "outputBias",
  "gOutputBias",
  "logitWidth",
  "logitWeights",
  "packedLogitForward",
  "packedLogitBackward",
  "gLogitWeights",
  "logitBias",
  "gLogitBias",
  "logits",
  "outputLosses",
  "losses",
  "lossRow",
  "lossOfRow",
  "lossTarget",
  "lossWeight",
  "loss",
  "slots",
  "steps",
  "rows",
  "rowStart",
  "active",
  "symbol",
  "parameters",
  "weightsAt",
  "gradientsAt",
  "firstMoment",
  "secondMoment",
  "squares",
  "scratch",
  "scratchBytes",
] as const;

/** Fields that hold an f32; all others are whole numbers. */
export const FLOAT_FIELDS: ReadonlySet<string> = new Set([
  "anchorWeight",
  "anchorPush",
  "anchorPop",
]);

/** Values by name. */
export type Fields<Names extends readonly string[]> = { [Name in Names[number]]?: number };

/** A description in the memory of the kernels, written field by field. */
export class FieldWriter<Names extends readonly string[]> {
  readonly #places: Map<string, number>;
  readonly #integers: Uint32Array;
  readonly #floats: Float32Array;

  /**
   * @param names All fields in order.
   * @param buffer The memory; shared memory may grow later, and stays where it is.
   * @param address Where the description starts, in bytes.
   */
  constructor(names: Names, buffer: ArrayBufferLike, address: number) {
    this.#places = new Map(names.map((name, place) => [name, place]));
    this.#integers = new Uint32Array(buffer, address, names.length);
    this.#floats = new Float32Array(buffer, address, names.length);
  }

  /** Writes one field. */
  set(name: Names[number], value: number): void {
    const place = this.#places.get(name) as number;
    if (FLOAT_FIELDS.has(name)) this.#floats[place] = value;
    else this.#integers[place] = value;
  }

  /** Writes several fields. */
  setAll(fields: Fields<Names>): void {
    for (const [name, value] of Object.entries(fields)) this.set(name, value as number);
  }
}
