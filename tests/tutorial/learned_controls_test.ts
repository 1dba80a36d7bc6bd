import { assert, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import {
  controlsGradient,
  createFixedPushes,
  descendControls,
  descendInUnitBox,
  descendPops,
  drawControls,
} from "@/tutorial/learned_controls.ts";
import { halfCircleValues, valueReversal } from "@/tutorial/value_reversal.ts";

const TASK = valueReversal([[0.1], [0.2], [0.3]]);

Deno.test("the gradient of the loss by every pop and push agrees with central differences", () => {
  const random = seededRandom(1);
  const sixControls = () => Array.from({ length: 6 }, () => random.uniform(0.05, 0.95));
  for (let i = 0; i < 50; i++) {
    const { passed, summary } = checkGradient({
      name: "controlsGradient",
      f: (controls) => [controlsGradient(TASK, controls).loss],
      adjoint: (controls, [gLoss]) => {
        const { gPops, gPushes } = controlsGradient(TASK, controls);
        return { gPops: gPops.map((g) => g * gLoss), gPushes: gPushes.map((g) => g * gLoss) };
      },
      at: { pops: sixControls(), pushes: sixControls() },
      random,
    });
    assert(passed, summary);
  }
});

Deno.test("descent in the unit box moves against the gradient and stops at the sides", () => {
  assertEquals(descendInUnitBox([0.5, 0.9, 0.1, 0], [1, -1, 1, 0], 0.2), [0.3, 1, 0, 0]);
});

Deno.test("pops learn to reverse three values that were pushed whole", () => {
  let controls = { pops: [0, 0, 0, 0.01, 0.01, 0.01], pushes: createFixedPushes(3) };
  for (let i = 0; i < 400; i++) ({ controls } = descendPops(TASK, controls, 5));
  assertEquals(controls.pops.map((u) => Math.round(u * 1000) / 1000), [0, 0, 0, 0, 1, 1]);
  assertEquals(controls.pushes, [1, 1, 1, 0, 0, 0]);
});

Deno.test("a pop of exactly 0 stays there: at the tie max(0, u) passes nothing", () => {
  let controls = { pops: [0, 0, 0, 0, 0, 0.01], pushes: createFixedPushes(3) };
  for (let i = 0; i < 400; i++) ({ controls } = descendPops(TASK, controls, 5));
  assertEquals(controls.pops.slice(0, 5), [0, 0, 0, 0, 0]);
  assertGreater(controlsGradient(TASK, controls).loss, 0.009);
});

Deno.test("pops and pushes learn together from 20 of 20 random starts", () => {
  const task = valueReversal(halfCircleValues(3));
  for (let seed = 1; seed <= 20; seed++) {
    let [controls, loss] = [drawControls(6, seededRandom(seed)), Infinity];
    for (let i = 0; i < 4000 && loss > 1e-6; i++) {
      ({ controls, loss } = descendControls(task, controls, 0.1));
    }
    assertLess(loss, 1e-6, `seed ${seed}`);
    assert(controls.pushes.slice(3).every((d) => d < 0.01), `seed ${seed}: no blank is pushed`);
    assert([...controls.pops, ...controls.pushes].every((x) => x >= 0 && x <= 1));
  }
});

Deno.test("plain numbers can be faked: blanks pushed over one pass for pops", () => {
  let [controls, loss] = [{ pops: [0, 0, 0, 0, 0, 0], pushes: [1, 1, 1, 0, 1 / 3, 1 / 3] }, 0];
  ({ controls, loss } = descendControls(TASK, controls, 0.1));
  assertLess(loss, 1e-30); // 0.3 seen through 1/3 of blank is 0.2, through 2/3 it is 0.1
  assertGreater(controlsGradient(valueReversal(halfCircleValues(3)), controls).loss, 0.1);
});

Deno.test("a step with a small rate lowers the loss, and reports the loss it started from", () => {
  const controls = drawControls(6, seededRandom(3));
  const { loss, controls: next } = descendControls(TASK, controls, 0.01);
  assertEquals(loss, controlsGradient(TASK, controls).loss);
  assertLess(controlsGradient(TASK, next).loss, loss);
});

Deno.test("no pushes can be laid out for a count that is not a whole number of at least 1", () => {
  for (const n of [0, -1, 1.5, NaN]) {
    assertThrows(() => createFixedPushes(n), RangeError, `wanted 1 value or more, got ${n}`);
  }
});
