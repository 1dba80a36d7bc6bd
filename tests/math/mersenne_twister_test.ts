import { assertEquals, assertThrows } from "@std/assert";
import { MersenneTwister } from "@/math/numpy_random.ts";

Deno.test("the ten thousandth word of the default seed is the one the C++ standard requires", () => {
  const twister = new MersenneTwister(5489);
  for (let i = 1; i < 10_000; i++) twister.nextWord();
  assertEquals(twister.nextWord(), 4123659995);
});

Deno.test("a seed that is no 32-bit word is refused", () => {
  for (const seed of [-1, 1.5, 2 ** 32, NaN]) {
    assertThrows(() => new MersenneTwister(seed), RangeError, `got ${seed}`);
  }
});
