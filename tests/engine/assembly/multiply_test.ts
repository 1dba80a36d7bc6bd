import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { bits } from "../tensors.ts";
import { BUILDS, createDesk, type Desk, type Run } from "./kernel_desk.ts";
import { checkGaps, layRows, numberAt, type Rows } from "./laid_rows.ts";

/** Half of a Float32 number's last bit, for a number of size 1. */
const ULP = 2 ** -24;

/** W as multiply.ts wants it: panels of eight columns, each `depth` × 8, and half a panel of the last four. */
function pack(desk: Desk, W: Rows): Run {
  const packed = desk.lay(W.rows * W.width);
  for (let k = 0; k < W.rows; k++) {
    for (let n = 0; n < W.width; n++) {
      const first = n - n % 8, columns = Math.min(8, W.width - first);
      packed.numbers[first * W.rows + k * columns + n % 8] = numberAt(W, k, n);
    }
  }
  return packed;
}

for (const build of BUILDS) {
  Deno.test(`${build}: a product is within its bound of the exact one, whatever its shape`, () => {
    const random = seededRandom(`product ${build}`), desk = createDesk(build);
    for (let rows = 1; rows <= 9; rows++) {
      for (const [depth, keep] of [[4, 1], [4, 0], [8, 0], [12, 1], [20, 0], [40, 1], [40, 0]]) {
        for (let width = 4; width <= 72; width += 4) {
          desk.clear();
          const [gapA, gapC] = [4 * random.integer(0, 3), 4 * random.integer(0, 3)];
          const A = layRows(desk, random, rows, depth, gapA),
            W = layRows(desk, random, depth, width, 0);
          const C = layRows(desk, random, rows, width, gapC),
            before = { ...C, numbers: C.numbers.slice() };
          const packed = pack(desk, W);
          desk.kernels.multiply(
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
          desk.checkGuards();
        }
      }
    }
  });

  Deno.test(`${build}: a row of a product has the same bits whatever the rows and columns beside it`, () => {
    const random = seededRandom(`bits ${build}`), desk = createDesk(build), depth = 20;
    const A = layRows(desk, random, 9, depth, 4), W = layRows(desk, random, depth, 72, 0);
    const packed = pack(desk, W), C = layRows(desk, random, 9, 72, 0), start = C.numbers.slice();
    const product = (from: number, rows: number, first: number, width: number) => {
      C.numbers.set(start);
      const [a, c] = [A.at + from * 4 * A.between, C.at + 4 * (from * C.between + first)];
      const panels = packed.at + first * depth * 4;
      desk.kernels.multiply(a, 4 * A.between, panels, c, 4 * C.between, rows, depth, width, 1);
      return C.numbers.slice();
    };
    const rowOf = (C: Float32Array, i: number, first: number, width: number) =>
      bits(C.slice(i * 72 + first, i * 72 + first + width));
    const one = Array.from({ length: 9 }, (_, i) => product(i, 1, 0, 8 * 9));
    for (let rows = 1; rows <= 9; rows++) {
      for (let first = 0; first < 72; first += 8) {
        for (let width = 8; first + width <= 72; width += 8) {
          const part = product(9 - rows, rows, first, width);
          for (let i = 9 - rows; i < 9; i++) {
            assertEquals(rowOf(part, i, first, width), rowOf(one[i], i, first, width));
          }
        }
      }
    }
  });

  Deno.test(`${build}: a row of half a panel has the same bits whatever the rows beside it, and as in a whole one`, () => {
    const random = seededRandom(`half ${build}`), desk = createDesk(build);
    for (const depth of [4, 8, 12, 20]) {
      const A = layRows(desk, random, 9, depth, 4), W = layRows(desk, random, depth, 4, 0);
      const whole = layRows(desk, random, depth, 8, 0);
      whole.numbers.forEach((_, i) =>
        whole.numbers[i] = i % 8 < 4 ? numberAt(W, i >> 3, i % 8) : 0
      );
      const product = (W: Rows, from: number, rows: number) => {
        const C = layRows(desk, seededRandom("same"), 9, 8, 0), packed = pack(desk, W);
        const [a, c] = [A.at + from * 4 * A.between, C.at + from * 4 * C.between];
        const between = [4 * A.between, packed.at, c, 4 * C.between] as const;
        desk.kernels.multiply(a, ...between, rows, depth, W.width, 1);
        return Array.from(
          { length: rows },
          (_, i) => bits(C.numbers.slice((from + i) * 8, (from + i) * 8 + 4)),
        );
      };
      const all = product(W, 0, 9);
      assertEquals(product(whole, 0, 9), all);
      for (let rows = 1; rows <= 9; rows++) {
        assertEquals(product(W, 9 - rows, rows), all.slice(9 - rows));
      }
    }
  });
}
