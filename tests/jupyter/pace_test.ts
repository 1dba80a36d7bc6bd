import { assertEquals } from "@std/assert";
import { Pace } from "@/jupyter/pace.ts";

/** How many times it is due in so many seconds, if it is asked every millisecond and takes so many itself. */
function timesIn(seconds: number, takes: number): number {
  const pace = new Pace();
  let times = 0;
  for (let now = 0; now < 1000 * seconds; now++) {
    if (!pace.isDue(now)) continue;
    pace.done(now, now + takes);
    now += takes;
    times++;
  }
  return times;
}

Deno.test("an hour takes few times more than a minute", () => {
  assertEquals([12, 60, 600, 3600].map((seconds) => timesIn(seconds, 0)), [30, 75, 167, 245]);
});

Deno.test("what takes long is done for a sixth of the time", () => {
  assertEquals(timesIn(60, 1000), 10);
});
