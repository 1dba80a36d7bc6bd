import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Box,
  innerBounds,
  outerBounds,
  pathLength,
  pathPoints,
  pointAlong,
} from "@/figures/svg/bounds.ts";
import type { SvgElement } from "@/figures/svg/element.ts";

type Attributes = Record<string, string>;

/** An element with only what the measurements look at. */
function element(localName: string, own: Attributes, ...inside: (SvgElement | string)[]) {
  const childNodes = inside.map((child) =>
    typeof child === "string" ? { nodeType: 3, textContent: child } : child
  );
  const node = {
    nodeType: 1,
    localName,
    childNodes,
    children: inside.filter((child) => typeof child !== "string"),
    textContent: childNodes.map(({ textContent }) => textContent).join(""),
    parentElement: null as SvgElement | null,
    getAttribute: (name: string) => own[name] ?? null,
  };
  for (const child of node.children) Object.assign(child, { parentElement: node });
  return node as unknown as SvgElement;
}

function assertBox(box: Box, left: number, top: number, right: number, bottom: number): void {
  assertAlmostEquals(box.left, left);
  assertAlmostEquals(box.top, top);
  assertAlmostEquals(box.right, right);
  assertAlmostEquals(box.bottom, bottom);
}

const RECT = { x: "1", y: "2", width: "3", height: "4" };

Deno.test("a rectangle's box is itself", () => {
  assertBox(innerBounds(element("rect", RECT)), 1, 2, 4, 6);
});

Deno.test("a group's box holds its children, each moved by its own transform", () => {
  const moved = element("rect", { ...RECT, transform: "translate(10,20)" });
  assertBox(innerBounds(element("g", {}, element("rect", RECT), moved)), 1, 2, 14, 26);
});

Deno.test("the outer box follows every transform up to the root", () => {
  const rect = element("rect", { ...RECT, transform: "translate(10,0)" });
  element("svg", {}, element("g", { transform: "scale(2)" }, rect));
  assertBox(outerBounds(rect), 22, 4, 28, 12);
  assertBox(innerBounds(rect), 1, 2, 4, 6);
});

Deno.test("a quarter turn about a point", () => {
  const rect = element("rect", { ...RECT, transform: "rotate(90,1,2)" });
  assertBox(outerBounds(rect), -3, 2, 1, 5);
});

Deno.test("a text lies about its anchor, as wide as its digits", () => {
  const style = "font-size: 10px";
  const boxAt = (anchor: string) =>
    innerBounds(element("text", { style, x: "100", y: "50", "text-anchor": anchor }, "42"));
  assertBox(boxAt("start"), 100, 41, 111.12, 52);
  assertBox(boxAt("middle"), 94.44, 41, 105.56, 52);
  assertBox(boxAt("end"), 88.88, 41, 100, 52);
});

Deno.test("lines of a text stand below one another, and a subscript is smaller", () => {
  const line = (dy: string, ...inside: (SvgElement | string)[]) =>
    element("tspan", { class: "line", x: "0", y: "0", dy }, ...inside);
  const small = element("tspan", { style: "font-size:50%" }, "42");
  const text = element("text", { style: "font-size:10px" }, line("0em", "4"), line("1.3em", small));
  assertBox(innerBounds(text), 0, -9, 5.56, 15);
});

Deno.test("an empty element has no size", () => {
  assertBox(innerBounds(element("text", { style: "font-size:10px" }, "")), 0, 0, 0, 0);
  assertBox(innerBounds(element("g", {})), 0, 0, 0, 0);
});

Deno.test("paths are parsed command by command", () => {
  const points = pathPoints("M0,0L3,4h2v-1H1V9A3,3 0 1,1 5,6l1,1,2,2Z");
  assertEquals(points.map(({ x, y }) => [x, y]), [
    [0, 0],
    [3, 4],
    [5, 4],
    [5, 3],
    [1, 3],
    [1, 9],
    [5, 6],
    [6, 7],
    [8, 9],
  ]);
});

Deno.test("lengths along a path", () => {
  assertEquals(pathLength("M0,0L3,4V10"), 11);
  assertEquals(pointAlong("M0,0L3,4V10", 2.5), { x: 1.5, y: 2 });
  assertEquals(pointAlong("M0,0L3,4V10", 99), { x: 3, y: 10 });
});
