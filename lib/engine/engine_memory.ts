/**
 * A model in the kernels' memory: its parameters, what is packed of them, and room for a batch.
 *
 * Everything is made once. Room for a batch is made anew only when a larger one comes, so that no update after the
 * first of its size takes memory.
 *
 * @module
 */
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { type Arena, createArena } from "./arena.ts";
import { type ParameterLayout, parameterLayout } from "./parameter_layout.ts";
import { type Fields, FieldWriter, LAYER_FIELDS, PLAN_FIELDS } from "./plan_fields.ts";

/** How much of each there is room for. */
export interface Room {
  /** Strings. */
  readonly slots: number;
  /** Steps of the longest string. */
  readonly steps: number;
  /** States of all strings: each has one more than it has steps. */
  readonly rows: number;
  /** Steps that are asked for a symbol, and values that are. */
  readonly losses: number;
  /** Entries of each string's stack. */
  readonly entries: number;
  /** Rows of values: as many as rows in training, slots × entries in inference. */
  readonly valueRows: number;
}

/** A model in memory. */
export interface EngineMemory {
  readonly shape: SequenceModelShape;
  readonly arena: Arena;
  readonly layout: ParameterLayout;
  /** Where the plan lies, in bytes: the kernels' first argument. */
  readonly planAt: number;
  /** Where the team's control numbers and the optimiser's settings lie. */
  readonly controlAt: number;
  readonly settingsAt: number;
  /** How many workers share it. */
  readonly workers: number;
  /** Addresses of all fields, and sizes, as written last. */
  readonly fields: Record<string, number>;
  /** The same for each layer. */
  readonly layers: Record<string, number>[];
  /** What there is room for. */
  room: Room;
  /** Where the batch's part starts. */
  readonly batchAt: number;
}

const NO_ROOM: Room = { slots: 0, steps: 0, rows: 0, losses: 0, entries: 0, valueRows: 0 };

/** Parameters beyond the symbols are so unlikely that they never get a share of the softmax. */
const NEVER = -1e30;

/**
 * Makes a model's memory: the plan, the parameters, all 0, and what is packed of them.
 *
 * @param shape The model's shape, checked.
 * @param workers How many will share it.
 * @returns The memory, with no room for a batch yet.
 */
export function createEngineMemory(shape: SequenceModelShape, workers: number): EngineMemory {
  const arena = createArena(), layout = parameterLayout(shape);
  const layerAt = arena.take(shape.layers * LAYER_FIELDS.length * 4);
  const planAt = arena.take(PLAN_FIELDS.length * 4);
  const [controlAt, settingsAt] = [arena.take(64), arena.take(64)];
  const places = { planAt, controlAt, settingsAt };
  const memory = { shape, arena, layout, ...places, workers, fields: {}, room: NO_ROOM };
  const layers: Record<string, number>[] = Array.from({ length: shape.layers }, () => ({}));
  const made = { ...memory, layers, batchAt: 0 };
  setPlan(made, { ...fixedFields(shape, layout), layerAt });
  placeParameters(made);
  for (let l = 0; l < shape.layers; l++) setLayer(made, l, layerFields(made, l));
  const scratchBytes = 256 * 32 + (Math.max(...rowWidths(layout)) / 4 + 1) * (256 * 16 + 64);
  setPlan(made, { scratch: arena.take(workers * scratchBytes), scratchBytes });
  floats(made, "weightsAt", layout.size).fill(
    NEVER,
    layout.matrices.logitBias.at + shape.symbols,
    layout.matrices.logitBias.at + layout.widths.logits,
  );
  return { ...made, batchAt: arena.taken() };
}

/** Widths of all rows of gradients that outer.ts may copy into its scratch. */
function rowWidths({ widths }: ParameterLayout): number[] {
  return [widths.gates * widths.hidden, widths.heads, widths.decoder, widths.logits];
}

function fixedFields(
  shape: SequenceModelShape,
  layout: ParameterLayout,
): Fields<typeof PLAN_FIELDS> {
  const { widths } = layout;
  return {
    lstm: shape.cell === "lstm" ? 1 : 0,
    layers: shape.layers,
    hidden: widths.hidden,
    gateWidth: widths.gates * widths.hidden,
    symbols: shape.symbols,
    embeddingWidth: widths.embedding,
    stack: shape.memory === "stack" ? 1 : 0,
    valueWidth: widths.value,
    pushColumn: shape.valueWidth,
    headWidth: widths.heads,
    decoderWidth: widths.decoder,
    logitWidth: widths.logits,
    parameters: layout.size,
    remember: 1,
  };
}

