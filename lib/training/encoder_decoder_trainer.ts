/**
 * The trainer of an encoder–decoder, which draws batches of pairs.
 *
 * @module
 */
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { seededRandom } from "@/math/random.ts";
import { initialEncoderDecoder, type PairBatch } from "@/models/encoder_decoder.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { openStream } from "@/tasks/streams.ts";
import {
  type BatchTrainer,
  type BatchTrainerState,
  type BatchTraining,
  trainerOn,
} from "./batch_trainer.ts";
import { type EncoderDecoderPlan, SMALLER_PAIR_SIZES } from "./encoder_decoder_plan.ts";

/**
 * Draws initial parameters and creates a trainer before its first update.
 *
 * @param plan What is trained, and how.
 * @param threads Threads of each of the engine's parts; the result does not depend on them.
 * @returns The trainer.
 */
export function startEncoderDecoderTrainer(
  plan: EncoderDecoderPlan,
  threads = 1,
): BatchTrainer {
  const { shape, seed, lengths, settings: { build, forgetBias } } = plan;
  const engine = createEncoderDecoderEngine(shape, { threads, build });
  return closeOnFailure(engine, () => {
    const random = seededRandom(`parameters, seed ${seed}`);
    engine.setParameters(initialEncoderDecoder(shape, random, forgetBias ?? undefined));
    const strings = openStream(seed, "training", lengths).state();
    return trainerOn(engine, trainingOn(plan), {
      updates: 0,
      loss: Math.log(shape.symbols),
      strings,
    });
  });
}

/**
 * Creates a trainer from a state.
 *
 * @param plan The same as at the start.
 * @param state What {@linkcode BatchTrainer.state} returned.
 * @param threads Threads of each of the engine's parts.
 * @returns The trainer.
 */
export function resumeEncoderDecoderTrainer(
  plan: EncoderDecoderPlan,
  state: BatchTrainerState,
  threads = 1,
): BatchTrainer {
  const { shape, settings: { build } } = plan, { parameters, steps, first, second } = state;
  const engine = createEncoderDecoderEngine(shape, { threads, build });
  return closeOnFailure(engine, () => {
    engine.setParameters(parameters);
    engine.setOptimizerState({ steps, first, second });
    return trainerOn(engine, trainingOn(plan), state);
  });
}

/** The pairs of a batch; the task has reversed their targets, if they are. */
function trainingOn(
  { task, order: { reverseSource }, lengths, batch, optimizer }: EncoderDecoderPlan,
): BatchTraining<PairBatch> {
  return {
    drawBatch(random) {
      const pairs = Array.from({ length: batch }, () => task.sample(random, lengths));
      const strings = pairs.map((pair) =>
        layOutSourceAndTarget(task.vocabulary, pair, { reverseSource })
      );
      const symbols = strings.reduce((sum, { targets }) => sum + targets.length, 0);
      return { strings, outputWeight: 1 / symbols };
    },
    batch,
    unit: "strings",
    optimizerAfter: () => optimizer,
    smaller: SMALLER_PAIR_SIZES,
  };
}
