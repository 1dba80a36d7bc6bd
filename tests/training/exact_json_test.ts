import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fromExactJson, toExactJson } from "@/training/exact_json.ts";

function throughJson(data: unknown): unknown {
  return fromExactJson(toExactJson(data));
}

Deno.test("every number but NaN comes back bit for bit", () => {
  const everyNumber = fc.property(fc.double({ noNaN: true }), (x) => {
    const [back] = throughJson([x]) as number[];
    assert(Object.is(back, x), `${x} came back as ${back}`);
  });
  fc.assert(everyNumber, { seed: 1, numRuns: 1000 });
});

Deno.test("nought and minus nought, both infinities and the smallest number keep their bits", () => {
  for (const x of [0, -0, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE, 0.1 + 0.2]) {
    assert(Object.is((throughJson({ x }) as { x: number }).x, x), `${x}`);
  }
});

Deno.test("typed arrays come back with their type and their bits", () => {
  const arrays = [
    new Float64Array([0.1, -0, Infinity, Number.MIN_VALUE]),
    new Float32Array([0.1, -0]),
    new Int32Array([-1, 2 ** 31 - 1]),
    new Uint32Array([2 ** 32 - 1]),
    new Uint8Array([0, 255]),
    new Float64Array(0),
  ];
  for (const array of arrays) {
    const back = throughJson({ array }) as { array: typeof array };
    assertEquals(back.array.constructor, array.constructor);
    assertEquals(new Uint8Array(back.array.buffer), new Uint8Array(array.buffer));
  }
});

Deno.test("a view of a part of a buffer is written without the rest", () => {
  const part = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals(throughJson(part), new Float64Array([2, 3]));
});

Deno.test("NaN is refused, in a list and in a typed array", () => {
  assertThrows(() => toExactJson({ w: [1, NaN] }), RangeError, "wanted numbers, got NaN");
  assertThrows(() => toExactJson({ w: new Float64Array([NaN]) }), RangeError, "got NaN");
});

Deno.test("what would be lost is refused: functions, undefined, maps, other arrays, reserved keys", () => {
  for (const data of [() => 1, undefined, 1n, new Map(), new Date(0), new Uint16Array(1)]) {
    assertThrows(() => toExactJson({ data }), TypeError, "Cannot write a state");
  }
  assertThrows(() => toExactJson({ $number: "1" }), TypeError, 'wanted keys without "$"');
});

Deno.test("a damaged array or number is not read", () => {
  for (const text of ['{"$Float64Array":"AAAA"}', '{"$Float64Array":"?"}', '{"$number":"1"}']) {
    assertThrows(() => fromExactJson(text), SyntaxError);
  }
});
