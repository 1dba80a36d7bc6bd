/**
 * A model that reads strings symbol by symbol, without an end: what decoding needs.
 *
 * Only the last state of each string is kept, and of its memory only the rows with strength left, so that the bytes
 * taken depend on how much is in the memories, not on how long the strings have become. (A superposition stack has a cell
 * more after each step, up to its number of cells, and changes all of them at the next.)
 *
 * @module
 */
import { closeOnFailure } from "@/io/close_on_failure.ts";
import type { CellStates } from "@/models/sequence_batch.ts";
import { checkStates } from "@/models/sequence_checks.ts";
import type { CellState } from "@/network/cell.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import { ensureCapacity } from "./batch_buffers.ts";
import { readStates, writeGivenStates } from "./cell_states.ts";
import {
  type EngineBuffers,
  floats,
  integers,
  type PortControls,
  portControls,
} from "./engine_buffers.ts";
import {
  checkEngineShape,
  engineParameterShapes,
  type EngineShape,
  type EngineString,
} from "./engine_shape.ts";
import { checkFirstSums, writeFirstSums } from "./first_sums.ts";
import { checkPlaces, countPlaces, type PlaceCount, writePlaces } from "./places.ts";
import { checkFloat32, createEngineBuffers, writeTensors } from "./parameter_buffers.ts";
import { PHASE } from "./phases.ts";
import {
  checkedOptions,
  type EngineOptions,
  startWorkers,
  type WorkerPool,
} from "./worker_pool.ts";

/** A model that reads on from where it is. */
export interface Stepper extends SymbolStepper {
  /**
   * Starts reading.
   *
   * @param strings How many are read side by side, at least 1.
   * @param states What each of them starts from, if not from the trained state; without a memory only.
   * @param places What each of them may attend to, S × C; with attention only.
   * @param firstSums What is added to the sums of the lowest layer's first step, G·H; left out, 0.
   */
  start(
    strings: number,
    states?: readonly (CellStates | undefined)[],
    places?: readonly ArrayLike<number>[],
    firstSums?: readonly (ArrayLike<number> | undefined)[],
  ): void;
  /** The state of the cells of each string after the last step, layer by layer; a memory's contents are no part of it. */
  states(): CellState<Float32Array>[][];
  /** α of each string at the last step, a number for each of its places; with attention only. */
  placeWeights(): Float32Array[];
  /** Copies parameters in; what has been read so far was read with the old ones. */
  setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Of each port, d and u of each string at the last step. */
  controls(): PortControls[];
  /** Bytes of memory taken. */
  memoryBytes(): number;
  /** Ends its threads, if it has more than one. */
  close(): void;
}

/** Entries for which each memory has space at first. */
const FIRST_ENTRIES = 64;

/**
 * Makes a stepper.
 *
 * @example Two strings side by side, one symbol each.
 * ```ts
 * import { createStepper } from "@/engine/stepper.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 4, symbols: 5 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const stepper = createStepper(shape, initialParameters(shape, seededRandom(1)));
 * stepper.start(2);
 * assertEquals(stepper.step(Int32Array.of(3, 0)).length, 2 * 5); // logits
 * ```
 * @param shape The model's shape.
 * @param parameters Its parameters.
 * @param options How it works; the logits do not depend on the number of threads.
 * @returns The stepper; call `start` with the number of strings before the first step.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or there is no such build.
 * @throws {RangeError} If a size is not a whole number of at least 1, the number of threads not one from 1 to 256, or a
 * parameter is NaN or infinite.
 */
export function createStepper(
  shape: EngineShape,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
  options: EngineOptions = {},
): Stepper {
  checkEngineShape("make a stepper", shape);
  const { threads, build } = checkedOptions("make a stepper", options);
  const buffers = createEngineBuffers(shape, threads), pool = startWorkers(buffers, build);
  return closeOnFailure(pool, () => stepperOn(buffers, pool, parameters));
}

/** A stepper on a model's buffers and the threads that work on them. */
function stepperOn(
  buffers: EngineBuffers,
  pool: WorkerPool,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
): Stepper {
  const { shape } = buffers;
  buffers.plan.set({ inference: 1 });
  let reading = startReading(buffers, pool, 0);

  function setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void {
    checkFloat32("set the stepper's parameters", engineParameterShapes(shape), parameters);
    writeTensors(buffers, "weightsAt", parameters);
    pool.run(PHASE.prepare);
  }
  setParameters(parameters);

  return {
    setParameters,
    start(strings, states, places, firstSums) {
      if (!(Number.isSafeInteger(strings) && strings >= 1)) {
        throw new RangeError(`Cannot start reading: wanted at least 1 string, got ${strings}`);
      }
      if (states) checkEachState(shape, strings, states);
      const given = Array.from(
        { length: strings },
        (_, i) => ({ places: places?.[i], firstSums: firstSums?.[i] }),
      );
      checkPlaces("start reading", shape, given);
      checkFirstSums("start reading", shape, given);
      reading = startReading(buffers, pool, strings, states, given);
    },
    step: (symbols) => reading.step(symbols),
    states: () => reading.states(),
    controls: () => reading.controls(),
    placeWeights: () => reading.placeWeights(),
    memoryBytes: () => buffers.arena.end(),
    close: () => pool.close(),
  };
}

