/**
 * Recipes for training a network on string reversal: how it starts, what it descends, and what helps it.
 *
 * A network with a stack sits on a plateau until two things hold at once: its pushes and pops are within
 * reach of a gradient (the live window), and the values that it pushes tell the symbols. Off the plateau
 * it is soon right on every string as long as those it learns from; to be right on far longer ones, its
 * pushes and pops must be all but 0 and 1, and what it remembers of reading and writing must not drift. The
 * standard recipe has these helps, none of them from the paper:
 *
 * | help           | while                     | what it does                                             |
 * | -------------- | ------------------------- | -------------------------------------------------------- |
 * | auxiliary loss | always                    | v_t is decoded as o_t is, and should say the symbol read |
 * | anchor         | loss above `above` ln K   | holds the sums of push and pop inside the live window    |
 * | cell decay     | always                    | keeps cells from counting steps: they forget, and renew  |
 * | noise          | from loss `below` ln K on | on both sums, ever stronger: only large sums survive it  |
 * | rate decay     | with the noise            | smaller steps, wider margins between symbols             |
 * | doubling       | in what is examined       | of both sums: 10⁻⁷ from 0 or 1 becomes 10⁻¹⁴             |
 *
 * Biases begin at 0. The rate is set by the sizes, r = 0.512 / (E + M + H): the more numbers enter a sum,
 * the less each of their weights may move it.
 *
 * `K` symbols, ln K is the loss of a network that knows nothing; `E` embedding, `M` value width, `H` hidden.
 *
 * @module
 */
import type { Optimiser } from "@/engine/optimiser.ts";
import type { InitialOptions } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import type { LengthCurriculum } from "./length_curriculum.ts";

/** A pull of the push's and the pop's sums towards fixed numbers. */
export interface Anchor {
  /** Of the mean squared distance. */
  readonly weight: number;
  readonly push: number;
  readonly pop: number;
  /** It holds while the running loss is above this share of ln K. */
  readonly above: number;
}

/** The last phase: normal noise on the push's and the pop's sums, in training only, while the rate falls. */
export interface NoisePhase {
  /** It begins once the running loss is below this share of ln K. */
  readonly below: number;
  /** The noise's standard deviation when it begins. */
  readonly first: number;
  /** And when it ends. */
  readonly last: number;
  /** What is left of the rate when it ends. */
  readonly rateTo: number;
  /** How many strings it takes. It begins anew if the network is then not right on all that it is examined on. */
  readonly strings: number;
}

/** All that defines a training, save sizes and seed. */
export interface ReversalRecipe {
  /** Strings in a batch. */
  readonly batch: number;
  readonly optimiser: Optimiser;
  /** Biases, and the gain of the push's and the pop's heads. */
  readonly start: InitialOptions;
  /** What the mean cross-entropy from v_t to the symbol just read counts; that of the answers counts 1. */
  readonly auxiliaryWeight: number;
  readonly anchor: Anchor | null;
  readonly noise: NoisePhase | null;
  /** What the push's and the pop's heads are multiplied with in the network that is examined and kept. */
  readonly controlGain: number;
  /** How strings grow; left out, they are all there from the start. */
  readonly curriculum?: LengthCurriculum;
  /** From the middle of the budget on the rate falls, in equal ratios, to this share of it. */
  readonly coolsTo?: number;
}

/** What the recipes are called. */
export type RecipeName = "standard" | "flamant-2019" | "dusell-2017" | "no-stack";

const NO_HELP = { auxiliaryWeight: 0, anchor: null, noise: null, controlGain: 1 };
const ZERO_BIASES = { forgetBias: 0, pushBias: 0, popBias: 0 };

/** The rate of the standard recipe times the numbers that enter a gate's sum; 0.004 at E = M = 32, H = 64. */
const RATE_TIMES_INPUTS = 0.512;

