/**
 * The trainer of an encoder–decoder: draws batches of pairs and updates the parameters; it can be stopped after any update and
 * resumed bit for bit.
 *
 * @module
 */
import {
  createEncoderDecoderEngine,
  type EncoderDecoderEngine,
} from "@/engine/encoder_decoder_engine.ts";
import type { Tensors } from "@/engine/engine.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { type RandomState, restoreRandom, seededRandom } from "@/math/random.ts";
import { initialEncoderDecoder } from "@/models/encoder_decoder.ts";
import { asUserError } from "@/options/settings.ts";
import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
import { openStream } from "@/tasks/streams.ts";
import { checkApplied } from "./divergence.ts";
import { type EncoderDecoderPlan, SMALLER_PAIR_SIZES } from "./encoder_decoder_plan.ts";

/** The complete state of a trainer. */
export interface EncoderDecoderTrainerState {
  /** Updates made. */
  readonly updates: number;
  /** The running mean of the cross-entropy, in nats per symbol. */
  readonly loss: number;
  readonly parameters: Tensors;
  /** Steps of the optimizer. */
  readonly steps: number;
  /** The optimizer's two running means. */
  readonly first: Tensors;
  readonly second: Tensors;
  /** The stream of training strings. */
  readonly strings: RandomState;
}

/** A training in progress. */
export interface EncoderDecoderTrainer {
  readonly updates: number;
  /** Strings trained on. */
  readonly strings: number;
  /** The running mean of the cross-entropy, in nats per symbol. */
  readonly loss: number;
  /**
   * Makes an update.
   *
   * @throws {RangeError} If the loss or its gradient is not finite; the parameters are then as before.
   * @throws {UserError} If there is not enough memory for the batch.
   */
  update(): void;
  /** Returns a copy of the parameters. */
  parameters(): Tensors;
  state(): EncoderDecoderTrainerState;
  /** Ends its threads, if it has any. */
  close(): void;
}

/** Time constant of the running loss, in strings. */
const LOSS_MEMORY = 2000;

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
): EncoderDecoderTrainer {
  const { shape, seed, lengths, settings: { build, forgetBias } } = plan;
  const engine = createEncoderDecoderEngine(shape, { threads, build });
  return closeOnFailure(engine, () => {
    const random = seededRandom(`parameters, seed ${seed}`);
    engine.setParameters(initialEncoderDecoder(shape, random, forgetBias ?? undefined));
    const strings = openStream(seed, "training", lengths).state();
    return trainerOn(engine, plan, { updates: 0, loss: Math.log(shape.symbols), strings });
  });
}

/**
 * Creates a trainer from a state.
 *
 * @param plan The same as at the start.
 * @param state What {@linkcode EncoderDecoderTrainer.state} returned.
 * @param threads Threads of each of the engine's parts.
 * @returns The trainer.
 */
export function resumeEncoderDecoderTrainer(
  plan: EncoderDecoderPlan,
  state: EncoderDecoderTrainerState,
  threads = 1,
): EncoderDecoderTrainer {
  const { shape, settings: { build } } = plan, { parameters, steps, first, second } = state;
  const engine = createEncoderDecoderEngine(shape, { threads, build });
  return closeOnFailure(engine, () => {
    engine.setParameters(parameters);
    engine.setOptimizerState({ steps, first, second });
    return trainerOn(engine, plan, state);
  });
}

function trainerOn(
  engine: EncoderDecoderEngine,
  { task, order: { reverseSource }, lengths, batch, optimizer }: EncoderDecoderPlan,
  begun: Pick<EncoderDecoderTrainerState, "updates" | "loss" | "strings">,
): EncoderDecoderTrainer {
  const random = restoreRandom(begun.strings), kept = Math.exp(-batch / LOSS_MEMORY);
  let { updates, loss } = begun;

  /** The pairs of the next update; the task has reversed their targets, if they are. */
  function nextBatch() {
    const pairs = Array.from({ length: batch }, () => task.sample(random, lengths));
    const strings = pairs.map((pair) =>
      layOutSourceAndTarget(task.vocabulary, pair, { reverseSource })
    );
    const symbols = strings.reduce((sum, { targets }) => sum + targets.length, 0);
    return { strings, outputWeight: 1 / symbols };
  }

  return {
    get updates() {
      return updates;
    },
    get strings() {
      return updates * batch;
    },
    get loss() {
      return loss;
    },
    update() {
      const report = asUserError(
        `train on ${batch} strings at a time`,
        () => engine.update(nextBatch(), optimizer),
        SMALLER_PAIR_SIZES,
      );
      checkApplied(report, updates + 1);
      updates++;
      loss = kept * loss + (1 - kept) * report.loss;
    },
    parameters: () => engine.parameters(),
    state() {
      const { steps, first, second } = engine.optimizerState(), parameters = engine.parameters();
      return { updates, loss, parameters, steps, first, second, strings: random.state() };
    },
    close: () => engine.close(),
  };
}
