import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { lengthRange } from "@/options/option.ts";
import { trainingPlan } from "@/training/plan.ts";
import { recipeFor } from "@/training/recipe.ts";
import { tinySettings } from "./tiny_training.ts";

Deno.test("the network is the one that the settings name", () => {
  const plans = (["lstm+stack", "lstm", "rnn"] as const).map((model) =>
    trainingPlan(
      tinySettings({
        model,
        hidden: 7,
        layers: 2,
        embedding: 5,
        ...(model === "lstm+stack" && { stackWidth: 4 }),
      }),
    ).shape
  );
  const sizes = { layers: 2, hidden: 7, embedding: 5, symbols: 5 };
  assertEquals(plans, [
    { cell: "lstm", memory: "stack", valueWidth: 4, ...sizes },
    { cell: "lstm", memory: "none", valueWidth: 0, ...sizes },
    { cell: "rnn", memory: "none", valueWidth: 0, ...sizes },
  ]);
});

Deno.test("no more strings than the budget, in whole batches; a budget of less than a batch is refused", () => {
  const updates = [[400, 4], [403, 4], [50, 50]].map(([strings, batch]) =>
    trainingPlan(tinySettings({ strings, batch })).updates
  );
  assertEquals(updates, [100, 100, 1]);
  assertThrows(
    () => trainingPlan(tinySettings({ strings: 49, batch: 50 })),
    UserError,
    "Cannot train: wanted at least 50 --strings, a batch, got 49",
  );
});

Deno.test("what is named takes the place of the recipe's, and the rest stays", () => {
  const changes = { learningRate: 0.1, popBias: -1, batch: 9 };
  const { recipe, shape } = trainingPlan(tinySettings(changes));
  const named = recipeFor("standard", shape), { optimiser, start } = named;
  assertEquals(recipe, {
    ...named,
    batch: 9,
    optimiser: { ...optimiser, rate: 0.1 },
    start: { ...start, popBias: -1 },
  });
});

Deno.test("another rule keeps the recipe's rate and clipping, and none of the old rule's numbers", () => {
  const changes = { recipe: "dusell-2017", optimizer: "sgd" } as const;
  const { optimiser } = trainingPlan(tinySettings(changes)).recipe;
  assertEquals(optimiser, { rule: "sgd", rate: 0.001, clip: 1 });
});

Deno.test("what a network does not have cannot be set", () => {
  const refused = [
    [{ model: "lstm", recipe: "flamant-2019" }, "--model lstm+stack with --recipe"],
    [{ model: "lstm", without: "noise" }, "--model lstm+stack with --without"],
    [{ model: "lstm", stackWidth: 33 }, "--model lstm+stack with --stack-width"],
    [{ model: "rnn", popBias: -1 }, "--model lstm+stack with --pop-bias"],
    [{ model: "rnn", forgetBias: 1 }, "a model with LSTM cells with --forget-bias"],
  ] as const;
  for (const [changes, wanted] of refused) {
    const settings = tinySettings({ stackWidth: 32, ...changes }), { model } = changes;
    const sentence = `Cannot train: wanted ${wanted}, got --model ${model}`;
    assertThrows(() => trainingPlan(settings), UserError, sentence);
    const fits = { ...settings, model: "lstm+stack" } as const;
    assertEquals(trainingPlan(fits).shape.memory, "stack");
  }
});

Deno.test("a range of lengths is one or two whole numbers from 1 on, in ascending order", () => {
  const option = lengthRange({ default: "8..64", description: "" });
  const texts = ["8..64", "8", "1..1", "0..3", "9..8", "1..100001", "a..b", "1...2", "", "-1..2"];
  assertEquals(texts.filter((text) => option.accepts(option.convert(text))), [
    "8..64",
    "8",
    "1..1",
  ]);
  assertEquals(option.accepts(8), false);
});
