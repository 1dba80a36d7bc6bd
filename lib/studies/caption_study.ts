/**
 * The study `captions` of notebook 21: networks say what is in an image of coloured shapes, with attention over a grid of cells and
 * from one vector alone, with the same budget; and from one vector with four times as many images. Stored are the scores
 * throughout each training and at its end, and the networks that the notebook opens.
 *
 * A training takes about a minute on a quiet core, and about three with four times as many images. It is saved after every
 * validation in `.runs/statistics/`, so that a stopped study resumes.
 *
 * @module
 */
import { createCaptionerEngine } from "@/engine/captioner_engine.ts";
import { disk } from "@/io/disk.ts";
import { type Files, writeAtomically } from "@/io/files.ts";
import type { SeedRange } from "@/options/option.ts";
import { type CaptionSettings, defaultCaptionSettings } from "@/training/caption_options.ts";
import { captionPlan } from "@/training/caption_plan.ts";
import {
  type CaptionSets,
  keepCaptioner,
  resumeCaptionRun,
  type ScoredSet,
  scoreTestImages,
  STANDARD_CAPTION_SETS,
  startCaptionRun,
} from "@/training/caption_run.ts";
import type { CellShares } from "@/training/caption_scores.ts";
import type { ValidatedRunState } from "@/training/validated_run.ts";
import { formatRecords, readStoredTable } from "./stored_table.ts";
import { chooseRows, chooseSeeds, type Study, type TitledRows } from "./study.ts";
import { readUnfinished, saveUnfinished } from "./unfinished_training.ts";

/** A point of a training: images trained on, exact match and prefix accuracy on validation images. */
export type CaptionPoint = readonly [images: number, exact: number, prefix: number];

/** The scores of the best network of a training on a set of images. */
export interface CaptionSetRecord {
  readonly images: number;
  /** How many captions are right in full. */
  readonly exact: number;
  /** Prefix accuracy. */
  readonly prefix: number;
  /** With attention: its mean share on the cell of the shape, at each word of an item. */
  readonly looks?: CellShares;
}

/** The record of a training. */
export interface CaptionRecord {
  readonly seed: number;
  /** One for each validation. */
  readonly points: readonly CaptionPoint[];
  /** New images of combinations of kind, colour and place that training shows. */
  readonly test: CaptionSetRecord;
  /** New images with a combination that training never shows. */
  readonly heldOut: CaptionSetRecord;
}

/** Finished trainings by the name of the row. */
export type CaptionTable = Readonly<Record<string, readonly CaptionRecord[]>>;

/** A row of the study. */
export interface CaptionRow {
  readonly name: string;
  readonly architecture: CaptionSettings["architecture"];
  /** Training images; left out, those of the command. */
  readonly images?: number;
  /** The file of the network of seed 1, from the project's folder; left out, it is not kept. */
  readonly network?: string;
}

/** Path of the table, from the project's folder. */
export const CAPTION_FILE = "notebooks/data/captions.json";

/** The rows of the study. */
export const CAPTION_ROWS: readonly CaptionRow[] = [
  {
    name: "attention",
    architecture: "attention",
    network: "notebooks/data/captions_attention.safetensors",
  },
  {
    name: "one vector",
    architecture: "encoder-decoder",
    network: "notebooks/data/captions_one_vector.safetensors",
  },
  { name: "one vector, longer", architecture: "encoder-decoder", images: 192_000 },
];

/** Seeds of each row. */
const SEEDS: SeedRange = { first: 1, last: 3 };

/**
 * The settings of a training: the command's defaults, and the same bits on every machine. Of the rates .0005, .001, .002 and
 * .003, tried on seed 1001, the default is the best for one vector; with attention all from .001 on do.
 */
export function captionStudySettings(
  { architecture, images }: Pick<CaptionRow, "architecture" | "images">,
  seed: number,
): CaptionSettings {
  const usual = { ...defaultCaptionSettings(seed), architecture, build: "strict" } as const;
  return captionPlan({ ...usual, images: images ?? usual.images }).settings;
}

/** A training that has been stopped after a validation. */
interface Unfinished {
  readonly settings: CaptionSettings;
  readonly points: readonly CaptionPoint[];
  readonly run: ValidatedRunState;
}