function checkEachState(
  shape: EngineShape,
  strings: number,
  states: readonly (CellStates | undefined)[],
): void {
  if (states.length !== strings) {
    const wanted = `${strings} states (one for each string)`;
    throw new TypeError(`Cannot start reading: wanted ${wanted}, got ${states.length}`);
  }
  states.forEach((state, i) => {
    if (state) checkStates("start reading", shape, `state for string ${i}`, state);
  });
}

/** Strings being read: their states lie in rows 0 … strings − 1 and in the next as many, by turns. */
interface Reading {
  step(symbols: Int32Array): Float32Array;
  states(): CellState<Float32Array>[][];
  controls(): PortControls[];
  placeWeights(): Float32Array[];
}

function startReading(
  buffers: EngineBuffers,
  pool: WorkerPool,
  strings: number,
  states: readonly (CellStates | undefined)[] = [],
  added: readonly Pick<EngineString, "places" | "firstSums">[] = [],
): Reading {
  const { shape, layout, plan } = buffers, { symbols: K } = shape, { widths } = layout;
  let [from, to, steps] = [0, strings, 0];
  const places = countPlaces(shape, added);
  let entries = FIRST_ENTRIES, checkAt = 0, views = placeReading(buffers, strings, entries, places);
  const logits = new Float32Array(strings * K); // the same array is returned at each step
  const given = integers(buffers, "given", strings);
  writeGivenStates(buffers, given, strings, (slot) => ({ inputs: [], start: states[slot] }));
  writePlaces(buffers, strings, (slot) => added[slot]);
  writeFirstSums(buffers, given, strings, (slot) => added[slot] ?? {});
  if (strings > 0) pool.run(PHASE.start);

  /** A memory grows by one row, or one cell, for each port a step at most, so most steps need not check. */
  function ensureEntries(): void {
    let most = 0;
    for (let slot = 0; slot < strings; slot++) {
      most = Math.max(most, views.topEntry[slot] - views.bottomEntry[slot]);
    }
    if (most + widths.ports > entries) {
      const saved = saveReading(buffers, strings, from, entries);
      const larger = Math.ceil(1.125 * (most + widths.ports));
      views = placeReading(buffers, strings, larger, places); // or throws, and nothing has changed
      entries = larger;
      restoreReading(buffers, strings, from, entries, saved);
    }
    checkAt = steps + Math.floor((entries - most) / widths.ports);
  }

  return {
    step(symbols) {
      checkSymbols(symbols, strings, K);
      if (widths.ports > 0 && steps === checkAt) ensureEntries();
      for (let slot = 0; slot < strings; slot++) {
        views.symbol[from + slot] = symbols[slot];
        views.lossRow[slot] = to + slot;
        if (views.contextRow.length > 0) views.contextRow[slot] = from + slot;
      }
      plan.set({ readFrom: from, readTo: to });
      pool.run(PHASE.read | PHASE.decode);
      if (steps === 0) integers(buffers, "given", strings).fill(0); // their first step is over
      for (let slot = 0, i = 0; slot < strings; slot++) {
        for (let k = 0; k < K; k++) logits[i++] = views.logits[slot * widths.logits + k];
      }
      [from, to] = [to, from];
      steps++;
      return logits;
    },
    states: () => Array.from({ length: strings }, (_, slot) => readStates(buffers, from + slot)),
    controls: () => portControls(buffers, from, from + strings),
    placeWeights() {
      const { placesPerRow } = places, first = integers(buffers, "firstPlace", strings + 1);
      const all = floats(buffers, "placeWeights", 2 * strings * placesPerRow);
      return Array.from({ length: strings }, (_, slot) => {
        const at = (to + slot) * placesPerRow; // the row from which the step has started
        return all.slice(at, at + first[slot + 1] - first[slot]);
      });
    },
  };
}

/** What a step reads and writes from here, looked up once. */
interface ReadingViews {
  readonly symbol: Int32Array;
  readonly lossRow: Int32Array;
  /** Empty without attention. */
  readonly contextRow: Int32Array;
  readonly bottomEntry: Int32Array;
  readonly topEntry: Int32Array;
  readonly logits: Float32Array;
}

