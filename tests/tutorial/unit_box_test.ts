import { assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { descendControls, descendInUnitBox, drawControls } from "@/tutorial/learned_controls.ts";
import { valueReversal } from "@/tutorial/value_reversal.ts";

Deno.test("a gradient of another length than the numbers is refused", () => {
  for (const gradient of [[], [1], [1, 1, 1]]) {
    assertThrows(
      () => descendInUnitBox([0.5, 0.5], gradient, 0.1),
      TypeError,
      "Cannot descend in the unit box: wanted 2 gradients (one for each number), " +
        `got ${gradient.length}`,
    );
  }
  assertEquals(descendInUnitBox([], [], 0.1), []);
});

Deno.test("no number of a descent may be NaN or infinite", () => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    assertThrows(
      () => descendInUnitBox([0.5, wrong], [0, 0], 0.1),
      RangeError,
      `wanted finite numbers before the step, got ${wrong} at 1`,
    );
    assertThrows(
      () => descendInUnitBox([0.5, 0.5], [wrong, 0], 0.1),
      RangeError,
      `wanted finite gradients (one for each number), got ${wrong} at 0`,
    );
  }
});

Deno.test("a learning rate must be finite and above 0, also where controls descend", () => {
  const [task, controls] = [valueReversal([[1]]), drawControls(2, seededRandom(1))];
  for (const rate of [0, -0.1, NaN, Infinity]) {
    const message =
      `Cannot descend in the unit box: wanted a finite learning rate above 0, got ${rate}`;
    assertThrows(() => descendInUnitBox([0.5], [1], rate), RangeError, message);
    assertThrows(() => descendControls(task, controls, rate), RangeError, message);
  }
});

Deno.test("no controls can be drawn for a count of steps that is not whole or below 1", () => {
  for (const steps of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(
      () => drawControls(steps, seededRandom(1)),
      RangeError,
      `Cannot draw the controls: wanted 1 step or more, got ${steps}`,
    );
  }
});
