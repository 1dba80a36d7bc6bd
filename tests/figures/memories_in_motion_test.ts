import { assert, assertEquals, assertThrows } from "@std/assert";
import { memoriesInMotion } from "@/figures/memories_in_motion.ts";
import { DEQUE_ENDS } from "@/memory/sparse_deque.ts";
import { QUEUE_ENDS } from "@/memory/sparse_queue.ts";
import { STACK_ENDS } from "@/memory/sparse_stack.ts";

interface Trace {
  name: string;
  x: (number | null)[];
  y: (number | null)[];
  base: number[];
  customdata: string[];
  yaxis: string;
}

const program = { pops: [0, 0, 1], pushes: [1, 1, 0], names: ["a", "b", "–"] };
const idle = { pops: [0, 0, 0], pushes: [0, 0, 0], names: ["–", "–", "–"] };
const inputs = {
  title: "One pop, three memories",
  memories: [
    { name: "stack", ends: STACK_ENDS, ports: [program] },
    { name: "queue", ends: QUEUE_ENDS, ports: [program] },
    { name: "deque", ends: DEQUE_ENDS, ports: [{ ...program, pops: [0, 0, 0] }, idle] },
  ],
};

/** Name, base and height of the bars of a style on a panel, at a step, in the state with all steps. */
function barsAt(style: string, yaxis: string, step: number): [string, number, number][] {
  const traces = memoriesInMotion(inputs).data as unknown as Trace[];
  const { x, y, base, customdata } = traces.find((trace) =>
    trace.name === style && trace.yaxis === yaxis
  )!;
  return x.flatMap((at, k): [string, number, number][] =>
    Math.round(at!) === step ? [[customdata[k], base[k], y[k]!]] : []
  );
}

Deno.test("the stack pops what it read last, the queue what it read first", () => {
  assertEquals(barsAt("popped", "y", 3), [["b", 1, 1]]);
  assertEquals(barsAt("read", "y", 3), [["a", 0, 1]]);
  assertEquals(barsAt("popped", "y2", 3), [["a", 0, 1]]);
  assertEquals(barsAt("read", "y2", 3), [["b", 1, 1]]);
});

Deno.test("a deque reads at both ends, and what lies between them is pale", () => {
  assertEquals(barsAt("read", "y3", 2), [["b", 1, 1], ["a", 0, 1]]);
  const pushes = [1, 1, 1];
  const { data } = memoriesInMotion({
    ...inputs,
    memories: [{ name: "deque", ends: DEQUE_ENDS, ports: [{ ...idle, pushes }, idle] }],
  });
  const pale = (data as unknown as Trace[]).find(({ name }) => name === "deeper")!;
  assertEquals([pale.base, pale.y], [[1], [1]]);
});

Deno.test("the line beside a stack's bar is right of it, the one beside a queue's left of it", () => {
  const lines = (memoriesInMotion(inputs).data as unknown as Trace[]).filter(({ name }) =>
    name === "one unit from an end"
  );
  const sides = lines.map(({ x }) => x.slice(0, 6).map((at) => at && Math.sign(at % 1 - 0.5)));
  assertEquals(sides[0], [-1, -1, null, -1, -1, null]); // 1.42, 2.42
  assertEquals(sides[1], [1, 1, null, 1, 1, null]); // 0.73, 1.73
});

Deno.test("each frame shows the steps up to its own, and the last all that the static picture shows", () => {
  const { data, frames } = memoriesInMotion(inputs);
  assertEquals(frames!.map(({ name }) => name), ["1", "2", "3"]);
  frames!.forEach((frame, t) => {
    const steps = (frame.data as unknown as Trace[]).flatMap(({ x }) => x)
      .filter((x) => x !== null).map((x) => Math.round(x!));
    assertEquals(Math.max(...steps), t + 1);
  });
  assertEquals(frames!.at(-1)!.data, data);
});

Deno.test("all panels have one scale", () => {
  const { layout } = memoriesInMotion(inputs);
  const axes = [layout.yaxis, layout.yaxis2, layout.yaxis3] as {
    range: number[];
    domain: number[];
  }[];
  const scales = axes.map(({ range, domain }) => (domain[1] - domain[0]) / (range[1] - range[0]));
  assert(scales.every((scale) => Math.abs(scale / scales[0] - 1) < 1e-3), `${scales}`);
});

Deno.test("a program that does not fit its memory or the steps is refused", () => {
  const draw = (memory: Partial<typeof inputs.memories[0]>) => () =>
    memoriesInMotion({ title: "Wrong", memories: [{ ...inputs.memories[0], ...memory }] });
  assertThrows(
    draw({ ends: DEQUE_ENDS }),
    TypeError,
    'Cannot draw the memory "stack": wanted 2 programs (one for each port of the deque), got 1',
  );
  assertThrows(
    draw({ ports: [{ ...program, names: ["a"] }] }),
    TypeError,
    'Cannot draw the memory "stack": wanted 3 names, got 1',
  );
  assertThrows(
    draw({ ports: [{ ...program, pops: [0, -1, 0] }] }),
    RangeError,
    'Cannot draw the memory "stack": wanted pops and pushes of at least 0, got -1',
  );
  assertThrows(
    draw({ ports: [{ pops: [], pushes: [], names: [] }] }),
    TypeError,
    'Cannot draw the memory "stack": wanted at least 1 step, got 0',
  );
  assertThrows(() => memoriesInMotion({ title: "None", memories: [] }), TypeError, "got 0");
});
