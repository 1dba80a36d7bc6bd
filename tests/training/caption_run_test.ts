import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { createCaptionerEngine } from "@/engine/captioner_engine.ts";
import { UserError } from "@/io/user_error.ts";
import { mean } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { captionerGradient, initialCaptioner, readImage } from "@/models/captioner.ts";
import { writeGreedily } from "@/models/greedy_writing.ts";
import type { NamedTensors } from "@/models/named_tensors.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import { type Run, Stopped } from "@/runs/run.ts";
import {
  CAPTION_VOCABULARY,
  drawDescribedScene,
  firstDrawings,
  layOutCaption,
  openDrawings,
} from "@/tasks/drawn_shapes.ts";
import { strictScores } from "@/tasks/scores.ts";
import { captionCommand, captionPlan, optimizerAfter } from "@/training/caption_plan.ts";
import { captionBatch, scoreTestImages } from "@/training/caption_run.ts";
import { MOST_SYMBOLS, scoreCaptions } from "@/training/caption_scores.ts";
import type { ValidatedRunState } from "@/training/validated_run.ts";
import { BEST_WEIGHTS, LAST_WEIGHTS } from "@/weights/trained_model.ts";
import { loadCaptioner } from "@/weights/caption_model.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { assertSame } from "../same.ts";
import { TINY_CAPTION_SETS, tinyCaptionExperiment, tinyCaptionSettings } from "./tiny_captions.ts";

const KINDS = [{}, { architecture: "encoder-decoder" } as const];

/** A state as a checkpoint of it is read back. */
function saved(run: Run<ValidatedRunState>): ValidatedRunState {
  return checkpointFromBytes<ValidatedRunState>(checkpointToBytes(run.state()), "checkpoint");
}

function asFloat64(parameters: Readonly<Record<string, Float32Array>>): NamedTensors {
  const tensors = Object.entries(parameters);
  return Object.fromEntries(tensors.map(([name, x]) => [name, Float64Array.from(x)]));
}

Deno.test("a run stopped after any update, or in a validation, ends bit for bit as the whole one", () => {
  for (const kind of KINDS) {
    const experiment = tinyCaptionExperiment(), settings = tinyCaptionSettings(kind);
    const whole = experiment.start(settings);
    whole.advance(1000);
    assertEquals([whole.iteration, whole.finished], [5, true]);
    for (let cut = 0; cut <= 4; cut++) {
      const first = experiment.start(settings);
      if (cut > 0) first.advance(cut);
      const second = experiment.resume(settings, saved(first));
      second.advance(1000);
      assertSame(second.state(), whole.state());
    }
    const first = experiment.start(settings),
      stop = () => {
        throw new Stopped();
      };
    assertThrows(() => first.advance(1000, stop), Stopped);
    const state = saved(first), second = experiment.resume(settings, state);
    assertEquals([state.pending, second.iteration], [true, 1]);
    second.advance(1000);
    assertSame(second.state(), whole.state());
  }
});

Deno.test("the first loss is the reference's, of images from the training stream of the seed", () => {
  for (const kind of KINDS) {
    const settings = tinyCaptionSettings({ ...kind, images: 4, seed: 3 });
    const run = tinyCaptionExperiment().start(settings), { shape } = captionPlan(settings);
    const parameters = asFloat64(run.state().trainer.parameters);
    const random = openDrawings(3, "training");
    const scenes = [1, 2, 3, 4].map(() => drawDescribedScene(random));
    const { loss } = captionerGradient(shape, parameters, captionBatch(scenes));
    run.advance(1);
    const kept = Math.exp(-4 / 2000), before = Math.log(CAPTION_VOCABULARY.size);
    assertAlmostEquals(run.state().trainer.loss, kept * before + (1 - kept) * loss, 1e-5);
  }
});

Deno.test("the validation is the exact match and the prefix accuracy of the reference's greedy captions", () => {
  for (const kind of KINDS) {
    const settings = tinyCaptionSettings({ ...kind, images: 2000, batch: 20, hidden: 12, seed: 2 });
    const run = tinyCaptionExperiment().start(settings), { shape } = captionPlan(settings);
    run.advance(1000);
    const { last, trainer } = run.state(), scenes = firstDrawings(2, "validation", 3);
    const captions = scenes.map(({ image }) =>
      writeGreedily(
        readImage(shape, asFloat64(trainer.parameters), image),
        CAPTION_VOCABULARY,
        MOST_SYMBOLS,
      ).symbols
    );
    const { coarse, fine } = strictScores(
      captions,
      scenes.map(({ caption }) => layOutCaption(caption).targets),
    );
    assertEquals([last!.coarse, last!.fine], [coarse, fine]);
    assert(fine > 0);
  }
});

