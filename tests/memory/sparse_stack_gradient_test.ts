import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import type { Vector } from "@/math/shapes.ts";
import {
  clearSparseRowsGradient,
  poppedRows,
  type SparseRows,
  sparseRowsStepBackward,
  stepSparseRows,
} from "@/memory/sparse_rows.ts";
import {
  createSparseStack,
  runSparseStack,
  runSparseStackBackward,
} from "@/memory/sparse_stack.ts";
import { runStack, runStackBackward, type StackGradient } from "@/memory/stack.ts";
import {
  dyadicCase,
  KINDS,
  marginsOf,
  randomCase,
  type StackCase,
  writtenOut,
} from "./sparse_stack_cases.ts";

/** A stack after all steps of a case, with its `gReads` filled in. */
function steppedStack({ inputs: { values, pops, pushes }, gReads }: StackCase): SparseRows {
  const stack = createSparseStack(values.length, values[0].length);
  stack.values.set(values.flat());
  stack.pops.set(pops);
  stack.pushes.set(pushes);
  stack.gReads.set(gReads.flat());
  for (let t = 0; t < stack.steps; t++) stepSparseRows(stack, t);
  return stack;
}

function reverseAll(stack: SparseRows): StackGradient {
  for (let t = stack.time - 1; t >= 0; t--) sparseRowsStepBackward(stack, t);
  const { gValues, gPops, gPushes, width } = stack;
  const rows = [...gPops].map((_, t) => [...gValues.subarray(t * width, (t + 1) * width)]);
  return { gValues: rows, gPops: [...gPops], gPushes: [...gPushes] };
}

function reference({ inputs, gReads }: StackCase): StackGradient {
  return runStackBackward(runStack(inputs), gReads);
}

function assertClose(got: StackGradient, wanted: StackGradient, what: string): void {
  const compare = (name: string, got: Vector, wanted: Vector) => {
    assertEquals(got.length, wanted.length, what);
    wanted.forEach((x, i) => assertAlmostEquals(got[i], x, 1e-12, `${name} at ${i}, ${what}`));
  };
  compare("gValues", got.gValues.flat(), wanted.gValues.flat());
  compare("gPops", got.gPops, wanted.gPops);
  compare("gPushes", got.gPushes, wanted.gPushes);
}

for (const kind of Object.keys(KINDS)) {
  Deno.test(`every gradient is the reference's, on 3 long ${kind} cases`, () => {
    for (let seed = 0; seed < 3; seed++) {
      const both = randomCase(kind, seed, 150);
      assertClose(reverseAll(steppedStack(both)), reference(both), `case ${seed}`);
    }
  });
}

Deno.test("on 1000 cases full of ties, every gradient is equal to the reference's to the last bit", () => {
  const ties = { removed: 0, reached: 0, full: 0, read: 0 };
  for (let seed = 0; seed < 1000; seed++) {
    const both = dyadicCase(seed), trace = runStack(both.inputs);
    assertEquals(reverseAll(steppedStack(both)), reference(both), `case ${seed}`);
    const margins = marginsOf(trace);
    for (const kind of Object.keys(ties) as (keyof typeof ties)[]) {
      ties[kind] += margins[kind].filter((margin) => margin === 0).length;
    }
  }
  assertLess(1000, Math.min(...Object.values(ties))); // each kind of tie has come up
});

/** ∂L/∂u and ∂L/∂d where only the last read counts, and v_t is 10^t: each digit is a row. */
function lastReadGradient(pops: Vector, pushes: Vector): { gPops: Vector; gPushes: Vector } {
  const inputs = { values: pops.map((_, t) => [10 ** t]), pops, pushes };
  const gReads = pops.map((_, t) => [Number(t === pops.length - 1)]);
  const gradient = runSparseStackBackward(inputs, gReads);
  assertEquals(gradient, reference({ inputs, gReads }));
  return { gPops: gradient.gPops, gPushes: gradient.gPushes };
}

Deno.test("off ties: a cut row passes its gradient to the pop and to the rows removed above it", () => {
  // Row 1's .25 is removed, row 0 is cut to .5 and read in full.
  const { gPops, gPushes } = lastReadGradient([0, 0, 0.5], [0.75, 0.25, 0.25]);
  assertEquals(gPops, [0, 0, -1]);
  assertEquals(gPushes, [1, 1, 100]);
});

