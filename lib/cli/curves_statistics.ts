/**
 * The table behind notebook 11: how a vanilla RNN, an LSTM and an LSTM with a stack come along on string reversal.
 *
 * `deno task statistics curves` takes hours; with a name behind it, it does only the networks whose names contain it.
 * Trainings are kept in `.runs/statistics/` at each point, and gone on with if they are there.
 *
 * @module
 */
import { disk } from "@/training/disk.ts";
import { fromExactJson, toExactJson } from "@/training/exact_json.ts";
import { join, writeAtomically } from "@/training/files.ts";
import { type CurvePlan, type CurvePoint, curveTraining } from "@/training/reversal_curves.ts";
import {
  REVERSAL_OPTIONS,
  reversalPlan,
  type ReversalSettings,
} from "@/training/reversal_options.ts";
import type { ReversalRecipe } from "@/training/reversal_recipe.ts";
import type { ReversalTrainingState } from "@/training/reversal_training.ts";
import type { Study } from "./statistics_command.ts";
import type { Terminal } from "./terminal.ts";

/** A network's way. */
export interface Curve {
  readonly settings: ReversalSettings;
  readonly points: readonly CurvePoint[];
  /** Its scores at the end, on as many strings as the last table of a training has. */
  readonly end?: CurveEnd;
}

/** Scores of a trained network. */
export type CurveEnd = Pick<CurvePoint, "validation" | "test">;

/** A curve under way. */
interface Unfinished {
  readonly plan: CurvePlan;
  readonly recipe: ReversalRecipe;
  readonly points: readonly CurvePoint[];
  readonly training: ReversalTrainingState;
}

/** Ways by the names of their networks. */
export type CurvesStatistics = Record<string, Curve>;

/** Where the table is, from the project's folder. */
export const CURVES_FILE = "notebooks/data/reversal_curves.json";
const RUNS = ".runs/statistics";

const DEFAULTS: ReversalSettings = {
  ...Object.fromEntries(
    Object.entries(REVERSAL_OPTIONS).map(([name, option]) => [name, option.default]),
  ),
  seed: 1,
} as ReversalSettings;
/** 256 units as in the published experiment; one layer. */
const LARGE = { hidden: 256, embedding: 64, strings: 300_000 };

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
    const { settings, points, end } = curves[name];
    const lines = points.map((point) => `    ${JSON.stringify(point)}`).join(",\n");
    const last = end ? `, "end": ${JSON.stringify(end)}` : "";
    return [
      `  "${name}": { "settings": ${JSON.stringify(settings)}, "points": [\n${lines}\n  ]${last}}`,
    ];
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}

/** Six digits of every number that is not whole, for `JSON.stringify`: a count stays exact. */
export const rounded = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

const unfinishedPath = ({ name }: CurvePlan) =>
  join(RUNS, `curve-${name.replaceAll(/\W+/g, "-").toLowerCase()}.json`);

/** What there is of a curve, unless it was begun otherwise. */
function unfinished(plan: CurvePlan): Unfinished | undefined {
  const path = unfinishedPath(plan);
  if (disk.kindOf(path) === "nothing") return undefined;
  const kept = fromExactJson(disk.readText(path)) as Unfinished;
  const words = (begun: CurvePlan, recipe: ReversalRecipe) => toExactJson([begun, recipe]);
  const same = words(kept.plan, kept.recipe) === words(plan, reversalPlan(plan.settings).recipe);
  return same ? kept : undefined;
}

function write({ name, settings }: CurvePlan, points: readonly CurvePoint[], end?: CurveEnd): void {
  const curve = JSON.parse(JSON.stringify({ settings, points, end }, rounded));
  writeAtomically(disk, CURVES_FILE, inLines({ ...readCurves(), [name]: curve }));
}

function makeCurve(plan: CurvePlan, terminal: Terminal): void {
  const earlier = unfinished(plan), points = [...earlier?.points ?? []];
  const training = curveTraining(plan, earlier?.training);
  const { recipe } = reversalPlan(plan.settings);
  for (let point = training.next(); point; point = training.next()) {
    points.push(point);
    const { strings, loss, validation, test } = point;
    terminal.note(
      `${plan.name}: ${strings} strings, loss ${loss.toPrecision(3)}, fine ` +
        `${validation.fine.toFixed(3)} and ${test.fine.toFixed(3)}`,
    );
    const so: Unfinished = { plan, recipe, points, training: training.state() };
    disk.makeFolder(RUNS);
    writeAtomically(disk, unfinishedPath(plan), toExactJson(so));
    write(plan, points);
  }
  write(plan, points, training.scores(1000));
  terminal.print(`${plan.name}: ${points.length} points`);
}

function make(part: string, terminal: Terminal): void {
  for (const plan of PLANS.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()))) {
    makeCurve(plan, terminal);
  }
}

/** The study as the command line knows it. */
export const CURVES_STUDY: Study = {
  name: "curves",
  about: `${CURVES_FILE}, for notebook 11; PART is a network`,
  make,
};
