import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { RnnController } from "@/tutorial/rnn_controller.ts";
import { createParameters } from "@/tutorial/controller_parameters.ts";
import {
  type ControllerEvaluation,
  evaluateController,
  isSaturated,
} from "@/tutorial/controller_evaluation.ts";
import { PUBLISHED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
import { assertSame } from "../same.ts";

const { design, task } = PUBLISHED_AUTOENCODER;

/** A controller by hand: H = P = 1, h_t is +1 while reading and −1 while writing. */
function handMade(set: (parameters: ReturnType<typeof createParameters>) => void): RnnController {
  const sizes = { ...design.sizes, hidden: 1, outputPrime: 1 },
    parameters = createParameters(sizes);
  parameters.Wx.set([-40, 40, 0, 0]);
  parameters.Wp[0] = 40;
  set(parameters);
  return new RnnController({ ...design, sizes }, parameters);
}

const sigma = (a: number) => 1 / (1 + Math.exp(-a));

Deno.test("pushes are looked at while reading, pops while writing", () => {
  const controller = handMade(({ Wd, bd, Wu, bu }) => {
    [Wd[0], bd[0], Wu[0], bu[0]] = [3, 1, -4, -2];
  });
  const found = evaluateController(controller, task, 6);
  assertAlmostEquals(found.minReadingPush, sigma(4), 1e-12);
  assertAlmostEquals(found.minWritingPop, sigma(2), 1e-12);
  assertAlmostEquals(found.minFirstWritingPop, sigma(2), 1e-12);
  assertAlmostEquals(found.maxReadingPop, sigma(-6), 1e-12);
  assertAlmostEquals(found.meanPush, (6 * sigma(4) + 5 * sigma(-2)) / 11, 1e-12);
  assertAlmostEquals(found.meanPop, (6 * sigma(-6) + 5 * sigma(2)) / 11, 1e-12);
});

Deno.test("the trainable region is 2d − 1 < u < d", () => {
  const liveAt = (d: number, u: number) =>
    evaluateController(
      handMade(({ bd, bu }) => {
        [bd[0], bu[0]] = [Math.log(d / (1 - d)), Math.log(u / (1 - u))];
      }),
      task,
      4,
    ).live;
  assertEquals([liveAt(0.5, 0.3), liveAt(0.8, 0.7), liveAt(0.8, 0.59), liveAt(0.3, 0.4)], [
    1,
    1,
    0,
    0,
  ]);
});

Deno.test("a network that writes one symbol everywhere is right where all symbols are that one", () => {
  const controller = handMade(({ bo }) => bo.set([0, 0, 0, 1]));
  const share = evaluateController(controller, task, 1).right;
  // Fifty strings of one symbol: about half of them.
  assertAlmostEquals(share, 0.5, 0.2);
  assertLess(evaluateController(controller, task, 12).right, 0.05);
});

Deno.test("examining changes nothing, and always asks the same strings", () => {
  const controller = handMade(({ bo }) => bo.set([0, 0, 0, 1]));
  const before = controller.parameters.flat.slice();
  const exams = () => [1, 2, 3, 4].map((length) => evaluateController(controller, task, length));
  assertEquals(exams(), exams());
  assertSame(controller.parameters.flat, before);
});

Deno.test("crisp is above 0.9, pushes and pops, whatever the first pop of writing", () => {
  const crisp: ControllerEvaluation = {
    right: 1,
    minReadingPush: 0.91,
    minWritingPop: 0.91,
    minFirstWritingPop: 0,
    maxReadingPop: 0,
    live: 0,
    meanPush: 0.5,
    meanPop: 0.5,
  };
  assertEquals(isSaturated(crisp), true);
  assertEquals(isSaturated({ ...crisp, minReadingPush: 0.9 }), false);
  assertEquals(isSaturated({ ...crisp, minWritingPop: 0.9 }), false);
});
