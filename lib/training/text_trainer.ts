/**
 * The trainer on text: updates the parameters with the strings of a text's streams, one after the other, by truncated
 * backpropagation through time. It can be stopped after any update and resumed bit for bit.
 *
 * The gradient of an update flows back to the beginning of its strings and no further. The state at their end can be carried
 * to the next update, which then knows what was read before, though not how to change it. h_0 and c_0, which are trained,
 * begin each pass over the text, and each update if nothing is carried.
 *
 * Source: Williams and Peng 1990, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
 * Trajectories".
 *
 * @module
 */
import { createEngine, type Engine, type Tensors } from "@/engine/engine.ts";
import { closeOnFailure } from "@/io/close_on_failure.ts";
import { seededRandom } from "@/math/random.ts";
import type { CellStates, SequenceString } from "@/models/sequence_batch.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { asUserError } from "@/options/settings.ts";
import { bitsOfNats } from "@/text/text_score.ts";
import { checkApplied } from "./divergence.ts";
import { SMALLER_TEXT_SIZES, type TextPlan } from "./text_plan.ts";

/** The complete state of a trainer on text. */
export interface TextTrainerState {
  /** Updates made; they say how far the text has been read. */
  readonly updates: number;
  /** The running mean of the cross-entropy, in bits per symbol. */
  readonly loss: number;
  readonly parameters: Tensors;
  /** Steps of the optimizer. */
  readonly steps: number;
  /** The optimizer's two running means. */
  readonly first: Tensors;
  readonly second: Tensors;
  /** The state of the cells at the end of each stream's last string; null if it is not carried to the next update. */
  readonly carried: readonly CellStates[] | null;
}

/** A training on text in progress. */
export interface TextTrainer {
  readonly updates: number;
  /** The running mean of the cross-entropy, in bits per symbol. */
  readonly loss: number;
  /**
   * Makes an update.
   *
   * @returns Its cross-entropy, in bits per symbol.
   * @throws {RangeError} If the loss or its gradient is not finite; the parameters are then as before.
   * @throws {UserError} If there is not enough memory for the batch.
   */
  update(): number;
  /** Returns a copy of the parameters. */
  parameters(): Tensors;
  state(): TextTrainerState;
  /** Ends its threads, if it has any. */
  close(): void;
}

/** Time constant of the running loss, in symbols. */
const LOSS_MEMORY = 100_000;

/**
 * Draws initial parameters and creates a trainer before its first update.
 *
 * @param plan What is trained, and how.
 * @param threads Threads of the engine; the result does not depend on them.
 * @returns The trainer.
 */
export function startTextTrainer(plan: TextPlan, threads = 1): TextTrainer {
  const engine = createEngine(plan.shape, { threads, build: plan.settings.build });
  return closeOnFailure(engine, () => {
    const random = seededRandom(`parameters, seed ${plan.settings.seed}`);
    const { forgetBias } = plan;
    engine.setParameters(initialParameters(plan.shape, random, { forgetBias }));
    const loss = Math.log2(plan.shape.symbols); // of a uniform guess
    return trainerOn(engine, plan, { updates: 0, loss, carried: null });
  });
}

/**
 * Creates a trainer from a state.
 *
 * @param plan The same as at the start.
 * @param state What {@linkcode TextTrainer.state} returned.
 * @param threads Threads of the engine.
 * @returns The trainer.
 */
export function resumeTextTrainer(
  plan: TextPlan,
  state: TextTrainerState,
  threads = 1,
): TextTrainer {
  const engine = createEngine(plan.shape, { threads, build: plan.settings.build });
  const { parameters, steps, first, second } = state;
  return closeOnFailure(engine, () => {
    engine.setParameters(parameters);
    engine.setOptimizerState({ steps, first, second });
    return trainerOn(engine, plan, state);
  });
}

function trainerOn(
  engine: Engine,
  { streams, optimizer, carry }: TextPlan,
  begun: Pick<TextTrainerState, "updates" | "loss" | "carried">,
): TextTrainer {
  const symbols = streams.streams * streams.truncation, kept = Math.exp(-symbols / LOSS_MEMORY);
  let { updates, loss, carried } = begun;

  /** The strings of the next update, each from where the last one of its stream has ended. */
  function nextStrings(): SequenceString[] {
    const strings = streams.stringsOf(updates), states = carried;
    return states === null
      ? strings
      : strings.map((string, b) => ({ ...string, start: states[b] }));
  }

  return {
    get updates() {
      return updates;
    },
    get loss() {
      return loss;
    },
    update() {
      const batch = { strings: nextStrings(), outputWeight: 1 / symbols };
      const report = asUserError(
        `train on ${symbols} symbols at a time`,
        () => engine.update(batch, optimizer),
        SMALLER_TEXT_SIZES,
      );
      checkApplied(report, updates + 1);
      updates++;
      carried = carry && !streams.startsPass(updates) ? engine.finalStates() : null;
      const bits = bitsOfNats(report.loss);
      loss = kept * loss + (1 - kept) * bits;
      return bits;
    },
    parameters: () => engine.parameters(),
    state() {
      const { steps, first, second } = engine.optimizerState();
      return { updates, loss, parameters: engine.parameters(), steps, first, second, carried };
    },
    close: () => engine.close(),
  };
}
