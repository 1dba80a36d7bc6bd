import { assert, assertEquals, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import {
  createWindowLearner,
  drawStream,
  shareRight,
  trainOnWindows,
  type TruncatedTraining,
} from "@/tutorial/recalling_in_a_stream.ts";
import { QUESTION } from "@/tutorial/remembering_a_symbol.ts";

const training = (window: number, delay: number, carry = true): TruncatedTraining => ({
  delays: [delay],
  window,
  carry,
  seed: 1,
});

/** The embeddings of the four symbols that are to be recalled, before or after some updates. */
function cues(settings: TruncatedTraining, updates: number): number[] {
  const learner = createWindowLearner(settings);
  for (let n = 0; n < updates; n++) learner.learn();
  return [...learner.engine.parameters()["embedding.weight"].subarray(0, 4 * 8)];
}

Deno.test("in a stream every question wants the symbol that was read one of the delays before", () => {
  const stream = drawStream([3, 5], seededRandom(1));
  const steps = range(2000).map(() => stream.next().value);
  const questions = range(2000).filter((t) => steps[t][0] === QUESTION);
  const symbols = range(2000).filter((t) => steps[t][0] < 4);
  const delays = questions.slice(1).map((t) => t - symbols.findLast((place) => place < t)!);
  assertEquals([...new Set(delays)].sort(), [3, 5]);
  questions.slice(1).forEach((t, k) => assertEquals(steps[t][1], steps[t - delays[k]][0]));
  const pauses = symbols.slice(1).map((t) => t - questions.findLast((place) => place < t)! - 1);
  assertEquals([...new Set(pauses)].sort(), [0, 1, 2, 3]);
  assertEquals(steps.filter(([, target]) => target >= 0).length, questions.length);
});

Deno.test("streams begin at every place of their first string", () => {
  const firstQuestions = range(200).map((seed) => {
    const stream = drawStream([3], seededRandom(seed));
    return range(8).map(() => stream.next().value[0]).indexOf(QUESTION);
  });
  assertEquals([...new Set(firstQuestions)].sort(), [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("windows end at every place of a string, also if both are equally long", () => {
  const stream = drawStream([7], seededRandom(1));
  const steps = range(4000).map(() => stream.next().value);
  const places = range(4000).filter((t) => steps[t][0] === QUESTION).map((t) => t % 8);
  for (const place of range(8)) {
    const share = places.filter((other) => other === place).length / places.length;
    assert(share > 0.05 && share < 0.2, `${place}: ${share}`);
  }
});

Deno.test("a symbol as far back as the window is long gets no gradient, and one step less is enough", () => {
  for (const carry of [true, false]) {
    assertEquals(cues(training(4, 4, carry), 60), cues(training(4, 4, carry), 0));
    assertNotEquals(cues(training(4, 3, carry), 60), cues(training(4, 3, carry), 0));
  }
});

Deno.test("the state is carried to the next window only if asked for", () => {
  const losses = (window: number, carry: boolean) => {
    const learner = createWindowLearner({ ...training(window, 2, carry) });
    return [learner.learn(), learner.learn()];
  };
  // The first window starts from h_0 either way.
  assertEquals(losses(6, true)[0], losses(6, false)[0]);
  assertNotEquals(losses(6, true)[1], losses(6, false)[1]);
});

Deno.test("a network is as good as it answers, from guessing to all right", () => {
  const { engine, right, steps } = trainOnWindows(training(8, 2));
  assertEquals([right, steps, shareRight(engine, 2)], [[1], 4096, 1]);
  const guesser = createWindowLearner(training(8, 2)).engine;
  assert(shareRight(guesser, 2) < 0.5);
  assertGreater(shareRight(guesser, 2), 0); // the first symbol, where the model has learned nothing
});

Deno.test("a window and a delay of at least 1 are wanted", () => {
  for (const window of [0, 1.5, NaN]) {
    assertThrows(
      () => createWindowLearner(training(window, 2)),
      RangeError,
      `Cannot train: wanted a window of at least 1, got ${window}`,
    );
  }
  assertThrows(() => createWindowLearner(training(4, 0)).learn(), RangeError);
});
