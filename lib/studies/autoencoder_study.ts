/**
 * The recipes that are compared over many seeds: the tutorial's autoencoder with three things changed,
 * and the mended one with each of its ingredients taken away.
 *
 * @module
 */
import {
  changedAutoencoder,
  type ControllerRecipe,
  MENDED_AUTOENCODER,
  PUBLISHED_AUTOENCODER,
} from "@/tutorial/controller_recipes.ts";
import { seededRandom } from "@/math/random.ts";
import { examineController } from "@/tutorial/controller_evaluation.ts";
import { hasSucceeded } from "@/tutorial/controller_run.ts";
import { ControllerTraining, startControllerTraining } from "@/tutorial/controller_training.ts";
import type { Study, StudyHost } from "./study.ts";
import type { Terminal } from "@/io/terminal.ts";

/** One recipe among several. */
export interface Cell {
  readonly name: string;
  readonly recipe: ControllerRecipe;
  /** The most strings that a trial may take. */
  readonly most: number;
}

/** As many strings as the tutorial took. */
const PUBLISHED_STRINGS = 750_000;
const MENDED_STRINGS = 500_000;

/** Published or exact gradient, with or without readouts, with or without a live start: eight recipes. */
export const COMPARISON: readonly Cell[] = (["published", "exact"] as const).flatMap((gradient) =>
  [true, false].flatMap((readouts) =>
    [false, true].map((liveStart) => ({
      name: `${gradient} gradient, ${readouts ? "with" : "without"} readouts, ${
        liveStart ? "live" : "published"
      } start`,
      recipe: changedAutoencoder({ stackGradient: gradient, readouts, liveStart }),
      most: PUBLISHED_STRINGS,
    }))
  )
);

const { design, start, curriculum, sharpening } = MENDED_AUTOENCODER;
const noValue = { ...start, valueReadout: false };

function without(name: string, change: Partial<ControllerRecipe>): Cell {
  return { name, recipe: { ...MENDED_AUTOENCODER, ...change }, most: MENDED_STRINGS };
}

/** The mended recipe, whole and with one ingredient taken away at a time. */
export const ABLATION: readonly Cell[] = [
  without("nothing", {}),
  without("the exact gradient", { design: { ...design, stackGradient: "published" } }),
  without("the readout from v", {
    design: { ...design, readouts: { ...design.readouts, value: 0 } },
    start: noValue,
  }),
  without("all three readouts", {
    design: { ...design, readouts: { hidden: 0, outputPrime: 0, value: 0 } },
    start: noValue,
  }),
  without("the live start", { start: { ...start, pushBias: 1, popBias: -1 } }),
  without("Adam", { optimiser: "descent", learningRate: PUBLISHED_AUTOENCODER.learningRate }),
  without("the swift curriculum", {
    curriculum: { ...PUBLISHED_AUTOENCODER.curriculum, lastLevel: curriculum.lastLevel },
  }),
  without("the noise", { sharpening: { ...sharpening!, deviation: 0 } }),
  without("new weights", { patience: null }),
];

/** What came of a trial. */
export interface Trial {
  readonly seed: number;
  /** Whether the curriculum came to its end with crisp controls and every held-out string right. */
  readonly success: boolean;
  /** How many strings it learned from. */
  readonly strings: number;
  /** How often new weights were drawn. */
  readonly restarts: number;
  /** Level of the curriculum at the end. */
  readonly level: number;
  /** Share of held-out strings of 10 symbols that are right. */
  readonly right: number;
  /** The same for 100 symbols, eight times longer than any it learned from. */
  readonly rightLong: number;
  /** The least push while reading, of the strings of 10 symbols. */
  readonly push: number;
  /** The least pop while writing, from the second step on. */
  readonly pop: number;
}

/** Strings between two looks at how far it has come. */
const LOOK = 1000;

