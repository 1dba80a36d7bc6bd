import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { popGradientMap } from "@/figures/pop_gradient_map.ts";
import type { Figure } from "@/figures/figure.ts";

interface Trace {
  name?: string;
  type: string;
  x: number[];
  y: number[];
  z: number[][];
}

const grid = [0, 0.25, 0.5, 0.75, 1];
/** Not zero inside the trainable region only. */
const gradients = grid.map((u) => grid.map((d) => (2 * d - 1 < u && u < d ? d - u : 0)));
const inputs = { title: "The region", pushes: grid, pops: grid, gradients };

function named(name: string, data: unknown): Trace {
  return (data as Trace[]).find((trace) => trace.name === name)!;
}

Deno.test("a row of gradients for each pop, a column for each push", () => {
  const [map] = popGradientMap(inputs).data as unknown as Trace[];
  assertEquals([map.x, map.y], [grid, grid]);
  assertEquals(map.z[1][2], 0.25, "u = 0.25, d = 0.5");
  assertEquals(map.z[2][1], 0, "u = 0.5, d = 0.25");
});

Deno.test("the outline runs around 2d − 1 < u < d and nothing else", () => {
  const { x, y } = named("trainable region", popGradientMap(inputs).data);
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
  const figure = popGradientMap({ ...inputs, path });
  const line = named("path", figure.data);
  assertEquals([line.x, line.y], [path.pushes, path.pops]);
  const ends = named("start and end", figure.data);
  assertEquals([ends.x, ends.y], [[0.5, 1], [0.3, 0.5]]);
  const words = figure.layout.annotations!.filter(({ text }) => /start|end/.test(text!));
  assertEquals(words.map(({ text, x, y }) => [text, x, y]), [["start", 0.5, 0.3], ["end", 1, 0.5]]);
  assert(figure.description.includes("from push 0.5, pop 0.3 to push 1, pop 0.5"));
});

Deno.test("without a path there is none", () => {
  assert(popGradientMap(inputs).data.every(({ name }) => !name?.startsWith("path")));
});

Deno.test("the description says how much is not zero in the region, above it and below it", () => {
  // Not zero either: two of the fifteen cells above it, and two of the eight below.
  const more = gradients.map((row) => [...row]);
  more[4][0] =
    more[2][2] =
    more[0][4] =
    more[2][4] =
      3;
  const { description } = popGradientMap({ ...inputs, gradients: more });
  assertStringIncludes(
    description,
    "at most 3. It is not zero on 100 % of the trainable region 2d − 1 < u < d, which is outlined, " +
      "on 13 % of the cells above it (u ≥ d) and on 25 % of the cells below it (u ≤ 2d − 1).",
  );
});

Deno.test("a control on the edge of the region is outside in spite of rounding errors", () => {
  const pushes = [0.7, 0.8, 0.9], pops = [0.4, 0.6, 0.8];
  const gradients = pops.map((_, i) => pushes.map((_, j) => i === j ? 1 : 0));
  const { description } = popGradientMap({ ...inputs, pushes, pops, gradients });
  assertStringIncludes(description, "on 0 % of the trainable region");
});

Deno.test("a coarse map has its numbers on it, those that are zero, too; a fine one has none", () => {
  const numbersOf = (figure: Figure) =>
    (figure.data as { mode?: string; text?: string[]; x: number[]; y: number[] }[])
      .find(({ mode }) => mode === "text");
  const numbers = numbersOf(popGradientMap(inputs))!;
  assertEquals(numbers.text, gradients.flat().map(String));
  const unit = 1.25 / 460; // from −0.125 to 1.125
  numbers.x.forEach((x, k) => {
    const [d, u] = [grid[k % 5], grid[Math.floor(k / 5)]];
    assertEquals(numbers.y[k], u);
    assert(x - d < 0.125 - 4 * unit, "in its cell");
    // No edge passes through a digit, which is 7 pixels wide and 12 high, with 1 pixel to spare.
    const corners = [[-4.5, -7], [4.5, -7], [-4.5, 7], [4.5, 7]]
      .map(([right, up]) => ({ d: x + right * unit, u: u + up * unit }));
    if (numbers.text![k].length > 1) return;
    for (const edge of [(d: number) => d, (d: number) => 2 * d - 1]) {
      assertEquals(new Set(corners.map(({ d, u }) => u > edge(d))).size, 1, `d ${d}, u ${u}`);
    }
  });
  const fine = Array.from({ length: 20 }, (_, k) => k / 20);
  const cells = fine.map(() => fine.map(() => 1));
  assertEquals(
    numbersOf(popGradientMap({ ...inputs, pushes: fine, pops: fine, gradients: cells })),
    undefined,
  );
});

Deno.test("maps with the same most have the same colours for the same numbers", () => {
  const few = gradients.map((row) => row.map((gradient) => gradient / 2));
  const [one, other] = [gradients, few].map((gradients) =>
    popGradientMap({ ...inputs, gradients, most: 3 }).data[0] as unknown as { zmax: number }
  );
  assertEquals([one.zmax, other.zmax], [3, 3]);
  assertEquals((popGradientMap(inputs).data[0] as unknown as { zmax: number }).zmax, 0.25);
  const digits = popGradientMap({ ...inputs, most: 3 }).data
    .find((trace) => (trace as { mode?: string }).mode === "text") as unknown as {
      textfont: { color: string[] };
    };
  assert(digits.textfont.color.every((colour) => colour !== "#ffffff"), "no cell is dark");
  for (const most of [0.2, NaN, Infinity]) {
    assertThrows(
      () => popGradientMap({ ...inputs, most }),
      RangeError,
      `wanted most above 0 and at least 0.25, the largest gradient, got ${most}`,
    );
  }
});

Deno.test("gradients that do not fit the grid are refused", () => {
  assertThrows(
    () => popGradientMap({ ...inputs, gradients: gradients.slice(1) }),
    TypeError,
    "Cannot draw the pop's gradient: wanted 5 rows of gradients, got 4",
  );
  assertThrows(
    () => popGradientMap({ ...inputs, path: { pushes: [1], pops: [] } }),
    TypeError,
    "Cannot draw the pop's gradient: wanted 1 pops on the path, got 0",
  );
});

Deno.test("a path that leaves the map is refused", () => {
  for (const wrong of [-0.1, 1.2, NaN]) {
    assertThrows(
      () => popGradientMap({ ...inputs, path: { pushes: [0.5, wrong], pops: [0.5, 0.5] } }),
      RangeError,
      `Cannot draw the pop's gradient: wanted a path with pushes and pops from 0 to 1, got ${wrong}`,
    );
  }
});

Deno.test("the axes go from 0 to 1, or as far as the cells reach", () => {
  const rangesOf = (values: number[]) => {
    const gradients = values.map(() => values);
    const { xaxis, yaxis } =
      popGradientMap({ title: "One claim", pushes: values, pops: values, gradients }).layout;
    assertEquals(xaxis!.range, yaxis!.range);
    return xaxis!.range;
  };
  assertEquals(rangesOf([0.05, 0.15, 0.95]), [0, 1.35]);
  assertEquals(rangesOf([0.1, 0.3, 0.5, 0.7, 0.9]), [0, 1]);
  assertEquals(rangesOf([0, 0.5, 1]), [-0.25, 1.25]);
});
