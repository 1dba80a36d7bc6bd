import { createHash } from "node:crypto";
import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { UserError } from "@/io/user_error.ts";
import { checkpointFromBytes, checkpointToBytes, loadCheckpoint } from "@/runs/checkpoint.ts";
import { type Experiment, type Metrics, type Run, Stopped } from "@/runs/run.ts";
import { resumeSession, startSession } from "@/runs/session.ts";
import { type Ending, train } from "@/runs/train.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import type { TrainingSettings } from "@/training/training_options.ts";
import { type TrainingPlan, trainingPlan } from "@/training/training_plan.ts";
import { sequenceExperiment, sequenceExperimentOn } from "@/training/sequence_experiment.ts";
import {
  resumeSequenceRun,
  type SequenceRunState,
  startSequenceRun,
} from "@/training/sequence_run.ts";
import { sharpenGates } from "@/training/validation.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS, loadTrainedModel } from "@/weights/trained_model.ts";
import { assertSame } from "../same.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { testHooks } from "../runs/hooks.ts";
import { timeless } from "../runs/timeless.ts";
import { averagingPlan, noisyPlan, TINY_SETS, tinySettings } from "./tiny_training.ts";

const PATH = "runs/a";
const tiny = sequenceExperimentOn(TINY_SETS);
const anyTiny: Experiment = tiny;

function history(run: Run, every = 5): Metrics[] {
  const history = [run.metrics()];
  while (!run.finished) {
    run.advance(every);
    history.push(run.metrics());
  }
  return history;
}

function begin(files: MemoryDisk, settings = tinySettings(), stopAtPoll?: number): Ending {
  const session = startSession({ files, path: PATH }, anyTiny, settings);
  return train(session, testHooks({ stopAtPoll }));
}

function resume(files: MemoryDisk, settings = tinySettings()): Ending {
  return train(resumeSession({ files, path: PATH }, anyTiny, settings), testHooks());
}

/** A state as a checkpoint of it is read back. */
function saved(run: Run<SequenceRunState>): SequenceRunState {
  return checkpointFromBytes<SequenceRunState>(checkpointToBytes(run.state()), "checkpoint");
}

/** A callback that throws at its call of this number, counted from 1. */
function stopAt(last: number): () => void {
  return () => {
    if (--last === 0) throw new Stopped();
  };
}

/** How often a callback is called. */
function countCalls(work: (onShareDone: () => void) => void): number {
  let calls = 0;
  work(() => void calls++);
  return calls;
}

Deno.test("a run stopped after any update and resumed ends bit for bit as the whole one", () => {
  const settings = tinySettings({ strings: 120 }), whole = tiny.start(settings);
  whole.advance(1000);
  for (let cut = 0; cut <= 30; cut++) {
    const first = tiny.start(settings);
    if (cut > 0) first.advance(cut);
    const second = tiny.resume(settings, saved(first));
    assertEquals([second.iteration, second.metrics()], [cut, first.metrics()]);
    second.advance(1000);
    assertSame(second.state(), whole.state());
  }
});

Deno.test("a run of before recipes had a budget is resumed, unless its settings have another now", () => {
  const settings = tinySettings({ memory: "stack", strings: 120 }), first = tiny.start(settings);
  first.advance(9);
  const { recipe: { strings: _, ...recipe }, ...state } = saved(first);
  const earlier = { ...state, recipe } as SequenceRunState;
  const resumed = tiny.resume(settings, earlier);
  for (const run of [first, resumed]) run.advance(1000);
  assertSame(resumed.state(), first.state());
  assertThrows(() => tiny.resume({ ...settings, strings: 124 }, saved(first)), UserError);
});

Deno.test("the network that is validated and kept in the end is the mean, with sharpened gates", () => {
  const plan = averagingPlan({ memory: "queue", strings: 96 }),
    run = startSequenceRun(plan, TINY_SETS);
  run.advance(1000);
  const { best, trainer: { average, parameters } } = run.state(), name = "push.weight";
  assertEquals([run.finished, best.strings], [true, 96]);
  assertEquals(best.parameters[name], sharpenGates(average!, plan.recipe.gateGain)[name]);
  assertNotEquals(average![name], parameters[name]);
});

