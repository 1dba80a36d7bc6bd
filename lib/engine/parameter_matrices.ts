/**
 * Parameters outside of an {@linkcode Engine}, such as those of convolutions, in the kernels' memory: products of whole batches
 * with them, their gradients, and the optimizer's steps.
 *
 * A tensor of two dimensions and more is a matrix W of its first dimension × all others; one of a single dimension is a row.
 * Rows are padded with 0 to whole panels of eight numbers, and so is the number of rows.
 *
 * | product  | forwards    | backwards                      |
 * | -------- | ----------- | ------------------------------ |
 * | Y = X Wᵀ | Y from X    | ∂L/∂W += ∂L/∂Yᵀ X, ∂L/∂X = ∂L/∂Y W |
 *
 * @module
 */
import { type ParameterShape, tensorSize } from "@/models/named_tensors.ts";
import type { Tensors } from "./engine.ts";
import { createArena } from "./engine_buffers.ts";
import { type KernelBuild, loadKernels } from "./kernel_calls.ts";
import { PLAN_FIELDS, Struct, structBytes } from "./kernel_plan.ts";
import { type Optimizer, writeOptimizer } from "./optimizer.ts";
import { readTensor, roundUp, writeTensor } from "./parameter_layout.ts";
import { outerScratchBytes, type ParameterRun, SQUARES_CHUNK } from "./parameter_buffers.ts";

/** A matrix of parameters, and what goes through it. */
export interface MatrixProduct {
  /** Numbers in a row of X and of Y, padding included. */
  readonly inputs: number;
  readonly outputs: number;
  /** X, and Y or ∂L/∂Y in its place; as many rows as were reserved. Padding is 0 and must stay so. */
  readonly X: Float32Array;
  readonly Y: Float32Array;
  /** Y = X Wᵀ for the first `rows` rows. */
  forward(rows: number): void;
  /** Adds to ∂L/∂W what the first `rows` rows of ∂L/∂Y and X give. */
  addGradient(rows: number): void;
  /** ∂L/∂X, of the first `rows` rows; always the same memory. */
  inputGradient(rows: number): Float32Array;
}

