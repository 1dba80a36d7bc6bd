import { assertEquals, assertThrows } from "@std/assert";
import type { Metrics } from "@/runs/run.ts";
import { metricColumn } from "@/runs/metric_column.ts";

const history: Metrics[] = [
  { iteration: 0, error: 2, fine: 0.5 },
  { iteration: 4, error: 1, fine: null, live: 0.25 },
];

Deno.test("a measurement is listed row by row", () => {
  assertEquals(metricColumn(history, "error"), [2, 1]);
});

Deno.test("a row without the measurement is named, and does not count as 0", () => {
  assertThrows(
    () => metricColumn(history, "fine"),
    TypeError,
    'Cannot read the measurements: wanted a number "fine" in each row, got null at iteration 4',
  );
  assertThrows(() => metricColumn(history, "live"), TypeError, "got undefined at iteration 0");
});
