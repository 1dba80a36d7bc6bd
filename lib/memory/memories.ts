/**
 * The memories that a model can have, by name. A new memory is entered here; nothing else asks for a name.
 *
 * @module
 */
import { dequeMemory } from "./deque.ts";
import type { Memory } from "./memory.ts";
import { queueMemory } from "./queue.ts";
import { DEQUE_ENDS, sparseDequeMemory } from "./sparse_deque.ts";
import { QUEUE_ENDS, sparseQueueMemory } from "./sparse_queue.ts";
import type { MemoryEnds } from "./sparse_rows.ts";
import { sparseStackMemory, STACK_ENDS } from "./sparse_stack.ts";
import { stackMemory } from "./stack.ts";
import { createSuperpositionStack, superpositionStackMemory } from "./superposition_stack.ts";

/**
 * The literal and the sparse memory for each name, and the ends of its ports; "none" is a model without one. A superposition
 * stack has no rows of a strength, hence neither a sparse form nor ends.
 */
const MEMORIES = {
  none: {},
  stack: { literal: stackMemory, sparse: sparseStackMemory, ends: STACK_ENDS },
  queue: { literal: queueMemory, sparse: sparseQueueMemory, ends: QUEUE_ENDS },
  deque: { literal: dequeMemory, sparse: sparseDequeMemory, ends: DEQUE_ENDS },
  superposition: {
    literal: superpositionStackMemory,
    withCells: createSuperpositionStack,
    hasNoOp: true,
  },
};

/** The name of a memory. */
export type MemoryName = keyof typeof MEMORIES;

/** All names. */
export const MEMORY_NAMES = Object.keys(MEMORIES) as readonly MemoryName[];

/** A memory in its two forms, which give the same numbers, save for rounding. */
interface MemoryForms {
  readonly literal?: Memory;
  readonly sparse?: Memory;
  readonly ends?: MemoryEnds;
  /** Makes the literal memory with a fixed number of cells. */
  readonly withCells?: (cells: number) => Memory;
  /** Whether a push and a pop are probabilities of one softmax, with a no-op as the third; left out, each is a σ. */
  readonly hasNoOp?: boolean;
}

/**
 * The literal memory of a name.
 *
 * @param name Its name.
 * @param cells How many cells it has, if it has a fixed number; see {@linkcode takesCells}.
 * @returns The memory; nothing for "none".
 * @throws {RangeError} If `cells` is not a whole number of at least 1.
 */
export function referenceMemory(name: MemoryName, cells?: number): Memory | undefined {
  const { literal, withCells } = MEMORIES[name] as MemoryForms;
  return cells !== undefined && withCells ? withCells(cells) : literal;
}

/**
 * The sparse memory of a name, for long sequences; the literal one where there is no sparse form.
 *
 * @param name Its name.
 * @param cells How many cells it has, if it has a fixed number.
 * @returns The memory; nothing for "none".
 */
export function sparseMemoryNamed(name: MemoryName, cells?: number): Memory | undefined {
  return (MEMORIES[name] as MemoryForms).sparse ?? referenceMemory(name, cells);
}

/** Whether a memory may have a fixed number of cells. */
export function takesCells(name: MemoryName): boolean {
  return (MEMORIES[name] as MemoryForms).withCells !== undefined;
}

/** Whether a memory's push and pop are two of three probabilities, the third of which is that of a no-op. */
export function hasNoOp(name: MemoryName): boolean {
  return (MEMORIES[name] as MemoryForms).hasNoOp ?? false;
}

/** The ends that the ports of a memory use; nothing for "none", and where rows have no strengths. */
export function endsOf(name: MemoryName): MemoryEnds | undefined {
  return (MEMORIES[name] as MemoryForms).ends;
}

/** How many ports a memory has: 0 for "none". */
export function portsOf(name: MemoryName): 0 | 1 | 2 {
  return referenceMemory(name)?.ports ?? 0;
}
