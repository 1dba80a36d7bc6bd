/**
 * The parameters of a model in the kernels' memory, what is packed of them, and the optimizer's moments.
 *
 * @module
 */
import { STEP_KINDS } from "@/models/sequence_batch.ts";
import { checkTensors, type ParameterShape } from "@/models/named_tensors.ts";
import { createEmptyBuffers, type EngineBuffers, floats } from "./engine_buffers.ts";
import type { EngineShape } from "./engine_shape.ts";
import { type ParameterLayout, readTensor, writeTensor } from "./parameter_layout.ts";
import type { FieldValues, LAYER_FIELDS } from "./kernel_plan.ts";

/** Rows that assembly/outer.ts copies into its scratch at a time: its CHUNK. */
const ROWS_COPIED = 256;
/** Numbers whose squares are added up together: CHUNK of assembly/optimizers.ts. */
export const SQUARES_CHUNK = 4096;
/** Bytes of a port's anchors: a push's, a pop's and their weight for each kind of step. */
const ANCHOR_BYTES = STEP_KINDS.length * 12;
/** The bias of logits beyond the symbols: so low that their share of the softmax is 0. */
const PADDING_BIAS = -1e30;

/**
 * Makes the buffers of a model, its parameters all 0, without a batch.
 *
 * @param shape The model's shape, checked.
 * @param threads How many will share it.
 * @returns The buffers.
 */
export function createEngineBuffers(shape: EngineShape, threads: number): EngineBuffers {
  const buffers = createEmptyBuffers(shape, threads),
    { arena, layout } = buffers,
    { matrices, widths } = layout;
  placeRuns(buffers);
  placePacked(buffers);
  for (let l = 0; l < shape.layers; l++) buffers.layers[l].set(layerFields(buffers, l));
  const scratchBytes = outerScratchBytes(Math.max(...rowWidths(layout)));
  buffers.plan.set({ scratch: arena.allocate(threads * scratchBytes), scratchBytes });
  const weights = floats(buffers, "weightsAt", layout.size);
  for (const { at } of [matrices.logitBias, matrices.previousBias].filter((bias) => bias)) {
    weights.fill(PADDING_BIAS, at + shape.symbols, at + widths.logits);
  }
  buffers.batchAt = arena.end();
  return buffers;
}

/** Bytes of the scratch that assembly/outer.ts needs for rows of so many outputs. */
export function outerScratchBytes(outputs: number): number {
  return ROWS_COPIED * 32 + outputs / 4 * (ROWS_COPIED * 16 + 64);
}

/** Widths of all rows of gradients that outer.ts may copy into its scratch. */
function rowWidths({ widths }: ParameterLayout): number[] {
  const { gates, hidden, heads, attention, decoder, logits } = widths;
  return [gates * hidden, heads, attention, decoder, logits];
}

/** The flat runs of parameters, gradients and moments, and what points into them. */
function placeRuns(buffers: EngineBuffers): void {
  const { arena, layout } = buffers, { matrices } = layout, bytes = layout.size * 4;
  const weightsAt = arena.allocate(bytes), gradientsAt = arena.allocate(bytes);
  const [firstMoment, secondMoment] = [arena.allocate(bytes), arena.allocate(bytes)];
  const squares = arena.allocate(Math.ceil(layout.size / SQUARES_CHUNK) * 8);
  buffers.plan.set({ weightsAt, gradientsAt, firstMoment, secondMoment, squares });
  const both = (matrix: string, weight: string, gradient: string) => {
    if (!(matrix in matrices)) return;
    const at = matrices[matrix].at * 4;
    buffers.plan.set({ [weight]: weightsAt + at, [gradient]: gradientsAt + at });
  };
  both("embedding", "embedding", "gEmbedding");
  both("inputWeights", "inputWeights", "gInputWeights");
  both("heads", "headWeights", "gHeadWeights");
  both("headBias", "headBias", "gHeadBias");
  both("outputs", "outputWeights", "gOutputWeights");
  both("outputBias", "outputBias", "gOutputBias");
  both("queries", "queryWeights", "gQueryWeights");
  both("keys", "keyWeights", "gKeyWeights");
  both("scores", "scoreWeights", "gScoreWeights");
  both("logits", "logitWeights", "gLogitWeights");
  both("logitBias", "logitBias", "gLogitBias");
  both("previous", "previousWeights", "gPreviousWeights");
  both("previousBias", "previousBias", "gPreviousBias");
}

