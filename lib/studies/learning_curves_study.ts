/**
 * The study `curves` of notebook 11: learning curves of networks with and without a stack on string reversal, with loss
 * and scores on validation and test strings throughout a training.
 *
 * Test strings are evaluated during training for the figure only; no decision depends on them. A curve is saved after every
 * point in `.runs/statistics/`, so that a stopped study resumes.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { evaluateNetwork, type Evaluation } from "@/training/evaluation.ts";
import { defaultSettings, type TrainingSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { resumeTrainer, startTrainer, type TrainerState } from "@/training/trainer.ts";
import { disk } from "@/io/disk.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { join, writeAtomically, writeBytesAtomically } from "@/io/files.ts";
import type { Recipe } from "@/training/recipe.ts";
import { readStoredTable } from "./stored_table.ts";
import { chooseRows, type Study, type StudyHost } from "./study.ts";
import type { Terminal } from "@/io/terminal.ts";

/** A learning curve to compute. */
export interface CurvePlan {
  readonly name: string;
  readonly settings: TrainingSettings;
  /** Number of training strings between two points. */
  readonly every: number;
  /** Number of strings in each score. */
  readonly examined: number;
}

/** The scores of one set of strings. */
export interface CurveScores {
  /** Exact match: share of strings that are right in full. */
  readonly coarse: number;
  /** Prefix accuracy: mean share of symbols before the first error. */
  readonly fine: number;
  /** Share of matching positions, as published code computes it. */
  readonly publishedFine: number;
}

/** A point of a learning curve. */
export interface CurvePoint {
  readonly strings: number;
  /** Running mean of the cross-entropy, in nats per symbol. */
  readonly loss: number;
  /** Scores on strings of the training lengths. */
  readonly validation: CurveScores;
  /** Scores on longer strings, up to twice the maximum training length. */
  readonly test: CurveScores;
}

/** A training that is scored at regular intervals and can be resumed. */
export interface CurveTraining {
  /** Trains up to the next point and scores it, the first one without training; undefined once training has ended. */
  next(): CurvePoint | undefined;
  /** Returns the state from which the training can be resumed. */
  state(): TrainerState;
  /** Scores the current network on `strings` strings of each set. */
  scores(strings: number): Pick<CurvePoint, "validation" | "test">;
}

/**
 * Starts or resumes a training that is scored at regular intervals.
 *
 * @example A resumed training gives the same points as an uninterrupted one.
 * ```ts
 * import { createCurveTraining } from "@/studies/learning_curves_study.ts";
 * import { defaultSettings } from "@/training/training_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { cell: "rnn", memory: "none", symbols: 2, hidden: 4, strings: 96 } as const;
 * const plan = { name: "rnn", settings: { ...defaultSettings(1), ...small }, every: 48, examined: 2 };
 * const whole = createCurveTraining(plan);
 * whole.next(), whole.next();
 * const resumed = createCurveTraining(plan, whole.state());
 * assertEquals(resumed.next(), whole.next());
 * ```
 * @param plan The settings, and the interval between points.
 * @param from State of an earlier training of the same plan after a point; default: a new training.
 * @returns The training.
 */
export function createCurveTraining(
  { settings, every, examined }: CurvePlan,
  from?: TrainerState,
): CurveTraining {
  const plan = trainingPlan(settings), { task, shape, lengths, seed } = plan;
  const training = from ? resumeTrainer(plan, from) : startTrainer(plan);
  const longer = { shortest: lengths.longest + 1, longest: 2 * lengths.longest };
  const network = createStepper(shape, training.parameters(), { build: settings.build });
  let isStarted = from !== undefined;

  function scores(strings: number) {
    network.setParameters(training.parameters());
    const scoreOn = (purpose: "validation" | "test", range: typeof lengths) =>
      selectScores(evaluateNetwork(network, task, { strings, lengths: range, purpose, seed }));
    return { validation: scoreOn("validation", lengths), test: scoreOn("test", longer) };
  }
  const isOver = () => training.updates >= plan.updates;
  return {
    scores,
    state: () => training.state(),
    next() {
      if (isStarted && isOver()) return undefined;
      const next = isStarted ? (Math.floor(training.strings / every) + 1) * every : 0;
      while (training.strings < next && !isOver()) {
        if (training.hyperparameters.phaseComplete) training.repeatPhase();
        training.update();
      }
      isStarted = true;
      const { strings, loss } = training;
      return { strings, loss, ...scores(examined) };
    },
  };
}

/**
 * Trains a network and yields the points of its learning curve.
 *
 * @example Three points of a small network.
 * ```ts
 * import { trainingCurve } from "@/studies/learning_curves_study.ts";
 * import { defaultSettings } from "@/training/training_options.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { cell: "rnn", memory: "none", symbols: 2, hidden: 4, strings: 96 } as const;
 * const plan = { name: "rnn", settings: { ...defaultSettings(1), ...small }, every: 48, examined: 2 };
 * assertEquals([...trainingCurve(plan)].map(({ strings }) => strings), [0, 48, 96]);
 * ```
 * @param plan The settings, and the interval between points.
 * @returns A generator of points, which include the start and the end.
 * @throws {RangeError} If the training diverges.
 */
