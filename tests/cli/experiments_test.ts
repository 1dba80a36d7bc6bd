import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXPERIMENTS } from "@/cli/experiments.ts";
import { trainCommand } from "@/cli/train.ts";
import { UserError } from "@/io/user_error.ts";
import type { Option } from "@/options/option.ts";
import { flagOf, type Settings } from "@/options/settings.ts";
import type { Experiment } from "@/runs/run.ts";
import { captionExperiment } from "@/training/caption_experiment.ts";
import type { CaptionSettings } from "@/training/caption_options.ts";
import { captionPlan } from "@/training/caption_plan.ts";
import { encoderDecoderExperiment } from "@/training/encoder_decoder_experiment.ts";
import type { EncoderDecoderSettings } from "@/training/encoder_decoder_options.ts";
import { encoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
import { sequenceExperiment } from "@/training/sequence_experiment.ts";
import { textExperiment } from "@/training/text_experiment.ts";
import type { TextSettings } from "@/training/text_options.ts";
import { resolveTextSettings, textPlan } from "@/training/text_plan.ts";
import type { TrainingSettings } from "@/training/training_options.ts";
import { trainingPlan } from "@/training/training_plan.ts";
import { MemoryDisk } from "../io/memory_disk.ts";
import { timeless } from "../runs/timeless.ts";
import { textDisk } from "../training/tiny_text.ts";
import { type Circumstances, memoryHost } from "./memory_host.ts";

/** What keeps a run short; the sequence run has tests of its own. */
const SHORT: Record<string, readonly string[]> = {
  "text": "--hidden 3 --embedding 2 --batch 2 --truncate 5 --characters 300".split(" "),
  "encoder-decoder": "--hidden 3 --embedding 2 --symbols 2 --lengths 1..3 --strings 128".split(" "),
  "captions": "--hidden 3 --embedding 2 --images 64".split(" "),
  "learn-to-push": ["--iterations", "30", "--starts", "1"],
  "learn-to-pop": ["--iterations", "30", "--starts", "1"],
  "steered": ["--iterations", "30"],
  "binary-addition": ["--iterations", "30"],
  "rnn-controller": ["--iterations", "30"],
  "autoencoder": ["--iterations", "30"],
};

async function train(line: readonly string[], circumstances: Circumstances) {
  const host = memoryHost({ ...circumstances, experiments: EXPERIMENTS });
  return { code: await trainCommand(line, host), host };
}

/** Trains in one go, and again with a stop in between. */
async function trainAndResume({ name }: Experiment): Promise<void> {
  const whole = new MemoryDisk(), files = new MemoryDisk();
  const line = ["--experiment", name, ...SHORT[name], "--run-folder", "a"];
  const { code, host } = await train(line, { files: whole });
  assertEquals(code, 0, host.noted.join("\n"));
  assertStringIncludes(whole.readText("a/report.html"), "<svg></svg>");
  assert(host.printed.length > 3);
  const stopped = await train(line, { files, stopAtReading: 40 });
  assertEquals(stopped.code, 130);
  assertEquals((await train(["--resume", "a"], { files })).code, 0);
  assertEquals(timeless(files, "a"), timeless(whole, "a"));
}

for (const experiment of EXPERIMENTS.slice(1)) {
  Deno.test(`${experiment.name}: trains, stops and resumes by the command`, () =>
    trainAndResume(experiment));
}

Deno.test("the sequence run is the default, and every other experiment is trained above", () => {
  assertEquals(EXPERIMENTS.map(({ name }) => name), ["sequence", ...Object.keys(SHORT)]);
});

/** The values at the bounds that the error of an option names. */
function extremesOf({ kind, wanted, convert }: Option): unknown[] {
  const range = /(?:from|of at least|above) (\S+) (?:to|and at most) (\S+)/.exec(wanted);
  if (kind === "choice") return wanted.split(/, | or /);
  if (range === null) return kind === "flag" ? [true] : [];
  const [, low, high] = range;
  return [wanted.startsWith("a number above") ? "1e-300" : low, high].map(convert);
}

/** A text that is long enough for the defaults. */
const TEXT = textDisk("a whale ".repeat(1000));

/** Starts an experiment; runs on tasks, on text and on images are only planned, because their largest networks take gigabytes. */
function start(experiment: Experiment, settings: Settings): void {
  if (experiment.name === sequenceExperiment.name) trainingPlan(settings as TrainingSettings);
  else if (experiment.name === textExperiment.name) {
    textPlan(resolveTextSettings({ ...settings as TextSettings, corpus: "my.txt" }), TEXT);
  } else if (experiment.name === encoderDecoderExperiment.name) {
    encoderDecoderPlan(settings as EncoderDecoderSettings);
  } else if (experiment.name === captionExperiment.name) {
    captionPlan(settings as CaptionSettings);
  } else experiment.start(settings).close?.();
}

Deno.test("at the bounds of each option an experiment starts, or its error names the option", () => {
  for (const experiment of EXPERIMENTS) {
    const defaults = Object.entries(experiment.options).map(([name, option]) =>
      [name, option.default] as const
    );
    for (const [name, option] of Object.entries(experiment.options)) {
      for (const value of extremesOf(option)) {
        const settings = { ...Object.fromEntries(defaults), seed: 1, [name]: value } as Settings;
        try {
          start(experiment, settings);
        } catch (error) {
          assert(error instanceof UserError, `${name} ${value}: ${error}`);
          const named = error.message.split(/[ ,()]/).includes(flagOf(name));
          assert(named, `${flagOf(name)} ${value}: ${error.message}`);
        }
      }
    }
  }
});
