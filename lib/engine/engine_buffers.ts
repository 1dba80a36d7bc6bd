/**
 * A model in the kernels' memory: the plan, and a region of memory that grows from the bottom up.
 *
 * Parameters are placed once, by `parameter_buffers.ts`; a batch is placed by `batch_buffers.ts`, again for each larger one.
 *
 * @module
 */
import type { EngineShape } from "./engine_shape.ts";
import { type ParameterLayout, parameterLayout } from "./parameter_layout.ts";
import {
  ATTENTION,
  CELL,
  type FieldValues,
  LAYER_FIELDS,
  MEMORY,
  PLAN_FIELDS,
  Struct,
  structBytes,
} from "./kernel_plan.ts";

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65536;
/** The most pages that WebAssembly can have: 4 GiB. */
export const MAX_PAGES = 65536;
/** Bytes of a cache line, at which everything starts. */
const LINE = 64;

/** A shared memory that is allocated from the bottom up; its first page belongs to the kernels' own constants. */
export interface Arena {
  /** What the kernels import. */
  readonly memory: WebAssembly.Memory;
  /**
   * Allocates `bytes` bytes, and returns their address.
   *
   * @throws {RangeError} If that is more than WebAssembly can have.
   */
  allocate(bytes: number): number;
  /** The address at which the next allocation starts. */
  end(): number;
  /** Frees everything from `address` on. */
  release(address: number): void;
}

/**
 * Makes an empty arena. Its memory grows with allocations and never shrinks.
 *
 * @example Addresses are multiples of 64.
 * ```ts
 * import { createArena } from "@/engine/engine_buffers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const arena = createArena();
 * assertEquals([arena.allocate(10), arena.allocate(100), arena.end()], [65536, 65600, 65728]);
 * ```
 * @returns The arena.
 */
export function createArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: MAX_PAGES, shared: true });
  let next = PAGE;
  return {
    memory,
    allocate(bytes) {
      const start = next, end = start + Math.ceil(bytes / LINE) * LINE;
      grow(memory, end);
      next = end;
      return start;
    },
    end: () => next,
    release(address) {
      next = address;
    },
  };
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil(bytes / PAGE) - memory.buffer.byteLength / PAGE;
  if (missing <= 0) return;
  const mebibytes = (size: number) => Math.ceil(size / 2 ** 20);
  const refusal = () =>
    new RangeError(
      `Cannot make room for the batch: wanted ${mebibytes(bytes)} MiB of memory, ` +
        `got at most ${mebibytes(MAX_PAGES * PAGE)} MiB (all that WebAssembly has)`,
    );
  if (bytes > MAX_PAGES * PAGE) throw refusal();
  try {
    memory.grow(missing);
  } catch {
    throw refusal();
  }
}

/** How large a batch the buffers can hold. */
export interface Capacity {
  /** Strings. */
  readonly slots: number;
  /** Steps of the longest string. */
  readonly steps: number;
  /** States of all strings: each has one more than it has steps. */
  readonly rows: number;
  /** Loss rows: steps that must predict a symbol, and values that must. */
  readonly losses: number;
  /** Places for entries in all strings' memories together. */
  readonly entries: number;
  /** Rows of a superposition stack's cells that are kept for a backward pass: of all steps of all strings. */
  readonly stackCells: number;
  /** Rows of values: in training one for each of `rows` and each port, in inference those of the entries and of one step. */
  readonly valueRows: number;
  /** Places to attend to, of all strings. */
  readonly places: number;
  /** The most of them that a string has, rounded up to whole vectors. */
  readonly placesPerRow: number;
}

/** A model's place in memory: its plan, its layers' descriptions, and how large a batch fits. */
export interface EngineBuffers {
  readonly shape: EngineShape;
  readonly arena: Arena;
  readonly layout: ParameterLayout;
  /** The plan's address: the kernels' first argument. */
  readonly planAt: number;
  /** How many threads share it. */
  readonly threads: number;
  readonly plan: Struct<typeof PLAN_FIELDS>;
  readonly layers: readonly Struct<typeof LAYER_FIELDS>[];
  capacity: Capacity;
  /** The address at which the batch's part starts. */
  batchAt: number;
}

