/**
 * What defines a training, except sizes and seed.
 *
 * @module
 */
import type { Optimizer } from "@/engine/optimizer.ts";
import type { PortAnchors } from "@/models/sequence_batch.ts";
import type { InitialOptions } from "@/models/sequence_parameters.ts";
import type { LengthCurriculum } from "./curriculum.ts";

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
  /** Whether it does not hold again once the running loss has been low enough; left out, it does when the loss rises. */
  readonly releasedForGood?: true;
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
  /** The factor on the weight decay of the cells when it ends; left out, the decay stays. */
  readonly finalDecayShare?: number;
  /** Its length in training strings; left out, the rest of the budget. It is repeated if the network then fails a validation string. */
  readonly strings?: number;
}

/** Everything that defines a training except sizes and seed. */
export interface Recipe {
  /** The most training strings; training ends sooner if validation is perfect, unless the noise phase lasts to the end. */
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
  /** In the noise phase the network that answers is an exponential mean of the trained one, with this time constant in strings; left out, it is the trained one. */
  readonly averagedStrings?: number;
  /** The strings after which the running loss becomes its unit; left out, ln K is. Before, the anchor holds and no noise begins. */
  readonly unitAfter?: number;
  /** The factor on the push's and the pop's heads in the network that is validated and kept. */
  readonly gateGain: number;
  /** Left out, strings have all lengths from the start. */
  readonly curriculum?: LengthCurriculum;
  /** From the middle of the budget the rate falls geometrically to this share of it. */
  readonly finalRateShare?: number;
}
