/**
 * A batch of strings in the kernels' memory, without a row of padding.
 *
 * Strings are sorted by length, longest in slot 0; row(τ, slot) = rowStart[τ] + slot is a string's state after τ steps.
 * A string under way at step t is one of the first active[t] slots.
 *
 * @module
 */
import { anchorsOf, anchorWeightAt, stepKind } from "@/models/control_loss.ts";
import {
  type LossWeights,
  type SequenceBatch,
  type SequenceString,
  STEP_KINDS,
} from "@/models/sequence_batch.ts";
import { AUXILIARY_PORT, previousTarget } from "@/models/sequence_loss.ts";
import { cellsOfAllSteps, ensureCapacity } from "./batch_buffers.ts";
import { writeGivenStates } from "./cell_states.ts";
import type { EngineBatch } from "./engine_shape.ts";
import { writeFirstSums } from "./first_sums.ts";
import { type PlaceCount, writePlaces } from "./places.ts";
import { type EngineBuffers, floats, integers, type PlanField } from "./engine_buffers.ts";

/** Views of a batch in memory; made again only when its capacity has grown. */
export interface BatchViews {
  readonly rowStart: Int32Array;
  readonly active: Int32Array;
  readonly symbol: Int32Array;
  readonly lossRow: Int32Array;
  readonly lossOfRow: Int32Array;
  /** Empty without attention. */
  readonly contextRow: Int32Array;
  readonly lossTarget: Int32Array;
  readonly lossWeight: Float32Array;
  readonly loss: Float32Array;
  readonly logits: Float32Array;
  /** The kind of each row's step, its place in `STEP_KINDS`; empty without a memory. */
  readonly stepKind: Int32Array;
  /** Of row · P + port; empty without a memory, as are the next five. */
  readonly pushNoise: Float32Array;
  readonly popNoise: Float32Array;
  readonly anchorLoss: Float32Array;
  readonly hingeLoss: Float32Array;
  readonly pushes: Float32Array;
  readonly pops: Float32Array;
  /** What each slot's string brings with it: see `GIVEN`. */
  readonly given: Int32Array;
  /** Which string is in a slot. */
  readonly stringAt: Int32Array;
  /** The next free slot for a string of each length. */
  readonly nextSlot: Int32Array;
}

/** How large a batch is. */
export interface BatchSize {
  slots: number;
  steps: number;
  rows: number;
  outputLosses: number;
  /** The first loss of the symbol before. */
  previousFrom: number;
  losses: number;
}

/** Makes views of the whole capacity of the buffers. */
export function batchViews(buffers: EngineBuffers): BatchViews {
  const { rows, steps, losses, slots } = buffers.capacity, { widths } = buffers.layout;
  const perPort = (field: PlanField) =>
    widths.ports > 0 ? floats(buffers, field, rows * widths.ports) : new Float32Array(0);
  return {
    rowStart: integers(buffers, "rowStart", steps + 2),
    active: integers(buffers, "active", steps + 1),
    symbol: integers(buffers, "symbol", rows),
    lossRow: integers(buffers, "lossRow", losses),
    lossOfRow: integers(buffers, "lossOfRow", rows),
    contextRow: integers(buffers, "contextRow", widths.attention > 0 ? losses : 0),
    lossTarget: integers(buffers, "lossTarget", losses),
    lossWeight: floats(buffers, "lossWeight", losses),
    loss: floats(buffers, "loss", losses),
    logits: floats(buffers, "logits", losses * widths.logits),
    stepKind: integers(buffers, "stepKind", widths.ports > 0 ? rows : 0),
    pushNoise: perPort("pushNoise"),
    popNoise: perPort("popNoise"),
    anchorLoss: perPort("anchorLoss"),
    hingeLoss: perPort("hingeLoss"),
    pushes: perPort("pushes"),
    pops: perPort("pops"),
    given: integers(buffers, "given", slots),
    stringAt: new Int32Array(slots),
    nextSlot: new Int32Array(steps + 2),
  };
}

/**
 * Measures a batch.
 *
 * @param size Where the result goes.
 * @param batch The batch, checked.
 * @param everyStep Whether every step's logits are wanted, whatever its target.
 */
export function measureBatch(size: BatchSize, batch: SequenceBatch, everyStep: boolean): void {
  const { strings, valueWeight = 0, previousWeight = 0 } = batch;
  size.slots = strings.length;
  size.steps = size.rows = size.outputLosses = 0;
  let [valueLosses, previousLosses] = [0, 0];
  for (const string of strings) {
    const { inputs, targets, valueTargets } = string, T = inputs.length;
    size.steps = Math.max(size.steps, T);
    size.rows += T + 1;
    size.outputLosses += everyStep ? T : countTargets(targets);
    if (everyStep || !valueTargets) continue;
    if (valueWeight !== 0) valueLosses += countTargets(valueTargets);
    if (previousWeight !== 0) previousLosses += countTargets(previousTargets(string));
  }
  size.previousFrom = size.outputLosses + valueLosses;
  size.losses = size.previousFrom + previousLosses;
}

