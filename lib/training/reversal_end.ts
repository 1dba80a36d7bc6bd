/**
 * A training on string reversal that is over: all that can be told of it.
 *
 * @module
 */
import type { Metrics } from "./experiment.ts";
import type { ExaminedNetwork, Examiner } from "./reversal_examination.ts";
import type { ReversalPlan } from "./reversal_options.ts";
import type { ReversalSets } from "./reversal_sets.ts";

/** A run at its end. */
export interface ReversalEnd {
  readonly plan: ReversalPlan;
  readonly sets: ReversalSets;
  readonly examiner: Examiner;
  /** The network to speak of. */
  readonly best: ExaminedNetwork;
  /** Strings learned from by the end. */
  readonly strings: number;
  /** What was measured. */
  readonly history: readonly Metrics[];
}
