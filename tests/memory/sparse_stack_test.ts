import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import {
  poppedRows,
  type SparseRows,
  sparseRowsStepBackward,
  stepSparseRows,
} from "@/memory/sparse_rows.ts";
import { createSparseStack, runSparseStack } from "@/memory/sparse_stack.ts";
import { readWeights, runStack, type StackInputs } from "@/memory/stack.ts";
import { KINDS, randomCase, writtenOut } from "./sparse_stack_cases.ts";

/** A stack with a sequence in it and no step taken yet. */
function filledStack({ values, pops, pushes }: StackInputs): SparseRows {
  const stack = createSparseStack(values.length, values[0].length);
  stack.values.set(values.flat());
  stack.pops.set(pops);
  stack.pushes.set(pushes);
  return stack;
}

function steppedStack(inputs: StackInputs): SparseRows {
  const stack = filledStack(inputs);
  for (let t = 0; t < stack.steps; t++) stepSparseRows(stack, t);
  return stack;
}

function assertClose(got: ArrayLike<number>, wanted: number[], what: string): void {
  assertEquals(got.length, wanted.length, what);
  wanted.forEach((x, i) => assertAlmostEquals(got[i], x, 1e-12, `${what} at ${i}`));
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

Deno.test("within rounding of a tie the sides can differ, and the reads still agree", () => {
  // Row 0's .1 against .4 − (.1 + .2), which is .09999999999999998, or .4 − .2 − .1, which is .1.
  const inputs = {
    values: [[5], [7], [11], [13]],
    pops: [0, 0, 0, 0.4],
    pushes: [0.1, 0.1, 0.2, 0.5],
  };
  const stack = steppedStack(inputs), { strengths, reads } = runStack(inputs);
  assertEquals([strengths[3][0] > 0, writtenOut(stack)[0]], [true, 0]);
  assertClose(writtenOut(stack), strengths[3], "s");
  assertClose(stack.reads, reads.flat(), "reads");
});

Deno.test("Figure 1(a) of the paper: strengths and reads of its three steps", () => {
  const values = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const stack = filledStack({ values, pops: [0, 0.1, 0.9], pushes: [0.8, 0.5, 0.9] });
  const wanted = [[0.8], [0.7, 0.5], [0.3, 0, 0.9]];
  for (let t = 0; t < 3; t++) {
    stepSparseRows(stack, t);
    assertClose(writtenOut(stack), wanted[t], `s at ${t}`);
  }
  assertClose(stack.reads, [0.8, 0, 0, 0.5, 0.5, 0, 0.1, 0, 0.9], "reads");
});

Deno.test("each step's inputs may depend on the read before it", () => {
  const T = 30, stack = createSparseStack(T, 2);
  const [values, pops, pushes]: [number[][], number[], number[]] = [[], [], []];
  for (let t = 0; t < T; t++) {
    const [a, b] = t === 0 ? [0, 0] : stack.reads.subarray(2 * t - 2, 2 * t);
    values[t] = [Math.sin(3 * b + t), Math.cos(2 * a - t)];
    pops[t] = 0.5 + 0.4 * Math.sin(a + 2 * t);
    pushes[t] = 0.5 + 0.4 * Math.sin(b + 5 * t);
    stack.values.set(values[t], 2 * t);
    stack.pops[t] = pops[t];
    stack.pushes[t] = pushes[t];
    stepSparseRows(stack, t);
  }
  assertClose(stack.reads, runStack({ values, pops, pushes }).reads.flat(), "reads");
});

Deno.test("touched rows are those whose strength the pop changed, and those the read went through", () => {
  for (const kind of Object.keys(KINDS)) {
    for (let seed = 0; seed < 100; seed++) {
      const { inputs } = randomCase(kind, seed);
      const { strengths } = runStack(inputs), { popTouched, readTouched } = runSparseStack(inputs);
      strengths.forEach((s, t) => {
        const changed = (strengths[t - 1] ?? []).filter((sPrev_i, i) => sPrev_i !== s[i]);
        assertEquals(popTouched[t], changed.length, `${kind} case ${seed}, pop at ${t}`);
        const read = readWeights(s).filter((w_i) => w_i > 0);
        assertEquals(readTouched[t], read.length, `${kind} case ${seed}, read at ${t}`);
      });
    }
  }
});

Deno.test("no more rows are removed than were pushed, at any time; a pop cuts at most one more", () => {
  for (const kind of Object.keys(KINDS)) {
    for (let seed = 0; seed < 100; seed++) {
      const stack = steppedStack(randomCase(kind, seed, 100).inputs);
      for (let t = 0, removed = 0; t < stack.steps; t++) {
        removed += stack.removed[t];
        assert(removed <= t, `${kind} case ${seed}: ${removed} rows removed by step ${t}`);
      }
      const popped = Array.from({ length: stack.steps }, (_, t) => poppedRows(stack, t));
      assert(sum(popped) <= 2 * stack.steps);
    }
  }
});

Deno.test("over a reversal, the rows touched grow with its length and not with its square", () => {
  const perStep = [100, 1000, 10_000].map((T) => {
    const { popTouched, readTouched } = runSparseStack(randomCase("reversal-like", 1, T).inputs);
    return (sum(popTouched) + sum(readTouched)) / T;
  });
  for (const touched of perStep) assertLess(touched, 5);
  assertAlmostEquals(perStep[2], perStep[1], 0.1);
});

Deno.test("a read of tiny strengths goes through as many rows as make up one unit", () => {
  const T = 1000, values = Array.from({ length: T }, () => [1]);
  const pushes = values.map(() => 1 / 128), pops = values.map(() => 0);
  const { readTouched } = runSparseStack({ values, pops, pushes });
  assertEquals(readTouched, values.map((_, t) => Math.min(t + 1, 128)));
});

Deno.test("ties of the pop: who is removed and who is cut", () => {
  const rows = (pops: number[], pushes: number[]) => {
    const stack = steppedStack({ values: pops.map(() => [1]), pops, pushes });
    return { removed: [...stack.removed], cutFrom: [...stack.cutFrom], s: writtenOut(stack) };
  };
  // s = rem: row 1 is removed, rem = 0 does not reach row 0.
  assertEquals(rows([0, 0, 0.5], [1, 0.5, 1]), {
    removed: [0, 0, 1],
    cutFrom: [0, 0, 0],
    s: [1, 0, 1],
  });
  // The pop takes exactly two rows, and with them all there is.
  assertEquals(rows([0, 0, 1.5], [1, 0.5, 1]).removed, [0, 0, 2]);
  // A row of strength 0 goes at the next pop, even of 0; what lies below is not cut.
  assertEquals(rows([0, 0, 0], [1, 0, 1]), {
    removed: [0, 0, 1],
    cutFrom: [0, 0, 0],
    s: [1, 0, 1],
  });
  // A row of strength 0 goes, and the pop is still whole for the row below.
  assertEquals(rows([0, 0, 0.25], [1, 0, 1]), {
    removed: [0, 0, 1],
    cutFrom: [0, 0, 1],
    s: [0.75, 0, 1],
  });
});

Deno.test("ties of the read: it stops where the room is 0", () => {
  const touched = (pushes: number[]) =>
    runSparseStack({ values: pushes.map(() => [1]), pops: pushes.map(() => 0), pushes })
      .readTouched.at(-1);
  assertEquals(touched([1, 1]), 1); // a saturated push leaves no room
  assertEquals(touched([1, 0.5, 0.5]), 2); // s = room in row 1, then room = 0
  assertEquals(touched([1, 0.5, 0]), 3); // a row of strength 0 is gone through
  assertEquals(touched([1, 2]), 1); // more than a unit
});

Deno.test("a second sequence in the same stack is as in a fresh one", () => {
  for (let seed = 0; seed < 50; seed++) {
    const used = filledStack(randomCase("uniform", seed, 40).inputs);
    const M = used.width, { values, pops, pushes } = randomCase("near-binary", seed, 30).inputs;
    const second = {
      values: values.map((v) => [...v, ...v, ...v, ...v].slice(0, M)),
      pops,
      pushes,
    };
    for (let t = 0; t < 40; t++) stepSparseRows(used, t);
    for (let t = 39; t > seed % 40; t--) sparseRowsStepBackward(used, t); // left off anywhere
    used.values.set(second.values.flat());
    used.pops.set(pops);
    used.pushes.set(pushes);
    for (let t = 0; t < 30; t++) stepSparseRows(used, t);
    const fresh = steppedStack(second);
    assertEquals(writtenOut(used), writtenOut(fresh));
    for (const name of ["reads", "removed", "cutFrom"] as const) {
      assertEquals([...used[name].subarray(0, fresh[name].length)], [...fresh[name]], name);
    }
  }
});

Deno.test("memory is linear in the sequence: 4 T M + 10 T numbers, all made at the start", () => {
  const numbers = (stack: SparseRows) =>
    sum(Object.values(stack).map((field) => ArrayBuffer.isView(field) ? field.byteLength : 0));
  for (const T of [1, 100, 200, 100_000]) {
    // 3 of the 10 T are whole numbers of 4 bytes.
    assertEquals(numbers(createSparseStack(T, 3)), 8 * (4 * T * 3 + 7 * T) + 4 * 3 * T);
  }
  const stack = filledStack(randomCase("uniform", 1, 100).inputs), before = { ...stack };
  for (let t = 0; t < 100; t++) stepSparseRows(stack, t);
  for (let t = 99; t >= 0; t--) sparseRowsStepBackward(stack, t);
  assertEquals(Object.keys(stack), Object.keys(before));
  for (const [name, field] of Object.entries(before)) {
    assert(stack[name as keyof SparseRows] === field, `${name} is another one after the run`);
  }
});

Deno.test("a stack without room, and a step out of turn, are refused", () => {
  const stack = createSparseStack(3, 1);
  const refusals: [() => void, string][] = [
    [() => createSparseStack(0, 2), "Cannot make a stack: wanted steps and width of at least 1"],
    [() => createSparseStack(2, 0), "got 2 and 0"],
    [() => createSparseStack(2.5, 1), "got 2.5 and 1"],
    [() => createSparseStack(1, 2.5), "got 1 and 2.5"],
    [() => stepSparseRows(stack, 1), "Cannot step the stack: wanted step 0, got step 1"],
    [() => stepSparseRows(stack, -1), "wanted step 0, got step -1"],
  ];
  for (const [call, message] of refusals) assertThrows(call, RangeError, message);
  stepSparseRows(stack, 0);
  const inTurn = "wanted step 1, got step 2";
  assertThrows(() => stepSparseRows(stack, 2), RangeError, inTurn);
  for (const t of [1, 2]) stepSparseRows(stack, t);
  assertThrows(() => stepSparseRows(stack, 3), RangeError, "wanted at most 3 steps, got step 3");
});

Deno.test("a pop or push that is no number of at least 0 is refused before anything is written", () => {
  const stack = createSparseStack(1, 1), before = JSON.stringify(stack);
  for (const x of [NaN, -0.5, Infinity]) {
    for (const control of ["pops", "pushes"] as const) {
      stack[control][0] = x;
      const got = control === "pops" ? `${x} and 0` : `0 and ${x}`;
      assertThrows(
        () => stepSparseRows(stack, 0),
        RangeError,
        `Cannot step the stack: wanted a finite pop and push of at least 0 at step 0, got ${got}`,
      );
      stack[control][0] = 0;
      assertEquals(JSON.stringify(stack), before);
    }
  }
});
