import { assert, assertEquals, assertThrows } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { range } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import { type CellWeights, startCell, stateAfter, stepCell } from "@/network/cell.ts";
import { runLayers, runLayersBackward, startBackward } from "@/network/recurrent_layers.ts";
import { numbers, vector, zerosLike } from "./random_numbers.ts";

const SUMS = { rnn: 1, gru: 3, lstm: 4 };

function randomCell(random: RandomSource, kind: keyof typeof SUMS, H: number, I: number) {
  const J = SUMS[kind] * H, [Wih, Whh, b] = [J * I, J * H, J].map((size) => numbers(random, size));
  const cell: CellWeights = { Wih, Whh, b, h0: numbers(random, H) };
  if (kind === "gru") return { ...cell, bHn: numbers(random, H) };
  return kind === "lstm" ? { ...cell, c0: numbers(random, H) } : cell;
}

Deno.test("each layer runs over what the one below it has made of the whole sequence", () => {
  const random = seededRandom("layer by layer");
  for (const kind of ["rnn", "gru", "lstm"] as const) {
    const cells = [randomCell(random, kind, 3, 2), randomCell(random, kind, 3, 3)];
    const inputs = range(4).map(() => vector(random, 2)), start = cells.map((c) => startCell(c));
    const steps = runLayers(cells, inputs, start);
    let below = inputs;
    cells.forEach((cell, l) => {
      let state = start[l];
      below = below.map((x, t) => {
        const step = stepCell(cell, x, state);
        assertEquals(steps[t][l], step);
        state = stateAfter(step);
        return step.h;
      });
    });
  }
});

Deno.test("the layers' adjoint agrees with central differences, states at every step being read", () => {
  const random = seededRandom("layers");
  for (const kind of ["rnn", "gru", "lstm"] as const) {
    for (let n = 0; n < 4; n++) {
      const [H, I, L, T] = [3, 3, 3, 4].map((most) => random.integer(1, most + 1));
      const cells = range(L).map((l) => randomCell(random, kind, H, l === 0 ? I : H));
      const { passed, kinks, summary } = checkGradient({
        name: `${L} layers of ${kind}`,
        f: ({ cells, inputs }) => {
          const steps = runLayers(cells, inputs, cells.map((cell) => startCell(cell)));
          return { tops: steps.map((step) => step[L - 1].h), final: steps[T - 1].map(stateAfter) };
        },
        adjoint: ({ cells, inputs }, { tops: gTops, final }) => {
          const steps = runLayers(cells, inputs, cells.map((cell) => startCell(cell)));
          const gCells = cells.map(zerosLike),
            gFinal = final.map(({ h, c }) => ({ gH: h, gC: c ?? [] }));
          const { gInputs, gStart } = runLayersBackward(cells, gCells, steps, gTops, gFinal);
          startBackward(gCells, gStart);
          return { gCells, gInputs };
        },
        at: { cells, inputs: range(T).map(() => vector(random, I)) },
        random,
      });
      assert(passed, summary);
      assertEquals(kinks, 0);
    }
  }
});

Deno.test("a gradient for too few steps is refused", () => {
  const cells = [randomCell(seededRandom(1), "rnn", 1, 1)];
  const steps = runLayers(cells, [[1], [2]], [{ h: [0] }]);
  assertThrows(
    () => runLayersBackward(cells, cells.map(zerosLike), steps, [[1]], [{ gH: [0], gC: [] }]),
    TypeError,
    "Cannot reverse layers: wanted 2 rows of gradients of the top layer's h, got 1",
  );
});