/**
 * Trains a network, or goes on with it.
 *
 * @param settings Of the training.
 * @param network The file in which the network is saved; left out, it is not kept.
 * @param files Where unfinished trainings are kept, and the network is saved.
 * @param note Receives a line after every validation.
 * @param sets How it is validated and scored; default: as by the command.
 * @returns The record.
 */
export function trainCaptions(
  settings: CaptionSettings,
  network: string | undefined,
  files: Files,
  note: (line: string) => void,
  sets: CaptionSets = STANDARD_CAPTION_SETS,
): CaptionRecord {
  const { architecture, images: budget, seed } = settings;
  const kept = `captions-${architecture}-${budget}-images-seed-${seed}`;
  const plan = captionPlan(settings), from = readUnfinished<Unfinished>(files, kept, settings);
  const run = from ? resumeCaptionRun(plan, sets, from.run) : startCaptionRun(plan, sets);
  let points = from?.points ?? [];
  try {
    while (!run.finished) {
      let isValidated = false;
      run.advance(1, () => isValidated = true);
      if (!isValidated) continue;
      const state = run.state(), { coarse, fine } = state.last!;
      const images = Number(run.metrics().strings);
      points = [...points, [images, Number(coarse.toFixed(4)), Number(fine.toFixed(4))]];
      note(`${kept}: ${images} images, exact ${coarse}, prefix ${fine.toFixed(3)}`);
      const unfinished: Unfinished = { settings, points, run: state };
      saveUnfinished(files, kept, unfinished);
    }
    const { best } = run.state();
    if (network) keepCaptioner(files, network, plan, best);
    const engine = createCaptionerEngine(plan.shape, { build: settings.build });
    engine.setParameters(best.parameters);
    const [test, heldOut] = scoreTestImages(engine, seed, sets.scored).map(recordOf);
    engine.close();
    return { seed, points, test, heldOut };
  } finally {
    run.close?.();
  }
}

function recordOf({ scores: { strings, exact, fine }, cellShares }: ScoredSet): CaptionSetRecord {
  const scores = { images: strings, exact, prefix: Number(fine.toFixed(4)) };
  if (!cellShares) return scores;
  const looks = Object.entries(cellShares).map(([role, share]) => [role, Number(share.toFixed(4))]);
  return { ...scores, looks: Object.fromEntries(looks) };
}

/** The table as JSON with one training a line. */
const formatTable = (table: CaptionTable): string =>
  `${formatRecords(table, CAPTION_ROWS.map(({ name }) => name))}\n`;

const readTable = (files: Files): CaptionTable => readStoredTable(files, CAPTION_FILE, {});

/** Makes and stores a training of a row, unless it is stored. */
function makeRecord(row: CaptionRow, seed: number, files: Files, note: (line: string) => void) {
  if (readTable(files)[row.name]?.some((record) => record.seed === seed)) return;
  const network = seed === SEEDS.first ? row.network : undefined;
  const record = trainCaptions(captionStudySettings(row, seed), network, files, note);
  const table = readTable(files), records = [...table[row.name] ?? [], record];
  writeAtomically(files, CAPTION_FILE, formatTable({ ...table, [row.name]: records }));
}

/** The stored table for the terminal. */
function tables(): TitledRows[] {
  const rows = Object.entries(readTable(disk)).flatMap(([network, records]) =>
    records.map(({ seed, test, heldOut }) => {
      const share = ({ exact, images }: CaptionSetRecord) => (exact / images).toFixed(3);
      const { article, colour, kind } = test.looks ?? {};
      const looks = Object.entries({ article, colour, kind }).map(([role, look]) =>
        [`look at the ${role}`, look?.toFixed(3) ?? "–"] as const
      );
      return {
        network,
        seed: `${seed}`,
        "exact": share(test),
        "exact, held-out combinations": share(heldOut),
        ...Object.fromEntries(looks),
      };
    })
  );
  return rows.length === 0 ? [] : [{ title: "Captions of new images", rows }];
}

/** The study on the command line. */
export const CAPTION_STUDY: Study = {
  name: "captions",
  about: `${CAPTION_FILE} and the networks beside it, for notebook 21; PART is a network`,
  takesSeeds: true,
  make(part, { terminal }, seeds) {
    const chosen = chooseRows(CAPTION_ROWS, part);
    for (const seed of chooseSeeds(SEEDS, seeds)) {
      for (const row of chosen) makeRecord(row, seed, disk, (line) => terminal.note(line));
    }
  },
  tables,
};
