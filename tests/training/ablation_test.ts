import { assertEquals } from "@std/assert";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { checkpointToBytes } from "@/runs/checkpoint.ts";
import {
  ablate,
  ANNEALED_RECIPE_PARTS,
  hasPart,
  IN_PLACE_RECIPE_PARTS,
  QUEUE_RECIPE_PARTS,
  RECIPE_PARTS,
  type RecipePart,
} from "@/training/ablation.ts";
import { recipeFor } from "@/training/recipes.ts";
import { scheduleAt } from "@/training/schedule.ts";

const sizes = { layers: 1, hidden: 64, embedding: 32, valueWidth: 32, symbols: 131 };
const shapeWith = (memory: "stack" | "queue" | "deque"): SequenceModelShape => {
  return { cell: "lstm", memory, ...sizes };
};

const recipe = recipeFor("standard", shapeWith("stack"));
const ALL_PARTS = [
  ...RECIPE_PARTS,
  ...QUEUE_RECIPE_PARTS,
  ...ANNEALED_RECIPE_PARTS,
  ...IN_PLACE_RECIPE_PARTS,
];
const OF_QUEUE: RecipePart[] = [...RECIPE_PARTS, ...QUEUE_RECIPE_PARTS, "anchor-by-step"];
const OF_IN_PLACE: RecipePart[] = [...RECIPE_PARTS, ...IN_PLACE_RECIPE_PARTS];

Deno.test("a part that is left out has no effect, and nothing else changes", () => {
  const progress = { strings: 5600, share: 1, noiseStart: 4000 };
  const whole = scheduleAt(recipe, progress);
  const now = (part: RecipePart) => scheduleAt(ablate(recipe, part), progress);
  assertEquals(now("doubling"), whole);
  assertEquals(now("anchor"), { ...whole, anchorWeight: 0, firstAnchorWeight: 0 });
  assertEquals(now("noise"), { ...whole, deviation: 0 });
  assertEquals(now("rate-decay"), { ...whole, rate: 0.004 });
  const optimizer = { rule: "adam", rate: 0.004, clip: 0.1, cellDecay: 0.5 } as const;
  assertEquals(ablate(recipe, "auxiliary-loss"), { ...recipe, auxiliaryWeight: 0 });
  assertEquals(ablate(recipe, "doubling"), { ...recipe, gateGain: 1 });
  assertEquals(ablate(recipe, "cell-decay").optimizer, { ...optimizer, cellDecay: 0 });
  const { clip: _, ...unclipped } = optimizer;
  assertEquals(ablate(recipe, "clipping").optimizer, unclipped);
});

Deno.test("further parts of a queue's and of the annealed recipe are left out, each by itself", () => {
  const queue = recipeFor("standard", shapeWith("queue"));
  const { hinge: _hinge, ...withoutHinge } = queue;
  const { previousWeight: _previousWeight, ...withoutPrevious } = queue;
  assertEquals(ablate(queue, "hinge"), withoutHinge);
  assertEquals(ablate(queue, "previous-symbol"), withoutPrevious);
  const { first: _first, ...anchor } = queue.anchor!, anchors = queue.anchor!.ports![0];
  const ports = [{ ...anchors, first: anchors.reading }];
  assertEquals(ablate(queue, "first-symbol"), { ...queue, anchor: { ...anchor, ports } });
  const annealed = recipeFor("annealed", shapeWith("queue"));
  const { averagedStrings: _averagedStrings, ...withoutMean } = annealed;
  assertEquals(ablate(annealed, "averaging"), withoutMean);
  const { finalDecayShare: _share, ...noise } = annealed.noise!;
  assertEquals(ablate(annealed, "decay-decline"), { ...annealed, noise });
});

Deno.test("further parts of the in-place recipe are left out, each by itself", () => {
  const inPlace = recipeFor("in-place", shapeWith("stack"));
  const { ports: _ports, releasedForGood: _forGood, ...anchor } = inPlace.anchor!;
  assertEquals(ablate(inPlace, "anchor-by-step"), {
    ...inPlace,
    anchor: { ...anchor, push: 0, pop: -1, releasedForGood: true },
  });
  const { ports } = inPlace.anchor!;
  assertEquals(ablate(inPlace, "release-for-good"), { ...inPlace, anchor: { ...anchor, ports } });
});

Deno.test("a recipe without any part can be saved in a checkpoint: nothing in it is undefined", () => {
  const shapes = (["stack", "queue", "deque"] as const).map(shapeWith);
  const recipes = shapes.flatMap((shape) =>
    (["standard", "annealed", "in-place", "grefenstette-2015", "flamant-2019"] as const)
      .map((name) => recipeFor(name, shape))
  );
  for (const recipe of recipes) {
    for (const part of ALL_PARTS) checkpointToBytes(ablate(recipe, part));
  }
});

Deno.test("each recipe has its own parts, and the published ones have none but clipping", () => {
  const partsOf = (...[name, shape]: Parameters<typeof recipeFor>): RecipePart[] =>
    ALL_PARTS.filter((part) => hasPart(recipeFor(name, shape), part));
  assertEquals(partsOf("standard", shapeWith("stack")), [...RECIPE_PARTS]);
  for (const memory of ["queue", "deque"] as const) {
    assertEquals(partsOf("standard", shapeWith(memory)), OF_QUEUE);
    assertEquals(partsOf("in-place", shapeWith(memory)), OF_IN_PLACE);
  }
  const withoutHinge = [
    ...OF_QUEUE.filter((part) => part !== "hinge"),
    ...ANNEALED_RECIPE_PARTS,
  ];
  assertEquals(new Set(partsOf("annealed", shapeWith("queue"))), new Set(withoutHinge));
  assertEquals(partsOf("in-place", shapeWith("stack")), OF_IN_PLACE);
  assertEquals(partsOf("grefenstette-2015", shapeWith("queue")), ["clipping"]);
  assertEquals(partsOf("flamant-2019", shapeWith("queue")), []);
});
