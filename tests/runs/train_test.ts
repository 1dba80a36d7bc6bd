import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { readableJson } from "@/io/files.ts";
import { UserError } from "@/io/user_error.ts";
import { CHECKPOINT_FILE, checkpointToBytes, loadCheckpoint } from "@/runs/checkpoint.ts";
import { currentEnvironment } from "@/runs/environment.ts";
import type { Experiment, Metrics, OnShareDone, Run } from "@/runs/run.ts";
import { resumeSession, startSession } from "@/runs/session.ts";
import { type Ending, train } from "@/runs/train.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";
import { type HookOptions, testHooks } from "./hooks.ts";
import { standIn, walkSettings } from "./stand_in.ts";
import { timeless } from "./timeless.ts";

const PATH = "runs/a";
const SETTINGS = walkSettings({ iterations: 403 });
const CHECKPOINT = `${PATH}/${CHECKPOINT_FILE}`;

function begin(files = new MemoryDisk(), settings = SETTINGS, experiment: Experiment = standIn) {
  return startSession({ files, path: PATH }, experiment, settings);
}

function uninterrupted(settings = SETTINGS): MemoryDisk {
  const files = new MemoryDisk();
  train(begin(files, settings), testHooks());
  return files;
}

function resume(files: MemoryDisk, stopAtPoll?: number): Ending {
  return train(resumeSession({ files, path: PATH }, standIn, SETTINGS), testHooks({ stopAtPoll }));
}

/** A run with some of its methods replaced. */
function changed(run: Run, changes: Partial<Run>): Run {
  const entries = Object.entries(changes).map(([name, value]) => [name, { value }] as const);
  return Object.create(run, Object.fromEntries(entries));
}

/** Trains a walk with some of its methods replaced. */
function trainChanged(change: (run: Run) => Partial<Run>, options: HookOptions = {}) {
  const files = new MemoryDisk(), session = begin(files), hooks = testHooks(options);
  const run = changed(session.run, change(session.run));
  return { files, hooks, run, ending: train({ ...session, run }, hooks) };
}

Deno.test("a run stopped at any poll and resumed ends bit for bit as the uninterrupted one", () => {
  const expected = timeless(uninterrupted(), PATH);
  let stops = 0;
  for (;; stops++) {
    const files = new MemoryDisk();
    const ending = train(begin(files), testHooks({ stopAtPoll: stops + 1 }));
    if (ending.kind === "finished") break;
    assertEquals(ending.kind, "stopped");
    resume(files);
    assertEquals(timeless(files, PATH), expected);
  }
  assertGreater(stops, 100);
});

Deno.test("a run stopped at every poll ends as the uninterrupted one", () => {
  const files = new MemoryDisk();
  let ending = train(begin(files), testHooks({ stopAtPoll: 1 }));
  while (ending.kind === "stopped") ending = resume(files, 1);
  assertEquals(timeless(files, PATH), timeless(uninterrupted(), PATH));
});

Deno.test("a stopped run says where it is, and has no result", () => {
  const files = new MemoryDisk(), ending = train(begin(files), testHooks({ stopAtPoll: 9 }));
  assert(ending.kind === "stopped");
  assertEquals([ending.iteration, ending.iterations], [9, 403]);
  assertEquals(loadCheckpoint(files, PATH).iteration, 9);
  assertEquals(files.kindOf(`${PATH}/result.json`), "nothing");
});

Deno.test("a power cut in any write leaves a run that resumes to the uninterrupted end", () => {
  const whole = uninterrupted(), expected = timeless(whole, PATH);
  let resumed = 0;
  for (let cutAt = 1; cutAt <= whole.operations; cutAt++) {
    const files = new MemoryDisk();
    files.cutAt = cutAt;
    assertThrows(() => train(begin(files), testHooks()), PowerCut);
    files.cutAt = Infinity;
    if (files.kindOf(`${PATH}/config.json`) === "nothing") continue;
    resume(files);
    assertEquals(timeless(files, PATH), expected, `cut in operation ${cutAt}`);
    resumed++;
  }
  // All but the creation of the folder, which is six operations.
  assertEquals(resumed, whole.operations - 6);
  assertGreater(resumed, 20);
});

Deno.test("power cuts in resumed sessions do no harm either", () => {
  const expected = timeless(uninterrupted(), PATH);
  // The last session needs ten: the lock; two that clear up after the one before; the measurements, a checkpoint, the
  // parameters and the result, two for each but the first.
  for (const life of [11, 12, 15]) {
    const files = new MemoryDisk();
    begin(files).folder.release();
    let cuts = 0;
    for (let ended = false; !ended;) {
      files.cutAt = files.operations + life;
      try {
        resume(files);
        ended = true;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        cuts++;
      }
      files.cutAt = Infinity;
    }
    assertGreater(cuts, 2);
    assertEquals(timeless(files, PATH), expected);
  }
});

