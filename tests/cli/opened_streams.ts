/** Trains every experiment a little, and prints as JSON which streams of random numbers each of them opens. */
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { defaultsOf } from "@/options/settings.ts";
import type { Run } from "@/runs/run.ts";
import { runTrial } from "@/studies/autoencoder_study.ts";
import { createCurveTraining } from "@/studies/learning_curves_study.ts";
import { startSequenceRun } from "@/training/sequence_run.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { PUBLISHED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
import { countRightAnswers, trainLearner } from "@/tutorial/remembering_a_symbol.ts";
import { watchTraining } from "@/tutorial/watched_training.ts";
import { noisyPlan, TINY_SETS, tinySettings } from "../training/tiny_training.ts";
import { opened } from "./recording_tychei.ts";

function finish(run: Run): void {
  const history = [run.metrics()];
  for (let n = 0; n < 5 && !run.finished; n++) {
    run.advance(20);
    history.push(run.metrics());
  }
  run.outcome(history);
}

/** A string of one character is soon learned, so that longer ones are asked for. */
const EASY = { symbols: 1, lengths: "1..1" };
/** At the last level from the start, so that success is asked for. */
const SHORTEST = { ...PUBLISHED_AUTOENCODER.curriculum, lastLevel: 1, firstLevel: 1 };

const runs: Record<string, () => void> = {
  "sequence": () => finish(startSequenceRun(noisyPlan(), TINY_SETS)),
  "sequence, soon learned": () => finish(startSequenceRun(noisyPlan(EASY), TINY_SETS)),
  "sequence without a memory": () =>
    finish(startSequenceRun(trainingPlan(tinySettings({ memory: "none" })), TINY_SETS)),
  "learning curve": () => {
    const curve = createCurveTraining({
      name: "",
      settings: tinySettings(),
      every: 4,
      examined: 2,
    });
    curve.next();
    curve.next();
  },
  "watched training": () => watchTraining(noisyPlan()).learnUntil(200),
  "remembering a symbol": () => {
    const learner = trainLearner({ name: "vanilla", cell: "rnn" }, 1, 1, { budget: 2 });
    countRightAnswers(learner, 1);
  },
  "trial of an autoencoder": () =>
    void runTrial({ ...PUBLISHED_AUTOENCODER, curriculum: SHORTEST }, 1, 1000),
};
/** So few images that a captioner is done, and scored, at the end. */
const FEW = { images: 80 };
for (const { name, options, start } of EXPERIMENTS.slice(1)) {
  const few = name === "captions" ? FEW : {};
  runs[name] = () => finish(start({ ...defaultsOf(options), ...few, seed: 1 }));
}
const found = Object.entries(runs).map(([name, run]) => {
  opened.length = 0;
  run();
  return [name, [...opened]];
});
// deno-lint-ignore no-console -- it is a program of its own
console.log(JSON.stringify(Object.fromEntries(found)));
