import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { bits } from "../tensors.ts";
import { BUILDS, createDesk, randomFloats } from "./kernel_desk.ts";
import { checkGaps, layRows, numberAt, type Rows } from "./laid_rows.ts";

/** Half of a Float32 number's last bit, for a number of size 1. */
const ULP = 2 ** -24;

/** As in outer.ts: a panel of inputs, and a panel of each four outputs. */
function scratchFloats(outputs: number): number {
  return (256 * 32 + outputs / 4 * (256 * 16 + 64)) / 4;
}

for (const build of BUILDS) {
  Deno.test(`${build}: the gradients' product is within its bound of the exact one, in place and copied`, () => {
    const random = seededRandom(`outer ${build}`), desk = createDesk(build);
    for (const rows of [1, 2, 7, 255, 256, 257, 512, 600]) {
      for (
        const [outputs, inputs, gapY, gapX] of [
          [4, 8, 0, 0],
          [12, 16, 4, 8],
          [8, 24, 128, 0],
          [20, 8, 0, 132],
          [4, 4, 0, 4],
          [20, 12, 4, 0],
          [16, 20, 0, 132],
        ]
      ) {
        desk.clear();
        const Y = layRows(desk, random, rows, outputs, gapY),
          X = layRows(desk, random, rows, inputs, gapX);
        const G = layRows(desk, random, outputs, inputs, 4),
          before = { ...G, numbers: G.numbers.slice() };
        const scratch = desk.lay(scratchFloats(outputs));
        desk.kernels.outer(
          ...[Y.at, 4 * Y.between, X.at, 4 * X.between, G.at, 4 * G.between] as const,
          ...[rows, outputs, inputs, scratch.at] as const,
        );
        for (let n = 0; n < outputs; n++) {
          for (let k = 0; k < inputs; k++) {
            let exact = numberAt(before, n, k), size = Math.abs(exact);
            for (let i = 0; i < rows; i++) {
              exact += numberAt(Y, i, n) * numberAt(X, i, k);
              size += Math.abs(numberAt(Y, i, n) * numberAt(X, i, k));
            }
            const wrong = Math.abs(numberAt(G, n, k) - exact);
            assert(
              wrong <= (rows + 1) * ULP * size,
              `${rows} rows, ${outputs} × ${inputs}: ${wrong}`,
            );
          }
        }
        checkGaps(G);
        desk.checkGuards();
      }
    }
  });

  Deno.test(`${build}: the gradients' product has the same bits in place and copied, whole and in parts`, () => {
    const random = seededRandom(`outer bits ${build}`), desk = createDesk(build), rows = 523;
    const [outputs, inputs] = [12, 20];
    const [Y, X] = [
      layRows(desk, random, rows, outputs, 0),
      layRows(desk, random, rows, inputs, 0),
    ];
    const [wideY, wideX] = [
      layRows(desk, random, rows, outputs, 160),
      layRows(desk, random, rows, inputs, 160),
    ];
    for (const [from, to] of [[Y, wideY], [X, wideX]]) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < from.width; j++) to.numbers[i * to.between + j] = numberAt(from, i, j);
      }
    }
    const scratch = desk.lay(scratchFloats(outputs)),
      start = randomFloats(random, outputs * inputs);
    const product = (Y: Rows, X: Rows, edges: number[]) => {
      const G = desk.lay(start);
      edges.slice(1).forEach((to, i) =>
        desk.kernels.outer(
          ...[Y.at + 4 * edges[i], 4 * Y.between, X.at, 4 * X.between] as const,
          ...[
            G.at + 4 * edges[i] * inputs,
            4 * inputs,
            rows,
            to - edges[i],
            inputs,
            scratch.at,
          ] as const,
        )
      );
      return bits(G.numbers);
    };
    const whole = product(Y, X, [0, 12]);
    assertEquals(product(wideY, wideX, [0, 12]), whole);
    assertEquals(product(Y, wideX, [0, 12]), whole);
    assertEquals(product(wideY, X, [0, 4, 12]), whole);
    assertEquals(product(Y, X, [0, 4, 8, 12]), whole);
    desk.checkGuards();
  });
}
