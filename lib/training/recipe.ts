/**
 * Recipes for training a network on a task: initial biases, loss, optimizer, and training aids.
 *
 * A network with a stack stays on a plateau until two things hold at once: its pushes and pops are in the trainable
 * region, and the values that it pushes differ between symbols. Beyond the plateau it soon answers every string of the
 * training lengths; to answer far longer ones, its pushes and pops must saturate, and its cells must not drift. The standard recipe has these aids, none of them from the paper:
 *
 * | aid            | while                     | what it does                                             |
 * | -------------- | ------------------------- | -------------------------------------------------------- |
 * | auxiliary loss | always                    | v_t is decoded as o_t is, and should give the input      |
 * | anchor         | loss above `above` ln K   | keeps push and pop inside the trainable region           |
 * | cell decay     | always                    | decoupled weight decay of the cells: they do not drift   |
 * | noise          | from loss `below` ln K on | growing, on push and pop before σ: only large sums last  |
 * | rate decay     | with the noise            | smaller steps, wider margins between symbols             |
 * | doubling       | in the validated network  | of push and pop before σ: 10⁻⁷ from 0 or 1 becomes 10⁻¹⁴ |
 *
 * Biases begin at 0. The learning rate depends on the sizes, r = 0.512 / (E + M + H): the more inputs a sum has, the smaller
 * the change of each weight.
 *
 * A queue or a deque needs more help, since a push gets no gradient before its row is read at the other end, and a row that
 * leaks away is never found again. Its recipe knows three kinds of steps: the one that reads the first symbol of the source,
 * those that read the others, and all steps without an auxiliary target. It adds:
 *
 * | aid             | while                           | what it does                                               |
 * | --------------- | ------------------------------- | ---------------------------------------------------------- |
 * | anchor by step  | loss above `above` · unit       | pushes while it reads, pops little; and the reverse after  |
 * | first symbol    | loss above `first.above` · unit | is not pushed, so that the row in front names two symbols  |
 * | symbol before   | always                          | v_t should also give the symbol before: two must be kept   |
 * | hinge           | always                          | keeps pops near 0 while it reads, pushes near 0 otherwise  |
 *
 * A network that must look one symbol ahead (bigram flip, gender) needs a row in front that names two symbols. If it pushes
 * the first symbol, it may read a mixture of two rows instead, by pops that must not saturate. The unit is the running loss
 * after the first strings, not ln K: tasks differ in how much of their loss is easy. The noise phase begins at a lower loss
 * than a stack's and with less noise, is longer, and ends with a smaller rate: more pushes and pops must be right. The rate
 * is r = 0.64 / (E + P M + H) with P ports, and a deque's bottom begins with a push bias of −8. To leave the anchor out is to
 * leave out the first symbol's as well.
 *
 * A network without a memory may be given a curriculum: it has to store every position of a string in its hidden units,
 * and learns that sooner on short strings first (Bengio et al. 2009, "Curriculum Learning").
 *
 * `K` symbols, ln K is the loss of a uniform guess; `E` embedding, `M` value width, `H` hidden.
 *
 * @module
 */
import type { LengthRange } from "@/tasks/task.ts";
import type { Optimizer } from "@/engine/optimizer.ts";
import { portsOf } from "@/memory/memories.ts";
import type { InitialOptions } from "@/models/sequence_parameters.ts";
import type { PortAnchors } from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/** A curriculum of lengths: strings grow as the loss falls. */
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
 * @example From 8 characters to 12 once the loss is low, and never beyond the longest.
 * ```ts
 * import { grownLengths } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const curriculum = { first: 8, by: 4, below: 0.2 }, whole = { shortest: 8, longest: 13 };
 * const longest = (now: number, share: number) =>
 *   grownLengths(curriculum, whole, { shortest: 8, longest: now }, share).longest;
 * assertEquals([longest(8, 0.3), longest(8, 0.1), longest(12, 0.1), longest(13, 0.1)], [8, 12, 13, 13]);
 * ```
 * @param curriculum First length and growth.
 * @param whole The lengths of the task.
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
 * @example Within the lengths of the task.
 * ```ts
 * import { firstLengths } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const longest = (shortest: number, longest: number) =>
 *   firstLengths({ first: 12, by: 4, below: 0.2 }, { shortest, longest }).longest;
 * assertEquals([longest(8, 64), longest(20, 64), longest(3, 5)], [12, 20, 5]);
 * ```
 * @param curriculum First length and growth; without one, all lengths from the start.
 * @param whole The lengths of the task.
 * @returns Lengths within `whole`.
 */
