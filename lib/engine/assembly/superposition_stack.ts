/**
 * The superposition stack: at each step every cell becomes a mixture of the cell above it (a push), the cell below it (a pop)
 * and itself (a no-op).
 *
 * Method: s_t[i] = d s_{t−1}[i−1] + u s_{t−1}[i+1] + (1 − d − u) s_{t−1}[i], the value above cell 0, and zeros below the last one.
 * Four columns at a time, cell by cell from the top, so that each cell is read and written once, in place where nothing is
 * kept. The adjoint is the same kind of pass over ∂L/∂s, in place. The time of a string grows with the square of its steps.
 *
 * Layout: the cells of a slot are rows of `valueWidth` numbers, the top one first; `topEntry` says how many there are, one more
 * after each step, at most `mostCells`. In inference they are the slot's rows of `values`, by place. In training those of each
 * step follow those of the step before in `stackCells`; `logCount` says how many lie there, and the slot's part of
 * `gStackCells` is ∂L/∂s. While each step adds a cell, n of them after n steps, n (n + 1) / 2 lie there.
 *
 * Error: three roundings for each number of a cell and step; a sum over all cells for the gradients of d and u.
 */
import { stepValue } from "./heads";
import { fma, sumOfLanes, VECTOR } from "./lanes";
import { Plan } from "./plan";
import { copyRow } from "./rows";

/** A slot without cells; in training, without a gradient from what follows its last step. */
export function startCells(plan: Plan, slot: i32): void {
  const bytes = plan.valueWidth * 4, places = plan.entriesPerSlot;
  store<i32>(plan.bottomEntry + slot * 4, 0);
  store<i32>(plan.topEntry + slot * 4, 0);
  store<i32>(plan.logCount + slot * 4, 0);
  if (!plan.inference) memory.fill(plan.gStackCells + slot * places * bytes, 0, min(places, plan.mostCells) * bytes);
}

/** One step of a slot: mixes its cells, and leaves the top one as the read. */
export function superpositionStep(plan: Plan, row: i32, slot: i32, r: usize): void {
  const bytes = plan.valueWidth * 4, tops = plan.topEntry + slot * 4, counts = plan.logCount + slot * 4;
  const before = load<i32>(tops), after = min(before + 1, plan.mostCells);
  let from = plan.values + slot * plan.entriesPerSlot * bytes, to = from;
  if (!plan.inference) {
    const count = load<i32>(counts), end = plan.stackCells + (slot * plan.cellsPerSlot + count) * bytes;
    from = end - before * bytes;
    to = end;
    store<i32>(counts, count + after);
  }
  const v = plan.values + stepValue(plan, row, slot, 0) * bytes;
  const push = load<f32>(plan.pushes + row * 4), pop = load<f32>(plan.pops + row * 4);
  mixCells(from, to, v, bytes, before, after, push, pop);
  copyRow(r, to, bytes);
  store<i32>(tops, after);
}

/** s_t at `to`, of s_{t−1} at `from`, which may be the same place. */
function mixCells(from: usize, to: usize, v: usize, bytes: i32, before: i32, after: i32, push: f32, pop: f32): void {
  const a = f32x4.splat(push), b = f32x4.splat(pop), stay = f32x4.splat(1 - push - pop), none = f32x4.splat(0);
  for (let at = 0; at < bytes; at += VECTOR) {
    let above = v128.load(v + at), here = before > 0 ? v128.load(from + at) : none;
    for (let i = 0, cell = at; i < after; i++, cell += bytes) {
      const below = i + 1 < before ? v128.load(from + cell + bytes) : none;
      v128.store(to + cell, fma(a, above, fma(b, below, f32x4.mul(stay, here))));
      above = here;
      here = below;
    }
  }
}

/** Reverses {@link superpositionStep}, given ∂L/∂read: leaves ∂L/∂u in gPop, ∂L/∂d in gStrength, adds to ∂L/∂v. */
export function superpositionStepBackward(plan: Plan, row: i32, slot: i32, gR: usize): void {
  const bytes = plan.valueWidth * 4, tops = plan.topEntry + slot * 4, counts = plan.logCount + slot * 4;
  const after = load<i32>(tops), count = load<i32>(counts) - after;
  const before = 2 * (count + after) == after * (after + 1) ? after - 1 : after; // this step added a cell, or none
  const from = plan.stackCells + (slot * plan.cellsPerSlot + count - before) * bytes;
  const g = plan.gStackCells + slot * plan.entriesPerSlot * bytes;
  for (let at = 0; at < bytes; at += VECTOR) v128.store(g + at, f32x4.add(v128.load(g + at), v128.load(gR + at)));
  mixCellsBackward(plan, row, from, g, bytes, before, after);
  store<i32>(tops, before);
  store<i32>(counts, count);
}

/** ∂L/∂s_{t−1} in the place of ∂L/∂s_t (of the cell that the step has added too: nothing reads it), and ∂L/∂ the controls and the value. */
function mixCellsBackward(plan: Plan, row: i32, from: usize, g: usize, bytes: i32, before: i32, after: i32): void {
  const v = plan.values + row * bytes, gV = plan.gValues + row * bytes, none = f32x4.splat(0);
  const push = load<f32>(plan.pushes + row * 4), pop = load<f32>(plan.pops + row * 4);
  const a = f32x4.splat(push), b = f32x4.splat(pop), stay = f32x4.splat(1 - push - pop);
  let gPush = none, gPop = none;
  for (let at = 0; at < bytes; at += VECTOR) {
    let above = v128.load(v + at), here = before > 0 ? v128.load(from + at) : none;
    let gAbove = none, gHere = v128.load(g + at);
    v128.store(gV + at, fma(a, gHere, v128.load(gV + at))); // s_t[0] = d v + …
    for (let i = 0, cell = at; i < after; i++, cell += bytes) {
      const below = i + 1 < before ? v128.load(from + cell + bytes) : none;
      const gBelow = i + 1 < after ? v128.load(g + cell + bytes) : none;
      gPush = fma(gHere, f32x4.sub(above, here), gPush);
      gPop = fma(gHere, f32x4.sub(below, here), gPop);
      // s_{t−1}[i] is above in s_t[i+1], below in s_t[i−1], here in s_t[i]
      v128.store(g + cell, fma(a, gBelow, fma(b, gAbove, f32x4.mul(stay, gHere))));
      above = here;
      here = below;
      gAbove = gHere;
      gHere = gBelow;
    }
  }
  store<f32>(plan.gStrength + row * 4, sumOfLanes(gPush));
  store<f32>(plan.gPop + row * 4, sumOfLanes(gPop));
}
