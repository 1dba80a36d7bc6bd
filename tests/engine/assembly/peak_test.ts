import { assertEquals } from "@std/assert";
import { BUILDS, createDesk } from "./kernel_desk.ts";

Deno.test("the measure of the machine's peak does the multiply-adds that it says", () => {
  for (const build of BUILDS) {
    const { kernels } = createDesk(build);
    assertEquals(kernels.multiplyAdds(10, 0.5, 0.25), 12 * 4 * (0.5 + 10 * 0.5 * 0.25));
  }
});