Deno.test("training lowers the loss; the best network and the last are saved with their command", () => {
  const settings = tinyCaptionSettings({ images: 4000, batch: 20, hidden: 16 });
  const run = tinyCaptionExperiment().start(settings), files = new MemoryDisk();
  const before = Number(run.metrics().error);
  run.advance(1000);
  assertLess(Number(run.metrics().error), 0.7 * before);
  files.makeFolder("run");
  run.save?.(files, "run");
  const { best, trainer } = run.state();
  for (
    const [name, parameters, images] of [
      [BEST_WEIGHTS, best.parameters, best.strings],
      [LAST_WEIGHTS, trainer.parameters, 4000],
    ] as const
  ) {
    const model = loadCaptioner(files, `run/${name}`);
    assertSame(model.parameters, parameters);
    assertEquals(model.metadata.get("images"), String(images));
    assertEquals(
      model.metadata.get("command"),
      "deno task train --task captions --architecture attention --hidden 16 --embedding 3 " +
        "--images 4000 --batch 20 --seed 1",
    );
  }
});

Deno.test("the look at a word is the reference's α of the step that writes it, up to the first mistake", () => {
  const { shape } = captionPlan(tinyCaptionSettings({ hidden: 12 }));
  const settings = tinyCaptionSettings({ images: 3000, batch: 20, hidden: 12 });
  const run = tinyCaptionExperiment().start(settings);
  run.advance(1000);
  const { parameters } = run.state().trainer, engine = createCaptionerEngine(shape);
  engine.setParameters(parameters);
  const scenes = firstDrawings(5, "test", 40), { cellShares } = scoreCaptions(engine, scenes);
  const looks: Record<string, number[]> = { article: [], colour: [], kind: [] };
  for (const { image, caption } of scenes) {
    const feed = readImage(shape, asFloat64(parameters), image);
    const { symbols, steps } = writeGreedily(feed, CAPTION_VOCABULARY, MOST_SYMBOLS);
    for (const [t, word] of caption.words.entries()) {
      if (symbols[t] !== word) break;
      const name = CAPTION_VOCABULARY.words![word], place = caption.places[t];
      if (place < 0) continue;
      const role = name === "a" ? "article" : /red|green|blue/.test(name) ? "colour" : "kind";
      looks[role].push(steps[t].attention!.weights[place]);
    }
  }
  for (const [role, shares] of Object.entries(looks)) {
    assertAlmostEquals(cellShares![role as keyof typeof cellShares], mean(shares), 1e-5, role);
  }
  const [own, others] = scoreTestImages(engine, 5, 40).map(({ scores }) => scores.fine);
  const unseen = firstDrawings(5, "test", 40, "a held-out combination");
  assertEquals(own, scoreCaptions(engine, scenes).scores.fine);
  assertEquals(others, scoreCaptions(engine, unseen).scores.fine);
  assertNotEquals(own, others);
});

Deno.test("scores of test images are of the seed's stream, one kind after the other", () => {
  const { shape } = captionPlan(tinyCaptionSettings({ architecture: "encoder-decoder" }));
  const engine = createCaptionerEngine(shape);
  engine.setParameters(initialCaptioner(shape, seededRandom(1)));
  const shares: number[] = [];
  const sets = scoreTestImages(engine, 7, 5, (share) => shares.push(share));
  assertEquals(sets.map(({ scores: { purpose, strings } }) => [purpose, strings]), [
    ["test", 5],
    ["held-out combinations", 5],
  ]);
  assertEquals(shares, [0.5, 1]);
  assertEquals(sets.map(({ cellShares }) => cellShares), [undefined, undefined]);
});

Deno.test("the outcome has both scores, and with attention where the network looked", () => {
  for (const kind of KINDS) {
    const run = tinyCaptionExperiment().start(tinyCaptionSettings(kind)), history = [run.metrics()];
    while (!run.finished) {
      run.advance(1);
      history.push(run.metrics());
    }
    const { summary, success, figures, lines } = run.outcome(history);
    assertEquals(summary!.scores.map(({ strings }) => strings), [4, 4]);
    assertEquals([summary!.strings, success, figures.length], [20, false, 2]);
    assert(/^ +images +length +coarse +fine$/.test(lines[0]), lines[0]);
    run.close?.();
  }
});

Deno.test("the rate is constant for half of the updates, then falls in a straight line", () => {
  const plan = captionPlan(tinyCaptionSettings({ images: 40, learningRate: 0.5 }));
  const rates = [0, 4, 5, 6, 9].map((updates) => optimizerAfter(plan, updates).rate);
  assertEquals(rates.map((rate) => Number(rate.toFixed(9))), [0.5, 0.5, 0.5, 0.4, 0.1]);
});

Deno.test("settings that contradict each other are refused in one sentence", () => {
  const refuse = (changes: Parameters<typeof tinyCaptionSettings>[0], message: string) =>
    assertThrows(() => captionPlan(tinyCaptionSettings(changes)), UserError, message);
  refuse({ images: 3 }, "Cannot train: wanted --images of at least --batch 4, got 3");
  refuse({ cell: "gru", forgetBias: 2 }, "wanted --cell lstm for --forget-bias, got --cell gru");
  refuse(
    { architecture: "encoder-decoder", attention: "dot-product" },
    "wanted --architecture attention for --attention, got --architecture encoder-decoder",
  );
  const { settings } = captionPlan(tinyCaptionSettings({ attention: "dot-product", cell: "gru" }));
  assertEquals(captionPlan(settings).settings, settings);
  assert(captionCommand(settings).includes("--attention dot-product --cell gru"));
  assertEquals(TINY_CAPTION_SETS.every, 8);
});
