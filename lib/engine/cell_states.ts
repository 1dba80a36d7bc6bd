/**
 * The states of the cells where strings begin and end, copied in and out of the kernels' memory, and their gradients.
 *
 * A string's first state lies in row(0), its last in row(T), and ∂L/∂ them in the rows of `gStates` that belong to steps 0
 * and T, and in `gCells`.
 *
 * @module
 */
import type { CellStateGradients, CellStates, SequenceString } from "@/models/sequence_batch.ts";
import type { CellState, CellStateGradient } from "@/network/cell.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { type EngineBuffers, floats } from "./engine_buffers.ts";
import { GIVEN } from "./kernel_plan.ts";

/** What a string may bring with it. */
type Given = Pick<SequenceString, "inputs" | "start" | "gFinal">;

/**
 * Writes what the strings bring with them: the states that they start from, and the gradients with respect to their final ones.
 *
 * @param buffers The model's, large enough.
 * @param given The view of what is given to each slot.
 * @param slots How many there are.
 * @param stringIn The string in a slot, checked.
 */
export function writeGivenStates(
  buffers: EngineBuffers,
  given: Int32Array,
  slots: number,
  stringIn: (slot: number) => Given,
): void {
  for (let slot = 0; slot < slots; slot++) {
    const { start, gFinal, inputs } = stringIn(slot);
    given[slot] = (start ? GIVEN.start : 0) | (gFinal ? GIVEN.gFinal : 0);
    if (start) writeStart(buffers, slot, start);
    if (gFinal) writeLastGradient(buffers, slots * (inputs.length % 2) + slot, slot, gFinal);
  }
}

/** Row(0) of a slot, save its input part, which the kernels clear. */
function writeStart(buffers: EngineBuffers, slot: number, start: CellStates): void {
  start.forEach(({ h, c }, l) => {
    rowOfH(buffers, l, "states", slot).fill(0).set(h);
    if (c) rowOfCells(buffers, l, "cells", slot).fill(0).set(c);
  });
}

/** The whole of a row of `gStates`: its input part has no gradient yet. */
function writeLastGradient(
  buffers: EngineBuffers,
  row: number,
  slot: number,
  gFinal: CellStateGradients,
): void {
  gFinal.forEach(({ gH, gC }, l) => {
    wholeRow(buffers, l, "gStates", row).fill(0);
    rowOfH(buffers, l, "gStates", row).set(gH);
    if (gC.length > 0) rowOfCells(buffers, l, "gCells", slot).fill(0).set(gC);
  });
}

/** Copies out the state of a row, layer by layer. */
export function readStates(buffers: EngineBuffers, row: number): CellState<Float32Array>[] {
  const { hidden: H, cell } = buffers.shape;
  return buffers.layers.map((_, l) => {
    const h = rowOfH(buffers, l, "states", row).slice(0, H);
    return cell === "lstm" ? { h, c: rowOfCells(buffers, l, "cells", row).slice(0, H) } : { h };
  });
}

/** Copies out ∂L/∂ the state from which a slot's string started, layer by layer. */
export function readStartGradient(
  buffers: EngineBuffers,
  slot: number,
): CellStateGradient<Float32Array>[] {
  const { hidden: H, cell } = buffers.shape;
  return buffers.layers.map((_, l) => ({
    gH: rowOfH(buffers, l, "gStates", slot).slice(0, H),
    gC: cell === "lstm" ? rowOfCells(buffers, l, "gCells", slot).slice(0, H) : new Float32Array(0),
  }));
}

/**
 * Copies out h of the top layer after each step, T × H.
 *
 * @param buffers The model's, after a batch ran.
 * @param rows The rows of states after steps 1 … T.
 */
export function readOutputs(buffers: EngineBuffers, rows: readonly number[]): Float32Array {
  const { hidden: H, layers } = buffers.shape, outputs = new Float32Array(rows.length * H);
  rows.forEach((row, t) => {
    outputs.set(rowOfH(buffers, layers - 1, "states", row).subarray(0, H), t * H);
  });
  return outputs;
}

/**
 * Checks gradients with respect to h of the top layer.
 *
 * @param shape The model's shape.
 * @param strings The strings.
 * @param gOutputs T × H for each of them.
 * @throws {TypeError} If there is not one for each string, or one of the wrong size.
 * @throws {RangeError} If a number is NaN, infinite, or too large for Float32.
 */
export function checkOutputGradients(
  { hidden: H }: SequenceModelShape,
  strings: readonly Pick<SequenceString, "inputs">[],
  gOutputs: readonly ArrayLike<number>[],
): void {
  const action = "reverse the batch";
  if (gOutputs.length !== strings.length) {
    const wanted = `gradients of the outputs of ${strings.length} strings`;
    throw new TypeError(`Cannot ${action}: wanted ${wanted}, got ${gOutputs.length}`);
  }
  gOutputs.forEach((gradient, i) => {
    const { length: T } = strings[i].inputs, place = `of the outputs of string ${i}`;
    if (gradient.length !== T * H) {
      const wanted = `${T * H} numbers (${T} × ${H})`;
      throw new TypeError(`Cannot ${action}: wanted ${wanted} ${place}, got ${gradient.length}`);
    }
    for (let n = 0; n < gradient.length; n++) {
      if (Number.isFinite(Math.fround(gradient[n]))) continue;
      const wanted = `numbers within 3.4e38 in the gradient ${place}`;
      throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${gradient[n]} at ${n}`);
    }
  });
}

/**
 * Writes ∂L/∂h of the top layer at every step, where the time loop takes the gradients of loss rows: string by string, the
 * longest first, a row for each step.
 *
 * @param buffers The model's, with a batch of which every step has a loss row.
 * @param gOutputs T × H of the string in each slot.
 */
export function writeOutputGradients(
  buffers: EngineBuffers,
  gOutputs: readonly ArrayLike<number>[],
): void {
  const { shape: { hidden: H }, layout: { widths }, plan } = buffers;
  const ofMemory = plan.get("ports") > 0, field = ofMemory ? "gLossStates" : "gDecoderInput";
  const width = ofMemory ? widths.hidden : widths.decoder;
  const rows = gOutputs.reduce((sum, gradient) => sum + gradient.length / H, 0);
  floats(buffers, "gDecoderInput", rows * widths.decoder).fill(0); // reads and contexts have no part in it
  const all = floats(buffers, field, rows * width).fill(0);
  let n = 0;
  for (const gradient of gOutputs) {
    for (let i = 0; i < gradient.length; i += H, n += width) {
      for (let k = 0; k < H; k++) all[n + k] = gradient[i + k];
    }
  }
}

function wholeRow(
  { arena, layers }: EngineBuffers,
  l: number,
  field: "states" | "gStates",
  row: number,
): Float32Array {
  const width = layers[l].get("stateWidth");
  return new Float32Array(arena.memory.buffer, layers[l].get(field) + 4 * row * width, width);
}

/** The part of a row of states that is h, padding included. */
function rowOfH(
  buffers: EngineBuffers,
  l: number,
  field: "states" | "gStates",
  row: number,
): Float32Array {
  return wholeRow(buffers, l, field, row).subarray(buffers.layers[l].get("inputWidth"));
}

function rowOfCells(
  { arena, layers, layout: { widths: { hidden } } }: EngineBuffers,
  l: number,
  field: "cells" | "gCells",
  row: number,
): Float32Array {
  return new Float32Array(arena.memory.buffer, layers[l].get(field) + 4 * row * hidden, hidden);
}
