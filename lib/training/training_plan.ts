/**
 * What the options of a training resolve to: a task, a network, a recipe, a budget.
 *
 * @module
 */
import type { Optimizer } from "@/engine/optimizer.ts";
import { UserError } from "@/io/user_error.ts";
import { type MemoryName, portsOf, takesCells } from "@/memory/memories.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { LengthRange, Task } from "@/tasks/task.ts";
import { hasLengths } from "@/tasks/streams.ts";
import { createTask, defaultMemory } from "@/tasks/tasks.ts";
import { hasOwnSymbols } from "@/tasks/text.ts";
import { lengthRangeText, parseLengthRange } from "@/options/option.ts";
import { flagOf } from "@/options/settings.ts";
import { ablate, hasPart } from "./ablation.ts";
import type { Recipe } from "./recipe.ts";
import { defaultRecipe, recipeFor, type RecipeName } from "./recipes.ts";
import {
  checkForgetBias,
  defaultSettings,
  type ResolvedSettings,
  TRAINING_OPTIONS,
  type TrainingSettings,
} from "./training_options.ts";

/** What to change if the network and its batch need more memory than there is, as in "wanted …". */
export const SMALLER_SIZES =
  "a smaller --hidden, --layers, --value-width, --embedding, --symbols, --batch or --lengths";

/** Task, network, recipe and budget of a training run. */
export interface TrainingPlan {
  readonly task: Task;
  readonly shape: SequenceModelShape;
  readonly lengths: LengthRange;
  readonly recipe: Recipe;
  /** The most updates: as many as the budget of strings allows. */
  readonly updates: number;
  readonly seed: number;
  /** The settings that the plan was made from, with memory, lengths, recipe and budget; they make the same plan. */
  readonly settings: ResolvedSettings;
}

/**
 * Resolves settings to a plan.
 *
 * @example The default: an LSTM with a stack, 128 characters and three marks.
 * ```ts
 * import { defaultSettings } from "@/training/training_options.ts";
 * import { trainingPlan } from "@/training/training_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { task, shape, updates } = trainingPlan(defaultSettings(1));
 * assertEquals([task.vocabulary.characters, shape.symbols, updates], [128, 131, 3750]);
 * assertEquals([shape.cell, shape.memory], ["lstm", "stack"]);
 * ```
 * @param settings A value for each option.
 * @returns The plan.
 * @throws {UserError} If settings contradict each other.
 */
export function trainingPlan(settings: TrainingSettings): TrainingPlan {
  const { cell, hidden, layers, embedding, valueWidth, seed } = settings;
  const memoryCells = settings.memoryCells ?? undefined; // absent in settings of earlier versions
  const task = createTrainedTask(settings);
  const memory = settings.memory ?? defaultMemory(settings.task);
  const recipe = recipeNameOf(settings, memory);
  const logitsSeeReads = settings.logitsSeeReads || recipe === "in-place";
  const shape: SequenceModelShape = {
    cell,
    layers,
    hidden,
    embedding,
    memory,
    valueWidth: portsOf(memory) > 0 ? valueWidth : 0,
    symbols: task.vocabulary.size,
    ...(logitsSeeReads && { logitsSeeReads }),
    ...(memoryCells !== undefined && { memoryCells }),
  };
  const chosen = {
    ...settings,
    memory,
    lengths: settings.lengths ?? lengthRangeText(task.lengths.training),
    recipe,
    logitsSeeReads,
  };
  const resolved = recipeOf(chosen, shape), { strings } = resolved;
  const lengths = lengthsOf(chosen, task);
  checkBatch(settings, resolved, lengths);
  checkRate(resolved.optimizer, chosen);
  return {
    ...{ task, shape, lengths, seed },
    recipe: resolved,
    updates: Math.floor(strings / resolved.batch),
    settings: { ...chosen, strings },
  };
}