function countTargets(targets: readonly number[]): number {
  let count = 0;
  for (let t = 0; t < targets.length; t++) if (targets[t] >= 0) count++;
  return count;
}

/** Makes the buffers large enough to train on a batch; true if the views must be made again. */
export function ensureTrainingCapacity(
  buffers: EngineBuffers,
  size: BatchSize,
  places: PlaceCount = { places: 0, placesPerRow: 0 },
): boolean {
  const { slots, steps, rows, losses } = size, { ports } = buffers.layout.widths;
  return ensureCapacity(buffers, {
    stackCells: slots * cellsOfAllSteps(buffers.shape, steps),
    slots,
    steps,
    rows,
    losses,
    entries: slots * steps * ports,
    valueRows: rows * ports,
    ...places,
  });
}

/**
 * Writes a batch into the buffers.
 *
 * @param buffers The model's, large enough.
 * @param views Of them.
 * @param size As measured.
 * @param batch The batch.
 * @param everyStep As measured.
 */
export function writeBatch(
  buffers: EngineBuffers,
  views: BatchViews,
  size: BatchSize,
  batch: EngineBatch,
  everyStep: boolean,
): void {
  const { outputWeight, valueWeight = 0, previousWeight = 0 } = batch;
  const { ports } = buffers.layout.widths;
  sortIntoSlots(views, size, batch);
  writeInputs(views, size, batch, ports);
  const stringIn = (slot: number) => batch.strings[views.stringAt[slot]];
  writeGivenStates(buffers, views.given, size.slots, stringIn);
  writeFirstSums(buffers, views.given, size.slots, stringIn);
  writePlaces(buffers, size.slots, stringIn);
  views.lossOfRow.fill(-1, 0, size.rows);
  const write = (targetsOf: TargetsOf, weight: number, from: number, every = false) =>
    writeLossRows(views, size, batch, { targetsOf, weight, from, everyStep: every });
  const next = write(({ targets }) => targets, outputWeight, 0, everyStep);
  for (let n = 0; n < next; n++) views.lossOfRow[views.lossRow[n]] = n;
  let end = next;
  if (valueWeight !== 0 && !everyStep) {
    end = write((string) => string.valueTargets, valueWeight, end);
  }
  if (previousWeight !== 0 && !everyStep) end = write(previousTargets, previousWeight, end);
  for (let n = next; n < end; n++) views.lossRow[n] = views.lossRow[n] * ports + AUXILIARY_PORT;
  writeControlLoss(buffers, batch);
  const cellsPerSlot = cellsOfAllSteps(buffers.shape, size.steps);
  buffers.plan.set({ ...size, entriesPerSlot: size.steps * ports, cellsPerSlot });
}

/** Writes what the anchor and the hinge need beside the kinds of the steps. */
function writeControlLoss(buffers: EngineBuffers, batch: SequenceBatch): void {
  const { hingeWeight = 0, hingeBound = 0 } = batch, { ports } = buffers.layout.widths;
  const numbers = Array.from({ length: ports }, (_, port) => {
    const anchors = anchorsOf(batch, port);
    return STEP_KINDS.map((kind) => {
      return [anchors[kind].push, anchors[kind].pop, anchorWeightAt(batch, kind)];
    });
  }).flat(2);
  floats(buffers, "anchors", numbers.length).set(numbers);
  buffers.plan.set({ hingeWeight, hingeBound });
}

/** Sorts the strings into slots by length, and counts those that are under way at each step. */
function sortIntoSlots(
  views: BatchViews,
  { steps, slots }: BatchSize,
  { strings }: SequenceBatch,
): void {
  const { active, rowStart, nextSlot, stringAt } = views;
  active.fill(0, 0, steps + 1);
  for (let i = 0; i < slots; i++) active[strings[i].inputs.length]++;
  for (let t = steps - 1; t >= 0; t--) active[t] += active[t + 1];
  rowStart[0] = 0;
  for (let t = 0; t <= steps; t++) {
    rowStart[t + 1] = rowStart[t] + active[t];
    nextSlot[t] = t < steps ? active[t + 1] : 0; // longer strings come first
  }
  for (let i = 0; i < slots; i++) stringAt[nextSlot[strings[i].inputs.length]++] = i;
}

