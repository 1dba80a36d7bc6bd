/**
 * The recipes that are compared over many seeds: the tutorial's autoencoder with three things changed,
 * and the mended one with each of its ingredients taken away.
 *
 * @module
 */
import {
  changedAutoencoder,
  MENDED_AUTOENCODER,
  PUBLISHED_AUTOENCODER,
} from "./controller_recipes.ts";
import type { ControllerRecipe } from "./controller_recipe.ts";

/** One recipe among several. */
export interface Cell {
  readonly name: string;
  readonly recipe: ControllerRecipe;
  /** The most strings that a trial may take. */
  readonly most: number;
}

/** As many strings as the tutorial took. */
const PUBLISHED_STRINGS = 750_000;
const MENDED_STRINGS = 500_000;

/** Published or exact gradient, with or without readouts, with or without a live start: eight recipes. */
export const COMPARISON: readonly Cell[] = (["published", "exact"] as const).flatMap((gradient) =>
  [true, false].flatMap((readouts) =>
    [false, true].map((liveStart) => ({
      name: `${gradient} gradient, ${readouts ? "with" : "without"} readouts, ${
        liveStart ? "live" : "published"
      } start`,
      recipe: changedAutoencoder({ stackGradient: gradient, readouts, liveStart }),
      most: PUBLISHED_STRINGS,
    }))
  )
);

const { design, start, curriculum, sharpening } = MENDED_AUTOENCODER;
const noValue = { ...start, valueReadout: false };

function without(name: string, change: Partial<ControllerRecipe>): Cell {
  return { name, recipe: { ...MENDED_AUTOENCODER, ...change }, most: MENDED_STRINGS };
}

/** The mended recipe, whole and with one ingredient taken away at a time. */
export const ABLATION: readonly Cell[] = [
  without("nothing", {}),
  without("the exact gradient", { design: { ...design, stackGradient: "published" } }),
  without("the readout from v", {
    design: { ...design, readouts: { ...design.readouts, value: 0 } },
    start: noValue,
  }),
  without("all three readouts", {
    design: { ...design, readouts: { hidden: 0, outputPrime: 0, value: 0 } },
    start: noValue,
  }),
  without("the live start", { start: { ...start, pushBias: 1, popBias: -1 } }),
  without("Adam", { optimiser: "descent", learningRate: PUBLISHED_AUTOENCODER.learningRate }),
  without("the swift curriculum", {
    curriculum: { ...PUBLISHED_AUTOENCODER.curriculum, lastLevel: curriculum.lastLevel },
  }),
  without("the noise", { sharpening: { ...sharpening!, deviation: 0 } }),
  without("new weights", { patience: null }),
];
