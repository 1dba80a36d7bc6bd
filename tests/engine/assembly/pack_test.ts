import { assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { createKernelMemory } from "./kernel_memory.ts";
import { numberAt, placeRows } from "./matrix_rows.ts";

Deno.test("packed forwards, a panel holds eight rows of the weights, transposed", () => {
  const random = seededRandom("pack"), memory = createKernelMemory("strict");
  for (const inputs of [4, 8, 12, 20]) {
    const W = placeRows(memory, random, 24, inputs, 4), packed = memory.place(24 * inputs);
    memory.kernels.packForward(W.at, 4 * W.between, inputs, packed.at, 1, 3);
    for (let n = 8; n < 24; n++) {
      for (let k = 0; k < inputs; k++) {
        assertEquals(packed.numbers[((n >> 3) * inputs + k) * 8 + n % 8], numberAt(W, n, k));
      }
    }
    assertEquals(new Set(packed.numbers.subarray(0, 8 * inputs)), new Set([0])); // another worker's panel
    memory.checkGuards();
  }
});

Deno.test("packed backwards, a panel holds eight columns of the weights", () => {
  const random = seededRandom("pack"), memory = createKernelMemory("strict");
  for (const outputs of [8, 16, 24]) {
    const W = placeRows(memory, random, outputs, 24, 8), packed = memory.place(24 * outputs);
    memory.kernels.packBackward(W.at, 4 * W.between, outputs, packed.at, 0, 2);
    for (let n = 0; n < outputs; n++) {
      for (let k = 0; k < 16; k++) {
        assertEquals(packed.numbers[((k >> 3) * outputs + n) * 8 + k % 8], numberAt(W, n, k));
      }
    }
    assertEquals(new Set(packed.numbers.subarray(16 * outputs)), new Set([0]));
    memory.checkGuards();
  }
});
