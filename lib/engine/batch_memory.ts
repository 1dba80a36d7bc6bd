/**
 * Room for a batch in the kernels' memory.
 *
 * It is made anew only when a larger batch comes, so that no update after the first of its size takes memory.
 *
 * @module
 */
import { type EngineMemory, type Room, setLayer, setPlan } from "./engine_memory.ts";

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
  arena.release(memory.batchAt);
  try {
    arena.take(roomBytes(memory, next)); // all of it can be had, or nothing changes
  } catch (error) {
    arena.release(before);
    throw error;
  }
  arena.release(memory.batchAt);
  for (let l = 0; l < shape.layers; l++) placeLayer(memory, l, next);
  placeSteps(memory, next);
  if (shape.memory === "stack") placeStack(memory, next);
  placeDecoder(memory, next);
  new Uint8Array(arena.memory.buffer, memory.batchAt, arena.taken() - memory.batchAt).fill(0);
  memory.room = next;
}

/** Entries under each stack, MOST_LOOKS of narrow_stack.ts. */
const ENTRIES_BELOW = 8;

/** Whether the stacks are those of narrow_stack.ts; in inference they never are. */
function hasNarrowStack({ fields }: EngineMemory): boolean {
  return fields.narrow === 1 && fields.remember === 1;
}

/** An upper bound of what {@linkcode reserve} takes, in bytes. */
function roomBytes(memory: EngineMemory, room: Room): number {
  const { widths } = memory.layout, { layers } = memory;
  const perRow = layers.reduce(
    (sum, layer) => sum + layer.stateWidth + (widths.gates + 2) * widths.hidden,
    widths.heads + 13,
  );
  const perSlot = layers.reduce((sum, layer) => sum + 2 * layer.stateWidth + widths.hidden, 0);
  const [perEntry, below] = hasNarrowStack(memory) ? [12, 8 * ENTRIES_BELOW] : [4, 0];
  const perLoss = 2 * widths.decoder + 2 * widths.hidden + widths.logits + 4;
  const numbers = room.rows * perRow + room.valueRows * 2 * widths.value + room.losses * perLoss +
    room.slots * (perSlot + below + 4) + perEntry * room.stackEntries + 4 * room.steps;
  return 4 * numbers + 64 * (64 + 8 * layers.length);
}

function placeLayer(memory: EngineMemory, l: number, { rows, slots }: Room): void {
  const { arena, layout, layers, shape } = memory, { widths } = layout, cells = widths.hidden * 4;
  const state = layers[l].stateWidth * 4;
  setLayer(memory, l, {
    states: arena.take(rows * state),
    gStates: arena.take(2 * slots * state),
    gates: arena.take(rows * widths.gates * cells),
  });
  if (shape.cell === "rnn") return;
  setLayer(memory, l, {
    cells: arena.take(rows * cells),
    tanhCells: arena.take(rows * cells),
    gCells: arena.take(slots * cells),
  });
}

function placeSteps(memory: EngineMemory, { rows, steps }: Room): void {
  const { arena } = memory;
  setPlan(memory, {
    rowStart: arena.take((steps + 2) * 4),
    active: arena.take((steps + 1) * 4),
    symbol: arena.take(rows * 4),
    lossOfRow: arena.take(rows * 4),
  });
}

function placeStack(memory: EngineMemory, room: Room): void {
  const { arena, layout: { widths } } = memory, { rows, valueRows } = room;
  const number = () => arena.take(rows * 4);
  setPlan(memory, {
    heads: arena.take(rows * widths.heads * 4),
    values: arena.take(valueRows * widths.value * 4),
    gValues: arena.take(memory.fields.remember * valueRows * widths.value * 4),
    pushes: number(),
    pops: number(),
    pushNoise: number(),
    popNoise: number(),
    anchorLoss: number(),
  });
  if (hasNarrowStack(memory)) placeNarrowStack(memory, room);
  else placeWideStack(memory, room);
}

function placeWideStack(memory: EngineMemory, room: Room): void {
  const { arena } = memory, { rows, slots, stackEntries } = room;
  const number = () => arena.take(rows * 4);
  const log = () => arena.take(stackEntries * 4), count = () => arena.take(slots * 4);
  setPlan(memory, {
    gStrength: number(),
    gPop: number(),
    removedCount: number(),
    partialStrength: number(),
    liveRow: log(),
    liveStrength: log(),
    logRow: log(),
    logStrength: log(),
    liveCount: count(),
    logCount: count(),
  });
}

function placeNarrowStack(memory: EngineMemory, { rows, slots, stackEntries }: Room): void {
  const { arena } = memory;
  setPlan(memory, {
    stepLog: arena.take(rows * 16),
    entries: arena.take((stackEntries + ENTRIES_BELOW * slots) * 32),
    entryLog: arena.take(stackEntries * 16),
    stackTop: arena.take(slots * 4),
    logTop: arena.take(slots * 4),
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
