import { assertEquals } from "@std/assert";
import { createArena } from "@/engine/engine_buffers.ts";
import { loadKernels } from "@/engine/kernel_calls.ts";
import { fusesMultiplyAdd } from "@/engine/machine.ts";
import { seededRandom } from "@/math/random.ts";

Deno.test("the strict build rounds every product", () => {
  assertEquals(fusesMultiplyAdd("strict"), false);
});

Deno.test("the builds differ on random numbers exactly where multiply-adds are fused", () => {
  const random = seededRandom(1), { memory } = createArena();
  const relaxed = loadKernels(memory, "relaxed"), strict = loadKernels(memory, "strict");
  const differ = Array.from({ length: 100 }, () => {
    const x = random.uniform(-1, 1), y = random.uniform(-1, 1);
    return relaxed.multiplyAdds(3, x, y) !== strict.multiplyAdds(3, x, y);
  });
  assertEquals(differ.includes(true), fusesMultiplyAdd("relaxed"));
});
