import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { readWeights, runStack } from "@/memory/stack.ts";
import { UserError } from "@/io/user_error.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import type { Metrics, Run } from "@/runs/run.ts";
import {
  type ControlsState,
  learnToPop,
  learnToPush,
} from "@/tutorial/learned_controls_experiments.ts";
import { assertSame } from "../same.ts";

const DEFAULTS = {
  sequence: null,
  length: null,
  starts: 20,
  iterations: 2000,
  learningRate: 0.1,
  seed: 1,
};
const EXPERIMENTS = [learnToPop, learnToPush];

/** Trains a hundred iterations at a time, measuring after each. */
function trained(run: Run): Metrics[] {
  const history = [run.metrics()];
  while (!run.finished) {
    run.advance(100);
    history.push(run.metrics());
  }
  return history;
}

Deno.test("both experiments reverse the default sequence from five random starts", () => {
  for (const experiment of EXPERIMENTS) {
    for (let seed = 1; seed <= 5; seed++) {
      const run = experiment.start({ ...DEFAULTS, seed });
      const outcome = run.outcome(trained(run));
      assert(outcome.success, `${experiment.name}, seed ${seed}`);
      const [truth, learned] = outcome.lines.map((line) => line.trim().split(/\s+/).slice(-3));
      assertEquals(truth, ["0.3000", "0.2000", "0.1000"]);
      assertEquals(learned, truth);
    }
  }
});

Deno.test("starts differ by seed, and are the same for the same seed", () => {
  for (const { start } of EXPERIMENTS) {
    const [one, same, other] = [1, 1, 2].map((seed) => start({ ...DEFAULTS, seed }).state().pops);
    assertEquals(one, same);
    assert(one.every((u, t) => u !== other[t]));
  }
});

Deno.test("learn-to-pop leaves the pushes as they are: whole ones, then none", () => {
  const run = learnToPop.start(DEFAULTS);
  trained(run);
  assertEquals(run.state().pushes, [1, 1, 1, 0, 0, 0]);
});

Deno.test("learn-to-push changes pushes and pops", () => {
  const run = learnToPush.start(DEFAULTS);
  const before = run.state();
  trained(run);
  assert(before.pushes.some((d, t) => d !== run.state().pushes[t]));
  assert(before.pops.some((u, t) => u !== run.state().pops[t]));
});

Deno.test("the sequence is the one that was given, or drawn from the seed at the length given", () => {
  for (const { start } of EXPERIMENTS) {
    const given = start({ ...DEFAULTS, sequence: [4, -1] });
    assertEquals(given.state().sequence, [4, -1]);
    const drawn = [1, 2].map((seed) => start({ ...DEFAULTS, length: 4, seed }).state());
    assertEquals(drawn.map(({ sequence, pops }) => [sequence.length, pops.length]), [[4, 8], [
      4,
      8,
    ]]);
    assert(drawn[0].sequence.every((value, i) => value !== drawn[1].sequence[i]));
    assertThrows(() => start({ ...DEFAULTS, sequence: [1], length: 1 }), UserError, "got both");
  }
});

Deno.test("a run cut off anywhere and resumed through JSON ends bit for bit as the whole one", () => {
  for (const experiment of EXPERIMENTS) {
    const settings = { ...DEFAULTS, length: 3, starts: 3, iterations: 20 };
    const whole = experiment.start(settings);
    whole.advance(60);
    assertEquals(whole.metrics().start, 3); // the state has to carry the random source as well
    for (let cut = 0; cut <= 60; cut++) {
      const first = experiment.start(settings);
      first.advance(cut);
      const kept = checkpointFromBytes<ControlsState>(
        checkpointToBytes(first.state()),
        "checkpoint",
      );
      const second = experiment.resume(settings, kept);
      second.advance(1000);
      assertSame(second.state(), whole.state());
      assertEquals(second.metrics(), whole.metrics());
    }
  }
});

Deno.test("what does not come back reversed is no success", () => {
  const run = learnToPush.start({ ...DEFAULTS, starts: 1, iterations: 1 });
  const outcome = run.outcome(trained(run));
  assertEquals(outcome.success, false);
  const titles = outcome.figures.map(({ layout }) => String(layout.title?.text));
  assertEquals(titles.at(-1), "The learned stack does not give the sequence back in reverse");
});

Deno.test("a start that is stuck is followed by another, and the one that succeeds is the last", () => {
  const run = learnToPop.start({ ...DEFAULTS, length: 5, iterations: 1000 });
  const history = trained(run);
  assert(run.outcome(history).success);
  const starts = Number(history.at(-1)!.start);
  assertGreater(starts, 1);
  assertLess(starts, 20);
  assertLess(run.iteration, 1000 * starts + 1);
  assertGreater(run.iteration, 1000 * (starts - 1));
});

Deno.test("a start goes on to its end after it has succeeded: the reads become exact", () => {
  const run = learnToPush.start(DEFAULTS);
  trained(run);
  assertLess(run.metrics().error, 1e-9);
});

Deno.test("what is learned does not depend on the numbers", () => {
  const [one, other] = [[1, 2, 3], [0.3, -7, 0.3]].map((sequence) => {
    const run = learnToPush.start({ ...DEFAULTS, sequence });
    assert(run.outcome(trained(run)).success);
    return run.state();
  });
  assertEquals(one.pops, other.pops);
  assertEquals(one.pushes, other.pushes);
});

Deno.test("nothing is blended: each read while writing is one value, whole", () => {
  for (const experiment of EXPERIMENTS) {
    const run = experiment.start({ ...DEFAULTS, sequence: [0.1, 0.2, 0.3] });
    trained(run);
    const { pops, pushes } = run.state();
    const { strengths } = runStack({ values: pops.map(() => [0]), pops, pushes });
    [2, 1, 0].forEach((row, i) => assertGreater(readWeights(strengths[3 + i])[row], 0.99));
  }
});

Deno.test("nothing is dimmed: while writing, learn-to-push pushes no blank", () => {
  const run = learnToPush.start(DEFAULTS);
  trained(run);
  assert(run.state().pushes.slice(3).every((d) => d < 0.01));
});

Deno.test("a sequence of noughts can be reversed", () => {
  const run = learnToPop.start({ ...DEFAULTS, sequence: [0, 0] });
  assertEquals(run.outcome(trained(run)).success, true);
});

Deno.test("figures show error, paths of the controls and the stack, paths only of few controls", () => {
  const short = learnToPush.start({ ...DEFAULTS, starts: 1, iterations: 10 });
  assertEquals(short.outcome(trained(short)).figures.length, 3);
  const long = learnToPush.start({ ...DEFAULTS, starts: 1, iterations: 2, length: 7 });
  assertEquals(long.outcome(trained(long)).figures.length, 1);
});