/** Makes the buffers large enough for so many strings with so many entries each. */
function placeReading(
  buffers: EngineBuffers,
  strings: number,
  entries: number,
  places: PlaceCount,
): ReadingViews {
  const all = strings * entries, rows = 2 * strings, { widths } = buffers.layout;
  const sizes = { slots: strings, steps: 1, rows, losses: strings, stackCells: 0, ...places };
  ensureCapacity(buffers, { ...sizes, entries: all, valueRows: all + strings * widths.ports });
  const losses = { outputLosses: strings, previousFrom: strings, losses: strings };
  buffers.plan.set({ slots: strings, entriesPerSlot: entries, ...losses });
  const perMemory = (field: "bottomEntry" | "topEntry") =>
    integers(buffers, field, widths.ports > 0 ? strings : 0);
  return {
    symbol: integers(buffers, "symbol", 2 * strings),
    lossRow: integers(buffers, "lossRow", strings),
    contextRow: integers(buffers, "contextRow", widths.attention > 0 ? strings : 0),
    bottomEntry: perMemory("bottomEntry"),
    topEntry: perMemory("topEntry"),
    logits: floats(buffers, "logits", strings * widths.logits),
  };
}

function checkSymbols(symbols: Int32Array, strings: number, K: number): void {
  if (symbols.length !== strings) {
    const wanted = `${strings} symbols (one for each string)`;
    throw new TypeError(`Cannot read on: wanted ${wanted}, got ${symbols.length}`);
  }
  const misfit = symbols.find((symbol) => symbol < 0 || symbol >= K);
  if (misfit !== undefined) {
    throw new RangeError(`Cannot read on: wanted symbols from 0 to ${K - 1}, got ${misfit}`);
  }
}

/** All that must outlive a move to a larger place: the entries that are not empty, and each layer's last state. */
interface SavedReading {
  readonly live: Int32Array;
  readonly strengths: Float32Array[];
  readonly values: Float32Array[];
  readonly states: Float32Array[];
  readonly cells: Float32Array[];
}

/** Copies out the state of the strings; `from` is the first one's row, `places` the space of each one's memory. */
function saveReading(
  buffers: EngineBuffers,
  strings: number,
  from: number,
  places: number,
): SavedReading {
  const { plan, layers, shape } = buffers, { value, hidden } = buffers.layout.widths;
  const { buffer } = buffers.arena.memory, bottom = integers(buffers, "bottomEntry", strings);
  const live = integers(buffers, "topEntry", strings).map((top, slot) => top - bottom[slot]);
  const copy = (at: number, first: number, length: number) =>
    new Float32Array(buffer, at + 4 * first, length).slice();
  /** The entries go round: they may begin in the middle and end before it. */
  const inOrder = (at: number, slot: number, width: number) => {
    const place = slot * places, untilEnd = Math.min(live[slot], places - bottom[slot]);
    const numbers = new Float32Array(live[slot] * width);
    numbers.set(copy(at, (place + bottom[slot]) * width, untilEnd * width));
    numbers.set(copy(at, place * width, (live[slot] - untilEnd) * width), untilEnd * width);
    return numbers;
  };
  return {
    live,
    strengths: Array.from(live, (_, slot) => inOrder(plan.get("liveStrength"), slot, 1)),
    values: Array.from(live, (_, slot) => inOrder(plan.get("values"), slot, value)),
    states: layers.map((layer) => {
      const width = layer.get("stateWidth");
      return copy(layer.get("states"), from * width, strings * width);
    }),
    cells: shape.cell !== "lstm"
      ? []
      : layers.map((layer) => copy(layer.get("cells"), from * hidden, strings * hidden)),
  };
}

/** Puts back what {@linkcode saveReading} copied, wherever everything lies now. */
function restoreReading(
  buffers: EngineBuffers,
  strings: number,
  from: number,
  places: number,
  saved: SavedReading,
): void {
  const { plan } = buffers,
    { buffer } = buffers.arena.memory,
    { value, hidden } = buffers.layout.widths;
  const put = (at: number, first: number, numbers: Float32Array) =>
    new Float32Array(buffer, at + 4 * first, numbers.length).set(numbers);
  const liveRow = integers(buffers, "liveRow", strings * places);
  integers(buffers, "bottomEntry", strings).fill(0);
  integers(buffers, "topEntry", strings).set(saved.live);
  for (let slot = 0; slot < strings; slot++) {
    put(plan.get("liveStrength"), slot * places, saved.strengths[slot]);
    put(plan.get("values"), slot * places * value, saved.values[slot]);
    for (let i = 0; i < saved.live[slot]; i++) liveRow[slot * places + i] = slot * places + i;
  }
  buffers.layers.forEach((layer, l) => {
    put(layer.get("states"), from * layer.get("stateWidth"), saved.states[l]);
    if (saved.cells.length > 0) put(layer.get("cells"), from * hidden, saved.cells[l]);
  });
}
