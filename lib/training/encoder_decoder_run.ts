/**
 * A training of an encoder–decoder as a run: how it is validated, saved and scored.
 *
 * @module
 */
import {
  createEncoderDecoderEngine,
  type EncoderDecoderEngine,
} from "@/engine/encoder_decoder_engine.ts";
import type { Tensors } from "@/engine/engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import type { Resources, Run } from "@/runs/run.ts";
import { testLengths } from "@/tasks/task.ts";
import { saveEncoderDecoder } from "@/weights/encoder_decoder_model.ts";
import type { BatchTrainer } from "./batch_trainer.ts";
import { encoderDecoderCommand, type EncoderDecoderPlan } from "./encoder_decoder_plan.ts";
import {
  resumeEncoderDecoderTrainer,
  startEncoderDecoderTrainer,
} from "./encoder_decoder_trainer.ts";
import { evaluateNetwork, type EvaluateSet } from "./evaluation.ts";
import { scoredOutcome } from "./outcome.ts";
import { validatedRun, type ValidatedRunState, type ValidatedTraining } from "./validated_run.ts";
import { finalSets, validate, type ValidationSets } from "./validation.ts";

/** All that a run remembers. */
export type EncoderDecoderRunState = ValidatedRunState;

/** The sets of `deno task train`: tests as long as the training strings, and beyond. */
export const STANDARD_PAIR_SETS: ValidationSets = {
  every: 6400,
  validated: 200,
  further: () => [], // nothing ends a run early
  scored: 1000,
  test: ({ lengths, task }) =>
    [lengths, testLengths(task.lengths, lengths)].map((lengths) => ({ strings: 1000, lengths })),
};

const ONE_THREAD: Resources = { threads: 1 };

/** Starts a run. */
export function startEncoderDecoderRun(
  plan: EncoderDecoderPlan,
  sets: ValidationSets,
  { threads }: Resources = ONE_THREAD,
): Run<EncoderDecoderRunState> {
  return validatedRun(trainingOf(plan, sets, startEncoderDecoderTrainer(plan, threads), threads));
}

/** Resumes a run. */
export function resumeEncoderDecoderRun(
  plan: EncoderDecoderPlan,
  sets: ValidationSets,
  { trainer: trained, ...validation }: EncoderDecoderRunState,
  { threads }: Resources = ONE_THREAD,
): Run<EncoderDecoderRunState> {
  const trainer = resumeEncoderDecoderTrainer(plan, trained, threads);
  return validatedRun(trainingOf(plan, sets, trainer, threads), validation);
}

function trainingOf(
  plan: EncoderDecoderPlan,
  sets: ValidationSets,
  trainer: BatchTrainer,
  threads: number,
): ValidatedTraining {
  const { task, order, shape, lengths, batch, optimizer, updates, seed, settings } = plan;
  /** Of the networks that are validated and scored; the trainer has its own. */
  let engine: EncoderDecoderEngine | undefined;

  function evaluate(parameters: Tensors): EvaluateSet {
    engine ??= createEncoderDecoderEngine(shape, { build: settings.build, threads });
    engine.setParameters(parameters);
    const network = engineSourceStepper(engine, task.vocabulary, order);
    return (set, onProgress) => evaluateNetwork(network, task, set, onProgress);
  }

  return {
    trainer,
    unit: "strings",
    batch,
    updates,
    every: sets.every,
    validate(parameters, onShareDone) {
      const request = { sets, task, lengths, seed, phaseComplete: false };
      return validate(evaluate(parameters), request, onShareDone);
    },
    save(files, path, network) {
      saveEncoderDecoder(files, path, { task, order, shape, ...network }, [
        ["settings", JSON.stringify(settings)],
        ["command", encoderDecoderCommand(settings)],
        ["strings", String(network.strings)],
      ]);
    },
    outcome(best, history, onShareDone) {
      const { strings, forgetBias } = settings;
      const scored = {
        ...{ task, seed, history, strings: trainer.strings, evaluate: evaluate(best.parameters) },
        recipe: { strings, batch, optimizer, forgetBias },
        sets: finalSets(sets, { lengths, task }),
      };
      return scoredOutcome(scored, onShareDone);
    },
    close: () => engine?.close(),
  };
}
