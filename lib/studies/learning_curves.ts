/**
 * How networks with and without a stack come along on string reversal: loss, and scores on validation and on test
 * strings, all the way through a training.
 *
 * Test strings are looked at here while a network learns, for a picture of the whole way. Nothing is decided by it.
 *
 * @module
 */
import { createStepper } from "@/engine/stepper.ts";
import { evaluateNetwork, type Evaluation } from "@/training/evaluation.ts";
import { defaultSettings, trainingPlan, type TrainingSettings } from "@/training/plan.ts";
import { resumeTrainer, startTraining, type TrainerState } from "@/training/trainer.ts";
import { disk } from "@/io/disk.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { join, writeAtomically, writeBytesAtomically } from "@/io/files.ts";
import type { Recipe } from "@/training/recipe.ts";
import type { Study, StudyHost } from "./study.ts";
import type { Terminal } from "@/io/terminal.ts";

/** A network, and how long it learns. */
export interface CurvePlan {
  readonly name: string;
  readonly settings: TrainingSettings;
  /** Training strings between two points. */
  readonly every: number;
  /** Strings in each score. */
  readonly examined: number;
}

/** Scores of one set of strings. */
export interface CurveScores {
  readonly coarse: number;
  /** Share before the first mistake, as this project counts. */
  readonly fine: number;
  /** Share of matching places, as published code counts. */
  readonly publishedFine: number;
}

/** A moment of a training. */
export interface CurvePoint {
  readonly strings: number;
  /** Running mean of the answers' cross-entropy, in nats a symbol. */
  readonly loss: number;
  /** Strings as long as those learned from. */
  readonly validation: CurveScores;
  /** Strings longer than those, up to twice as long. */
  readonly test: CurveScores;
}

/** A training that is scored on the way, and can be gone on with. */
export interface CurveTraining {
  /** Trains up to the next point, the first time not at all; nothing once the budget is spent. */
  next(): CurvePoint | undefined;
  /** Where the training is. */
  state(): TrainerState;
  /** Scores the network as it is. */
  scores(strings: number): Pick<CurvePoint, "validation" | "test">;
}

/**
 * Begins a training that is scored on the way, or goes on with one.
 *
 * @example What is left of it is the same as if it had never been stopped.
 * ```ts
 * import { curveTraining } from "@/studies/learning_curves.ts";
 * import { defaultSettings } from "@/training/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { cell: "rnn", memory: "none", symbols: 2, hidden: 4, strings: 96 } as const;
 * const plan = { name: "rnn", settings: { ...defaultSettings(1), ...small }, every: 48, examined: 2 };
 * const whole = curveTraining(plan);
 * whole.next(), whole.next();
 * const rest = curveTraining(plan, whole.state());
 * assertEquals(rest.next(), whole.next());
 * ```
 * @param plan What is trained, and how often it is scored.
 * @param from Where an earlier training of the same plan was when it gave a point.
 * @returns The training.
 */
export function curveTraining(
  { settings, every, examined }: CurvePlan,
  from?: TrainerState,
): CurveTraining {
  const plan = trainingPlan(settings), { task, shape, lengths, seed } = plan;
  const training = from ? resumeTrainer(plan, from) : startTraining(plan);
  const longer = { shortest: lengths.longest + 1, longest: 2 * lengths.longest };
  const network = createStepper(shape, training.parameters(), { build: settings.build });
  let begun = from !== undefined;

  function scores(strings: number) {
    network.setParameters(training.parameters());
    const score = (purpose: "validation" | "test", range: typeof lengths) =>
      scoresOf(evaluateNetwork(network, task, { strings, lengths: range, purpose, seed }));
    return { validation: score("validation", lengths), test: score("test", longer) };
  }
  const over = () => training.updates >= plan.updates;
  return {
    scores,
    state: () => training.state(),
    next() {
      if (begun && over()) return undefined;
      const next = begun ? (Math.floor(training.strings / every) + 1) * every : 0;
      while (training.strings < next && !over()) {
        if (training.hyperparameters.phaseComplete) training.repeatPhase();
        training.update();
      }
      begun = true;
      const { strings, loss } = training;
      return { strings, loss, ...scores(examined) };
    },
  };
}

