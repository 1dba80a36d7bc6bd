/**
 * The table behind notebook 08: every recipe of `autoencoder_cells.ts`, tried from seeds 1 to 20.
 *
 * `deno task statistics autoencoder` takes about an hour on one core; with a name behind it, it does only
 * the recipes whose names contain it. What is there already is kept, and every trial is the same on every machine.
 *
 * @module
 */
import { ABLATION, type Cell, COMPARISON } from "@/training/autoencoder_cells.ts";
import { type Trial, tryRecipe } from "@/training/autoencoder_trial.ts";
import type { Study } from "./statistics_command.ts";
import type { Terminal } from "./terminal.ts";

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

function make(wanted: string, terminal: Terminal): void {
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
