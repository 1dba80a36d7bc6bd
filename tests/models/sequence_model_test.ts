import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { sigmoid } from "@/math/activations.ts";
import { seededRandom } from "@/math/random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import { runDeque } from "@/memory/deque.ts";
import type { PortInputs } from "@/memory/port_inputs.ts";
import { runQueue } from "@/memory/queue.ts";
import { runStack } from "@/memory/stack.ts";
import type { SequenceString } from "@/models/sequence_batch.ts";
import { runSequence } from "@/models/sequence_model.ts";
import { type SequenceParameters, zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { KINDS, randomParameters, randomShape, steeredString } from "./random_sequences.ts";

/** W x + b with everything looked up by name, by itself in the test. */
function affine(parameters: SequenceParameters, name: string, x: Vector): Vector {
  const [W, b] = [parameters[`${name}.weight`], parameters[`${name}.bias`]];
  return [...b].map((b_j, j) => x.reduce((a_j, x_i, i) => a_j + W[j * x.length + i] * x_i, b_j));
}

/** What the input and h_{t−1} each add to the sums of one layer; the bias is with the input's part. */
function cellSums(parameters: SequenceParameters, l: number, x: Vector, h: Vector): Vector[] {
  const [b, zeros] = [parameters[`cells.${l}.bias`], parameters[`cells.${l}.bias`].map(() => 0)];
  const fromInput = { "a.weight": parameters[`cells.${l}.weight_ih`], "a.bias": b };
  const fromHidden = { "a.weight": parameters[`cells.${l}.weight_hh`], "a.bias": zeros };
  return [affine(fromInput, "a", x), affine(fromHidden, "a", h)];
}

/** r_t of every port, one after the other, from the memories' own functions. */
function readsOf(
  memory: SequenceModelShape["memory"],
  ports: readonly PortInputs[],
  cells: number,
): Vector {
  const [first, second] = ports;
  if (memory === "stack") return runStack(first).reads.at(-1)!;
  if (memory === "superposition") return topCell(first, cells);
  if (memory === "queue") return runQueue(first).reads.at(-1)!;
  const { reads } = runDeque({ top: first, bottom: second });
  return [...reads.top.at(-1)!, ...reads.bottom.at(-1)!];
}

const SUFFIXES = {
  none: [],
  stack: [""],
  queue: [""],
  deque: [".top", ".bottom"],
  superposition: [""],
};

/** d and u from their sums and, of a superposition stack, that of the no-op. */
function actions(d: number, u: number, noOp: number[]): number[] {
  if (noOp.length === 0) return [sigmoid(d), sigmoid(u)];
  const all = Math.exp(d) + Math.exp(u) + Math.exp(noOp[0]);
  return [Math.exp(d) / all, Math.exp(u) / all];
}

/** The top of a superposition stack whose cells are all there from the start. */
function topCell({ values, pushes, pops }: PortInputs, cells: number): Vector {
  const zeros = values[0].map(() => 0);
  let stack: Matrix = Array.from({ length: cells }, () => zeros);
  values.forEach((value, t) => {
    const pushed = [value, ...stack],
      popped = [...stack.slice(1), zeros],
      [d, u] = [pushes[t], pops[t]];
    stack = stack.map((cell, i) =>
      cell.map((x, k) => d * pushed[i][k] + u * popped[i][k] + (1 - d - u) * x)
    );
  });
  return stack[0];
}

/** The model from its definition, with none of its parts but the memories. */
function literalLogits(
  { cell, layers, hidden: H, embedding: E, memory, valueWidth: M, ...shape }: SequenceModelShape,
  parameters: SequenceParameters,
  string: SequenceString,
): Matrix {
  const h = Array.from({ length: layers }, (_, l) => [...parameters[`cells.${l}.h0`]]);
  const c = Array.from({ length: layers }, (_, l) => [...parameters[`cells.${l}.c0`] ?? []]);
  const suffixes = SUFFIXES[memory], T = string.inputs.length, cells = shape.memoryCells ?? T;
  const ports = suffixes.map(() => ({ values: [], pops: [], pushes: [] } as PortInputs));
  return string.inputs.map((x_t, t) => {
    let x = [...parameters["embedding.weight"].slice(x_t * E, x_t * E + E)];
    if (t === 0) x.push(...new Array(ports.length * M).fill(0));
    else if (memory !== "none") x.push(...readsOf(memory, ports, cells));
    for (let l = 0; l < layers; l++) {
      const [ofInput, ofHidden] = cellSums(parameters, l, x, h[l]);
      const a = ofInput.map((sum, j) => sum + ofHidden[j]);
      if (cell === "rnn") h[l] = a.map(Math.tanh);
      for (let k = 0; k < H && cell === "lstm"; k++) {
        const [i, f, g, o] = [a[k], a[H + k], a[2 * H + k], a[3 * H + k]];
        c[l][k] = sigmoid(f) * c[l][k] + sigmoid(i) * Math.tanh(g);
        h[l][k] = sigmoid(o) * Math.tanh(c[l][k]);
      }
      for (let k = 0; k < H && cell === "gru"; k++) {
        const [r, z] = [sigmoid(a[k]), sigmoid(a[H + k])];
        const m = ofHidden[2 * H + k] + parameters[`cells.${l}.bias_hn`][k];
        h[l][k] = (1 - z) * Math.tanh(ofInput[2 * H + k] + r * m) + z * h[l][k];
      }
      x = [...h[l]];
    }
    if (memory === "none") return affine(parameters, "logits", x);
    suffixes.forEach((suffix, p) => {
      const [pushNoise, popNoise] = [string.pushNoise![p * T + t], string.popNoise![p * T + t]];
      const [d, u] = actions(
        affine(parameters, `push${suffix}`, x)[0] + pushNoise,
        affine(parameters, `pop${suffix}`, x)[0] + popNoise,
        memory === "superposition" ? [...affine(parameters, "no_op", x)] : [],
      );
      ports[p].pushes.push(d);
      ports[p].pops.push(u);
      ports[p].values.push(affine(parameters, `value${suffix}`, x).map(Math.tanh));
    });
    const logits = affine(parameters, "logits", affine(parameters, "output", x).map(Math.tanh));
    if (!shape.logitsSeeReads) return logits;
    const r = readsOf(memory, ports, cells), Wr = parameters["logits.read_weight"];
    return logits.map((y, k) => r.reduce((sum, rj, j) => sum + Wr[k * r.length + j] * rj, y));
  });
}

Deno.test("the model says what its definition says, whatever its kind", () => {
  const random = seededRandom("definition");
  for (const kind of KINDS) {
    for (let n = 0; n < 5; n++) {
      const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
      const { pushNoise, popNoise, ...plain } = steeredString(random, shape, 6);
      const string = kind.memory !== "none" ? { ...plain, pushNoise, popNoise } : plain;
      const { logits } = runSequence(shape, parameters, string);
      literalLogits(shape, parameters, string).forEach((row, t) =>
        row.forEach((x, k) => assertAlmostEquals(logits[t][k], x, 1e-13))
      );
    }
  }
});

Deno.test("by hand: an RNN without a stack that sums what it reads", () => {
  // Far below 1, tanh x = x − x³/3: h_t = tanh(x_t / 10 + h_{t−1} + 1/100), with h_0 = 1/5.
  const sizes = { layers: 1, hidden: 1, embedding: 1, valueWidth: 0, symbols: 2 };
  const parameters: Record<string, number[]> = {
    "embedding.weight": [1, 2],
    "cells.0.weight_ih": [0.1],
    "cells.0.weight_hh": [1],
    "cells.0.bias": [0.01],
    "cells.0.h0": [0.2],
    "logits.weight": [1, -1],
    "logits.bias": [0, 7],
  };
  const { logits } = runSequence(
    { cell: "rnn", memory: "none", ...sizes },
    Object.fromEntries(Object.entries(parameters).map(([name, w]) => [name, new Float64Array(w)])),
    { inputs: [0, 1], targets: [-1, -1] },
  );
  const h1 = Math.tanh(0.1 + 0.2 + 0.01), h2 = Math.tanh(0.2 + h1 + 0.01);
  [[h1, 7 - h1], [h2, 7 - h2]].forEach((row, t) =>
    row.forEach((x, k) => assertAlmostEquals(logits[t][k], x, 1e-15))
  );
});

Deno.test("the trace's memory is the literal one, run on the controls of the trace", () => {
  const random = seededRandom("trace");
  const traced = (memory: "stack" | "queue" | "deque") => {
    const shape = randomShape(random, { cell: "lstm", memory, layers: 2 });
    return runSequence(shape, randomParameters(random, shape), steeredString(random, shape, 9));
  };
  for (const [memory, run] of [["stack", runStack], ["queue", runQueue]] as const) {
    const { ports: [port], strengths } = traced(memory);
    assertEquals({ ...port, strengths }, run(port));
  }
  const { ports: [top, bottom], strengths } = traced("deque");
  const { reads, strengths: wanted } = runDeque({ top, bottom });
  assertEquals([top.reads, bottom.reads, strengths], [reads.top, reads.bottom, wanted]);
});

Deno.test("a read acts one step later: the value that is pushed moves no logits before the next step, unless they see it", () => {
  const [delayed, seen] = [false, true].map((logitsSeeReads) => {
    const random = seededRandom("later");
    const kind = randomShape(random, { cell: "lstm", memory: "stack", layers: 1 });
    const shape = { ...kind, logitsSeeReads }, parameters = randomParameters(random, shape);
    const string = { inputs: [0, 1], targets: [0, 0] };
    const before = runSequence(shape, parameters, string).logits;
    parameters["value.bias"][0] += 1;
    return { before, after: runSequence(shape, parameters, string).logits };
  });
  assertEquals(delayed.after[0], delayed.before[0]);
  assertNotEquals(delayed.after[1], delayed.before[1]);
  assertNotEquals(seen.after[0], seen.before[0]);
});

Deno.test("without a stack there is nothing of one in the trace", () => {
  const random = seededRandom("none");
  const shape = randomShape(random, { cell: "lstm", memory: "none", layers: 1 });
  const trace = runSequence(shape, zeroParameters(shape), { inputs: [0, 1], targets: [0, 0] });
  assertEquals([trace.ports, trace.strengths], [[], []]);
  assertEquals(trace.steps.map(({ memory }) => memory), [undefined, undefined]);
});

Deno.test("nothing runs on parameters or on a string that do not fit", () => {
  const random = seededRandom("refused");
  const shape = randomShape(random, { cell: "lstm", memory: "stack", layers: 1 });
  const parameters = zeroParameters(shape), string = { inputs: [0], targets: [0] };
  assertThrows(
    () => runSequence(shape, { ...parameters, extra: new Float64Array(1) }, string),
    TypeError,
    "Cannot run the model: wanted no tensor extra, got one",
  );
  assertThrows(
    () => runSequence(shape, parameters, { inputs: [], targets: [] }),
    RangeError,
    "Cannot run the model: wanted at least 1 input in string 0, got 0",
  );
});
