import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { steered, type SteeredState } from "@/tutorial/steering_experiment.ts";
import { assertSame } from "../same.ts";

const settings = {
  seed: 1,
  length: 3,
  iterations: 2000,
  learningRate: 0.5,
  gradient: "exact",
  popBias: -2,
} as const;

Deno.test("steered: the default settings reverse new sequences, seeds 1 to 5", () => {
  for (let seed = 1; seed <= 5; seed++) {
    const run = steered.start({ ...settings, seed, iterations: 10_000 });
    const history = [run.metrics()];
    run.advance(10_000);
    history.push(run.metrics());
    const outcome = run.outcome(history);
    assert(outcome.success, outcome.lines.join("\n"));
    assertGreater(history[0].error, 0.1);
    assertLess(history[1].error, 0.03);
    assertEquals(outcome.figures.length, 2);
  }
});

Deno.test("steered: stopped, written, read and resumed, it ends bit for bit where it would have", () => {
  const whole = steered.start(settings);
  whole.advance(2000);
  for (const cuts of [[1], [999, 1000], [0, 2, 3, 1500, 1999]]) {
    let run = steered.start(settings);
    for (const cut of cuts) {
      if (cut > run.iteration) run.advance(cut - run.iteration);
      const state = checkpointFromBytes<SteeredState>(checkpointToBytes(run.state()), "checkpoint");
      run = steered.resume(settings, state);
      assertEquals(run.iteration, cut);
    }
    run.advance(5000);
    assertSame(run.state(), whole.state());
    assertEquals(run.metrics(), whole.metrics());
  }
});

Deno.test("steered: measuring and telling change nothing, and it stops at its last iteration", () => {
  const [watched, alone] = [steered.start(settings), steered.start(settings)];
  for (let k = 0; k < 10; k++) {
    watched.advance(150);
    watched.outcome([watched.metrics()]);
  }
  alone.advance(1500);
  assertSame(watched.state(), alone.state());
  assert(!alone.finished);
  alone.advance(501);
  assert(alone.finished);
  assertEquals([alone.iteration, alone.iterations], [2000, 2000]);
});

Deno.test("steered: the error is the root mean square over the reads that count", () => {
  // A stack that never pushes reads 0, so that the error is that of the numbers themselves: √⅓.
  const state = steered.start({ ...settings, iterations: 1 }).state();
  const weights = {
    pushWeights: [0, 0, 0, 0, 0, 0],
    pushBias: -40,
    popWeights: [0, 0, 0, 0, 0, 0],
    popBias: 40,
  };
  const { error } = steered.resume(settings, { ...state, weights }).metrics();
  assertAlmostEquals(error, Math.sqrt(1 / 3), 0.05);
});

Deno.test("steered: every run is measured on the same sequences, whatever it draws", () => {
  const state = steered.start(settings).state();
  const random = seededRandom("elsewhere").state();
  const errors = [state, { ...state, random }].map((state) =>
    steered.resume(settings, state).metrics()
  );
  assertEquals(errors[0], errors[1]);
});

Deno.test("steered: the published gradient is another run than the exact one", () => {
  const runs = (["exact", "published"] as const).map((gradient) => {
    const run = steered.start({ ...settings, gradient });
    run.advance(10);
    return run.state();
  });
  assertNotEquals(runs[0].weights.popWeights, runs[1].weights.popWeights);
  assertEquals(runs[0].random, runs[1].random); // on the same sequences
});

Deno.test("steered: a stack that died says so", () => {
  const run = steered.start({ ...settings, seed: 9, popBias: 0 });
  run.advance(2000);
  const { success, figures } = run.outcome([run.metrics()]);
  assert(!success);
  assertEquals(figures[0].layout.title?.text, "The read error has not fallen far enough");
});
