/**
 * The training setups of the study `paper`: every task of the paper with every memory and the default recipe, the paper's own
 * recipe, and the default recipe with one part left out.
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { MemoryName } from "@/memory/memories.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { lengthRangeText, listSeeds, type OptionValue, type SeedRange } from "@/options/option.ts";
import { type LengthRange, PAPER_LENGTHS } from "@/tasks/task.ts";
import { mustCount, type TaskName } from "@/tasks/tasks.ts";
import { ANNEALED_RECIPE_PARTS, QUEUE_RECIPE_PARTS, RECIPE_PARTS } from "@/training/ablation.ts";
import type { Recipe } from "@/training/recipe.ts";
import { defaultSettings, type TrainingSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { type SetSize, STANDARD_SETS } from "@/training/validation.ts";

/** What a setup is for: a memory that can solve the task (or nearly), one that cannot, the paper's recipe, an ablation. */
export type SetupKind = "solvable" | "unsolvable" | "published recipe" | "ablation";

/** One training setup, run with several seeds. */
export interface PaperSetup {
  /** The task and the memory, such as "copy/queue", and what else differs from the default. */
  readonly name: string;
  readonly kind: SetupKind;
  readonly task: TaskName;
  readonly memory: PaperMemory;
  /** Further changes to the default settings of `deno task train`. */
  readonly changes: Readonly<Partial<TrainingSettings>>;
  readonly seeds: SeedRange;
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

const upTo = (last: number): SeedRange => ({ first: 1, last });

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
  ...ANNEALED_RECIPE_PARTS.map((ablate) => changedSetup("svo-sov", { ablate }, 5)),
  changedSetup("svo-sov", { recipe: "standard" }, 5),
];

/** A setup with a queue and a part left out, or another recipe. */
function changedSetup(
  task: TaskName,
  changes: Pick<PaperSetup["changes"], "ablate" | "recipe">,
  seeds: number,
): PaperSetup {
  const { ablate, recipe } = changes;
  return {
    name: `${task}/queue ${ablate ? `without ${ablate}` : recipe}`,
    kind: "ablation",
    task,
    memory: "queue",
    changes: { strings: budgetOf(task), ...changes },
    seeds: upTo(seeds),
  };
}

/** All setups, in the order of the table. */
export const PAPER_SETUPS: readonly PaperSetup[] = [
  ...TASK_SETUPS,
  ...PUBLISHED_SETUPS,
  ...ABLATION_SETUPS,
];

/** What a setup resolves to. Stored runs count only while it is the same. */
export interface SetupPlan {
  readonly task: string;
  readonly lengths: LengthRange;
  readonly network: SequenceModelShape;
  readonly recipe: Recipe;
  /** The most updates. */
  readonly updates: number;
  /** What a training stops on, in strings and lengths. */
  readonly validation: readonly SetSize[];
}

/**
 * Resolves a setup.
 *
 * @example The budget of a setup with the paper's recipe: 20,000 strings in batches of 10.
 * ```ts
 * import { PAPER_SETUPS, planOf } from "@/studies/paper_setups.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const setup = PAPER_SETUPS.find(({ name }) => name === "gender/queue grefenstette-2015")!;
 * const { task, network, recipe, updates } = planOf(setup);
 * assertEquals([task, network.memory, recipe.optimizer.rule, updates], ["gender", "queue", "rmsprop", 2000]);
 * ```
 * @param setup The setup.
 * @returns Its plan, as JSON preserves it.
 * @throws {UserError} If its settings contradict each other.
 */
export function planOf(setup: PaperSetup): SetupPlan {
  const { task, lengths, shape, recipe, updates } = trainingPlan(settingsOf(setup, 1));
  const validation = STANDARD_SETS.further({ lengths, task });
  const plan: SetupPlan = { task: task.name, lengths, network: shape, recipe, updates, validation };
  return JSON.parse(JSON.stringify(plan));
}

/**
 * Compares a stored plan with what its setup resolves to today.
 *
 * @param stored The stored plan.
 * @param setup The setup.
 * @returns Whether they are the same; the order of their fields does not count.
 */
export function isPlanOf(stored: SetupPlan, setup: PaperSetup): boolean {
  return isDeepStrictEqual(stored, planOf(setup));
}

/**
 * The settings of one run; the lengths are spelled out, since folders of runs are named by their settings. For the same reason
 * the number of cells, which no memory of the paper has, is left out: it came after the first runs.
 */
export function settingsOf({ task, memory, changes }: PaperSetup, seed: number): TrainingSettings {
  const lengths = lengthRangeText(PAPER_LENGTHS.training);
  const all = { ...defaultSettings(seed), task, memory, lengths, ...changes };
  const { memoryCells: _, ...settings } = all;
  return settings as TrainingSettings;
}

/**
 * Names a folder for the runs of a setup: other settings or another recipe have another one.
 *
 * @param setup The setup.
 * @returns The name, without characters that a file system refuses.
 */
export function folderNameOf(setup: PaperSetup): string {
  const { seed: _, ...all }: Record<string, OptionValue> = settingsOf(setup, 1);
  // Flags that are not set are left out, so that a new one renames no folder.
  const settings = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== false));
  const text = JSON.stringify([settings, planOf(setup)]);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${setup.name.replaceAll(/\W+/g, "-")}-${hash}`;
}

/** One run of a setup. */
export interface SetupSeed {
  readonly setup: PaperSetup;
  readonly seed: number;
}

/** Seeds of a solvable setup that are trained before anything else. */
const FIRST_SEEDS = 5;

const KINDS: readonly SetupKind[] = ["unsolvable", "solvable", "published recipe", "ablation"];

function roundOf({ setup: { kind }, seed }: SetupSeed): number {
  return kind === "solvable" && seed <= FIRST_SEEDS ? -1 : KINDS.indexOf(kind);
}

/**
 * Lists the runs of setups so that a partial table is as useful as possible: the first five seeds of the solvable setups,
 * then the unsolvable ones, the other seeds, the published recipe, and the ablations; within each of these, one seed of every
 * setup after the other.
 *
 * @example Six seeds of a setup with a memory that can, and one with a memory that cannot.
 * ```ts
 * import { orderRuns, PAPER_SETUPS } from "@/studies/paper_setups.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const setups = PAPER_SETUPS.filter(({ name }) => ["copy/stack", "copy/queue"].includes(name));
 * const runs = orderRuns(setups, { first: 4, last: 6 });
 * assertEquals(runs.map(({ setup, seed }) => `${setup.memory} ${seed}`), [
 *   "queue 4",
 *   "queue 5",
 *   "stack 4",
 *   "stack 5",
 *   "queue 6",
 * ]);
 * ```
 * @param setups The setups.
 * @param only Leaves out all other seeds; left out itself, all planned seeds are listed.
 * @returns The runs in their order.
 */
export function orderRuns(setups: readonly PaperSetup[], only?: SeedRange): SetupSeed[] {
  const { first, last } = only ?? { first: -Infinity, last: Infinity };
  const runs = setups.flatMap((setup) =>
    listSeeds(setup.seeds).filter((seed) => first <= seed && seed <= last)
      .map((seed): SetupSeed => ({ setup, seed }))
  );
  return runs.sort((a, b) => roundOf(a) - roundOf(b) || a.seed - b.seed);
}
