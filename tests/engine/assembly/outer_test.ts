import { assert } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { assertSame } from "../../same.ts";
import { BUILDS, createKernelMemory, randomFloats } from "./kernel_memory.ts";
import { checkGaps, numberAt, placeRows, type Rows } from "./matrix_rows.ts";

/** Half of a Float32 number's last bit, for a number of size 1. */
const ULP = 2 ** -24;

/** As in outer.ts: a panel of inputs, and a panel of each four outputs. */
function scratchFloats(outputs: number): number {
  return (256 * 32 + outputs / 4 * (256 * 16 + 64)) / 4;
}

for (const build of BUILDS) {
  Deno.test(`${build}: the gradients' product is within its bound of the exact one, in place and copied`, () => {
    const random = seededRandom(`outer ${build}`), memory = createKernelMemory(build);
    for (const rows of [1, 2, 7, 255, 256, 257, 512, 600]) {
      for (
        const [outputs, inputs, gapY, gapX] of [
          [4, 8, 0, 0],
          [12, 16, 4, 8],
          [8, 24, 128, 0],
          [20, 8, 0, 132],
          [20, 16, 4, 0],
          [16, 24, 0, 132],
        ]
      ) {
        memory.clear();
        const Y = placeRows(memory, random, rows, outputs, gapY),
          X = placeRows(memory, random, rows, inputs, gapX);
        const G = placeRows(memory, random, outputs, inputs, 4),
          before = { ...G, numbers: G.numbers.slice() };
        const scratch = memory.place(scratchFloats(outputs));
        memory.kernels.outer(
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
        memory.checkGuards();
      }
    }
  });

  Deno.test(`${build}: the gradients' product has the same bits in place and copied, whole and in parts`, () => {
    const random = seededRandom(`outer bits ${build}`),
      memory = createKernelMemory(build),
      rows = 523;
    const [outputs, inputs] = [12, 24];
    const [Y, X] = [
      placeRows(memory, random, rows, outputs, 0),
      placeRows(memory, random, rows, inputs, 0),
    ];
    const [wideY, wideX] = [
      placeRows(memory, random, rows, outputs, 160),
      placeRows(memory, random, rows, inputs, 160),
    ];
    for (const [from, to] of [[Y, wideY], [X, wideX]]) {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < from.width; j++) to.numbers[i * to.between + j] = numberAt(from, i, j);
      }
    }
    const scratch = memory.place(scratchFloats(outputs)),
      start = randomFloats(random, outputs * inputs);
    const product = (Y: Rows, X: Rows, edges: number[]) => {
      const G = memory.place(start);
      edges.slice(1).forEach((to, i) =>
        memory.kernels.outer(
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
      return G.numbers.slice();
    };
    const whole = product(Y, X, [0, 12]);
    assertSame(product(wideY, wideX, [0, 12]), whole);
    assertSame(product(Y, wideX, [0, 12]), whole);
    assertSame(product(wideY, X, [0, 4, 12]), whole);
    assertSame(product(Y, X, [0, 4, 8, 12]), whole);
    memory.checkGuards();
  });
}
