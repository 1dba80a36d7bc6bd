import { assertEquals } from "@std/assert";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { portsOf } from "@/memory/memories.ts";
import { defaultRecipe, recipeFor } from "@/training/recipes.ts";

function shapeOf(hidden: number, embedding: number, valueWidth: number): SequenceModelShape {
  const sizes = { layers: 1, hidden, embedding, valueWidth, symbols: 131 };
  return { cell: "lstm", memory: "stack", ...sizes };
}

const recipe = recipeFor("standard", shapeOf(64, 32, 32));

Deno.test("the rate falls with the numbers that enter a sum, and nothing else depends on the sizes", () => {
  const recipes = [shapeOf(32, 32, 16), shapeOf(64, 64, 64), shapeOf(256, 64, 256)].map((shape) =>
    recipeFor("standard", shape)
  );
  assertEquals(recipes.map(({ optimizer }) => Number(optimizer.rate.toPrecision(2))), [
    0.0064,
    0.0027,
    0.00089,
  ]);
  for (const other of recipes) {
    const optimizer = { ...other.optimizer, rate: recipe.optimizer.rate };
    assertEquals({ ...other, optimizer }, recipe);
  }
});

Deno.test("a queue and a deque have anchors by step, a hinge, and values that name the symbol before", () => {
  const ofQueueOrDeque = (memory: "queue" | "deque") =>
    recipeFor("standard", { ...shapeOf(64, 32, 32), memory });
  const [queue, deque] = [ofQueueOrDeque("queue"), ofQueueOrDeque("deque")];
  assertEquals([queue.optimizer.rate, deque.optimizer.rate], [0.005, 0.004]); // two reads enter the cell
  assertEquals([queue.anchor?.ports?.length, deque.anchor?.ports?.length], [1, 2]);
  assertEquals(deque.start, { ...queue.start, bottomPushBias: -8 });
  const others = { anchor: null, optimizer: queue.optimizer, start: queue.start };
  assertEquals({ ...deque, ...others }, { ...queue, ...others });
  const anchors = queue.anchor!.ports![0];
  assertEquals(anchors.reading.push > anchors.reading.pop, true);
  assertEquals(anchors.others.push < anchors.others.pop, true);
});

Deno.test("a superposition stack has a stack's recipe without the anchor, and is not annealed by default", () => {
  const shape = { ...shapeOf(64, 32, 32), memory: "superposition" } as const;
  assertEquals(recipeFor("standard", shape), { ...recipe, anchor: null });
  const annealed = recipeFor("annealed", { ...shape, memory: "stack" });
  assertEquals(recipeFor("annealed", shape), { ...annealed, anchor: null });
  assertEquals(defaultRecipe("svo-sov", "superposition"), "standard");
});

Deno.test("the annealed recipe is the standard one without a hinge, with another rate, a long phase and a mean", () => {
  for (const memory of ["stack", "queue", "deque"] as const) {
    const shape = { ...shapeOf(64, 32, 32), memory };
    const { hinge: _, noise, ...standard } = recipeFor("standard", shape);
    const { strings: __, ...phase } = noise!, annealed = recipeFor("annealed", shape);
    assertEquals(annealed, {
      ...standard,
      strings: 300_000,
      batch: 4,
      optimizer: { ...standard.optimizer, rate: 0.384 / (memory === "deque" ? 160 : 128) },
      noise: { ...phase, finalDecayShare: 0.02 },
      averagedStrings: 10_000,
    });
  }
});

Deno.test("the in-place recipe is a stack's standard one with an anchor by step, milder noise and more gain", () => {
  const noise = { below: 0.1, first: 0, last: 1.5, finalRateShare: 0.1, strings: 3200 };
  const changed = { strings: 20_000, noise, unitAfter: 1000, gateGain: 16 };
  for (const memory of ["stack", "queue", "deque"] as const) {
    const shape = { ...shapeOf(32, 16, 16), memory };
    const { anchor, start, ...rest } = recipeFor("in-place", shape);
    const { anchor: _, start: stackStart, ...standard } = recipeFor("standard", {
      ...shape,
      memory: "stack",
    });
    const rate = 0.256 / (memory === "deque" ? 80 : 64);
    const optimizer = { ...standard.optimizer, rate };
    assertEquals(rest, { ...standard, ...changed, optimizer });
    assertEquals(start, memory === "deque" ? { ...stackStart, bottomPushBias: -8 } : stackStart);
    assertEquals([anchor?.ports?.length, anchor?.releasedForGood], [portsOf(memory), true]);
  }
});

Deno.test("the in-place recipe pops where the task says so; a queue may push there as well", () => {
  const [stack, queue] = (["stack", "queue"] as const).map((memory) =>
    recipeFor("in-place", { ...shapeOf(32, 16, 16), memory }).anchor!.ports![0]
  );
  assertEquals(stack, {
    first: { push: 0, pop: -3 },
    reading: { push: 0, pop: -3 },
    others: { push: -3, pop: -3 },
    popping: { push: -3, pop: 0 },
  });
  assertEquals(queue, { ...stack, popping: { push: 0, pop: 0 } });
});

const PUBLISHED = ["grefenstette-2015", "flamant-2019", "dusell-2017"] as const;

Deno.test("the paper's recipe is RMSProp on batches of 10, clipped at 1, with a pop bias of −1", () => {
  const { batch, optimizer, start } = recipeFor("grefenstette-2015", shapeOf(64, 64, 64));
  assertEquals([batch, optimizer.rule, optimizer.rate, optimizer.clip], [10, "rmsprop", 1e-3, 1]);
  assertEquals(start, { forgetBias: 0, pushBias: 0, popBias: -1 });
});

Deno.test("the published recipes have no aid that was not published", () => {
  for (const name of PUBLISHED) {
    const { auxiliaryWeight, anchor, noise, gateGain } = recipeFor(name, shapeOf(64, 64, 64));
    assertEquals([auxiliaryWeight, anchor, noise, gateGain], [0, null, null, 1]);
  }
});

Deno.test("only an LSTM without a memory gets growing strings; without a memory the rate falls", () => {
  const alone = (cell: "rnn" | "lstm") => {
    const { curriculum, finalRateShare } = recipeFor("no-memory", {
      ...shapeOf(256, 64, 0),
      cell,
      memory: "none",
    });
    return [curriculum?.first, finalRateShare];
  };
  assertEquals([alone("lstm"), alone("rnn")], [[8, 0.05], [undefined, 0.05]]);
  for (const name of ["standard", ...PUBLISHED] as const) {
    const { curriculum, finalRateShare } = recipeFor(name, shapeOf(64, 64, 64));
    assertEquals([curriculum, finalRateShare], [undefined, undefined]);
  }
});
