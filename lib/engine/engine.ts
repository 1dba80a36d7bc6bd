/**
 * The sequence model, batched, in Float32, on several threads: the equations of `sequence_model.ts`, computed by the
 * kernels of `assembly/`. Tests compare every number with that reference.
 *
 * @module
 */
import type { CellStateGradients } from "@/models/sequence_batch.ts";
import type { CellState, CellStateGradient } from "@/network/cell.ts";
import { range, sum } from "@/math/lists.ts";
import { checkBatch, checkString } from "@/models/sequence_checks.ts";
import {
  type BatchLoss,
  type BatchSize,
  type BatchViews,
  batchViews,
  ensureTrainingCapacity,
  lengthsBySlot,
  measureBatch,
  sumLoss,
  writeBatch,
} from "./batch_layout.ts";
import {
  checkOutputGradients,
  readOutputs,
  readStartGradient,
  readStates,
  writeGivenStates,
  writeOutputGradients,
} from "./cell_states.ts";
import { type EngineBuffers, type PortControls, portControls } from "./engine_buffers.ts";
import {
  checkEngineShape,
  type EngineBatch,
  engineParameterShapes,
  type EngineShape,
  type EngineString,
} from "./engine_shape.ts";
import { checkFirstSums, readFirstSumGradient } from "./first_sums.ts";
import { type Optimizer, writeOptimizer } from "./optimizer.ts";
import {
  checkFloat32,
  createEngineBuffers,
  readTensors,
  sumsOfSquares,
  writeTensors,
} from "./parameter_buffers.ts";
import { checkPlaces, countPlaces, readPlaceGradient } from "./places.ts";
import { PHASE } from "./phases.ts";
import {
  checkedOptions,
  type EngineOptions,
  startWorkers,
  type WorkerPool,
} from "./worker_pool.ts";

/** Parameters, gradients, moments: a typed array for each name of `engineParameterShapes`. */
export type Tensors = Record<string, Float32Array>;

/** The result of an update. */
export interface UpdateReport extends BatchLoss {
  /** ‖∂L/∂θ‖₂ before clipping; NaN if the loss is not finite. */
  readonly gradientNorm: number;
  /** False if the loss or that norm was not finite: then nothing was changed. */
  readonly applied: boolean;
}

/** The state of an optimizer. */
export interface OptimizerState {
  /** Steps made. */
  readonly steps: number;
  /** Adam's m. */
  readonly first: Tensors;
  /** Adam's and RMSProp's v. */
  readonly second: Tensors;
}

/** A batch's loss, its gradient with respect to every parameter, and what goes on to other batches. */
export interface GradientReport extends BatchLoss {
  readonly gradients: Tensors;
  /** As {@linkcode Engine.finalStates}. */
  readonly final: CellState<Float32Array>[][];
  /** As {@linkcode Engine.startGradients}. */
  readonly gStart: CellStateGradient<Float32Array>[][];
}

