import { assertEquals } from "@std/assert";
import {
  BOARD_MEMORIES,
  BOARD_SETUPS,
  BOARD_TASKS,
  boardStringsFor,
} from "@/studies/board_setups.ts";
import { folderNameOf, planOf } from "@/studies/training_setup.ts";

const named = (wanted: string) => BOARD_SETUPS.find(({ name }) => name === wanted)!;

Deno.test("every setup is a plan, and each another one with a folder of its own", () => {
  const all = BOARD_SETUPS.map((setup) => JSON.stringify(planOf(setup)));
  assertEquals(new Set(all).size, BOARD_SETUPS.length);
  assertEquals(new Set(BOARD_SETUPS.map(folderNameOf)).size, BOARD_SETUPS.length);
});

Deno.test("every task is trained with every memory: 30 seeds where it can be solved, 5 where not", () => {
  for (const task of BOARD_TASKS) {
    const seeds = BOARD_MEMORIES.map((memory) => named(`${task}/${memory}`).seeds);
    const isQueues = task === "duplicate-string" || task === "odds-first";
    assertEquals(seeds.map(({ last }) => last), isQueues ? [5, 5, 30, 30, 5] : [5, 30, 5, 30, 30]);
  }
});

Deno.test("all networks have the same sizes and, but for two setups, as many strings, and train within the task's lengths", () => {
  for (const setup of BOARD_SETUPS) {
    const { network, recipe, updates, lengths } = planOf(setup);
    const { hidden, embedding, logitsSeeReads } = network;
    const strings = setup.name.endsWith(", 500,000 strings") ? 500_000 : 20_000;
    assertEquals([hidden, embedding, updates * recipe.batch], [32, 16, strings], setup.name);
    assertEquals(logitsSeeReads ?? false, setup.memory !== "none", setup.name);
    assertEquals(lengths.longest <= 50, true, setup.name);
  }
});

Deno.test("the published superposition stack has 30 cells; a general anchor knows no steps", () => {
  const cells = named("reverse-binary/superposition, 30 cells");
  assertEquals(planOf(cells).network.memoryCells, 30);
  assertEquals(planOf(named("reverse-binary/superposition")).network.memoryCells, undefined);
  const [known, general] = ["", ", general anchor"].map((end) =>
    planOf(named(`dyck-2/stack${end}`)).recipe.anchor?.ports?.[0]
  );
  assertEquals([known?.popping?.pop, general?.popping], [0, undefined]);
});

Deno.test("the first three networks with a task's default memory answer 100 strings of every length", () => {
  const strings = (name: string, seed: number) => boardStringsFor({ setup: named(name), seed });
  assertEquals([3, 4].map((seed) => strings("duplicate-string/queue", seed)), [100, 20]);
  assertEquals(strings("duplicate-string/deque", 1), 20);
  assertEquals(strings("duplicate-string/queue, general anchor", 1), 20);
});
