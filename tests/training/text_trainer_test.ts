import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { seededRandom } from "@/math/random.ts";
import { initialParameters } from "@/models/sequence_parameters.ts";
import { checkpointFromBytes, checkpointToBytes } from "@/runs/checkpoint.ts";
import type { TextSettings } from "@/training/text_options.ts";
import { type TextPlan, textPlan } from "@/training/text_plan.ts";
import {
  resumeTextTrainer,
  startTextTrainer,
  type TextTrainer,
  type TextTrainerState,
} from "@/training/text_trainer.ts";
import { assertSame } from "../same.ts";
import { textDisk, tinyTextSettings } from "./tiny_text.ts";

const planOf = (changes: Partial<TextSettings> = {}): TextPlan =>
  textPlan(tinyTextSettings(changes), textDisk());

function advance(trainer: TextTrainer, updates: number): TextTrainer {
  for (let n = 0; n < updates; n++) trainer.update();
  return trainer;
}

/** A state as a checkpoint of it is read back. */
function saved(trainer: TextTrainer): TextTrainerState {
  return checkpointFromBytes<TextTrainerState>(checkpointToBytes(trainer.state()), "checkpoint");
}

Deno.test("a trainer stopped after any update and resumed ends bit for bit as the whole one", () => {
  for (const carry of ["true", "false"] as const) {
    for (const cell of ["lstm", "gru", "rnn"] as const) {
      // A pass has fewer updates than the run: a state is carried, dropped and carried again.
      const plan = planOf({ carry, cell, layers: 2, batch: 20, truncate: 25 });
      const { updatesPerPass } = plan.streams, updates = 2 * updatesPerPass + 2;
      assert(updatesPerPass > 2);
      const whole = advance(startTextTrainer(plan), updates).state();
      for (let cut = 0; cut <= updates; cut++) {
        const first = advance(startTextTrainer(plan), cut);
        const second = resumeTextTrainer(plan, saved(first));
        assertSame(second.state(), first.state());
        assertSame(advance(second, updates - cut).state(), whole);
      }
    }
  }
});

Deno.test("the number of threads does not change the result", () => {
  const plan = planOf({ hidden: 20 }),
    [one, two] = [1, 2].map((threads) => startTextTrainer(plan, threads));
  assertSame(advance(two, 9).state(), advance(one, 9).state());
  two.close();
});

Deno.test("parameters are drawn from the seed, with the forget bias that is asked for", () => {
  const plan = planOf({ seed: 5, forgetBias: 2 }), start = startTextTrainer(plan);
  const random = seededRandom("parameters, seed 5");
  const drawn = initialParameters(plan.shape, random, { forgetBias: 2 });
  for (const [name, numbers] of Object.entries(start.parameters())) {
    assertEquals([...numbers], [...drawn[name]].map(Math.fround), name);
  }
  assertEquals(startTextTrainer(planOf()).parameters()["cells.0.bias"][6], 1);
});

Deno.test("training lowers the loss, which begins at that of a uniform guess", () => {
  const plan = planOf({ hidden: 24, embedding: 8, batch: 8, truncate: 20, learningRate: 0.01 });
  const trainer = startTextTrainer(plan);
  assertAlmostEquals(trainer.loss, Math.log2(plan.shape.symbols));
  advance(trainer, 400);
  assertLess(trainer.loss, 0.7 * Math.log2(plan.shape.symbols));
  assertEquals(trainer.updates, 400);
});

Deno.test("numbers that diverge end the training with the parameters as they were", () => {
  const plan = planOf({ learningRate: 1e30, clip: 1e30 }), trainer = startTextTrainer(plan);
  let before = trainer.parameters();
  const error = assertThrows(() => {
    for (;;) {
      before = trainer.parameters();
      trainer.update();
    }
  }, RangeError);
  assert(
    /^Cannot go on training: wanted a finite loss and gradient, got \S+ at update \d+$/.test(
      error.message,
    ),
  );
  assertSame(trainer.parameters(), before);
});

Deno.test("a batch that needs too much memory is the user's error", () => {
  const plan = planOf({ batch: 100, truncate: 20 });
  const huge = { ...plan, shape: { ...plan.shape, hidden: 4096, layers: 64 } };
  const error = assertThrows(() => advance(startTextTrainer(huge), 1), Error);
  assert(error instanceof UserError || error instanceof RangeError);
});