Deno.test("off ties: the row read in part passes its gradient to the rows above it, not to itself", () => {
  const { gPops, gPushes } = lastReadGradient([0, 0, 0], [1, 0.5, 0.25]);
  assertEquals(gPops, [0, 0, 0]);
  assertEquals(gPushes, [0, 10 - 1, 100 - 1]);
});

Deno.test("tie s = rem: the removed row hears nothing, and nothing is cut for the pop to hear", () => {
  const { gPops, gPushes } = lastReadGradient([0, 0, 0.5], [0.5, 0.5, 0.25]);
  assertEquals(gPops, [0, 0, 0]);
  assertEquals(gPushes, [1, 0, 100]);
  // The pop takes exactly all there is.
  assertEquals(lastReadGradient([0, 0, 1], [0.5, 0.5, 0.25]), {
    gPops: [0, 0, 0],
    gPushes: [0, 0, 100],
  });
});

Deno.test("tie u = 0: no row is reached, no pop hears anything", () => {
  const { gPops, gPushes } = lastReadGradient([0, 0, 0], [0.25, 0.25, 0.25]);
  assertEquals(gPops, [0, 0, 0]);
  assertEquals(gPushes, [1, 10, 100]);
});

Deno.test("tie s = 0: a row of strength 0 hears its own step's read, and later only a cut below it", () => {
  // Its own read: in full, as min(0, 1); row 0 below it is read in full too.
  assertEquals(lastReadGradient([0, 0], [0.5, 0]).gPushes, [1, 10]);
  // Its own read, with row 0 read in part: what goes to row 1 is missing from row 0.
  assertEquals(lastReadGradient([0, 0], [2, 0]).gPushes, [0, 10 - 1]);
  // Removed by a pop of 0: nothing more.
  assertEquals(lastReadGradient([0, 0, 0], [0.5, 0, 0.25]).gPushes, [1, 0, 100]);
  // Removed by a pop that then cuts row 0: a little more of row 1 would have spared row 0.
  assertEquals(lastReadGradient([0, 0, 0.25], [0.5, 0, 0.25]), {
    gPops: [0, 0, -1],
    gPushes: [1, 1, 100],
  });
});

Deno.test("tie s = room: read in full, so its own strength hears the read", () => {
  assertEquals(lastReadGradient([0, 0, 0], [1, 0.5, 0.5]).gPushes, [0, 10, 100]);
});

Deno.test("tie room = 0: a saturated push hears its own value only", () => {
  assertEquals(lastReadGradient([0, 0], [0.5, 1]).gPushes, [0, 10]);
  // With every push at 1, each pop removes a row whole or has the rest of it hidden by the next push.
  const gPops = lastReadGradient([0, 0.5, 0.5, 1], [1, 1, 1, 1]).gPops;
  assertEquals(gPops, [0, 0, 0, 0]);
});

Deno.test("within rounding of a tie the gradients are those of the two sides", () => {
  // .4 takes .2, .1 and, by how it is added up, all or not quite all of row 0's .1.
  const inputs = {
    values: [[5], [7], [11], [13]],
    pops: [0, 0, 0, 0.4],
    pushes: [0.1, 0.1, 0.2, 0.5],
  };
  const gReads = [[0], [0], [0], [1]];
  assertEquals(reference({ inputs, gReads }).gPops[3], -5); // row 0 is still there
  assertEquals(runSparseStackBackward(inputs, gReads).gPops[3], 0); // row 0 is gone
});

Deno.test("an untouched strength's gradient passes a step as it is", () => {
  // Row 0 lies under a saturated push at step 1, is not reached by the pop at 2, and is read at 3.
  const inputs = {
    values: [[3], [1], [1], [0]],
    pops: [0, 0, 0.5, 1.5],
    pushes: [0.75, 1, 1, 0],
  };
  const stack = steppedStack({ inputs, gReads: [[0], [0], [0], [1]] });
  const seen: number[] = [];
  for (let t = 3; t >= 0; t--) {
    sparseRowsStepBackward(stack, t);
    seen.push(stack.gStrengths[0]);
  }
  assertEquals(seen, [3, 3, 3, 3]);
});

/** A list like `numbers` that counts how often a number is written into it. */
function countingWrites(numbers: Float64Array): { counted: Float64Array; writes: () => number } {
  let writes = 0;
  const set = (target: Float64Array, i: PropertyKey, x: unknown) => {
    writes++;
    return Reflect.set(target, i, x);
  };
  return { counted: new Proxy(numbers, { get: Reflect.get, set }), writes: () => writes };
}

