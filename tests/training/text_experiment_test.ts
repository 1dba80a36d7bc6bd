import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { UserError } from "@/io/user_error.ts";
import { checkpointFromBytes, checkpointToBytes, loadCheckpoint } from "@/runs/checkpoint.ts";
import { type Experiment, type Metrics, type Run, Stopped } from "@/runs/run.ts";
import { resumeSession, startSession } from "@/runs/session.ts";
import { type Ending, train } from "@/runs/train.ts";
import { bitsPerSymbol } from "@/text/text_score.ts";
import { textPlan } from "@/training/text_plan.ts";
import type { TextRunState } from "@/training/text_run.ts";
import { loadTextModel } from "@/weights/text_model.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS } from "@/weights/trained_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { testHooks } from "../runs/hooks.ts";
import { timeless } from "../runs/timeless.ts";
import { assertSame } from "../same.ts";
import { textDisk, tinyTextExperiment, tinyTextSettings } from "./tiny_text.ts";

const PATH = "runs/a";

function begin(files: MemoryDisk, settings = tinyTextSettings(), stopAtPoll?: number): Ending {
  const experiment: Experiment = tinyTextExperiment(files);
  const session = startSession({ files, path: PATH }, experiment, settings);
  return train(session, testHooks({ stopAtPoll }));
}

function resume(files: MemoryDisk, settings = tinyTextSettings()): Ending {
  const experiment: Experiment = tinyTextExperiment(files);
  return train(resumeSession({ files, path: PATH }, experiment, settings), testHooks());
}

/** A state as a checkpoint of it is read back. */
function saved(run: Run<TextRunState>): TextRunState {
  return checkpointFromBytes<TextRunState>(checkpointToBytes(run.state()), "checkpoint");
}

function history(run: Run): Metrics[] {
  const history = [run.metrics()];
  while (!run.finished) {
    run.advance(1);
    history.push(run.metrics());
  }
  return history;
}

Deno.test("a run stopped after any update, or in any step of a validation, ends bit for bit as the whole one", () => {
  const experiment = tinyTextExperiment(), settings = tinyTextSettings({ characters: 150 });
  const whole = experiment.start(settings);
  let steps = 0;
  whole.advance(1000, () => void steps++);
  assertGreater(steps, 40);
  for (let cut = 0; cut <= 10; cut++) {
    const first = experiment.start(settings);
    if (cut > 0) first.advance(cut);
    const second = experiment.resume(settings, saved(first));
    assertEquals([second.iteration, second.metrics()], [cut, first.metrics()]);
    second.advance(1000);
    assertSame(second.state(), whole.state());
  }
  for (let cut = 1; cut <= steps; cut += 7) {
    const first = experiment.start(settings);
    let left = cut;
    const stop = () => {
      if (--left === 0) throw new Stopped();
    };
    assertThrows(() => first.advance(1000, stop), Stopped);
    const state = saved(first), second = experiment.resume(settings, state);
    assertEquals([state.pending, second.iteration], [true, state.trainer.updates - 1]);
    assertEquals([first.iteration, first.finished], [second.iteration, false]);
    for (const run of [first, second]) {
      run.advance(1000);
      assertSame([run.iteration, run.state()], [whole.iteration, whole.state()]);
    }
  }
});

Deno.test("a session that is stopped at any poll and resumed leaves the same files", () => {
  const whole = textDisk();
  assertEquals(begin(whole).kind, "finished");
  for (const stopAtPoll of [1, 3, 20, 60]) {
    const files = textDisk();
    assertEquals(begin(files, tinyTextSettings(), stopAtPoll).kind, "stopped");
    assertEquals(resume(files).kind, "finished");
    assertEquals(timeless(files, PATH), timeless(whole, PATH));
  }
});

Deno.test("validations come at intervals and at the end, and the best network is kept", () => {
  let fell = 0;
  for (let seed = 1; seed <= 5; seed++) {
    const run = tinyTextExperiment().start(tinyTextSettings({ learningRate: 1, seed }));
    const rows = history(run);
    // 15 symbols an update and 60 between two validations.
    const validated = rows.filter((row, i) => row.validation !== rows[i - 1]?.validation);
    assertEquals(validated.map(({ iteration }) => iteration), [0, 4, 8, 12, 16, 20, 24, 28, 30]);
    assertEquals([rows[0].validation, rows[3].validation], [null, null]);
    const bits = validated.slice(1).map(({ validation }) => Number(validation));
    const { best, last } = run.state();
    assertEquals([best.bits, last], [Math.min(...bits), bits.at(-1)]);
    assertEquals(best.updates, validated.slice(1)[bits.indexOf(best.bits)].iteration);
    if (best.bits < Number(last)) fell++;
  }
  assertGreater(fell, 0); // at this rate the last network is not always the best
});

Deno.test("the validation is the bits per symbol of the held-out text, with the state carried", () => {
  const files = textDisk(),
    settings = tinyTextSettings(),
    run = tinyTextExperiment(files).start(settings);
  run.advance(1000);
  const { shape, text: { validation } } = textPlan(settings, files);
  const { best } = run.state(), network = createStepper(shape, best.parameters);
  // 273 symbols are too few for more than one stream.
  assertAlmostEquals(best.bits, bitsPerSymbol(network, shape.symbols, validation), 1e-12);
  assertLess(validation.length, 1000);
});

Deno.test("a run folder has the best and the last weights, with what made them", () => {
  const files = textDisk(),
    settings = tinyTextSettings({ learningRate: 0.2 }),
    ending = begin(files, settings);
  assert(ending.kind === "finished");
  const [best, last] = [BEST_WEIGHTS, LAST_WEIGHTS].map((name) =>
    loadTextModel(files, `${PATH}/${name}`)
  );
  const { state } = loadCheckpoint(files, PATH),
    { best: kept, trainer, text } = state as TextRunState;
  assertSame([best.parameters, last.parameters], [kept.parameters, trainer.parameters]);
  assertEquals(best.metadata.get("text_sha256"), text);
  assertEquals(best.metadata.get("trained_on"), `${15 * kept.updates} characters`);
  assertEquals(last.metadata.get("trained_on"), "450 characters");
  assertEquals(
    best.metadata.get("command"),
    "deno task train --task text --corpus my.txt --hidden 6 --embedding 3 --batch 3 --truncate 5 " +
      "--characters 450 --learning-rate 0.2 --seed 1",
  );
  assertEquals(ending.result.measures, {
    "bits per character": kept.bits,
    perplexity: 2 ** kept.bits,
  });
});

Deno.test("a run is resumed only with the text that it was started with", () => {
  const settings = tinyTextSettings(), run = tinyTextExperiment().start(settings);
  run.advance(2);
  const other = tinyTextExperiment(textDisk("another text ".repeat(20)));
  const { message } = assertThrows(() => other.resume(settings, run.state()), UserError);
  assertMatch(
    message,
    /^Cannot resume the run: wanted my\.txt with the SHA-256 [0-9a-f]{12}…, got the SHA-256 [0-9a-f]{12}…$/,
  );
});

Deno.test("a run is named by its text and its cell", () => {
  const { label } = tinyTextExperiment();
  const labels = ["moby-dick", "my texts/König Lear.utf8.txt", ".txt"].map((corpus) =>
    label!(tinyTextSettings({ corpus, cell: "gru" }))
  );
  assertEquals(labels, ["text-moby-dick-gru", "text-K-nig-Lear-utf8-gru", "text--txt-gru"]);
});
