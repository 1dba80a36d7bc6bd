import { assertEquals } from "@std/assert";
import {
  maxStringLength,
  nextLevel,
  PUBLISHED_AUTOENCODER,
  TUTORIAL_CONTROLLER,
} from "@/tutorial/controller_recipes.ts";

const JUST_BELOW = 1 - Number.EPSILON;

Deno.test("the first tutorial run goes on below 5 L, not at it", () => {
  const { curriculum } = TUTORIAL_CONTROLLER;
  for (const level of [1, 2, 19]) {
    const at = { level, iteration: 99 };
    assertEquals(nextLevel(curriculum, { ...at, error: 5 * level }), level);
    assertEquals(nextLevel(curriculum, { ...at, error: 5 * level * JUST_BELOW }), level + 1);
  }
});

Deno.test("the second goes on below L + 4, not at it, and only after 10,000 strings", () => {
  const { curriculum } = PUBLISHED_AUTOENCODER;
  for (const level of [3, 4, 10]) {
    const at = { level, iteration: 10_099 };
    assertEquals(nextLevel(curriculum, { ...at, error: level + 4 }), level);
    assertEquals(nextLevel(curriculum, { ...at, error: (level + 4) * JUST_BELOW }), level + 1);
  }
  assertEquals(nextLevel(curriculum, { level: 3, error: 0, iteration: 10_000 }), 3);
  assertEquals(nextLevel(curriculum, { level: 3, error: 0, iteration: 10_001 }), 4);
});

Deno.test("the last level is the last, and has the longest strings", () => {
  const curriculum = { ...PUBLISHED_AUTOENCODER.curriculum, lastLevel: 10 };
  assertEquals(nextLevel(curriculum, { level: 10, error: 0, iteration: 20_000 }), 10);
  assertEquals(maxStringLength(curriculum), 12);
  assertEquals(maxStringLength({ ...TUTORIAL_CONTROLLER.curriculum, lastLevel: 19 }), 19);
});

Deno.test("an error that is NaN is not below anything", () => {
  const { curriculum } = TUTORIAL_CONTROLLER;
  assertEquals(nextLevel(curriculum, { level: 2, error: NaN, iteration: 99 }), 2);
});
