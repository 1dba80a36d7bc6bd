/** Random sequences for the sparse stack, and how far each stays from the ties at which gradients jump. */
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import type { SparseRows } from "@/memory/sparse_rows.ts";
import { type StackInputs, type StackTrace, sumAbove } from "@/memory/stack.ts";

/** A sequence, and a gradient of its reads. */
export interface StackCase {
  readonly inputs: StackInputs;
  readonly gReads: Matrix;
}

interface Controls {
  readonly pops: Vector;
  readonly pushes: Vector;
}

function draw(T: number, one: (t: number) => number): Vector {
  return Array.from({ length: T }, (_, t) => one(t));
}

function nearly(random: RandomSource, bit: boolean): number {
  const distance = random.uniform(0, 0.01);
  return bit ? 1 - distance : distance;
}

/** The first half pushes and hardly pops, the second half pops and hardly pushes. */
function reversalControls(random: RandomSource, T: number): Controls {
  const reading = (t: number) => t < T / 2;
  return {
    pops: draw(T, (t) => nearly(random, !reading(t))),
    pushes: draw(T, (t) => nearly(random, reading(t))),
  };
}

/** The four kinds of controls, none of them on a tie save by an accident that would be noticed. */
export const KINDS: Record<string, (random: RandomSource, T: number) => Controls> = {
  "uniform": (random, T) => ({
    pops: draw(T, () => random.uniform()),
    pushes: draw(T, () => random.uniform()),
  }),
  "near-binary": (random, T) => ({
    pops: draw(T, () => nearly(random, random.uniform() < 0.4)),
    pushes: draw(T, () => nearly(random, random.uniform() < 0.6)),
  }),
  "tiny strengths": (random, T) => ({
    pops: draw(T, () => random.uniform(0, 0.001)),
    pushes: draw(T, () => random.uniform(0, random.uniform() < 0.1 ? 1 : 0.002)),
  }),
  "reversal-like": reversalControls,
};

function normalMatrix(random: RandomSource, rows: number, width: number): Matrix {
  return Array.from({ length: rows }, () => draw(width, () => random.normal()));
}

/** Case `seed` of a kind, with `T` steps; 1 to 40 if left out. */
export function randomCase(kind: string, seed: number, T?: number): StackCase {
  const random = seededRandom(`${kind} ${seed}`), M = random.integer(1, 5);
  T ??= random.integer(1, 41);
  const controls = KINDS[kind](random, T);
  const [values, gReads] = [normalMatrix(random, T, M), normalMatrix(random, T, M)];
  return { inputs: { values, ...controls }, gReads };
}

/** Eighths and whole values, half of the controls 0 or 1: every sum is exact, and ties are everywhere. */
export function dyadicCase(seed: number): StackCase {
  const random = seededRandom(`dyadic ${seed}`);
  const T = random.integer(1, 25), M = random.integer(1, 4);
  const control = () => random.uniform() < 0.5 ? random.integer(0, 2) : random.integer(0, 13) / 8;
  const wholes = () => Array.from({ length: T }, () => draw(M, () => random.integer(-9, 10)));
  const [pops, pushes] = [draw(T, control), draw(T, control)];
  return { inputs: { values: wholes(), pops, pushes }, gReads: wholes() };
}

/** The comparisons that decide which side a row is on, as differences that are 0 at a tie. */
export interface Margins {
  /** s[i] − rem_i for rows that the pop reaches: is row i removed? */
  readonly removed: Vector;
  /** u − above_i for rows with strength: is row i reached? */
  readonly reached: Vector;
  /** s[i] − room_i for rows with strength and room: is row i read in full? */
  readonly full: Vector;
  /** 1 − above_i for rows with strength: is row i read at all? */
  readonly read: Vector;
}

/** All comparisons of a sequence, on the reference's strengths. */
export function marginsOf({ strengths, pops }: StackTrace): Margins {
  const margins: Margins = { removed: [], reached: [], full: [], read: [] };
  strengths.forEach((s, t) => {
    const sPrev = strengths[t - 1] ?? [];
    for (let i = 0; i < sPrev.length; i++) {
      if (sPrev[i] === 0) continue;
      const rem = pops[t] - sumAbove(sPrev, i);
      margins.reached.push(rem);
      if (rem > 0) margins.removed.push(sPrev[i] - rem);
    }
    for (let i = 0; i < s.length; i++) {
      if (s[i] === 0) continue;
      const room = 1 - sumAbove(s, i);
      margins.read.push(room);
      if (room > 0) margins.full.push(s[i] - room);
    }
  });
  return margins;
}

/** s_t of a sparse stack or queue after t steps, removed rows as 0. */
export function writtenOut({ strengths, line, head, tail, time }: SparseRows): Vector {
  const s: Vector = new Array(time).fill(0);
  for (const k of line.subarray(head, tail)) s[k] = strengths[k];
  return s;
}
