import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type AlivePopMap, alivePopMaps } from "@/figures/alive_pop_maps.ts";

const grid = [0.125, 0.375, 0.625, 0.875], pops = grid.map((d) => d + 0.0625);
/** Alive inside the triangle below u = d, at a share that tells the cell. */
const shares = pops.map((u) => grid.map((d) => (u < d ? (10 * u + d) / 20 : 0)));
const triangle: AlivePopMap = { name: "queue", shares, region: [[0, 0], [1, 0], [1, 1]] };
const inputs = { title: "A triangle", pushes: grid, pops, maps: [triangle] };

Deno.test("a row of shares for each pop, a column for each push", () => {
  const [map] = alivePopMaps(inputs).data as unknown as {
    x: number[];
    y: number[];
    z: number[][];
  }[];
  assertEquals([map.x, map.y], [grid, pops]);
  assertEquals(map.z[0][3], 0.138, "u = 0.1875, d = 0.875");
  assertEquals(map.z[3][0], 0, "u = 0.9375, d = 0.125");
});

Deno.test("the outline is closed, and on the axes of its map", () => {
  const { data } = alivePopMaps({ ...inputs, maps: [triangle, triangle] });
  const outlines = data.filter((trace) => trace.type === "scatter") as unknown as {
    x: number[];
    y: number[];
    xaxis: string;
    yaxis: string;
  }[];
  assertEquals(outlines.map(({ x, y }) => [x, y]), [
    [[0, 1, 1, 0], [0, 0, 1, 0]],
    [[0, 1, 1, 0], [0, 0, 1, 0]],
  ]);
  assertEquals(outlines.map(({ xaxis, yaxis }) => [xaxis, yaxis]), [["x", "y"], ["x2", "y2"]]);
});

Deno.test("the description counts the cells that are alive inside the outline and outside it", () => {
  const more = shares.map((row) => [...row]);
  more[0][1] = 0; // inside
  more[3][0] = more[2][1] = 0.5; // outside
  const { description } = alivePopMaps({ ...inputs, maps: [{ ...triangle, shares: more }] });
  assertStringIncludes(
    description,
    "queue: alive at some step in 5 of the 6 cells inside the outline with the corners (0, 0), (1, 0), (1, 1), " +
      "and in 2 of the 10 cells outside it",
  );
});

Deno.test("one colour scale, from no step to all, for all maps", () => {
  const { data, layout } = alivePopMaps({ ...inputs, maps: [triangle, triangle] });
  const heat = data.filter((trace) => trace.type === "heatmap") as unknown as {
    coloraxis: string;
  }[];
  assertEquals(heat.map(({ coloraxis }) => coloraxis), ["coloraxis", "coloraxis"]);
  const { cmin, cmax } = layout.coloraxis as { cmin: number; cmax: number };
  assertEquals([cmin, cmax], [0, 1]);
});

Deno.test("maps that do not fit the grid, or have no region, are refused", () => {
  const draw = (map: Partial<AlivePopMap>) => () =>
    alivePopMaps({ ...inputs, maps: [{ ...triangle, ...map }] });
  assertThrows(draw({ shares: [[1]] }), TypeError, "Cannot draw where pops are alive");
  assertThrows(
    draw({ shares: shares.map((row) => row.map(() => 2)) }),
    RangeError,
    "Cannot draw where pops are alive: wanted shares from 0 to 1, got 2",
  );
  assertThrows(
    draw({ region: [[0, 0], [1, 1]] }),
    TypeError,
    'Cannot draw where pops are alive: wanted at least 3 corners of the region of "queue", got 2',
  );
  assertThrows(
    () => alivePopMaps({ ...inputs, maps: [] }),
    RangeError,
    "Cannot draw where pops are alive: wanted 1 to 3 maps, got 0",
  );
  assertThrows(
    () => alivePopMaps({ ...inputs, pushes: [0.5] }),
    TypeError,
    "Cannot draw where pops are alive: wanted at least 2 pushes, got 1",
  );
});

Deno.test("between two maps there is space for the numbers and the title of the right one's axis", () => {
  const { layout } = alivePopMaps({ ...inputs, maps: [triangle, triangle, triangle] });
  const { xaxis, xaxis2, xaxis3, width, margin } = layout as unknown as
    & Record<
      "xaxis" | "xaxis2" | "xaxis3",
      { domain: number[] }
    >
    & { width: number; margin: { l: number; r: number } };
  for (const [left, right] of [[xaxis, xaxis2], [xaxis2, xaxis3]]) {
    const gap = (right.domain[0] - left.domain[1]) * (width - margin.l - margin.r);
    assert(gap >= 60, `${gap} pixels`);
  }
});