Deno.test("lines of metrics that the checkpoint does not count are dropped", () => {
  const files = new MemoryDisk();
  train(begin(files), testHooks({ stopAtPoll: 20 }));
  files.appendText(`${PATH}/metrics.jsonl`, '{"iteration":999,"error":1}\n{"iterat');
  resume(files);
  assertEquals(timeless(files, PATH), timeless(uninterrupted(), PATH));
});

Deno.test("a finished run can be resumed, and stays as it is", () => {
  const files = uninterrupted(), expected = timeless(files, PATH);
  assertEquals(resume(files).kind, "finished");
  assertEquals(timeless(files, PATH), expected);
});

Deno.test("a run that finishes early has its last metrics and is shown as whole", () => {
  const hooks = testHooks(), settings = walkSettings({ iterations: 1000, enough: 33 });
  const ending = train(begin(new MemoryDisk(), settings), hooks);
  assert(ending.kind === "finished");
  assertEquals([ending.result.iteration, ending.result.metrics?.iteration], [33, 33]);
  assertEquals(hooks.shown.at(-1)?.share, 1);
});

Deno.test("config.json records the environment of the start", () => {
  const files = uninterrupted(), config = JSON.parse(files.readText(`${PATH}/config.json`));
  const environment = currentEnvironment();
  assertEquals(config, { experiment: "walk", settings: SETTINGS, environment });
  assertEquals(environment.deno, Deno.version.deno);
  assert(Object.values(environment).every((value) => value !== ""));
});

Deno.test("a run is resumed in another environment, whose config.json stays as it was", () => {
  const files = new MemoryDisk(), expected = uninterrupted();
  train(begin(files), testHooks({ stopAtPoll: 9 }));
  const environment = { version: "1.9.0", deno: "2.0.0", system: "windows", cores: 96 };
  const config = readableJson({ experiment: "walk", settings: SETTINGS, environment });
  for (const disk of [files, expected]) disk.writeText(`${PATH}/config.json`, config);
  assertEquals(resume(files).kind, "finished");
  assertEquals(timeless(files, PATH), timeless(expected, PATH));
});

Deno.test("a diverged run keeps its last good checkpoint and says so in its result", () => {
  const settings = walkSettings({ iterations: 4000, explodeAt: 2990 }), files = new MemoryDisk();
  const ending = train(begin(files, settings), testHooks());
  assert(ending.kind === "diverged");
  assertEquals(ending.result.success, false);
  assertEquals(JSON.parse(files.readText(`${PATH}/result.json`)).diverged, ending.message);
  const kept = resumeSession({ files, path: PATH }, standIn, settings);
  assertGreater(kept.run.iteration, 1000);
  assertGreater(2990, kept.run.iteration);
});

Deno.test("a state of NaN does not replace a good checkpoint", () => {
  const files = new MemoryDisk(), session = begin(files), before = files.readText(CHECKPOINT);
  const run = changed(session.run, { state: () => ({ weights: new Float64Array([NaN]) }) });
  assertEquals(train({ ...session, run }, testHooks()).kind, "diverged");
  assertEquals(files.readText(CHECKPOINT), before);
});

Deno.test("a disk that fills up is one sentence, and costs no earlier checkpoint", () => {
  const files = new MemoryDisk();
  train(begin(files), testHooks({ stopAtPoll: 40 }));
  const before = files.readText(CHECKPOINT);
  files.readOnly.push(PATH);
  assertThrows(() => resume(files), UserError, "Cannot write runs/a/");
  assertEquals(files.readText(CHECKPOINT), before);
});

Deno.test("a folder that is damaged or edited is refused in one sentence", () => {
  const stopped = new MemoryDisk(),
    open = () => resumeSession({ files: stopped, path: PATH }, standIn, SETTINGS);
  train(begin(stopped), testHooks({ stopAtPoll: 40 }));
  const checkpoint = stopped.readText(CHECKPOINT);
  const metrics = stopped.readText(`${PATH}/metrics.jsonl`);
  const damages: [file: string, text: string, message: string][] = [
    [CHECKPOINT_FILE, "", "Cannot read runs/a/checkpoint.safetensors: wanted a safetensors file"],
    [CHECKPOINT_FILE, checkpoint.replace("403", "500"), "it was damaged or edited"],
    [CHECKPOINT_FILE, checkpoint.slice(0, -9), "Cannot read runs/a/checkpoint.safetensors: wanted"],
    ["metrics.jsonl", "", "lines in metrics.jsonl, got 0"],
    ["metrics.jsonl", metrics.replace("{", "?"), "wanted JSON in line 1 of metrics.jsonl"],
  ];
  for (const [file, text, message] of damages) {
    stopped.entries.set(`${PATH}/${file}`, text);
    assertThrows(open, UserError, message);
    stopped.entries.set(CHECKPOINT, checkpoint);
    stopped.entries.set(`${PATH}/metrics.jsonl`, metrics);
  }
  assertEquals(open().run.iteration, loadCheckpoint(stopped, PATH).iteration);
});