/**
 * Tries a recipe.
 *
 * @param recipe What to do.
 * @param seed Where its random numbers start.
 * @param most The most strings to learn from, a multiple of 1,000.
 * @returns What came of it; numbers are rounded to four decimals.
 */
export function tryRecipe(recipe: ControllerRecipe, seed: number, most: number): Trial {
  const draws = seededRandom(seed);
  const training = new ControllerTraining(recipe, startControllerTraining(recipe, draws), draws);
  let restarts = 0;
  while (training.iteration < most && !hasCome(training)) {
    const { drawnAt } = training;
    training.advance(LOOK);
    if (training.drawnAt !== drawnAt) restarts++;
  }
  const short = examineController(training.controller, recipe.task, 10);
  const long = examineController(training.controller, recipe.task, 100);
  const rounded = (x: number) => Math.round(x * 1e4) / 1e4;
  return {
    seed,
    success: hasSucceeded(training),
    strings: training.iteration,
    restarts,
    level: training.level,
    right: short.right,
    rightLong: long.right,
    push: rounded(short.leastReadingPush),
    pop: rounded(short.leastWritingPop),
  };
}

/** Whether there is nothing more to wait for. */
function hasCome(training: ControllerTraining): boolean {
  return training.recipe.sharpening === null ? hasSucceeded(training) : training.sharpened;
}

/** Trials by the names of their recipes. */
export interface AutoencoderStatistics {
  readonly comparison: Record<string, Trial[]>;
  readonly ablation: Record<string, Trial[]>;
}

/** Where the table is, from the project's folder. */
export const STATISTICS_FILE = "notebooks/data/autoencoder_statistics.json";
const SEEDS = 20;

/** The table so far; empty if there is none. */
export function readStatistics(): AutoencoderStatistics {
  try {
    return JSON.parse(Deno.readTextFileSync(STATISTICS_FILE));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { comparison: {}, ablation: {} };
  }
}

/** One trial a line, so that a change shows as a line. */
function inLines(statistics: AutoencoderStatistics): string {
  const cells = (trials: Record<string, Trial[]>) =>
    Object.entries(trials).map(([name, rows]) =>
      `    ${JSON.stringify(name)}: [\n` +
      rows.map((row) => `      ${JSON.stringify(row)}`).join(",\n") + "\n    ]"
    ).join(",\n");
  const { comparison, ablation } = statistics;
  return `{\n  "comparison": {\n${cells(comparison)}\n  },\n  "ablation": {\n${
    cells(ablation)
  }\n  }\n}\n`;
}

function fill(
  statistics: AutoencoderStatistics,
  part: "comparison" | "ablation",
  cell: Cell,
  seeds: number,
  terminal: Terminal,
): void {
  const trials = statistics[part][cell.name] ??= [];
  while (trials.length < seeds) {
    trials.push(tryRecipe(cell.recipe, trials.length + 1, cell.most));
    Deno.writeTextFileSync(STATISTICS_FILE, inLines(statistics));
  }
  if (trials.length > seeds) return;
  const successes = trials.filter(({ success }) => success).length;
  terminal.print(`${successes} of ${trials.length}  ${part}: ${cell.name}`);
}

function make(wanted: string, { terminal }: StudyHost): void {
  const statistics = readStatistics();
  Deno.mkdirSync("notebooks/data", { recursive: true });
  const cells = [
    ...ABLATION.map((cell) => ["ablation", cell] as const),
    ...COMPARISON.map((cell) => ["comparison", cell] as const),
  ].filter(([, { name }]) => name.includes(wanted));
  // Half of the seeds for all recipes first, so that there is soon something to see.
  for (const seeds of [SEEDS / 2, SEEDS]) {
    for (const [part, cell] of cells) fill(statistics, part, cell, seeds, terminal);
  }
}

/** The study as the command line knows it. */
export const AUTOENCODER_STUDY: Study = {
  name: "autoencoder",
  about: `${STATISTICS_FILE}, for notebook 8; PART is a recipe`,
  make,
};
