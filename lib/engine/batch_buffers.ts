/**
 * The part of the kernels' memory that holds a batch.
 *
 * It is allocated again only for a larger batch, so that no update after the first of its size takes memory.
 *
 * @module
 */
import { takesCells } from "@/memory/memories.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { Capacity, EngineBuffers } from "./engine_buffers.ts";

/**
 * Grows the buffers' capacity, unless it suffices already. A batch that was there is lost if it grows.
 *
 * @param buffers The model's.
 * @param wanted The least capacity.
 * @returns Whether it has grown, so that views of the batch must be made again.
 * @throws {RangeError} If that is more memory than WebAssembly can have; then nothing has changed.
 */
export function ensureCapacity(buffers: EngineBuffers, wanted: Capacity): boolean {
  const { capacity, arena, shape } = buffers, names = Object.keys(wanted) as (keyof Capacity)[];
  if (names.every((name) => wanted[name] <= capacity[name])) return false;
  const larger = names.map((name) => [name, Math.max(wanted[name], capacity[name])]);
  const next = Object.fromEntries(larger) as unknown as Capacity, before = arena.end();
  arena.release(buffers.batchAt);
  try {
    arena.allocate(batchBytes(buffers, next)); // all of it fits, or nothing changes
  } catch (error) {
    arena.release(before);
    throw error;
  }
  arena.release(buffers.batchAt);
  for (let l = 0; l < shape.layers; l++) placeLayer(buffers, l, next);
  placeSteps(buffers, next);
  if (buffers.layout.widths.ports > 0) placeEntries(buffers, next);
  if (shape.attention) placePlaces(buffers, next);
  placeDecoder(buffers, next);
  new Uint8Array(arena.memory.buffer, buffers.batchAt, arena.end() - buffers.batchAt).fill(0);
  buffers.capacity = next;
  return true;
}

/** An upper bound of what {@linkcode ensureCapacity} allocates, in bytes. */
function batchBytes(buffers: EngineBuffers, capacity: Capacity): number {
  const { widths } = buffers.layout, { layers } = buffers;
  const perRow = layers.reduce(
    (sum, layer) => sum + layer.get("stateWidth") + (widths.gates + 2) * widths.hidden,
    widths.heads + 3 + 10 * widths.ports,
  );
  const perSlot = layers.reduce(
    (sum, layer) => sum + 2 * layer.get("stateWidth") + widths.hidden,
    0,
  );
  const perLoss = 2 * widths.decoder + 2 * widths.hidden + widths.logits + 4;
  const { slots, rows, places, placesPerRow } = capacity, { attention } = widths;
  const perAttention = places * 2 * (widths.reads + attention) + (slots + rows) * placesPerRow +
    (2 * rows + slots) * attention + slots + 1 + capacity.losses;
  const numbers = perAttention + capacity.rows * perRow + capacity.valueRows * 2 * widths.value +
    capacity.losses * perLoss +
    (capacity.stackCells + (capacity.stackCells > 0 ? capacity.entries : 0)) * widths.value +
    capacity.slots * (perSlot + widths.gates * widths.hidden + 6) + 4 * capacity.entries +
    4 * capacity.steps;
  return 4 * numbers + 64 * (64 + 8 * layers.length);
}

function placeLayer(buffers: EngineBuffers, l: number, { rows, slots }: Capacity): void {
  const { arena, layout, layers, shape } = buffers, { widths } = layout, cells = widths.hidden * 4;
  const state = layers[l].get("stateWidth") * 4;
  layers[l].set({
    states: arena.allocate(rows * state),
    gStates: arena.allocate(2 * slots * state),
    gates: arena.allocate(rows * widths.gates * cells),
  });
  if (shape.cell !== "lstm") return;
  layers[l].set({
    cells: arena.allocate(rows * cells),
    tanhCells: arena.allocate(rows * cells),
    gCells: arena.allocate(slots * cells),
  });
}

