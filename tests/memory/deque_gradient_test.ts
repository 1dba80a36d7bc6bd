import { assertEquals, assertLess } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import { runDeque, runDequeBackward } from "@/memory/deque.ts";
import { softInputs } from "./port_cases.ts";

Deno.test("the whole deque's adjoint agrees with central differences on 500 sequences", () => {
  const random = seededRandom("deque");
  let [worst, compared, kinks] = [0, 0, 0];
  for (let i = 0; i < 500; i++) {
    const T = random.integer(1, 8), M = random.integer(1, 4);
    const result = checkGradient({
      name: "runDeque",
      f: (inputs) => runDeque(inputs).reads,
      adjoint: (inputs, gReads) => runDequeBackward(runDeque(inputs), gReads),
      at: { top: softInputs(random, T, M), bottom: softInputs(random, T, M) },
      random,
    });
    worst = Math.max(worst, result.worstRelativeError);
    compared += result.compared;
    kinks += result.kinks;
  }
  assertLess(worst, 1e-8);
  assertEquals({ compared, kinks }, { compared: 16_156, kinks: 0 });
});

interface EndControls {
  readonly pops: Vector;
  readonly pushes: Vector;
}

/**
 * ∂L/∂u and ∂L/∂d where only one end's last read counts. Each digit is a row: the top's are worth 1, 10, 100 …, the
 * bottom's a thousand times as much.
 */
function lastReadGradient(readEnd: "top" | "bottom", top: EndControls, bottom: EndControls) {
  const last = top.pops.length - 1;
  const values = (unit: number): Matrix => top.pops.map((_, t) => [unit * 10 ** t]);
  const gReads = (isRead: boolean) => top.pops.map((_, t) => [Number(isRead && t === last)]);
  const trace = runDeque({
    top: { values: values(1), ...top },
    bottom: { values: values(1000), ...bottom },
  });
  const g = runDequeBackward(trace, {
    top: gReads(readEnd === "top"),
    bottom: gReads(readEnd === "bottom"),
  });
  const controls = ({ gPops, gPushes }: typeof g.top) => ({ gPops, gPushes });
  return { top: controls(g.top), bottom: controls(g.bottom) };
}

Deno.test("off ties: each pop passes its gradient through the row it ends in to those beyond", () => {
  // Rows are the bottom's .25 and the top's .75. The bottom's pop uses up .25 and takes .25 of the .75.
  const top = { pops: [0, 0], pushes: [0.75, 0] };
  const bottom = { pops: [0, 0.5], pushes: [0.25, 0.25] };
  assertEquals(lastReadGradient("bottom", top, bottom), {
    top: { gPops: [0, 0], gPushes: [1, 10] },
    bottom: { gPops: [0, -1], gPushes: [1, 10_000] },
  });
});

Deno.test("off ties: a row that both pops end in passes its gradient to both", () => {
  // One row of 1, from the bottom; .25 is taken at the top, then .25 at the bottom.
  const top = { pops: [0, 0.25], pushes: [0, 0.25] },
    bottom = { pops: [0, 0.25], pushes: [1, 0.125] };
  assertEquals(lastReadGradient("top", top, bottom), {
    top: { gPops: [0, -1000], gPushes: [1000, 10] },
    bottom: { gPops: [0, -1000], gPushes: [1000, 10_000] },
  });
});

Deno.test("tie at the top: a row that is used up exactly gets nothing, nor does the pop", () => {
  const top = { pops: [0, 0.5], pushes: [0.5, 0.25] },
    bottom = { pops: [0, 0], pushes: [0.5, 0.125] };
  assertEquals(lastReadGradient("top", top, bottom), {
    top: { gPops: [0, 0], gPushes: [0, 10] },
    bottom: { gPops: [0, 0], gPushes: [1000, 10_000] },
  });
});

Deno.test("tie at the bottom: a row that is used up exactly gets nothing, nor does the pop", () => {
  const top = { pops: [0, 0], pushes: [0.5, 0.125] },
    bottom = { pops: [0, 0.5], pushes: [0.5, 0.25] };
  assertEquals(lastReadGradient("bottom", top, bottom), {
    top: { gPops: [0, 0], gPushes: [1, 10] },
    bottom: { gPops: [0, 0], gPushes: [0, 10_000] },
  });
});

Deno.test("tie: what the top's pop leaves at exactly 0 is lost to the bottom's pop", () => {
  // The top's pop takes exactly the one row of 1; the bottom's finds max(0, 0).
  const top = { pops: [0, 1], pushes: [1, 0.25] }, bottom = { pops: [0, 0.5], pushes: [0, 0.25] };
  assertEquals(lastReadGradient("bottom", top, bottom), {
    top: { gPops: [0, 0], gPushes: [0, 10] },
    bottom: { gPops: [0, 0], gPushes: [0, 10_000] },
  });
});

Deno.test("tie s = 0: of two pushes of 0, the top's gets a later gradient from its own end's pop, the bottom's none", () => {
  // A row of .75 in the middle; then pushes of 0 at both ends; then each pop takes .125 of the .75.
  const top = { pops: [0, 0, 0.125], pushes: [0.75, 0, 0.25] };
  const bottom = { pops: [0, 0, 0.125], pushes: [0, 0, 0.25] };
  assertEquals(lastReadGradient("top", top, bottom), {
    top: { gPops: [0, 0, -1], gPushes: [1, 1, 100] },
    bottom: { gPops: [0, 0, -1], gPushes: [0, 0, 100_000] },
  });
});

Deno.test("tie s = 0: a push of 0 at one end gets the gradient of its own step's read of the other, full deque or not", () => {
  for (const strength of [1, 0.25]) {
    const full = { pops: [0, 0], pushes: [strength, 0] }, zeros = { pops: [0, 0], pushes: [0, 0] };
    assertEquals(lastReadGradient("bottom", zeros, full).top.gPushes, [0, 10]);
    assertEquals(lastReadGradient("top", full, zeros).bottom.gPushes, [0, 10_000]);
  }
});

Deno.test("ties of both reads: a whole row at an end is all that is read there", () => {
  const top = { pops: [0, 0], pushes: [0.5, 1] }, bottom = { pops: [0, 0], pushes: [0.5, 1] };
  for (const end of ["top", "bottom"] as const) {
    const g = lastReadGradient(end, top, bottom);
    assertEquals(g[end].gPushes, [0, end === "top" ? 10 : 10_000]);
    assertEquals(g[end === "top" ? "bottom" : "top"].gPushes, [0, 0]);
  }
});
