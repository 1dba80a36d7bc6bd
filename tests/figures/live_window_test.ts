import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { liveWindow } from "@/figures/live_window.ts";

const path = { name: "run", pushes: [0.5, 0.75, 1], pops: [0.25, 0.25, 0.5] };

Deno.test("the window is the triangle between u = d and u = 2d − 1", () => {
  const [{ path: drawn }] = liveWindow({ title: "Window", paths: [path] }).layout.shapes!;
  assertEquals(drawn, "M 0 0 L 1 1 L 0.5 0 Z");
});

Deno.test("a path runs over push and pop, and ends at its large mark", () => {
  const { data, description } = liveWindow({
    title: "Window",
    paths: [path, { ...path, name: "other" }],
  });
  const [first, second] = data as unknown as {
    x: number[];
    y: number[];
    marker: { size: number[]; symbol: string };
    line: { dash: string };
  }[];
  assertEquals([first.x, first.y], [path.pushes, path.pops]);
  assertEquals(first.marker.size, [4, 4, 12]);
  // Told apart by more than colour.
  assertEquals(first.marker.symbol === second.marker.symbol, false);
  assertEquals(first.line.dash === second.line.dash, false);
  assertStringIncludes(description, "run from d = 0.5, u = 0.25 to d = 1, u = 0.5");
});

Deno.test("one to three paths are wanted, with as many pops as pushes", () => {
  assertThrows(
    () => liveWindow({ title: "W", paths: [] }),
    RangeError,
    "wanted 1 to 3 paths, got 0",
  );
  assertThrows(
    () => liveWindow({ title: "W", paths: [{ ...path, pops: [1] }] }),
    TypeError,
    'Cannot draw the path "run": wanted as many pops as pushes and at least 1, got 1 and 3',
  );
});
