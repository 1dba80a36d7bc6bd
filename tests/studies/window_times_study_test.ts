import { assert, assertEquals } from "@std/assert";
import {
  REFERENCE_WINDOW,
  summarizeTimes,
  TIMED_WINDOWS,
  WINDOW_TIMES_FILE,
  type WindowTimesTable,
} from "@/studies/window_times_study.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

Deno.test("a ratio is one of two times of the same round, and the median of the rounds counts", () => {
  const rounds = [[20, 10], [300, 100], [8, 2], [5, 1], [70, 10]]; // ratios 2, 3, 4, 5, 7
  assertEquals(summarizeTimes([4, REFERENCE_WINDOW], rounds), [
    { window: 4, ratio: 4, quartiles: [3, 5] },
    { window: REFERENCE_WINDOW, ratio: 1, quartiles: [1, 1] },
  ]);
});

Deno.test({
  name: "the stored table has a time for each window, and the reference window's is 1",
  ignore: !mayRead,
  fn() {
    const { rounds, windows }: WindowTimesTable = JSON.parse(
      Deno.readTextFileSync(WINDOW_TIMES_FILE),
    );
    assert(rounds >= 5);
    assertEquals(windows.map(({ window }) => window), [...TIMED_WINDOWS]);
    assertEquals(windows.find(({ window }) => window === REFERENCE_WINDOW)!.ratio, 1);
    for (const { ratio, quartiles: [lower, upper] } of windows) {
      assert(lower <= ratio && ratio <= upper);
    }
  },
});
