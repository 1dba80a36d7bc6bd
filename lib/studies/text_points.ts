/**
 * A training on text whose network is looked at after every validation, and which can be stopped there and resumed.
 *
 * @module
 */
import { type Files, join, writeBytesAtomically } from "@/io/files.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import type { TextSettings } from "@/training/text_options.ts";
import type { TextPlan } from "@/training/text_plan.ts";
import {
  resumeTextRun,
  STANDARD_VALIDATION,
  startTextRun,
  type TextRunState,
  type TextValidation,
} from "@/training/text_run.ts";

/** The folder of stopped trainings. */
export const RUNS = ".runs/statistics";

/** A training after a validation. */
export interface UnfinishedText<Point> {
  readonly settings: TextSettings;
  readonly points: readonly Point[];
  readonly run: TextRunState;
}

/** How a training is looked at. */
export interface TextLook<Point> {
  /** Makes a point from the training's state and the characters trained on. */
  pointOf(state: TextRunState, characters: number): Point;
  /** What `onPoint` received last, of the same settings; default: a new training. */
  readonly from?: UnfinishedText<Point>;
  /** Receives the training after every validation. */
  onPoint?(unfinished: UnfinishedText<Point>): void;
  /** How it is validated; default: as by the command. */
  readonly validation?: TextValidation;
}

/**
 * Trains a network on a text, or resumes its training.
 *
 * @param plan What is trained, and how.
 * @param look What is looked at.
 * @returns The points and the state at the end.
 * @throws {UserError} If the text is not the one that the training was started with.
 */
export function trainWithPoints<Point>(
  plan: TextPlan,
  { pointOf, from, onPoint, validation = STANDARD_VALIDATION }: TextLook<Point>,
): UnfinishedText<Point> {
  const { settings } = plan;
  const run = from ? resumeTextRun(plan, validation, from.run) : startTextRun(plan, validation);
  try {
    let [points, last] = [from?.points ?? [], from?.run.last ?? null];
    while (!run.finished) {
      run.advance(1);
      const { validation: bits, symbols } = run.metrics();
      if (bits === last) continue;
      last = Number(bits);
      const state = run.state();
      points = [...points, pointOf(state, Number(symbols))];
      onPoint?.({ settings, points, run: state });
    }
    return { settings, points, run: run.state() };
  } finally {
    run.close?.();
  }
}

/**
 * Reads a training that has been stopped.
 *
 * @param files The file system.
 * @param name The training's name.
 * @param settings Its settings.
 * @returns The training; undefined if there is none or it has other settings.
 */
export function readUnfinished<Kept extends { readonly settings: object }>(
  files: Files,
  name: string,
  settings: Kept["settings"],
): Kept | undefined {
  const path = pathOf(name);
  if (files.kindOf(path) === "nothing") return undefined;
  const kept = checkpointFromBytes<Kept>(files.readBytes(path, 2 ** 30), path);
  return JSON.stringify(kept.settings) === JSON.stringify(settings) ? kept : undefined;
}

/** Saves a training so that it can be gone on with. */
export function saveUnfinished(
  files: Files,
  name: string,
  unfinished: { readonly settings: object },
): void {
  files.makeFolder(RUNS);
  writeBytesAtomically(files, pathOf(name), checkpointToBytes(unfinished));
}

const pathOf = (name: string) => join(RUNS, `${name}.safetensors`);