/** Plans whose last phase is never over, is over several times, and is always over. */
const PLANS: Record<string, TrainingPlan> = {
  "the standard recipe": trainingPlan(tinySettings({ strings: 120 })),
  "brief noise phases": noisyPlan({ strings: 120 }),
  "no memory": trainingPlan(tinySettings({ memory: "none", strings: 96 })),
  "copying": trainingPlan(tinySettings({ task: "copy", strings: 96 })),
  "a deque": trainingPlan(tinySettings({ memory: "deque", strings: 64 })),
  "an average": averagingPlan({ memory: "queue", strings: 96 }),
};

for (const [name, plan] of Object.entries(PLANS)) {
  Deno.test(`stopped in any step of a validation, a run ends as the whole one: ${name}`, () => {
    const start = () => startSequenceRun(plan, TINY_SETS), whole = start();
    const steps = countCalls((onShareDone) => whole.advance(1000, onShareDone));
    assertGreater(steps, 40);
    for (let cut = 1; cut <= steps; cut += 5) {
      const first = start();
      assertThrows(() => first.advance(1000, stopAt(cut)), Stopped);
      const state = saved(first), second = resumeSequenceRun(plan, TINY_SETS, state);
      assertEquals([state.pending, second.iteration], [true, state.trainer.updates - 1]);
      assertEquals([first.iteration, first.finished, second.finished], [
        second.iteration,
        false,
        false,
      ]);
      for (const run of [first, second]) {
        run.advance(1000);
        assertSame([run.iteration, run.state()], [whole.iteration, whole.state()]);
      }
    }
  });
}

Deno.test("a validation that is stopped again and again is done once, when it is let be", () => {
  const settings = tinySettings({ strings: 16 }), run = tiny.start(settings);
  for (let cut = 1; cut < 8; cut++) {
    assertThrows(() => run.advance(1000, stopAt(cut)), Stopped);
    assertEquals([run.iteration, run.state().trainer.updates, run.state().last], [3, 4, null]);
  }
  run.advance(1000);
  const whole = tiny.start(settings);
  whole.advance(1000);
  assertSame(run.state(), whole.state());
});

Deno.test("an outcome that is stopped at any step is the same the next time, and after a resume", () => {
  const settings = tinySettings({ strings: 40 }), run = tiny.start(settings);
  const measured = history(run), whole = run.outcome(measured), before = saved(run);
  const steps = countCalls((onShareDone) => run.outcome(measured, onShareDone));
  assertGreater(steps, 20);
  for (let cut = 1; cut <= steps; cut += 3) {
    assertThrows(() => run.outcome(measured, stopAt(cut)), Stopped);
    assertSame(run.state(), before);
    for (const again of [run, tiny.resume(settings, saved(run))]) {
      assertSame(again.outcome(measured), whole);
    }
  }
});

Deno.test("a run stopped at any poll, in a validation or the outcome too, leaves the same folder", () => {
  const whole = new MemoryDisk(), settings = tinySettings({ strings: 64 });
  begin(whole, settings);
  const remains = timeless(whole, PATH);
  let [midway, atOutcome] = [0, 0];
  for (let poll = 1;; poll += 3) {
    const files = new MemoryDisk(), ending = begin(files, settings, poll);
    if (ending.kind === "finished") break;
    const { state, iteration } = loadCheckpoint(files, PATH);
    if ((state as SequenceRunState).pending) midway++;
    if (iteration === 16) atOutcome++;
    assertEquals(resume(files, settings).kind, "finished");
    assertEquals(timeless(files, PATH), remains, `stopped at poll ${poll}`);
  }
  assertGreater(midway, 5);
  assertGreater(atOutcome, 5);
});

Deno.test("a phase after which the network is not right is repeated, to the same bits as ever", () => {
  const plan = noisyPlan({ strings: 160, build: "strict" });
  const run = startSequenceRun(plan, TINY_SETS), validated: number[] = [];
  while (!run.finished) {
    const calls = countCalls((onShareDone) => run.advance(1, onShareDone));
    if (calls > 0) validated.push(run.iteration);
  }
  const { trainer: { parameters, loss, noiseStart } } = run.state();
  assertEquals([run.iteration, loss, noiseStart], [40, 1.3992578112289547, 156]);
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of Object.values(parameters)) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  assertEquals(hash.digest("hex").slice(0, 16), "34662a8df3f32a39");
  // Every 4 updates, and where a phase ends: it takes 5 updates, and begins again with the one after.
  const [regular, ends] = [[4, 8, 12, 16, 20, 24, 28, 32, 36, 40], [8, 14, 20, 26, 32, 38]];
  const wanted = new Set([...regular, ...ends]);
  assertEquals(validated, [...wanted].sort((a, b) => a - b));
});