/**
 * Writes the command line that trains with these settings.
 *
 * @example Task, memory, budget and seed are always named.
 * ```ts
 * import { defaultSettings } from "@/training/training_options.ts";
 * import { trainingCommand, trainingPlan } from "@/training/training_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { settings } = trainingPlan({ ...defaultSettings(7), task: "copy" });
 * assertEquals(
 *   trainingCommand(settings),
 *   "deno task train --task copy --memory queue --strings 25000 --seed 7",
 * );
 * ```
 * @param settings The settings of a plan.
 * @returns The command with these four options and all others that are not the default, or not the task's.
 */
export function trainingCommand(settings: ResolvedSettings): string {
  const { seed, task, memory } = settings, { training } = createTask(task).lengths;
  const ofTask = { lengths: lengthRangeText(training), recipe: defaultRecipe(task, memory) };
  const ofRecipe = { logitsSeeReads: settings.recipe === "in-place" };
  const defaults = { ...defaultSettings(seed), ...ofTask, ...ofRecipe };
  const named = ["task", "seed"]; // memory and budget are never the default, null
  const options = Object.entries(settings).filter(([name, value]) =>
    named.includes(name) || value !== defaults[name as keyof TrainingSettings]
  );
  const words = options.map(([name, value]) =>
    value === true ? flagOf(name) : `${flagOf(name)} ${value}`
  );
  return ["deno task train", ...words].join(" ");
}

/** Makes the task of a training; throws a {@linkcode UserError} if `symbols` is given and the task has symbols of its own. */
export function createTrainedTask(
  { task: name, symbols }: Pick<TrainingSettings, "task" | "symbols">,
): Task {
  const task = createTask(name, symbols);
  if (!hasOwnSymbols(task.vocabulary) || symbols === TRAINING_OPTIONS.symbols.default) return task;
  const wanted = "a task without symbols of its own for --symbols";
  throw new UserError("train", wanted, `--task ${task.name}`);
}

/** Reads the lengths of the training strings. */
export function lengthsOf(
  { lengths }: Pick<ResolvedSettings, "lengths">,
  task: Pick<Task, "name" | "sample" | "autoregressive">,
): LengthRange {
  const range = parseLengthRange(lengths), action = "read --lengths";
  if (!range) throw new UserError(action, TRAINING_OPTIONS.lengths.wanted, JSON.stringify(lengths));
  // Grammars and pairs of symbols draw the nearest length that they have.
  if (task.autoregressive || hasLengths(task, range)) return range;
  const wanted = `lengths of strings of the task ${task.name}`;
  throw new UserError(action, wanted, JSON.stringify(lengths));
}

/** Settings that say which memory, which lengths and which recipe. */
type ChosenSettings = TrainingSettings & Pick<ResolvedSettings, "memory" | "lengths" | "recipe">;

/** The name of the recipe; earlier versions called that of a network without a memory "standard" as well. */
function recipeNameOf({ task, recipe }: TrainingSettings, memory: MemoryName): RecipeName {
  const usual = defaultRecipe(task, memory);
  const isFormerName = recipe === "standard" && usual === "no-memory";
  return recipe === null || isFormerName ? usual : recipe;
}

function recipeOf(settings: ChosenSettings, shape: SequenceModelShape): Recipe {
  const { ablate: part, strings, batch, forgetBias, popBias } = settings;
  checkApplicable(settings);
  const named = recipeFor(settings.recipe, shape);
  const start = { ...named.start };
  if (forgetBias !== null) Object.assign(start, { forgetBias });
  if (popBias !== null) Object.assign(start, { popBias });
  const optimizer = optimizerOf(named.optimizer, settings);
  const recipe = {
    ...named,
    strings: strings ?? named.strings,
    batch: batch ?? named.batch,
    start,
    optimizer,
  };
  checkPart(settings, recipe);
  return part === "nothing" ? recipe : ablate(recipe, part);
}

