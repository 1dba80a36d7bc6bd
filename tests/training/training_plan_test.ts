import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { MEMORY_NAMES } from "@/memory/memories.ts";
import { flagOf, readValues, SEED_OPTION } from "@/options/settings.ts";
import { createTask, defaultMemory, TASK_NAMES, type TaskName } from "@/tasks/tasks.ts";
import { hasOwnSymbols } from "@/tasks/text.ts";
import { defaultSettings, TRAINING_OPTIONS } from "@/training/training_options.ts";
import { trainingCommand, trainingPlan } from "@/training/training_plan.ts";
import { recipeFor } from "@/training/recipes.ts";
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

Deno.test("the logits see reads if the settings say so; a shape says nothing of it otherwise", () => {
  const seeing = (logitsSeeReads: boolean) =>
    trainingPlan(tinySettings({ memory: "queue", logitsSeeReads }));
  assertEquals(seeing(true).shape, { ...seeing(false).shape, logitsSeeReads: true });
  assertEquals("logitsSeeReads" in seeing(false).shape, false);
  assertStringIncludes(trainingCommand(seeing(true).settings), " --logits-see-reads --");
  assertEquals(trainingCommand(seeing(false).settings).includes("see-reads"), false);
});

Deno.test("a superposition stack may have a number of cells, other memories may not", () => {
  const superposition = { memory: "superposition" } as const;
  const { shape, settings } = trainingPlan(tinySettings({ ...superposition, memoryCells: 30 }));
  assertEquals([shape.memoryCells, settings.memoryCells], [30, 30]);
  assertStringIncludes(trainingCommand(settings), " --memory superposition ");
  assertStringIncludes(trainingCommand(settings), " --memory-cells 30 ");
  const { memoryCells: _, ...earlier } = tinySettings(superposition);
  for (const without of [tinySettings(superposition), earlier as typeof settings]) {
    assertEquals("memoryCells" in trainingPlan(without).shape, false);
  }
  for (const memory of MEMORY_NAMES.filter((name) => name !== "superposition")) {
    assertThrows(
      () => trainingPlan(tinySettings({ memory, memoryCells: 30 })),
      UserError,
      `Cannot train: wanted --memory superposition for --memory-cells, got --memory ${memory}`,
    );
  }
  assertThrows(
    () => trainingPlan(tinySettings({ ...superposition, ablate: "anchor" })),
    UserError,
    "a recipe that has the part anchor",
  );
});

/** The tasks on characters, and those with symbols of their own. */
const onCharacters = TASK_NAMES.filter((name) => !hasOwnSymbols(createTask(name).vocabulary));
const onTheirOwn = TASK_NAMES.filter((name) => !onCharacters.includes(name));

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

