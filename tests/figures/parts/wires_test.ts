import { assertEquals } from "@std/assert";
import { headPath, wireAlongLane, wireBetween, wirePath } from "@/figures/parts/wires.ts";

const boxAt = (x: number, y: number) => ({ x, y, halfWidth: 20, halfHeight: 10 });
const points = (corners: { x: number; y: number }[]) => corners.map(({ x, y }) => [x, y]);

Deno.test("boxes in one line are joined by a straight wire, in all four directions", () => {
  const middle = boxAt(0, 0);
  assertEquals(points(wireBetween(middle, boxAt(100, 0))), [[20, 0], [80, 0]]);
  assertEquals(points(wireBetween(middle, boxAt(-100, 0))), [[-20, 0], [-80, 0]]);
  assertEquals(points(wireBetween(middle, boxAt(0, 100))), [[0, 10], [0, 90]]);
  assertEquals(points(wireBetween(middle, boxAt(0, -100))), [[0, -10], [0, -90]]);
});

Deno.test("a wire to a high box stays level", () => {
  const high = { x: 100, y: 0, halfWidth: 20, halfHeight: 80 };
  assertEquals(points(wireBetween(boxAt(0, 60), high)), [[20, 60], [80, 60]]);
  assertEquals(points(wireBetween(high, boxAt(0, 60))), [[80, 60], [20, 60]]);
});

Deno.test("three courses lead to a box that is not in line", () => {
  const [from, to] = [boxAt(0, 0), boxAt(100, 50)];
  assertEquals(points(wireBetween(from, to)), [[20, 0], [50, 0], [50, 50], [80, 50]]);
  assertEquals(points(wireBetween(from, to, "across first")), [[20, 0], [100, 0], [100, 40]]);
  assertEquals(points(wireBetween(from, to, "down first")), [[0, 10], [0, 50], [80, 50]]);
});

Deno.test("wires to boxes of different widths turn in one line", () => {
  const [from, wide] = [boxAt(0, 0), { ...boxAt(100, 50), halfWidth: 40 }];
  assertEquals(wireBetween(from, wide)[1].x, wireBetween(from, boxAt(100, -50))[1].x);
});

Deno.test("a lane below is reached from below", () => {
  assertEquals(points(wireAlongLane(boxAt(100, 0), boxAt(0, 0), 60)), [
    [100, 10],
    [100, 60],
    [0, 60],
    [0, 10],
  ]);
});

Deno.test("corners are rounded, less where a stretch is short", () => {
  const corner = (end: number) => wirePath([{ x: 0, y: 0 }, { x: 40, y: 0 }, { x: 40, y: end }]);
  assertEquals(corner(40), "M0,0L32,0Q40,0 40,8L40,32");
  assertEquals(corner(10), "M0,0L35,0Q40,0 40,5L40,2");
});

Deno.test("a head points where its wire goes", () => {
  assertEquals(headPath([{ x: 0, y: 0 }, { x: 0, y: -20 }]), "M0,-20L4.5,-12L-4.5,-12Z");
});
