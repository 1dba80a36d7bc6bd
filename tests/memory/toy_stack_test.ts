import { assertEquals, assertThrows } from "@std/assert";
import { ToyStack } from "@/memory/toy_stack.ts";

Deno.test("the last item put on the pile is the first to come off", () => {
  const pile = new ToyStack<number>();
  for (const item of [1, 2, 3]) pile.push(item);
  assertEquals([pile.pop(), pile.pop(), pile.pop()], [3, 2, 1]);
  assertEquals(pile.size, 0);
});

Deno.test("peek leaves the top item where it is", () => {
  const pile = new ToyStack<string>();
  assertEquals(pile.peek(), undefined);
  pile.push("atlas");
  pile.push("novel");
  assertEquals(pile.peek(), "novel");
  assertEquals(pile.items, ["atlas", "novel"]);
});

Deno.test("the items handed out are a copy", () => {
  const pile = new ToyStack<string>();
  pile.push("atlas");
  pile.items.push("forged");
  assertEquals(pile.items, ["atlas"]);
});

Deno.test("popping an empty pile is refused", () => {
  assertThrows(
    () => new ToyStack<string>().pop(),
    RangeError,
    "Cannot pop: wanted a pile with at least 1 item, got an empty one",
  );
});
