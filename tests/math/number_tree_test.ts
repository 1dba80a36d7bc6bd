import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { flatten, flattenGradient, pathsOf, unflatten } from "@/math/gradient_check.ts";

const { tree: anyTree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.float64Array({ maxLength: 4, noNaN: true, noDefaultInfinity: true }),
    fc.dictionary(fc.constantFrom("values", "pops", "a", "0", ""), tie("tree"), {
      noNullPrototype: true,
    }),
  ),
}));

Deno.test("putting a tree's own numbers into it gives an equal tree that shares nothing", () => {
  const property = fc.property(anyTree, (tree) => {
    const copy = unflatten(tree, flatten(tree));
    assertEquals(copy, tree);
    if (typeof tree === "object") assert(copy !== tree);
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

Deno.test("any numbers that are put into a tree are found in it in order", () => {
  const property = fc.property(anyTree, (tree) => {
    const numbers = flatten(tree).map((_, i) => i);
    assertEquals(flatten(unflatten(tree, numbers)), numbers);
    assertEquals(pathsOf(tree).length, numbers.length);
  });
  fc.assert(property, { seed: 2, numRuns: 300 });
});

Deno.test("a path leads to its number", () => {
  const tree = { values: [[1, 2], [3]], inner: { pops: new Float64Array([4]) }, last: 5 };
  assertEquals(
    pathsOf(tree),
    ["values[0][0]", "values[0][1]", "values[1][0]", "inner.pops[0]", "last"],
  );
  assertEquals(flatten(tree), [1, 2, 3, 4, 5]);
  assertEquals(pathsOf([[7]]), ["[0][0]"]);
});

Deno.test("a gradient is read in the order of its inputs, under either name, at any depth", () => {
  const inputs = { stack: { pops: [1], pushes: [2] }, bias: 3 };
  const wanted = [10, 20, 30];
  assertEquals(
    flattenGradient(inputs, { gBias: 30, gStack: { gPushes: [20], gPops: [10] } }),
    wanted,
  );
  assertEquals(flattenGradient(inputs, { bias: 30, stack: { gPushes: [20], pops: [10] } }), wanted);
});

Deno.test("where a gradient has both names, the one with g counts", () => {
  assertEquals(flattenGradient({ pops: [1] }, { pops: [5], gPops: [50] }), [50]);
});

Deno.test("a structure whose own names collide with the prefix is still itself", () => {
  const tree = { x: 1, gX: 2 };
  assertEquals(flatten(tree), [1, 2]);
});

Deno.test("lists of one kind may answer lists of the other", () => {
  assertEquals(flattenGradient([1, 2], new Float64Array([3, 4])), [3, 4]);
  assertEquals(flattenGradient(new Float64Array([1, 2]), [3, 4]), [3, 4]);
});

Deno.test("a gradient that does not fit is refused, with the place", () => {
  const inputs = { values: [[1, 2]], pops: [3] };
  const fitting = { gValues: [[1, 2]], gPops: [3] };
  const reading = (wrong: unknown) => () => flattenGradient(inputs, wrong);
  const refuses = (wrong: unknown, message: string) =>
    assertThrows(reading(wrong), TypeError, `Cannot list numbers: wanted ${message}`);
  refuses({ gValues: [[1, 2]] }, "a list of 1 at pops, got undefined");
  refuses({ ...fitting, gPops: [1, 2] }, "a list of 1 at gPops, got a list of 2");
  refuses({ ...fitting, gPops: 1 }, "a list of 1 at gPops, got 1");
  refuses({ ...fitting, gPops: [null] }, "a number at gPops[0], got null");
  refuses({ ...fitting, gValues: [[1]] }, "a list of 2 at gValues[0], got a list of 1");
  refuses(undefined, "an object, got undefined");
  assertThrows(
    reading({ ...fitting, gValues: [[1, NaN]] }),
    RangeError,
    "Cannot list numbers: wanted finite numbers at gValues[0][1], got NaN",
  );
});

Deno.test("a tree that holds anything but numbers is refused", () => {
  const refuses = (tree: unknown, message: string) =>
    assertThrows(() => flatten(tree), TypeError, `wanted numbers, arrays and objects ${message}`);
  refuses(["a"], "at [0], got string");
  refuses({ x: null }, "at x, got null");
  refuses({ x: undefined }, "at x, got undefined");
  refuses({ x: true }, "at x, got boolean");
  refuses({ x: new Float32Array(2) }, "at x, got Float32Array");
  refuses({ x: new Map() }, "at x, got Map");
  assertThrows(
    () => flatten([1, Infinity]),
    RangeError,
    "wanted finite numbers at [1], got Infinity",
  );
});