/** A model ready to run. */
export interface Engine {
  readonly shape: EngineShape;
  /** Copies parameters in. */
  setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Copies parameters out. */
  parameters(): Tensors;
  /** The loss of a batch, its gradient, and each string's final state and gradient with respect to its start. */
  gradient(batch: EngineBatch): GradientReport;
  /**
   * The loss of a batch, without copies: its gradient stays in the engine, for {@linkcode Engine.gradientNorm},
   * {@linkcode Engine.step}, {@linkcode Engine.gradients} and {@linkcode Engine.startGradients}.
   */
  takeGradient(batch: EngineBatch): BatchLoss;
  /** Each string's logits at every step, T × K, in the order of the batch. */
  logits(batch: EngineBatch): Float32Array[];
  /** One step of an optimizer along a batch's gradient. */
  update(batch: EngineBatch, optimizer: Optimizer): UpdateReport;
  /**
   * Runs a batch without a loss: h of the top layer after every step, T × H, in the order of the batch. What is computed from
   * them elsewhere, such as attention, has its gradient come back through {@linkcode Engine.backward}.
   */
  forward(batch: EngineBatch): Float32Array[];
  /**
   * Reverses the batch that {@linkcode Engine.forward} ran last.
   *
   * @param gOutputs ∂L/∂h of the top layer at every step, T × H for each string; the state after the last step has that of
   * `gFinal` besides.
   * @param gFinal ∂L/∂ the final state of each string; left out, 0.
   * @throws {Error} If something else has run in between.
   * @throws {TypeError} If a gradient is missing or of the wrong size.
   */
  backward(gOutputs: readonly ArrayLike<number>[], gFinal?: readonly CellStateGradients[]): void;
  /** One step of an optimizer along the gradient that was computed last; see {@linkcode UpdateReport}. */
  step(optimizer: Optimizer): Pick<UpdateReport, "gradientNorm" | "applied">;
  /** The gradient that was computed last. */
  gradients(): Tensors;
  /** ‖∂L/∂θ‖₂ of the gradient that was computed last. */
  gradientNorm(): number;
  /** Of each port, d and u of all steps of the batch that ran last, step by step, the longest string first. */
  controls(): PortControls[];
  /**
   * The state of the cells in which each string of the batch that ran last has ended, layer by layer, in the batch's order:
   * the next batch's strings may start from it, as in truncated backpropagation through time.
   */
  finalStates(): CellState<Float32Array>[][];
  /**
   * ∂L/∂ the state from which each string of the batch that ran last has started, layer by layer, in the batch's order.
   *
   * @throws {Error} If the last batch ran forwards only.
   */
  startGradients(): CellStateGradient<Float32Array>[][];
  /**
   * ∂L/∂ what was added to the first sums of each string of the batch that ran last, G·H, in the batch's order; also where
   * nothing was.
   *
   * @throws {Error} If the last batch ran forwards only.
   */
  firstSumGradients(): Float32Array[];
  /**
   * ∂L/∂ the places of each string of the batch that ran last, S × C, in the batch's order; empty without attention.
   *
   * @throws {Error} If the last batch ran forwards only.
   */
  placeGradients(): Float32Array[];
  optimizerState(): OptimizerState;
  setOptimizerState(state: OptimizerState): void;
  /** Bytes of memory taken. */
  memoryBytes(): number;
  /** Ends the workers; the engine can then no longer be used. */
  close(): void;
}

/**
 * Makes an engine; its parameters are all 0 until they are set.
 *
 * @example One update lowers the loss.
 * ```ts
 * import { createEngine } from "@/engine/engine.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { assertLess } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 8, embedding: 4, valueWidth: 4, symbols: 5 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * const engine = createEngine(shape);
 * engine.setParameters(initialParameters(shape, seededRandom(1)));
 * const strings = [{ inputs: [3, 0, 1, 4, 1], targets: [-1, -1, -1, 1, 0] }];
 * const before = engine.update({ strings, outputWeight: 0.5 }, { rule: "adam", rate: 0.01 });
 * assertLess(engine.gradient({ strings, outputWeight: 0.5 }).loss, before.loss);
 * ```
 * @example Truncated backpropagation through time: the second update starts where the first has ended.
 * ```ts
 * import { createEngine } from "@/engine/engine.ts";
 * import { seededRandom } from "@/math/random.ts";
 * import { initialParameters } from "@/models/sequence_parameters.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 2, hidden: 8, embedding: 4, valueWidth: 0, symbols: 5 };
 * const shape = { cell: "gru", memory: "none", ...sizes } as const;
 * const engine = createEngine(shape);
 * engine.setParameters(initialParameters(shape, seededRandom(1)));
 * const optimizer = { rule: "adam", rate: 0.01 } as const;
 * engine.update({ strings: [{ inputs: [3, 0], targets: [0, 1] }], outputWeight: 0.5 }, optimizer);
 * const [start] = engine.finalStates();
 * const next = { inputs: [1, 4], targets: [4, 1], start };
 * engine.update({ strings: [next], outputWeight: 0.5 }, optimizer);
 * assertEquals(engine.startGradients()[0].map(({ gH }) => gH.length), [8, 8]); // not passed back here
 * ```
 * @param shape The model's shape.
 * @param options How it works.
 * @returns The engine.
 * @throws {TypeError} If there is no such cell, memory or build.
 * @throws {RangeError} If a size is not a whole number of at least 1, or the number of threads not one from 1 to 256.
 * @throws {Error} If a worker cannot be started.
 */
