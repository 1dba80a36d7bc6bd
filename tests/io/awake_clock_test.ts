import { assert, assertEquals } from "@std/assert";
import { createAwakeClock } from "@/io/awake_clock.ts";

/** What the clock shows after each interval, of so many milliseconds, in which the process computes for so many. */
function shownAfter(...intervals: readonly (readonly [elapsed: number, computed: number])[]) {
  let [time, computed] = [500, 40];
  const clock = createAwakeClock(() => time, () => computed);
  return intervals.map(([elapsed, busy]) => {
    time += elapsed;
    computed += busy;
    return clock() - 500;
  });
}

Deno.test("time in which the process computes goes by, however long the interval", () => {
  assertEquals(shownAfter([50, 50], [120_000, 100_000], [120_000, 6000]), [50, 120_050, 240_050]);
});

Deno.test("a long interval without computing is left out, and time goes by again afterwards", () => {
  assertEquals(shownAfter([1000, 900], [3_600_000, 20], [50, 40]), [1000, 1000, 1050]);
});

Deno.test("a short interval without computing goes by: another process had the processor", () => {
  assertEquals(shownAfter([4999, 0]), [4999]);
});

Deno.test("this process's own time goes by while it computes", () => {
  const clock = createAwakeClock(), began = clock(), start = performance.now();
  while (performance.now() - start < 30);
  assert(clock() - began >= 29);
});