Deno.test("the way back visits only rows that the way forward touched", () => {
  for (const kind of Object.keys(KINDS)) {
    const both = randomCase(kind, 11, 200), stack = steppedStack(both);
    const { readTouched } = runSparseStack(both.inputs);
    const { counted, writes } = countingWrites(stack.gStrengths);
    reverseAll({ ...stack, gStrengths: counted });
    let allowed = 0; // a read row may hear its own weight and that of the row read in part
    for (let t = 0; t < 200; t++) allowed += poppedRows(stack, t) + 2 * readTouched[t];
    assert(writes() <= allowed, `${kind}: ${writes()} writes, ${allowed} expected at most`);
  }
});

Deno.test("each step back leaves the strengths as they were before it, to the last bit", () => {
  for (const kind of Object.keys(KINDS)) {
    const both = randomCase(kind, 7, 60), stack = steppedStack(both), history: Vector[] = [];
    for (let t = 0; t < 60; t++) {
      stepSparseRows(stack, t);
      history.push(writtenOut(stack));
    }
    for (let t = 59; t > 0; t--) {
      sparseRowsStepBackward(stack, t);
      assertEquals(writtenOut(stack), history[t - 1], `${kind}, before step ${t}`);
    }
  }
});

Deno.test("steps taken again after some were reversed give the same gradient", () => {
  const both = randomCase("uniform", 3, 30), stack = steppedStack(both);
  for (let t = 29; t >= 11; t--) sparseRowsStepBackward(stack, t);
  for (let t = 11; t < 30; t++) stepSparseRows(stack, t);
  clearSparseRowsGradient(stack);
  assertEquals(reverseAll(stack), reverseAll(steppedStack(both)));
});

Deno.test("a second sequence in the same stack has the gradient that it has in a fresh one", () => {
  for (let seed = 0; seed < 50; seed++) {
    const first = randomCase("uniform", seed, 30), second = randomCase("near-binary", seed, 30);
    const width = 1;
    const narrow = ({ inputs, gReads }: StackCase): StackCase => ({
      inputs: { ...inputs, values: inputs.values.map((v) => v.slice(0, width)) },
      gReads: gReads.map((g) => g.slice(0, width)),
    });
    const used = steppedStack(narrow(first)), { inputs, gReads } = narrow(second);
    reverseAll(used);
    used.values.set(inputs.values.flat());
    used.pops.set(inputs.pops);
    used.pushes.set(inputs.pushes);
    used.gReads.set(gReads.flat());
    for (let t = 0; t < 30; t++) stepSparseRows(used, t);
    clearSparseRowsGradient(used);
    assertEquals(reverseAll(used), reverseAll(steppedStack(narrow(second))));
  }
});

Deno.test("gradients are added to what is there, until they are cleared", () => {
  const stack = steppedStack(randomCase("uniform", 5, 10));
  const once = reverseAll(stack);
  for (let t = 0; t < 10; t++) stepSparseRows(stack, t);
  stack.gStrengths.fill(0);
  const twice = reverseAll(stack);
  twice.gPushes.forEach((g, t) => assertAlmostEquals(g, 2 * once.gPushes[t], 1e-12));
  twice.gPops.forEach((g, t) => assertAlmostEquals(g, 2 * once.gPops[t], 1e-12));
  twice.gValues.flat().forEach((g, i) => assertAlmostEquals(g, 2 * once.gValues.flat()[i], 1e-12));
  for (const name of ["gValues", "gPops", "gPushes", "gStrengths"] as const) stack[name].fill(1);
  clearSparseRowsGradient(stack);
  for (const name of ["gValues", "gPops", "gPushes", "gStrengths"] as const) {
    assert(stack[name].every((g) => g === 0), name);
  }
});

Deno.test("a step back out of turn is refused", () => {
  const stack = createSparseStack(3, 1);
  const refused = (t: number, message: string) =>
    assertThrows(() => sparseRowsStepBackward(stack, t), RangeError, message);
  refused(0, "Cannot reverse the stack: wanted a step that was taken, got step 0");
  refused(-1, "wanted a step that was taken, got step -1");
  stepSparseRows(stack, 0);
  stepSparseRows(stack, 1);
  refused(0, "Cannot reverse the stack: wanted step 1, the last one taken, got step 0");
  refused(2, "wanted step 1, the last one taken, got step 2");
  sparseRowsStepBackward(stack, 1);
  refused(1, "wanted step 0, the last one taken, got step 1"); // it cannot be reversed twice
});
