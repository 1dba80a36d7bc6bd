import { assert, assertEquals, assertThrows } from "@std/assert";
import { deadZone } from "@/figures/dead_zone.ts";

interface Trace {
  name?: string;
  type: string;
  x: number[];
  y: number[];
  z: number[][];
}

const grid = [0, 0.25, 0.5, 0.75, 1];
/** Alive inside the window only. */
const gradients = grid.map((u) => grid.map((d) => (2 * d - 1 < u && u < d ? d - u : 0)));
const inputs = { title: "The window", pushes: grid, pops: grid, gradients };

function named(name: string, data: unknown): Trace {
  return (data as Trace[]).find((trace) => trace.name === name)!;
}

Deno.test("a row of gradients for each pop, a column for each push", () => {
  const [map] = deadZone(inputs).data as unknown as Trace[];
  assertEquals([map.x, map.y], [grid, grid]);
  assertEquals(map.z[1][2], 0.25, "u = 0.25, d = 0.5");
  assertEquals(map.z[2][1], 0, "u = 0.5, d = 0.25");
});

Deno.test("the outline runs around 2d − 1 < u < d and nothing else", () => {
  const { x, y } = named("window", deadZone(inputs).data);
  assertEquals([x[0], y[0]], [x.at(-1), y.at(-1)]);
  const inside = (d: number, u: number) =>
    x.slice(1).filter((_, k) => {
          const [x0, y0, x1, y1] = [x[k], y[k], x[k + 1], y[k + 1]];
          return (y0 > u) !== (y1 > u) && d < x0 + ((u - y0) * (x1 - x0)) / (y1 - y0);
        }).length % 2 === 1;
  for (let d = 0.015; d < 1; d += 0.04) {
    for (let u = 0.01; u < 1; u += 0.04) {
      assertEquals(inside(d, u), 2 * d - 1 < u && u < d, `d ${d}, u ${u}`);
    }
  }
});

Deno.test("a path is drawn with its start and its end", () => {
  const path = { pushes: [0.5, 0.6, 1], pops: [0.3, 0.4, 0.5] };
  const figure = deadZone({ ...inputs, path });
  const line = named("path", figure.data);
  assertEquals([line.x, line.y], [path.pushes, path.pops]);
  const ends = named("start and end", figure.data);
  assertEquals([ends.x, ends.y], [[0.5, 1], [0.3, 0.5]]);
  const words = figure.layout.annotations!.filter(({ text }) => /start|end/.test(text!));
  assertEquals(words.map(({ text, x, y }) => [text, x, y]), [["start", 0.5, 0.3], ["end", 1, 0.5]]);
  assert(figure.description.includes("from push 0.5, pop 0.3 to push 1, pop 0.5"));
});

Deno.test("without a path there is none", () => {
  assertEquals(deadZone(inputs).data.length, 2);
});

Deno.test("the description counts how much of the map is alive", () => {
  const alive = gradients.flat().filter((gradient) => gradient > 0).length;
  assert(deadZone(inputs).description.includes(`${(100 * alive) / 25} % of it`));
});

Deno.test("gradients that do not fit the grid are refused", () => {
  assertThrows(
    () => deadZone({ ...inputs, gradients: gradients.slice(1) }),
    TypeError,
    "Cannot draw the dead zone: wanted 5 rows of gradients, got 4",
  );
  assertThrows(
    () => deadZone({ ...inputs, path: { pushes: [1], pops: [] } }),
    TypeError,
    "Cannot draw the dead zone: wanted 1 pops on the path, got 0",
  );
});
