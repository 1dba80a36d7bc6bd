/**
 * The recipe of the tasks that are answered in place: at blanks after the input, or among the input.
 *
 * It is the standard recipe of a stack (`recipes.ts`) for every memory, with these differences:
 *
 * | difference            | while                         | why                                                           |
 * | --------------------- | ----------------------------- | ------------------------------------------------------------- |
 * | logits see r_t        | always                        | an answer may depend on what was pushed or popped at its step |
 * | anchor by step        | loss above ¾ of its unit      | each kind of step is held where it has a gradient, see below  |
 * | released for good     | from then on                  | held again, it flaps: the loss rises as soon as it holds      |
 * | unit after 1,000      | always                        | ln K says little: of K symbols only some are ever asked for   |
 * | half the rate         | always                        | at the whole, some that were nearly right fell apart for good |
 * | noise 0 to 1½, not 1 to 2 | from loss .1 unit on      | with ½ at once, networks whose gates were ⅔ fell apart        |
 * | gain 16, not 2        | in the validated network      | an answer needs decisions: 0.01 from 0 or 1 becomes 10⁻³²     |
 *
 * The anchor knows the task: a string says which of its symbols are to be stored (value targets) and at which steps something
 * is to be taken off (`popping` of its layout). Sums of push and pop of a stack:
 *
 * | step                                  | push | pop | why                                                       |
 * | ------------------------------------- | ---- | --- | --------------------------------------------------------- |
 * | a symbol that is to be stored         | 0    | −3  | σ gives (.5, .05): 2d − 1 < u < d, the trainable region   |
 * | a blank, an undo, a closing bracket   | −3   | 0   | nothing is stored, and half of a row is taken off         |
 * | any other                             | −3   | −3  | little of either: what was stored lasts for ten steps     |
 *
 * A queue may have to store again what it takes off, to give it a second time, so its push is 0 where it pops, too. A
 * general anchor, the standard recipe's push 0 and pop −1 at all steps, is what is left if `anchor-by-step` is ablated. A
 * superposition stack has no anchor, as in the standard recipe.
 *
 * @module
 */
import { hasNoOp, type MemoryName, portsOf } from "@/memory/memories.ts";
import type { PortAnchors } from "@/models/sequence_batch.ts";
import type { Recipe } from "./recipe.ts";

/** Where a symbol is stored, on the way to push 1 and pop 0. */
const STORED = { push: 0, pop: -3 };
/** Where nothing is to happen. */
const IDLE = { push: -3, pop: -3 };

const anchorsWith = (popping: PortAnchors["popping"]): PortAnchors => {
  return { first: STORED, reading: STORED, others: IDLE, popping };
};
/** The sum of a push that is off, even with noise. */
const CLOSED = -8;
const closed = ({ pop }: { readonly pop: number }) => ({ push: CLOSED, pop });
/** A deque's bottom pushes nothing, and pops as the top does. */
const BOTTOM: PortAnchors = {
  first: closed(STORED),
  reading: closed(STORED),
  others: closed(IDLE),
  popping: { push: CLOSED, pop: -1 },
};

function portAnchors(memory: MemoryName): readonly PortAnchors[] {
  if (memory === "queue") return [anchorsWith({ push: 0, pop: 0 })];
  const top = anchorsWith({ push: -3, pop: 0 });
  return portsOf(memory) === 2 ? [top, BOTTOM] : [top];
}

/**
 * Makes the recipe.
 *
 * @example It has an anchor for each kind of step.
 * ```ts
 * import { inPlaceRecipe } from "@/training/in_place_recipe.ts";
 * import { recipeFor } from "@/training/recipes.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const sizes = { layers: 1, hidden: 32, embedding: 16, valueWidth: 16, symbols: 3 };
 * const standard = recipeFor("standard", { cell: "lstm", memory: "stack", ...sizes });
 * const { anchor, gateGain } = inPlaceRecipe(standard, "stack");
 * assertEquals([gateGain, anchor?.ports?.[0].popping], [16, { push: -3, pop: 0 }]);
 * ```
 * @param standard The standard recipe of a stack for the network's sizes.
 * @param memory The network's memory.
 * @returns The recipe.
 */
export function inPlaceRecipe(standard: Recipe, memory: MemoryName): Recipe {
  return {
    ...standard,
    strings: 20_000,
    optimizer: { ...standard.optimizer, rate: standard.optimizer.rate / 2 },
    start: memory === "deque" ? { ...standard.start, bottomPushBias: CLOSED } : standard.start,
    anchor: hasNoOp(memory) ? null : {
      weight: 0.04,
      above: 0.75,
      releasedForGood: true,
      ports: portAnchors(memory),
    },
    noise: { below: 0.1, first: 0, last: 1.5, finalRateShare: 0.1, strings: 3200 },
    unitAfter: 1000,
    gateGain: 16,
  };
}
