import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import {
  clearFlatStackGradient,
  createFlatStack,
  type FlatStack,
  flatStackStepBackward,
  type StackGradientKind,
  stepFlatStack,
} from "@/tutorial/flat_stack.ts";
import { publishedStackBackward } from "@/tutorial/published_stack_backward.ts";
import { runStack, runStackBackward, type StackGradient, type StackTrace } from "@/memory/stack.ts";

/** Controls of every kind: anywhere, near 0 and 1, exactly 0 and 1 (ties), and very small. */
function randomControl(random: RandomSource, kind: number): number {
  const x = random.uniform();
  return [x, x < 0.5 ? 0.01 * x : 1 - 0.01 * x, x < 0.5 ? 0 : 1, 1e-3 * x][kind];
}

function randomCase(seed: number): { trace: StackTrace; gReads: number[][] } {
  const random = seededRandom(seed);
  const T = random.integer(1, 13), M = random.integer(1, 6), kind = seed % 4;
  const matrix = () =>
    Array.from({ length: T }, () => Array.from({ length: M }, () => random.normal()));
  const controls = () => Array.from({ length: T }, () => randomControl(random, kind));
  const trace = runStack({ values: matrix(), pops: controls(), pushes: controls() });
  return { trace, gReads: matrix() };
}

/** A stack with more room than the sequence needs, and dirt in it, as it has in training. */
function dirtyStack(trace: StackTrace): FlatStack {
  const stack = createFlatStack(trace.values.length + 3, trace.values[0].length);
  stack.strengths.fill(7);
  stack.reads.fill(7);
  stack.gValues.fill(7);
  stack.gPops.fill(7);
  stack.gPushes.fill(7);
  stack.gStrengths.fill(7);
  stack.values.set(trace.values.flat());
  stack.pops.set(trace.pops);
  stack.pushes.set(trace.pushes);
  return stack;
}

function runBoth(
  { trace, gReads }: ReturnType<typeof randomCase>,
  kind: StackGradientKind,
): FlatStack {
  const T = trace.values.length, stack = dirtyStack(trace);
  for (let t = 0; t < T; t++) stepFlatStack(stack, t);
  stack.gReads.set(gReads.flat());
  clearFlatStackGradient(stack);
  for (let t = T - 1; t >= 0; t--) flatStackStepBackward(stack, t, kind);
  return stack;
}

function assertClose(got: Float64Array, wanted: number[], what: string): void {
  wanted.forEach((x, i) => assertAlmostEquals(got[i], x, 1e-11, `${what} at ${i}`));
}

function assertGradient(stack: FlatStack, wanted: StackGradient, seed: number): void {
  assertClose(stack.gValues, wanted.gValues.flat(), `gValues of case ${seed}`);
  assertClose(stack.gPops, wanted.gPops, `gPops of case ${seed}`);
  assertClose(stack.gPushes, wanted.gPushes, `gPushes of case ${seed}`);
}

Deno.test("the flat stack reads what the reference reads, on 1000 random cases", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const both = randomCase(seed), stack = runBoth(both, "exact");
    assertClose(stack.reads, both.trace.reads.flat(), `reads of case ${seed}`);
    both.trace.strengths.forEach((s, t) =>
      assertClose(stack.strengths.subarray(t * stack.steps), s, `strengths of case ${seed}`)
    );
  }
});

Deno.test("the flat stack's exact gradient is the reference's, ties included", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const both = randomCase(seed);
    assertGradient(runBoth(both, "exact"), runStackBackward(both.trace, both.gReads), seed);
  }
});

Deno.test("the flat stack's published gradient is the literal one, ties included", () => {
  for (let seed = 0; seed < 1000; seed++) {
    const both = randomCase(seed);
    assertGradient(
      runBoth(both, "published"),
      publishedStackBackward(both.trace, both.gReads),
      seed,
    );
  }
});

Deno.test("with every push at 1 the read is exactly the top value and no pop has a gradient", () => {
  for (let seed = 0; seed < 100; seed++) {
    const { trace, gReads } = randomCase(seed);
    const full = runStack({ ...trace, pushes: trace.pushes.map(() => 1) });
    for (const kind of ["exact", "published"] as const) {
      const stack = runBoth({ trace: full, gReads }, kind), T = trace.values.length;
      assertEquals([...stack.reads.subarray(0, T * stack.width)], trace.values.flat());
      assert(stack.gPops.every((gU) => gU === 0));
    }
  }
});

Deno.test("a flat stack without room is refused", () => {
  assertThrows(
    () => createFlatStack(0, 2),
    RangeError,
    "Cannot make a stack: wanted steps and width of at least 1, got 0 and 2",
  );
});
