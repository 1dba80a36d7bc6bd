import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { UserError } from "@/io/user_error.ts";
import { fromExactJson, toExactJson } from "@/training/exact_json.ts";
import type { Experiment, Metrics, Run } from "@/runs/run.ts";
import { stringReversalOn } from "@/training/sequence_experiment.ts";
import { evaluateNetwork } from "@/training/evaluation.ts";
import type { SequenceRunState } from "@/training/sequence_run.ts";
import { beginSession, type Ending, resumeSession, train } from "@/runs/train.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS, loadTrainedModel } from "@/weights/model_file.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { TINY_SETS, tinySettings } from "./tiny_training.ts";
import { testWatch } from "../runs/watch.ts";

const PATH = "runs/a";
const tiny = stringReversalOn(TINY_SETS);
const anyTiny: Experiment = tiny;

function history(run: Run, every = 5): Metrics[] {
  const history = [run.metrics()];
  while (!run.finished) {
    run.advance(every);
    history.push(run.metrics());
  }
  return history;
}

function begin(files: MemoryDisk, settings = tinySettings()): Promise<Ending> {
  return train(beginSession(files, PATH, anyTiny, settings), testWatch());
}

function resume(files: MemoryDisk, settings = tinySettings(), stopAfter?: number): Promise<Ending> {
  return train(resumeSession(files, PATH, anyTiny, settings), testWatch(stopAfter));
}

/** All that must be the same however often a run was cut off. */
function remains(files: MemoryDisk): Record<string, unknown> {
  const { seconds: _, ...result } = JSON.parse(files.readText(`${PATH}/result.json`));
  const checkpoint = files.readText(`${PATH}/checkpoint.json`);
  const texts = ["metrics.jsonl", BEST_WEIGHTS, LAST_WEIGHTS].map((name) =>
    files.readText(`${PATH}/${name}`)
  );
  return { result, texts, state: checkpoint.slice(checkpoint.indexOf('"state"')) };
}

Deno.test("a run cut off after any update and resumed through JSON ends bit for bit as the whole one", () => {
  const settings = tinySettings({ strings: 120 }), whole = tiny.start(settings);
  whole.advance(1000);
  for (let cut = 0; cut <= 30; cut++) {
    const first = tiny.start(settings);
    first.advance(cut);
    const kept = fromExactJson(toExactJson(first.state())) as SequenceRunState;
    const second = tiny.resume(settings, kept);
    assertEquals([second.iteration, second.metrics()], [cut, first.metrics()]);
    second.advance(1000);
    assertEquals(second.state(), whole.state());
  }
});

Deno.test("a run left at any step of an examination and resumed through JSON ends bit for bit as the whole one", () => {
  const settings = tinySettings({ strings: 120 }), whole = tiny.start(settings);
  const steps = [...whole.advanceSteps!(1000)].length;
  assertGreater(steps, 8 * 6); // 7 examinations of 4 symbols, at least
  for (let cut = 1; cut <= steps; cut += 5) {
    const first = tiny.start(settings), left = first.advanceSteps!(1000);
    for (let step = 0; step < cut; step++) left.next();
    const kept = fromExactJson(toExactJson(first.state())) as SequenceRunState;
    const second = tiny.resume(settings, kept);
    assertEquals([kept.examining, second.iteration], [true, kept.training.updates - 1]);
    assertEquals([first.iteration, first.finished, second.finished], [
      second.iteration,
      false,
      false,
    ]);
    second.advance(1000);
    assertEquals([second.iteration, second.state()], [whole.iteration, whole.state()]);
  }
});

Deno.test("a Ctrl-C is heard in the middle of an examination, and what is resumed leaves the same folder", async () => {
  const whole = new MemoryDisk(), settings = tinySettings({ strings: 64 });
  await begin(whole, settings);
  let midway = 0;
  for (let pauses = 1;; pauses += 3) {
    const files = new MemoryDisk(), watch = testWatch(pauses);
    const ending = await train(beginSession(files, PATH, anyTiny, settings), watch);
    if (ending.kind === "finished") break;
    if (/"examining":true/.test(files.readText(`${PATH}/checkpoint.json`))) midway++;
    await resume(files, settings);
    assertEquals(remains(files), remains(whole), `stopped after ${pauses} pauses`);
  }
  assertGreater(midway, 5);
});

Deno.test("a run of an earlier version, which does not say where its examination is, goes on", () => {
  const settings = tinySettings({ strings: 40 }), first = tiny.start(settings);
  first.advance(4);
  const { examining: _, ...kept } = first.state();
  const second = tiny.resume(settings, kept as SequenceRunState);
  assertEquals(second.state(), first.state());
});

Deno.test("a run is not gone on with by another recipe", () => {
  const run = tiny.start(tinySettings()), { recipe, ...state } = run.state();
  assertEquals(recipe.batch, 4);
  const other = { ...state, recipe: { ...recipe, auxiliaryWeight: 0.5 } };
  const sentence = 'Cannot go on with the run: wanted one begun with {"batch":4';
  assertThrows(() => tiny.resume(tinySettings(), other), UserError, sentence);
});