Deno.test("a checkpoint of other settings, or that the experiment cannot read, is refused", () => {
  const files = new MemoryDisk(), place = { files, path: PATH };
  begin(files).folder.release();
  assertThrows(
    () => resumeSession(place, standIn, { ...SETTINGS, stepLength: 9 }),
    UserError,
    "wanted the settings it was started with, got others in config.json",
  );
  const failing: Experiment = {
    ...standIn as Experiment,
    resume() {
      throw new TypeError("no such field");
    },
  };
  assertThrows(
    () => resumeSession(place, failing, SETTINGS),
    UserError,
    "wanted a checkpoint of this version, got one that fails: no such field",
  );
  const elsewhere = { ...standIn, resume: standIn.start } as unknown as Experiment;
  train(resumeSession(place, standIn, SETTINGS), testHooks({ stopAtPoll: 3 }));
  assertThrows(
    () => resumeSession(place, elsewhere, SETTINGS),
    UserError,
    "wanted a run at iteration 3, got 0",
  );
});

Deno.test("threads and other resources reach the experiment, at the start and when resumed", () => {
  const files = new MemoryDisk(), seen: unknown[] = [];
  const watched: Experiment = {
    ...standIn as Experiment,
    start: (settings, resources) => (seen.push(resources), standIn.start(settings as never)),
    resume: (settings, state, resources) => (
      seen.push(resources), standIn.resume(settings as never, state as never)
    ),
  };
  const place = { files, path: PATH, resources: { threads: 3 } };
  startSession(place, watched, SETTINGS).folder.release();
  resumeSession(place, watched, SETTINGS);
  assertEquals(seen, [{ threads: 3 }, { threads: 3 }]);
});

Deno.test("a run's threads are ended, however its session ends", () => {
  const endings: string[] = [];
  const close = (name: string) => () => void endings.push(name);
  trainChanged(() => ({ close: close("finished") }));
  trainChanged(() => ({ close: close("stopped") }), { stopAtPoll: 3 });
  const fail = () => {
    throw new TypeError("slip");
  };
  assertThrows(() => trainChanged(() => ({ close: close("failed"), advance: fail })), TypeError);
  assertEquals(endings, ["finished", "stopped", "failed"]);
});

/** The outcome of a run, evaluated in a hundred steps. */
const slowOutcome = (run: Run): Partial<Run> => ({
  outcome(history: readonly Metrics[], onShareDone: OnShareDone = () => {}) {
    for (let step = 0; step < 100; step++) onShareDone(step / 100);
    return run.outcome(history);
  },
});

Deno.test("a long evaluation at the end is shown, can be stopped, and is done when resumed", () => {
  const { files, hooks, ending } = trainChanged(slowOutcome);
  const expected = timeless(uninterrupted(), PATH);
  assertEquals([ending.kind, timeless(files, PATH)], ["finished", expected]);
  const shares = hooks.shown.flatMap(({ evaluatedShare = [] }) => evaluatedShare);
  assertGreater(shares.length, 20);
  assertEquals(shares, shares.toSorted((a, b) => a - b));

  const stopAtPoll = hooks.polls - 100 + 5;
  const stopped = trainChanged(slowOutcome, { stopAtPoll });
  assertEquals(stopped.ending.kind, "stopped");
  assertEquals(stopped.files.kindOf(`${PATH}/result.json`), "nothing");
  resume(stopped.files);
  assertEquals(timeless(stopped.files, PATH), expected);
});

Deno.test("the seconds of earlier sessions are kept, at every stop and in the result", () => {
  const files = new MemoryDisk(), seconds: number[] = [];
  let ending = train(begin(files), testHooks({ stopAtPoll: 40 }));
  while (ending.kind === "stopped") {
    seconds.push(loadCheckpoint(files, PATH).seconds);
    ending = resume(files, 40);
  }
  assert(ending.kind === "finished" && seconds.length > 3);
  seconds.push(ending.result.seconds);
  const gains = seconds.map((total, i) => total - (seconds[i - 1] ?? 0));
  assert(gains.every((gain) => gain > 0.2), `each session takes time: ${gains}`);
});

