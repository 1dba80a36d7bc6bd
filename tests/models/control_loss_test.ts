import { assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { controlLoss, controlLossBackward, isReading } from "@/models/control_loss.ts";
import type { LossWeights } from "@/models/sequence_batch.ts";
import { batchLossAndGradient } from "@/models/sequence_model.ts";
import { KINDS, randomBatch, randomParameters, randomShape } from "./random_sequences.ts";

const ANCHORED: LossWeights = {
  outputWeight: 1,
  anchorWeight: 2,
  anchors: [
    { reading: { push: 1, pop: -3 }, others: { push: -2, pop: -1 } },
    { reading: { push: -4, pop: -3 }, others: { push: 5, pop: 0 } },
  ],
};

Deno.test("each port has its anchors, one pair while reading and one at the other steps", () => {
  const at = (pushSum: number, popSum: number) =>
    [true, false].flatMap((reading) =>
      [0, 1].map((port) => controlLoss(ANCHORED, port, reading, { pushSum, popSum }))
    );
  assertEquals(at(1, -3).indexOf(0), 0);
  assertEquals(at(-4, -3).indexOf(0), 1);
  assertEquals(at(-2, -1).indexOf(0), 2);
  assertEquals(at(5, 0).indexOf(0), 3);
  assertEquals(at(0, 0), [2 * (1 + 9), 2 * (16 + 9), 2 * (4 + 1), 2 * 25]);
});

Deno.test("one pair of anchors at all ports and steps has the same bits, however it is given", () => {
  const random = seededRandom("one pair");
  for (const kind of KINDS.filter(({ memory }) => memory !== "none")) {
    const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
    const { anchors: _, ...batch } = randomBatch(random, shape, [5, 3]);
    const pair = { push: 0.5, pop: -1 };
    const anchors = [0, 1].slice(kind.memory === "deque" ? 0 : 1)
      .map(() => ({ reading: pair, others: pair }));
    assertEquals(
      batchLossAndGradient(shape, parameters, { ...batch, anchors }),
      batchLossAndGradient(shape, parameters, { ...batch, anchorPush: 0.5, anchorPop: -1 }),
    );
  }
});

Deno.test("the hinge holds pushes where nothing is read, and pops where something is, if asked to", () => {
  const weights = { outputWeight: 1, hingeWeight: 3, hingeBound: -4 };
  const sums = { pushSum: -2, popSum: -1 };
  const loss = (reading: boolean, hingePops?: boolean) =>
    controlLoss({ ...weights, hingePops }, 0, reading, sums);
  assertEquals([loss(false), loss(true), loss(false, true), loss(true, true)], [12, 0, 12, 27]);
  assertEquals(controlLoss(weights, 0, false, { pushSum: -4.5, popSum: 9 }), 0);
  const gradient = (reading: boolean) =>
    controlLossBackward({ ...weights, hingePops: true }, 1, reading, sums);
  assertEquals(gradient(false), { gPushSum: 2 * 3 * 2, gPopSum: 0 });
  assertEquals(gradient(true), { gPushSum: 0, gPopSum: 2 * 3 * 3 });
});

Deno.test("a step reads where its value has a target, whatever the target's weight", () => {
  const string = { inputs: [5, 0, 1], targets: [0, 1, 2] };
  assertEquals([0, 1, 2].map((t) => isReading(string, t)), [false, false, false]);
  const read = { ...string, valueTargets: [-1, 0, -1] };
  assertEquals([0, 1, 2].map((t) => isReading(read, t)), [false, true, false]);
});

Deno.test("gradients of the controls' sums are those of the loss", () => {
  const weights = { ...ANCHORED, hingeWeight: 3, hingeBound: -4, hingePops: true };
  const [h, sums] = [1e-5, { pushSum: -2.5, popSum: 0.75 }];
  for (const port of [0, 1]) {
    for (const reading of [true, false]) {
      const { gPushSum, gPopSum } = controlLossBackward(weights, port, reading, sums);
      const slope = (name: "pushSum" | "popSum") => {
        const [after, before] = [h, -h].map((step) =>
          controlLoss(weights, port, reading, { ...sums, [name]: sums[name] + step })
        );
        return (after - before) / (2 * h);
      };
      assertAlmostEquals(slope("pushSum"), gPushSum, 1e-7);
      assertAlmostEquals(slope("popSum"), gPopSum, 1e-7);
    }
  }
});
