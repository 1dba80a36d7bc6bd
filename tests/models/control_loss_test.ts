import { assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { controlLoss, controlLossBackward, isReading, stepKind } from "@/models/control_loss.ts";
import { type LossWeights, STEP_KINDS } from "@/models/sequence_batch.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import { KINDS, randomBatch, randomParameters, randomShape } from "./random_sequences.ts";

const ANCHORED = {
  outputWeight: 1,
  anchorWeight: 2,
  anchors: [
    {
      first: { push: 7, pop: 2 },
      reading: { push: 1, pop: -3 },
      others: { push: -2, pop: -1 },
      popping: { push: 1, pop: 2 },
    },
    {
      first: { push: 3, pop: 8 },
      reading: { push: -4, pop: -3 },
      others: { push: 5, pop: 0 },
      popping: { push: 0, pop: -1 },
    },
  ],
} satisfies LossWeights;

Deno.test("each port has its anchors, a pair for each kind of step", () => {
  for (const [port, anchors] of ANCHORED.anchors.entries()) {
    for (const kind of STEP_KINDS) {
      const { push: pushSum, pop: popSum } = anchors[kind];
      const losses = STEP_KINDS.map((at) => controlLoss(ANCHORED, port, at, { pushSum, popSum }));
      assertEquals(losses.indexOf(0), STEP_KINDS.indexOf(kind));
      assertEquals(losses.filter((loss) => loss === 0).length, 1);
    }
  }
  const zero = { pushSum: 0, popSum: 0 };
  const at = (port: number) => STEP_KINDS.map((kind) => controlLoss(ANCHORED, port, kind, zero));
  assertEquals([at(0), at(1)], [[10, 20, 106, 10], [50, 50, 146, 2]]);
  // Without anchors of their own, steps that should pop have those of the others.
  const anchors = ANCHORED.anchors.map(({ popping: _, ...rest }) => rest);
  assertEquals(controlLoss({ ...ANCHORED, anchors }, 0, "popping", zero), 10);
});

Deno.test("the anchor has a weight of its own at the first symbol, if it is given one", () => {
  const zero = { pushSum: 0, popSum: 0 }, weights = { ...ANCHORED, firstAnchorWeight: 4 };
  const losses = STEP_KINDS.map((kind) => controlLoss(weights, 0, kind, zero));
  assertEquals(losses, [10, 20, 212, 10]);
});

Deno.test("one pair of anchors at all ports and steps has the same bits, however it is given", () => {
  const random = seededRandom("one pair");
  for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
    const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
    const { anchors: _, ...batch } = randomBatch(random, shape, [5, 3]);
    const pair = { push: 0.5, pop: -1 };
    const anchors = [0, 1].slice(kind.memory === "deque" ? 0 : 1)
      .map(() => ({ others: pair, reading: pair, first: pair }));
    assertEquals(
      batchLossAndGradient(shape, parameters, { ...batch, anchors }),
      batchLossAndGradient(shape, parameters, { ...batch, anchorPush: 0.5, anchorPop: -1 }),
    );
  }
});

Deno.test("the hinge holds pushes where nothing is read, and pops where something is", () => {
  const weights = { outputWeight: 1, hingeWeight: 3, hingeBound: -4 };
  const sums = { pushSum: -2, popSum: -1 };
  const losses = STEP_KINDS.map((kind) => controlLoss(weights, 0, kind, sums));
  assertEquals(losses, [12, 27, 27, 12]);
  assertEquals(controlLoss(weights, 0, "others", { pushSum: -4.5, popSum: 9 }), 0);
  assertEquals(controlLoss(weights, 0, "first", { pushSum: 9, popSum: -4.5 }), 0);
  const gradients = STEP_KINDS.map((kind) => controlLossBackward(weights, 1, kind, sums));
  const ofPush = { gPushSum: 2 * 3 * 2, gPopSum: 0 }, ofPop = { gPushSum: 0, gPopSum: 2 * 3 * 3 };
  assertEquals(gradients, [ofPush, ofPop, ofPop, ofPush]);
});

Deno.test("a step reads where its value has a target, whatever the target's weight", () => {
  const string = { inputs: [5, 0, 1], targets: [0, 1, 2] };
  assertEquals([0, 1, 2].map((t) => isReading(string, t)), [false, false, false]);
  const read = { ...string, valueTargets: [-1, 0, -1] };
  assertEquals([0, 1, 2].map((t) => isReading(read, t)), [false, true, false]);
});

Deno.test("the first step that reads is a kind of its own, after each step that does not", () => {
  const string = { inputs: [5, 0, 1, 2, 3], targets: [0, 1, 2, 3, 4] };
  const valueTargets = [0, 1, -1, 4, 4];
  const kinds = valueTargets.map((_, t) => stepKind({ ...string, valueTargets }, t));
  assertEquals(kinds, ["first", "reading", "others", "first", "reading"]);
  const popping = [true, false, true, false, true]; // counts only where nothing is read
  const all = popping.map((_, t) => stepKind({ ...string, valueTargets, popping }, t));
  assertEquals(all, ["first", "reading", "popping", "first", "reading"]);
});

Deno.test("gradients of the controls' sums are those of the loss", () => {
  const weights = { ...ANCHORED, firstAnchorWeight: 0.5, hingeWeight: 3, hingeBound: -4 };
  const [h, sums] = [1e-5, { pushSum: -2.5, popSum: 0.75 }];
  for (const port of [0, 1]) {
    for (const kind of STEP_KINDS) {
      const { gPushSum, gPopSum } = controlLossBackward(weights, port, kind, sums);
      const slope = (name: "pushSum" | "popSum") => {
        const [after, before] = [h, -h].map((step) =>
          controlLoss(weights, port, kind, { ...sums, [name]: sums[name] + step })
        );
        return (after - before) / (2 * h);
      };
      assertAlmostEquals(slope("pushSum"), gPushSum, 1e-7);
      assertAlmostEquals(slope("popSum"), gPopSum, 1e-7);
    }
  }
});
