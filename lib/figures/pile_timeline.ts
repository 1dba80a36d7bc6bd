/**
 * The pile as pieces that never change their size: what is popped of a row becomes a piece of its own.
 *
 * `T` steps.
 *
 * @module
 */
import type { StackTrace } from "@/memory/stack.ts";
import type { Key } from "./keyframes.ts";
import { pilesOf } from "./piles.ts";

/** A block, or a part of one, from its coming to its going. */
export interface Piece {
  /** Which row it is of, 0 the oldest. */
  readonly row: number;
  readonly kind: "held" | "popped";
  /** Its strength. */
  readonly height: number;
  /** Where its upper edge is, in units of depth below the surface, and how far from the pile it stands. */
  readonly keys: readonly Key[];
}

/** Seconds of a step, of its pop, of its push, and of the rest after the last step. */
export const STEP_SECONDS = 2;
const [POP, PUSH] = [0.6, 0.6];
const END_SECONDS = 2;
/** Nothing can be seen to happen in so short a time. */
const INSTANT = 0.01;
/** Of the time in which pieces appear and fade. */
const FADE = 0.3;

/**
 * Says how long all steps of a run take, with a rest at the end.
 *
 * @example Three steps of two seconds.
 * ```ts
 * import { runSeconds } from "@/figures/pile_timeline.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(runSeconds(3), 8);
 * ```
 * @param T How many steps.
 * @returns Seconds.
 */
export function runSeconds(T: number): number {
  return T * STEP_SECONDS + END_SECONDS;
}

/**
 * Says when the pop of a step begins, when its push begins, and when both are done.
 *
 * @example Nothing to pop, nothing to wait for.
 * ```ts
 * import { momentsOf } from "@/figures/pile_timeline.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const trace = runStack({ values: [[1], [2]], pops: [0, 1], pushes: [1, 0] });
 * assertEquals([0, 1].map((t) => momentsOf(trace, t)), [[0, 0, 0.6], [2, 2.6, 3.2]]);
 * ```
 * @param trace What the stack did.
 * @param t The step, counted from 0.
 * @returns Three moments, in seconds.
 */
export function momentsOf(trace: StackTrace, t: number): [number, number, number] {
  const start = t * STEP_SECONDS;
  const isPopping = pilesOf(trace).popped[t].length > 0;
  const push = start + (isPopping ? POP : 0);
  return [start, push, push + PUSH];
}

interface Run {
  readonly trace: StackTrace;
  readonly piles: ReturnType<typeof pilesOf>;
}

const depthOf = (run: Run, t: number, row: number) =>
  run.piles.held[t].find((block) => block.row === row);

const poppedIn = ({ piles }: Run, t: number) =>
  piles.popped[t].reduce((sum, { top, bottom }) => sum + bottom - top, 0);

/** From being cut off the pile to having been seen above its surface. */
function poppedPiece(
  run: Run,
  t: number,
  block: { row: number; top: number; bottom: number },
): Piece {
  const { row, top, bottom } = block;
  const [start, push] = momentsOf(run.trace, t);
  const before = top + poppedIn(run, t);
  const end = start + STEP_SECONDS;
  const at = (at: number, y: number, opacity: number) => ({ at, x: 0, y, opacity });
  const keys = [
    at(start, before, 0),
    at(start + INSTANT, before, 1),
    at(push, top, 1),
    at(end - FADE, top, 1),
    at(end, top, 0),
  ];
  return { row, kind: "popped", height: bottom - top, keys };
}

/** A row while its strength is the same: from step `first` to before step `next`. */
function heldPiece(run: Run, row: number, first: number, next: number): Piece {
  const { top, bottom } = depthOf(run, first, row)!;
  const isNew = first === row;
  const [start, push, done] = momentsOf(run.trace, first);
  const at = (at: number, y: number, opacity: number, x = 0) => ({ at, x, y, opacity });
  const surface = top - (isNew ? 0 : run.trace.pushes[first]);
  const keys: Key[] = isNew ? [at(push, top, 0, -1), at(done, top, 1)] : [
    at(start, surface + poppedIn(run, first), 0),
    at(start + INSTANT, surface + poppedIn(run, first), 1),
    at(push, surface, 1),
    at(done, top, 1),
  ];
  for (let t = first + 1; t < next; t++) {
    const [start, push, done] = momentsOf(run.trace, t);
    const [from, to] = [depthOf(run, t - 1, row)!.top, depthOf(run, t, row)!.top];
    keys.push(at(start, from, 1), at(push, from - poppedIn(run, t), 1), at(done, to, 1));
  }
  const T = run.piles.held.length;
  const last = keys[keys.length - 1];
  const end = next < T ? next * STEP_SECONDS : runSeconds(T) - FADE;
  keys.push({ ...last, at: end }, { ...last, at: end + (next < T ? INSTANT : FADE), opacity: 0 });
  return { row, kind: "held", height: bottom - top, keys };
}

/**
 * Takes a run apart into pieces that come, move and go.
 *
 * In each step the pop comes first: what is popped rises above the surface, and everything below rises with it. Then
 * the push comes from the side, and everything below makes room.
 *
 * @example A block, and the half of it that is popped in the next step.
 * ```ts
 * import { pilePieces } from "@/figures/pile_timeline.ts";
 * import { runStack } from "@/memory/stack.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pieces = pilePieces(runStack({ values: [[1], [2]], pops: [0, 0.5], pushes: [1, 0] }));
 * assertEquals(
 *   pieces.map(({ kind, height }) => [kind, height]),
 *   [["held", 1], ["held", 0.5], ["popped", 0.5]],
 * );
 * ```
 * @param trace What the stack did.
 * @returns The pieces, rows first, oldest first.
 */
export function pilePieces(trace: StackTrace): Piece[] {
  const run = { trace, piles: pilesOf(trace) };
  const T = trace.strengths.length;
  const held: Piece[] = [];
  for (let row = 0; row < T; row++) {
    let first = row;
    while (first < T && depthOf(run, first, row)) {
      let next = first + 1;
      while (next < T && trace.strengths[next][row] === trace.strengths[first][row]) next++;
      held.push(heldPiece(run, row, first, next));
      first = next;
    }
  }
  const popped = run.piles.popped.flatMap((blocks, t) => blocks.map((b) => poppedPiece(run, t, b)));
  return [...held, ...popped];
}
