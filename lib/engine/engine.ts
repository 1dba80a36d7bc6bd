/**
 * The sequence model, batched, in Float32, on all cores: the same equations as `sequence_model.ts`, by the kernels of
 * `assembly/`, against which every number is held.
 *
 * @module
 */
import type { SequenceBatch } from "@/models/sequence_batch.ts";
import { checkBatch } from "@/models/sequence_checks.ts";
import { checkSequenceShape, type SequenceModelShape } from "@/models/sequence_shape.ts";
import {
  type BatchSize,
  type BatchViews,
  batchViews,
  layBatch,
  measureBatch,
  reserveForTraining,
} from "./batch_layout.ts";
import { type BatchLoss, sumLoss } from "./batch_loss.ts";
import { type EngineMemory, floats } from "./engine_memory.ts";
import { checkBuild, type KernelBuild } from "./kernel_calls.ts";
import { type Optimiser, setOptimiser } from "./optimiser.ts";
import { checkFloat32 } from "./float32_checks.ts";
import { createEngineMemory } from "./parameter_memory.ts";
import { readTensor, writeTensor } from "./parameter_layout.ts";
import { PHASE, SETTING, UPDATE } from "./phases.ts";
import { gatherTeam, type Team } from "./team.ts";

/** Parameters, gradients, moments: a typed array for each name of `parameterShapes`. */
export type Tensors = Record<string, Float32Array>;

/** How an engine works. */
export interface EngineOptions {
  /** Threads, the caller's included; 1 if left out. The numbers do not depend on it. */
  readonly workers?: number;
  /** "relaxed" if left out: faster; "strict": the same bits on every machine. */
  readonly build?: KernelBuild;
}

/** What an update came to. */
export interface UpdateReport extends BatchLoss {
  /** ‖∂L/∂θ‖₂ before clipping. */
  readonly gradientNorm: number;
  /** False if that was not finite: then nothing was changed. */
  readonly applied: boolean;
}