/** Matrices packed both ways, and the table of the first layer's inputs. */
function placePacked(buffers: EngineBuffers): void {
  const { arena, layout: { matrices, widths } } = buffers;
  const packed = (matrix: string, name: string) => {
    if (!(matrix in matrices)) return;
    const size = matrices[matrix].rows * matrices[matrix].width * 4;
    buffers.plan.set({
      [`${name}Forward`]: arena.allocate(size),
      [`${name}Backward`]: arena.allocate(size),
    });
  };
  packed("inputWeights", "packedInput");
  packed("heads", "packedHead");
  packed("outputs", "packedOutput");
  packed("queries", "packedQuery");
  packed("keys", "packedKey");
  packed("logits", "packedLogit");
  packed("previous", "packedPrevious");
  const table = buffers.shape.symbols * widths.gates * widths.hidden * 4;
  buffers.plan.set({ table: arena.allocate(table), gTable: arena.allocate(table) });
  const tailMask = arena.allocate(16), { valueWidth: M } = buffers.shape;
  const mask = new Int32Array(arena.memory.buffer, tailMask, 4);
  for (let lane = 0; lane < 4; lane++) mask[lane] = M % 4 === 0 || lane < M % 4 ? -1 : 0;
  buffers.plan.set({ tailMask, anchors: arena.allocate(widths.ports * ANCHOR_BYTES) });
}

function layerFields(buffers: EngineBuffers, l: number): FieldValues<typeof LAYER_FIELDS> {
  const { arena, layout, plan, shape } = buffers, { matrices, widths } = layout;
  const inputWidth = l === 0 ? widths.reads : widths.hidden, weights = matrices[`weights.${l}`];
  const weight = (name: string) => plan.get("weightsAt") + matrices[name].at * 4;
  const gradient = (name: string) => plan.get("gradientsAt") + matrices[name].at * 4;
  const packed = weights.rows * weights.width * 4;
  const common = {
    inputWidth,
    depth: inputWidth + widths.hidden,
    stateWidth: weights.width,
    weights: weight(`weights.${l}`),
    gWeights: gradient(`weights.${l}`),
    packedForward: arena.allocate(packed),
    packedBackward: arena.allocate(packed),
    bias: weight(`bias.${l}`),
    gBias: gradient(`bias.${l}`),
    h0: weight(`h0.${l}`),
    gH0: gradient(`h0.${l}`),
  };
  if (shape.cell !== "lstm") return common;
  return { ...common, c0: weight(`c0.${l}`), gC0: gradient(`c0.${l}`) };
}

/** Copies out the sums of squares of the gradient's chunks, after the phase that makes them. */
export function sumsOfSquares({ arena, layout, plan }: EngineBuffers): number[] {
  const chunks = Math.ceil(layout.size / SQUARES_CHUNK);
  return [...new Float64Array(arena.memory.buffer, plan.get("squares"), chunks)];
}

/** A run of numbers with one for each parameter. */
export type ParameterRun = "weightsAt" | "gradientsAt" | "firstMoment" | "secondMoment";

/** Copies tensors, checked, into one run of parameters. */
export function writeTensors(
  buffers: EngineBuffers,
  run: ParameterRun,
  tensors: Readonly<Record<string, ArrayLike<number>>>,
): void {
  const { layout } = buffers, flat = floats(buffers, run, layout.size);
  for (const [name, pieces] of layout.pieces) writeTensor(pieces, flat, tensors[name]);
}

/** Copies tensors out of one run of parameters. */
export function readTensors(
  buffers: EngineBuffers,
  run: ParameterRun,
): Record<string, Float32Array> {
  const { layout } = buffers, flat = floats(buffers, run, layout.size);
  return Object.fromEntries(layout.tensors.map(([name, length]) => {
    const tensor = new Float32Array(length);
    readTensor(layout.pieces.get(name) ?? [], flat, tensor);
    return [name, tensor];
  }));
}

/**
 * Checks that there is each of a model's tensors, of the right size, all numbers finite in Float32.
 *
 * @example A number that only Float64 can hold.
 * ```ts
 * import { checkFloat32 } from "@/engine/parameter_buffers.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkFloat32("set the parameters", [["logits.bias", [2]]], { "logits.bias": [0, 1e39] }),
 *   RangeError,
 *   "Cannot set the parameters: wanted numbers within 3.4e38 in logits.bias, got 1e+39 at 1",
 * );
 * ```
 * @param action What the caller cannot do if the check fails, as in "Cannot <action>".
 * @param shapes The model's tensors.
 * @param tensors What to check.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size.
 * @throws {RangeError} If a number is NaN, infinite, or too large for Float32.
 */
export function checkFloat32(
  action: string,
  shapes: readonly ParameterShape[],
  tensors: Readonly<Record<string, ArrayLike<number>>>,
): void {
  checkTensors(action, shapes, tensors);
  for (const [name, tensor] of Object.entries(tensors)) {
    for (let i = 0; i < tensor.length; i++) {
      if (Number.isFinite(Math.fround(tensor[i]))) continue;
      const wanted = `numbers within 3.4e38 in ${name}`;
      throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${tensor[i]} at ${i}`);
    }
  }
}