/** Refuses an option of something that the network does not have. */
function checkApplicable(settings: ChosenSettings): void {
  const { task, memory, recipe, ablate, valueWidth, logitsSeeReads, popBias } = settings;
  const ofMemory = {
    "--recipe": recipe !== "no-memory",
    "--ablate": ablate !== "nothing",
    "--value-width": valueWidth !== TRAINING_OPTIONS.valueWidth.default,
    "--logits-see-reads": logitsSeeReads,
    "--pop-bias": popBias !== null,
  };
  const given = Object.entries(ofMemory).find(([, given]) => given)?.[0];
  if (given !== undefined && portsOf(memory) === 0) {
    throw new UserError("train", `a network with a memory for ${given}`, `--memory ${memory}`);
  }
  if ((settings.memoryCells ?? null) !== null && !takesCells(memory)) {
    const wanted = "--memory superposition for --memory-cells";
    throw new UserError("train", wanted, `--memory ${memory}`);
  }
  if (recipe === "in-place" && createTask(task).autoregressive) {
    throw new UserError(
      "train",
      `a task answered in place for --recipe ${recipe}`,
      `--task ${task}`,
    );
  }
  if (recipe === "no-memory" && portsOf(memory) > 0) {
    throw new UserError("train", `--memory none for --recipe ${recipe}`, `--memory ${memory}`);
  }
  checkForgetBias(settings);
}

/** Refuses to leave out what the recipe does not have. */
function checkPart(
  { ablate: part, recipe, task, memory, clip }: ChosenSettings,
  named: Recipe,
): void {
  if (part === "nothing") return;
  if (part === "clipping" && clip !== null) {
    throw new UserError("train", "no --clip with --ablate clipping", `--clip ${clip}`);
  }
  if (hasPart(named, part)) return;
  const isDefault = recipe === defaultRecipe(task, memory);
  const of = isDefault
    ? `the ${recipe} recipe of --task ${task} --memory ${memory}`
    : `--recipe ${recipe}`;
  throw new UserError("train", `a recipe that has the part ${part} for --ablate`, of);
}

/** The largest number of characters in a batch; far fewer fill the memory, unless the network is tiny. */
const MAX_BATCH_CHARACTERS = 1e7;

/** Refuses a batch that is larger than the budget of strings, or too large to be drawn. */
export function checkBatch(
  { batch: given }: Pick<TrainingSettings, "batch">,
  { strings, batch }: Pick<Recipe, "strings" | "batch">,
  { longest }: LengthRange,
): void {
  if (batch > strings) {
    if (given === null) {
      throw new UserError("train", `--strings of at least ${batch}, one batch`, String(strings));
    }
    throw new UserError("train", `--batch of at most --strings (${strings})`, String(batch));
  }
  if (batch * longest > MAX_BATCH_CHARACTERS) {
    const wanted = `--batch times the longest of --lengths to be at most ${MAX_BATCH_CHARACTERS}`;
    throw new UserError("train", wanted, String(batch * longest));
  }
}

/** Cells lose rate · cellDecay of their parameters before each update: at most all of them. */
function checkRate({ rate, cellDecay = 0 }: Optimizer, { recipe }: ChosenSettings): void {
  if (rate * cellDecay <= 1) return;
  const wanted = `--learning-rate of at most ${1 / cellDecay} with --recipe ${recipe}, ` +
    `whose weight decay is ${cellDecay} (--ablate cell-decay leaves it out)`;
  throw new UserError("train", wanted, String(rate));
}

function optimizerOf(named: Optimizer, settings: TrainingSettings): Optimizer {
  const { optimizer, learningRate } = settings, clip = settings.clip ?? named.clip;
  const same = optimizer === "recipe" || optimizer === named.rule;
  const kept = same ? named : { rule: optimizer, rate: named.rate };
  return { ...kept, rate: learningRate ?? kept.rate, ...(clip !== undefined && { clip }) };
}
