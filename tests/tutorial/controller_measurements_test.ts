import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { checkControllerGradient, measureControls } from "@/tutorial/controller_measurements.ts";
import { createParameters } from "@/tutorial/controller_parameters.ts";
import { FIXED_AUTOENCODER } from "@/tutorial/controller_recipes.ts";
import { RnnController } from "@/tutorial/rnn_controller.ts";
import { createRandomReversalString } from "@/tutorial/tutorial_reversal.ts";
import { assertSame } from "../same.ts";

const { task, design } = FIXED_AUTOENCODER;

function wildController(stackGradient: "exact" | "published"): RnnController {
  const random = seededRandom(2), parameters = createParameters(design.sizes);
  parameters.flat.set(parameters.flat.map(() => random.normal(0, 0.5)));
  return new RnnController({ ...design, stackGradient }, parameters);
}

function check(controller: RnnController) {
  const string = createRandomReversalString(task, 5, seededRandom(3));
  return checkControllerGradient({ controller, string, random: seededRandom(4) });
}

Deno.test("the exact gradient passes its check, with every parameter; the published one does not", () => {
  const { passed, summary, compared, kinks } = check(wildController("exact"));
  assert(passed, summary);
  assertEquals(compared + kinks, createParameters(design.sizes).flat.length);
  assertEquals(check(wildController("published")).passed, false);
});

Deno.test("a check leaves the parameters as they were, and no gradient", () => {
  const controller = wildController("exact"), before = controller.parameters.flat.slice();
  controller.gradient.flat.fill(1); // left from another string
  assert(check(controller).passed);
  assertSame(controller.parameters.flat, before);
  assert(controller.gradient.flat.every((g) => g === 0));
});

Deno.test("controls are those of the string's own steps but the last, also after a longer string", () => {
  const controller = wildController("exact");
  const [long, short] = [7, 3].map((n) => createRandomReversalString(task, n, seededRandom(n)));
  const first = measureControls(controller, long);
  const { pushes, pops } = measureControls(controller, short);
  assertEquals([first.pushes.length, first.pops.length, pushes.length, pops.length], [
    13,
    13,
    5,
    5,
  ]);
  const fresh = wildController("exact");
  fresh.forward(short);
  assertEquals(pushes, [...fresh.stack.pushes.slice(0, 5)]);
  assertEquals(pops, [...fresh.stack.pops.slice(0, 5)]);
  assertNotEquals(pushes, first.pushes.slice(0, 5));
});
