/**
 * A model in the kernels' memory: its plan, and the way to its numbers.
 *
 * Its parts are placed by `parameter_memory.ts`, once, and by `batch_memory.ts`, whenever a larger batch comes.
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
  /** Entries of all strings' stacks together. */
  readonly stackEntries: number;
  /** Rows of values: as many as rows in training, as stackEntries in inference. */
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
  /** Writes the plan, and the layers' descriptions. */
  readonly plan: FieldWriter<typeof PLAN_FIELDS>;
  readonly layerPlans: readonly FieldWriter<typeof LAYER_FIELDS>[];
  /** Addresses of all fields, and sizes, as written last. */
  readonly fields: Record<string, number>;
  /** The same for each layer. */
  readonly layers: Record<string, number>[];
  /** What there is room for. */
  room: Room;
  /** Where the batch's part starts. */
  batchAt: number;
}

const NO_ROOM: Room = { slots: 0, steps: 0, rows: 0, losses: 0, stackEntries: 0, valueRows: 0 };

/**
 * Makes the memory of a model: its plan, and nothing that the plan points to yet.
 *
 * @param shape The model's shape, checked.
 * @param workers How many will share it.
 * @returns The memory.
 */
export function createPlan(shape: SequenceModelShape, workers: number): EngineMemory {
  const arena = createArena(), layout = parameterLayout(shape);
  const layerAt = arena.take(shape.layers * LAYER_FIELDS.length * 4);
  const planAt = arena.take(PLAN_FIELDS.length * 4);
  const [controlAt, settingsAt] = [arena.take(64), arena.take(128)];
  const layers: Record<string, number>[] = Array.from({ length: shape.layers }, () => ({}));
  const places = { planAt, controlAt, settingsAt, batchAt: 0 };
  const { buffer } = arena.memory;
  const plan = new FieldWriter(PLAN_FIELDS, buffer, planAt);
  const layerPlans = layers.map((_, l) =>
    new FieldWriter(LAYER_FIELDS, buffer, layerAt + l * LAYER_FIELDS.length * 4)
  );
  const written = { plan, layerPlans, fields: {}, layers };
  const memory = { shape, arena, layout, ...places, workers, ...written, room: NO_ROOM };
  setPlan(memory, { ...fixedFields(shape, layout), layerAt });
  return memory;
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
    pushColumn: widths.push,
    narrow: widths.narrow ? 1 : 0,
    headWidth: widths.heads,
    decoderWidth: widths.decoder,
    logitWidth: widths.logits,
    parameters: layout.size,
    remember: 1,
  };
}

/** Writes fields of the plan. */
export function setPlan(memory: EngineMemory, fields: Fields<typeof PLAN_FIELDS>): void {
  Object.assign(memory.fields, fields);
  memory.plan.setAll(fields);
}

/** Writes fields of a layer. */
export function setLayer(
  memory: EngineMemory,
  l: number,
  fields: Fields<typeof LAYER_FIELDS>,
): void {
  Object.assign(memory.layers[l], fields);
  memory.layerPlans[l].setAll(fields);
}

/** The numbers that a field points to. */
export function floats(memory: EngineMemory, field: string, length: number): Float32Array {
  return new Float32Array(memory.arena.memory.buffer, memory.fields[field], length);
}

/** The whole numbers that a field points to. */
export function integers(memory: EngineMemory, field: string, length: number): Int32Array {
  return new Int32Array(memory.arena.memory.buffer, memory.fields[field], length);
}
