import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { popAt, sumBeyond } from "@/memory/ends.ts";
import { runDeque, runDequeBackward } from "@/memory/deque.ts";
import type { PortInputs } from "@/memory/port_inputs.ts";
import { runQueue } from "@/memory/queue.ts";
import { runStack } from "@/memory/stack.ts";
import { arbitraryInputs, arbitraryProgram, inputsOf } from "./port_cases.ts";

const inputs = arbitraryInputs(2).map(([top, bottom]) => ({ top, bottom }));

/** A port at which nothing happens, beside another. */
function idle({ values }: PortInputs): PortInputs {
  const zeros = values.map(() => 0);
  return { values: values.map((value) => value.map(() => 0)), pops: zeros, pushes: zeros };
}

Deno.test("two steps worked by hand: pop top, pop bottom, push both, read both", () => {
  const { strengths, reads } = runDeque({
    top: { values: [[1], [4]], pops: [0, 0.625], pushes: [0.5, 0.25] },
    bottom: { values: [[2], [8]], pops: [0, 0.25], pushes: [0.75, 0.5] },
  });
  // t = 1: bottom's .75, top's .5
  // t = 2: the top's pop uses up .5 and takes .125 of the .75; the bottom's takes .25 of what is left
  assertEquals(strengths, [[0.75, 0.5], [0.5, 0.375, 0, 0.25]]);
  // Top: .25 · 4 + 0 · 1 + .375 · 2 + .375 · 8; bottom: .5 · 8 + .375 · 2 + 0 · 1 + .125 · 4.
  assertEquals(reads, { top: [[0.5 + 0.5 * 2], [1 + 0.75 + 3]], bottom: [[1.5 + 0.25], [5.25]] });
});

Deno.test("with pops and pushes of 0 and 1 it is a discrete deque, on any program", () => {
  const property = fc.property(arbitraryProgram(2), (program) => {
    const { reads } = runDeque({ top: inputsOf(program, 0), bottom: inputsOf(program, 1) });
    const deque: number[] = [];
    program.forEach(([top, bottom], t) => {
      if (top.pop) deque.pop();
      if (bottom.pop) deque.shift();
      if (top.push) deque.push(top.item);
      if (bottom.push) deque.unshift(bottom.item);
      const wanted = [[deque.at(-1) ?? 0], [deque[0] ?? 0]];
      assertEquals([reads.top[t], reads.bottom[t]], wanted, `reads after step ${t}`);
    });
  });
  fc.assert(property, { numRuns: 1000, seed: 1 });
});

Deno.test("a deque whose bottom is idle is a stack at the top, to the last bit", () => {
  const property = fc.property(arbitraryInputs(1), ([top]) => {
    assertEquals(runDeque({ top, bottom: idle(top) }).reads.top, runStack(top).reads);
  });
  fc.assert(property, { seed: 2 });
});

Deno.test("a deque that pushes at the top and pops at the bottom is a queue there, to the last bit", () => {
  const property = fc.property(arbitraryInputs(1), ([port]) => {
    const top = { ...port, pops: port.pops.map(() => 0) };
    const bottom = { ...idle(port), pops: port.pops };
    assertEquals(runDeque({ top, bottom }).reads.bottom, runQueue(port).reads);
  });
  fc.assert(property, { seed: 3 });
});

Deno.test("the order of the pops makes no difference to the strengths", () => {
  const pop = fc.double({ min: 0, max: 2, noNaN: true });
  const property = fc.property(inputs, pop, pop, (sequence, top, bottom) => {
    const s = runDeque(sequence).strengths.at(-1)!;
    const topFirst = popAt(popAt(s, top, "top"), bottom, "bottom");
    const bottomFirst = popAt(popAt(s, bottom, "bottom"), top, "top");
    topFirst.forEach((s_i, i) => assertAlmostEquals(s_i, bottomFirst[i], 1e-12));
  });
  fc.assert(property, { seed: 7 });
});

