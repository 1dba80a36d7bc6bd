import { assert, assertEquals } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { seededRandom } from "@/math/random.ts";
import {
  type End,
  popAt,
  popAtBackward,
  readAt,
  readAtBackward,
  readWeightsAt,
  readWeightsAtBackward,
} from "@/memory/ends.ts";
import { normalMatrix, softControls } from "./port_cases.ts";

const ENDS: readonly End[] = ["top", "bottom"];

Deno.test("turned upside down, the bottom is the top, to the last bit", () => {
  const random = seededRandom("upside down");
  for (let n = 0; n < 200; n++) {
    const t = random.integer(1, 9), s = softControls(random, t), g = softControls(random, t);
    const u = random.uniform(0, 2), values = normalMatrix(random, t, 2), gRead = g.slice(0, 1);
    const [sUp, gUp, VUp] = [s.toReversed(), g.toReversed(), values.toReversed()];
    assertEquals(popAt(s, u, "bottom").reverse(), popAt(sUp, u, "top"));
    assertEquals(readWeightsAt(s, "bottom").reverse(), readWeightsAt(sUp, "top"));
    const [popped, turned] = [
      popAtBackward(s, u, g, "bottom"),
      popAtBackward(sUp, u, gUp, "top"),
    ];
    assertEquals([popped.gStrengths.reverse(), popped.gPop], [turned.gStrengths, turned.gPop]);
    const rows = { values: values.map(([x]) => [x]), strengths: s };
    const rowsUp = { values: VUp.map(([x]) => [x]), strengths: sUp };
    const [read, readUp] = [
      readAtBackward(rows, gRead, "bottom"),
      readAtBackward(rowsUp, gRead, "top"),
    ];
    assertEquals(read.strengths.reverse(), readUp.strengths);
  }
});

for (const end of ENDS) {
  Deno.test(`a pop and a read at the ${end}: both adjoints agree with central differences`, () => {
    const random = seededRandom(end);
    for (let n = 0; n < 100; n++) {
      const t = random.integer(1, 13),
        M = random.integer(1, 6),
        strengths = softControls(random, t);
      const pop = checkGradient({
        name: "popAt",
        f: ({ strengths, pop }) => popAt(strengths, pop, end),
        adjoint: ({ strengths, pop }, gAfter) => popAtBackward(strengths, pop, gAfter, end),
        at: { strengths, pop: random.uniform(0.05, 2) },
        random,
      });
      assert(pop.passed, pop.summary);
      const read = checkGradient({
        name: "readAt",
        f: (rows) => readAt(rows, end),
        adjoint: (rows, gRead) => readAtBackward(rows, gRead, end),
        at: { values: normalMatrix(random, t, M), strengths },
        random,
      });
      assert(read.passed, read.summary);
    }
  });
}

Deno.test("ties of a pop at the bottom: max(0, x) passes nothing at x = 0", () => {
  // The pop takes exactly row 0, or exactly all there is.
  assertEquals(popAtBackward([0.5, 0.75], 0.5, [1, 10], "bottom"), {
    gStrengths: [0, 10],
    gPop: 0,
  });
  assertEquals(popAtBackward([0.5, 0.5], 1, [1, 10], "bottom"), { gStrengths: [0, 0], gPop: 0 });
  // A pop of 0 touches nothing; a row of strength 0 is at max(0, 0) whatever the pop.
  assertEquals(popAtBackward([0.75, 0], 0, [1, 10], "bottom"), { gStrengths: [1, 0], gPop: 0 });
  // A row of strength 0 on the pop's way: a little more of it would have spared row 1.
  assertEquals(popAtBackward([0, 0.75], 0.25, [1, 10], "bottom"), {
    gStrengths: [10, 10],
    gPop: -10,
  });
});

Deno.test("ties of a read at the bottom: min(s, room) belongs to s at s = room", () => {
  // Row 1 has exactly .5 of room above row 0's .5: both own their weights.
  assertEquals(readWeightsAtBackward([0.5, 0.5], [1, 10], "bottom"), [1, 10]);
  // A whole unit in front leaves max(0, 0) for row 1, which passes nothing to row 0.
  assertEquals(readWeightsAtBackward([1, 0.5], [1, 10], "bottom"), [1, 0]);
  // Strength 0 and room 0: by the same rule it belongs to the strength.
  assertEquals(readWeightsAtBackward([1, 0], [1, 10], "bottom"), [1, 10]);
});