export function createEngine(shape: EngineShape, options: EngineOptions = {}): Engine {
  checkEngineShape("make an engine", shape);
  const { threads, build } = checkedOptions("make an engine", options);
  const buffers = createEngineBuffers(shape, threads), pool = startWorkers(buffers, build);
  return engineOn(buffers, pool);
}

/** An engine on a model's buffers and the threads that work on them. */
function engineOn(buffers: EngineBuffers, pool: WorkerPool): Engine {
  const { shape } = buffers;
  const size: BatchSize = {
    slots: 0,
    steps: 0,
    rows: 0,
    outputLosses: 0,
    previousFrom: 0,
    losses: 0,
  };
  const wanted = { ...size };
  let [views, stale, steps]: [BatchViews, boolean, number] = [batchViews(buffers), true, 0];
  let reversed = false;
  let reversible: readonly EngineString[] | undefined;

  /** Writes a batch into memory and runs phases on it; weights are packed again if they have changed. */
  function run(action: string, batch: EngineBatch, phases: number, everyStep = false): void {
    checkBatch(action, shape, batch);
    checkPlaces(action, shape, batch.strings);
    checkFirstSums(action, shape, batch.strings);
    measureBatch(wanted, batch, everyStep);
    const places = countPlaces(shape, batch.strings);
    if (ensureTrainingCapacity(buffers, wanted, places)) views = batchViews(buffers);
    Object.assign(size, wanted);
    writeBatch(buffers, views, size, batch, everyStep);
    pool.run(stale ? phases | PHASE.prepare : phases & ~PHASE.prepare);
    [stale, reversed] = [false, (phases & PHASE.backward) !== 0];
    reversible = undefined;
  }

  /** Something of the string in each slot, in the order of the batch. */
  function ofEachString<Of>(read: (slot: number) => Of): Of[] {
    const all: Of[] = [];
    for (let slot = 0; slot < size.slots; slot++) all[views.stringAt[slot]] = read(slot);
    return all;
  }

  function finalStates(): CellState<Float32Array>[][] {
    const lengths = lengthsBySlot(views, size);
    return ofEachString((slot) => readStates(buffers, views.rowStart[lengths[slot]] + slot));
  }

  function checkReversed(what: string): void {
    if (reversed) return;
    const wanted = "a batch whose gradient was taken", got = "one that ran forwards only, or none";
    throw new Error(`Cannot read the gradients by the ${what}: wanted ${wanted}, got ${got}`);
  }

  function startGradients(): CellStateGradient<Float32Array>[][] {
    checkReversed("starts");
    return ofEachString((slot) => readStartGradient(buffers, slot));
  }

  /** One step of the optimizer whose numbers are in the plan. */
  function step(): { readonly gradientNorm: number; readonly applied: boolean } {
    pool.run(PHASE.squares | PHASE.step);
    const gradientNorm = buffers.plan.get("gradientNorm"), applied = Number.isFinite(gradientNorm);
    if (applied) steps++;
    stale ||= applied;
    return { gradientNorm, applied };
  }

  const { forward, decode, loss, backward } = PHASE;

  function takeGradient(action: string, batch: EngineBatch): BatchLoss {
    run(action, batch, forward | decode | loss | backward);
    return sumLoss(views, size, buffers.layout.widths.ports, batch);
  }

  return {
    shape,
    setParameters(parameters) {
      checkFloat32("set the engine's parameters", engineParameterShapes(shape), parameters);
      writeTensors(buffers, "weightsAt", parameters);
      stale = true;
    },
    parameters: () => readTensors(buffers, "weightsAt"),
    gradient(batch) {
      return {
        ...takeGradient("take the gradient", batch),
        gradients: readTensors(buffers, "gradientsAt"),
        final: finalStates(),
        gStart: startGradients(),
      };
    },
    takeGradient: (batch) => takeGradient("take the gradient", batch),
    logits(batch) {
      run("run the model", batch, forward | decode, true);
      return logitsOf(buffers, views, batch);
    },
    update(batch, optimizer) {
      writeOptimizer(buffers.plan, optimizer, steps + 1); // refused before anything is computed
      const losses = takeGradient("train", batch);
      if (Number.isFinite(losses.loss)) return { ...losses, ...step() };
      return { ...losses, gradientNorm: NaN, applied: false }; // its gradient may be finite
    },
    forward(batch) {
      run("run the model", batch, forward, true);
      reversible = batch.strings;
      const lengths = lengthsBySlot(views, size);
      return ofEachString((slot) =>
        readOutputs(buffers, range(1, lengths[slot] + 1).map((t) => views.rowStart[t] + slot))
      );
    },
    backward(gOutputs, gFinal) {
      if (reversible === undefined) {
        throw new Error("Cannot reverse a batch: wanted one that ran forwards last, got none");
      }
      const strings = reversible.map((string, i) => ({ ...string, gFinal: gFinal?.[i] }));
      strings.forEach((string, i) => checkString("reverse the batch", shape, string, i));
      checkOutputGradients(shape, strings, gOutputs);
      const slots = range(size.slots).map((slot) => views.stringAt[slot]);
      writeGivenStates(buffers, views.given, size.slots, (slot) => strings[slots[slot]]);
      writeOutputGradients(buffers, slots.map((i) => gOutputs[i]));
      // no loss row has a part in the gradient of what makes logits
      buffers.plan.set({ outputLosses: 0, previousFrom: 0, losses: 0 });
      pool.run(backward);
      reversed = true;
    },
    step(optimizer) {
      writeOptimizer(buffers.plan, optimizer, steps + 1);
      return step();
    },
    gradients: () => readTensors(buffers, "gradientsAt"),
    gradientNorm() {
      pool.run(PHASE.squares);
      return Math.sqrt(sum(sumsOfSquares(buffers)));
    },
    controls: () => portControls(buffers, size.slots, size.rows),
    finalStates,
    startGradients,
    firstSumGradients() {
      checkReversed("first sums");
      return ofEachString((slot) => readFirstSumGradient(buffers, slot));
    },
    placeGradients() {
      checkReversed("places");
      return ofEachString((slot) => readPlaceGradient(buffers, slot));
    },
    optimizerState: () => ({
      steps,
      first: readTensors(buffers, "firstMoment"),
      second: readTensors(buffers, "secondMoment"),
    }),
    setOptimizerState(state) {
      const action = "set the optimizer's state";
      if (!(Number.isSafeInteger(state.steps) && state.steps >= 0)) {
        throw new RangeError(`Cannot ${action}: wanted at least 0 steps, got ${state.steps}`);
      }
      checkFloat32(action, engineParameterShapes(shape), state.first);
      checkFloat32(action, engineParameterShapes(shape), state.second);
      writeTensors(buffers, "firstMoment", state.first);
      writeTensors(buffers, "secondMoment", state.second);
      steps = state.steps;
    },
    memoryBytes: () => buffers.arena.end(),
    close: () => pool.close(),
  };
}

/** Copies out the logits of a batch whose every step has a loss row: string by string, the longest first. */
function logitsOf(
  { shape, layout }: EngineBuffers,
  views: BatchViews,
  batch: EngineBatch,
): Float32Array[] {
  const { symbols: K } = shape, width = layout.widths.logits, { logits, stringAt } = views;
  const strings: Float32Array[] = [];
  let n = 0;
  for (let slot = 0; slot < batch.strings.length; slot++) {
    const { length: T } = batch.strings[stringAt[slot]].inputs, own = new Float32Array(T * K);
    for (let t = 0; t < T; t++, n++) own.set(logits.subarray(n * width, n * width + K), t * K);
    strings[stringAt[slot]] = own;
  }
  return strings;
}
