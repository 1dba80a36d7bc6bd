import { assert, assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import type { Experiment, Metrics, Run } from "@/runs/run.ts";
import { beginSession, resumeSession, train } from "@/runs/train.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";
import { standIn, walkSettings } from "./stand_in.ts";
import { testWatch } from "./watch.ts";

const PATH = "runs/a";
const SETTINGS = walkSettings({ iterations: 403 });

/** All that must be the same however often a run was cut off. */
function remains(files: MemoryDisk): Record<string, unknown> {
  const { seconds: _, ...result } = JSON.parse(files.readText(`${PATH}/result.json`));
  const checkpoint = files.readText(`${PATH}/checkpoint.json`);
  return {
    result,
    parameters: files.readText(`${PATH}/parameters.json`),
    metrics: files.readText(`${PATH}/metrics.jsonl`),
    state: checkpoint.slice(checkpoint.indexOf('"state"')),
  };
}

async function uninterrupted(settings = SETTINGS): Promise<MemoryDisk> {
  const files = new MemoryDisk();
  await train(beginSession(files, PATH, standIn, settings), testWatch());
  return files;
}

function resume(files: MemoryDisk, stopAfter?: number) {
  return train(resumeSession(files, PATH, standIn, SETTINGS), testWatch(stopAfter));
}

Deno.test("a run stopped at any pause and resumed ends bit for bit as the uninterrupted one", async () => {
  const expected = remains(await uninterrupted());
  let stops = 0;
  for (;; stops++) {
    const files = new MemoryDisk();
    const session = beginSession(files, PATH, standIn, SETTINGS);
    const ending = await train(session, testWatch(stops + 1));
    if (ending.kind === "finished") break;
    assertEquals(ending.kind, "stopped");
    await resume(files);
    assertEquals(remains(files), expected);
  }
  assertGreater(stops, 100);
});

Deno.test("a run stopped at every pause ends as the uninterrupted one", async () => {
  const files = new MemoryDisk();
  let ending = await train(beginSession(files, PATH, standIn, SETTINGS), testWatch(1));
  while (ending.kind === "stopped") ending = await resume(files, 1);
  assertEquals(remains(files), remains(await uninterrupted()));
});

Deno.test("a power cut in any writing leaves a run that resumes to the uninterrupted end", async () => {
  const whole = await uninterrupted();
  const expected = remains(whole);
  let resumed = 0;
  for (let cutAt = 1; cutAt <= whole.operations; cutAt++) {
    const files = new MemoryDisk();
    files.cutAt = cutAt;
    await assertRejects(
      async () => await train(beginSession(files, PATH, standIn, SETTINGS), testWatch()),
      PowerCut,
    );
    files.cutAt = Infinity;
    if (files.kindOf(PATH) === "nothing") continue;
    await resume(files);
    assertEquals(remains(files), expected, `cut in operation ${cutAt}`);
    resumed++;
  }
  // All but the creation of the folder, which is five operations.
  assertEquals(resumed, whole.operations - 5);
  assertGreater(resumed, 20);
});

Deno.test("power cuts in the resumed sittings do no harm either", async () => {
  const expected = remains(await uninterrupted());
  // The last sitting needs six: a checkpoint, the parameters and the result, two for each.
  for (const life of [7, 8, 11]) {
    const files = new MemoryDisk();
    beginSession(files, PATH, standIn, SETTINGS);
    let cuts = 0;
    for (let ended = false; !ended;) {
      files.cutAt = files.operations + life;
      ended = await resume(files).then(() => true, (error) => {
        if (!(error instanceof PowerCut)) throw error;
        return false;
      });
      cuts += ended ? 0 : 1;
      files.cutAt = Infinity;
    }
    assertGreater(cuts, 2);
    assertEquals(remains(files), expected);
  }
});

Deno.test("lines of metrics that the checkpoint does not count are dropped", async () => {
  const files = new MemoryDisk();
  await train(beginSession(files, PATH, standIn, SETTINGS), testWatch(20));
  files.appendText(`${PATH}/metrics.jsonl`, '{"iteration":999,"error":1}\n{"iterat');
  await resume(files);
  assertEquals(remains(files), remains(await uninterrupted()));
});

Deno.test("a finished run can be resumed, and stays as it is", async () => {
  const files = await uninterrupted();
  const expected = remains(files);
  const ending = await resume(files);
  assert(ending.kind === "finished");
  assertEquals(remains(files), expected);
});

Deno.test("a run that finishes early has its last metrics and is shown as whole", async () => {
  const files = new MemoryDisk();
  const watch = testWatch();
  const settings = walkSettings({ iterations: 1000, enough: 33 });
  const ending = await train(beginSession(files, PATH, standIn, settings), watch);
  assert(ending.kind === "finished");
  assertEquals([ending.result.iteration, ending.result.metrics?.iteration], [33, 33]);
  assertEquals(watch.shown.at(-1)?.share, 1);
});

Deno.test("a diverged run keeps its last good checkpoint and says so in its result", async () => {
  const settings = walkSettings({ iterations: 4000, explodeAt: 2990 });
  const files = new MemoryDisk();
  const ending = await train(beginSession(files, PATH, standIn, settings), testWatch());
  assert(ending.kind === "diverged");
  assertEquals(ending.result.success, false);
  const kept = resumeSession(files, PATH, standIn, settings);
  assertGreater(kept.run.iteration, 1000);
  assertGreater(2990, kept.run.iteration);
});

Deno.test("a state of NaN does not take the place of a good checkpoint", async () => {
  const files = new MemoryDisk();
  const session = beginSession(files, PATH, standIn, SETTINGS);
  const before = files.readText(`${PATH}/checkpoint.json`);
  const run: Run = Object.create(session.run, {
    state: { value: () => ({ weights: new Float64Array([NaN]) }) },
  });
  const ending = await train({ ...session, run }, testWatch());
  assert(ending.kind === "diverged");
  assertEquals(files.readText(`${PATH}/checkpoint.json`), before);
});

Deno.test("a disk that fills up is one sentence, and costs no earlier checkpoint", async () => {
  const files = new MemoryDisk();
  const session = beginSession(files, PATH, standIn, SETTINGS);
  await train(session, testWatch(40));
  const before = files.readText(`${PATH}/checkpoint.json`);
  files.readOnly.push(PATH);
  await assertRejects(() => resume(files), UserError, "Cannot write runs/a/");
  assertEquals(files.readText(`${PATH}/checkpoint.json`), before);
});

Deno.test("a folder that is damaged or edited is refused in one sentence", async () => {
  const stopped = new MemoryDisk();
  await train(beginSession(stopped, PATH, standIn, SETTINGS), testWatch(40));
  const checkpoint = stopped.readText(`${PATH}/checkpoint.json`);
  const metrics = stopped.readText(`${PATH}/metrics.jsonl`);
  const damages: [file: string, text: string, message: string][] = [
    ["checkpoint.json", "", "got one that has been damaged or edited"],
    ["checkpoint.json", checkpoint.replace("403", "500"), "damaged or edited"],
    ["checkpoint.json", checkpoint.slice(0, -9), "damaged or edited"],
    ["metrics.jsonl", "", "lines in metrics.jsonl, got 0"],
    ["metrics.jsonl", metrics.replace("{", "?"), "wanted JSON in line 1 of metrics.jsonl"],
  ];
  for (const [file, text, message] of damages) {
    stopped.entries.set(`${PATH}/${file}`, text);
    assertThrows(() => resumeSession(stopped, PATH, standIn, SETTINGS), UserError, message);
    stopped.entries.set(`${PATH}/checkpoint.json`, checkpoint);
    stopped.entries.set(`${PATH}/metrics.jsonl`, metrics);
  }
  resumeSession(stopped, PATH, standIn, SETTINGS);
});

Deno.test("a checkpoint of other settings, or that the experiment cannot read, is refused", () => {
  const files = new MemoryDisk();
  beginSession(files, PATH, standIn, SETTINGS);
  assertThrows(
    () => resumeSession(files, PATH, standIn, { ...SETTINGS, stepLength: 9 }),
    UserError,
    "wanted the settings it was started with, got others in config.json",
  );
  const failing: Experiment = Object.create(standIn, {
    resume: {
      value() {
        throw new TypeError("no such field");
      },
    },
  });
  assertThrows(
    () => resumeSession(files, PATH, failing, SETTINGS),
    UserError,
    "wanted a checkpoint of this version, got one that fails: no such field",
  );
});

/** The same walk, told in a hundred steps. */
const slowToTell: Experiment = Object.create(standIn, {
  start: { value: (settings: typeof SETTINGS) => slow(standIn.start(settings)) },
  resume: {
    value: (settings: typeof SETTINGS, state: never) => slow(standIn.resume(settings, state)),
  },
});

function slow(run: Run): Run {
  return Object.create(run, {
    outcomeSteps: {
      value: function* (history: Metrics[]) {
        for (let share = 0; share < 1; share += 0.01) yield share;
        return run.outcome(history);
      },
    },
  });
}

Deno.test("what takes long to tell is shown on its way, can be stopped, and is told when resumed", async () => {
  const files = new MemoryDisk(), watch = testWatch(1e9);
  const ending = await train(beginSession(files, PATH, slowToTell, SETTINGS), watch);
  assertEquals([ending.kind, remains(files)], ["finished", remains(await uninterrupted())]);
  const told = watch.shown.flatMap(({ told }) => told === undefined ? [] : [told]);
  assertGreater(told.length, 20);
  assertEquals(told, told.toSorted((a, b) => a - b));

  const pauses = watch.shown.length - told.length - 1; // as long as it trains; the last is no pause
  const stopped = new MemoryDisk(), later = testWatch(pauses + 5);
  const stop = await train(beginSession(stopped, PATH, slowToTell, SETTINGS), later);
  assertEquals([stop.kind, later.shown.filter(({ told }) => told !== undefined).length], [
    "stopped",
    5,
  ]);
  assertEquals(stopped.kindOf(`${PATH}/result.json`), "nothing");
  await train(resumeSession(stopped, PATH, slowToTell, SETTINGS), testWatch());
  assertEquals(remains(stopped), remains(files));
});

Deno.test("a network that turns out to answer with NaN when it is told of has diverged", async () => {
  const files = new MemoryDisk(), session = beginSession(files, PATH, standIn, SETTINGS);
  const run: Run = Object.create(session.run, {
    outcome: {
      value() {
        throw new RangeError("Cannot decode: wanted logits, got NaN");
      },
    },
  });
  const ending = await train({ ...session, run }, testWatch());
  assert(ending.kind === "diverged");
  assertEquals(ending.message, "Cannot decode: wanted logits, got NaN at iteration 403");
});
