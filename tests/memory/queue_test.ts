import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { popAt, readWeightsAt } from "@/memory/ends.ts";
import { runQueue, runQueueBackward } from "@/memory/queue.ts";
import { arbitraryInputs, arbitraryProgram, inputsOf } from "./port_cases.ts";

const inputs = arbitraryInputs(1).map(([port]) => port);

Deno.test("three steps worked by hand: the pop begins at the oldest row, and so does the read", () => {
  const { strengths, reads } = runQueue({
    values: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    pushes: [0.75, 0.5, 0.875],
    pops: [0, 0.125, 0.875],
  });
  // t = 2: .75 − .125 = .625, push .5                         s = (.625, .5)
  // t = 3: .625 is used up, .5 − (.875 − .625) = .25, push    s = (0, .25, .875)
  assertEquals(strengths, [[0.75], [0.625, 0.5], [0, 0.25, 0.875]]);
  // r_1 = .75 v_1, r_2 = .625 v_1 + .375 v_2, r_3 = .25 v_2 + .75 v_3
  assertEquals(reads, [[0.75, 0, 0], [0.625, 0.375, 0], [0, 0.25, 0.75]]);
});

Deno.test("with pops and pushes of 0 and 1 it is a discrete queue, on any program", () => {
  const property = fc.property(arbitraryProgram(1), (program) => {
    const { reads } = runQueue(inputsOf(program, 0));
    const queue: number[] = [];
    program.forEach(([{ item, pop, push }], t) => {
      if (pop) queue.shift();
      if (push) queue.push(item);
      assertEquals(reads[t], [queue[0] ?? 0], `read after step ${t}`);
    });
  });
  fc.assert(property, { numRuns: 1000, seed: 1 });
});

Deno.test("strengths stay between 0 and 1 when pushes do", () => {
  const property = fc.property(inputs, (sequence) => {
    for (const s of runQueue(sequence).strengths) assert(s.every((s_i) => s_i >= 0 && s_i <= 1));
  });
  fc.assert(property, { seed: 2 });
});

Deno.test("a read takes one whole unit wherever the queue holds one", () => {
  const property = fc.property(inputs, (sequence) => {
    for (const s of runQueue(sequence).strengths) {
      const held = s.reduce((sum, s_i) => sum + s_i, 0);
      const taken = readWeightsAt(s, "bottom").reduce((sum, w_i) => sum + w_i, 0);
      assertAlmostEquals(taken, Math.min(1, held), 1e-12);
    }
  });
  fc.assert(property, { seed: 3 });
});

Deno.test("what is pushed in full comes out in order, whatever else was in the queue", () => {
  const items = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 9 });
  const property = fc.property(inputs, items, (before, items) => {
    const emptying = { values: [[0, 0]], pops: [12], pushes: [0] }; // 12 steps hold at most 12
    const pushing = { values: items.map((x) => [x, -x]), pops: items.map(() => 0) };
    const popping = { values: items.map(() => [0, 0]), pops: items.map(() => 1) };
    const ones = items.map(() => 1), zeros = items.map(() => 0);
    const { reads } = runQueue({
      values: [...before.values, ...emptying.values, ...pushing.values, ...popping.values],
      pops: [...before.pops, ...emptying.pops, ...pushing.pops, ...popping.pops],
      pushes: [...before.pushes, ...emptying.pushes, ...ones, ...zeros],
    });
    // The first is read as long as items are pushed; then each pop brings up the next.
    const answers = reads.slice(-items.length - 1).map(([x]) => x);
    assertEquals(answers, [...items, 0]);
  });
  fc.assert(property, { seed: 4 });
});

Deno.test("rows that a pop does not reach keep their strength to the last bit", () => {
  const pop = fc.double({ min: 0, max: 1, noNaN: true });
  const property = fc.property(inputs, pop, (sequence, u) => {
    const sPrev = runQueue(sequence).strengths.at(-1)!, s = popAt(sPrev, u, "bottom");
    let below = 0;
    for (let i = 0; i < sPrev.length; i++) {
      if (below > u + 1e-12) assertEquals(s[i], sPrev[i]);
      below += sPrev[i];
    }
  });
  fc.assert(property, { seed: 5 });
});

Deno.test("a leak is never forgotten: what is popped too early is missing at every later step", () => {
  const steps = Array.from({ length: 50 }, (_, t) => t);
  const { reads } = runQueue({
    values: steps.map((t) => [Number(t === 0)]),
    pops: steps.map((t) => t === 1 ? 0.25 : 0),
    pushes: steps.map(() => 1),
  });
  assertEquals(reads.slice(1).map(([x]) => x), steps.slice(1).map(() => 0.75));
});

Deno.test("bad shapes and numbers are refused with what was wanted and what was got", () => {
  const inputs = { values: [[1], [2]], pops: [0, 0], pushes: [1, 1] }, trace = runQueue(inputs);
  const refusals: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
    [
      () => runQueue({ ...inputs, pops: [0] }),
      TypeError,
      "Cannot run the queue: wanted 2 pops (one for each value), got 1",
    ],
    [
      () => runQueue({ ...inputs, pushes: [1, -1] }),
      RangeError,
      "Cannot run the queue: wanted pushes (one for each value) of at least 0, got -1 at 1",
    ],
    [() => runQueue({ ...inputs, values: [[1], [NaN]] }), RangeError, "got NaN"],
    [
      () => runQueueBackward(trace, [[1]]),
      TypeError,
      "Cannot reverse the queue: wanted 2 rows of gradients of the reads, got 1",
    ],
    [() => runQueueBackward(trace, [[1], [1, 2]]), TypeError, "in row 1, got 2"],
  ];
  for (const [call, type, message] of refusals) assertThrows(call, type, message);
});

Deno.test("a sequence of no steps does nothing", () => {
  const trace = runQueue({ values: [], pops: [], pushes: [] });
  assertEquals([trace.reads, trace.strengths], [[], []]);
  assertEquals(runQueueBackward(trace, []), { gValues: [], gPops: [], gPushes: [] });
});