export function* trainingCurve(plan: CurvePlan): Generator<CurvePoint> {
  const training = createCurveTraining(plan);
  for (let point = training.next(); point; point = training.next()) yield point;
}

/**
 * Selects the scores of a learning curve from an evaluation.
 *
 * @param evaluation The evaluation of one set of strings.
 * @returns Strict coarse and fine, and fine as published code computes it.
 */
export function selectScores({ strict, published }: Evaluation): CurveScores {
  return { coarse: strict.coarse, fine: strict.fine, publishedFine: published.fine };
}

/** A learning curve. */
export interface Curve {
  readonly settings: TrainingSettings;
  readonly points: readonly CurvePoint[];
  /** Scores of the trained network on 1,000 strings of each set; missing until training has ended. */
  readonly end?: CurveEnd;
}

/** Scores of a trained network. */
export type CurveEnd = Pick<CurvePoint, "validation" | "test">;

/** A curve whose training has not ended, as saved in `.runs`. */
interface Unfinished {
  readonly plan: CurvePlan;
  readonly recipe: Recipe;
  readonly points: readonly CurvePoint[];
  readonly training: TrainerState;
}

/** Curves by the names of their networks. */
export type CurvesStatistics = Record<string, Curve>;

/** Path of the table, from the project's folder. */
export const CURVES_FILE = "notebooks/data/reversal_curves.json";
const RUNS = ".runs/statistics";

const DEFAULTS = trainingPlan(defaultSettings(1)).settings;
/** 256 units as in the published experiment, but one layer. */
const LARGE = { hidden: 256, embedding: 64, strings: 300_000 };

const PLANS: readonly CurvePlan[] = [
  {
    name: "LSTM + stack",
    settings: { ...DEFAULTS, strings: 8000 },
    every: 400,
    examined: 100,
  },
  ...(["rnn", "lstm"] as const).map((cell) => ({
    name: cell.toUpperCase(),
    settings: { ...DEFAULTS, ...LARGE, cell, memory: "none" as const },
    every: 10_000,
    examined: 100,
  })),
];

/** Reads the stored table; empty if there is none. */
function readCurves(): CurvesStatistics {
  return readStoredTable(disk, CURVES_FILE, {});
}

/** Formats the table as JSON with one point a line, so that a diff shows single points. */
function formatTable(curves: CurvesStatistics): string {
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

/** Rounds numbers to six digits, as a replacer for `JSON.stringify`; whole numbers stay exact. */
export const rounded = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

const unfinishedPath = ({ name }: CurvePlan) =>
  join(RUNS, `curve-${name.replaceAll(/\W+/g, "-").toLowerCase()}.safetensors`);

/** Reads the unfinished curve of a plan; undefined if there is none or it has other settings. */
function readUnfinished(plan: CurvePlan): Unfinished | undefined {
  const path = unfinishedPath(plan);
  if (disk.kindOf(path) === "nothing") return undefined;
  const kept = checkpointFromBytes<Unfinished>(disk.readBytes(path, 2 ** 30), path);
  const key = (plan: CurvePlan, recipe: Recipe) => JSON.stringify([plan, recipe]);
  const isSame = key(kept.plan, kept.recipe) === key(plan, trainingPlan(plan.settings).recipe);
  return isSame ? kept : undefined;
}

function writeCurve(
  { name, settings }: CurvePlan,
  points: readonly CurvePoint[],
  end?: CurveEnd,
): void {
  const curve = JSON.parse(JSON.stringify({ settings, points, end }, rounded));
  writeAtomically(disk, CURVES_FILE, formatTable({ ...readCurves(), [name]: curve }));
}

/** Computes a curve, or the rest of an unfinished one, and writes it after every point. */
function makeCurve(plan: CurvePlan, terminal: Terminal): void {
  const earlier = readUnfinished(plan), points = [...earlier?.points ?? []];
  const training = createCurveTraining(plan, earlier?.training);
  const { recipe } = trainingPlan(plan.settings);
  for (let point = training.next(); point; point = training.next()) {
    points.push(point);
    const { strings, loss, validation, test } = point;
    terminal.note(
      `${plan.name}: ${strings} strings, loss ${loss.toPrecision(3)}, fine ` +
        `${validation.fine.toFixed(3)} and ${test.fine.toFixed(3)}`,
    );
    const unfinished: Unfinished = { plan, recipe, points, training: training.state() };
    disk.makeFolder(RUNS);
    writeBytesAtomically(disk, unfinishedPath(plan), checkpointToBytes(unfinished));
    writeCurve(plan, points);
  }
  writeCurve(plan, points, training.scores(1000));
  terminal.print(`${plan.name}: ${points.length} points`);
}

function make(part: string, { terminal }: StudyHost): void {
  for (const plan of chooseRows(PLANS, part)) makeCurve(plan, terminal);
}

/** The study on the command line. */
export const CURVES_STUDY: Study = {
  name: "curves",
  about: `${CURVES_FILE}, for notebook 11; PART is a network`,
  make,
};
