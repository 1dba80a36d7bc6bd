/**
 * Recipes for training a network on a task: its initial biases, its loss, its optimiser, and the aids that help it.
 *
 * A network with a stack stays on a plateau until two things hold at once: its pushes and pops are in the trainable
 * region, and the values that it pushes tell the symbols apart. Beyond the plateau it is soon right on every string as
 * long as those it is trained on; to be right on far longer ones, its pushes and pops must saturate, and its cells must
 * not drift. The standard recipe has these aids, none of them from the paper:
 *
 * | aid            | while                     | what it does                                             |
 * | -------------- | ------------------------- | -------------------------------------------------------- |
 * | auxiliary loss | always                    | v_t is decoded as o_t is, and should give the input      |
 * | anchor         | loss above `above` ln K   | keeps push and pop inside the trainable region           |
 * | cell decay     | always                    | decoupled weight decay of the cells: they do not drift   |
 * | noise          | from loss `below` ln K on | on push and pop before σ, growing: only large sums last  |
 * | rate decay     | with the noise            | smaller steps, wider margins between symbols             |
 * | doubling       | in what is validated      | of push and pop before σ: 10⁻⁷ from 0 or 1 becomes 10⁻¹⁴ |
 *
 * Biases begin at 0. The learning rate follows the sizes, r = 0.512 / (E + M + H): the more numbers enter a sum, the less
 * each of their weights may change.
 *
 * A network without a memory may be given a curriculum: it has to store every position of a string in its hidden units,
 * and learns that sooner on short strings first (Bengio et al. 2009, "Curriculum Learning").
 *
 * `K` symbols, ln K is the loss of a uniform guess; `E` embedding, `M` value width, `H` hidden.
 *
 * @module
 */
import type { LengthRange } from "@/tasks/task.ts";
import type { Optimiser } from "@/engine/optimiser.ts";
import type { InitialOptions } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/** How strings grow. */
export interface LengthCurriculum {
  /** The longest string at the start. */
  readonly first: number;
  /** By how much the longest grows. */
  readonly by: number;
  /** It grows whenever the running loss is below this share of ln K. */
  readonly below: number;
}

/**
 * The lengths of the next strings.
 *
 * @example A network that knows strings of 8 characters gets some of 12; one that knows all gets no longer ones.
 * ```ts
 * import { grownLengths } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curriculum = { first: 8, by: 4, below: 0.2 }, whole = { shortest: 8, longest: 13 };
 * const longest = (now: number, share: number) =>
 *   grownLengths(curriculum, whole, { shortest: 8, longest: now }, share).longest;
 * assertEquals([longest(8, 0.3), longest(8, 0.1), longest(12, 0.1), longest(13, 0.1)], [8, 12, 13, 13]);
 * ```
 * @param curriculum How strings grow.
 * @param whole The lengths that are to be learned in the end.
 * @param now The lengths of the last strings.
 * @param share The running loss as a share of ln K.
 * @returns `now`, or longer ones.
 */
export function grownLengths(
  { by, below }: LengthCurriculum,
  { shortest, longest }: LengthRange,
  now: LengthRange,
  share: number,
): LengthRange {
  return share < below ? { shortest, longest: Math.min(longest, now.longest + by) } : now;
}

/**
 * The lengths of the first strings.
 *
 * @example No shorter and no longer than what is to be learned.
 * ```ts
 * import { firstLengths } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const longest = (shortest: number, longest: number) =>
 *   firstLengths({ first: 12, by: 4, below: 0.2 }, { shortest, longest }).longest;
 * assertEquals([longest(8, 64), longest(20, 64), longest(3, 5)], [12, 20, 5]);
 * ```
 * @param curriculum How strings grow; without one they are all there from the start.
 * @param whole The lengths that are to be learned in the end.
 * @returns Lengths within `whole`.
 */
