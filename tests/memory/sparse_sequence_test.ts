import { assertEquals, assertThrows } from "@std/assert";
import { runSparseStack, runSparseStackBackward } from "@/memory/sparse_stack.ts";
import { runStack, runStackBackward } from "@/memory/stack.ts";
import { dyadicCase } from "./sparse_stack_cases.ts";

Deno.test("a whole sequence reads, and is reversed, as in the reference", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { inputs, gReads } = dyadicCase(seed);
    const sparse = runSparseStack(inputs), trace = runStack(inputs);
    assertEquals(sparse.reads, trace.reads);
    const wanted = runStackBackward(trace, gReads);
    assertEquals(runSparseStackBackward(inputs, gReads), wanted);
    assertEquals(runSparseStackBackward(sparse, gReads), wanted); // a trace is its own inputs
    assertEquals(runSparseStackBackward(sparse, gReads), wanted); // and may be reversed again
  }
});

Deno.test("a sequence of no steps does nothing, as in the reference", () => {
  const nothing = { values: [], pops: [], pushes: [] };
  assertEquals(runSparseStack(nothing).reads, runStack(nothing).reads);
  assertEquals(
    runSparseStackBackward(nothing, []),
    runStackBackward(runStack(nothing), []),
  );
});

Deno.test("bad shapes and numbers are refused with what was wanted and what was got", () => {
  const inputs = { values: [[1], [2]], pops: [0, 0], pushes: [1, 1] };
  const refusals: [() => unknown, typeof TypeError | typeof RangeError, string][] = [
    [
      () => runSparseStack({ ...inputs, pops: [0] }),
      TypeError,
      "Cannot run the stack: wanted 2 pops (one for each value), got 1",
    ],
    [
      () => runSparseStack({ ...inputs, pushes: [1, 1, 1] }),
      TypeError,
      "Cannot run the stack: wanted 2 pushes (one for each value), got 3",
    ],
    [
      () => runSparseStack({ ...inputs, values: [[1], [2, 3]] }),
      TypeError,
      "Cannot run the stack: wanted 1 values in row 1, got 2",
    ],
    [() => runSparseStack({ ...inputs, values: [[1], [NaN]] }), RangeError, "got NaN"],
    [() => runSparseStack({ ...inputs, pops: [0, -1] }), RangeError, "of at least 0, got -1 at 1"],
    [() => runSparseStack({ ...inputs, pushes: [Infinity, 0] }), RangeError, "got Infinity at 0"],
    [() => runSparseStack({ ...inputs, values: [[], []] }), RangeError, "got 2 and 0"],
    [
      () => runSparseStackBackward({ ...inputs, pops: [0, NaN] }, [[1], [1]]),
      RangeError,
      "Cannot reverse the stack: wanted finite pops (one for each value), got NaN at 1",
    ],
    [
      () => runSparseStackBackward(inputs, [[1]]),
      TypeError,
      "Cannot reverse the stack: wanted 2 rows of gradients of the reads, got 1",
    ],
    [() => runSparseStackBackward(inputs, [[1], [1, 2]]), TypeError, "in row 1, got 2"],
    [() => runSparseStackBackward(inputs, [[1, 1], [1, 2]]), TypeError, "in row 0, got 2"],
    [() => runSparseStackBackward(inputs, [[1], [NaN]]), RangeError, "got NaN"],
  ];
  for (const [call, type, message] of refusals) assertThrows(call, type, message);
});
