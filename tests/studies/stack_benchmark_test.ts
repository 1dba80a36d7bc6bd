import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { runSparseStack } from "@/memory/sparse_stack.ts";
import { runStack, runStackBackward, type StackGradient, sumAbove } from "@/memory/stack.ts";
import { prepareStack, type StackVariant } from "@/studies/stack_benchmark.ts";
import { createReversalSequence } from "@/studies/stack_sequences.ts";

const CONTENDERS: StackVariant[] = ["as printed", "running sums", "sparse"];
const T = 60, M = 3, exercise = createReversalSequence(T, M);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function prepared(contender: StackVariant) {
  const stack = prepareStack(contender, exercise);
  stack.run();
  return stack;
}

for (const contender of CONTENDERS) {
  Deno.test(`${contender}: the gradient is the reference's, also when run again`, () => {
    const { inputs, gReads } = exercise, stack = prepared(contender);
    const wanted = runStackBackward(runStack(inputs), gReads);
    for (let run = 0; run < 2; run++, stack.run()) {
      const got = stack.gradient();
      for (const name of ["gValues", "gPops", "gPushes"] as (keyof StackGradient)[]) {
        const numbers = got[name].flat();
        assertEquals(numbers.length, wanted[name].flat().length);
        wanted[name].flat().forEach((x, i) =>
          assertAlmostEquals(numbers[i], x, 1e-12, `${name}[${i}]`)
        );
      }
    }
  });
}

Deno.test("rows visited: the square as printed, with sums no row below a unit is read, few if sparse", () => {
  const { popTouched, readTouched } = runSparseStack(exercise.inputs);
  const inSight = runStack(exercise.inputs).strengths.map((s) =>
    s.filter((_, i) => sumAbove(s, i) < 1).length // removed rows among them, which are gone through
  );
  assertEquals(CONTENDERS.map((contender) => prepared(contender).rows()), [
    T * T,
    T * (T - 1) / 2 + sum(inSight),
    sum(popTouched) + sum(readTouched),
  ]);
});

Deno.test("bytes: the strengths of all steps are kept by the first two, of none by the third", () => {
  const common = 4 * T * M; // values, reads, and a gradient of each
  assertEquals(CONTENDERS.map((contender) => prepareStack(contender, exercise).bytes), [
    8 * (common + 4 * T + T * (T + 1) / 2),
    8 * (common + 5 * T + T * T),
    8 * (common + 7 * T) + 4 * 3 * T,
  ]);
});

Deno.test("the exercise is always the same, another one at each length, and almost a reversal", () => {
  assertEquals(createReversalSequence(T, M), exercise);
  const { inputs: { values, pops, pushes }, gReads } = exercise;
  assertNotEquals(createReversalSequence(T - 2, M).inputs.pops[0], pops[0]);
  assertNotEquals(gReads, values);
  for (const rows of [values, gReads]) {
    assertEquals(rows.map(({ length }) => length), Array(T).fill(M));
    assert(rows.flat().every((x) => x >= -1 && x < 1));
  }
  const nearly = (bit: number, x: number) => x !== bit && Math.abs(x - bit) <= 0.01;
  pushes.forEach((d, t) => assert(nearly(t < T / 2 ? 1 : 0, d), `push ${t}`));
  pops.forEach((u, t) => assert(nearly(t < T / 2 ? 0 : 1, u), `pop ${t}`));
});