export function firstLengths(
  curriculum: LengthCurriculum | undefined,
  { shortest, longest }: LengthRange,
): LengthRange {
  if (!curriculum) return { shortest, longest };
  return { shortest, longest: Math.min(longest, Math.max(shortest, curriculum.first)) };
}

/** The weight of an anchor, and the loss above which it has it. */
export interface AnchorWeight {
  /** Of the mean squared distance. */
  readonly weight: number;
  /** It holds while the running loss is above this share of its unit. */
  readonly above: number;
}

/** A pull of the push's and the pop's sums towards fixed numbers. */
export interface Anchor extends AnchorWeight {
  /** Of the push's sums, at every port and step. */
  readonly push?: number;
  /** Of the pop's sums. */
  readonly pop?: number;
  /** Other numbers for each port and kind of step, in the place of these two. */
  readonly ports?: readonly PortAnchors[];
  /** At the first symbol of a string; left out, as at all others. */
  readonly first?: AnchorWeight;
}

/** A push's sums are kept below a bound at the steps that do not read, a pop's at those that read. */
export interface Hinge {
  /** Of the mean, over all steps, of the square of how far a sum is above the bound. */
  readonly weight: number;
  readonly bound: number;
}

/** The last phase: normal noise on the push's and the pop's sums, in training only, while the rate falls. */
export interface NoisePhase {
  /** It begins once the running loss is below this share of its unit. */
  readonly below: number;
  /** The noise's standard deviation when it begins. */
  readonly first: number;
  /** And when it ends. */
  readonly last: number;
  /** The factor on the learning rate when it ends. */
  readonly finalRateShare: number;
  /** Its length in training strings. It is repeated if the network then fails a validation string. */
  readonly strings: number;
}

/** Everything that defines a training except sizes and seed. */
export interface Recipe {
  /** The most training strings; training ends sooner if validation is perfect. */
  readonly strings: number;
  /** Strings in a batch. */
  readonly batch: number;
  readonly optimizer: Optimizer;
  /** Biases, and the gain of the push's and the pop's heads. */
  readonly start: InitialOptions;
  /** The weight of the mean cross-entropy from v_t to the symbol just read; that of the answers has weight 1. */
  readonly auxiliaryWeight: number;
  /** The weight of the mean cross-entropy from v_t to the symbol before the one just read; left out, there is none. */
  readonly previousWeight?: number;
  readonly anchor: Anchor | null;
  /** Left out, there is none. */
  readonly hinge?: Hinge;
  readonly noise: NoisePhase | null;
  /** The strings after which the running loss becomes its unit; left out, ln K is. Before, the anchor holds and no noise begins. */
  readonly unitAfter?: number;
  /** The factor on the push's and the pop's heads in the network that is validated and kept. */
  readonly gateGain: number;
  /** Left out, strings have all lengths from the start. */
  readonly curriculum?: LengthCurriculum;
  /** From the middle of the budget the rate falls geometrically to this share of it. */
  readonly finalRateShare?: number;
}

/** A recipe's name. */
export type RecipeName =
  | "standard"
  | "grefenstette-2015"
  | "flamant-2019"
  | "dusell-2017"
  | "no-memory";

/** The budget of a recipe that names no other. */
const STRINGS = 15_000;
const NO_AIDS = { auxiliaryWeight: 0, anchor: null, noise: null, gateGain: 1 };
const ZERO_BIASES = { forgetBias: 0, pushBias: 0, popBias: 0 };

/** The rate of the standard recipe times E + M + H; 0.004 at E = M = 32, H = 64. */
const RATE_TIMES_INPUTS = 0.512;
/** The rate of a queue's and a deque's times E + P M + H, P reads; 0.005 and 0.004 at these sizes. */
const QUEUE_RATE_TIMES_INPUTS = 0.64;

/**
 * Where a queue, and a deque at its top, should push and pop. The first symbol should not be pushed: then the row in front
 * names two symbols.
 */
const TOP_ANCHORS: PortAnchors = {
  first: { push: -2, pop: -3 },
  reading: { push: 1, pop: -3 },
  others: { push: -2, pop: -1 },
};
/** The sum of a push that is off, even with noise. */
const CLOSED = -8;
/** Where a deque's bottom should: it begins as a queue's front, which nothing is pushed to. */
const BOTTOM_ANCHORS: PortAnchors = {
  first: { push: CLOSED, pop: -3 },
  reading: { push: CLOSED, pop: -3 },
  others: { push: CLOSED, pop: -1 },
};

