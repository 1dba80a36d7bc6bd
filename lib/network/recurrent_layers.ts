/**
 * Layers of recurrent cells, one above the other, over one step or a whole sequence; with the gradient.
 *
 * Layer 0 reads the input, each other layer the hidden state of the one below it.
 *
 * `L` layers, `T` steps, `H` hidden units in a layer, `I` inputs.
 *
 * @module
 */
import { checkMatrix, type Matrix, type Vector } from "@/math/shapes.ts";
import { accumulate, sum } from "./affine.ts";
import {
  cellBackward,
  type CellState,
  type CellStateGradient,
  type CellStep,
  type CellWeights,
  stepCell,
} from "./cell.ts";

/** Gradients of the loss with respect to the inputs of a step of all layers. */
export interface LayersGradient {
  /** ∂L/∂input, `I`. */
  readonly gInput: Vector;
  /** Of each layer, ∂L/∂ its state before the step. */
  readonly gStatesPrev: CellStateGradient[];
}

/**
 * Takes a step of all layers, from the lowest up.
 *
 * @example Two RNNs of one unit.
 * ```ts
 * import { stepLayers } from "@/network/recurrent_layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [Wih, Whh, b, h0] = [[2], [1], [0], [0]].map((numbers) => new Float64Array(numbers));
 * const cell = { Wih, Whh, b, h0 };
 * const [lower, upper] = stepLayers([cell, cell], [0.25], [{ h: [0] }, { h: [1] }]);
 * assertEquals(lower.h, [Math.tanh(0.5)]);
 * assertEquals(upper.h, [Math.tanh(2 * Math.tanh(0.5) + 1)]);
 * ```
 * @param cells Of each layer, its parameters.
 * @param input `I` numbers.
 * @param states Of each layer, its state.
 * @returns Of each layer, its step.
 * @throws {TypeError} If a shape does not fit.
 */
export function stepLayers(
  cells: readonly CellWeights[],
  input: Vector,
  states: readonly CellState[],
): CellStep[] {
  const steps: CellStep[] = [];
  for (let l = 0; l < cells.length; l++) {
    steps.push(stepCell(cells[l], l === 0 ? input : steps[l - 1].h, states[l]));
  }
  return steps;
}

/**
 * Reverses {@linkcode stepLayers}, from the top layer down: h_t has gradients from the layer above and from step t + 1.
 *
 * @param cells Of each layer, its parameters.
 * @param gCells ∂L/∂cells, added to.
 * @param steps What `stepLayers` returned.
 * @param gStates Of each layer, ∂L/∂ its state after the step, without what comes through the layer above.
 * @param gTop What is added to ∂L/∂ the top layer's h, `H`.
 * @returns ∂L/∂input and ∂L/∂states.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function layersBackward(
  cells: readonly CellWeights[],
  gCells: readonly CellWeights[],
  steps: readonly CellStep[],
  gStates: readonly CellStateGradient[],
  gTop: Vector,
): LayersGradient {
  const gStatesPrev: CellStateGradient[] = [];
  let gFromAbove = gTop;
  for (let l = cells.length - 1; l >= 0; l--) {
    const gState = { gH: sum(gStates[l].gH, gFromAbove), gC: gStates[l].gC };
    const { gInput, gH, gC } = cellBackward(cells[l], gCells[l], steps[l], gState);
    gStatesPrev[l] = { gH, gC };
    gFromAbove = gInput;
  }
  return { gInput: gFromAbove, gStatesPrev };
}

/**
 * Adds the gradients with respect to the states before the first step to those of h_0 and c_0, which are trained.
 *
 * @param gCells ∂L/∂cells, added to.
 * @param gStart Of each layer, ∂L/∂ the state before the first step.
 * @throws {TypeError} If a shape does not fit.
 */
export function startBackward(
  gCells: readonly CellWeights[],
  gStart: readonly CellStateGradient[],
): void {
  gCells.forEach((gCell, l) => {
    const { gH, gC } = gStart[l];
    accumulate(gCell.h0, gH);
    if (gCell.c0 !== undefined) accumulate(gCell.c0, gC);
  });
}

/**
 * Takes a step of all layers for each input.
 *
 * @param cells Of each layer, its parameters.
 * @param inputs `T` × `I`.
 * @param start Of each layer, its state before the first step.
 * @returns Of each step, each layer's.
 * @throws {TypeError} If a shape does not fit.
 */
export function runLayers(
  cells: readonly CellWeights[],
  inputs: Matrix,
  start: readonly CellState[],
): CellStep[][] {
  const steps: CellStep[][] = [];
  for (const input of inputs) steps.push(stepLayers(cells, input, steps.at(-1) ?? start));
  return steps;
}

/**
 * Reverses {@linkcode runLayers}, from the last step to the first.
 *
 * @example One step: what reads h directly and what reads the final state are added.
 * ```ts
 * import { runLayers, runLayersBackward } from "@/network/recurrent_layers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cell = () => {
 *   const [Wih, Whh, b, h0] = [1, 0, 0, 0].map((x) => new Float64Array([x]));
 *   return { Wih, Whh, b, h0 };
 * };
 * const gCells = [cell()], steps = runLayers([cell()], [[0]], [{ h: [0] }]);
 * const { gInputs } = runLayersBackward([cell()], gCells, steps, [[2]], [{ gH: [3], gC: [] }]);
 * assertEquals(gInputs, [[5]]);
 * ```
 * @param cells Of each layer, its parameters.
 * @param gCells ∂L/∂cells, added to.
 * @param steps What `runLayers` returned, `T` steps.
 * @param gTops Of each step, ∂L/∂ the top layer's h, of what reads it beside the next step, `T` × `H`.
 * @param gFinal Of each layer, ∂L/∂ its state after the last step.
 * @returns ∂L/∂inputs, `T` × `I`, and of each layer ∂L/∂ its state before the first step.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If a gradient is NaN or infinite.
 */
export function runLayersBackward(
  cells: readonly CellWeights[],
  gCells: readonly CellWeights[],
  steps: readonly (readonly CellStep[])[],
  gTops: Matrix,
  gFinal: readonly CellStateGradient[],
): { readonly gInputs: Matrix; readonly gStart: CellStateGradient[] } {
  checkMatrix("reverse layers", "gradients of the top layer's h", gTops, steps.length);
  const gInputs: Matrix = [];
  let gStates = [...gFinal];
  for (let t = steps.length - 1; t >= 0; t--) {
    const { gInput, gStatesPrev } = layersBackward(cells, gCells, steps[t], gStates, gTops[t]);
    gInputs[t] = gInput;
    gStates = gStatesPrev;
  }
  return { gInputs, gStart: gStates };
}
