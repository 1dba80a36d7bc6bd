import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import {
  type Ingredient,
  recipeFor,
  recipeMoment,
  withoutIngredient,
} from "@/training/reversal_recipe.ts";

function shapeOf(hidden: number, embedding: number, valueWidth: number): SequenceModelShape {
  const sizes = { layers: 1, hidden, embedding, valueWidth, symbols: 131 };
  return { cell: "lstm", memory: "stack", ...sizes };
}

const recipe = recipeFor("standard", shapeOf(64, 32, 32));

function momentAt(strings: number, noiseFrom: number | null) {
  return recipeMoment(recipe, { strings, share: 0.05, noiseFrom });
}

Deno.test("the anchor holds above its share of ln K, and comes back if the loss does", () => {
  const weights = [1, 0.71, 0.7, 0.1, 0.8].map((share) =>
    recipeMoment(recipe, { strings: 900, share, noiseFrom: null }).anchorWeight
  );
  assertEquals(weights, [0.04, 0.04, 0, 0, 0.04]);
});

Deno.test("in the noise's phase the noise grows evenly, the rate falls evenly, and then it is over", () => {
  const rate = 0.004, anchorWeight = 0;
  for (const strings of [0, 9000]) {
    assertEquals(momentAt(strings, null), { anchorWeight, deviation: 0, rate, mayBeDone: false });
  }
  const [first, middle, last, after] = [4000, 5600, 7200, 8000].map((n) => momentAt(n, 4000));
  assertEquals(first, { anchorWeight, deviation: 1, rate, mayBeDone: false });
  assertEquals([middle.deviation, middle.mayBeDone], [1.5, false]);
  assertAlmostEquals(middle.rate, 0.55 * rate, 1e-12);
  assertEquals([last.deviation, last.mayBeDone], [2, true]);
  assertAlmostEquals(last.rate, 0.1 * rate, 1e-12);
  assertEquals(after, last);
});

Deno.test("an ingredient that is left out asks for nothing, and nothing else changes", () => {
  const progress = { strings: 5600, share: 1, noiseFrom: 4000 };
  const whole = recipeMoment(recipe, progress);
  const moment = (without: Ingredient) =>
    recipeMoment(withoutIngredient(recipe, without), progress);
  assertEquals(moment("doubling"), whole);
  assertEquals(moment("anchor"), { ...whole, anchorWeight: 0 });
  assertEquals(moment("noise"), { ...whole, deviation: 0 });
  assertEquals(moment("rate-decay"), { ...whole, rate: 0.004 });
  const optimiser = { rule: "adam", rate: 0.004, clip: 0.1, cellDecay: 0.5 } as const;
  assertEquals(withoutIngredient(recipe, "auxiliary-loss"), { ...recipe, auxiliaryWeight: 0 });
  assertEquals(withoutIngredient(recipe, "doubling"), { ...recipe, controlGain: 1 });
  assertEquals(withoutIngredient(recipe, "cell-decay").optimiser, { ...optimiser, cellDecay: 0 });
  const { clip: _, ...unclipped } = optimiser;
  assertEquals(withoutIngredient(recipe, "clipping").optimiser, unclipped);
});

Deno.test("the rate is less the more numbers enter a sum, and nothing else goes by the sizes", () => {
  const recipes = [shapeOf(32, 32, 16), shapeOf(64, 64, 64), shapeOf(256, 64, 256)].map((shape) =>
    recipeFor("standard", shape)
  );
  assertEquals(recipes.map(({ optimiser }) => Number(optimiser.rate.toPrecision(2))), [
    0.0064,
    0.0027,
    0.00089,
  ]);
  for (const other of recipes) {
    const optimiser = { ...other.optimiser, rate: recipe.optimiser.rate };
    assertEquals({ ...other, optimiser }, recipe);
  }
});

Deno.test("the published recipes have no help that was not published", () => {
  for (const name of ["flamant-2019", "dusell-2017"] as const) {
    const { auxiliaryWeight, anchor, noise, controlGain } = recipeFor(name, shapeOf(64, 64, 64));
    assertEquals([auxiliaryWeight, anchor, noise, controlGain], [0, null, null, 1]);
  }
});
