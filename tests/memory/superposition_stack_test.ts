import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import { checkGradient } from "@/math/gradient_check.ts";
import { largestDifference } from "@/math/lists.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Matrix } from "@/math/shapes.ts";
import { type Controls, type Memory, runMemory, runMemoryBackward } from "@/memory/memory.ts";
import { controlsByStep, gradientOfPort, type PortInputs } from "@/memory/port_inputs.ts";
import { stackMemory } from "@/memory/stack.ts";
import {
  createSuperpositionStack,
  superpositionStackMemory,
} from "@/memory/superposition_stack.ts";
import { reverseBinaryTask } from "@/tasks/reverse_binary.ts";
import { normalMatrix } from "./port_cases.ts";

/** Pushes, pops and no-ops of a softmax over three normal numbers. */
function softmaxInputs(random: RandomSource, T: number, M: number): PortInputs {
  const actions = Array.from({ length: T }, () => {
    const powers = [0, 0, 0].map(() => Math.exp(random.normal(0, 2)));
    const sum = powers[0] + powers[1] + powers[2];
    return powers.map((power) => power / sum);
  });
  return {
    values: normalMatrix(random, T, M),
    pushes: actions.map(([push]) => push),
    pops: actions.map(([, pop]) => pop),
  };
}

const readsOf = (memory: Memory<Matrix, Matrix>, inputs: PortInputs): Matrix =>
  runMemory(memory, controlsByStep([inputs])).reads.map(([read]) => [...read]);

/** Controls of a push, a pop or nothing, for a value of one number. */
const only = (
  item: number,
  push: number,
  pop: number,
): Controls[] => [{ value: [item], push, pop }];

Deno.test("all gradients agree with central differences to 1e-8, with as many cells as steps and with fewer", () => {
  const random = seededRandom("superposition");
  let worst = 0;
  for (let i = 0; i < 600; i++) {
    const [T, M] = [random.integer(1, 10), random.integer(1, 4)];
    const memory = createSuperpositionStack(i % 2 === 0 ? Infinity : random.integer(1, T + 2));
    const { passed, summary, worstRelativeError } = checkGradient({
      name: "superposition stack",
      f: (inputs) => readsOf(memory, inputs),
      adjoint(inputs, gReads) {
        const trace = runMemory(memory, controlsByStep([inputs]));
        return gradientOfPort(runMemoryBackward(memory, trace, gReads.map((gRead) => [gRead])), 0);
      },
      at: softmaxInputs(random, T, M),
      random,
    });
    assert(passed, summary);
    worst = Math.max(worst, worstRelativeError);
  }
  assertLess(worst, 1e-8);
});

/** A fixed number of cells, all there from the start, each a mixture of its neighbours: as published programs have it. */
function mixAll(inputs: PortInputs, cells: number): Matrix[] {
  const [{ length: M }] = inputs.values;
  let stack: Matrix = Array.from({ length: cells }, () => new Array(M).fill(0));
  return inputs.values.map((value, t) => {
    const [a, b] = [inputs.pushes[t], inputs.pops[t]], zeros = new Array(M).fill(0);
    const pushed = [value, ...stack.slice(0, -1)], popped = [...stack.slice(1), zeros];
    stack = stack.map((cell, i) =>
      cell.map((x, k) => a * pushed[i][k] + b * popped[i][k] + (1 - a - b) * x)
    );
    return stack;
  });
}

Deno.test("cells are mixtures of the whole stack pushed, popped and left alone", () => {
  const random = seededRandom(2);
  for (let i = 0; i < 300; i++) {
    const [T, M, cells] = [random.integer(1, 15), random.integer(1, 4), random.integer(1, 17)];
    const inputs = softmaxInputs(random, T, M), wanted = mixAll(inputs, cells);
    const { states, reads } = runMemory(createSuperpositionStack(cells), controlsByStep([inputs]));
    wanted.forEach((stack, t) => {
      assertEquals(states[t + 1].length, Math.min(cells, t + 1));
      assertLess(largestDifference(states[t + 1], stack.slice(0, t + 1)), 1e-12);
      assertEquals(stack.slice(t + 1).flat().filter((x) => x !== 0), []);
      assertEquals(reads[t], [states[t + 1][0]]);
    });
  }
});

Deno.test("without a number of cells it is as one with as many cells as steps", () => {
  const inputs = softmaxInputs(seededRandom(3), 20, 2);
  assertEquals(
    readsOf(superpositionStackMemory, inputs),
    readsOf(createSuperpositionStack(20), inputs),
  );
});

/** Programs of pushes, pops and no-ops. */
const programs = fc.array(
  fc.record({
    item: fc.integer({ min: 1, max: 99 }),
    action: fc.constantFrom("push", "pop", "nothing"),
  }),
  { minLength: 1, maxLength: 30 },
);

