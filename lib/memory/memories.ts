/**
 * The memories that a model can have, by name. A new memory is entered here; nothing else asks for a name.
 *
 * @module
 */
import type { Memory } from "./memory.ts";
import { stackMemory } from "./stack.ts";

/** The literal memory for each name; "none" is a model without one. */
const REFERENCE_MEMORIES = { none: undefined, stack: stackMemory };

/** The name of a memory. */
export type MemoryName = keyof typeof REFERENCE_MEMORIES;

/** All names. */
export const MEMORY_NAMES = Object.keys(REFERENCE_MEMORIES) as readonly MemoryName[];

/** The literal memory of a name; nothing for "none". */
export function referenceMemory(name: MemoryName): Memory | undefined {
  return REFERENCE_MEMORIES[name];
}

/** How many ports a memory has: 0 for "none". */
export function portsOf(name: MemoryName): 0 | 1 | 2 {
  return referenceMemory(name)?.ports ?? 0;
}
