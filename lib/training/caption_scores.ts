/**
 * The scores of captions, and where the network looked for each word.
 *
 * @module
 */
import type { CaptionerEngine } from "@/engine/captioner_engine.ts";
import { writeCaptions, type WrittenCaption } from "@/engine/greedy_captions.ts";
import { mean } from "@/math/lists.ts";
import {
  CAPTION_VOCABULARY,
  type DrawnScene,
  layOutCaption,
  WORD_ROLES,
  type WordRole,
} from "@/tasks/drawn_shapes.ts";
import { rightBeforeMistake, type Scores, strictScores } from "@/tasks/scores.ts";

/** Of each part of an item, the mean share of attention on the cell of the item's shape. */
export type CellShares = Readonly<Record<WordRole, number>>;

/** Captions of scenes, and what they are worth. */
export interface ScoredCaptions {
  readonly captions: readonly WrittenCaption[];
  readonly scores: Scores;
  /** With attention only, and only if there is such a word. */
  readonly cellShares?: CellShares;
}

/** More symbols than any caption has; one that has not ended is cut off. */
export const MOST_SYMBOLS = 24;

/**
 * Lets a network write captions of scenes, and scores them.
 *
 * α_t, the distribution of the look whose z_t entered the step that wrote word t, counts at the words up to the first mistake.
 *
 * @param engine The captioner.
 * @param scenes The scenes.
 * @param onShareDone Receives the share that is done. It may throw in order to stop.
 * @returns The captions, their scores, and the shares.
 * @throws {RangeError} If there is no scene, or a logit is NaN.
 */
export function scoreCaptions(
  engine: CaptionerEngine,
  scenes: readonly DrawnScene[],
  onShareDone?: (share: number) => void,
): ScoredCaptions {
  const images = scenes.map(({ image }) => image);
  const captions = writeCaptions(engine, images, CAPTION_VOCABULARY, MOST_SYMBOLS, onShareDone);
  const targets = scenes.map(({ caption }) => layOutCaption(caption).targets);
  const scores = strictScores(captions.map(({ symbols }) => symbols), targets);
  if (engine.shape.attention === "none") return { captions, scores };
  return { captions, scores, ...meanShares(captions, scenes, targets) };
}

function meanShares(
  captions: readonly WrittenCaption[],
  scenes: readonly DrawnScene[],
  targets: readonly number[][],
): Pick<ScoredCaptions, "cellShares"> {
  const shares = WORD_ROLES.map((): number[] => []);
  captions.forEach(({ symbols, looks }, n) => {
    const { places } = scenes[n].caption, right = rightBeforeMistake(symbols, targets[n]);
    places.slice(0, right).forEach((place, t) => {
      if (place >= 0) shares[roleOf(places, t)].push(looks[t][place]);
    });
  });
  if (shares.some(({ length }) => length === 0)) return {};
  const means = WORD_ROLES.map((role, i) => [role, mean(shares[i])]);
  return { cellShares: Object.fromEntries(means) };
}

/** Which part of its item a word is: how many words before it are about the same place. */
function roleOf(places: readonly number[], t: number): number {
  return t - places.indexOf(places[t]);
}