export function firstLengths(
  curriculum: LengthCurriculum | undefined,
  { shortest, longest }: LengthRange,
): LengthRange {
  if (!curriculum) return { shortest, longest };
  return { shortest, longest: Math.min(longest, Math.max(shortest, curriculum.first)) };
}

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
export interface Recipe {
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
  readonly gateGain: number;
  /** How strings grow; left out, they are all there from the start. */
  readonly curriculum?: LengthCurriculum;
  /** From the middle of the budget on the rate falls, in equal ratios, to this share of it. */
  readonly coolsTo?: number;
}

/** What the recipes are called. */
export type RecipeName = "standard" | "flamant-2019" | "dusell-2017" | "no-memory";

const NO_AIDS = { auxiliaryWeight: 0, anchor: null, noise: null, gateGain: 1 };
const ZERO_BIASES = { forgetBias: 0, pushBias: 0, popBias: 0 };

/** The rate of the standard recipe times the numbers that enter a gate's sum; 0.004 at E = M = 32, H = 64. */
const RATE_TIMES_INPUTS = 0.512;

/**
 * A recipe for a network.
 *
 * "flamant-2019" and "dusell-2017" are the published ones, as far as this engine has their parts: the
 * second one's LSTM had its input and forget gates coupled. "no-memory" is for networks without a stack; an
 * LSTM's strings grow, since it then learns several times as fast. (A vanilla network does not leave the short ones.)
 *
 * Source: Flamant 2019, "neural-stack"; DuSell 2017, as quoted there.
 *
 * @example The rate goes by the sizes.
 * ```ts
 * import { recipeFor } from "@/training/recipe.ts";
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
export function recipeFor(name: RecipeName, shape: SequenceModelShape): Recipe {
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
        gateGain: 2,
      };
    case "flamant-2019":
      return {
        batch: 50,
        optimiser: { rule: "adam", rate: 0.001 },
        start: ZERO_BIASES,
        ...NO_AIDS,
      };
    case "dusell-2017":
      return {
        batch: 10,
        optimiser: { rule: "rmsprop", rate: 0.001, decay: 0.99, clip: 1 },
        start: { ...ZERO_BIASES, popBias: -1, gateGain: 0.5 },
        ...NO_AIDS,
      };
    case "no-memory":
      return {
        batch: 16,
        optimiser: { rule: "adam", rate: cell === "lstm" ? 0.003 : 0.001, clip: 1 },
        start: { forgetBias: 1 },
        ...NO_AIDS,
        ...(cell === "lstm" && { curriculum: { first: 8, by: 4, below: 0.2 } }),
        coolsTo: 0.05,
      };
  }
}

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

/** One of them. */
export type RecipePart = (typeof RECIPE_PARTS)[number];

/**
 * Leaves an ingredient out of a recipe.
 *
 * @example Everything else stays.
 * ```ts
 * import { ablate, recipeFor } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const recipe = recipeFor("standard", { cell: "lstm", memory: "stack", ...sizes });
 * assertEquals(ablate(recipe, "anchor"), { ...recipe, anchor: null });
 * ```
 * @param recipe The recipe.
 * @param ingredient What is to be left out.
 * @returns The recipe without it.
 */
export function ablate(recipe: Recipe, ingredient: RecipePart): Recipe {
  const { clip: _, ...unclipped } = recipe.optimiser;
  const phase = (changed: Partial<NoisePhase>) => recipe.noise && { ...recipe.noise, ...changed };
  const rest: Record<RecipePart, Partial<Recipe>> = {
    "auxiliary-loss": { auxiliaryWeight: 0 },
    "anchor": { anchor: null },
    "cell-decay": { optimiser: { ...recipe.optimiser, cellDecay: 0 } },
    "noise": { noise: phase({ first: 0, last: 0 }) },
    "rate-decay": { noise: phase({ rateTo: 1 }) },
    "doubling": { gateGain: 1 },
    "clipping": { optimiser: unclipped },
  };
  return { ...recipe, ...rest[ingredient] };
}
