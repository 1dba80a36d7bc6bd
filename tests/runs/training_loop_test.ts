import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import type { Metrics, Run } from "@/runs/run.ts";
import { Diverged, type LoopSurroundings, measure, trainingLoop } from "@/runs/train.ts";
import { standIn, walkSettings } from "./stand_in.ts";

interface Notes extends LoopSurroundings {
  readonly rows: Metrics[];
  /** Iterations at which a checkpoint was kept. */
  readonly kept: number[];
}

/** @param tick Milliseconds from one look at the clock to the next. */
function surroundings(run: Run, tick: number): Notes {
  let clock = 0;
  const [rows, kept]: [Metrics[], number[]] = [[], []];
  return {
    rows,
    kept,
    now: () => clock += tick,
    pause: () => Promise.resolve(),
    stopRequested: () => false,
    record: (row) => void rows.push(row),
    keep: () => void kept.push(run.iteration),
    show() {},
  };
}

async function rowsAtSpeed(tick: number, iterations: number): Promise<Metrics[]> {
  const run = standIn.start(walkSettings({ iterations }));
  const notes = surroundings(run, tick);
  assertEquals(await trainingLoop(run, notes), "finished");
  return notes.rows;
}

Deno.test("what is measured is the same however fast the clock goes", async () => {
  const slow = await rowsAtSpeed(0.01, 1003);
  assertEquals(slow.length, 201);
  assertEquals(slow.slice(-2).map(({ iteration }) => iteration), [1000, 1003]);
  for (const tick of [1, 10, 40, 1000]) assertEquals(await rowsAtSpeed(tick, 1003), slow);
});

Deno.test("what is measured is what will be read back from JSON", () => {
  const run: Run = Object.create(standIn.start(walkSettings()), {
    metrics: { value: () => ({ iteration: 0, error: -0, missing: NaN }) },
  });
  const row = measure(run);
  assert(Object.is(row.error, 0));
  assertEquals(row.missing, null);
});

Deno.test("a checkpoint is kept once a second", async () => {
  const run = standIn.start(walkSettings({ iterations: 1000 }));
  const notes = surroundings(run, 20);
  await trainingLoop(run, notes);
  // At 20 ms a look and 2 to 4 looks a round, 200 rounds or more take 8 to 16 seconds.
  assert(notes.kept.length >= 7, `${notes.kept}`);
  assertLess(notes.kept.length, 40);
});

Deno.test("slow iterations are done one at a time, so that a stop is heard", async () => {
  const run = standIn.start(walkSettings({ iterations: 100_000 }));
  const counts: number[] = [];
  const slow: Run = Object.create(run, {
    advance: {
      value(count: number) {
        counts.push(count);
        run.advance(count);
      },
    },
  });
  let pauses = 0;
  await trainingLoop(slow, {
    ...surroundings(slow, 60),
    pause: () => Promise.resolve(void pauses++),
    stopRequested: () => pauses >= 5,
  });
  assertEquals(counts, [1, 1, 1, 1, 1]);
});

/** The same walk, its iterations slow ones: each takes ten steps. */
function inSteps(run: Run, wrong?: Error): Run {
  return Object.create(run, {
    advanceSteps: {
      *value(count: number) {
        for (let step = 1; step <= 10 * count; step++) yield step / 10;
        if (wrong) throw wrong;
        run.advance(count);
      },
    },
  });
}

Deno.test("a stop is heard in the middle of a slow iteration, whose share is shown", async () => {
  const run = inSteps(standIn.start(walkSettings({ iterations: 100 }))), shares: unknown[] = [];
  const around = surroundings(run, 60);
  const ending = await trainingLoop(run, {
    ...around,
    show: (told?: number) => void shares.push(told),
    stopRequested: () => shares.length >= 15,
  });
  assertEquals([ending, run.iteration, around.rows.length], ["stopped", 1, 1]);
  assertEquals(shares.slice(0, 12), [
    0.1,
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    1,
    undefined,
    0.1,
  ]);
});

Deno.test("what is measured is the same, step by step", async () => {
  const run = inSteps(standIn.start(walkSettings({ iterations: 203 }))),
    notes = surroundings(run, 9);
  assertEquals(await trainingLoop(run, notes), "finished");
  assertEquals(notes.rows, await rowsAtSpeed(1, 203));
});

Deno.test("a RangeError in the middle of an iteration is divergence too", async () => {
  const run = inSteps(standIn.start(walkSettings()), new RangeError("got NaN"));
  await assertRejects(() => trainingLoop(run, surroundings(run, 1)), Diverged, "got NaN");
});

Deno.test("an error of NaN ends the training and names the iteration", async () => {
  const run = standIn.start(walkSettings({ iterations: 1000, explodeAt: 17 }));
  const error = await assertRejects(() => trainingLoop(run, surroundings(run, 1)), Diverged);
  assertEquals(
    error.message,
    "Cannot go on training: wanted a finite error, got NaN at iteration 20",
  );
});

Deno.test("a RangeError from the mathematics is divergence, any other error is a fault", async () => {
  const run = standIn.start(walkSettings());
  const failing = (error: Error): Run =>
    Object.create(run, {
      advance: {
        value() {
          throw error;
        },
      },
    });
  const loop = (error: Error) => () => trainingLoop(failing(error), surroundings(run, 1));
  await assertRejects(loop(new RangeError("got NaN at 3")), Diverged, "got NaN at 3");
  assertEquals((await assertRejects(loop(new TypeError("slip")))).constructor, TypeError);
});

Deno.test("a run that does not advance is an error, not an endless loop", async () => {
  const run = standIn.start(walkSettings());
  const stuck: Run = Object.create(run, { advance: { value() {} } });
  await assertRejects(() => trainingLoop(stuck, surroundings(run, 1)), Error, "got none");
});
