/**
 * Leaves a part out of a recipe, to see what it does.
 *
 * @module
 */
import type { Anchor, NoisePhase, Recipe } from "./recipe.ts";

/** Parts of the standard recipe that can be left out. */
export const RECIPE_PARTS = [
  "auxiliary-loss",
  "anchor",
  "cell-decay",
  "noise",
  "rate-decay",
  "doubling",
  "clipping",
] as const;

/** Further parts of that of a queue or a deque. */
export const QUEUE_RECIPE_PARTS = ["first-symbol", "previous-symbol", "hinge"] as const;

/** Further parts of the annealed recipe. */
export const ANNEALED_RECIPE_PARTS = ["averaging", "decay-decline"] as const;

/** One of them. */
export type RecipePart =
  | (typeof RECIPE_PARTS)[number]
  | (typeof QUEUE_RECIPE_PARTS)[number]
  | (typeof ANNEALED_RECIPE_PARTS)[number];

/**
 * Leaves one part out of a recipe.
 *
 * @example Everything else stays.
 * ```ts
 * import { ablate } from "@/training/ablation.ts";
 * import { recipeFor } from "@/training/recipes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const recipe = recipeFor("standard", { cell: "lstm", memory: "stack", ...sizes });
 * assertEquals(ablate(recipe, "anchor"), { ...recipe, anchor: null });
 * ```
 * @param recipe The recipe.
 * @param part The part to leave out.
 * @returns The recipe without it.
 */
export function ablate(recipe: Recipe, part: RecipePart): Recipe {
  const { clip: _, ...unclipped } = recipe.optimizer;
  const phase = (changed: Partial<NoisePhase>) => recipe.noise && { ...recipe.noise, ...changed };
  const rest: Record<RecipePart, Partial<Recipe>> = {
    "auxiliary-loss": { auxiliaryWeight: 0 },
    "anchor": { anchor: null },
    "cell-decay": { optimizer: { ...recipe.optimizer, cellDecay: 0 } },
    "noise": { noise: phase({ first: 0, last: 0 }) },
    "rate-decay": { noise: phase({ finalRateShare: 1 }) },
    "doubling": { gateGain: 1 },
    "clipping": { optimizer: unclipped },
    "first-symbol": { anchor: recipe.anchor && asAtOthers(recipe.anchor) },
    "previous-symbol": { previousWeight: 0 },
    "hinge": { hinge: { weight: 0, bound: 0 } },
    "averaging": { averagedStrings: undefined },
    "decay-decline": { noise: phase({ finalDecayShare: 1 }) },
  };
  return { ...recipe, ...rest[part] };
}

/** The same anchor at the first symbol as at the others that are read. */
function asAtOthers({ first: _, ports, ...anchor }: Anchor): Anchor {
  return { ...anchor, ports: ports?.map((port) => ({ ...port, first: port.reading })) };
}
