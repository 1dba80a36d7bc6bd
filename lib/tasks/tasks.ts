/**
 * The tasks by name. A new task is entered here; nothing else asks for a name.
 *
 * @module
 */
import type { MemoryName } from "@/memory/memories.ts";
import { bigramFlipTask } from "./bigram_flip.ts";
import { copyTask } from "./copy.ts";
import { duplicateStringTask } from "./duplicate_string.ts";
import { dyck2Task, dyck6Task } from "./dyck.ts";
import { genderTask, genderVariantTask } from "./gender.ts";
import { modularArithmeticTask } from "./modular_arithmetic.ts";
import { oddsFirstTask } from "./odds_first.ts";
import { reversalTask } from "./reversal.ts";
import { reverseBinaryTask } from "./reverse_binary.ts";
import { stackManipulationTask } from "./stack_manipulation.ts";
import { svoSovNestedTask, svoSovTask } from "./svo_sov.ts";
import { substitutionTask } from "./substitution.ts";
import type { Task } from "./task.ts";
import { undoFlipFlopDenseTask, undoFlipFlopTask } from "./undo_flip_flop.ts";

/** A task for a number of characters, or on words of its own, and the memory that suits it. */
interface TaskEntry {
  readonly create: (characters?: number) => Task;
  readonly memory: MemoryName;
  /** Whether its answers depend on a count that has no bound; left out, they do not. */
  readonly mustCount?: boolean;
}

/** The tasks; the first is the default of the commands. */
const TASKS = {
  "reversal": { create: reversalTask, memory: "stack" },
  "copy": { create: copyTask, memory: "queue" },
  "bigram-flip": { create: bigramFlipTask, memory: "queue" },
  "svo-sov": { create: svoSovTask, memory: "queue", mustCount: true },
  "svo-sov-nested": { create: svoSovNestedTask, memory: "queue", mustCount: true },
  "gender": { create: genderTask, memory: "queue" },
  "gender-variant": { create: genderVariantTask, memory: "queue" },
  "substitution": { create: substitutionTask, memory: "queue" },
  "reverse-binary": { create: reverseBinaryTask, memory: "stack" },
  "stack-manipulation": { create: stackManipulationTask, memory: "stack" },
  "duplicate-string": { create: duplicateStringTask, memory: "queue" },
  "odds-first": { create: oddsFirstTask, memory: "queue" },
  "modular-arithmetic": { create: modularArithmeticTask, memory: "stack" },
  "undo-flip-flop": { create: undoFlipFlopTask, memory: "stack" },
  "undo-flip-flop-dense": { create: undoFlipFlopDenseTask, memory: "stack" },
  "dyck-2": { create: dyck2Task, memory: "stack" },
  "dyck-6": { create: dyck6Task, memory: "stack" },
} satisfies Record<string, TaskEntry>;

/** The name of a task. */
export type TaskName = keyof typeof TASKS;

/** All names, the default first. */
export const TASK_NAMES = Object.keys(TASKS) as readonly TaskName[];

/**
 * Makes a task.
 *
 * @param name Which.
 * @param characters How many different characters; the 128 of ASCII if left out. A task on words has its own number.
 * @returns The task.
 * @throws {RangeError} If `characters` is not a whole number from 1 to 2³¹ − 4.
 */
export function createTask(name: TaskName, characters?: number): Task {
  return TASKS[name].create(characters);
}

/**
 * Returns the memory that a network for a task has by default.
 *
 * @example What is to be read in the order in which it was written needs a queue.
 * ```ts
 * import { defaultMemory } from "@/tasks/tasks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([defaultMemory("reversal"), defaultMemory("copy")], ["stack", "queue"]);
 * ```
 * @param name The name of the task.
 * @returns The name of the memory.
 */
export function defaultMemory(name: TaskName): MemoryName {
  return TASKS[name].memory;
}

/**
 * Returns whether the answers of a task depend on a count that has no bound, such as that of open clauses.
 *
 * @param name The name of the task.
 * @returns Whether they do.
 */
export function mustCount(name: TaskName): boolean {
  const entry: TaskEntry = TASKS[name];
  return entry.mustCount ?? false;
}
