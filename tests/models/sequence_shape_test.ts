import { MEMORY_NAMES } from "@/memory/memories.ts";
import { sum } from "@/math/lists.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import {
  checkSequenceShape,
  parameterCount,
  parameterShapes,
  type SequenceModelShape,
} from "@/models/sequence_shape.ts";

const shape: SequenceModelShape = {
  cell: "lstm",
  layers: 2,
  hidden: 3,
  embedding: 5,
  memory: "stack",
  valueWidth: 7,
  symbols: 11,
};

Deno.test("an LSTM of two layers with a stack: the order that weights are stored in", () => {
  assertEquals(parameterShapes(shape), [
    ["embedding.weight", [11, 5]],
    ["cells.0.weight_ih", [12, 12]],
    ["cells.0.weight_hh", [12, 3]],
    ["cells.0.bias", [12]],
    ["cells.0.h0", [3]],
    ["cells.0.c0", [3]],
    ["cells.1.weight_ih", [12, 3]],
    ["cells.1.weight_hh", [12, 3]],
    ["cells.1.bias", [12]],
    ["cells.1.h0", [3]],
    ["cells.1.c0", [3]],
    ["push.weight", [1, 3]],
    ["push.bias", [1]],
    ["pop.weight", [1, 3]],
    ["pop.bias", [1]],
    ["value.weight", [7, 3]],
    ["value.bias", [7]],
    ["output.weight", [7, 3]],
    ["output.bias", [7]],
    ["logits.weight", [11, 7]],
    ["logits.bias", [11]],
  ]);
});

Deno.test("a model that names the symbol before has a readout more, behind all else", () => {
  const naming = { ...shape, namesPrevious: true }, all = parameterShapes(naming);
  assertEquals(all.slice(0, -2), parameterShapes(shape));
  assertEquals(all.slice(-2), [["previous.weight", [11, 7]], ["previous.bias", [11]]]);
  assertThrows(
    () => parameterShapes({ ...naming, memory: "none", valueWidth: 0 }),
    TypeError,
    "Cannot list the parameters: wanted no namesPrevious without a memory, got true",
  );
});

Deno.test("logits that see the reads have a matrix more, for those of all ports", () => {
  const seeing = { ...shape, memory: "deque", logitsSeeReads: true } as const;
  assertEquals(parameterShapes(seeing).at(-1), ["logits.read_weight", [11, 2 * 7]]);
  assertThrows(
    () => parameterShapes({ ...seeing, memory: "none", valueWidth: 0 }),
    TypeError,
    "Cannot list the parameters: wanted no logitsSeeReads without a memory, got true",
  );
});

Deno.test("a queue has the parameters of a stack; a deque has heads for each end, and both reads as input", () => {
  assertEquals(parameterShapes({ ...shape, memory: "queue" }), parameterShapes(shape));
  const deque = parameterShapes({ ...shape, memory: "deque" });
  assertEquals(deque.slice(1, 2), [["cells.0.weight_ih", [12, 5 + 2 * 7]]]);
  assertEquals(deque.slice(11, -2), [
    ["push.top.weight", [1, 3]],
    ["push.top.bias", [1]],
    ["pop.top.weight", [1, 3]],
    ["pop.top.bias", [1]],
    ["value.top.weight", [7, 3]],
    ["value.top.bias", [7]],
    ["push.bottom.weight", [1, 3]],
    ["push.bottom.bias", [1]],
    ["pop.bottom.weight", [1, 3]],
    ["pop.bottom.bias", [1]],
    ["value.bottom.weight", [7, 3]],
    ["value.bottom.bias", [7]],
    ["output.weight", [7, 3]],
    ["output.bias", [7]],
  ]);
});

Deno.test("without a stack an RNN has no heads, no c0, and its logits come from the hidden units", () => {
  const plain = { ...shape, cell: "rnn", layers: 1, memory: "none", valueWidth: 0 } as const;
  assertEquals(parameterShapes(plain), [
    ["embedding.weight", [11, 5]],
    ["cells.0.weight_ih", [3, 5]],
    ["cells.0.weight_hh", [3, 3]],
    ["cells.0.bias", [3]],
    ["cells.0.h0", [3]],
    ["logits.weight", [11, 3]],
    ["logits.bias", [11]],
  ]);
});

