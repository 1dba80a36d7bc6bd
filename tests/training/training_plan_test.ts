import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { createTask, TASK_NAMES } from "@/tasks/tasks.ts";
import { defaultSettings, TRAINING_OPTIONS, trainingPlan } from "@/training/training_plan.ts";
import { recipeFor } from "@/training/recipe.ts";
import { tinySettings } from "./tiny_training.ts";

Deno.test("the network is the one that the settings name", () => {
  const sized = { hidden: 7, layers: 2, embedding: 5 };
  const shapes = ([
    { cell: "lstm", memory: "stack", valueWidth: 4 },
    { cell: "rnn", memory: "stack", valueWidth: 4 },
    { cell: "lstm", memory: "none" },
    { cell: "rnn", memory: "none" },
  ] as const).map((network) => trainingPlan(tinySettings({ ...sized, ...network })).shape);
  const sizes = { layers: 2, hidden: 7, embedding: 5, symbols: 5 };
  assertEquals(shapes, [
    { cell: "lstm", memory: "stack", valueWidth: 4, ...sizes },
    { cell: "rnn", memory: "stack", valueWidth: 4, ...sizes },
    { cell: "lstm", memory: "none", valueWidth: 0, ...sizes },
    { cell: "rnn", memory: "none", valueWidth: 0, ...sizes },
  ]);
});

/** The tasks on characters, and those on words of their own. */
const onCharacters = TASK_NAMES.filter((name) => !createTask(name).vocabulary.words);
const onWords = TASK_NAMES.filter((name) => !onCharacters.includes(name));

Deno.test("the task is the one that the settings name, on as many characters", () => {
  for (const task of onCharacters) {
    const plan = trainingPlan(tinySettings({ task, symbols: 9 }));
    assertEquals([plan.task.name, plan.task.vocabulary.characters, plan.shape.symbols], [
      task,
      9,
      12,
    ]);
  }
});

Deno.test("a task on words has its own number of them, and refuses another", () => {
  assertEquals(onWords, ["svo-sov", "gender", "gender-variant"]);
  for (const task of onWords) {
    const plan = trainingPlan(tinySettings({ task, symbols: TRAINING_OPTIONS.symbols.default }));
    assertEquals(plan.task.vocabulary, createTask(task).vocabulary);
    assertEquals(plan.shape.symbols, plan.task.vocabulary.size);
    assertThrows(
      () => trainingPlan(tinySettings({ task, symbols: 9 })),
      UserError,
      `Cannot train: wanted a task on characters for --symbols, got --task ${task}`,
    );
  }
});

Deno.test("the defaults are those of the options, for any seed", () => {
  const settings = defaultSettings(7);
  assertEquals(Object.keys(settings), [...Object.keys(TRAINING_OPTIONS), "seed"]);
  for (const [name, option] of Object.entries(TRAINING_OPTIONS)) {
    assertEquals(settings[name as keyof typeof TRAINING_OPTIONS], option.default, name);
  }
  const { seed, lengths, updates } = trainingPlan(settings);
  assertEquals([seed, lengths, updates], [7, { shortest: 8, longest: 64 }, 3750]);
});

Deno.test("a budget is spent in whole batches, and one of less than a batch is refused", () => {
  const updates = [[400, 4], [403, 4], [50, 50]].map(([strings, batch]) =>
    trainingPlan(tinySettings({ strings, batch })).updates
  );
  assertEquals(updates, [100, 100, 1]);
  assertThrows(
    () => trainingPlan(tinySettings({ strings: 49, batch: 50 })),
    UserError,
    "Cannot train: wanted --batch of at most --strings (49), got 50",
  );
  assertThrows(
    () => trainingPlan(tinySettings({ strings: 3 })),
    UserError,
    "Cannot train: wanted --strings of at least 4, one batch, got 3",
  );
});