/**
 * A recipe for a network.
 *
 * "flamant-2019" and "dusell-2017" are the published ones, as far as this engine has their parts: the
 * second one's LSTM had its input and forget gates coupled. "no-stack" is for networks without a stack; an
 * LSTM's strings grow, since it then learns several times as fast. (A vanilla network does not leave the short ones.)
 *
 * Source: Flamant 2019, "neural-stack"; DuSell 2017, as quoted there.
 *
 * @example The rate goes by the sizes.
 * ```ts
 * import { recipeFor } from "@/training/reversal_recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * assertEquals(recipeFor("standard", shape).optimiser.rate, 0.004);
 * ```
 * @param name Which recipe.
 * @param shape The network's shape.
 * @returns The recipe.
 */
export function recipeFor(name: RecipeName, shape: SequenceModelShape): ReversalRecipe {
  const { cell, embedding: E, valueWidth: M, hidden: H } = shape;
  switch (name) {
    case "standard":
      return {
        batch: 4,
        optimiser: {
          rule: "adam",
          rate: RATE_TIMES_INPUTS / (E + M + H),
          clip: 0.1,
          cellDecay: 0.5,
        },
        start: ZERO_BIASES,
        auxiliaryWeight: 1,
        anchor: { weight: 0.04, push: 0, pop: -1, above: 0.7 },
        noise: { below: 0.1, first: 1, last: 2, rateTo: 0.1, strings: 3200 },
        controlGain: 2,
      };
    case "flamant-2019":
      return {
        batch: 50,
        optimiser: { rule: "adam", rate: 0.001 },
        start: ZERO_BIASES,
        ...NO_HELP,
      };
    case "dusell-2017":
      return {
        batch: 10,
        optimiser: { rule: "rmsprop", rate: 0.001, decay: 0.99, clip: 1 },
        start: { ...ZERO_BIASES, popBias: -1, controlGain: 0.5 },
        ...NO_HELP,
      };
    case "no-stack":
      return {
        batch: 16,
        optimiser: { rule: "adam", rate: cell === "lstm" ? 0.003 : 0.001, clip: 1 },
        start: { forgetBias: 1 },
        ...NO_HELP,
        ...(cell === "lstm" && { curriculum: { first: 8, by: 4, below: 0.2 } }),
        coolsTo: 0.05,
      };
  }
}

/** Parts of the standard recipe that can be left out. */
export const INGREDIENTS = [
  "auxiliary-loss",
  "anchor",
  "cell-decay",
  "noise",
  "rate-decay",
  "doubling",
  "clipping",
] as const;

/** One of them. */
export type Ingredient = (typeof INGREDIENTS)[number];

/**
 * Leaves an ingredient out of a recipe.
 *
 * @example Everything else stays.
 * ```ts
 * import { recipeFor, withoutIngredient } from "@/training/reversal_recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const recipe = recipeFor("standard", { cell: "lstm", memory: "stack", ...sizes });
 * assertEquals(withoutIngredient(recipe, "anchor"), { ...recipe, anchor: null });
 * ```
 * @param recipe The recipe.
 * @param ingredient What is to be left out.
 * @returns The recipe without it.
 */
export function withoutIngredient(recipe: ReversalRecipe, ingredient: Ingredient): ReversalRecipe {
  const { clip: _, ...unclipped } = recipe.optimiser;
  const phase = (changed: Partial<NoisePhase>) => recipe.noise && { ...recipe.noise, ...changed };
  const rest: Record<Ingredient, Partial<ReversalRecipe>> = {
    "auxiliary-loss": { auxiliaryWeight: 0 },
    "anchor": { anchor: null },
    "cell-decay": { optimiser: { ...recipe.optimiser, cellDecay: 0 } },
    "noise": { noise: phase({ first: 0, last: 0 }) },
    "rate-decay": { noise: phase({ rateTo: 1 }) },
    "doubling": { controlGain: 1 },
    "clipping": { optimiser: unclipped },
  };
  return { ...recipe, ...rest[ingredient] };
}
