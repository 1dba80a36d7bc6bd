import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import type { Tensors } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import type { CellStates } from "@/models/sequence_batch.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { copyAsFloat64, initialParameters } from "@/models/sequence_parameters.ts";
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
  for (const resetState of [false, true]) {
    for (const cell of ["lstm", "gru", "rnn"] as const) {
      // A pass has fewer updates than the run: a state is carried, dropped and carried again.
      const plan = planOf({ resetState, cell, layers: 2, batch: 20, truncate: 25 });
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

/** What Adam keeps of a parameter. */
interface Moments {
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/**
 * The losses of the first updates, in bits, by the literal model in Float64: each string starts from the state in which the
 * one before it in its stream has ended; the gradient is clipped, and Adam takes a step.
 */
function literalLosses(
  { shape, streams, optimizer, carry }: TextPlan,
  start: Tensors,
  updates: number,
): number[] {
  const parameters = copyAsFloat64(start), { rate, clip = Infinity } = optimizer;
  const symbols = streams.streams * streams.truncation, losses: number[] = [];
  const moments = Object.entries(parameters).map(([name, { length }]): [string, Moments] => //
  [name, { m: new Float64Array(length), v: new Float64Array(length) }]);
  let states: CellStates[] | undefined;
  for (let n = 1; n <= updates; n++) {
    const isFresh = !carry || streams.startsPass(n - 1);
    const strings = streams.stringsOf(n - 1).map((string, b) =>
      isFresh ? string : { ...string, start: states![b] }
    );
    const { loss, gradient } = batchLossAndGradient(shape, parameters, {
      strings,
      outputWeight: 1 / symbols,
    });
    states = strings.map((string) => runSequence(shape, parameters, string).final);
    losses.push(loss / Math.LN2);
    const squares = Object.values(gradient).flatMap((g) => [...g]).reduce(
      (sum, g_i) => sum + g_i * g_i,
      0,
    );
    const shrink = Math.min(1, clip / Math.sqrt(squares));
    for (const [name, { m, v }] of moments) {
      parameters[name].forEach((_, i) => {
        const g = shrink * gradient[name][i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        const step = rate * (m[i] / (1 - 0.9 ** n)) / (Math.sqrt(v[i] / (1 - 0.999 ** n)) + 1e-8);
        parameters[name][i] -= step;
      });
    }
  }
  return losses;
}

for (const resetState of [false, true]) {
  for (const cell of ["lstm", "gru", "rnn"] as const) {
    Deno.test(`every update has the literal model's loss: ${cell}, ${resetState ? "state reset" : "state carried"}`, () => {
      // Six updates of one pass, and five of the next.
      const sizes = { layers: 2, batch: 16, truncate: 22, clip: 0.1 };
      const plan = planOf({ cell, resetState, ...sizes }), trainer = startTextTrainer(plan);
      assertEquals(plan.streams.updatesPerPass, 6);
      const literal = literalLosses(plan, trainer.parameters(), 11);
      literal.forEach((loss, n) =>
        assertAlmostEquals(trainer.update(), loss, 1e-5, `update ${n + 1}`)
      );
    });
  }
}

Deno.test({
  name: "the number of threads does not change the result",
  ignore: Deno.permissions.querySync({ name: "read", path: "lib" }).state !== "granted",
  fn() {
    const plan = planOf({ hidden: 20 }),
      [one, two] = [1, 2].map((threads) => startTextTrainer(plan, threads));
    assertSame(advance(two, 9).state(), advance(one, 9).state());
    two.close();
  },
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
    /^Cannot train: wanted a finite loss and gradient, got \S+ at update \d+$/.test(
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
