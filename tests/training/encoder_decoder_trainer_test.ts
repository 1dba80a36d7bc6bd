import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { restoreRandom } from "@/math/random.ts";
import { encoderDecoderGradient } from "@/models/encoder_decoder.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import type { EncoderDecoderPlan } from "@/training/encoder_decoder_plan.ts";
import type { BatchTrainer, BatchTrainerState } from "@/training/batch_trainer.ts";
import {
  resumeEncoderDecoderTrainer,
  startEncoderDecoderTrainer,
} from "@/training/encoder_decoder_trainer.ts";
import { assertSame } from "../same.ts";
import { tinyPairPlan } from "./tiny_pairs.ts";

function advance(trainer: BatchTrainer, updates: number): BatchTrainerState {
  for (let n = 0; n < updates; n++) trainer.update();
  return trainer.state();
}

/** A state as a checkpoint of it is read back. */
function saved(state: BatchTrainerState): BatchTrainerState {
  return checkpointFromBytes<BatchTrainerState>(checkpointToBytes(state), "checkpoint");
}

const ATTENTIVE = { architecture: "attention", bidirectional: true } as const;
const PLANS: readonly EncoderDecoderPlan[] = [
  tinyPairPlan(),
  tinyPairPlan({ ...ATTENTIVE, reverseSource: true, cell: "gru" }),
  tinyPairPlan({ ...ATTENTIVE, attention: "dot-product", reverseTarget: true, cell: "rnn" }),
];

Deno.test("a training that is stopped after any update and resumed ends bit for bit as the whole one", () => {
  for (const plan of PLANS) {
    const whole = advance(startEncoderDecoderTrainer(plan), 6);
    for (let cut = 0; cut <= 6; cut++) {
      const state = saved(advance(startEncoderDecoderTrainer(plan), cut));
      assertSame(advance(resumeEncoderDecoderTrainer(plan, state), 6 - cut), whole);
    }
  }
});

const MAY_START_WORKERS =
  Deno.permissions.querySync({ name: "read", path: "lib" }).state === "granted";

Deno.test({
  name: "the number of threads does not change the result",
  ignore: !MAY_START_WORKERS,
  fn() {
    const [, plan] = PLANS, two = startEncoderDecoderTrainer(plan, 2);
    assertSame(advance(two, 3), advance(startEncoderDecoderTrainer(plan), 3));
    two.close();
  },
});

Deno.test("the loss is the reference's, of pairs in the plan's order", () => {
  for (const reverseSource of [false, true]) {
    for (const reverseTarget of [false, true]) {
      const plan = tinyPairPlan({ reverseSource, reverseTarget, task: "copy", batch: 3 });
      const trainer = startEncoderDecoderTrainer(plan), before = trainer.state();
      const random = restoreRandom(before.strings), { start, terminator } = plan.task.vocabulary;
      const strings = Array.from({ length: 3 }, () => {
        const { source } = plan.task.sample(random, plan.lengths), forwards = [...source];
        const turn = (reversed: boolean) => reversed ? forwards.toReversed() : forwards;
        const target = turn(reverseTarget); // of a copy
        const forced = { inputs: [start, ...target], targets: [...target, terminator] };
        return { source: turn(reverseSource), ...forced };
      });
      const symbols = strings.flatMap(({ targets }) => targets).length;
      const parameters = Object.fromEntries(
        Object.entries(before.parameters).map(([name, list]) => [name, Float64Array.from(list)]),
      );
      const { loss } = encoderDecoderGradient(plan.shape, parameters, {
        strings,
        outputWeight: 1 / symbols,
      });
      trainer.update();
      const kept = Math.exp(-3 / 2000), measured = (trainer.loss - kept * before.loss) / (1 - kept);
      assertAlmostEquals(measured, loss, 1e-4);
    }
  }
});

Deno.test("training lowers the loss, and counts its strings", () => {
  const plan = tinyPairPlan({ learningRate: 0.02 }), trainer = startEncoderDecoderTrainer(plan);
  const { loss } = trainer;
  assertAlmostEquals(loss, Math.log(plan.shape.symbols), 1e-12);
  advance(trainer, 400);
  assertLess(trainer.loss, 0.7 * loss);
  assertEquals([trainer.updates, trainer.strings], [400, 1600]);
});

Deno.test("a forget bias is that of the settings, 1 if they name none, in encoder and decoder", () => {
  const biases = (forgetBias: number | null) => {
    const { parameters } = startEncoderDecoderTrainer(tinyPairPlan({ forgetBias, hidden: 2 }))
      .state();
    return ["encoder", "decoder"].map((
      part,
    ) => [...parameters[`${part}.cells.0.bias`].slice(2, 4)]);
  };
  assertEquals(biases(null), [[1, 1], [1, 1]]);
  assertEquals(biases(-3), [[-3, -3], [-3, -3]]);
});

Deno.test("a loss that is not finite ends the training, and leaves the parameters", () => {
  const trainer = startEncoderDecoderTrainer(tinyPairPlan({ learningRate: 1e30, clip: 1e30 }));
  const updates = () => {
    for (let n = 0; n < 50; n++) trainer.update();
  };
  assertThrows(updates, RangeError, "Cannot train: wanted a finite loss and gradient, got ");
  assert(trainer.updates < 50);
});