Deno.test("a GRU has three gates, a second bias for the candidate, and no c0", () => {
  assertEquals(parameterShapes({ ...shape, cell: "gru" }).slice(1, 11), [
    ["cells.0.weight_ih", [9, 12]],
    ["cells.0.weight_hh", [9, 3]],
    ["cells.0.bias", [9]],
    ["cells.0.bias_hn", [3]],
    ["cells.0.h0", [3]],
    ["cells.1.weight_ih", [9, 3]],
    ["cells.1.weight_hh", [9, 3]],
    ["cells.1.bias", [9]],
    ["cells.1.bias_hn", [3]],
    ["cells.1.h0", [3]],
  ]);
});

Deno.test("a superposition stack has a third head beside push and pop, whatever its cells", () => {
  const superposition = { ...shape, memory: "superposition" } as const;
  const of = parameterShapes(superposition),
    ofStack = parameterShapes({ ...shape, memory: "stack" });
  const at = of.findIndex(([name]) => name === "no_op.weight");
  assertEquals(of.slice(at - 1, at + 3), [
    ["pop.bias", [1]],
    ["no_op.weight", [1, 3]],
    ["no_op.bias", [1]],
    ["value.weight", [7, 3]],
  ]);
  assertEquals(of.toSpliced(at, 2), ofStack);
  assertEquals(parameterShapes({ ...superposition, memoryCells: 4 }), of);
});

Deno.test("as many parameters are counted as there are numbers in the tensors", () => {
  const cells = (12 * 12 + 12 * 3 + 12 + 3 + 3) + (12 * 3 + 12 * 3 + 12 + 3 + 3);
  const heads = 2 * (3 + 1) + 2 * (7 * 3 + 7);
  assertEquals(parameterCount(shape), 11 * 5 + cells + heads + (11 * 7 + 11));
  for (const memory of MEMORY_NAMES) {
    const other = { ...shape, memory, valueWidth: memory === "none" ? 0 : 7 };
    const tensors = Object.values(zeroParameters(other));
    assertEquals(parameterCount(other), sum(tensors.map(({ length }) => length)), memory);
  }
});

Deno.test("a shape that no model can have is refused", () => {
  const refused = (changed: object, error: typeof TypeError | typeof RangeError, message: string) =>
    assertThrows(
      () => checkSequenceShape("make a model", { ...shape, ...changed }),
      error,
      `Cannot make a model: wanted ${message}`,
    );
  checkSequenceShape("make a model", shape);
  refused({ cell: "mru" }, TypeError, 'cell "lstm" or "rnn" or "gru", got mru');
  const memories = MEMORY_NAMES.map((name) => `"${name}"`).join(" or ");
  refused({ memory: "tape" }, TypeError, `memory ${memories}, got tape`);
  for (const name of ["layers", "hidden", "embedding", "valueWidth", "symbols"]) {
    for (const size of [0, -1, 1.5, NaN, Infinity, undefined]) {
      refused({ [name]: size }, RangeError, `${name} of at least 1, got ${size}`);
    }
  }
  const superposition = { memory: "superposition", memoryCells: 4 };
  checkSequenceShape("make a model", { ...shape, ...superposition } as typeof shape);
  for (const size of [0, 1.5, NaN, Infinity]) {
    const message = `memoryCells of at least 1, got ${size}`;
    refused({ ...superposition, memoryCells: size }, RangeError, message);
  }
  refused({ memoryCells: 4 }, TypeError, "no memoryCells without a superposition stack, got 4");
  refused({ memory: "none" }, RangeError, "valueWidth 0 without a memory, got 7");
  assertThrows(() => parameterShapes({ ...shape, layers: 0 }), RangeError, "wanted layers");
  assertThrows(() => parameterCount({ ...shape, layers: 0 }), RangeError, "wanted layers");
});