/** Parameters, their gradients and the optimizer's moments. */
export interface ParameterMatrices {
  /** Copies tensors, checked, into one run of numbers. */
  set(run: ParameterRun, tensors: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Copies tensors out. */
  get(run: ParameterRun): Tensors;
  /** A tensor's numbers where they are, rows padded. */
  numbers(run: ParameterRun, name: string): Float32Array;
  /** The products with these matrices, each with room for so many rows; earlier ones must no longer be used. */
  products(rows: Readonly<Record<string, number>>): Readonly<Record<string, MatrixProduct>>;
  clearGradients(): void;
  /** ‖∂L/∂θ‖₂. */
  gradientNorm(): number;
  /** One step of an optimizer along the gradient, the `n`-th; none if its norm is not finite. */
  step(optimizer: Optimizer, n: number): void;
  /** Bytes of memory taken. */
  memoryBytes(): number;
}

/** Where a tensor lies in a run. */
interface Place {
  readonly at: number;
  /** Padded. */
  readonly rows: number;
  readonly width: number;
  readonly piece: Parameters<typeof writeTensor>[0][number];
}

function placesOf(shapes: readonly ParameterShape[]): Map<string, Place> {
  let at = 0;
  return new Map(shapes.map(([name, dimensions]) => {
    const rows = dimensions.length === 1 ? 1 : dimensions[0],
      columns = tensorSize(dimensions) / rows;
    const place = { at, rows: roundUp(rows, 8), width: roundUp(columns, 8) };
    const whole = { rows, columns, tensorWidth: columns, fromRow: 0, fromColumn: 0 };
    at += place.rows * place.width;
    return [name, { ...place, piece: { ...whole, at: place.at, width: place.width } }];
  }));
}

/**
 * Makes room for parameters, which are 0 until they are set.
 *
 * @example A product with a matrix of 2 × 3, of one row.
 * ```ts
 * import { createParameterMatrices } from "@/engine/parameter_matrices.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const matrices = createParameterMatrices([["W", [2, 3]]], "strict");
 * matrices.set("weightsAt", { W: [1, 2, 3, 4, 5, 6] });
 * const { W } = matrices.products({ W: 1 });
 * W.X.set([1, 0, -1]);
 * W.forward(1);
 * assertEquals([...W.Y.subarray(0, 2)], [1 - 3, 4 - 6]);
 * ```
 * @param shapes Names and dimensions.
 * @param build Of the kernels.
 * @returns The parameters.
 */
export function createParameterMatrices(
  shapes: readonly ParameterShape[],
  build: KernelBuild,
): ParameterMatrices {
  const arena = createArena(),
    kernels = loadKernels(arena.memory, build),
    places = placesOf(shapes);
  const all = [...places.values()],
    size = all.reduce((sum, { rows, width }) => sum + rows * width, 0);
  const planAt = arena.allocate(structBytes(PLAN_FIELDS));
  const plan = new Struct(PLAN_FIELDS, arena.memory.buffer, planAt),
    run = () => arena.allocate(size * 4);
  plan.set({
    parameters: size,
    weightsAt: run(),
    gradientsAt: run(),
    firstMoment: run(),
    secondMoment: run(),
    squares: arena.allocate(Math.ceil(size / SQUARES_CHUNK) * 8),
  });
  const scratch = arena.allocate(outerScratchBytes(Math.max(...all.map(({ rows }) => rows))));
  const packed = arena.allocate(2 * size * 4), batchAt = arena.end();
  const view = (at: number, length: number) => new Float32Array(arena.memory.buffer, at, length);
  const flat = (run: ParameterRun) => view(plan.get(run), size);
  let stale = true;

  /** Packs every matrix both ways, if it has changed. */
  function pack(): void {
    if (!stale) return;
    for (const { at, rows, width } of all) {
      const W = plan.get("weightsAt") + at * 4, to = packed + 2 * at * 4;
      kernels.packForward(W, width * 4, width, to, 0, rows / 8);
      kernels.packBackward(W, width * 4, rows, to + rows * width * 4, 0, width / 8);
    }
    stale = false;
  }

  function productWith({ at, rows: outputs, width: inputs }: Place, most: number): MatrixProduct {
    const [X, Y, gX] = [inputs, outputs, inputs].map((width) => arena.allocate(most * width * 4));
    const forwards = packed + 2 * at * 4, backwards = forwards + outputs * inputs * 4;
    const [betweenX, betweenY] = [inputs * 4, outputs * 4];
    return {
      inputs,
      outputs,
      X: view(X, most * inputs).fill(0),
      Y: view(Y, most * outputs).fill(0),
      forward(rows) {
        pack();
        kernels.multiply(X, betweenX, forwards, Y, betweenY, rows, inputs, outputs, 0);
      },
      addGradient(rows) {
        const G = plan.get("gradientsAt") + at * 4;
        kernels.outer(Y, betweenY, X, betweenX, G, betweenX, rows, outputs, inputs, scratch);
      },
      inputGradient(rows) {
        pack();
        kernels.multiply(Y, betweenY, backwards, gX, betweenX, rows, outputs, inputs, 0);
        return view(gX, rows * inputs);
      },
    };
  }

  function squares(): void {
    kernels.squares(planAt, 0, 1);
  }

  return {
    set(run, tensors) {
      for (const [name, { piece }] of places) writeTensor([piece], flat(run), tensors[name]);
      stale ||= run === "weightsAt";
    },
    get: (run) =>
      Object.fromEntries(shapes.map(([name, dimensions]) => {
        const tensor = new Float32Array(tensorSize(dimensions));
        readTensor([places.get(name)!.piece], flat(run), tensor);
        return [name, tensor];
      })),
    numbers(run, name) {
      const { at, rows, width } = places.get(name)!;
      return flat(run).subarray(at, at + rows * width);
    },
    products(rows) {
      arena.release(batchAt);
      return Object.fromEntries(
        Object.entries(rows).map(([name, rows]) => [name, productWith(places.get(name)!, rows)]),
      );
    },
    clearGradients() {
      flat("gradientsAt").fill(0);
    },
    gradientNorm() {
      squares();
      const sums = new Float64Array(
        arena.memory.buffer,
        plan.get("squares"),
        Math.ceil(size / SQUARES_CHUNK),
      );
      return Math.sqrt(sums.reduce((sum, x) => sum + x, 0));
    },
    step(optimizer, n) {
      writeOptimizer(plan, optimizer, n);
      squares();
      kernels.step(planAt, 0, 1);
      stale = true;
    },
    memoryBytes: () => arena.end(),
  };
}