Deno.test("a run is not resumed with another recipe", () => {
  const run = tiny.start(tinySettings()), { recipe, ...state } = run.state();
  assertEquals(recipe.batch, 4);
  const other = { ...state, recipe: { ...recipe, auxiliaryWeight: 0.5 } };
  const sentence = 'Cannot resume the run: wanted one begun with {"strings":400,"batch":4';
  assertThrows(() => tiny.resume(tinySettings(), other), UserError, sentence);
});

Deno.test("the saved weights are the networks that were validated, with all settings", () => {
  const files = new MemoryDisk(), settings = tinySettings(), ending = begin(files, settings);
  assert(ending.kind === "finished");
  const { run } = resumeSession({ files, path: PATH }, anyTiny, settings);
  const { best, trainer } = run.state() as SequenceRunState;
  const [kept, last] = [BEST_WEIGHTS, LAST_WEIGHTS].map((name) =>
    loadTrainedModel(files, `${PATH}/${name}`)
  );
  for (const { shape, task } of [kept, last]) {
    assertEquals([shape.hidden, shape.memory, task.name], [6, "stack", "reversal"]);
    assertEquals(task.vocabulary.characters, 2);
  }
  assertSame({ ...kept.parameters }, best.parameters);
  assertSame({ ...last.parameters }, trainer.parameters);
  const [validation] = ending.result.summary!.scores;
  const lengths = { shortest: 1, longest: 4 };
  const set = { purpose: "validation", strings: 8, lengths, seed: 1 } as const;
  const { shape, task, parameters, metadata } = kept;
  const { strict } = evaluateNetwork(createStepper(shape, parameters), task, set);
  assertEquals([validation.coarse, validation.fine], [strict.coarse, strict.fine]);
  assertEquals(JSON.parse(metadata.get("settings")!), trainingPlan(settings).settings);
  assertEquals(Number(metadata.get("strings")), best.strings);
});

Deno.test("once the last phase is over, saved and validated networks have sharpened gates", () => {
  const run = startSequenceRun(noisyPlan({ strings: 400 }), TINY_SETS), files = new MemoryDisk();
  files.makeFolder(PATH);
  const isOver = () => {
    const { noiseStart, updates } = run.state().trainer;
    return noiseStart !== null && 4 * updates - noiseStart >= 20;
  };
  while (!isOver()) run.advance(1);
  run.save!(files, PATH);
  const { parameters } = loadTrainedModel(files, `${PATH}/${LAST_WEIGHTS}`);
  const trained = run.state().trainer.parameters;
  assertSame(parameters["pop.weight"], trained["pop.weight"].map((weight) => 2 * weight));
  assertSame(parameters["logits.weight"], trained["logits.weight"]);
});

Deno.test("what is trained does not depend on the test strings, nor on how many there are", () => {
  const settings = tinySettings({ strings: 200 });
  const other = sequenceExperimentOn({
    ...TINY_SETS,
    test: () => [{ strings: 3, lengths: { shortest: 40, longest: 50 } }],
  });
  const [one, two] = [tiny, other].map((experiment) => {
    const run = experiment.start(settings);
    const measured = history(run);
    run.outcome(measured);
    return { state: run.state(), measured };
  });
  assertSame(one, two);
});

Deno.test("metrics count strings, and give loss, scores, noise and controls", () => {
  const run = tiny.start(tinySettings({ strings: 40 }));
  const [first, second] = history(run);
  assertEquals([first.strings, second.strings, second.iteration], [0, 20, 5]);
  const names = "iteration error strings coarse fine noise";
  assertEquals(Object.keys(first).join(" "), names);
  assertEquals(Object.keys(second).join(" "), `${names} live readPush readPop writePush writePop`);
  assertEquals(run.labels?.unit, "strings");
});