Deno.test("the saved weights are the networks that were examined, configuration included", async () => {
  const files = new MemoryDisk(), settings = tinySettings();
  const ending = await begin(files, settings);
  assert(ending.kind === "finished");
  const { best } = beginsWhereItEnded(files);
  for (const name of [BEST_WEIGHTS, LAST_WEIGHTS]) {
    const { shape, symbols, parameters } = loadTrainedModel(files, `${PATH}/${name}`);
    assertEquals([shape.hidden, shape.memory, symbols.characters], [6, "stack", 2]);
    if (name === BEST_WEIGHTS) assertEquals({ ...parameters }, best.parameters);
  }
  const { shape, symbols, parameters } = loadTrainedModel(files, `${PATH}/${BEST_WEIGHTS}`);
  const [validation] = ending.result.summary!.scores;
  const lengths = { shortest: 1, longest: 4 };
  const set = { purpose: "validation", strings: 8, lengths, seed: 1 } as const;
  const { strict } = evaluateNetwork(createStepper(shape, parameters), symbols, set);
  assertEquals([validation.coarse, validation.fine], [strict.coarse, strict.fine]);
  assertMatch(
    files.readText(`${PATH}/${BEST_WEIGHTS}`),
    /"settings":"\{\\"model\\":\\"lstm\+stack/,
  );

  function beginsWhereItEnded(files: MemoryDisk): SequenceRunState {
    return resumeSession(files, PATH, anyTiny, settings).run.state() as SequenceRunState;
  }
});

Deno.test("what is trained does not depend on the test strings, nor on how many there are", () => {
  const settings = tinySettings({ strings: 200 });
  const other = stringReversalOn({
    ...TINY_SETS,
    last: () => [{ purpose: "test", strings: 3, lengths: { shortest: 40, longest: 50 } }],
  });
  const [one, two] = [tiny, other].map((experiment) => {
    const run = experiment.start(settings);
    const measured = history(run);
    run.outcome(measured);
    return { state: run.state(), measured };
  });
  assertEquals(one, two);
});

Deno.test("metrics count strings, and tell loss, scores, noise and controls", () => {
  const run = tiny.start(tinySettings({ strings: 40 }));
  const [first, second] = history(run);
  assertEquals([first.strings, second.strings, second.iteration], [0, 20, 5]);
  const names = "iteration error strings coarse fine noise";
  assertEquals(Object.keys(first).join(" "), names);
  assertEquals(Object.keys(second).join(" "), `${names} live readPush readPop writePush writePop`);
  assertEquals(run.words?.unit, "strings");
});

Deno.test("a run begins at once, with a network that nobody has examined: the first that is takes its place", () => {
  const unaskable = { ...TINY_SETS, examined: 0 }; // to examine it would be refused
  const run = stringReversalOn(unaskable).start(tinySettings());
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
  assertEquals(lines.map((line) => line.trim().split(/\s+/)[0]), ["strings", "validation", "test"]);
  assertEquals([success, summary?.strings, summary?.scores.length], [false, 40, 2]);
  assertEquals(summary?.scores[1].lengths, "12");
  assertEquals(figures.length, 5);
});

Deno.test("a small network learns to reverse strings longer than any it has seen, and stops early", () => {
  const settings = tinySettings({
    hidden: 16,
    stackWidth: 8,
    embedding: 8,
    lengths: "2..8",
    strings: 15_000,
  });
  const run = tiny.start(settings);
  const outcome = run.outcome(history(run, 100));
  assert(outcome.success, outcome.lines.join("\n"));
  assertGreater(run.iterations, run.iteration);
});

Deno.test("without a stack it trains as well, to the end of its budget, and draws no controls", () => {
  for (const model of ["lstm", "rnn"] as const) {
    const run = tiny.start(tinySettings({ model, strings: 100, batch: 10 }));
    const measured = history(run);
    assertEquals([run.iteration, measured.at(-1)?.live], [10, undefined]);
    assertEquals(run.outcome(measured).figures.length, 2);
  }
});

Deno.test("numbers that explode end the run with the update's number; the best weights stay good", async () => {
  const files = new MemoryDisk();
  const settings = tinySettings({ optimizer: "sgd", learningRate: 1e38, clip: 1e38 });
  const ending = await begin(files, settings);
  assert(ending.kind === "diverged");
  assertMatch(ending.message, /^Cannot go on training: wanted .+, got .+ update \d+$/);
  const { parameters } = loadTrainedModel(files, `${PATH}/${BEST_WEIGHTS}`);
  assert(Object.values(parameters).every((tensor) => tensor.every(Number.isFinite)));
  resumeSession(files, PATH, anyTiny, settings);
});

Deno.test("a disk that fills up costs neither the checkpoint nor the weights that were there", async () => {
  const files = new MemoryDisk(), settings = tinySettings();
  await train(beginSession(files, PATH, anyTiny, settings), testWatch(9));
  const before = files.snapshot().filter(([path]) => !path.endsWith(".tmp"));
  files.room = 0;
  await assertRejects(() => resume(files), Error, "No space left");
  files.room = Infinity;
  const after = files.snapshot().filter(([path]) => !path.endsWith(".tmp"));
  const lasting = (snapshot: typeof before) =>
    snapshot.filter(([path]) => !path.endsWith("metrics.jsonl"));
  assertEquals(lasting(after), lasting(before));
  const whole = new MemoryDisk();
  await begin(whole);
  await resume(files);
  assertEquals(remains(files), remains(whole));
});
