import { assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { createDesk } from "./kernel_desk.ts";
import { layRows, numberAt } from "./laid_rows.ts";

Deno.test("packed forwards, a panel holds eight rows of the weights, turned", () => {
  const random = seededRandom("pack"), desk = createDesk("strict");
  for (const inputs of [4, 8, 12, 20]) {
    const W = layRows(desk, random, 24, inputs, 4), packed = desk.lay(24 * inputs);
    desk.kernels.packForward(W.at, 4 * W.between, inputs, packed.at, 1, 3);
    for (let n = 8; n < 24; n++) {
      for (let k = 0; k < inputs; k++) {
        assertEquals(packed.numbers[((n >> 3) * inputs + k) * 8 + n % 8], numberAt(W, n, k));
      }
    }
    assertEquals(new Set(packed.numbers.subarray(0, 8 * inputs)), new Set([0])); // another's panel
    desk.checkGuards();
  }
});

Deno.test("packed backwards, a panel holds eight columns of the weights", () => {
  const random = seededRandom("pack"), desk = createDesk("strict");
  for (const outputs of [8, 16, 24]) {
    const W = layRows(desk, random, outputs, 24, 8), packed = desk.lay(24 * outputs);
    desk.kernels.packBackward(W.at, 4 * W.between, outputs, packed.at, 0, 2);
    for (let n = 0; n < outputs; n++) {
      for (let k = 0; k < 16; k++) {
        assertEquals(packed.numbers[((k >> 3) * outputs + n) * 8 + k % 8], numberAt(W, n, k));
      }
    }
    assertEquals(new Set(packed.numbers.subarray(16 * outputs)), new Set([0]));
    desk.checkGuards();
  }
});

Deno.test("half a panel holds four rows of the weights, turned, or four columns of them", () => {
  const random = seededRandom("pack halves"), desk = createDesk("strict");
  for (const size of [4, 8, 20]) {
    const rows = layRows(desk, random, 4, size, 4), columns = layRows(desk, random, size, 4, 8);
    const [forwards, backwards] = [desk.lay(4 * size), desk.lay(4 * size)];
    desk.kernels.packHalfForward(rows.at, 4 * rows.between, size, forwards.at);
    desk.kernels.packHalfBackward(columns.at, 4 * columns.between, size, backwards.at);
    for (let k = 0; k < size; k++) {
      for (let n = 0; n < 4; n++) {
        assertEquals(forwards.numbers[k * 4 + n], numberAt(rows, n, k));
        assertEquals(backwards.numbers[k * 4 + n], numberAt(columns, k, n));
      }
    }
    desk.checkGuards();
  }
});
