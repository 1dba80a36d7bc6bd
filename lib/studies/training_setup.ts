/**
 * The training setups of a study: what each resolves to, the folders of its runs, and their order.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { MemoryName } from "@/memory/memories.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { lengthRangeText, listSeeds, type OptionValue, type SeedRange } from "@/options/option.ts";
import type { LengthRange } from "@/tasks/task.ts";
import type { TaskName } from "@/tasks/tasks.ts";
import type { Recipe } from "@/training/recipe.ts";
import { defaultSettings, type TrainingSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { type SetSize, STANDARD_SETS } from "@/training/validation.ts";

/**
 * What a setup is for: a memory that can solve the task (or nearly), one that cannot, a published recipe, an ablation, a
 * variant of the network or the strings.
 */
export type SetupKind = "solvable" | "unsolvable" | "published recipe" | "ablation" | "variant";

/** One training setup, run with several seeds. */
export interface TrainingSetup {
  /** The task and the memory, such as "copy/queue", and what else differs from the default. */
  readonly name: string;
  readonly kind: SetupKind;
  readonly task: TaskName;
  /** The task whose test strings the networks answer, if that is another one. */
  readonly tested?: TaskName;
  readonly memory: MemoryName;
  /** Further changes to the default settings of `deno task train`. */
  readonly changes: Readonly<Partial<TrainingSettings>>;
  readonly seeds: SeedRange;
}

/** The seeds from 1 on. */
export const upTo = (last: number): SeedRange => ({ first: 1, last });

/** What a setup resolves to. Stored runs count only while it is the same. */
export interface SetupPlan {
  readonly task: string;
  /** The task of the test strings, if it is another. */
  readonly tested?: string;
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
 * import { PAPER_SETUPS } from "@/studies/paper_setups.ts";
 * import { planOf } from "@/studies/training_setup.ts";
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
export function planOf(setup: TrainingSetup): SetupPlan {
  const { task, lengths, shape, recipe, updates } = trainingPlan(settingsOf(setup, 1));
  const validation = STANDARD_SETS.further({ lengths, task });
  const { tested } = setup;
  const plan: SetupPlan = {
    task: task.name,
    ...tested && { tested },
    lengths,
    network: shape,
    recipe,
    updates,
    validation,
  };
  return JSON.parse(JSON.stringify(plan));
}

/**
 * Compares a stored plan with what its setup resolves to today.
 *
 * @param stored The stored plan.
 * @param setup The setup.
 * @returns Whether they are the same; the order of their fields does not count.
 */
export function isPlanOf(stored: SetupPlan, setup: TrainingSetup): boolean {
  return isDeepStrictEqual(stored, planOf(setup));
}

/**
 * The settings of one run; the lengths are spelled out, since folders of runs are named by their settings. For the same reason
 * the number of cells is left out if the memory has none: it came after the first runs.
 */
export function settingsOf(
  { task, memory, changes }: TrainingSetup,
  seed: number,
): TrainingSettings {
  const given = { ...defaultSettings(seed), task, memory, ...changes };
  const lengths = lengthRangeText(trainingPlan(given).lengths);
  const { memoryCells, ...settings } = { ...given, lengths };
  return { ...settings, ...memoryCells === null ? {} : { memoryCells } } as TrainingSettings;
}

/**
 * Names a folder for the runs of a setup: other settings or another recipe have another one.
 *
 * @param setup The setup.
 * @returns The name, without characters that a file system refuses.
 */
export function folderNameOf(setup: TrainingSetup): string {
  const { seed: _, ...all }: Record<string, OptionValue> = settingsOf(setup, 1);
  // Flags that are not set are left out, so that a new one renames no folder.
  const settings = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== false));
  const text = JSON.stringify([settings, planOf(setup)]);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${setup.name.replaceAll(/\W+/g, "-")}-${hash}`;
}

/** One run of a setup. */
export interface SetupSeed {
  readonly setup: TrainingSetup;
  readonly seed: number;
}

/** Seeds of a solvable setup that are trained before anything else. */
const FIRST_SEEDS = 5;

const KINDS: readonly SetupKind[] = [
  "unsolvable",
  "solvable",
  "published recipe",
  "ablation",
  "variant",
];

function roundOf({ setup: { kind }, seed }: SetupSeed): number {
  return kind === "solvable" && seed <= FIRST_SEEDS ? -1 : KINDS.indexOf(kind);
}

/**
 * Lists the runs of setups so that a partial table is as useful as possible: the first five seeds of the solvable setups,
 * then the unsolvable ones, the other seeds, the published recipe, the ablations, and the variants; within each of these, one
 * seed of every setup after the other.
 *
 * @example Six seeds of a setup with a memory that can, and one with a memory that cannot.
 * ```ts
 * import { PAPER_SETUPS } from "@/studies/paper_setups.ts";
 * import { orderRuns } from "@/studies/training_setup.ts";
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
export function orderRuns(setups: readonly TrainingSetup[], only?: SeedRange): SetupSeed[] {
  const { first, last } = only ?? { first: -Infinity, last: Infinity };
  const runs = setups.flatMap((setup) =>
    listSeeds(setup.seeds).filter((seed) => first <= seed && seed <= last)
      .map((seed): SetupSeed => ({ setup, seed }))
  );
  return runs.sort((a, b) => roundOf(a) - roundOf(b) || a.seed - b.seed);
}
