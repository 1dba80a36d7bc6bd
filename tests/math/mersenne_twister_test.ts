import { assertEquals, assertThrows } from "@std/assert";
import { MersenneTwister } from "@/math/numpy_random.ts";

Deno.test("the ten thousandth word of the default seed is the one the C++ standard requires", () => {
  const twister = new MersenneTwister(5489);
  for (let i = 1; i < 10_000; i++) twister.nextWord();
  assertEquals(twister.nextWord(), 4123659995);
});

Deno.test("a state taken anywhere in a batch of 624 words continues the stream", () => {
  const twister = new MersenneTwister(1);
  for (const skipped of [0, 1, 622, 1, 700]) {
    for (let i = 0; i < skipped; i++) twister.nextWord();
    const copy = new MersenneTwister(twister.state());
    for (let i = 0; i < 1500; i++) assertEquals(copy.nextWord(), twister.nextWord());
  }
});

Deno.test("a state is a snapshot: drawing on does not change it", () => {
  const twister = new MersenneTwister(1);
  const [state, before] = [twister.state(), JSON.stringify(twister.state())];
  for (let i = 0; i < 700; i++) twister.nextWord();
  assertEquals(JSON.stringify(state), before);
});

Deno.test("a seed that is no 32-bit word is refused", () => {
  for (const seed of [-1, 1.5, 2 ** 32, NaN]) {
    assertThrows(() => new MersenneTwister(seed), RangeError, `got ${seed}`);
  }
});
