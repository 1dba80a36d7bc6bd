/**
 * A model that reads strings symbol by symbol, for as long as one likes: what decoding needs.
 *
 * Only the last state of each string is kept, and of its stack only the rows with strength left, so that memory depends
 * on how much is on the stacks, not on how long the strings have become.
 *
 * @module
 */
import { checkSequenceShape, type SequenceModelShape } from "@/models/sequence_shape.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import { reserve } from "./batch_memory.ts";
import { type EngineMemory, floats, integers, setPlan } from "./engine_memory.ts";
import { checkFloat32 } from "./float32_checks.ts";
import { checkBuild, type KernelBuild, type Kernels, loadKernels } from "./kernel_calls.ts";
import { createEngineMemory } from "./parameter_memory.ts";
import { writeTensor } from "./parameter_layout.ts";
import { restoreReading, saveReading } from "./reading_state.ts";

/** A model that goes on from where it is. */
export interface Stepper extends SymbolStepper {
  /** Copies parameters in; what has been read so far was read with the old ones. */
  setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void;
  /** What the stack of each string was told at the last step: d and u. */
  controls(): { readonly pushes: Float32Array; readonly pops: Float32Array };
  /** Bytes of memory taken. */
  memoryBytes(): number;
}

/** Rows that each stack has room for at first. */
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
 * @param build Which kernels.
 * @returns The stepper; `start` says how many strings it is to read.
 * @throws {TypeError} If a tensor is missing, unknown or of the wrong size, or there is no such build.
 * @throws {RangeError} If a size is not a whole number of at least 1, or a parameter is NaN or infinite.
 */
export function createStepper(
  shape: SequenceModelShape,
  parameters: Readonly<Record<string, ArrayLike<number>>>,
  build: KernelBuild = "relaxed",
): Stepper {
  checkSequenceShape("make a stepper", shape);
  checkBuild("make a stepper", build);
  const memory = createEngineMemory(shape, 1), { layout } = memory;
  setPlan(memory, { remember: 0 });
  const kernels = loadKernels(memory.arena.memory, build);
  let reading = createReading(memory, kernels, 0);

  function setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void {
    checkFloat32("set the stepper's parameters", shape, parameters);
    const flat = floats(memory, "weightsAt", layout.size);
    for (const [name, pieces] of layout.pieces) writeTensor(pieces, flat, parameters[name]);
    kernels.prepare(memory.planAt, 0, 1);
  }
  setParameters(parameters);

  return {
    setParameters,
    start(strings) {
      if (!(Number.isSafeInteger(strings) && strings >= 1)) {
        throw new RangeError(`Cannot start reading: wanted at least 1 string, got ${strings}`);
      }
      reading = createReading(memory, kernels, strings);
    },
    step: (symbols) => reading.step(symbols),
    controls: () => reading.controls(),
    memoryBytes: () => memory.arena.taken(),
  };
}

/** Strings being read: their states lie in rows 0 … strings − 1 and in the next as many, by turns. */
interface Reading {
  step(symbols: Int32Array): Float32Array;
  controls(): { readonly pushes: Float32Array; readonly pops: Float32Array };
}

function createReading(memory: EngineMemory, kernels: Kernels, strings: number): Reading {
  const { shape, layout, planAt } = memory, { symbols: K } = shape, width = layout.widths.logits;
  const stack = shape.memory === "stack";
  let [from, to, steps] = [0, strings, 0];
  let entries = FIRST_ENTRIES, lookAt = entries, views = makeRoom(memory, strings, entries);
  const logits = new Float32Array(strings * K); // handed out again at each step
  if (strings > 0) kernels.start(planAt, 0, 1);

  /** A stack grows by one row a step at most, so most steps need not look. */
  function keepRoom(): void {
    let most = 0;
    for (let slot = 0; slot < strings; slot++) most = Math.max(most, views.liveCount[slot]);
    if (most === entries) {
      const kept = saveReading(memory, strings, from, entries);
      const larger = Math.ceil(1.125 * most);
      views = makeRoom(memory, strings, larger); // or throws, and nothing has changed
      entries = larger;
      restoreReading(memory, strings, from, entries, kept);
    }
    lookAt = steps + entries - most;
  }

  return {
    step(symbols) {
      checkSymbols(symbols, strings, K);
      if (stack && steps === lookAt) keepRoom();
      for (let slot = 0; slot < strings; slot++) {
        views.symbol[from + slot] = symbols[slot];
        views.lossRow[slot] = to + slot;
      }
      kernels.forwardStep(planAt, from, to, 0, 1, strings);
      kernels.decode(planAt, 0, strings);
      for (let slot = 0, i = 0; slot < strings; slot++) {
        for (let k = 0; k < K; k++) logits[i++] = views.logits[slot * width + k];
      }
      [from, to] = [to, from];
      steps++;
      return logits;
    },
    controls() {
      const last = (field: string) => floats(memory, field, from + strings).slice(from);
      return { pushes: last("pushes"), pops: last("pops") };
    },
  };
}

/** What a step reads and writes from here, looked up once. */
interface ReadingViews {
  readonly symbol: Int32Array;
  readonly lossRow: Int32Array;
  readonly liveCount: Int32Array;
  readonly logits: Float32Array;
}

function makeRoom(memory: EngineMemory, strings: number, entries: number): ReadingViews {
  const all = strings * entries, rows = 2 * strings;
  reserve(memory, {
    slots: strings,
    steps: 1,
    rows,
    losses: strings,
    stackEntries: all,
    valueRows: all,
  });
  setPlan(memory, { slots: strings, capacity: entries, outputLosses: strings, losses: strings });
  return {
    symbol: integers(memory, "symbol", 2 * strings),
    lossRow: integers(memory, "lossRow", strings),
    liveCount: memory.shape.memory === "stack"
      ? integers(memory, "liveCount", strings)
      : new Int32Array(strings),
    logits: floats(memory, "logits", strings * memory.layout.widths.logits),
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
