import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import {
  type InitialOptions,
  initialParameters,
  zeroParameters,
} from "@/models/sequence_parameters.ts";
import { parameterShapes } from "@/models/sequence_shape.ts";
import { KINDS, randomShape } from "./random_sequences.ts";

const shape = {
  cell: "lstm",
  layers: 2,
  hidden: 20,
  embedding: 30,
  memory: "stack",
  valueWidth: 10,
  symbols: 40,
} as const;

Deno.test("there is room for each parameter, in order, and none is shared", () => {
  const random = seededRandom("room");
  for (const kind of KINDS) {
    const shape = randomShape(random, kind), parameters = zeroParameters(shape);
    assertEquals(
      Object.entries(parameters).map(([name, tensor]) => [name, tensor.length]),
      parameterShapes(shape).map(([name, sizes]) => [name, sizes.reduce((a, b) => a * b)]),
    );
    assertEquals(new Set(Object.values(parameters).flatMap((w) => [...w])), new Set([0]));
    assertEquals(
      new Set(Object.values(parameters).map((w) => w.buffer)).size,
      parameterShapes(shape).length,
    );
  }
});

Deno.test("weights fill ±1/√(their inputs), embeddings are normal", () => {
  const parameters = initialParameters(shape, seededRandom(1));
  for (const [name, [, columns]] of parameterShapes(shape)) {
    if (columns === undefined) continue;
    const w = parameters[name], rms = Math.hypot(...w) / Math.sqrt(w.length);
    if (name === "embedding.weight") {
      assertAlmostEquals(rms, 1, 0.1);
      continue;
    }
    const greatest = w.reduce((greatest, w_i) => Math.max(greatest, Math.abs(w_i)), 0);
    assertLess(greatest, 1 / Math.sqrt(columns));
    assert(greatest > (w.length > 100 ? 0.95 : 0.7) / Math.sqrt(columns), name);
    assert(w.some((w_i) => w_i < 0) && w.some((w_i) => w_i > 0), name);
    assertEquals(new Set(w).size, w.length);
  }
});

Deno.test("biases and starting states are 0, save the forget gates', the push's and the pop's", () => {
  const given = { forgetBias: 3, pushBias: 4, popBias: 5 };
  for (const [options, forget, push, pop] of [[{}, 1, 0, -1], [given, 3, 4, 5]] as const) {
    for (const cell of ["lstm", "rnn", "gru"] as const) {
      const other = { ...shape, cell, memory: cell === "lstm" ? "stack" : "deque" } as const;
      const parameters = initialParameters(other, seededRandom(1), options);
      for (const [name, dimensions] of parameterShapes(other)) {
        if (dimensions.length === 2) continue;
        const H = shape.hidden, tensor = [...parameters[name]];
        const isGates = cell === "lstm" && /^cells\.\d\.bias$/.test(name);
        const control = /^push\b/.test(name) ? push : /^pop\b/.test(name) ? pop : 0;
        assertEquals(
          tensor,
          tensor.map((_, i) => isGates && i >= H && i < 2 * H ? forget : control),
        );
      }
    }
  }
});

Deno.test("a gain scales the push's and the pop's weights, and nothing else", () => {
  for (const memory of ["stack", "queue", "deque"] as const) {
    const plain = initialParameters({ ...shape, memory }, seededRandom(2));
    const scaled = initialParameters({ ...shape, memory }, seededRandom(2), { gateGain: 0.5 });
    for (const name in plain) {
      const gain = /^(push|pop)\b.*weight$/.test(name) ? 0.5 : 1;
      assertEquals(scaled[name], plain[name].map((w) => gain * w));
    }
  }
});

Deno.test("the push at a deque's bottom has the top's bias, unless it is given its own", () => {
  const deque = { ...shape, memory: "deque" } as const;
  const biases = (options: InitialOptions) => {
    const parameters = initialParameters(deque, seededRandom(1), options);
    return ["push.top.bias", "push.bottom.bias"].map((name) => parameters[name][0]);
  };
  assertEquals(biases({ pushBias: 4 }), [4, 4]);
  assertEquals(biases({ pushBias: 4, bottomPushBias: -8 }), [4, -8]);
});

Deno.test("options that are not numbers are refused", () => {
  for (const name of ["forgetBias", "pushBias", "bottomPushBias", "popBias", "gateGain"]) {
    assertThrows(
      () => initialParameters(shape, seededRandom(1), { [name]: NaN }),
      RangeError,
      `Cannot draw parameters: wanted a finite ${name}, got NaN`,
    );
  }
});
