import { assert } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { assertSame } from "../../same.ts";
import { type Block, BUILDS, createKernelMemory, type KernelMemory } from "./kernel_memory.ts";
import { checkGaps, numberAt, placeRows, type Rows } from "./matrix_rows.ts";

/** Half of a Float32 number's last bit, for a number of size 1. */
const ULP = 2 ** -24;

/** W as multiply.ts wants it: panels of eight columns, each `depth` × 8. */
function pack(memory: KernelMemory, W: Rows): Block {
  const packed = memory.place(W.rows * W.width);
  for (let k = 0; k < W.rows; k++) {
    for (let n = 0; n < W.width; n++) {
      packed.numbers[((n >> 3) * W.rows + k) * 8 + n % 8] = numberAt(W, k, n);
    }
  }
  return packed;
}

for (const build of BUILDS) {
  Deno.test(`${build}: a product is within its bound of the exact one, whatever its shape`, () => {
    const random = seededRandom(`product ${build}`), memory = createKernelMemory(build);
    for (let rows = 1; rows <= 9; rows++) {
      for (const [depth, keep] of [[4, 1], [4, 0], [8, 0], [12, 1], [20, 0], [40, 1], [40, 0]]) {
        for (let width = 8; width <= 72; width += 8) {
          memory.clear();
          const [gapA, gapC] = [4 * random.integer(0, 3), 4 * random.integer(0, 3)];
          const A = placeRows(memory, random, rows, depth, gapA),
            W = placeRows(memory, random, depth, width, 0);
          const C = placeRows(memory, random, rows, width, gapC),
            before = { ...C, numbers: C.numbers.slice() };
          const packed = pack(memory, W);
          memory.kernels.multiply(
            A.at,
            4 * A.between,
            packed.at,
            C.at,
            4 * C.between,
            rows,
            depth,
            width,
            keep,
          );
          for (let i = 0; i < rows; i++) {
            for (let n = 0; n < width; n++) {
              let exact = keep * numberAt(before, i, n), size = Math.abs(exact);
              for (let k = 0; k < depth; k++) {
                exact += numberAt(A, i, k) * numberAt(W, k, n);
                size += Math.abs(numberAt(A, i, k) * numberAt(W, k, n));
              }
              // the sum that was there is one more term
              const wrong = Math.abs(numberAt(C, i, n) - exact);
              assert(wrong <= (depth + 1) * ULP * size, `${rows} × ${depth} × ${width}: ${wrong}`);
            }
          }
          checkGaps(C);
          memory.checkGuards();
        }
      }
    }
  });

  Deno.test(`${build}: a row of a product has the same bits whatever rows and columns are beside it`, () => {
    const random = seededRandom(`bits ${build}`), memory = createKernelMemory(build), depth = 20;
    const A = placeRows(memory, random, 9, depth, 4), W = placeRows(memory, random, depth, 72, 0);
    const packed = pack(memory, W),
      C = placeRows(memory, random, 9, 72, 0),
      start = C.numbers.slice();
    const product = (from: number, rows: number, first: number, width: number) => {
      C.numbers.set(start);
      const [a, c] = [A.at + from * 4 * A.between, C.at + 4 * (from * C.between + first)];
      const panels = packed.at + first * depth * 4;
      memory.kernels.multiply(a, 4 * A.between, panels, c, 4 * C.between, rows, depth, width, 1);
      return C.numbers.slice();
    };
    const rowOf = (C: Float32Array, i: number, first: number, width: number) =>
      C.slice(i * 72 + first, i * 72 + first + width);
    const one = Array.from({ length: 9 }, (_, i) => product(i, 1, 0, 8 * 9));
    for (let rows = 1; rows <= 9; rows++) {
      for (let first = 0; first < 72; first += 8) {
        for (let width = 8; first + width <= 72; width += 8) {
          const part = product(9 - rows, rows, first, width);
          for (let i = 9 - rows; i < 9; i++) {
            assertSame(rowOf(part, i, first, width), rowOf(one[i], i, first, width));
          }
        }
      }
    }
  });

  Deno.test(`${build}: large weights give the same bits whichever panels are taken first`, () => {
    const random = seededRandom(`large ${build}`), memory = createKernelMemory(build);
    const [rows, depth, width] = [3, 1020, 272]; // over a megabyte; the last group of panels is not full
    const A = placeRows(memory, random, rows, depth, 0),
      W = placeRows(memory, random, depth, width, 0);
    const packed = pack(memory, W), C = placeRows(memory, random, rows, width, 0);
    const start = C.numbers.slice();
    const product = (first: number, columns: number) => {
      const [panels, into] = [packed.at + first * depth * 4, C.at + first * 4];
      memory.kernels.multiply(A.at, depth * 4, panels, into, width * 4, rows, depth, columns, 1);
    };
    for (let first = 0; first < width; first += 8) product(first, 8);
    const panelByPanel = C.numbers.slice();
    for (let time = 1; time <= 4; time++) {
      C.numbers.set(start);
      product(0, width);
      assertSame(C.numbers, panelByPanel);
    }
    memory.checkGuards();
  });
}