Deno.test("a batch of more characters than can be drawn is refused", () => {
  const settings = { batch: 100, strings: 100, lengths: "1..100000" };
  trainingPlan(tinySettings(settings));
  assertThrows(
    () => trainingPlan(tinySettings({ ...settings, batch: 101, strings: 101 })),
    UserError,
    "wanted --batch times the longest of --lengths to be at most 10000000, got 10100000",
  );
});

Deno.test("a setting takes the place of the recipe's, and the rest stays", () => {
  const changes = { learningRate: 0.1, popBias: -1, batch: 9 };
  const { recipe, shape } = trainingPlan(tinySettings(changes));
  const named = recipeFor("standard", shape), { optimizer, start } = named;
  assertEquals(recipe, {
    ...named,
    batch: 9,
    optimizer: { ...optimizer, rate: 0.1 },
    start: { ...start, popBias: -1 },
  });
});

Deno.test("another rule keeps the recipe's rate and clipping, and none of the old rule's numbers", () => {
  const changes = { recipe: "dusell-2017", optimizer: "sgd" } as const;
  const { optimizer } = trainingPlan(tinySettings(changes)).recipe;
  assertEquals(optimizer, { rule: "sgd", rate: 0.001, clip: 1 });
});

Deno.test("a learning rate at which weight decay would overshoot is refused", () => {
  trainingPlan({ ...tinySettings(), learningRate: 2 });
  trainingPlan({ ...tinySettings(), learningRate: 3, ablate: "cell-decay" });
  const sentence = "Cannot train: wanted --learning-rate of at most 2 with --recipe standard, " +
    "whose weight decay is 0.5 (--ablate cell-decay leaves it out), got 2.1";
  const settings = { ...tinySettings(), learningRate: 2.1 };
  assertThrows(() => trainingPlan(settings), UserError, sentence);
});

Deno.test("an option of something that the network does not have is refused", () => {
  const refused = [
    [
      { memory: "none", recipe: "flamant-2019" },
      "a network with a memory for --recipe",
      "--memory none",
    ],
    [{ memory: "none", ablate: "noise" }, "a network with a memory for --ablate", "--memory none"],
    [
      { memory: "none", valueWidth: 33 },
      "a network with a memory for --value-width",
      "--memory none",
    ],
    [
      { memory: "none", cell: "rnn", popBias: -1 },
      "a network with a memory for --pop-bias",
      "--memory none",
    ],
    [{ cell: "rnn", forgetBias: 1 }, "--cell lstm for --forget-bias", "--cell rnn"],
  ] as const;
  for (const [changes, wanted, got] of refused) {
    const settings = tinySettings(changes), sentence = `Cannot train: wanted ${wanted}, got ${got}`;
    assertThrows(() => trainingPlan(settings), UserError, sentence);
    trainingPlan({ ...settings, memory: "stack", cell: "lstm" });
  }
});

Deno.test("a part of a queue's recipe cannot be left out of a stack's", () => {
  const settings = tinySettings({ ablate: "hinge" });
  const sentence = "wanted --memory queue or deque for --ablate hinge, got --memory stack";
  assertThrows(() => trainingPlan(settings), UserError, sentence);
  assertEquals(trainingPlan({ ...settings, memory: "queue" }).recipe.hinge, undefined);
});

Deno.test("lengths are one whole number or two, from 1 on and in ascending order", () => {
  const option = TRAINING_OPTIONS.lengths;
  const texts = ["8..64", "8", "1..1", "0..3", "9..8", "1..100001", "a..b", "1...2", "", "-1..2"];
  const accepted = ["8..64", "8", "1..1"];
  assertEquals(texts.filter((text) => option.accepts(option.convert(text))), accepted);
  for (const lengths of texts) {
    if (accepted.includes(lengths)) trainingPlan(tinySettings({ lengths }));
    else {assertThrows(
        () => trainingPlan(tinySettings({ lengths })),
        UserError,
        "Cannot read --lengths",
      );}
  }
  assertEquals(option.accepts(8), false);
  assertEquals(trainingPlan(tinySettings({ lengths: "8" })).lengths, { shortest: 8, longest: 8 });
});
