/**
 * The sequence model, batched, in Float32, on several threads: the equations of `sequence_model.ts`, computed by the
 * kernels of `assembly/`. Tests compare every number with that reference.
 *
 * @module
 */
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import { checkBatch } from "@/models/sequence_checks.ts";
import { checkSequenceShape, type SequenceModelShape } from "@/models/sequence_shape.ts";
import {
  type BatchLoss,
  type BatchSize,
  type BatchViews,
  batchViews,
  ensureTrainingCapacity,
  measureBatch,
  sumLoss,
  writeBatch,
} from "./batch_layout.ts";
import type { EngineMemory } from "./engine_memory.ts";
import { type Optimiser, writeOptimiser } from "./optimiser.ts";
import { checkFloat32, createEngineMemory, readTensors, writeTensors } from "./parameter_memory.ts";
import { PHASE, UPDATE } from "./phases.ts";
import {
  checkedOptions,
  type EngineOptions,
  startWorkers,
  type WorkerPool,
} from "./worker_pool.ts";

/** Parameters, gradients, moments: a typed array for each name of `parameterShapes`. */
export type Tensors = Record<string, Float32Array>;

/** The result of an update. */
export interface UpdateReport extends BatchLoss {
  /** ‖∂L/∂θ‖₂ before clipping. */
  readonly gradientNorm: number;
  /** False if that was not finite: then nothing was changed. */
  readonly applied: boolean;
}

/** The state of an optimiser. */
export interface OptimiserState {
  /** Steps made. */
  readonly steps: number;
  /** Adam's m. */
  readonly first: Tensors;
  /** Adam's and RMSProp's v. */
  readonly second: Tensors;
}

/** A model ready to run. */
export interface Engine {
  readonly shape: SequenceModelShape;
  /** Copies parameters in. */
  setParameters(parameters: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Copies parameters out. */
  parameters(): Tensors;
  /** The loss of a batch and its gradient with respect to every parameter. */
  gradient(batch: SequenceBatch): BatchLoss & { readonly gradients: Tensors };
  /** Each string's logits at every step, T × K, in the order of the batch. */
  logits(batch: SequenceBatch): Float32Array[];
  /** One step of an optimiser along a batch's gradient. */
  update(batch: SequenceBatch, optimiser: Optimiser): UpdateReport;
  /** Pushes and pops of the batch that ran last: d and u of all its steps, step by step, the longest string first. */
  controls(): { readonly pushes: Float32Array; readonly pops: Float32Array };
  optimiserState(): OptimiserState;
  setOptimiserState(state: OptimiserState): void;
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
 * @param shape The model's shape.
 * @param options How it works.
 * @returns The engine.
 * @throws {TypeError} If there is no such cell, memory or build.
 * @throws {RangeError} If a size is not a whole number of at least 1, or the number of threads not one from 1 to 256.
 * @throws {Error} If a worker cannot be started.
 */
export function createEngine(shape: SequenceModelShape, options: EngineOptions = {}): Engine {
  checkSequenceShape("make an engine", shape);
  const { threads, build } = checkedOptions("make an engine", options);
  const memory = createEngineMemory(shape, threads), pool = startWorkers(memory, build);
  return engineOn(memory, pool);
}

/** An engine on a memory and the threads that work on it. */
function engineOn(memory: EngineMemory, pool: WorkerPool): Engine {
  const { shape } = memory;
  const size: BatchSize = { slots: 0, steps: 0, rows: 0, outputLosses: 0, losses: 0 };
  const wanted = { ...size };
  let [views, stale, steps]: [BatchViews, boolean, number] = [batchViews(memory), true, 0];

  /** Writes a batch into memory and runs phases on it; weights are packed again if they have changed. */
  function run(action: string, batch: SequenceBatch, phases: number, everyStep = false): void {
    checkBatch(action, shape, batch);
    measureBatch(wanted, batch, everyStep);
    if (ensureTrainingCapacity(memory, wanted)) views = batchViews(memory);
    Object.assign(size, wanted);
    writeBatch(memory, views, size, batch, everyStep);
    pool.run(stale ? phases | PHASE.prepare : phases & ~PHASE.prepare);
    stale = false;
  }

  const { forward, decode, loss, backward } = PHASE;

  return {
    shape,
    setParameters(parameters) {
      checkFloat32("set the engine's parameters", shape, parameters);
      writeTensors(memory, "weightsAt", parameters);
      stale = true;
    },
    parameters: () => readTensors(memory, "weightsAt"),
    gradient(batch) {
      run("take the gradient", batch, forward | decode | loss | backward);
      return {
        ...sumLoss(views, size, anchored(batch)),
        gradients: readTensors(memory, "gradientsAt"),
      };
    },
    logits(batch) {
      run("run the model", batch, forward | decode, true);
      return logitsOf(memory, views, batch);
    },
    update(batch, optimiser) {
      writeOptimiser(memory.plan, optimiser, steps + 1);
      run("train", batch, UPDATE);
      const gradientNorm = memory.plan.get("gradientNorm"), applied = Number.isFinite(gradientNorm);
      if (applied) steps++;
      stale = applied;
      return { ...sumLoss(views, size, anchored(batch)), gradientNorm, applied };
    },
    controls() {
      const first = size.slots, last = size.rows;
      return { pushes: views.pushes.slice(first, last), pops: views.pops.slice(first, last) };
    },
    optimiserState: () => ({
      steps,
      first: readTensors(memory, "firstMoment"),
      second: readTensors(memory, "secondMoment"),
    }),
    setOptimiserState(state) {
      const action = "set the optimiser's state";
      if (!(Number.isSafeInteger(state.steps) && state.steps >= 0)) {
        throw new RangeError(`Cannot ${action}: wanted at least 0 steps, got ${state.steps}`);
      }
      checkFloat32(action, shape, state.first);
      checkFloat32(action, shape, state.second);
      writeTensors(memory, "firstMoment", state.first);
      writeTensors(memory, "secondMoment", state.second);
      steps = state.steps;
    },
    memoryBytes: () => memory.arena.end(),
    close: () => pool.close(),
  };
}

/** Whether the controls' distance from their anchors counts in a batch's loss. */
function anchored({ anchorWeight = 0 }: SequenceBatch): boolean {
  return anchorWeight !== 0;
}

/** Copies out the logits of a batch whose every step has a loss row: string by string, the longest first. */
function logitsOf(
  { shape, layout }: EngineMemory,
  views: BatchViews,
  batch: SequenceBatch,
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