/** An optimiser's memory. */
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
  /** The loss of a batch and its gradient by every parameter. */
  gradient(batch: SequenceBatch): BatchLoss & { readonly gradients: Tensors };
  /** Each string's logits at every step, T × K, in the order of the batch. */
  logits(batch: SequenceBatch): Float32Array[];
  /** One step of an optimiser along a batch's gradient. */
  update(batch: SequenceBatch, optimiser: Optimiser): UpdateReport;
  /** What the stack was told in the batch that ran last: d and u of all its steps, step by step, longest string first. */
  controls(): { readonly pushes: Float32Array; readonly pops: Float32Array };
  optimiserState(): OptimiserState;
  setOptimiserState(state: OptimiserState): void;
  /** Bytes of memory taken. */
  memoryBytes(): number;
  /** Lets the workers go. */
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
 * const engine = await createEngine(shape);
 * engine.setParameters(initialParameters(shape, seededRandom(1)));
 * const strings = [{ inputs: [3, 0, 1, 4, 1], targets: [-1, -1, -1, 1, 0] }];
 * const before = engine.update({ strings, outputWeight: 0.5 }, { rule: "adam", rate: 0.01 });
 * assertLess(engine.gradient({ strings, outputWeight: 0.5 }).loss, before.loss);
 * ```
 * @param shape The model's shape.
 * @param options How it works.
 * @returns The engine.
 * @throws {TypeError} If there is no such cell, memory or build.
 * @throws {RangeError} If a size is not a whole number of at least 1, or the number of workers not one from 1 to 256.
 */
export async function createEngine(
  shape: SequenceModelShape,
  options: EngineOptions = {},
): Promise<Engine> {
  const { workers = 1, build = "relaxed" } = options;
  checkSequenceShape("make an engine", shape);
  checkOptions(workers, build);
  const memory = createEngineMemory(shape, workers);
  return assembleEngine(memory, await gatherTeam(memory, build));
}

/** More threads than a batch can keep busy. */
const MOST_WORKERS = 256;

function checkOptions(workers: number, build: KernelBuild): void {
  if (!(Number.isSafeInteger(workers) && workers >= 1 && workers <= MOST_WORKERS)) {
    const wanted = `1 to ${MOST_WORKERS} workers`;
    throw new RangeError(`Cannot make an engine: wanted ${wanted}, got ${workers}`);
  }
  checkBuild("make an engine", build);
}

/** Puts an engine together from a memory and the team that works on it. */
export function assembleEngine(memory: EngineMemory, team: Team): Engine {
  const { shape, layout } = memory;
  const size: BatchSize = { slots: 0, steps: 0, rows: 0, outputLosses: 0, losses: 0 };
  const wanted = { ...size };
  let [views, stale, steps]: [BatchViews, boolean, number] = [batchViews(memory), true, 0];

  /** Lays a batch in memory and runs phases on it, weights packed anew if they have changed. */
  function run(action: string, batch: SequenceBatch, phases: number, everyStep = false): void {
    checkBatch(action, shape, batch);
    measureBatch(wanted, batch, everyStep);
    if (reserveForTraining(memory, wanted)) views = batchViews(memory);
    Object.assign(size, wanted);
    layBatch(memory, views, size, batch, everyStep);
    team.run(stale ? phases | PHASE.prepare : phases & ~PHASE.prepare, size);
    stale = false;
  }

  const flat = (field: string) => floats(memory, field, layout.size);
  const read = (field: string) => readAll(memory, flat(field));
  const write = (field: string, tensors: Readonly<Record<string, ArrayLike<number>>>) => {
    for (const [name, pieces] of layout.pieces) writeTensor(pieces, flat(field), tensors[name]);
  };
  const { forward, decode, loss, backward } = PHASE;

  return {
    shape,
    setParameters(parameters) {
      checkFloat32("set the engine's parameters", shape, parameters);
      write("weightsAt", parameters);
      stale = true;
    },
    parameters: () => read("weightsAt"),
    gradient(batch) {
      run("take the gradient", batch, forward | decode | loss | backward);
      return { ...sumLoss(views, size, anchored(batch)), gradients: read("gradientsAt") };
    },
    logits(batch) {
      run("run the model", batch, forward | decode, true);
      return logitsOf(memory, views, batch);
    },
    update(batch, optimiser) {
      setOptimiser(team.settings, optimiser, steps + 1, layout.cells);
      run("train", batch, UPDATE);
      const gradientNorm = team.settings[SETTING.norm], applied = Number.isFinite(gradientNorm);
      if (applied) steps++;
      stale = applied;
      return { ...sumLoss(views, size, anchored(batch)), gradientNorm, applied };
    },
    controls() {
      const first = size.slots, last = size.rows;
      return { pushes: views.pushes.slice(first, last), pops: views.pops.slice(first, last) };
    },
    optimiserState: () => ({ steps, first: read("firstMoment"), second: read("secondMoment") }),
    setOptimiserState(state) {
      const action = "set the optimiser's memory";
      if (!(Number.isSafeInteger(state.steps) && state.steps >= 0)) {
        throw new RangeError(`Cannot ${action}: wanted at least 0 steps, got ${state.steps}`);
      }
      checkFloat32(action, shape, state.first);
      checkFloat32(action, shape, state.second);
      write("firstMoment", state.first);
      write("secondMoment", state.second);
      steps = state.steps;
    },
    memoryBytes: () => memory.arena.taken(),
    close: () => team.close(),
  };
}

/** Whether the controls' distance from their anchors counts in a batch's loss. */
function anchored({ anchorWeight = 0 }: SequenceBatch): boolean {
  return anchorWeight !== 0;
}

function readAll({ layout }: EngineMemory, flat: Float32Array): Tensors {
  const tensors: Tensors = {};
  for (const [name, length] of layout.tensors) {
    tensors[name] = new Float32Array(length);
    readTensor(layout.pieces.get(name) ?? [], flat, tensors[name]);
  }
  return tensors;
}

/** Every step has a loss row, string by string from the longest. */
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
