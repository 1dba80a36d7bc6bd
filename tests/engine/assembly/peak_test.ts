import { assertEquals } from "@std/assert";
import { BUILDS, createKernelMemory } from "./kernel_memory.ts";

Deno.test("the peak measurement does as many multiply-adds as it says", () => {
  for (const build of BUILDS) {
    const { kernels } = createKernelMemory(build);
    assertEquals(kernels.multiplyAdds(10, 0.5, 0.25), 12 * 4 * (0.5 + 10 * 0.5 * 0.25));
  }
});
