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
export const ANNEALED_RECIPE_PARTS = ["decay-decline", "averaging"] as const;

/** Further parts of that of tasks that are answered in place; the anchor becomes the same at all steps. */
export const IN_PLACE_RECIPE_PARTS = ["anchor-by-step", "release-for-good"] as const;

/** The part of a recipe. */
export type RecipePart =
  | (typeof RECIPE_PARTS)[number]
  | (typeof QUEUE_RECIPE_PARTS)[number]
  | (typeof ANNEALED_RECIPE_PARTS)[number]
  | (typeof IN_PLACE_RECIPE_PARTS)[number];

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
  const { optimizer, noise, anchor } = recipe;
  const phase = (changed: Partial<NoisePhase>) => noise && { ...noise, ...changed };
  const withoutPart: Record<RecipePart, Recipe> = {
    "auxiliary-loss": { ...recipe, auxiliaryWeight: 0 },
    "anchor": { ...recipe, anchor: null },
    "cell-decay": optimizer.cellDecay === undefined
      ? recipe
      : { ...recipe, optimizer: { ...optimizer, cellDecay: 0 } },
    "noise": { ...recipe, noise: phase({ first: 0, last: 0 }) },
    "rate-decay": { ...recipe, noise: phase({ finalRateShare: 1 }) },
    "doubling": { ...recipe, gateGain: 1 },
    "clipping": { ...recipe, optimizer: omit(optimizer, "clip") },
    "first-symbol": { ...recipe, anchor: anchor && asAtOthers(anchor) },
    "previous-symbol": omit(recipe, "previousWeight"),
    "hinge": omit(recipe, "hinge"),
    "decay-decline": { ...recipe, noise: noise && omit(noise, "finalDecayShare") },
    "averaging": omit(recipe, "averagedStrings"),
    "anchor-by-step": { ...recipe, anchor: anchor?.ports ? asAtAllSteps(anchor) : anchor },
    "release-for-good": { ...recipe, anchor: anchor && omit(anchor, "releasedForGood") },
  };
  return withoutPart[part];
}

/** A copy without one field, which may be left out: a checkpoint cannot hold `undefined`. */
function omit<Fields extends object>(fields: Fields, name: keyof Fields): Fields {
  const { [name]: _, ...rest } = fields;
  return rest as Fields;
}

/**
 * Returns whether a recipe has a part: whether it is another one without it.
 *
 * @example Only a queue's and a deque's has a hinge.
 * ```ts
 * import { hasPart } from "@/training/ablation.ts";
 * import { recipeFor } from "@/training/recipes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const has = (["stack", "queue"] as const).map((memory) =>
 *   hasPart(recipeFor("standard", { cell: "lstm", memory, ...sizes }), "hinge")
 * );
 * assertEquals(has, [false, true]);
 * ```
 * @param recipe The recipe.
 * @param part The part.
 * @returns Whether it has it.
 */
export function hasPart(recipe: Recipe, part: RecipePart): boolean {
  return JSON.stringify(ablate(recipe, part)) !== JSON.stringify(recipe);
}

/** The anchor of the standard recipe of a stack, at every step and port. */
function asAtAllSteps(anchor: Anchor): Anchor {
  return { ...omit(omit(anchor, "ports"), "first"), push: 0, pop: -1 };
}

/** The same anchor at the first symbol as at the others that are read. */
function asAtOthers(anchor: Anchor): Anchor {
  const { first: _, ports, ...rest } = anchor;
  if (!ports) return anchor;
  return { ...rest, ports: ports.map((port) => ({ ...port, first: port.reading })) };
}