const NO_BATCH: Capacity = {
  slots: 0,
  steps: 0,
  rows: 0,
  losses: 0,
  entries: 0,
  stackCells: 0,
  valueRows: 0,
  places: 0,
  placesPerRow: 0,
};

/**
 * Makes the buffers of a model, with a plan that points to nothing yet.
 *
 * @param shape The model's shape, checked.
 * @param threads How many will share it.
 * @returns The buffers.
 */
export function createEmptyBuffers(shape: EngineShape, threads: number): EngineBuffers {
  const arena = createArena(), layout = parameterLayout(shape);
  const layerBytes = structBytes(LAYER_FIELDS), layerAt = arena.allocate(shape.layers * layerBytes);
  const planAt = arena.allocate(structBytes(PLAN_FIELDS));
  const { buffer } = arena.memory, plan = new Struct(PLAN_FIELDS, buffer, planAt);
  const layers = Array.from(
    { length: shape.layers },
    (_, l) => new Struct(LAYER_FIELDS, buffer, layerAt + l * layerBytes),
  );
  plan.set({ ...fixedFields(shape, layout), layerAt });
  return { shape, arena, layout, planAt, threads, plan, layers, capacity: NO_BATCH, batchAt: 0 };
}

function fixedFields(
  shape: EngineShape,
  layout: ParameterLayout,
): FieldValues<typeof PLAN_FIELDS> {
  const { widths } = layout, { attention } = shape;
  return {
    cell: CELL[shape.cell],
    layers: shape.layers,
    hidden: widths.hidden,
    gateWidth: widths.gates * widths.hidden,
    sumWidth: widths.sums * widths.hidden,
    symbols: shape.symbols,
    embeddingWidth: widths.embedding,
    memory: MEMORY[shape.memory],
    ports: widths.ports,
    valueWidth: widths.value,
    pushColumn: widths.push,
    mostCells: shape.memoryCells ?? 2 ** 31 - 1,
    portHeadWidth: widths.portHeads,
    headWidth: widths.heads,
    attention: attentionOf(attention),
    attentionWidth: widths.attention,
    placeWidth: attention ? widths.reads : 0,
    attentionScale: 1 / Math.sqrt(attention?.width ?? 1),
    outputWidth: widths.output,
    decoderWidth: widths.decoder,
    logitWidth: widths.logits,
    parameters: layout.size,
    cellsFrom: layout.cells.from,
    cellsTo: layout.cells.to,
    inference: 0,
  };
}

function attentionOf(attention: EngineShape["attention"]): number {
  if (attention === undefined) return ATTENTION.none;
  return attention.kind === "additive" ? ATTENTION.additive : ATTENTION.dotProduct;
}

/** A field of the plan. */
export type PlanField = keyof typeof PLAN_FIELDS;

/** The numbers that a field points to. */
export function floats(
  { arena, plan }: EngineBuffers,
  field: PlanField,
  length: number,
): Float32Array {
  return new Float32Array(arena.memory.buffer, plan.get(field), length);
}

/** The whole numbers that a field points to. */
export function integers(
  { arena, plan }: EngineBuffers,
  field: PlanField,
  length: number,
): Int32Array {
  return new Int32Array(arena.memory.buffer, plan.get(field), length);
}

/** Pushes and pops of one port. */
export interface PortControls {
  /** d. */
  readonly pushes: Float32Array;
  /** u. */
  readonly pops: Float32Array;
}

/** Copies out the controls of each port at rows `first` … `last` − 1. */
export function portControls(
  buffers: EngineBuffers,
  first: number,
  last: number,
): PortControls[] {
  const { ports } = buffers.layout.widths;
  return Array.from({ length: ports }, (_, port) => {
    const of = (field: "pushes" | "pops") => {
      const all = floats(buffers, field, last * ports);
      return Float32Array.from({ length: last - first }, (_, i) => all[(first + i) * ports + port]);
    };
    return { pushes: of("pushes"), pops: of("pops") };
  });
}