Deno.test("with controls of 0 and 1 it is a list that drops what overflows, on any program", () => {
  const property = fc.property(programs, fc.integer({ min: 1, max: 8 }), (program, cells) => {
    const controls = program.map(({ item, action }) =>
      only(item, Number(action === "push"), Number(action === "pop"))
    );
    const reads = runMemory(createSuperpositionStack(cells), controls).reads;
    const list: number[] = [];
    program.forEach(({ item, action }, t) => {
      if (action === "push") list.unshift(item);
      if (action === "pop") list.shift();
      list.length = Math.min(list.length, cells);
      assertEquals(reads[t], [[list[0] ?? 0]]);
    });
  });
  fc.assert(property, { seed: 1, numRuns: 500 });
});

Deno.test("with controls of 0 and 1 it reads what the strength stack reads, on any program", () => {
  const property = fc.property(programs, (program) => {
    const controls = program.map(({ item, action }) =>
      only(item, Number(action === "push"), Number(action === "pop"))
    );
    const reads = runMemory(superpositionStackMemory, controls).reads;
    assertEquals(reads, runMemory(stackMemory, controls).reads);
  });
  fc.assert(property, { seed: 2, numRuns: 500 });
});

/** Softmaxes of three whole numbers, and values between −9 and 9. */
const mixtures = fc.array(
  fc.record({
    value: fc.integer({ min: -9, max: 9 }),
    powers: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat({ max: 9 }), fc.nat({ max: 9 })),
  }),
  { minLength: 1, maxLength: 20 },
);

Deno.test("cells stay between the least and the largest of 0 and the values, on any mixture", () => {
  const property = fc.property(mixtures, (steps) => {
    const controls = steps.map(({ value, powers: [push, pop, none] }) =>
      only(value, push / (push + pop + none), pop / (push + pop + none))
    );
    const { states } = runMemory(superpositionStackMemory, controls);
    const values = [0, ...steps.map(({ value }) => value)];
    const [least, largest] = [Math.min(...values) - 1e-9, Math.max(...values) + 1e-9];
    for (const x of states.flat(2)) assert(x >= least && x <= largest);
  });
  fc.assert(property, { seed: 3, numRuns: 300 });
});

Deno.test("a read is linear in the values, and the gradient of a value is its weight in the reads", () => {
  const property = fc.property(mixtures, fc.integer({ min: 1, max: 9 }), (steps, cells) => {
    const memory = createSuperpositionStack(cells);
    const controls = (value: (step: (typeof steps)[number], t: number) => number) =>
      steps.map((step, t) => {
        const [push, pop, none] = step.powers, sum = push + pop + none;
        return only(value(step, t), push / sum, pop / sum);
      });
    const trace = runMemory(memory, controls(({ value }) => value)), T = steps.length;
    const gReads = steps.map((_, t) => [[t === T - 1 ? 1 : 0]]); // of the last read alone
    const gradient = runMemoryBackward(memory, trace, gReads);
    const weighted = gradient.reduce((sum, [{ gValue }], t) => sum + gValue[0] * steps[t].value, 0);
    assertAlmostEquals(weighted, trace.reads[T - 1][0][0], 1e-9);
    steps.forEach((_, place) => {
      const alone = runMemory(memory, controls((_, t) => Number(t === place))).reads[T - 1];
      assertAlmostEquals(alone[0][0], gradient[place][0].gValue[0], 1e-9);
    });
  });
  fc.assert(property, { seed: 4, numRuns: 200 });
});

Deno.test("a pop that is not whole blurs: half a pop of two values is the mean of both", () => {
  const { states } = runMemory(superpositionStackMemory, [
    only(2, 1, 0),
    only(4, 1, 0),
    only(0, 0, .5),
  ]);
  assertEquals(states[3], [[3], [1], [0]]);
});

Deno.test("reversing bits with 30 cells is right on 58.2 % of the tokens of lengths 41 to 500, if the rest is guessed", () => {
  const task = reverseBinaryTask(), random = seededRandom(5), memory = createSuperpositionStack(30);
  let shares = 0, lengths = 0;
  for (let k = 41; k <= 500; k += 9) {
    const { source } = task.sample(random, { shortest: k, longest: k });
    const push = [...source].map((bit) => only(bit + 1, 1, 0)); // 0 is an empty cell
    const pop = new Array(k - 1).fill(only(0, 0, 1));
    const answer = runMemory(memory, [...push, ...pop]).reads.slice(k - 1);
    const right = answer.filter(([[read]], i) => read === source[k - 1 - i] + 1).length;
    assertEquals([right, answer.filter(([[read]]) => read === 0).length], [30, k - 30]);
    shares += (30 + (k - 30) / 2) / k;
    lengths++;
  }
  assertAlmostEquals(shares / lengths, .582, .005);
});

Deno.test("a stack without a cell, or with half of one, is refused", () => {
  for (const cells of [0, -1, 1.5, NaN]) {
    const message = `Cannot make a superposition stack: wanted 1 cell or more, got ${cells}`;
    assertThrows(() => createSuperpositionStack(cells), RangeError, message);
  }
  assertEquals([superpositionStackMemory.ports, superpositionStackMemory.strengths([[1]])], [
    1,
    [],
  ]);
});
