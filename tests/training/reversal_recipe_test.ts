import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { recipeFor, recipeMoment, withoutIngredient } from "@/training/reversal_recipe.ts";

function shapeOf(hidden: number, embedding: number, valueWidth: number): SequenceModelShape {
  const sizes = { layers: 1, hidden, embedding, valueWidth, symbols: 131 };
  return { cell: "lstm", memory: "stack", ...sizes };
}

const recipe = recipeFor("standard", shapeOf(64, 32, 32));

function deviations(from: number | null, strings: number[]): number[] {
  return strings.map((n) =>
    recipeMoment(recipe, { strings: n, share: 0.05, noiseFrom: from }).deviation
  );
}

Deno.test("the anchor holds above its share of ln K, and comes back if the loss does", () => {
  const weights = [1, 0.71, 0.7, 0.1, 0.8].map((share) =>
    recipeMoment(recipe, { strings: 900, share, noiseFrom: null }).anchorWeight
  );
  assertEquals(weights, [0.025, 0.025, 0, 0, 0.025]);
});

Deno.test("there is no noise before it begins, then it grows evenly and stops growing", () => {
  assertEquals(deviations(null, [0, 9000]), [0, 0]);
  const [first, later, last] = deviations(4000, [4000, 5600, 14_000]);
  assertEquals([first, last], [1, 4]);
  assertAlmostEquals(later, 2, 1e-12);
});

Deno.test("an ingredient that is left out asks for nothing, and nothing else changes", () => {
  const moment = (without: Parameters<typeof withoutIngredient>[1]) =>
    recipeMoment(withoutIngredient(recipe, without), { strings: 5000, share: 1, noiseFrom: 4000 });
  assertEquals(moment("doubling"), { anchorWeight: 0.025, deviation: 1.625 });
  assertEquals(moment("anchor"), { anchorWeight: 0, deviation: 1.625 });
  assertEquals(moment("noise"), { anchorWeight: 0.025, deviation: 0 });
  assertEquals(withoutIngredient(recipe, "auxiliary-loss").auxiliaryWeight, 0);
  assertEquals(withoutIngredient(recipe, "doubling").controlGain, 1);
  assertEquals(withoutIngredient(recipe, "clipping").optimiser, { rule: "adam", rate: 0.004 });
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
