import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  PAPER_MEMORIES,
  PAPER_SETUPS,
  PAPER_TASKS,
  type PaperSetup,
} from "@/studies/paper_setups.ts";
import { folderNameOf, isPlanOf, orderRuns, planOf, settingsOf } from "@/studies/training_setup.ts";
import { TRAINING_OPTIONS } from "@/training/training_options.ts";

const named = (wanted: string) => PAPER_SETUPS.find(({ name }) => name === wanted)!;
const seedsOf = ({ seeds: { first, last } }: PaperSetup) => last - first + 1;

Deno.test("every setup is a plan, and each another one with a folder of its own", () => {
  for (const { changes } of PAPER_SETUPS) {
    for (const [name, value] of Object.entries(changes)) {
      assert(TRAINING_OPTIONS[name as keyof typeof TRAINING_OPTIONS].accepts(value), name);
    }
  }
  for (const identify of [planOf, folderNameOf, ({ name }: PaperSetup) => name] as const) {
    assertEquals(new Set(PAPER_SETUPS.map((setup) => JSON.stringify(identify(setup)))).size, 55);
  }
});

Deno.test("every task is trained with every memory: 30 seeds where it can be solved, 5 where not", () => {
  for (const task of PAPER_TASKS) {
    const setups = PAPER_MEMORIES.map((memory) => named(`${task}/${memory}`));
    assertEquals(setups.map(({ memory }) => memory), ["none", "stack", "queue", "deque"]);
    const solved = task === "svo-sov" ? 10 : 30;
    const expected = task === "reversal" ? [5, solved, 5, solved] : [5, 5, solved, solved];
    assertEquals(setups.map(seedsOf), expected, task);
    const budget = task === "svo-sov" ? 300_000 : 25_000; // the same with every memory
    for (const setup of setups) assertEquals(settingsOf(setup, 3).strings, budget);
  }
});

Deno.test("the paper's recipe is trained with the memory of each task's default, 10 seeds each", () => {
  const setups = PAPER_SETUPS.filter(({ kind }) => kind === "published recipe");
  assertEquals(setups.map(({ task, memory }) => `${task}/${memory}`), [
    "copy/queue",
    "reversal/stack",
    "bigram-flip/queue",
    "svo-sov/queue",
    "gender/queue",
  ]);
  for (const setup of setups) {
    const { network, recipe, updates } = planOf(setup);
    assertEquals([network.hidden, network.embedding, updates * recipe.batch], [64, 64, 20_000]);
    assertEquals([recipe.start.popBias, seedsOf(setup)], [-1, 10]);
  }
});

Deno.test("a partial study has five seeds of what can be solved, then what cannot, then one kind after the other", () => {
  const runs = orderRuns(PAPER_SETUPS), names = runs.map(({ setup }) => setup.name);
  assertEquals(runs.length, 8 * 30 + 2 * 10 + 10 * 5 + 5 * 10 + 23 * 10 + 4 * 3 + 3 * 5);
  const first = runs.slice(0, 50), rest = runs.slice(50).map(({ setup }) => setup.kind);
  assert(first.every(({ setup: { kind }, seed }) => kind === "solvable" && seed <= 5));
  assertEquals(new Set(names.slice(0, 10)).size, 10); // a seed of each before the second of one
  const counts = Object.entries(Object.groupBy(rest, (kind) => kind));
  assertEquals(counts.map(([kind, { length }]) => `${length} ${kind}`), [
    "50 unsolvable",
    "210 solvable",
    "50 published recipe",
    "242 ablation",
    "15 variant",
  ]);
  assertEquals(rest.filter((kind, i) => kind !== rest[i - 1]).length, 5); // none comes twice
});

Deno.test("a stored plan is recognized, whatever the order of its fields, unless the recipe differs", () => {
  const setup = named("copy/queue"), plan = planOf(setup);
  const turned = Object.fromEntries(Object.entries(plan).toReversed()) as unknown as typeof plan;
  assertEquals([isPlanOf(plan, setup), isPlanOf(turned, setup)], [true, true]);
  const changed = { ...plan, recipe: { ...plan.recipe, batch: 5 } };
  assertEquals(isPlanOf(changed, setup), false);
  assertEquals(isPlanOf(plan, named("copy/queue without hinge")), false);
});

Deno.test("a folder has the name of the settings that are given, whatever flags there are beside them", () => {
  const setup = named("copy/queue"), { memory: _, ...plan } = planOf(setup).network;
  assertEquals(plan, {
    cell: "lstm",
    layers: 1,
    hidden: 64,
    embedding: 32,
    valueWidth: 32,
    symbols: 131,
  });
  assertEquals(
    folderNameOf({ ...setup, changes: { ...setup.changes, logitsSeeReads: false } }),
    folderNameOf(setup),
  );
  assertEquals(folderNameOf(setup), "copy-queue-efff9307");
});

Deno.test("the folders of runs that began before a memory had a number of cells are still found", () => {
  assertEquals("memoryCells" in settingsOf(named("copy/queue"), 1), false);
  assertEquals(folderNameOf(named("copy/queue")), "copy-queue-efff9307");
});

Deno.test("another budget has another folder, so that its runs are not resumed as these", () => {
  const setup = named("copy/queue"), shorter = { ...setup, changes: { strings: 400 } };
  assertNotEquals(folderNameOf(shorter), folderNameOf(setup));
});

Deno.test("variants have the budget and the recipe of the default setups that they vary", () => {
  const [nested, gru, variant] = PAPER_SETUPS.filter(({ kind }) => kind === "variant");
  assertEquals([nested.task, nested.tested, gru.task], ["svo-sov-nested", "svo-sov", "svo-sov"]);
  const [varied, gender] = [variant, named("gender/queue")].map(planOf);
  assertEquals([varied.task, varied.recipe, varied.updates], [
    "gender-variant",
    gender.recipe,
    gender.updates,
  ]);
  assertEquals(planOf(nested).tested, "svo-sov");
  const plans = [named("svo-sov/queue"), nested, gru].map(planOf);
  const [{ recipe, updates }] = plans;
  for (const plan of plans) assertEquals([plan.recipe, plan.updates], [recipe, updates]);
  assertEquals(plans.map(({ network: { cell } }) => cell), ["lstm", "lstm", "gru"]);
});
