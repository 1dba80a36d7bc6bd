/**
 * The training setups of the study `board`: every task that is answered in place with every memory, the rival memory in its
 * published form, the recipe with a general anchor, and longer trainings of what is not learned.
 *
 * @module
 */
import type { MemoryName } from "@/memory/memories.ts";
import { defaultMemory, type TaskName } from "@/tasks/tasks.ts";
import { type SetupSeed, type TrainingSetup, upTo } from "./training_setup.ts";

/** The tasks of the board. */
export const BOARD_TASKS = [
  "reverse-binary",
  "stack-manipulation",
  "duplicate-string",
  "odds-first",
  "modular-arithmetic",
  "undo-flip-flop",
  "undo-flip-flop-dense",
  "dyck-2",
  "dyck-6",
] as const satisfies TaskName[];

/** The memories of the board, and none. */
export const BOARD_MEMORIES = [
  "none",
  "stack",
  "queue",
  "deque",
  "superposition",
] as const satisfies MemoryName[];

const LAST_IN_FIRST_OUT: readonly MemoryName[] = ["stack", "deque", "superposition"];

/**
 * The memories with which a network can solve a task in principle.
 *
 * Brackets, undos and a reversal want last what was stored first. A duplicate is read twice in order: from a queue, if each
 * symbol that is taken off is stored again. For the symbols at odd places before those at even ones a queue stores pairs: it
 * takes a pair off, gives its first symbol, and stores the second again.
 */
const SOLVING: Readonly<Record<(typeof BOARD_TASKS)[number], readonly MemoryName[]>> = {
  "reverse-binary": LAST_IN_FIRST_OUT,
  "stack-manipulation": LAST_IN_FIRST_OUT,
  "duplicate-string": ["queue", "deque"],
  "odds-first": ["queue", "deque"],
  "modular-arithmetic": LAST_IN_FIRST_OUT,
  "undo-flip-flop": LAST_IN_FIRST_OUT,
  "undo-flip-flop-dense": LAST_IN_FIRST_OUT,
  "dyck-2": LAST_IN_FIRST_OUT,
  "dyck-6": LAST_IN_FIRST_OUT,
};

/** The sizes of all networks; a superposition stack's cells are as wide as the published ones. */
const SIZES = { hidden: 32, embedding: 16 };
const VALUE_WIDTH = 16, PUBLISHED_WIDTH = 8, PUBLISHED_CELLS = 30;
/** The budget of a network without a memory; the others' recipe has the same. */
const STRINGS = 20_000;

const changesFor = (memory: MemoryName) => ({
  ...SIZES,
  ...memory === "none"
    ? { strings: STRINGS }
    : { valueWidth: memory === "superposition" ? PUBLISHED_WIDTH : VALUE_WIDTH },
});

const TASK_SETUPS: readonly TrainingSetup[] = BOARD_TASKS.flatMap((task) =>
  BOARD_MEMORIES.map((memory): TrainingSetup => {
    const solvable = SOLVING[task].includes(memory);
    return {
      name: `${task}/${memory}`,
      kind: solvable ? "solvable" : "unsolvable",
      task,
      memory,
      changes: changesFor(memory),
      seeds: upTo(solvable ? 30 : 5),
    };
  })
);

/** The superposition stack of the published programs, which drops what a push moves beyond the last cell. */
const CELLS_SETUPS = (["reverse-binary", "stack-manipulation"] as const).map(
  (task): TrainingSetup => ({
    name: `${task}/superposition, ${PUBLISHED_CELLS} cells`,
    kind: "unsolvable",
    task,
    memory: "superposition",
    changes: { ...changesFor("superposition"), memoryCells: PUBLISHED_CELLS },
    seeds: upTo(5),
  }),
);

/** One anchor for all steps, in place of one that knows which steps store and which take off. */
const GENERAL_ANCHOR_SETUPS: readonly TrainingSetup[] = ([
  ["reverse-binary", "stack"],
  ["stack-manipulation", "stack"],
  ["duplicate-string", "queue"],
  ["undo-flip-flop-dense", "stack"],
  ["dyck-2", "stack"],
] as const).map(([task, memory]) => ({
  name: `${task}/${memory}, general anchor`,
  kind: "ablation",
  task,
  memory,
  changes: { ...changesFor(memory), ablate: "anchor-by-step" },
  seeds: upTo(10),
}));

/** Many more strings, for the tasks that no memory learns from 20,000. */
const MANY_STRINGS = 500_000;
const MANY_STRINGS_SETUPS: readonly TrainingSetup[] = ([
  ["odds-first", "queue"],
  ["modular-arithmetic", "stack"],
] as const).map(([task, memory]) => ({
  name: `${task}/${memory}, ${MANY_STRINGS.toLocaleString("en")} strings`,
  kind: "ablation",
  task,
  memory,
  changes: { ...changesFor(memory), strings: MANY_STRINGS },
  seeds: upTo(5),
}));

/** All setups, in the order of the table. */
export const BOARD_SETUPS: readonly TrainingSetup[] = [
  ...TASK_SETUPS,
  ...CELLS_SETUPS,
  ...GENERAL_ANCHOR_SETUPS,
  ...MANY_STRINGS_SETUPS,
];

/** Test strings of every length, and how many more the first networks with a task's default memory answer. */
const [TEST_STRINGS, MORE_STRINGS, FIRST_SEEDS] = [20, 100, 3];

/**
 * Says how many test strings of every length the network of a run answers: 100 for the first three seeds of a task with its
 * default memory, otherwise 20.
 *
 * @param run Its setup and seed.
 * @returns The number.
 */
export function boardStringsFor({ setup: { name, task }, seed }: SetupSeed): number {
  const isFirst = name === `${task}/${defaultMemory(task)}` && seed <= FIRST_SEEDS;
  return isFirst ? MORE_STRINGS : TEST_STRINGS;
}