Deno.test("a task with symbols of its own has its own number of them, and refuses another", () => {
  assertEquals(onCharacters, ["reversal", "copy", "bigram-flip", "substitution"]);
  for (const task of onTheirOwn) {
    const plan = trainingPlan(tinySettings({ task, symbols: TRAINING_OPTIONS.symbols.default }));
    assertEquals(plan.task.vocabulary, createTask(task).vocabulary);
    assertEquals(plan.shape.symbols, plan.task.vocabulary.size);
    assertThrows(
      () => trainingPlan(tinySettings({ task, symbols: 9 })),
      UserError,
      `Cannot train: wanted a task without symbols of its own for --symbols, got --task ${task}`,
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

Deno.test("the memory is the task's, unless the settings name one, and the plan's settings say which", () => {
  for (const task of TASK_NAMES) {
    const { shape, settings } = trainingPlan({ ...defaultSettings(1), task });
    assertEquals([shape.memory, settings.memory], [defaultMemory(task), defaultMemory(task)]);
    for (const memory of MEMORY_NAMES) {
      const { shape, settings } = trainingPlan({ ...defaultSettings(1), task, memory });
      assertEquals([shape.memory, settings.memory], [memory, memory]);
    }
  }
});

Deno.test("the lengths are the task's, unless the settings name others, and the plan's settings say which", () => {
  const lengths = Object.fromEntries(TASK_NAMES.map((task) => {
    const { settings } = trainingPlan({ ...defaultSettings(1), task });
    assertEquals(trainingCommand(settings).includes("--lengths"), false);
    return [task, settings.lengths];
  }));
  const { "undo-flip-flop": undo, "undo-flip-flop-dense": dense, ...ofAll } = lengths;
  assertEquals([undo, dense], ["3..50", "3..50"]);
  const { "dyck-2": dyck2, "dyck-6": dyck6, ...others } = ofAll;
  assertEquals([dyck2, dyck6], ["2..50", "2..50"]);
  for (const [task, ofTask] of Object.entries(others)) {
    assertEquals(ofTask, createTask(task as TaskName).autoregressive ? "8..64" : "1..40", task);
  }
  const named = trainingPlan({ ...defaultSettings(1), task: "reverse-binary", lengths: "8..64" });
  assertEquals(named.lengths, { shortest: 8, longest: 64 });
  assertStringIncludes(trainingCommand(named.settings), " --lengths 8..64");
});

Deno.test("the recipe is the task's, unless the settings name one, and the plan's settings say which", () => {
  for (const task of TASK_NAMES) {
    for (const memory of MEMORY_NAMES) {
      const settings = { ...defaultSettings(1), task, memory };
      const isAnnealed = task.startsWith("svo-sov") && ["queue", "deque"].includes(memory);
      const plan = trainingPlan(settings);
      const isInPlace = !createTask(task).autoregressive;
      const ofTask = isAnnealed ? "annealed" : isInPlace ? "in-place" : "standard";
      const usual = memory === "none" ? "no-memory" : ofTask;
      assertEquals(plan.shape.logitsSeeReads, usual === "in-place" ? true : undefined);
      assertEquals(plan.settings.logitsSeeReads, usual === "in-place");
      assertEquals(trainingCommand(plan.settings).includes("see-reads"), false);
      assertEquals(plan.settings.recipe, usual);
      assertEquals(plan.recipe.averagedStrings, isAnnealed ? 10_000 : undefined);
      assertEquals(trainingCommand(plan.settings).includes("--recipe"), false);
      if (memory === "none") continue;
      const other = isAnnealed ? "standard" : "annealed";
      const named = trainingPlan({ ...settings, recipe: other });
      assertEquals(named.recipe.averagedStrings, isAnnealed ? undefined : 10_000);
      assertStringIncludes(trainingCommand(named.settings), ` --recipe ${other} `);
    }
  }
});

Deno.test("the recipe without a memory has a name of its own; settings of earlier versions call it standard", () => {
  const planOf = (recipe: "standard" | "no-memory" | null) => {
    const { task: _, ...plan } = trainingPlan(tinySettings({ memory: "none", recipe }));
    return plan;
  };
  assertEquals(planOf(null).settings.recipe, "no-memory");
  const named = recipeFor("no-memory", planOf(null).shape), { strings } = tinySettings();
  assertEquals(planOf(null).recipe, { ...named, strings });
  for (const recipe of ["standard", "no-memory"] as const) {
    assertEquals(planOf(recipe), planOf(null));
  }
});

Deno.test("the budget is the recipe's, unless the settings name one, and the plan's settings say which", () => {
  const budgets = [
    [{ memory: "stack" }, 15_000],
    [{ memory: "none" }, 15_000],
    [{ memory: "queue" }, 25_000],
    [{ memory: "deque" }, 25_000],
    [{ memory: "queue", recipe: "flamant-2019" }, 15_000],
    [{ memory: "deque", recipe: "dusell-2017" }, 15_000],
    [{ memory: "queue", strings: 800 }, 800],
  ] as const;
  for (const [changes, strings] of budgets) {
    const { recipe, settings, updates } = trainingPlan({ ...defaultSettings(1), ...changes });
    assertEquals([recipe.strings, settings.strings], [strings, strings]);
    assertEquals(updates, Math.floor(strings / recipe.batch));
  }
});

Deno.test("a plan of the settings of a plan is the same plan", () => {
  for (const task of TASK_NAMES) {
    const plan = trainingPlan({ ...defaultSettings(3), task });
    assertEquals(JSON.stringify(trainingPlan(plan.settings)), JSON.stringify(plan));
    assertEquals(Object.keys(plan.settings), Object.keys(defaultSettings(3)));
  }
});

Deno.test("a batch is compared with the recipe's budget, if the settings name none", () => {
  assertThrows(
    () => trainingPlan({ ...defaultSettings(1), batch: 15_001, lengths: "1" }),
    UserError,
    "Cannot train: wanted --batch of at most --strings (15000), got 15001",
  );
});

Deno.test("the command of settings is read as these settings", () => {
  const options = { ...TRAINING_OPTIONS, seed: SEED_OPTION };
  const changed = [
    {},
    { task: "copy" },
    { task: "gender", memory: "deque", strings: 90, popBias: -1, build: "strict" },
    { task: "svo-sov", ablate: "averaging" },
    { task: "svo-sov", recipe: "standard" },
    { cell: "rnn", memory: "none", lengths: "3", learningRate: 1e-7 },
    { task: "dyck-2", recipe: "standard", logitsSeeReads: true },
    { task: "dyck-2", ablate: "anchor-by-step" },
    { memory: "deque", logitsSeeReads: true },
  ] as const;
  for (const changes of changed) {
    const { settings } = trainingPlan({ ...defaultSettings(7), ...changes });
    const [, , , ...words] = trainingCommand(settings).split(" ");
    const texts = new Map<string, string>();
    for (let i = 0; i < words.length; i++) {
      const isFlag = words[i] === "--logits-see-reads";
      texts.set(words[i], isFlag ? "true" : words[++i]);
    }
    const read = readValues(options, texts) as ReturnType<typeof defaultSettings>;
    assertEquals(trainingPlan(read).settings, settings);
    for (const name of ["task", "memory", "strings", "seed"]) assert(texts.has(flagOf(name)), name);
  }
  assertEquals(
    trainingCommand(trainingPlan({ ...defaultSettings(2), task: "copy" }).settings),
    "deno task train --task copy --memory queue --strings 25000 --seed 2",
  );
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
  const changes = { learningRate: 0.1, popBias: -1, strings: 90, batch: 9 };
  const { recipe, shape } = trainingPlan(tinySettings(changes));
  const named = recipeFor("standard", shape), { optimizer, start } = named;
  assertEquals(recipe, {
    ...named,
    strings: 90,
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
      { memory: "none", logitsSeeReads: true },
      "a network with a memory for --logits-see-reads",
      "--memory none",
    ],
    [
      { memory: "none", cell: "rnn", popBias: -1 },
      "a network with a memory for --pop-bias",
      "--memory none",
    ],
    [
      { task: "copy", memory: "queue", recipe: "in-place" },
      "a task answered in place for --recipe in-place",
      "--task copy",
    ],
    [
      { memory: "queue", recipe: "no-memory" },
      "--memory none for --recipe no-memory",
      "--memory queue",
    ],
    [{ cell: "rnn", forgetBias: 1 }, "--cell lstm for --forget-bias", "--cell rnn"],
  ] as const;
  for (const [changes, wanted, got] of refused) {
    const settings = tinySettings(changes), sentence = `Cannot train: wanted ${wanted}, got ${got}`;
    assertThrows(() => trainingPlan(settings), UserError, sentence);
    const memory = settings.recipe === "no-memory" ? "none" : "stack";
    const inPlace = { task: "reverse-binary", symbols: 128 } as const;
    const task = settings.recipe === "in-place" ? inPlace : {};
    trainingPlan(tinySettings({ ...changes, memory, cell: "lstm", ...task }));
  }
});

Deno.test("a part cannot be left out of a recipe that does not have it", () => {
  const refused = [
    [
      { ablate: "hinge" },
      "a recipe that has the part hinge for --ablate",
      "the standard recipe of --task reversal --memory stack",
    ],
    [
      { ablate: "hinge", task: "svo-sov", symbols: 128 },
      "a recipe that has the part hinge for --ablate",
      "the annealed recipe of --task svo-sov --memory queue",
    ],
    [
      { ablate: "noise", memory: "deque", recipe: "flamant-2019" },
      "a recipe that has the part noise for --ablate",
      "--recipe flamant-2019",
    ],
    [
      { ablate: "cell-decay", optimizer: "sgd" },
      "a recipe that has the part cell-decay for --ablate",
      "the standard recipe of --task reversal --memory stack",
    ],
    [{ ablate: "clipping", clip: 0.5 }, "no --clip with --ablate clipping", "--clip 0.5"],
  ] as const;
  for (const [changes, wanted, got] of refused) {
    const sentence = `Cannot train: wanted ${wanted}, got ${got}`;
    assertThrows(() => trainingPlan(tinySettings(changes)), UserError, sentence);
  }
  const left = (changes: Parameters<typeof tinySettings>[0]) =>
    trainingPlan(tinySettings(changes)).recipe;
  assertEquals(left({ ablate: "hinge", memory: "queue" }).hinge, undefined);
  assertEquals(left({ ablate: "averaging", recipe: "annealed" }).averagedStrings, undefined);
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

Deno.test("lengths of which a task that is answered in place has no strings are refused", () => {
  for (
    const [task, lengths, isRefused] of [
      ["dyck-2", "3", true],
      ["dyck-2", "3..4", false],
      ["bigram-flip", "7..7", false],
      ["undo-flip-flop", "1..2", true],
      ["gender", "1..4", false],
    ] as const
  ) {
    const { symbols } = TRAINING_OPTIONS;
    const plan = () => trainingPlan(tinySettings({ task, lengths, symbols: symbols.default }));
    if (isRefused) {
      const message = `Cannot read --lengths: wanted lengths of strings of the task ${task}, got `;
      assertThrows(plan, UserError, `${message}"${lengths}"`);
    } else plan();
  }
});
