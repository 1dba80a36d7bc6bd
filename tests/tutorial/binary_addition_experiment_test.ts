import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { binaryAddition, type BinaryAdditionState } from "@/tutorial/binary_addition_experiment.ts";
import { assertSame } from "../same.ts";

const settings = {
  seed: 1,
  hidden: 16,
  bits: 8,
  recurrence: "hidden",
  iterations: 10_000,
  learningRate: 0.1,
} as const;

/** A smaller run, where only repeating it matters. */
const small = { ...settings, hidden: 4, iterations: 1000 };

Deno.test("binary-addition: the default settings learn to add, seeds 1 to 3", () => {
  for (let seed = 1; seed <= 3; seed++) {
    const run = binaryAddition.start({ ...settings, seed });
    const history = [run.metrics()];
    run.advance(10_000);
    history.push(run.metrics());
    const { success, lines, figures } = run.outcome(history);
    assert(success, lines.join("\n"));
    assertEquals(history[1].right, 1);
    assertGreater(history[0].error, 2);
    assertMatch(lines[0], /^(\d+) \+ (\d+) = (\d+)$/);
    const [, a, b, sum] = lines[0].match(/^(\d+) \+ (\d+) = (\d+)$/)!.map(Number);
    assertEquals(a + b, sum);
    assertMatch(lines[6], /sums of 64 digits: 100.0 %$/);
    assertEquals(figures.length, 1);
  }
});

Deno.test("binary-addition: with input recurrence it fails, and says what it got wrong", () => {
  const run = binaryAddition.start({ ...settings, recurrence: "input", iterations: 5000 });
  run.advance(5000);
  const { success, lines } = run.outcome([run.metrics()]);
  assert(!success);
  assert(lines.some((line) => /^\d+ \+ \d+ = \d+, not \d+$/.test(line)), lines.join("\n"));
});

Deno.test("binary-addition: right on every sum of its own length alone is no success", () => {
  const run = binaryAddition.start({ ...settings, bits: 2 });
  run.advance(3000);
  const { success, lines } = run.outcome([run.metrics()]);
  assertEquals(lines.slice(-2), [
    "right on 200 new sums of 2 digits: 100.0 %",
    "right on 200 new sums of 16 digits: 0.0 %",
  ]);
  assert(!success);
});

Deno.test("binary-addition: stopped, written, read and resumed, it ends bit for bit the same", () => {
  const whole = binaryAddition.start(small);
  whole.advance(1000);
  for (const cuts of [[1], [499, 500], [0, 2, 3, 750, 999]]) {
    let run = binaryAddition.start(small);
    for (const cut of cuts) {
      if (cut > run.iteration) run.advance(cut - run.iteration);
      const bytes = checkpointToBytes(run.state());
      const state = checkpointFromBytes<BinaryAdditionState>(bytes, "checkpoint");
      run = binaryAddition.resume(small, state);
      assertEquals(run.iteration, cut);
    }
    run.advance(5000);
    assertSame(run.state(), whole.state());
    assertEquals(run.metrics(), whole.metrics());
  }
});

Deno.test("binary-addition: measuring and telling change nothing, and it stops at its end", () => {
  const [watched, alone] = [binaryAddition.start(small), binaryAddition.start(small)];
  for (let k = 0; k < 9; k++) {
    watched.advance(100);
    watched.outcome([watched.metrics()]);
  }
  alone.advance(900);
  assertSame(watched.state(), alone.state());
  assert(!alone.finished);
  alone.advance(101);
  assert(alone.finished);
  assertEquals([alone.iteration, alone.iterations], [1000, 1000]);
});

Deno.test("binary-addition: a resumed run does not share its weights with the state it came from", () => {
  const state = binaryAddition.start(small).state();
  const before = structuredClone(state);
  binaryAddition.resume(small, state).advance(10);
  assertSame(state, before);
});

Deno.test("binary-addition: numbers of more than 53 digits are written in binary", () => {
  const run = binaryAddition.start({ ...small, bits: 60 });
  assertMatch(run.outcome([run.metrics()]).lines[0], /^[01]{60} \+ [01]{60} = [01]{60}(,|$)/);
});
