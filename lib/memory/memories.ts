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

/** The literal and the sparse memory for each name, and the ends of its ports; "none" is a model without one. */
const MEMORIES = {
  none: {},
  stack: { literal: stackMemory, sparse: sparseStackMemory, ends: STACK_ENDS },
  queue: { literal: queueMemory, sparse: sparseQueueMemory, ends: QUEUE_ENDS },
  deque: { literal: dequeMemory, sparse: sparseDequeMemory, ends: DEQUE_ENDS },
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
}

/** The literal memory of a name; nothing for "none". */
export function referenceMemory(name: MemoryName): Memory | undefined {
  return (MEMORIES[name] as MemoryForms).literal;
}

/** The sparse memory of a name, for long sequences; nothing for "none". */
export function sparseMemoryNamed(name: MemoryName): Memory | undefined {
  return (MEMORIES[name] as MemoryForms).sparse;
}

/** The ends that the ports of a memory use; nothing for "none". */
export function endsOf(name: MemoryName): MemoryEnds | undefined {
  return (MEMORIES[name] as MemoryForms).ends;
}

/** How many ports a memory has: 0 for "none". */
export function portsOf(name: MemoryName): 0 | 1 | 2 {
  return referenceMemory(name)?.ports ?? 0;
}
