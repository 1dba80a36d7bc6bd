import { assertEquals, assertLess, assertNotEquals } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import { runQueue, runQueueBackward } from "@/memory/queue.ts";
import { softInputs } from "./port_cases.ts";

Deno.test("the whole queue's adjoint agrees with central differences on 500 sequences", () => {
  const random = seededRandom("queue");
  let [worst, compared, kinks] = [0, 0, 0];
  for (let i = 0; i < 500; i++) {
    const result = checkGradient({
      name: "runQueue",
      f: (inputs) => runQueue(inputs).reads,
      adjoint: (inputs, gReads) => runQueueBackward(runQueue(inputs), gReads),
      at: softInputs(random, random.integer(1, 13), random.integer(1, 6)),
      random,
    });
    worst = Math.max(worst, result.worstRelativeError);
    compared += result.compared;
    kinks += result.kinks;
  }
  assertLess(worst, 1e-8);
  assertEquals({ compared, kinks }, { compared: 16_160, kinks: 0 });
});

/** ∂L/∂u and ∂L/∂d where only the last read counts, and v_t is 10^t: each digit is a row. */
function lastReadGradient(pops: Vector, pushes: Vector) {
  const last = pops.length - 1, values = pops.map((_, t) => [10 ** t]);
  const gReads = pops.map((_, t) => [Number(t === last)]);
  const { gPops, gPushes } = runQueueBackward(runQueue({ values, pops, pushes }), gReads);
  return { gPops, gPushes };
}

Deno.test("off ties: a pop slides the window from the row it ends in to the row where the read ends", () => {
  // Row 0 is popped to .5; the read takes it, row 1's .25 and .25 of row 2's .75.
  assertEquals(lastReadGradient([0, 0, 0.25], [0.75, 0.25, 0.75]), {
    gPops: [0, 0, 100 - 1],
    gPushes: [1 - 100, 10 - 100, 0],
  });
});

Deno.test("a push has no gradient before its row comes within one unit of the front", () => {
  const { gPushes } = lastReadGradient([0, 0, 0, 0], [0.75, 0.75, 0.75, 0.75]);
  assertEquals(gPushes, [1 - 10, 0, 0, 0]);
});

Deno.test("with every push at 1 a pop has a gradient all the same: the queue has no lower bound on u", () => {
  const { gPops } = lastReadGradient([0, 0.25, 0.25, 0.25], [1, 1, 1, 1]);
  assertEquals(gPops, [0, 9, 9, 9]);
});

Deno.test("a pop of more than the queue holds has no gradient", () => {
  assertEquals(lastReadGradient([0, 0.75], [0.5, 0.5]), { gPops: [0, 0], gPushes: [0, 10] });
});

Deno.test("tie s = rem: the row that is used up gets nothing, and the pop gets nothing", () => {
  assertEquals(lastReadGradient([0, 0, 0.5], [0.5, 0.25, 0.25]), {
    gPops: [0, 0, 0],
    gPushes: [0, 10, 100],
  });
});

Deno.test("tie s = room: read in full, so its own strength gets the gradient", () => {
  assertEquals(lastReadGradient([0, 0, 0], [0.5, 0.5, 1]).gPushes, [1, 10, 0]);
});

Deno.test("tie room = 0: a whole row in front is all that is read", () => {
  assertEquals(lastReadGradient([0, 0], [1, 0.5]).gPushes, [1, 0]);
});

Deno.test("tie s = 0: a push of 0 gets the gradient of its own step's read, full queue or not, and no later one", () => {
  assertEquals(lastReadGradient([0, 0], [1, 0]).gPushes, [1, 10]);
  assertEquals(lastReadGradient([0, 0], [0.25, 0]).gPushes, [1, 10]);
  assertEquals(lastReadGradient([0, 0, 0], [0.25, 0, 0.25]).gPushes, [1, 0, 100]);
  assertNotEquals(lastReadGradient([0, 0, 0], [0.25, 1e-9, 0.25]).gPushes[1], 0);
});

Deno.test("tie u = 0: the pop gets nothing", () => {
  assertEquals(lastReadGradient([0, 0], [0.5, 0.75]).gPops, [0, 0]);
});
