/**
 * The studies behind the notebooks on string reversal: which networks are trained, from which seeds.
 *
 * The recipe was chosen on seeds 1001 to 1040, so that all of these are new to it.
 *
 * @module
 */
import type { ReversalSettings } from "./reversal_options.ts";
import { INGREDIENTS } from "./reversal_recipe.ts";
import type { SeedRange } from "./seed_range.ts";

/** One way to train, tried from many seeds. */
export interface ReversalStudy {
  readonly name: string;
  /** What differs from the settings of `deno task train`. */
  readonly changes: Readonly<Partial<ReversalSettings>>;
  readonly seeds: SeedRange;
}

const TEN: SeedRange = { first: 1, last: 10 };
const THIRTY: SeedRange = { first: 1, last: 30 };

/** The recipe as it is, on its own size and on three others. */
const SIZES: readonly ReversalStudy[] = [
  { name: "standard", changes: {}, seeds: { first: 1, last: 100 } },
  {
    name: "16 symbols",
    changes: { symbols: 16, hidden: 32, stackWidth: 16, embedding: 16 },
    seeds: TEN,
  },
  { name: "width 64", changes: { stackWidth: 64, embedding: 64 }, seeds: TEN },
  { name: "width 256", changes: { hidden: 256, stackWidth: 256, embedding: 64 }, seeds: TEN },
];

/** The recipe with one thing left out or set otherwise. */
const ABLATIONS: readonly ReversalStudy[] = [
  ...INGREDIENTS.map((without) => ({
    name: `without ${without}`,
    changes: { without },
    seeds: THIRTY,
  })),
  { name: "learning rate 0.001", changes: { learningRate: 0.001 }, seeds: THIRTY },
  { name: "pop bias −1", changes: { popBias: -1 }, seeds: THIRTY },
  { name: "forget bias 1", changes: { forgetBias: 1 }, seeds: THIRTY },
];

/** Published recipes, on a network of the published string reversal's sizes. */
const PUBLISHED: readonly ReversalStudy[] = [
  {
    name: "flamant-2019",
    changes: { recipe: "flamant-2019", stackWidth: 64, embedding: 64, strings: 50_000 },
    seeds: THIRTY,
  },
  {
    name: "dusell-2017",
    changes: { recipe: "dusell-2017", stackWidth: 64, embedding: 64, strings: 20_000 },
    seeds: THIRTY,
  },
];

/** All of them. */
export const REVERSAL_STUDIES: readonly ReversalStudy[] = [...SIZES, ...ABLATIONS, ...PUBLISHED];
