import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { assertNear } from "./engine/tensors.ts";
import { assertSame } from "./same.ts";

/** What is said of two values that differ. */
function difference(got: unknown, wanted: unknown): string {
  return assertThrows(() => assertSame(got, wanted, "state")).message;
}

Deno.test("values that agree to the last bit are the same", () => {
  const value = () => ({ a: [1, NaN, -0, null, "x", undefined], b: Float32Array.of(NaN, -0) });
  assertSame(value(), value());
  assertSame(Object.assign(Object.create(null), { a: 1 }), { a: 1 });
});

Deno.test("the first place that differs is named, with both values", () => {
  const tensors = (x: number) => ({ steps: 3, push: { weight: Float32Array.of(1, x) } });
  assertEquals(
    difference(tensors(0.25), tensors(0.5)),
    "state.push.weight[1]: wanted 0.5, got 0.25",
  );
  assertEquals(difference([[0]], [[-0]]), "state[0][0]: wanted -0, got 0");
  assertEquals(difference("3", 3), 'state: wanted 3, got "3"');
  assertEquals(difference(null, {}), "state: wanted object, got null");
});

Deno.test("lists of other lengths or types, and objects of other keys differ", () => {
  assertEquals(difference([1], [1, 2]), "state.length: wanted 2, got 1");
  assertEquals(
    difference(Float32Array.of(1), Float64Array.of(1)),
    'state (kind): wanted "Float64Array", got "Float32Array"',
  );
  assertEquals(difference({ a: 1 }, { a: 1, b: 2 }), "state (keys).length: wanted 2, got 1");
  assertEquals(difference({ a: 1 }, { b: 1 }), 'state (keys)[0]: wanted "b", got "a"');
});

Deno.test("what is said of a million numbers is as short as of one", () => {
  const [zeros, ones] = [0, 1].map((x) => new Float32Array(1e6).fill(x));
  assertEquals(difference({ zeros }, { zeros: ones }), "state.zeros[0]: wanted 1, got 0");
});

Deno.test("what is neither a list nor plain data is refused, since its contents would not be compared", () => {
  const one = new Map([["a", 1]]), other = new Map([["a", 2]]);
  assertThrows(() => assertSame(one, other), TypeError, "wanted lists and plain data, got Map");
});

Deno.test("tensors that are not near each other are named with the number that is farthest off", () => {
  const [got, wanted] = [Float32Array.of(1, 2, 3), [1, 2.5, 3.25]];
  const failing = (within: number) => () => assertNear(got, wanted, within, "push.weight");
  failing(0.6)();
  assertThrows(failing(0.5), Error, "push.weight: wanted 2.5 at 1, got 2; 0.559");
  const lost = () => assertNear([1, NaN, 3], wanted, 1, "push.weight");
  assertThrows(lost, Error, "push.weight: wanted 2.5 at 1, got NaN");
  assertThrows(() => assertNear([1], wanted, 1, "x"), Error, "x: wanted 3 numbers, got 1");
});

Deno.test("an assertion that is given a message says the values too", () => {
  const { message } = assertThrows(() => assertAlmostEquals(1.25, 2, 0.5, "push.weight[3]"), Error);
  for (const part of ["1.25", "2", "0.5", "push.weight[3]"]) assertStringIncludes(message, part);
  const equal = assertThrows(() => assertEquals([1.25], [2.5], "push.weight"), Error);
  for (const part of ["1.25", "2.5", "push.weight"]) assertStringIncludes(equal.message, part);
});