/** The flat runs of parameters, gradients and moments, and everything that points into them. */
function placeParameters(memory: EngineMemory): void {
  const { arena, layout } = memory, { matrices, widths } = layout, bytes = layout.size * 4;
  const weightsAt = arena.take(bytes), gradientsAt = arena.take(bytes);
  const [firstMoment, secondMoment] = [arena.take(bytes), arena.take(bytes)];
  const squares = arena.take(Math.ceil(layout.size / 4096) * 8);
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

/**
 * Makes room for a batch, unless there is enough already.
 *
 * @param memory Whose.
 * @param wanted How much of each.
 * @throws {RangeError} If that is more memory than WebAssembly can have; what there was is still there.
 */
export function reserve(memory: EngineMemory, wanted: Room): void {
  const { room, arena, shape } = memory, names = Object.keys(wanted) as (keyof Room)[];
  if (names.every((name) => wanted[name] <= room[name])) return;
  const most = Object.fromEntries(names.map((name) => [name, Math.max(wanted[name], room[name])]));
  const next = most as unknown as Room, before = arena.taken();
  arena.take(roomBytes(memory, next)); // all of it can be had, or nothing changes
  arena.release(before);
  arena.release(memory.batchAt);
  for (let l = 0; l < shape.layers; l++) placeLayer(memory, l, next);
  placeSteps(memory, next);
  if (shape.memory === "stack") placeStack(memory, next);
  placeDecoder(memory, next);
  new Uint8Array(arena.memory.buffer, memory.batchAt, arena.taken() - memory.batchAt).fill(0);
  memory.room = next;
}

/** An upper bound of what {@linkcode reserve} takes, in bytes. */
function roomBytes(memory: EngineMemory, room: Room): number {
  const { widths } = memory.layout, { layers } = memory;
  const perRow = layers.reduce(
    (sum, layer) => sum + 2 * layer.stateWidth + (widths.gates + 2) * widths.hidden,
    widths.heads + 12,
  );
  const perLoss = 2 * widths.decoder + 2 * widths.hidden + widths.logits + 4;
  const numbers = room.rows * perRow + room.valueRows * 2 * widths.value + room.losses * perLoss +
    room.slots * (layers.length * widths.hidden + 4 * room.entries + 4) + 4 * room.steps;
  return 4 * numbers + 64 * (64 + 8 * layers.length);
}

function placeLayer(memory: EngineMemory, l: number, { rows, slots }: Room): void {
  const { arena, layout, layers, shape } = memory, { widths } = layout, cells = widths.hidden * 4;
  const state = layers[l].stateWidth * 4;
  setLayer(memory, l, {
    states: arena.take(rows * state),
    gStates: arena.take(rows * state),
    gates: arena.take(rows * widths.gates * cells),
  });
  if (shape.cell === "rnn") return;
  setLayer(memory, l, {
    cells: arena.take(rows * cells),
    tanhCells: arena.take(rows * cells),
    gCells: arena.take(slots * cells),
  });
}

function placeSteps({ arena, ...memory }: EngineMemory, { rows, steps }: Room): void {
  setPlan({ arena, ...memory }, {
    rowStart: arena.take((steps + 2) * 4),
    active: arena.take((steps + 1) * 4),
    symbol: arena.take(rows * 4),
  });
}

function placeStack(memory: EngineMemory, { rows, valueRows, slots, entries }: Room): void {
  const { arena, layout: { widths } } = memory, number = () => arena.take(rows * 4);
  const log = () => arena.take(slots * entries * 4), count = () => arena.take(slots * 4);
  setPlan(memory, {
    heads: arena.take(rows * widths.heads * 4),
    values: arena.take(valueRows * widths.value * 4),
    gValues: arena.take(valueRows * widths.value * 4),
    pushes: number(),
    pops: number(),
    gStrength: number(),
    gPop: number(),
    pushNoise: number(),
    popNoise: number(),
    anchorLoss: number(),
    removedCount: number(),
    partialStrength: number(),
    capacity: entries,
    liveRow: log(),
    liveStrength: log(),
    logRow: log(),
    logStrength: log(),
    liveCount: count(),
    logCount: count(),
  });
}

function placeDecoder(memory: EngineMemory, { losses }: Room): void {
  const { arena, layout: { widths }, shape } = memory;
  setPlan(memory, {
    decoderInput: arena.take(losses * widths.decoder * 4),
    gDecoderInput: arena.take(losses * widths.decoder * 4),
    logits: arena.take(losses * widths.logits * 4),
    lossRow: arena.take(losses * 4),
    lossTarget: arena.take(losses * 4),
    lossWeight: arena.take(losses * 4),
    loss: arena.take(losses * 4),
  });
  if (shape.memory === "none") return;
  setPlan(memory, {
    lossStates: arena.take(losses * widths.hidden * 4),
    gLossStates: arena.take(losses * widths.hidden * 4),
  });
}

/** Writes fields of the plan. */
export function setPlan(memory: EngineMemory, fields: Fields<typeof PLAN_FIELDS>): void {
  Object.assign(memory.fields, fields);
  new FieldWriter(PLAN_FIELDS, memory.arena.memory.buffer, memory.planAt).setAll(fields);
}

function setLayer(memory: EngineMemory, l: number, fields: Fields<typeof LAYER_FIELDS>): void {
  Object.assign(memory.layers[l], fields);
  const at = memory.fields.layerAt + l * LAYER_FIELDS.length * 4;
  new FieldWriter(LAYER_FIELDS, memory.arena.memory.buffer, at).setAll(fields);
}

/** The numbers that a field points to. */
export function floats(memory: EngineMemory, field: string, length: number): Float32Array {
  return new Float32Array(memory.arena.memory.buffer, memory.fields[field], length);
}

/** The whole numbers that a field points to. */
export function integers(memory: EngineMemory, field: string, length: number): Int32Array {
  return new Int32Array(memory.arena.memory.buffer, memory.fields[field], length);
}
