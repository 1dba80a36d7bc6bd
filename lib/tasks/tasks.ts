/**
 * The tasks by name. A new task is entered here; nothing else asks for a name.
 *
 * @module
 */
import { bigramFlipTask } from "./bigram_flip.ts";
import { copyTask } from "./copy.ts";
import { genderTask, genderVariantTask } from "./gender.ts";
import { reversalTask } from "./reversal.ts";
import { svoSovTask } from "./svo_sov.ts";
import type { Task } from "./task.ts";

/** Each task for a number of characters, or on words of its own; the first is the default of the commands. */
const TASKS = {
  reversal: reversalTask,
  copy: copyTask,
  "bigram-flip": bigramFlipTask,
  "svo-sov": svoSovTask,
  "gender": genderTask,
  "gender-variant": genderVariantTask,
};

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
  return TASKS[name](characters);
}
