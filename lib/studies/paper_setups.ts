/**
 * The training setups of the study `paper`: every task of the paper with every memory and the default recipe, the paper's own
 * recipe, the default recipe with one part left out, and variants.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.
 *
 * @module
 */
import type { MemoryName } from "@/memory/memories.ts";
import { mustCount, type TaskName } from "@/tasks/tasks.ts";
import { ANNEALED_RECIPE_PARTS, QUEUE_RECIPE_PARTS, RECIPE_PARTS } from "@/training/ablation.ts";
import { type TrainingSetup, upTo } from "./training_setup.ts";

/** A training setup of the paper's tasks. */
export interface PaperSetup extends TrainingSetup {
  readonly memory: PaperMemory;
}

/** The tasks of the paper, in its order. */
export const PAPER_TASKS = ["copy", "reversal", "bigram-flip", "svo-sov", "gender"] as const;

/** The memories of the paper, and none. */
export const PAPER_MEMORIES = ["none", "stack", "queue", "deque"] as const satisfies MemoryName[];

/** One of them. */
export type PaperMemory = (typeof PAPER_MEMORIES)[number];

const SOLVING: Readonly<Record<(typeof PAPER_TASKS)[number], readonly PaperMemory[]>> = {
  "copy": ["queue", "deque"],
  "reversal": ["stack", "deque"],
  "bigram-flip": ["queue", "deque"],
  "svo-sov": ["queue", "deque"],
  "gender": ["queue", "deque"],
};

/** The budget of a task, whatever the memory, in strings. */
const budgetOf = (task: TaskName) => mustCount(task) ? 300_000 : 25_000;

/** The budget of the paper's recipe. */
const PUBLISHED_STRINGS = 20_000;

const TASK_SETUPS: readonly PaperSetup[] = PAPER_TASKS.flatMap((task) =>
  PAPER_MEMORIES.map((memory): PaperSetup => {
    const solvable = SOLVING[task].includes(memory);
    return {
      name: `${task}/${memory}`,
      kind: solvable ? "solvable" : "unsolvable",
      task,
      memory,
      changes: { strings: budgetOf(task) },
      seeds: upTo(!solvable ? 5 : mustCount(task) ? 10 : 30),
    };
  })
);

const PUBLISHED_SETUPS: readonly PaperSetup[] = PAPER_TASKS.map((task) => {
  const [memory] = SOLVING[task], recipe = "grefenstette-2015";
  return {
    name: `${task}/${memory} ${recipe}`,
    kind: "published recipe",
    task,
    memory,
    changes: { recipe, strings: PUBLISHED_STRINGS, embedding: 64, valueWidth: 64 },
    seeds: upTo(10),
  };
});

const ABLATION_SETUPS: readonly PaperSetup[] = [
  ...(["copy", "bigram-flip"] as const).flatMap((task) =>
    [...RECIPE_PARTS, ...QUEUE_RECIPE_PARTS].map((ablate) => changedSetup(task, { ablate }, 10))
  ),
  // The parts that hardly change anything for a queue on these two tasks.
  ...(["noise", "first-symbol", "hinge"] as const).map((ablate) =>
    changedSetup("gender", { ablate }, 10, "deque")
  ),
  ...([...ANNEALED_RECIPE_PARTS, "cell-decay"] as const).map((ablate) =>
    changedSetup("svo-sov", { ablate }, 3)
  ),
  changedSetup("svo-sov", { recipe: "standard" }, 3),
];

/** A setup with a part left out, or another recipe. */
function changedSetup(
  task: TaskName,
  changes: Pick<PaperSetup["changes"], "ablate" | "recipe">,
  seeds: number,
  memory: PaperMemory = "queue",
): PaperSetup {
  const { ablate, recipe } = changes;
  return {
    name: `${task}/${memory} ${ablate ? `without ${ablate}` : recipe}`,
    kind: "ablation",
    task,
    memory,
    changes: { strings: budgetOf(task), ...changes },
    seeds: upTo(seeds),
  };
}

const VARIANT = { kind: "variant", memory: "queue", seeds: upTo(5) } as const;

/**
 * SVO–SOV learned from a grammar in which a relative clause is twice as probable, and with a cell that cannot count without
 * bound; and the other grammar of gender.
 */
const VARIANT_SETUPS: readonly PaperSetup[] = [
  {
    ...VARIANT,
    name: "svo-sov/queue, nested training sentences",
    task: "svo-sov-nested",
    tested: "svo-sov",
    changes: { strings: budgetOf("svo-sov-nested") },
  },
  {
    ...VARIANT,
    name: "svo-sov/queue, GRU",
    task: "svo-sov",
    changes: { strings: budgetOf("svo-sov"), cell: "gru" },
  },
  {
    ...VARIANT,
    name: "gender-variant/queue",
    task: "gender-variant",
    changes: { strings: budgetOf("gender-variant") },
  },
];

/** All setups, in the order of the table. */
export const PAPER_SETUPS: readonly PaperSetup[] = [
  ...TASK_SETUPS,
  ...PUBLISHED_SETUPS,
  ...ABLATION_SETUPS,
  ...VARIANT_SETUPS,
];
