/**
 * The study `autoencoder` of notebook 8, over 20 seeds: a comparison of the tutorial's autoencoder with and without three
 * changes, and an ablation of the fixed autoencoder.
 *
 * `deno task statistics autoencoder` writes the table after every trial and resumes it.
 *
 * @module
 */
import {
  type ControllerRecipe,
  createAutoencoderVariant,
  FIXED_AUTOENCODER,
  PUBLISHED_AUTOENCODER,
} from "@/tutorial/controller_recipes.ts";
import { seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { evaluateController } from "@/tutorial/controller_evaluation.ts";
import { isTrainingSuccessful } from "@/tutorial/controller_run.ts";
import { ControllerTraining } from "@/tutorial/controller_training.ts";
import type { RnnController } from "@/tutorial/rnn_controller.ts";
import { createRandomReversalString, type ReversalTask } from "@/tutorial/tutorial_reversal.ts";
import { readStoredTable } from "./stored_table.ts";
import { nearestMeanAccuracy } from "./nearest_mean.ts";
import { chooseRows, type Study, type StudyHost } from "./study.ts";
import { countSuccesses } from "./success_rate.ts";
import { disk } from "@/io/disk.ts";
import { writeAtomically } from "@/io/files.ts";
import type { Terminal } from "@/io/terminal.ts";

/** One recipe of the study. */
export interface Variant {
  readonly name: string;
  readonly recipe: ControllerRecipe;
  /** Maximum number of training strings of a trial. */
  readonly most: number;
}

/** Maximum number of training strings of the published recipe, as in the tutorial. */
const PUBLISHED_STRINGS = 750_000;
/** Maximum number of training strings of the fixed recipe. */
const FIXED_STRINGS = 500_000;

/**
 * Eight recipes: published or exact gradient, with or without readouts, initial push and pop as published or in the
 * trainable region ("live start").
 */
export const COMPARISON: readonly Variant[] = (["published", "exact"] as const).flatMap((
  gradient,
) =>
  [true, false].flatMap((readouts) =>
    [false, true].map((trainableStart) => ({
      name: `${gradient} gradient, ${readouts ? "with" : "without"} readouts, ${
        trainableStart ? "live" : "published"
      } start`,
      recipe: createAutoencoderVariant({ stackGradient: gradient, readouts, trainableStart }),
      most: PUBLISHED_STRINGS,
    }))
  )
);

const { design, start, curriculum, sharpening } = FIXED_AUTOENCODER;
const startWithoutValue = { ...start, valueReadout: false };

/** Creates an ablation of the fixed recipe. */
function without(name: string, change: Partial<ControllerRecipe>): Variant {
  return { name, recipe: { ...FIXED_AUTOENCODER, ...change }, most: FIXED_STRINGS };
}

/** The fixed recipe, complete ("nothing" removed) and without one part at a time. */
export const ABLATION: readonly Variant[] = [
  without("nothing", {}),
  without("the exact gradient", { design: { ...design, stackGradient: "published" } }),
  without("the readout from v", {
    design: { ...design, readouts: { ...design.readouts, value: 0 } },
    start: startWithoutValue,
  }),
  without("all three readouts", {
    design: { ...design, readouts: { hidden: 0, outputPrime: 0, value: 0 } },
    start: startWithoutValue,
  }),
  without("the live start", { start: { ...start, pushBias: 1, popBias: -1 } }),
  without("Adam", { optimizer: "descent", learningRate: PUBLISHED_AUTOENCODER.learningRate }),
  without("the swift curriculum", {
    curriculum: { ...PUBLISHED_AUTOENCODER.curriculum, lastLevel: curriculum.lastLevel },
  }),
  without("the noise", { sharpening: { ...sharpening!, deviation: 0 } }),
  without("new weights", { patience: null }),
];

/** The result of training one recipe with one seed. */
export interface Trial {
  readonly seed: number;
  /** True if the curriculum reached its last level, push and pop are saturated and every held-out string is right. */
  readonly success: boolean;
  /** Number of training strings. */
  readonly strings: number;
  /** Number of times new weights were drawn. */
  readonly restarts: number;
  /** Level of the curriculum at the end. */
  readonly level: number;
  /** Share of held-out strings of 10 symbols that are right. */
  readonly right: number;
  /** The same for 100 symbols, eight times the maximum training length. */
  readonly rightLong: number;
  /** Minimum push while reading strings of 10 symbols. */
  readonly push: number;
  /** Minimum pop while writing them, from the second step on. */
  readonly pop: number;
}

/** Training strings between two checks of the stopping criterion. */
const CHECK_INTERVAL = 1000;

/**
 * Trains a recipe with one seed and evaluates the result.
 *
 * @param recipe The recipe.
 * @param seed Seed of the initial weights, strings and noise.
 * @param maxStrings Maximum number of training strings, a multiple of 1,000.
 * @returns The result; push and pop are rounded to four decimals.
 */
export function runTrial(recipe: ControllerRecipe, seed: number, maxStrings: number): Trial {
  const training = ControllerTraining.start(recipe, seededRandom(seed));
  let restarts = 0;
  while (training.iteration < maxStrings && !isOver(training)) {
    const { weightsDrawnAt } = training;
    training.advance(CHECK_INTERVAL);
    if (training.weightsDrawnAt !== weightsDrawnAt) restarts++;
  }
  const short = evaluateController(training.controller, recipe.task, 10);
  const long = evaluateController(training.controller, recipe.task, 100);
  const rounded = (x: number) => Math.round(x * 1e4) / 1e4;
  return {
    seed,
    success: isTrainingSuccessful(training),
    strings: training.iteration,
    restarts,
    level: training.level,
    right: short.right,
    rightLong: long.right,
    push: rounded(short.minReadingPush),
    pop: rounded(short.minWritingPop),
  };
}

/** Number of random strings, and of symbols in each, on which pushed values are looked at. */
const [PROBE_STRINGS, PROBE_LENGTH] = [200, 8];

/**
 * Measures how well the values that a controller pushes while reading tell the previous symbol: the share of them that are
 * nearer to the mean value of that symbol than to the mean of any other.
 *
 * @example Without weights every value is 0 and tells nothing.
 * ```ts
 * import { previousSymbolAccuracy } from "@/studies/autoencoder_study.ts";
 * import { createParameters } from "@/tutorial/controller_parameters.ts";
 * import { FIXED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
 * import { RnnController } from "@/tutorial/rnn_controller.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { task, design } = FIXED_AUTOENCODER;
 * const controller = new RnnController(design, createParameters(design.sizes));
 * assertEquals(previousSymbolAccuracy(controller, task), 0);
 * ```
 * @param controller The controller, for strings of at least 8 symbols; afterwards the last string is one of these.
 * @param task Alphabet and encoding of the strings.
 * @returns The accuracy from 0 to 1, on 200 strings of 8 symbols, which are the same in every call.
 * @throws {RangeError} If the controller is not made for strings of 8 symbols.
 */
export function previousSymbolAccuracy(controller: RnnController, task: ReversalTask): number {
  const draws = seededRandom("probe"), M = controller.design.sizes.stackWidth;
  const values: Matrix = [], symbolsBefore: number[] = [];
  for (let k = 0; k < PROBE_STRINGS; k++) {
    const string = createRandomReversalString(task, PROBE_LENGTH, draws);
    controller.forward(string);
    for (let t = 1; t < PROBE_LENGTH; t++) {
      values.push([...controller.stack.values.subarray(t * M, (t + 1) * M)]);
      symbolsBefore.push(string.symbols[t - 1]);
    }
  }
  return nearestMeanAccuracy(values, symbolsBefore);
}

/** Tells whether a training is over: its sharpening has ended, or without sharpening every validation string is right. */
function isOver(training: ControllerTraining): boolean {
  return training.recipe.sharpening === null
    ? isTrainingSuccessful(training, "validation")
    : training.sharpened;
}

/** The stored table: trials by the names of their recipes. */
export interface AutoencoderStatistics {
  readonly comparison: Record<string, Trial[]>;
  readonly ablation: Record<string, Trial[]>;
}

/** Path of the table, from the project's folder. */
const AUTOENCODER_FILE = "notebooks/data/autoencoder_statistics.json";
/** Number of seeds of each recipe, from 1. */
const SEEDS = 20;

/** Reads the stored table; empty if there is none. */
function readAutoencoderStatistics(): AutoencoderStatistics {
  return readStoredTable(disk, AUTOENCODER_FILE, { comparison: {}, ablation: {} });
}

/** Formats the table as JSON with one trial a line, so that a diff shows single trials. */
function formatTable(statistics: AutoencoderStatistics): string {
  const formatTrials = (trials: Record<string, Trial[]>) =>
    Object.entries(trials).map(([name, rows]) =>
      `    ${JSON.stringify(name)}: [\n` +
      rows.map((row) => `      ${JSON.stringify(row)}`).join(",\n") + "\n    ]"
    ).join(",\n");
  const { comparison, ablation } = statistics;
  return `{\n  "comparison": {\n${formatTrials(comparison)}\n  },\n  "ablation": {\n${
    formatTrials(ablation)
  }\n  }\n}\n`;
}

/** Runs the missing trials of a recipe, writes the table after each, and prints the number of successes. */
function runTrials(
  statistics: AutoencoderStatistics,
  part: "comparison" | "ablation",
  variant: Variant,
  seeds: number,
  terminal: Terminal,
): void {
  const trials = statistics[part][variant.name] ??= [];
  while (trials.length < seeds) {
    trials.push(runTrial(variant.recipe, trials.length + 1, variant.most));
    writeAtomically(disk, AUTOENCODER_FILE, formatTable(statistics));
  }
  if (trials.length > seeds) return;
  terminal.print(`${countSuccesses(trials)} of ${trials.length}  ${part}: ${variant.name}`);
}

function make(part: string, { terminal }: StudyHost): void {
  const statistics = readAutoencoderStatistics();
  const variants = chooseRows([
    ...ABLATION.map((variant) => ({ group: "ablation", variant, name: variant.name } as const)),
    ...COMPARISON.map((variant) => ({ group: "comparison", variant, name: variant.name } as const)),
  ], part);
  // First half of the seeds for all recipes, so that preliminary results appear early.
  for (const seeds of [SEEDS / 2, SEEDS]) {
    for (const { group, variant } of variants) {
      runTrials(statistics, group, variant, seeds, terminal);
    }
  }
}

/** The study on the command line. */
export const AUTOENCODER_STUDY: Study = {
  name: "autoencoder",
  about: `${AUTOENCODER_FILE}, for notebook 8; PART is a recipe`,
  make,
};
