import { assert, assertEquals } from "@std/assert";
import { rnnController } from "@/tutorial/controller_experiments.ts";
import type { ControllerRunState } from "@/tutorial/controller_run.ts";
import { TUTORIAL_CONTROLLER } from "@/tutorial/controller_recipes.ts";
import { createParameters } from "@/tutorial/controller_parameters.ts";
import { assertSame } from "../same.ts";

const SETTINGS = {
  seed: 1,
  iterations: 300_000,
  learningRate: TUTORIAL_CONTROLLER.learningRate,
  pushBiasGrowth: TUTORIAL_CONTROLLER.pushBiasGrowth,
  gradient: "published",
} as const;

function parametersOf(state: ControllerRunState) {
  const parameters = createParameters(TUTORIAL_CONTROLLER.design.sizes);
  parameters.flat.set(state.parameters);
  return parameters;
}

Deno.test("with the extra line every push ends at exactly 1, and the weights of the pop are never touched", () => {
  const run = rnnController.start(SETTINGS), before = parametersOf(structuredClone(run.state()));
  run.advance(40_000);
  const after = parametersOf(run.state()), { live, push, pop } = run.metrics();
  assertEquals([push, live], [1, 0]);
  assertEquals([after.Wu, after.bu], [before.Wu, before.bu]);
  assert(Math.abs(Number(pop) - 0.5) < 0.1, `mean pop ${pop}`);
  // The rest of the network has learned.
  assert(after.Wh.some((w, i) => Math.abs(w - before.Wh[i]) > 0.1));
});

Deno.test("without the extra line the pops are learned", () => {
  const run = rnnController.start({ ...SETTINGS, pushBiasGrowth: 0 });
  const before = parametersOf(structuredClone(run.state()));
  run.advance(40_000);
  const after = parametersOf(run.state());
  assert(after.bu[0] !== before.bu[0]);
});

Deno.test("a resumed controller ends bit for bit where the uninterrupted one does", () => {
  const whole = rnnController.start(SETTINGS), part = rnnController.start(SETTINGS);
  whole.advance(3000);
  part.advance(1234);
  const resumed = rnnController.resume(SETTINGS, structuredClone(part.state()));
  resumed.advance(1766);
  assertSame(resumed.state(), whole.state());
});
