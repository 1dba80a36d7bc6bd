/**
 * The parameters of a model in the kernels' memory, what is packed of them, and what an optimiser keeps.
 *
 * @module
 */
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { createPlan, type EngineMemory, floats, setLayer, setPlan } from "./engine_memory.ts";
import type { ParameterLayout } from "./parameter_layout.ts";
import type { Fields, LAYER_FIELDS } from "./plan_fields.ts";

/** Rows that outer.ts copies into its scratch at a time: its CHUNK. */
const ROWS_COPIED = 256;
/** Numbers whose squares are added up together: CHUNK of optimisers.ts. */
const SQUARES_CHUNK = 4096;
/** The bias of logits beyond the symbols: so low that they never get a share of the softmax. */
const NEVER = -1e30;

/**
 * Makes the memory of a model, its parameters all 0, with no room for a batch yet.
 *
 * @param shape The model's shape, checked.
 * @param workers How many will share it.
 * @returns The memory.
 */
export function createEngineMemory(shape: SequenceModelShape, workers: number): EngineMemory {
  const memory = createPlan(shape, workers),
    { arena, layout } = memory,
    { matrices, widths } = layout;
  placeRuns(memory);
  placePacked(memory);
  for (let l = 0; l < shape.layers; l++) setLayer(memory, l, layerFields(memory, l));
  const panelsY = Math.max(...rowWidths(layout)) / 4;
  const scratchBytes = ROWS_COPIED * 32 + panelsY * (ROWS_COPIED * 16 + 64);
  setPlan(memory, { scratch: arena.take(workers * scratchBytes), scratchBytes });
  const bias = matrices.logitBias.at;
  floats(memory, "weightsAt", layout.size).fill(NEVER, bias + shape.symbols, bias + widths.logits);
  memory.batchAt = arena.taken();
  return memory;
}

/** Widths of all rows of gradients that outer.ts may copy into its scratch. */
function rowWidths({ widths }: ParameterLayout): number[] {
  return [widths.gates * widths.hidden, widths.heads, widths.decoder, widths.logits];
}

/** The flat runs of parameters, gradients and moments, and what points into them. */
function placeRuns(memory: EngineMemory): void {
  const { arena, layout } = memory, { matrices } = layout, bytes = layout.size * 4;
  const weightsAt = arena.take(bytes), gradientsAt = arena.take(bytes);
  const [firstMoment, secondMoment] = [arena.take(bytes), arena.take(bytes)];
  const squares = arena.take(Math.ceil(layout.size / SQUARES_CHUNK) * 8);
  setPlan(memory, { weightsAt, gradientsAt, firstMoment, secondMoment, squares });
  const both = (matrix: string, weight: string, gradient: string) => {
    if (!(matrix in matrices)) return;
    const at = matrices[matrix].at * 4;
    setPlan(memory, { [weight]: weightsAt + at, [gradient]: gradientsAt + at });
  };
  both("embedding", "embedding", "gEmbedding");
  both("inputWeights", "inputWeights", "gInputWeights");
  both("heads", "headWeights", "gHeadWeights");
  both("headBias", "headBias", "gHeadBias");
  both("outputs", "outputWeights", "gOutputWeights");
  both("outputBias", "outputBias", "gOutputBias");
  both("logits", "logitWeights", "gLogitWeights");
  both("logitBias", "logitBias", "gLogitBias");
}

/** Matrices packed both ways, and the table of the first layer's inputs. */
function placePacked(memory: EngineMemory): void {
  const { arena, layout: { matrices, widths } } = memory;
  const packed = (matrix: string, name: string) => {
    if (!(matrix in matrices)) return;
    const size = matrices[matrix].rows * matrices[matrix].width * 4;
    setPlan(memory, {
      [`${name}Forward`]: arena.take(size),
      [`${name}Backward`]: arena.take(size),
    });
  };
  packed("inputWeights", "packedInput");
  packed("heads", "packedHead");
  packed("outputs", "packedOutput");
  packed("logits", "packedLogit");
  const table = memory.shape.symbols * widths.gates * widths.hidden * 4;
  setPlan(memory, { table: arena.take(table), gTable: arena.take(table) });
  const tailMask = arena.take(16), { valueWidth: M } = memory.shape;
  const mask = new Int32Array(arena.memory.buffer, tailMask, 4);
  for (let lane = 0; lane < 4; lane++) mask[lane] = M % 4 === 0 || lane < M % 4 ? -1 : 0;
  setPlan(memory, { tailMask });
}

function layerFields(memory: EngineMemory, l: number): Fields<typeof LAYER_FIELDS> {
  const { arena, layout, fields, shape } = memory, { matrices, widths } = layout;
  const inputWidth = l === 0 ? widths.value : widths.hidden, weights = matrices[`weights.${l}`];
  const weight = (name: string) => fields.weightsAt + matrices[name].at * 4;
  const gradient = (name: string) => fields.gradientsAt + matrices[name].at * 4;
  const packed = weights.rows * weights.width * 4;
  const common = {
    inputWidth,
    depth: inputWidth + widths.hidden,
    stateWidth: weights.width,
    weights: weight(`weights.${l}`),
    gWeights: gradient(`weights.${l}`),
    packedForward: arena.take(packed),
    packedBackward: arena.take(packed),
    bias: weight(`bias.${l}`),
    gBias: gradient(`bias.${l}`),
    h0: weight(`h0.${l}`),
    gH0: gradient(`h0.${l}`),
  };
  if (shape.cell === "rnn") return common;
  return { ...common, c0: weight(`c0.${l}`), gC0: gradient(`c0.${l}`) };
}
