/**
 * A training of a captioner as a run: how it is trained, validated, saved and scored.
 *
 * @module
 */
import { type CaptionerEngine, createCaptionerEngine } from "@/engine/captioner_engine.ts";
import type { Tensors } from "@/engine/engine.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import type { Files } from "@/io/files.ts";
import { sum } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { type CaptionBatch, initialCaptioner } from "@/models/captioner.ts";
import type { OnShareDone, Outcome, Run, SetScores } from "@/runs/run.ts";
import {
  drawDescribedScene,
  type DrawnScene,
  firstDrawings,
  layOutCaption,
  openDrawings,
  type SceneChoice,
} from "@/tasks/drawn_shapes.ts";
import { saveCaptioner } from "@/weights/caption_model.ts";
import {
  type BatchTrainer,
  type BatchTrainerState,
  type BatchTraining,
  trainerOn,
} from "./batch_trainer.ts";
import {
  captionCommand,
  type CaptionPlan,
  optimizerAfter,
  SMALLER_CAPTION_SIZES,
} from "./caption_plan.ts";
import { type CellShares, scoreCaptions } from "./caption_scores.ts";
import { scoreTable, trainingCurves } from "./outcome.ts";
import {
  type KeptNetwork,
  validatedRun,
  type ValidatedRunState,
  type ValidatedTraining,
} from "./validated_run.ts";

/** How runs are validated and scored. */
export interface CaptionSets {
  /** Training images between two validations. */
  readonly every: number;
  /** How many validation images a validation uses. */
  readonly validated: number;
  /** How many images each of the final scores uses. */
  readonly scored: number;
}

/** Those of `deno task train`. */
export const STANDARD_CAPTION_SETS: CaptionSets = { every: 6400, validated: 200, scored: 1000 };

/** The least exact match on test images of a training that succeeds; not 1, since noise makes some squares look like circles. */
const SUCCESS = 0.98;

/** Words of the shortest and the longest caption, for the table of scores. */
const CAPTION_LENGTHS = "7..15";

/** The images of the final scores, by what they are called. */
const TEST_SETS: readonly (readonly [string, SceneChoice])[] = [
  ["test", "trained combinations"],
  ["held-out combinations", "a held-out combination"],
];

/** Starts a run. */
export function startCaptionRun(
  plan: CaptionPlan,
  sets: CaptionSets,
): Run<ValidatedRunState> {
  return validatedRun(trainingOf(plan, sets, startTrainer(plan)));
}

/** Resumes a run. */
export function resumeCaptionRun(
  plan: CaptionPlan,
  sets: CaptionSets,
  { trainer, ...validation }: ValidatedRunState,
): Run<ValidatedRunState> {
  return validatedRun(trainingOf(plan, sets, resumeTrainer(plan, trainer)), validation);
}

function startTrainer(plan: CaptionPlan): BatchTrainer {
  const { shape, seed, settings: { build, forgetBias } } = plan;
  const engine = createCaptionerEngine(shape, { build });
  return closeOnFailure(engine, () => {
    const random = seededRandom(`parameters, seed ${seed}`);
    engine.setParameters(initialCaptioner(shape, random, forgetBias ?? undefined));
    const strings = openDrawings(seed, "training").state();
    const begun = { updates: 0, loss: Math.log(shape.symbols), strings };
    return trainerOn(engine, batchesOf(plan), begun);
  });
}

function resumeTrainer(plan: CaptionPlan, state: BatchTrainerState): BatchTrainer {
  const { shape, settings: { build } } = plan, { parameters, steps, first, second } = state;
  const engine = createCaptionerEngine(shape, { build });
  return closeOnFailure(engine, () => {
    engine.setParameters(parameters);
    engine.setOptimizerState({ steps, first, second });
    return trainerOn(engine, batchesOf(plan), state);
  });
}

function batchesOf(plan: CaptionPlan): BatchTraining<CaptionBatch> {
  const { batch } = plan;
  return {
    drawBatch: (random) =>
      captionBatch(Array.from({ length: batch }, () => drawDescribedScene(random))),
    batch,
    unit: "images",
    optimizerAfter: (updates) => optimizerAfter(plan, updates),
    smaller: SMALLER_CAPTION_SIZES,
  };
}

/**
 * Makes a batch of scenes, whose loss is the mean over all words.
 *
 * @param scenes The scenes.
 * @returns Their images and captions.
 */