Deno.test("measurements that were damaged or edited are refused, whatever they say now", () => {
  const files = new MemoryDisk(), file = `${PATH}/metrics.jsonl`;
  train(begin(files), testHooks({ stopAtPoll: 40 }));
  const text = files.readText(file), lines = text.trimEnd().split("\n");
  const replaced = (line: string) => lines.with(2, line).join("\n") + "\n";
  const changed = lines[2].replace('"error":', '"error":1');
  const damages = ["null", "5", "{}", "[]", '"x"', changed].map(replaced);
  for (const damaged of [...damages, lines.toReversed().join("\n") + "\n"]) {
    files.writeText(file, damaged);
    assertThrows(() => resume(files), UserError, "wanted the measurements of this run in metrics");
    assertEquals(files.readText(file), damaged);
  }
  files.writeText(file, text);
  assertEquals(resume(files).kind, "finished");
});

Deno.test("a state that is behind its checkpoint, or ahead of it, is refused", () => {
  const files = new MemoryDisk();
  train(begin(files), testHooks({ stopAtPoll: 5 }));
  const checkpoint = loadCheckpoint(files, PATH);
  for (const step of [-1, 1]) {
    const state = { ...checkpoint.state, iteration: checkpoint.iteration + step };
    files.writeBytes(CHECKPOINT, checkpointToBytes({ ...checkpoint, state }));
    const got = `wanted a run at iteration ${checkpoint.iteration}, got ${
      checkpoint.iteration + step
    }`;
    assertThrows(() => resume(files), UserError, got);
  }
  assertEquals(files.locked.size, 0);
});

Deno.test("a run whose folder cannot be made, or read, ends its threads, and gives the folder up", () => {
  const ended: string[] = [];
  const closing = (name: string): Experiment => {
    const close = (run: Run) => changed(run, { close: () => void ended.push(name) });
    return {
      ...standIn as Experiment,
      start: (settings) => close(standIn.start(settings as never)),
      resume: (settings, state) => close(standIn.resume(settings as never, state as never)),
    };
  };
  const files = new MemoryDisk(), location = { files, path: PATH };
  files.readOnly.push(PATH);
  assertThrows(() => startSession(location, closing("started"), SETTINGS), UserError);
  files.readOnly.pop();
  train(begin(files), testHooks({ stopAtPoll: 5 }));
  files.writeText(`${PATH}/metrics.jsonl`, "");
  assertThrows(() => resumeSession(location, closing("resumed"), SETTINGS), UserError);
  assertEquals([ended, files.locked.size], [["started", "resumed"], 0]);
});

Deno.test("a run has one session at a time", () => {
  const files = new MemoryDisk(), session = begin(files);
  assertThrows(() => resume(files), UserError, `in use by process ${Deno.pid}`);
  train(session, testHooks({ stopAtPoll: 3 }));
  assertEquals(resume(files).kind, "finished");
});

Deno.test("the seconds of a run are those of its training, without the evaluation", () => {
  const secondsOf = (change: (run: Run) => Partial<Run>) => {
    const { ending } = trainChanged(change);
    assert(ending.kind === "finished");
    return ending.result.seconds;
  };
  assertEquals(secondsOf(slowOutcome), secondsOf(() => ({})));
});

Deno.test("a network that answers NaN in its evaluation has diverged", () => {
  const { ending } = trainChanged(() => ({
    outcome() {
      throw new RangeError("Cannot decode: wanted logits, got NaN");
    },
  }));
  assert(ending.kind === "diverged");
  assertEquals(ending.message, "Cannot decode: wanted logits, got NaN at iteration 403");
});

/** The metrics of a run whose clock goes so fast. */
function metricsAtSpeed(tick: number, settings = walkSettings({ iterations: 1003 })): string {
  const files = new MemoryDisk();
  assertEquals(train(begin(files, settings), testHooks({ tick })).kind, "finished");
  return files.readText(`${PATH}/metrics.jsonl`);
}

Deno.test("what is measured is the same however fast the clock goes", () => {
  const slow = metricsAtSpeed(0.01), rows = slow.trimEnd().split("\n");
  assertEquals(rows.length, 1 + 201);
  assertEquals(rows.slice(-2).map((row) => JSON.parse(row).iteration), [1000, 1003]);
  for (const tick of [1, 10, 40, 1000]) assertEquals(metricsAtSpeed(tick), slow);
});