Deno.test("strengths stay between 0 and 1 when pushes do", () => {
  const property = fc.property(inputs, (sequence) => {
    for (const s of runDeque(sequence).strengths) assert(s.every((s_i) => s_i >= 0 && s_i <= 1));
  });
  fc.assert(property, { seed: 4 });
});

Deno.test("nothing between the ends changes: rows that no pop reaches keep their strength to the last bit", () => {
  const property = fc.property(inputs, (sequence) => {
    const { strengths, top, bottom } = runDeque(sequence);
    for (let t = 1; t < strengths.length; t++) {
      const sPrev = strengths[t - 1];
      sPrev.forEach((s_i, i) => {
        const isBetween = sumBeyond(sPrev, i, "top") > top.pops[t] + 1e-12 &&
          sumBeyond(sPrev, i, "bottom") > bottom.pops[t] + 1e-12;
        if (isBetween) assertEquals(strengths[t][i + 1], s_i);
      });
    }
  });
  fc.assert(property, { seed: 5 });
});

Deno.test("what is pushed in full comes out in order: last first at its own end, first first at the other", () => {
  const items = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 });
  const ends = fc.constantFrom("top", "bottom");
  const property = fc.property(inputs, items, ends, ends, (before, items, pushEnd, popEnd) => {
    const [ones, zeros] = [items.map(() => 1), items.map(() => 0)];
    const port = (name: "top" | "bottom"): PortInputs => ({
      values: [
        ...before[name].values,
        [0, 0], // a step that pops all that 12 steps can hold
        ...items.map((x) => [x, -x]),
        ...items.map(() => [0, 0]),
      ],
      pops: [...before[name].pops, 24, ...zeros, ...(name === popEnd ? ones : zeros)],
      pushes: [...before[name].pushes, 0, ...(name === pushEnd ? ones : zeros), ...zeros],
    });
    const { reads } = runDeque({ top: port("top"), bottom: port("bottom") });
    const answers = reads[popEnd as "top" | "bottom"].slice(-items.length - 1).map(([x]) => x);
    assertEquals(answers, [...(pushEnd === popEnd ? items.toReversed() : items), 0]);
  });
  fc.assert(property, { seed: 6 });
});

Deno.test("bad shapes and numbers are refused with what was wanted and what was got", () => {
  const port = { values: [[1], [2]], pops: [0, 0], pushes: [1, 1] };
  const inputs = { top: port, bottom: port }, trace = runDeque(inputs), g = [[1], [1]];
  const refusals: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
    [
      () => runDeque({ ...inputs, bottom: { ...port, pops: [0] } }),
      TypeError,
      "Cannot run the deque: wanted 2 pops at the bottom (one for each value), got 1",
    ],
    [
      () => runDeque({ ...inputs, top: { ...port, pushes: [1, -1] } }),
      RangeError,
      "Cannot run the deque: wanted pushes at the top (one for each value) of at least 0, got -1",
    ],
    [
      () => runDeque({ ...inputs, bottom: { values: [[1]], pops: [0], pushes: [0] } }),
      TypeError,
      "Cannot run the deque: wanted 2 rows of values at the bottom, got 1",
    ],
    [
      () => runDeque({ ...inputs, bottom: { ...port, values: [[1, 2], [3, 4]] } }),
      TypeError,
      "Cannot run the deque: wanted 1 values at the bottom in row 0, got 2",
    ],
    [
      () => runDequeBackward(trace, { top: g, bottom: [[1]] }),
      TypeError,
      "Cannot reverse the deque: wanted 2 rows of gradients of the bottom's reads, got 1",
    ],
  ];
  for (const [call, type, message] of refusals) assertThrows(call, type, message);
});

Deno.test("a sequence of no steps does nothing", () => {
  const port = { values: [], pops: [], pushes: [] };
  const trace = runDeque({ top: port, bottom: port });
  assertEquals([trace.reads, trace.strengths], [{ top: [], bottom: [] }, []]);
  const none = { gValues: [], gPops: [], gPushes: [] };
  assertEquals(runDequeBackward(trace, { top: [], bottom: [] }), { top: none, bottom: none });
});
