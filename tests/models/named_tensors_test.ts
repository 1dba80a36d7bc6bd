import { assert, assertEquals, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  checkTensors,
  drawTensors,
  type ParameterShape,
  tensorsOfPart,
  withPrefix,
  zeroTensors,
} from "@/models/named_tensors.ts";

const SHAPES: ParameterShape[] = [
  ["embedding.weight", [50, 20]],
  ["kernel.weight", [10, 4, 5, 5]],
  ["logits.weight", [10, 25]],
  ["logits.bias", [10]],
];

Deno.test("weights lie within one over the root of their inputs, embeddings do not, biases are 0", () => {
  const tensors = drawTensors(SHAPES, seededRandom(1), (name) => name[0] === "l" ? 3 : 1);
  assertEquals(Object.keys(tensors), SHAPES.map(([name]) => name));
  const largest = (name: string) => Math.max(...tensors[name].map(Math.abs));
  for (const [name, bound] of [["kernel.weight", 1 / 10], ["logits.weight", 3 / 5]] as const) {
    assert(largest(name) < bound && largest(name) > 0.95 * bound, name);
  }
  assert(largest("embedding.weight") > 2);
  assertEquals(new Set(tensors["logits.bias"]), new Set([0]));
});

Deno.test("a part's tensors are found under its name, and only those", () => {
  const tensors = zeroTensors([...withPrefix("a", SHAPES), ...withPrefix("ab", SHAPES)]);
  const own = tensorsOfPart("a", tensors);
  assertEquals(Object.keys(own), SHAPES.map(([name]) => name));
  assert(Object.entries(own).every(([name, tensor]) => tensor === tensors[`a.${name}`]));
});

Deno.test("tensors that are missing, unknown, too short or not finite are refused", () => {
  const refused = (
    changed: Record<string, Float64Array | undefined>,
    error: typeof TypeError | typeof RangeError,
    message: string,
  ) => {
    const tensors = { ...zeroTensors(SHAPES), ...changed } as Record<string, Float64Array>;
    assertThrows(
      () => checkTensors("run", SHAPES, tensors),
      error,
      `Cannot run: wanted ${message}`,
    );
  };
  checkTensors("run", SHAPES, zeroTensors(SHAPES));
  refused({ extra: new Float64Array(1) }, TypeError, "no tensor extra, got one");
  refused({ "logits.bias": undefined }, TypeError, "a tensor logits.bias, got none");
  refused(
    { "kernel.weight": new Float64Array(9) },
    TypeError,
    "1000 numbers (10 × 4 × 5 × 5) in kernel.weight, got 9",
  );
  refused(
    { "logits.bias": new Float64Array(10).fill(NaN) },
    RangeError,
    "finite numbers in logits.bias, got NaN at 0",
  );
});