function placeSteps(buffers: EngineBuffers, { rows, steps, slots }: Capacity): void {
  const { arena, layout: { widths } } = buffers;
  buffers.plan.set({
    rowStart: arena.allocate((steps + 2) * 4),
    active: arena.allocate((steps + 1) * 4),
    symbol: arena.allocate(rows * 4),
    lossOfRow: arena.allocate(rows * 4),
    given: arena.allocate(slots * 4),
    firstSums: arena.allocate(slots * widths.gates * widths.hidden * 4),
  });
}

/** What the model's memory needs: heads, values, a list and a log of entries for each string, and a superposition stack's cells. */
function placeEntries(buffers: EngineBuffers, capacity: Capacity): void {
  const { arena, layout: { widths } } = buffers;
  const { rows, slots, entries, valueRows, stackCells } = capacity;
  const inference = buffers.plan.get("inference") === 1;
  const number = () => arena.allocate(rows * widths.ports * 4);
  const log = () => arena.allocate(entries * 4), count = () => arena.allocate(slots * 4);
  buffers.plan.set({
    heads: arena.allocate(rows * widths.heads * 4),
    values: arena.allocate(valueRows * widths.value * 4),
    gValues: arena.allocate((inference ? 0 : valueRows) * widths.value * 4),
    pushes: number(),
    pops: number(),
    pushNoise: number(),
    popNoise: number(),
    stepKind: arena.allocate(rows * 4),
    anchorLoss: number(),
    hingeLoss: number(),
    gStrength: number(),
    gPop: number(),
    removedCount: number(),
    partialStrength: number(),
    liveRow: log(),
    liveStrength: log(),
    logRow: log(),
    logStrength: log(),
    bottomEntry: count(),
    topEntry: count(),
    logCount: count(),
    stackCells: arena.allocate(stackCells * widths.value * 4),
    gStackCells: arena.allocate((stackCells > 0 ? entries : 0) * widths.value * 4),
  });
}

/** What attention needs: places, their keys and weights, and queries; no gradients in inference. */
function placePlaces(buffers: EngineBuffers, capacity: Capacity): void {
  const { arena, layout: { widths }, plan } = buffers;
  const { slots, rows, losses, places, placesPerRow } = capacity;
  const numbers = (count: number) => arena.allocate(count * 4);
  const gradient = (count: number) => numbers(plan.get("inference") === 1 ? 0 : count);
  plan.set({
    firstPlace: numbers(slots + 1),
    places: numbers(places * widths.reads),
    gPlaces: gradient(places * widths.reads),
    keys: numbers(places * widths.attention),
    gKeys: gradient(places * widths.attention),
    queries: numbers(rows * widths.attention),
    gQueries: gradient(rows * widths.attention),
    placeWeights: numbers(rows * placesPerRow),
    gPlaceScores: gradient(slots * placesPerRow),
    gSlotScoreWeights: gradient(slots * widths.attention),
    contextRow: numbers(losses),
  });
}

function placeDecoder(buffers: EngineBuffers, { losses }: Capacity): void {
  const { arena, layout: { widths } } = buffers;
  buffers.plan.set({
    decoderInput: arena.allocate(losses * widths.decoder * 4),
    gDecoderInput: arena.allocate(losses * widths.decoder * 4),
    logits: arena.allocate(losses * widths.logits * 4),
    lossRow: arena.allocate(losses * 4),
    lossTarget: arena.allocate(losses * 4),
    lossWeight: arena.allocate(losses * 4),
    loss: arena.allocate(losses * 4),
  });
  if (widths.ports === 0) return;
  buffers.plan.set({
    lossStates: arena.allocate(losses * widths.hidden * 4),
    gLossStates: arena.allocate(losses * widths.hidden * 4),
  });
}

/** How many cells a superposition stack has after all steps of a string together; 0 of any other memory. */
export function cellsOfAllSteps(
  { memory, memoryCells = Infinity }: SequenceModelShape,
  steps: number,
): number {
  if (!takesCells(memory)) return 0;
  const growing = Math.min(steps, memoryCells); // each adds a cell
  return growing * (growing + 1) / 2 + (steps - growing) * growing;
}
