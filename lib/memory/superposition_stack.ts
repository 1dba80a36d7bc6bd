/**
 * The superposition stack, one sequence at a time, as its equations are printed, with its hand-written adjoint: at every step
 * each cell becomes a mixture of what it would hold after a push, after a pop, and after nothing.
 *
 * s_t[0] = a v_t + b s_{t−1}[1] + (1 − a − b) s_{t−1}[0]
 * s_t[i] = a s_{t−1}[i−1] + b s_{t−1}[i+1] + (1 − a − b) s_{t−1}[i] for i > 0
 * r_t = s_t[0]
 *
 * | paper     | here     | shape  |                                                              |
 * | --------- | -------- | ------ | ------------------------------------------------------------ |
 * | s_t       | `cells`  | t × M  | the cells, the top one at row 0: the reverse of `stack.ts`   |
 * | a[PUSH]   | `push` a | number | how much of a push                                           |
 * | a[POP]    | `pop` b  | number | how much of a pop                                            |
 * | a[NO-OP]  |          | number | 1 − a − b: a + b ≤ 1, the three are a softmax's              |
 * | D h_t     | `value`  | M      | the new value, v_t                                           |
 *
 * A cell that was never written holds zeros, and so does what is popped from below the last cell. In the published programs the
 * stack has a fixed number of cells, and a push drops the last one; without a number, there are as many cells as steps. Every
 * cell is mixed at every step: the cost grows with the square of the steps, and a pop that is not whole blurs all cells.
 *
 * In the paper v_t = σ(D h_t); here, as for every memory, whoever pushes a value chooses it: the sequence model's is tanh's.
 *
 * `T` steps, `M` value width.
 *
 * Source: Joulin and Mikolov 2015, "Inferring Algorithmic Patterns with Stack-Augmented Recurrent Nets", arXiv:1503.01007,
 * section 3.2; the no-op is that section's extension.
 *
 * @module
 */
import type { Matrix, Vector } from "@/math/shapes.ts";
import type { Controls, ControlsGradient, Memory } from "./memory.ts";

const zeros = (length: number): number[] => new Array<number>(length).fill(0);

/** s_t from s_{t−1}, in at most `most` cells. */
function mixCells(sPrev: Matrix, { value, push: a, pop: b }: Controls, most: number): number[][] {
  const none = zeros(value.length);
  return Array.from({ length: Math.min(most, sPrev.length + 1) }, (_, i) => {
    const above = i === 0 ? value : sPrev[i - 1], here = sPrev[i] ?? none;
    const below = sPrev[i + 1] ?? none;
    return above.map((x, k) => a * x + b * below[k] + (1 - a - b) * here[k]);
  });
}

/** Reverses {@linkcode mixCells}: from ∂L/∂s_t to ∂L/∂s_{t−1} and those of the controls. */
function mixCellsBackward(
  sPrev: Matrix,
  { value, push: a, pop: b }: Controls,
  gS: Matrix,
): { readonly gSPrev: number[][]; readonly gControls: ControlsGradient } {
  const none = zeros(value.length), gSPrev = sPrev.map(() => zeros(value.length));
  const gValue = zeros(value.length);
  let gPush = 0, gPop = 0;
  gS.forEach((gCell, i) => {
    const above = i === 0 ? value : sPrev[i - 1], here = sPrev[i] ?? none;
    const below = sPrev[i + 1] ?? none, gAbove = i === 0 ? gValue : gSPrev[i - 1];
    gCell.forEach((g, k) => { // s_t[i] = a above + b below + (1 − a − b) here
      gAbove[k] += a * g;
      if (i + 1 < sPrev.length) gSPrev[i + 1][k] += b * g;
      if (i < sPrev.length) gSPrev[i][k] += (1 - a - b) * g;
      gPush += (above[k] - here[k]) * g;
      gPop += (below[k] - here[k]) * g;
    });
  });
  return { gSPrev, gControls: { gValue, gPush, gPop } };
}

/**
 * Makes a superposition stack.
 *
 * @example Half a push is half of the new value, and the old top half a cell down.
 * ```ts
 * import { createSuperpositionStack } from "@/memory/superposition_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stack = createSuperpositionStack();
 * const one = stack.step(stack.start(1, 2), [{ value: [4], push: 1, pop: 0 }]);
 * const two = stack.step(one.state, [{ value: [8], push: 0.5, pop: 0 }]);
 * assertEquals(two.state, [[6], [2]]);
 * assertEquals(two.reads, [[6]]);
 * ```
 * @example Two cells forget what was pushed first.
 * ```ts
 * import { runMemory } from "@/memory/memory.ts";
 * import { createSuperpositionStack } from "@/memory/superposition_stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pushes = [1, 2, 3].map((item) => [{ value: [item], push: 1, pop: 0 }]);
 * const pops = [[{ value: [0], push: 0, pop: 1 }], [{ value: [0], push: 0, pop: 1 }]];
 * const { reads } = runMemory(createSuperpositionStack(2), [...pushes, ...pops]);
 * assertEquals(reads.map(([read]) => read[0]), [1, 2, 3, 2, 0]);
 * ```
 * @param cells How many cells it has, a whole number of at least 1; if left out, as many as there are steps.
 * @returns The memory. It takes pushes and pops of at least 0 whose sum is at most 1, which it does not check.
 * @throws {RangeError} If `cells` is not a whole number of at least 1.
 */
export function createSuperpositionStack(cells = Infinity): Memory<Matrix, Matrix> {
  if (!(cells >= 1 && (cells === Infinity || Number.isInteger(cells)))) {
    throw new RangeError(`Cannot make a superposition stack: wanted 1 cell or more, got ${cells}`);
  }
  return {
    ports: 1,
    start: () => [],
    step(sPrev, [controls]) {
      const s = mixCells(sPrev, controls, cells);
      return { state: s, reads: [s[0]] };
    },
    strengths: (): Vector => [], // it has none
    startBackward: (last) => last.map((cell) => zeros(cell.length)),
    backward({ before, controls: [controls] }, gNext, [gRead]) {
      const gS = gNext.map((cell, i) => i === 0 ? cell.map((g, k) => g + gRead[k]) : cell);
      const { gSPrev, gControls } = mixCellsBackward(before, controls, gS);
      return { gState: gSPrev, gControls: [gControls] };
    },
  };
}

/** The superposition stack with as many cells as steps. */
export const superpositionStackMemory: Memory<Matrix, Matrix> = createSuperpositionStack();