Deno.test("what is measured is what will be read back from JSON", () => {
  const metrics = () => ({ iteration: 0, error: -0, missing: NaN });
  const { hooks } = trainChanged(() => ({ metrics }));
  const [{ metrics: row }] = hooks.shown;
  assert(Object.is(row.error, 0));
  assertEquals(row.missing, null);
});

Deno.test("a checkpoint is saved once a second", () => {
  const saved: number[] = [];
  trainChanged((run) => ({ save: () => void saved.push(run.iteration) }), { tick: 20 });
  // Three or four readings of 20 ms in each of 202 rounds take 12 to 16 seconds.
  assertGreater(saved.length, 10);
  assertLess(saved.length, 18);
});

Deno.test("checkpoints that are slow to write are spaced out", () => {
  let [clock, saves] = [0, 0];
  const session = begin(), hooks = { ...testHooks(), now: () => clock += 20 };
  const run = changed(session.run, { save: () => void (saves++, clock += 500) });
  train({ ...session, run }, hooks);
  assertGreater(saves, 2);
  assertLess(saves, 6);
});

Deno.test("slow iterations are done one at a time, so that a stop takes effect soon", () => {
  const counts: number[] = [];
  trainChanged((run) => ({
    iterations: 100_000,
    advance(count: number) {
      counts.push(count);
      run.advance(count);
    },
  }), { tick: 60, stopAtPoll: 5 });
  assertEquals(counts, [1, 1, 1, 1, 1]);
});

Deno.test("quick iterations are done many at a time, up to the next measurement", () => {
  const counts: number[] = [];
  trainChanged((run) => ({
    iterations: 100_000,
    advance(count: number) {
      counts.push(count);
      run.advance(count);
    },
  }), { tick: 0.01 });
  assertEquals(counts, [1, 2, 4, 8, 16, 32, 64, 128, 500 - 255]);
});

/** A walk whose every iteration has an evaluation of ten steps. */
const inSteps = (wrong?: Error) => (run: Run): Partial<Run> => ({
  advance(count: number, onShareDone: OnShareDone = () => {}) {
    for (; count > 0 && !run.finished; count--) {
      for (let step = 1; step <= 10; step++) onShareDone(step / 10);
      if (wrong) throw wrong;
      run.advance(1);
    }
  },
});

Deno.test("a stop takes effect within a slow iteration, which then does not count", () => {
  const { hooks, run, ending } = trainChanged(inSteps(), { tick: 60, stopAtPoll: 10 + 1 + 5 });
  assertEquals([ending.kind, run.iteration], ["stopped", 1]);
  const shares = hooks.shown.map(({ evaluatedShare }) => evaluatedShare);
  assertEquals(shares.slice(0, 10), [.1, .2, .3, .4, .5, .6, .7, .8, .9, 1]);
  assertEquals(shares.slice(10), [undefined, .1, .2, .3, .4, undefined]);
});

Deno.test("a run stopped within an iteration ends bit for bit as the uninterrupted one", () => {
  const { files } = trainChanged(inSteps(), { stopAtPoll: 100 });
  resume(files);
  assertEquals(timeless(files, PATH), timeless(uninterrupted(), PATH));
});

Deno.test("what is measured is the same with evaluations in between", () => {
  const { files } = trainChanged(inSteps(), { tick: 9 });
  assertEquals(files.readText(`${PATH}/metrics.jsonl`), metricsAtSpeed(1, SETTINGS));
});

Deno.test("an error of NaN or infinity ends the training and names the iteration", () => {
  for (const error of [NaN, Infinity, -Infinity]) {
    const { ending } = trainChanged((run) => ({
      metrics: () => ({ ...run.metrics(), ...(run.iteration >= 17 && { error }) }),
    }));
    assert(ending.kind === "diverged");
    assertEquals(
      ending.message,
      `Cannot train: wanted a finite error, got ${error} at iteration 18`,
    );
  }
});

Deno.test("a RangeError from the mathematics is divergence, any other error is a fault", () => {
  const failing = (error: Error) => () => ({
    advance() {
      throw error;
    },
  });
  for (const failure of [failing, inSteps]) {
    const { ending } = trainChanged(failure(new RangeError("got NaN at 3")));
    assert(ending.kind === "diverged");
    assertEquals(ending.message, "got NaN at 3");
    const slip = assertThrows(() => trainChanged(failure(new TypeError("slip"))), TypeError);
    assertEquals(slip.constructor, TypeError);
  }
});

Deno.test("a run that does not advance is an error, not an endless loop", () => {
  assertThrows(() => trainChanged(() => ({ advance() {} })), Error, "got none");
});