/**
 * Trains a network, and scores it on the way.
 *
 * @example Three points of a small network.
 * ```ts
 * import { curveOf } from "@/studies/learning_curves.ts";
 * import { defaultSettings } from "@/training/plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const small = { cell: "rnn", memory: "none", symbols: 2, hidden: 4, strings: 96 } as const;
 * const plan = { name: "rnn", settings: { ...defaultSettings(1), ...small }, every: 48, examined: 2 };
 * assertEquals([...curveOf(plan)].map(({ strings }) => strings), [0, 48, 96]);
 * ```
 * @param plan What is trained, and how often it is scored.
 * @returns A generator of moments, the start and the end among them.
 * @throws {RangeError} If the numbers diverge.
 */
export function* curveOf(plan: CurvePlan): Generator<CurvePoint> {
  const training = curveTraining(plan);
  for (let point = training.next(); point; point = training.next()) yield point;
}

/**
 * What a curve keeps of an evaluation.
 *
 * @param evaluation The scores of one set of strings.
 * @returns Coarse and fine as this project counts, and fine as published code does.
 */
export function scoresOf({ strict, published }: Evaluation): CurveScores {
  return { coarse: strict.coarse, fine: strict.fine, publishedFine: published.fine };
}

/** A network's way. */
export interface Curve {
  readonly settings: TrainingSettings;
  readonly points: readonly CurvePoint[];
  /** Its scores at the end, on as many strings as the last table of a training has. */
  readonly end?: CurveEnd;
}

/** Scores of a trained network. */
export type CurveEnd = Pick<CurvePoint, "validation" | "test">;

/** A curve under way. */
interface Unfinished {
  readonly plan: CurvePlan;
  readonly recipe: Recipe;
  readonly points: readonly CurvePoint[];
  readonly training: TrainerState;
}

/** Ways by the names of their networks. */
export type CurvesStatistics = Record<string, Curve>;

/** Where the table is, from the project's folder. */
export const CURVES_FILE = "notebooks/data/reversal_curves.json";
const RUNS = ".runs/statistics";

const DEFAULTS = defaultSettings(1);
/** 256 units as in the published experiment; one layer. */
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
  join(RUNS, `curve-${name.replaceAll(/\W+/g, "-").toLowerCase()}.safetensors`);

/** What there is of a curve, unless it was begun otherwise. */
function unfinished(plan: CurvePlan): Unfinished | undefined {
  const path = unfinishedPath(plan);
  if (disk.kindOf(path) === "nothing") return undefined;
  const kept = checkpointFromBytes<Unfinished>(disk.readBytes(path, 2 ** 30), path);
  const words = (begun: CurvePlan, recipe: Recipe) => JSON.stringify([begun, recipe]);
  const same = words(kept.plan, kept.recipe) === words(plan, trainingPlan(plan.settings).recipe);
  return same ? kept : undefined;
}

function write({ name, settings }: CurvePlan, points: readonly CurvePoint[], end?: CurveEnd): void {
  const curve = JSON.parse(JSON.stringify({ settings, points, end }, rounded));
  writeAtomically(disk, CURVES_FILE, inLines({ ...readCurves(), [name]: curve }));
}

function makeCurve(plan: CurvePlan, terminal: Terminal): void {
  const earlier = unfinished(plan), points = [...earlier?.points ?? []];
  const training = curveTraining(plan, earlier?.training);
  const { recipe } = trainingPlan(plan.settings);
  for (let point = training.next(); point; point = training.next()) {
    points.push(point);
    const { strings, loss, validation, test } = point;
    terminal.note(
      `${plan.name}: ${strings} strings, loss ${loss.toPrecision(3)}, fine ` +
        `${validation.fine.toFixed(3)} and ${test.fine.toFixed(3)}`,
    );
    const so: Unfinished = { plan, recipe, points, training: training.state() };
    disk.makeFolder(RUNS);
    writeBytesAtomically(disk, unfinishedPath(plan), checkpointToBytes(so));
    write(plan, points);
  }
  write(plan, points, training.scores(1000));
  terminal.print(`${plan.name}: ${points.length} points`);
}

function make(part: string, { terminal }: StudyHost): void {
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
