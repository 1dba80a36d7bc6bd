/** The three memories, literal and sparse, and random sequences for them. */
import { seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { dequeMemory } from "@/memory/deque.ts";
import { type End, popAt, type Rows, sumBeyond } from "@/memory/ends.ts";
import { type Memory, runMemory, runMemoryBackward } from "@/memory/memory.ts";
import {
  controlsByStep,
  gradientOfPort,
  type PortGradient,
  type PortInputs,
} from "@/memory/port_inputs.ts";
import { queueMemory } from "@/memory/queue.ts";
import { DEQUE_ENDS } from "@/memory/sparse_deque.ts";
import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
import type { MemoryEnds, SparseRows } from "@/memory/sparse_rows.ts";
import { STACK_ENDS } from "@/memory/sparse_stack.ts";
import { stackMemory } from "@/memory/stack.ts";
import { normalMatrix } from "./port_cases.ts";
import { KINDS } from "./sparse_stack_cases.ts";

/** A memory in both forms. */
export interface BothForms {
  readonly ends: MemoryEnds;
  readonly literal: Memory<Rows, Rows>;
}

export const MEMORIES: Readonly<Record<string, BothForms>> = {
  stack: { ends: STACK_ENDS, literal: stackMemory },
  queue: { ends: QUEUE_ENDS, literal: queueMemory },
  deque: { ends: DEQUE_ENDS, literal: dequeMemory },
};

/** Sequences of all ports, and gradients of their reads. */
export interface PortsCase {
  readonly ports: PortInputs[];
  readonly gReads: Matrix[];
}

/** Case `seed` of a kind, with `T` steps; 1 to 40 if left out. */
export function randomPorts(kind: string, seed: number, P: number, T?: number): PortsCase {
  const random = seededRandom(`${kind} ${seed}`), M = random.integer(1, 5);
  const steps = T ?? random.integer(1, 41), ports = Array.from({ length: P });
  return {
    ports: ports.map(() => ({
      values: normalMatrix(random, steps, M),
      ...KINDS[kind](random, steps),
    })),
    gReads: ports.map(() => normalMatrix(random, steps, M)),
  };
}

/** Eighths and whole values, half of the controls 0 or 1: every sum is exact, and ties are everywhere. */
export function dyadicPorts(seed: number, P: number): PortsCase {
  const random = seededRandom(`dyadic ports ${seed}`);
  const T = random.integer(1, 16), M = random.integer(1, 4), steps = Array.from({ length: T });
  const control = () => random.uniform() < 0.5 ? random.integer(0, 2) : random.integer(0, 13) / 8;
  const wholes = () => steps.map(() => Array.from({ length: M }, () => random.integer(-9, 10)));
  const ports = Array.from({ length: P }, () => ({
    values: wholes(),
    pops: steps.map(control),
    pushes: steps.map(control),
  }));
  return { ports, gReads: ports.map(wholes) };
}

/** What the literal memory makes of a case. */
export function literalRun({ literal }: BothForms, { ports, gReads }: PortsCase) {
  const trace = runMemory(literal, controlsByStep(ports));
  const gBySteps = gReads[0].map((_, t) => gReads.map((gPort) => gPort[t]));
  const gControls = runMemoryBackward(literal, trace, gBySteps);
  return {
    states: trace.states,
    reads: ports.map((_, p) => trace.reads.map((reads) => reads[p])),
    gradients: ports.map((_, p): PortGradient => gradientOfPort(gControls, p)),
  };
}

/** s_t in the order of the literal memory's rows, removed rows as 0. */
export function allStrengths({ ports, steps, time, strengths, line, head, tail }: SparseRows) {
  const live = new Set(line.subarray(head, tail));
  const times = Array.from({ length: time }, (_, t) => t);
  const atTop = ports.findIndex(({ pushes }) => pushes === "top");
  const atBottom = ports.findIndex(({ pushes }) => pushes === "bottom");
  const rows = [
    ...(atBottom < 0 ? [] : times.map((t) => atBottom * steps + t).reverse()),
    ...times.map((t) => atTop * steps + t),
  ];
  return rows.map((k) => live.has(k) ? strengths[k] : 0);
}

/** How near each comparison of a literal run comes to a tie: the smallest |difference| of all rows with strength. */
export function nearestTie({ ends }: BothForms, { ports }: PortsCase, states: readonly Rows[]) {
  let nearest = Infinity;
  const note = (margin: number) => nearest = Math.min(nearest, Math.abs(margin));
  const eachRow = (s: number[], end: End, visit: (s_i: number, beyond: number) => void) =>
    s.forEach((s_i, i) => s_i > 0 && visit(s_i, sumBeyond(s, i, end)));
  for (let t = 0; t + 1 < states.length; t++) {
    let s = states[t].strengths;
    ends.ports.forEach(({ pops: end }, p) => {
      const u = ports[p].pops[t];
      eachRow(s, end, (s_i, beyond) => {
        note(u - beyond); // is the row reached?
        if (u > beyond) note(s_i - (u - beyond)); // is it removed?
      });
      s = popAt(s, u, end);
    });
    for (const { pops: end } of ends.ports) {
      eachRow(states[t + 1].strengths, end, (s_i, beyond) => {
        note(1 - beyond); // is the row read?
        if (beyond < 1) note(s_i - (1 - beyond)); // in full?
      });
    }
  }
  return nearest;
}