export function captionBatch(scenes: readonly DrawnScene[]): CaptionBatch {
  const images = scenes.map(({ image, caption }) => ({ image, ...layOutCaption(caption) }));
  return { images, outputWeight: 1 / sum(images.map(({ targets }) => targets.length)) };
}

function trainingOf(
  plan: CaptionPlan,
  sets: CaptionSets,
  trainer: BatchTrainer,
): ValidatedTraining {
  const { shape, batch, updates, seed, settings } = plan;
  const validation = firstDrawings(seed, "validation", sets.validated);
  /** Of the networks that are validated and scored; the trainer has its own. */
  let engine: CaptionerEngine | undefined;

  function engineWith(parameters: Tensors): CaptionerEngine {
    engine ??= createCaptionerEngine(shape, { build: settings.build });
    engine.setParameters(parameters);
    return engine;
  }

  return {
    trainer,
    unit: "images",
    batch,
    updates,
    every: sets.every,
    validate(parameters, onShareDone) {
      const { scores } = scoreCaptions(engineWith(parameters), validation, onShareDone);
      return { coarse: scores.coarse, fine: scores.fine, further: 0, done: false };
    },
    save: (files, path, network) => keepCaptioner(files, path, plan, network),
    outcome(best, history, onShareDone) {
      const { images, forgetBias } = settings, { optimizer } = plan;
      const scored = scoreTestImages(engineWith(best.parameters), seed, sets.scored, onShareDone);
      return {
        ...captionOutcome(scored),
        figures: trainingCurves(history, "images"),
        summary: {
          strings: trainer.strings,
          recipe: { images, batch, optimizer, forgetBias },
          scores: scored.map(({ scores }) => scores),
        },
      };
    },
    close: () => engine?.close(),
  };
}

/** Saves a network of a training, with the settings and the command that make it again. */
export function keepCaptioner(
  files: Files,
  path: string,
  { shape, settings }: CaptionPlan,
  { parameters, strings }: KeptNetwork,
): void {
  saveCaptioner(files, path, { shape, parameters }, [
    ["settings", JSON.stringify(settings)],
    ["command", captionCommand(settings)],
    ["images", String(strings)],
  ]);
}

/** The scores of a set of images, and where the network looked. */
export interface ScoredSet {
  readonly scores: SetScores;
  readonly cellShares?: CellShares;
}

/**
 * Scores a captioner on test images: of combinations that training shows, and with one that it never does.
 *
 * @param engine The captioner.
 * @param seed Of the images.
 * @param images How many of each kind.
 * @param onShareDone Receives the share that is done. It may throw in order to stop.
 * @returns Both scores.
 */
export function scoreTestImages(
  engine: CaptionerEngine,
  seed: number,
  images: number,
  onShareDone: OnShareDone = () => {},
): ScoredSet[] {
  return TEST_SETS.map(([purpose, choice], i) => {
    const scenes = firstDrawings(seed, "test", images, choice);
    const { scores, cellShares } = scoreCaptions(
      engine,
      scenes,
      (share) => onShareDone((i + share) / TEST_SETS.length),
    );
    return { scores: { purpose, lengths: CAPTION_LENGTHS, ...scores }, cellShares };
  });
}

/** Success is exact match on nearly all test images of the first kind; the shares of attention are theirs, too. */
function captionOutcome(
  [test, others]: readonly ScoredSet[],
): Pick<Outcome, "lines" | "success" | "measures"> {
  const { cellShares } = test, success = test.scores.coarse >= SUCCESS;
  const table = scoreTable([test.scores, others.scores], "images");
  if (!cellShares) return { lines: table, success };
  const shares = Object.entries(cellShares).map(([role, share]) => [`look at the ${role}`, share]);
  return {
    lines: [...table, "", shareLine(cellShares)],
    success,
    measures: Object.fromEntries(shares),
  };
}

/**
 * Says how much attention was on the cell of the shape that a word is about.
 *
 * @param shares Of each part of an item.
 * @returns A line.
 */
export function shareLine(shares: CellShares): string {
  const each = Object.entries(shares).map(([role, share]) => `${share.toFixed(3)} at the ${role}`);
  return `attention on the cell of the shape ${each.join(", ")} (evenly spread 0.111)`;
}