/** How long the string in each slot is. */
export function lengthsBySlot({ active }: BatchViews, { slots, steps }: BatchSize): number[] {
  let T = steps;
  return Array.from({ length: slots }, (_, slot) => {
    while (active[T] <= slot) T--;
    return T;
  });
}

function writeInputs(
  views: BatchViews,
  { slots }: BatchSize,
  { strings }: SequenceBatch,
  ports: number,
): void {
  const { rowStart, symbol, stepKind: kinds, stringAt } = views;
  for (let slot = 0; slot < slots; slot++) {
    const string = strings[stringAt[slot]], { inputs, pushNoise, popNoise } = string;
    const T = inputs.length;
    for (let t = 0; t < T; t++) symbol[rowStart[t] + slot] = inputs[t];
    symbol[rowStart[T] + slot] = 0; // nothing follows
    if (ports === 0) continue;
    for (let t = 0; t < T; t++) {
      kinds[rowStart[t + 1] + slot] = STEP_KINDS.indexOf(stepKind(string, t));
    }
    for (let port = 0; port < ports; port++) {
      for (let t = 0; t < T; t++) {
        const at = (rowStart[t + 1] + slot) * ports + port, i = port * T + t;
        views.pushNoise[at] = pushNoise === undefined ? 0 : pushNoise[i];
        views.popNoise[at] = popNoise === undefined ? 0 : popNoise[i];
      }
    }
  }
}

/** A list of targets of a string, one for each step, −1 where there is none. */
type TargetsOf = (string: SequenceString) => readonly number[] | undefined;

/** The symbol before the current one, at each step that has a value target. */
function previousTargets(string: SequenceString): number[] {
  return string.inputs.map((_, t) => previousTarget(string, t));
}

interface LossRows {
  readonly targetsOf: TargetsOf;
  readonly weight: number;
  /** The first one. */
  readonly from: number;
  readonly everyStep: boolean;
}

/** Writes loss rows string by string, the longest first; returns the number of the next one. */
function writeLossRows(
  views: BatchViews,
  { slots }: BatchSize,
  { strings }: SequenceBatch,
  { targetsOf, weight, from, everyStep }: LossRows,
): number {
  const { rowStart, lossRow, lossTarget, lossWeight, stringAt, contextRow } = views;
  let n = from;
  for (let slot = 0; slot < slots; slot++) {
    const targets = targetsOf(strings[stringAt[slot]]);
    if (targets === undefined) continue;
    for (let t = 1, T = targets.length; t <= T; t++) {
      const target = targets[t - 1];
      if (target < 0 && !everyStep) continue;
      lossRow[n] = rowStart[t] + slot;
      if (contextRow.length > 0) contextRow[n] = rowStart[t - 1] + slot;
      lossTarget[n] = target < 0 ? 0 : target;
      lossWeight[n++] = weight;
    }
  }
  return n;
}

/** A batch's loss and its parts; see `sequence_loss.ts`. */
export interface BatchLoss {
  /** The sum of the parts. */
  readonly loss: number;
  /** Cross-entropy of the outputs. */
  readonly outputLoss: number;
  /** Cross-entropy of the values. */
  readonly valueLoss: number;
  /** Cross-entropy of the values and the symbols before. */
  readonly previousLoss: number;
  /** Squared distance of the push and pop sums from their anchors. */
  readonly anchorLoss: number;
  /** Squares of how far push or pop sums are above the hinge's bound. */
  readonly hingeLoss: number;
}

/**
 * Adds up a batch's loss in Float64, in the order of the rows.
 *
 * @param views Of the batch.
 * @param size Of the batch.
 * @param ports Of the model's memory.
 * @param weights Of the loss: a part without a weight has left nothing at its rows.
 * @returns The loss and its parts.
 */
export function sumLoss(
  views: BatchViews,
  { slots, rows, outputLosses, previousFrom, losses }: BatchSize,
  ports: number,
  { anchorWeight = 0, firstAnchorWeight = 0, hingeWeight = 0 }: LossWeights,
): BatchLoss {
  const ofControls = (numbers: Float32Array, weight: number) =>
    weight !== 0 ? sum(numbers, slots * ports, rows * ports) : 0;
  const outputLoss = sum(views.loss, 0, outputLosses);
  const valueLoss = sum(views.loss, outputLosses, previousFrom);
  const previousLoss = sum(views.loss, previousFrom, losses);
  const anchorLoss = ofControls(views.anchorLoss, anchorWeight || firstAnchorWeight);
  const hingeLoss = ofControls(views.hingeLoss, hingeWeight);
  const loss = outputLoss + valueLoss + anchorLoss + previousLoss + hingeLoss;
  return { loss, outputLoss, valueLoss, previousLoss, anchorLoss, hingeLoss };
}

function sum(numbers: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += numbers[i];
  return sum;
}
