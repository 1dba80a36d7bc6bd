import { assert, assertEquals, assertThrows } from "@std/assert";
import { type DiagramArrow, type DiagramBox, wiringDiagram } from "@/figures/wiring_diagram.ts";

const boxes: DiagramBox[] = [
  { name: "x_t", at: [0, 1], kind: "input" },
  { name: "h_t", at: [1, 1] },
  { name: "stack", at: [2, 1], kind: "memory" },
];
const arrows: DiagramArrow[] = [
  { from: "x_t", to: "h_t", label: "W_x" },
  { from: "h_t", to: "h_t", label: "W_h", later: true, lane: 0 },
  { from: "h_t", to: "stack", label: "push d_{t−1}" },
];
const draw = (more: DiagramArrow[] = [], moreBoxes: DiagramBox[] = []) =>
  wiringDiagram({
    title: "A claim",
    boxes: [...boxes, ...moreBoxes],
    arrows: [...arrows, ...more],
  });

/** The texts of the drawing. */
function textsOf({ data: [trace] }: ReturnType<typeof draw>): string[] {
  return trace.type === "scatter" ? trace.text as string[] : [];
}

Deno.test("boxes, labels and the meaning of dots are written, subscripts lowered", () => {
  assertEquals(textsOf(draw()), [
    "x<sub>t</sub>",
    "h<sub>t</sub>",
    "stack",
    "W<sub>x</sub>",
    "W<sub>h</sub>",
    "push d<sub>t−1</sub>",
    "arrives one step later",
  ]);
});

Deno.test("without an arrow that arrives later there are no dots to explain", () => {
  const figure = wiringDiagram({ title: "A claim", boxes, arrows: [arrows[0]] });
  assert(!textsOf(figure).includes("arrives one step later"));
  assert(!JSON.stringify(figure.layout.shapes).includes("dot"));
});

Deno.test("the words name every box and every arrow", () => {
  assertEquals(
    draw().description,
    "A diagram of 3 boxes: x_t, h_t, stack (a memory). 3 arrows: x_t to h_t (W_x); " +
      "h_t to h_t (W_h), one step later; h_t to stack (push d_(t−1)).",
  );
});

Deno.test("operations that are drawn alike are told apart by their names", () => {
  const times = ["keep", "show"].map((name, k): DiagramBox => (
    { name, text: "×", at: [k, 0], kind: "operation" }
  ));
  const { description } = draw([{ from: "keep", to: "show" }], times);
  assert(
    description.includes("× (keep), × (show)") && description.includes("× (keep) to × (show)"),
  );
});

Deno.test("the words say which boxes are emphasised", () => {
  const more: DiagramBox[] = [
    { name: "a", at: [0, 0], text: "one<br>two", outline: "emphasised" },
    { name: "b", at: [1, 0] },
  ];
  const { description, layout } = draw([], more);
  assert(description.includes("one two (emphasised), b."));
  const widths = layout.shapes!.map(({ line }) => line?.width);
  assertEquals(widths.filter((width) => width === 2.5).length, 1);
});

Deno.test("a box is as wide as its text needs, or as it is told, and then its text is wrapped", () => {
  const widths = (figure: ReturnType<typeof draw>) =>
    figure.layout.shapes!.flatMap(({ path = "" }) => {
      if (!path.endsWith("Z") || !path.includes("C")) return [];
      const xs = [...path.matchAll(/(-?[\d.]+),/g)].map(([, x]) => Number(x));
      return [Math.max(...xs) - Math.min(...xs)];
    });
  const named = (box: Partial<DiagramBox>) =>
    wiringDiagram({
      title: "A claim",
      boxes: [{ name: "a name of many words", at: [0, 0], ...box }],
      arrows: [],
    });
  assert(widths(named({}))[0] > 130);
  assertEquals(widths(named({ width: 100 })), [100]);
  assertEquals(textsOf(named({ width: 100 })), ["a name of<br>many words"]);
});

Deno.test("the drawing lies below its texts, and does not react to the mouse", () => {
  const { layout, config } = draw();
  assert(layout.shapes!.every(({ layer }) => layer === "below"));
  assertEquals(config.staticPlot, true);
});

Deno.test("lanes below the boxes make the figure higher", () => {
  const height = (figure: ReturnType<typeof draw>) => figure.layout.height!;
  const lane = draw([{ from: "stack", to: "h_t", later: true, lane: 2 }]);
  assertEquals(height(lane) - height(draw()), 64);
});

Deno.test("two boxes of one name, arrows to nowhere and loops without a lane are refused", () => {
  const refuse = (message: string, ...more: Parameters<typeof draw>) =>
    assertThrows(() => draw(...more), TypeError, `Cannot draw the diagram: ${message}`);
  refuse('wanted one box "x_t", got two', [], [{ name: "x_t", at: [0, 0] }]);
  refuse('wanted one of the boxes x_t, h_t, stack, got "y"', [{ from: "x_t", to: "y" }]);
  refuse("wanted a lane for the loop of h_t, got none", [{ from: "h_t", to: "h_t" }]);
});
