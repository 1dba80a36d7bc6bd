/**
 * Moving strings that are being read to larger room.
 *
 * @module
 */
import { type EngineMemory, integers } from "./engine_memory.ts";

/** All that must outlive a move to larger room: the stacks that are not empty, and each layer's last state. */
export interface ReadingState {
  readonly live: Int32Array;
  readonly strengths: Float32Array[];
  readonly values: Float32Array[];
  readonly states: Float32Array[];
  readonly cells: Float32Array[];
}

/**
 * Copies out what strings being read are in the middle of.
 *
 * @param memory Where they are.
 * @param strings How many.
 * @param from The row of the first one's state.
 * @param entries Entries of each one's stack.
 */
export function saveReading(
  memory: EngineMemory,
  strings: number,
  from: number,
  entries: number,
): ReadingState {
  const live = integers(memory, "liveCount", strings);
  const { buffer } = memory.arena.memory, { widths } = memory.layout;
  const view = (at: number, first: number, length: number) =>
    new Float32Array(buffer, at + 4 * first, length).slice();
  const { liveStrength, values } = memory.fields;
  return {
    live: live.slice(),
    strengths: Array.from(live, (n, slot) => view(liveStrength, slot * entries, n)),
    values: Array.from(
      live,
      (n, slot) => view(values, slot * entries * widths.value, n * widths.value),
    ),
    states: memory.layers.map(({ states, stateWidth }) =>
      view(states, from * stateWidth, strings * stateWidth)
    ),
    cells: memory.shape.cell === "rnn"
      ? []
      : memory.layers.map(({ cells }) =>
        view(cells, from * widths.hidden, strings * widths.hidden)
      ),
  };
}

/** Puts back what {@linkcode saveReading} copied, wherever everything lies now. */
export function restoreReading(
  memory: EngineMemory,
  strings: number,
  from: number,
  entries: number,
  kept: ReadingState,
): void {
  const { buffer } = memory.arena.memory, { widths } = memory.layout;
  const put = (at: number, first: number, numbers: Float32Array) =>
    new Float32Array(buffer, at + 4 * first, numbers.length).set(numbers);
  const { liveStrength, values } = memory.fields;
  const liveRow = integers(memory, "liveRow", strings * entries);
  integers(memory, "liveCount", strings).set(kept.live);
  for (let slot = 0; slot < strings; slot++) {
    put(liveStrength, slot * entries, kept.strengths[slot]);
    put(values, slot * entries * widths.value, kept.values[slot]);
    for (let i = 0; i < kept.live[slot]; i++) liveRow[slot * entries + i] = slot * entries + i;
  }
  memory.layers.forEach(({ states, stateWidth, cells }, l) => {
    put(states, from * stateWidth, kept.states[l]);
    if (kept.cells.length > 0) put(cells, from * widths.hidden, kept.cells[l]);
  });
}
