import { assertEquals, assertThrows } from "@std/assert";
import { createArena, MOST_PAGES } from "@/engine/arena.ts";

Deno.test("an arena refuses what WebAssembly has not, and is as it was", () => {
  const arena = createArena(), before = arena.taken();
  for (const bytes of [2 ** 32, 1e15, Infinity]) {
    assertThrows(() => arena.take(bytes), RangeError, "Cannot make room for");
    assertEquals(arena.taken(), before);
  }
  assertEquals(arena.take(64), before);
  assertEquals(arena.taken(), before + 64);
  arena.release(before);
  assertEquals(arena.take(1), before);
  assertEquals(MOST_PAGES * 65536, 2 ** 32);
});

Deno.test("what an arena hands out can be written to its last byte, and keeps what it holds as it grows", () => {
  const arena = createArena(), [first, second] = [arena.take(100), arena.take(3 * 65536 + 1)];
  assertEquals([first % 64, second % 64, second - first], [0, 0, 128]);
  new Uint8Array(arena.memory.buffer, first, 100).fill(7);
  new Uint8Array(arena.memory.buffer, second, 3 * 65536 + 1).fill(8);
  arena.take(2 ** 22);
  assertEquals(new Set(new Uint8Array(arena.memory.buffer, first, 100)), new Set([7]));
  assertEquals(new Set(new Uint8Array(arena.memory.buffer, second, 3 * 65536 + 1)), new Set([8]));
});
