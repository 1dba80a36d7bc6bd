import { assertEquals, assertThrows } from "@std/assert";
import { createStepper } from "@/engine/stepper.ts";
import { createEngineBuffers } from "@/engine/parameter_buffers.ts";
import { startWorkers } from "@/engine/worker_pool.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { TrainingPlan } from "@/training/training_plan.ts";
import { resumeTrainer, startTrainer, type TrainerState } from "@/training/trainer.ts";
import { countWorkers } from "./counted_workers.ts";
import { noisyPlan } from "../training/tiny_training.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";
const plan = noisyPlan(), { shape } = plan;

/** All workers of a start that fails are ended. */
function testFailure(what: string, workers: number, start: () => unknown, most?: number): void {
  const name = `workers end when a start fails: ${what}`;
  Deno.test({
    name: mayRead ? name : `${name} (left out: needs --allow-read)`,
    ignore: !mayRead,
    fn() {
      const counts = countWorkers(() => void assertThrows(start), most);
      assertEquals(counts, { started: workers, ended: workers });
    },
  });
}

testFailure(
  "they are not ready in time",
  3,
  () => startWorkers(createEngineBuffers(shape, 4), "relaxed", 0),
);
testFailure(
  "one of them cannot be started",
  2,
  () => startWorkers(createEngineBuffers(shape, 4), "relaxed"),
  2,
);
testFailure(
  "a stepper's parameters are not numbers",
  1,
  () =>
    createStepper(shape, { ...zeroParameters(shape), "logits.bias": new Array(5).fill(NaN) }, {
      threads: 2,
    }),
);

/** A plan with another recipe. */
function planWith(changes: Partial<TrainingPlan["recipe"]>): TrainingPlan {
  return { ...plan, recipe: { ...plan.recipe, ...changes } };
}

testFailure(
  "a trainer cannot draw its parameters",
  1,
  () => startTrainer(planWith({ start: { popBias: NaN } }), 2),
);

testFailure("a trainer's strings have no lengths", 1, () => {
  const lengths = { shortest: 3, longest: 2 };
  return startTrainer({ ...plan, lengths }, 2);
});

const { strings, ...state } = startTrainer(plan).state();
const damaged: Record<string, TrainerState> = {
  "parameters": { ...state, strings, parameters: {} },
  "steps": { ...state, strings, steps: -1 },
  "random numbers": { ...state, strings: { ...strings, a: NaN } },
};
for (const [part, state] of Object.entries(damaged)) {
  testFailure(`a trainer is resumed with damaged ${part}`, 1, () => resumeTrainer(plan, state, 2));
}

Deno.test({
  name: "the workers of a trainer that has started live until it is closed",
  ignore: !mayRead,
  fn() {
    const counts = countWorkers(() => {
      const trainer = startTrainer(plan, 3);
      trainer.update();
      trainer.close();
      trainer.close();
    });
    assertEquals(counts, { started: 2, ended: 2 });
  },
});
