import { assertEquals, assertThrows } from "@std/assert";
import { Budget, type BudgetWorld } from "@/jupyter/budget.ts";

/** A world in which each look at the clock takes 100 ms, and a stop is asked for at given times. */
function world(...stops: number[]): BudgetWorld & { looks: number } {
  let clock = -100;
  return {
    looks: 0,
    now: () => clock += 100,
    takeStop() {
      this.looks++;
      const isAsked = stops.length > 0 && stops[0] <= clock;
      if (isAsked) stops.shift();
      return isAsked;
    },
  };
}

Deno.test("a budget in strings is over when they are spent, on every machine at the same string", () => {
  const budget = new Budget({ strings: 100 }, world());
  for (let i = 0; i < 9; i++) budget.spend(11);
  assertEquals(budget.isOver(), false);
  budget.spend(1);
  assertEquals([budget.isOver(), budget.ending, budget.spent], [true, "strings", 100]);
});

Deno.test("a budget in seconds counts from the first question", () => {
  const budget = new Budget({ seconds: 0.5 }, world());
  assertEquals(Array.from({ length: 7 }, () => budget.isOver()), [
    ...new Array(5).fill(false),
    true,
    true,
  ]);
  assertEquals(budget.ending, "seconds");
});

Deno.test("a request to stop ends it, and is taken", () => {
  const budget = new Budget({ strings: 9 }, world(250));
  const answers = Array.from({ length: 6 }, () => budget.isOver());
  assertEquals(answers, [false, false, false, false, true, true]);
  assertEquals(budget.ending, "stopped");
});

Deno.test("a request from before the start is taken and forgotten", () => {
  const budget = new Budget({ strings: 9 }, world(0));
  assertEquals(Array.from({ length: 9 }, () => budget.isOver()).includes(true), false);
});

Deno.test("the disk is looked at every 200 ms at most", () => {
  const outside = world();
  const budget = new Budget({ strings: 9 }, outside);
  for (let i = 0; i < 100; i++) budget.isOver();
  assertEquals(outside.looks, 1 + 50);
});

Deno.test("what it was over for, it stays over for", () => {
  const budget = new Budget({ strings: 9, seconds: 0.1 }, world());
  assertEquals([budget.isOver(), budget.isOver(), budget.ending], [false, true, "seconds"]);
  budget.spend(20);
  assertEquals([budget.isOver(), budget.ending], [true, "seconds"]);
});

Deno.test("a budget without an end, or of nothing, is refused", () => {
  for (
    const allowance of [{}, { seconds: 0 }, { strings: -1 }, { strings: NaN }, {
      seconds: Infinity,
    }]
  ) {
    assertThrows(
      () => new Budget(allowance, world()),
      RangeError,
      "wanted seconds or strings above 0",
    );
  }
});
