/**
 * The table behind notebook 11: how a vanilla RNN, an LSTM and an LSTM with a stack come along on string reversal.
 *
 * `deno task statistics curves` takes half an hour on one core; with a name behind it, it does only the networks whose
 * names contain it.
 *
 * @module
 */
import { disk } from "@/training/disk.ts";
import { writeAtomically } from "@/training/files.ts";
import { curveOf, type CurvePlan, type CurvePoint } from "@/training/reversal_curves.ts";
import { REVERSAL_OPTIONS, type ReversalSettings } from "@/training/reversal_options.ts";
import type { Study } from "./statistics_command.ts";
import type { Terminal } from "./terminal.ts";

/** A network's way. */
export interface Curve {
  readonly settings: ReversalSettings;
  readonly points: readonly CurvePoint[];
}

/** Ways by the names of their networks. */
export type CurvesStatistics = Record<string, Curve>;

/** Where the table is, from the project's folder. */
export const CURVES_FILE = "notebooks/data/reversal_curves.json";

const DEFAULTS: ReversalSettings = {
  ...Object.fromEntries(
    Object.entries(REVERSAL_OPTIONS).map(([name, option]) => [name, option.default]),
  ),
  seed: 1,
} as ReversalSettings;
/** 256 units as in the published experiment; one layer. */
const LARGE = { hidden: 256, embedding: 64, strings: 200_000 };

const PLANS: readonly CurvePlan[] = [
  {
    name: "LSTM + stack",
    settings: { ...DEFAULTS, strings: 8000 },
    every: 400,
    examined: 100,
  },
  ...(["rnn", "lstm"] as const).map((model) => ({
    name: model.toUpperCase(),
    settings: { ...DEFAULTS, ...LARGE, model },
    every: 10_000,
    examined: 100,
  })),
];

/** The table so far; empty if there is none. */
export function readCurves(): CurvesStatistics {
  return disk.kindOf(CURVES_FILE) === "nothing" ? {} : JSON.parse(disk.readText(CURVES_FILE));
}

/** A moment a line, so that a change shows as a line. */
function inLines(curves: CurvesStatistics): string {
  const parts = PLANS.flatMap(({ name }) => {
    if (!(name in curves)) return [];
    const { settings, points } = curves[name];
    const lines = points.map((point) => `    ${JSON.stringify(point)}`).join(",\n");
    return [`  "${name}": { "settings": ${JSON.stringify(settings)}, "points": [\n${lines}\n  ]}`];
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

const rounded = (_: string, value: unknown) =>
  typeof value === "number" ? Number(value.toPrecision(6)) : value;

function make(part: string, terminal: Terminal): void {
  for (const plan of PLANS.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()))) {
    const points: CurvePoint[] = [];
    for (const point of curveOf(plan)) {
      points.push(JSON.parse(JSON.stringify(point, rounded)));
      const { strings, loss, validation, test } = point;
      terminal.note(
        `${plan.name}: ${strings} strings, loss ${loss.toPrecision(3)}, fine ` +
          `${validation.fine.toFixed(3)} and ${test.fine.toFixed(3)}`,
      );
      const curve = { settings: plan.settings, points };
      writeAtomically(disk, CURVES_FILE, inLines({ ...readCurves(), [plan.name]: curve }));
    }
    terminal.print(`${plan.name}: ${points.length} points`);
  }
}

/** The study as the command line knows it. */
export const CURVES_STUDY: Study = {
  name: "curves",
  about: `${CURVES_FILE}, for notebook 11; PART is a network`,
  make,
};
