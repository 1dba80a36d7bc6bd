/**
 * The memories that a model can have, by name. A new memory is entered here; nothing else asks for a name.
 *
 * @module
 */
import { dequeMemory } from "./deque.ts";
import type { Memory } from "./memory.ts";
import { queueMemory } from "./queue.ts";
import { sparseDequeMemory } from "./sparse_deque.ts";
import { sparseQueueMemory } from "./sparse_queue.ts";
import { sparseStackMemory } from "./sparse_stack.ts";
import { stackMemory } from "./stack.ts";

/** The literal and the sparse memory for each name; "none" is a model without one. */
const MEMORIES = {
  none: {},
  stack: { literal: stackMemory, sparse: sparseStackMemory },
  queue: { literal: queueMemory, sparse: sparseQueueMemory },
  deque: { literal: dequeMemory, sparse: sparseDequeMemory },
};

/** The name of a memory. */
export type MemoryName = keyof typeof MEMORIES;

/** All names. */
export const MEMORY_NAMES = Object.keys(MEMORIES) as readonly MemoryName[];

/** A memory in its two forms, which give the same numbers, save for rounding. */
interface MemoryForms {
  readonly literal?: Memory;
  readonly sparse?: Memory;
}

/** The literal memory of a name; nothing for "none". */
export function referenceMemory(name: MemoryName): Memory | undefined {
  return (MEMORIES[name] as MemoryForms).literal;
}

/** The sparse memory of a name, for long sequences; nothing for "none". */
export function sparseMemoryNamed(name: MemoryName): Memory | undefined {
  return (MEMORIES[name] as MemoryForms).sparse;
}

/** How many ports a memory has: 0 for "none". */
export function portsOf(name: MemoryName): 0 | 1 | 2 {
  return referenceMemory(name)?.ports ?? 0;
}