Deno.test("a run begins without a validation; the first network that is validated becomes the best", () => {
  const none = { ...TINY_SETS, validated: 0 }; // a validation would be refused
  const run = sequenceExperimentOn(none).start(tinySettings());
  const { last, best } = run.state();
  assertEquals([last, best.strings, best.coarse], [null, 0, 0]);
  assertEquals([run.metrics().coarse, run.metrics().fine], [null, null]);
  const other = tiny.start(tinySettings({ strings: 16 }));
  other.advance(1000);
  assertEquals(other.state().best.strings, 16);
});

Deno.test("the outcome is a line for each set, a success only if every string is right", () => {
  const run = tiny.start(tinySettings({ strings: 40 }));
  const { lines, success, summary, figures } = run.outcome(history(run));
  const table = lines.slice(0, -2).map((line) => line.trim().split(/\s+/)[0]);
  assertEquals(table, ["strings", "validation", "test"]);
  assertEquals([success, summary?.strings, summary?.scores.length], [false, 40, 2]);
  assertEquals(summary?.scores[1].lengths, "12");
  assertEquals(figures.length, 5);
});

Deno.test("a small network learns to reverse strings longer than any it has seen, and stops early", () => {
  const settings = tinySettings({
    hidden: 16,
    valueWidth: 8,
    embedding: 8,
    lengths: "2..8",
    strings: 15_000,
  });
  const run = tiny.start(settings);
  const outcome = run.outcome(history(run, 100));
  assert(outcome.success, outcome.lines.join("\n"));
  assertGreater(run.iterations, run.iteration);
});

Deno.test("without a memory it trains as well, to the end of its budget, and draws no controls", () => {
  for (const cell of ["lstm", "rnn"] as const) {
    const run = tiny.start(tinySettings({ memory: "none", cell, strings: 100, batch: 10 }));
    const measured = history(run);
    assertEquals([run.iteration, measured.at(-1)?.live], [10, undefined]);
    assertEquals(run.outcome(measured).figures.length, 2);
  }
});

Deno.test("a run's label is its task and its memory", () => {
  const label = (changes: Partial<TrainingSettings>) => tiny.label!(tinySettings(changes));
  const labels = [label({}), label({ task: "copy" }), label({ task: "copy", memory: "none" })];
  assertEquals(labels, ["reversal-stack", "copy-queue", "copy-none"]);
  assertEquals([sequenceExperiment.name, tiny.name], ["sequence", "sequence"]);
});

Deno.test("numbers that diverge end the run with the update's number; the best weights stay good", () => {
  const files = new MemoryDisk();
  const settings = tinySettings({ optimizer: "sgd", learningRate: 1e38, clip: 1e38 });
  const ending = begin(files, settings);
  assert(ending.kind === "diverged");
  assertMatch(ending.message, /^Cannot train: wanted .+, got .+ update \d+$/);
  const { parameters } = loadTrainedModel(files, `${PATH}/${BEST_WEIGHTS}`);
  assert(Object.values(parameters).every((tensor) => tensor.every(Number.isFinite)));
  resumeSession({ files, path: PATH }, anyTiny, settings);
});

Deno.test("a disk that fills up costs neither the checkpoint nor the weights that were there", () => {
  const files = new MemoryDisk();
  begin(files, tinySettings(), 200);
  const lasting = () => files.snapshot().filter(([path]) => !/\.tmp$|metrics\.jsonl$/.test(path));
  const before = lasting();
  files.room = 0;
  assertThrows(() => resume(files), Error, "No space left");
  files.room = Infinity;
  assertEquals(lasting(), before);
  const whole = new MemoryDisk();
  begin(whole);
  resume(files);
  assertEquals(timeless(files, PATH), timeless(whole, PATH));
});

Deno.test("a network without room is refused with the options that make it smaller", () => {
  const settings = tinySettings({ hidden: 4096, layers: 64 });
  const { message } = assertThrows(() => sequenceExperiment.start(settings), UserError);
  assertMatch(
    message,
    /^Cannot train: wanted a smaller --hidden, .* or --lengths, got settings that fail: .* MiB of/,
  );
});