/** The standard recipe of a network with a queue or a deque. */
function queueRecipe(
  { memory, embedding: E, valueWidth: M, hidden: H }: SequenceModelShape,
): Recipe {
  return {
    strings: 25_000,
    batch: 2,
    optimizer: {
      rule: "adam",
      rate: QUEUE_RATE_TIMES_INPUTS / (E + portsOf(memory) * M + H),
      clip: 0.1,
      cellDecay: 0.5,
    },
    start: memory === "deque" ? { ...ZERO_BIASES, bottomPushBias: CLOSED } : ZERO_BIASES,
    auxiliaryWeight: 1,
    previousWeight: 1,
    anchor: {
      weight: 0.04,
      ports: memory === "deque" ? [TOP_ANCHORS, BOTTOM_ANCHORS] : [TOP_ANCHORS],
      above: 0.75,
      first: { weight: 1, above: 0.1 },
    },
    hinge: { weight: 0.01, bound: -4 },
    noise: { below: 0.03, first: 0.5, last: 1.5, finalRateShare: 0.03, strings: 4000 },
    unitAfter: 2000,
    gateGain: 2,
  };
}

/**
 * A recipe for a network.
 *
 * "grefenstette-2015", "flamant-2019" and "dusell-2017" are the published ones, as far as this engine has their parts. The
 * first searched the rates 5 · 10⁻³, 10⁻³, 5 · 10⁻⁴, 10⁻⁴ and 5 · 10⁻⁵ and does not say which it took for a task: here it is
 * 10⁻³; nor does it say the decay of its RMSProp: here it is .99, as in "dusell-2017". The last one's LSTM had its input and
 * forget gates coupled. "no-memory" is for networks without a memory; an
 * LSTM gets a curriculum, with which it learns several times as fast. (A vanilla RNN never leaves the short strings.)
 *
 * Source: Grefenstette et al. 2015, arXiv:1506.02516, section 4; Flamant 2019, "neural-stack"; DuSell 2017, as quoted there.
 *
 * @example The rate depends on the sizes.
 * ```ts
 * import { recipeFor } from "@/training/recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
 * const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
 * assertEquals(recipeFor("standard", shape).optimizer.rate, 0.004);
 * ```
 * @param name Which recipe.
 * @param shape The network's shape.
 * @returns The recipe.
 */
export function recipeFor(name: RecipeName, shape: SequenceModelShape): Recipe {
  const { cell, embedding: E, valueWidth: M, hidden: H } = shape;
  switch (name) {
    case "standard":
      if (shape.memory !== "stack") return queueRecipe(shape);
      return {
        strings: STRINGS,
        batch: 4,
        optimizer: {
          rule: "adam",
          rate: RATE_TIMES_INPUTS / (E + M + H),
          clip: 0.1,
          cellDecay: 0.5,
        },
        start: ZERO_BIASES,
        auxiliaryWeight: 1,
        anchor: { weight: 0.04, push: 0, pop: -1, above: 0.7 },
        noise: { below: 0.1, first: 1, last: 2, finalRateShare: 0.1, strings: 3200 },
        gateGain: 2,
      };
    case "grefenstette-2015":
      return {
        strings: 20_000,
        batch: 10,
        optimizer: { rule: "rmsprop", rate: 0.001, decay: 0.99, clip: 1 },
        start: { ...ZERO_BIASES, popBias: -1 },
        ...NO_AIDS,
      };
    case "flamant-2019":
      return {
        strings: STRINGS,
        batch: 50,
        optimizer: { rule: "adam", rate: 0.001 },
        start: ZERO_BIASES,
        ...NO_AIDS,
      };
    case "dusell-2017":
      return {
        strings: STRINGS,
        batch: 10,
        optimizer: { rule: "rmsprop", rate: 0.001, decay: 0.99, clip: 1 },
        start: { ...ZERO_BIASES, popBias: -1, gateGain: 0.5 },
        ...NO_AIDS,
      };
    case "no-memory":
      return {
        strings: STRINGS,
        batch: 16,
        optimizer: { rule: "adam", rate: cell === "lstm" ? 0.003 : 0.001, clip: 1 },
        start: { forgetBias: 1 },
        ...NO_AIDS,
        ...(cell === "lstm" && { curriculum: { first: 8, by: 4, below: 0.2 } }),
        finalRateShare: 0.05,
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

/** Further parts of that of a queue or a deque. */
export const QUEUE_RECIPE_PARTS = ["first-symbol", "previous-symbol", "hinge"] as const;

/** One of them. */
export type RecipePart = (typeof RECIPE_PARTS)[number] | (typeof QUEUE_RECIPE_PARTS)[number];

/**
 * Leaves one part out of a recipe.
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
  };
  return { ...recipe, ...rest[part] };
}

/** The same anchor at the first symbol as at the others that are read. */
function asAtOthers({ first: _, ports, ...anchor }: Anchor): Anchor {
  return { ...anchor, ports: ports?.map((port) => ({ ...port, first: port.reading })) };
}
