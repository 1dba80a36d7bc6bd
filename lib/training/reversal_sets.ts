/**
 * On which strings a network for string reversal is examined.
 *
 * Training goes by the first two alone; test strings come from streams of their own, and only once it is
 * over.
 *
 * @module
 */
import type { LengthRange, ReversalPurpose } from "@/tasks/reversal_streams.ts";
import type { ReversalPlan } from "./reversal_options.ts";

/** Strings of one stream; the seed is the run's. */
export interface StringSet {
  readonly purpose: ReversalPurpose;
  readonly strings: number;
  readonly lengths: LengthRange;
}

/** How a network is examined. */
export interface ReversalSets {
  /** Training strings between two examinations. */
  readonly every: number;
  /** How many of the validation strings an examination looks at: the first ones. */
  readonly examined: number;
  /** Longer validation strings, in the order in which they are asked; a run is done that answers them all. */
  readonly longer: readonly StringSet[];
  /** The last table, in its order, for a run of certain lengths. */
  last(plan: ReversalPlan): readonly StringSet[];
}

const exactly = (length: number): LengthRange => ({ shortest: length, longest: length });

/** The sets of the experiment. */
export const REVERSAL_SETS: ReversalSets = {
  every: 400,
  examined: 100,
  longer: [
    { purpose: "longer validation", strings: 100, lengths: exactly(1000) },
    { purpose: "longer validation", strings: 10, lengths: exactly(10_000) },
  ],
  last({ lengths }) {
    const longer = { shortest: lengths.longest + 1, longest: 2 * lengths.longest };
    return [
      { purpose: "validation", strings: 1000, lengths },
      { purpose: "test", strings: 1000, lengths: longer },
      { purpose: "test", strings: 100, lengths: exactly(1000) },
      { purpose: "test", strings: 10, lengths: exactly(10_000) },
    ];
  },
};
