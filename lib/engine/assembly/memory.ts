/**
 * The memories of a step. The stack, the queue and the deque are one line of rows, that of line.ts, and differ in the ends at
 * which their ports push, pop and read: all pops come first, port 0's first; then all pushes, then all reads. The superposition
 * stack has a file of its own.
 *
 * In training, an entry's value lies in row liveRow of `values`; in inference it lies at the entry's place. The reads of all
 * ports are the input part of the first layer's state, one after the other.
 *
 * Layout: see kernel_plan.ts; a worker's rows of a step are `workers` rows apart.
 */
import { BOTTOM, popAt, pushAt, readAt, startLine, storeLine, STRAIGHT, TOP } from "./line";
import { popAtBackward, readAtBackward } from "./line_backward";
import { layerOf, Memory, Plan } from "./plan";
import { startCells, superpositionStep, superpositionStepBackward } from "./superposition_stack";

/** Empties the memory of a slot. */
export function startMemory(plan: Plan, slot: i32): void {
  if (plan.memory == Memory.superposition) startCells(plan, slot);
  else startLine(plan, slot);
}

/** One step of the memory of `count` slots, given the activations of the heads; reads go to the first layer's states. */
export function memoryForward(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  const layer = layerOf(plan, 0), between = layer.stateWidth * 4, memory = plan.memory;
  let r = layer.states + row * between;
  for (let i = 0; i < count; i++, row += workers, slot += workers, r += workers * between) {
    if (memory == Memory.stack) stackStep(plan, row, slot, r);
    else if (memory == Memory.queue) queueStep(plan, row, slot, r);
    else if (memory == Memory.superposition) superpositionStep(plan, row, slot, r);
    else dequeStep(plan, row, slot, r);
  }
}

/** Reverses {@link memoryForward}, given ∂L/∂reads by slot: leaves ∂L/∂u in gPop, ∂L/∂d in gStrength, ∂L/∂v in gValues. */
export function memoryBackward(
  plan: Plan, row: i32, slot: i32, workers: i32, count: i32, gReads: usize, between: i32,
): void {
  const memory = plan.memory;
  for (let i = 0; i < count; i++, row += workers, slot += workers) {
    const gR = gReads + slot * between;
    if (memory == Memory.stack) stackStepBackward(plan, row, slot, gR);
    else if (memory == Memory.queue) queueStepBackward(plan, row, slot, gR);
    else if (memory == Memory.superposition) superpositionStepBackward(plan, row, slot, gR);
    else dequeStepBackward(plan, row, slot, gR);
  }
}

/** The bottom of a stack is always entry 0. */
// @ts-ignore: decorator
@inline
function stackStep(plan: Plan, row: i32, slot: i32, r: usize): void {
  const first = slot * plan.entriesPerSlot, tops = plan.topEntry + slot * 4;
  let top = load<i32>(tops);
  top -= popAt(plan, slot, row, first, STRAIGHT, 0, top, TOP);
  pushAt(plan, slot, row, 0, first, STRAIGHT, top++);
  readAt(plan, first, STRAIGHT, 0, top, r, TOP);
  store<i32>(tops, top);
}

// @ts-ignore: decorator
@inline
function stackStepBackward(plan: Plan, row: i32, slot: i32, gR: usize): void {
  const first = slot * plan.entriesPerSlot, tops = plan.topEntry + slot * 4;
  let top = load<i32>(tops);
  readAtBackward(plan, first, STRAIGHT, 0, top--, gR, TOP);
  top += popAtBackward(plan, slot, row, first, STRAIGHT, 0, top, TOP);
  store<i32>(tops, top);
}

function queueStep(plan: Plan, row: i32, slot: i32, r: usize): void {
  const places = plan.entriesPerSlot, first = slot * places;
  let bottom = load<i32>(plan.bottomEntry + slot * 4), top = load<i32>(plan.topEntry + slot * 4);
  bottom += popAt(plan, slot, row, first, places, bottom, top, BOTTOM);
  pushAt(plan, slot, row, 0, first, places, top++);
  readAt(plan, first, places, bottom, top, r, BOTTOM);
  storeLine(plan, slot, bottom, top);
}

function queueStepBackward(plan: Plan, row: i32, slot: i32, gR: usize): void {
  const places = plan.entriesPerSlot, first = slot * places;
  let bottom = load<i32>(plan.bottomEntry + slot * 4), top = load<i32>(plan.topEntry + slot * 4);
  readAtBackward(plan, first, places, bottom, top--, gR, BOTTOM);
  bottom -= popAtBackward(plan, slot, row, first, places, bottom, top, BOTTOM);
  storeLine(plan, slot, bottom, top);
}

/** Port 0 is the top, port 1 the bottom. */
function dequeStep(plan: Plan, row: i32, slot: i32, r: usize): void {
  const places = plan.entriesPerSlot, first = slot * places, atTop = 2 * row, atBottom = atTop + 1;
  let bottom = load<i32>(plan.bottomEntry + slot * 4), top = load<i32>(plan.topEntry + slot * 4);
  top -= popAt(plan, slot, atTop, first, places, bottom, top, TOP);
  bottom += popAt(plan, slot, atBottom, first, places, bottom, top, BOTTOM);
  pushAt(plan, slot, atTop, 0, first, places, top++);
  pushAt(plan, slot, atBottom, 1, first, places, --bottom);
  readAt(plan, first, places, bottom, top, r, TOP);
  readAt(plan, first, places, bottom, top, r + plan.valueWidth * 4, BOTTOM);
  storeLine(plan, slot, bottom, top);
}

function dequeStepBackward(plan: Plan, row: i32, slot: i32, gR: usize): void {
  const places = plan.entriesPerSlot, first = slot * places, atTop = 2 * row, atBottom = atTop + 1;
  let bottom = load<i32>(plan.bottomEntry + slot * 4), top = load<i32>(plan.topEntry + slot * 4);
  readAtBackward(plan, first, places, bottom, top, gR, TOP);
  readAtBackward(plan, first, places, bottom++, top--, gR + plan.valueWidth * 4, BOTTOM);
  bottom -= popAtBackward(plan, slot, atBottom, first, places, bottom, top, BOTTOM);
  top += popAtBackward(plan, slot, atTop, first, places, bottom, top, TOP);
  storeLine(plan, slot, bottom, top);
}
