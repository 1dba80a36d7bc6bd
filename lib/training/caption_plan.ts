/**
 * What the options of a training of a captioner resolve to: a network, an optimizer, a budget.
 *
 * @module
 */
import type { Optimizer } from "@/engine/optimizer.ts";
import { UserError } from "@/io/user_error.ts";
import type { CaptionerShape } from "@/models/captioner.ts";
import type { BlockShape } from "@/models/image_encoder.ts";
import { CAPTION_VOCABULARY, DRAWING_SIZE } from "@/tasks/drawn_shapes.ts";
import {
  CAPTION_OPTIONS,
  type CaptionSettings,
  defaultCaptionSettings,
} from "./caption_options.ts";
import { attentionOf } from "./encoder_decoder_plan.ts";
import { trainLine } from "./train_line.ts";
import { checkForgetBias } from "./training_options.ts";

/** What to change if the network and its batch need more memory than there is, as in "wanted …". */
export const SMALLER_CAPTION_SIZES = "a smaller --hidden, --layers, --attention-width, " +
  "--embedding or --batch";

/** The image encoder: 24 × 24 pixels become 3 × 3 cells of 32 features, each of the 8 × 8 pixels of a place and their neighbours. */
export const IMAGE_BLOCKS: readonly BlockShape[] = [
  { channels: 16, kernel: 3, pool: 2 },
  { channels: 32, kernel: 3, pool: 4 },
];

/** Network, optimizer and budget of a training of a captioner. */
export interface CaptionPlan {
  readonly shape: CaptionerShape;
  readonly batch: number;
  /** At the start; see {@linkcode optimizerAfter}. */
  readonly optimizer: Optimizer;
  /** The number of updates. */
  readonly updates: number;
  readonly seed: number;
  /** The settings that the plan was made from, with attention; they make the same plan. */
  readonly settings: CaptionSettings;
}

/**
 * Resolves settings to a plan.
 *
 * @example The default of the attention.
 * ```ts
 * import { defaultCaptionSettings } from "@/training/caption_options.ts";
 * import { captionPlan } from "@/training/caption_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { shape, updates } = captionPlan(defaultCaptionSettings(1));
 * assertEquals([shape.attention, shape.attentionWidth, updates], ["additive", 64, 6000]);
 * ```
 * @param settings A value for each option.
 * @returns The plan.
 * @throws {UserError} If settings contradict each other.
 */
export function captionPlan(settings: CaptionSettings): CaptionPlan {
  const { cell, layers, hidden, embedding, images, batch, seed } = settings;
  checkForgetBias(settings);
  if (images < batch) {
    throw new UserError("train", `--images of at least --batch ${batch}`, `${images}`);
  }
  const { learningRate: rate, clip } = settings, chosen = { ...settings, ...attentionOf(settings) };
  return {
    shape: {
      ...{ image: DRAWING_SIZE, blocks: IMAGE_BLOCKS, symbols: CAPTION_VOCABULARY.size },
      ...{ cell, layers, hidden, embedding },
      attention: chosen.attention ?? "none",
      attentionWidth: chosen.attentionWidth ?? 0,
    },
    batch,
    optimizer: { rule: "adam", rate, clip },
    updates: Math.floor(images / batch),
    seed,
    settings: chosen,
  };
}

/**
 * The optimizer's rule in the course of a training: its rate is constant for the first half of the updates, then falls to 0 in a
 * straight line. At a constant rate a network that is nearly right is a little more and a little less so from one validation
 * to the next.
 *
 * @example Three quarters of the way.
 * ```ts
 * import { defaultCaptionSettings } from "@/training/caption_options.ts";
 * import { captionPlan, optimizerAfter } from "@/training/caption_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plan = captionPlan({ ...defaultCaptionSettings(1), images: 800, learningRate: 0.5 });
 * assertEquals([0, 50, 75].map((updates) => optimizerAfter(plan, updates).rate), [0.5, 0.5, 0.25]);
 * ```
 * @param plan The training.
 * @param updates How many updates have been made.
 * @returns The rule of the next one.
 */
export function optimizerAfter(
  { optimizer, updates: all }: Pick<CaptionPlan, "optimizer" | "updates">,
  updates: number,
): Optimizer {
  return { ...optimizer, rate: optimizer.rate * Math.min(1, 2 * (1 - updates / all)) };
}

/**
 * Writes the command line that trains with these settings.
 *
 * @example Task, architecture and seed are always named.
 * ```ts
 * import { defaultCaptionSettings } from "@/training/caption_options.ts";
 * import { captionCommand, captionPlan } from "@/training/caption_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { settings } = captionPlan({ ...defaultCaptionSettings(7), hidden: 32 });
 * assertEquals(
 *   captionCommand(settings),
 *   "deno task train --task captions --architecture attention --hidden 32 --seed 7",
 * );
 * ```
 * @param settings The settings of a plan.
 * @returns The command with these three options and all others that are not the default.
 */
export function captionCommand(settings: CaptionSettings): string {
  const { architecture, hidden } = settings;
  const usual = { ...defaultCaptionSettings(0), architecture, hidden };
  const defaults = {
    ...captionPlan(usual).settings,
    hidden: CAPTION_OPTIONS.hidden.default,
  };
  return trainLine(CAPTION_OPTIONS, settings, defaults, ["task", "architecture"]);
}
