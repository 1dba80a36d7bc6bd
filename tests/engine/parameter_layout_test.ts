import { assert, assertEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { floats } from "@/engine/engine_buffers.ts";
import {
  engineWidths,
  type ParameterLayout,
  parameterLayout,
  readTensor,
  writeTensor,
} from "@/engine/parameter_layout.ts";
import { createEngineBuffers, type ParameterRun } from "@/engine/parameter_buffers.ts";
import { PHASE } from "@/engine/phases.ts";
import {
  batchViews,
  ensureTrainingCapacity,
  measureBatch,
  writeBatch,
} from "@/engine/batch_layout.ts";
import { writeOptimizer } from "@/engine/optimizer.ts";
import { startWorkers } from "@/engine/worker_pool.ts";
import { seededRandom } from "@/math/random.ts";
import { parameterShapes, type SequenceModelShape } from "@/models/sequence_shape.ts";
import { assertSame } from "../same.ts";
import { float32Batch, float32Parameters, float32Shape, KINDS } from "./float32_sequences.ts";

const random = seededRandom("layouts");
const SHAPES = KINDS.flatMap((kind) => Array.from({ length: 8 }, () => float32Shape(random, kind)));

/** All tensors, each number another whole number from 1 up. */
function numbered(shape: SequenceModelShape): Record<string, Float32Array> {
  let next = 1;
  return Object.fromEntries(
    parameterShapes(shape).map(([name, dimensions]) => {
      const size = dimensions.reduce((a, b) => a * b);
      return [name, Float32Array.from({ length: size }, () => next++)];
    }),
  );
}

function write(
  layout: ParameterLayout,
  flat: Float32Array,
  tensors: Record<string, Float32Array>,
): void {
  for (const [name, pieces] of layout.pieces) writeTensor(pieces, flat, tensors[name]);
}

/** Where row `i` and column `j` of a tensor lie inside, by the table of parameter_layout.ts. */
function placeOf(
  shape: SequenceModelShape,
  name: string,
  i: number,
  j: number,
): [string, number, number] {
  const { hidden: H, embedding: E, valueWidth: M } = shape;
  const { hidden, value, reads, portHeads, output } = engineWidths(shape);
  const [, l, part] = name.split("."), isGru = shape.cell === "gru";
  const gated = (i: number) => Math.floor(i / H) * hidden + i % H;
  const ofInput = (i: number) => isGru ? gated(i < 2 * H ? i + H : i - 2 * H) : gated(i); // n, r, z
  const whole: Record<string, [string, number, number]> = {
    "embedding.weight": ["embedding", i, j],
    "output.weight": ["outputs", i, j],
    "output.bias": ["outputBias", 0, j],
    "logits.weight": ["logits", i, j],
    "logits.bias": ["logitBias", 0, j],
    "logits.read_weight": ["logits", i, output + Math.floor(j / M) * value + j % M],
    "previous.weight": ["previous", i, j],
    "previous.bias": ["previousBias", 0, j],
  };
  const [, head, end, tensor] = /^(value|push|pop|no_op)(\.bottom|\.top|)\.(\w+)$/.exec(name) ?? [];
  if (head) {
    const inPort = { value: 0, push: M, pop: M + 1, no_op: M + 2 }[head]!;
    const first = (end === ".bottom" ? portHeads : 0) + inPort;
    return tensor === "weight" ? ["heads", first + i, j] : ["headBias", 0, first + j];
  }
  if (name in whole) return whole[name];
  if (part === "weight_hh") return [`weights.${l}`, gated(i), (l === "0" ? reads : hidden) + j];
  if (part === "weight_ih" && l !== "0") return [`weights.${l}`, ofInput(i), j];
  if (part === "weight_ih") {
    const port = Math.floor((j - E) / M), column = port * value + (j - E) % M;
    return j < E ? ["inputWeights", ofInput(i), j] : ["weights.0", ofInput(i), column];
  }
  if (part === "bias_hn") return [`bias.${l}`, 0, 3 * hidden + j];
  return part === "bias" ? [`bias.${l}`, 0, ofInput(j)] : [`${part}.${l}`, 0, j];
}

Deno.test("every number of every tensor has a place of its own, and the padding stays 0", () => {
  for (const shape of SHAPES) {
    const layout = parameterLayout(shape),
      flat = new Float32Array(layout.size),
      tensors = numbered(shape);
    write(layout, flat, tensors);
    let count = 0;
    for (const [name, dimensions] of parameterShapes(shape)) {
      const columns = dimensions[1] ?? dimensions[0];
      tensors[name].forEach((x, n) => {
        const [matrix, row, column] = placeOf(shape, name, Math.floor(n / columns), n % columns);
        const { at, rows, width } = layout.matrices[matrix];
        assert(row < rows && column < width, `${name}: ${matrix}`);
        assertEquals(flat[at + row * width + column], x, `${name}: ${matrix}`);
        count++;
      });
    }
    assertEquals(flat.filter((x) => x !== 0).length, count);
  }
});

Deno.test("tensors are read as they were written", () => {
  for (const shape of SHAPES) {
    const layout = parameterLayout(shape),
      flat = new Float32Array(layout.size),
      tensors = numbered(shape);
    write(layout, flat, tensors);
    assertEquals(layout.tensors.map(([name]) => name), Object.keys(tensors));
    for (const [name, size] of layout.tensors) {
      const out = new Float32Array(size);
      readTensor(layout.pieces.get(name)!, flat, out);
      assertSame(out, tensors[name], name);
    }
  }
});

Deno.test("matrices follow each other without a gap, in whole panels", () => {
  for (const shape of SHAPES) {
    const { matrices, size, widths } = parameterLayout(shape);
    let next = 0;
    for (const { at, rows, width } of Object.values(matrices)) {
      assertEquals([at, width % 8], [next, 0]);
      next += rows * width;
    }
    assertEquals(next, size);
    const { hidden, embedding, value, heads, decoder, logits } = widths,
      whole = [hidden, embedding];
    assertEquals([...whole, heads, decoder, logits].map((width) => width % 8), [0, 0, 0, 0, 0]);
    assertEquals(value % 4, 0);
  }
});

Deno.test("an engine returns the parameters and the optimizer's state that were set", () => {
  for (const shape of SHAPES.filter((_, i) => i % 4 === 0)) {
    const engine = createEngine(shape), tensors = numbered(shape);
    engine.setParameters(tensors);
    assertSame(engine.parameters(), tensors);
    const state = { steps: 3, first: tensors, second: numbered(shape) };
    engine.setOptimizerState(state);
    assertSame(engine.optimizerState(), state);
    assertSame(engine.parameters(), tensors);
  }
});

Deno.test("padding has no gradient and never moves, whatever the rule", () => {
  const random = seededRandom("padding");
  for (const kind of KINDS) {
    const shape = float32Shape(random, kind),
      memory = createEngineBuffers(shape, 1),
      { layout } = memory;
    const pool = startWorkers(memory, "relaxed"),
      isPadding = new Float32Array(layout.size).fill(1);
    write(
      layout,
      isPadding,
      Object.fromEntries(layout.tensors.map(([n, size]) => [n, new Float32Array(size)])),
    );
    const parameters = float32Parameters(random, shape),
      padding = (field: ParameterRun) =>
        floats(memory, field, layout.size).filter((_, i) => isPadding[i] === 1);
    for (const [name, pieces] of layout.pieces) {
      writeTensor(pieces, floats(memory, "weightsAt", layout.size), parameters[name]);
    }
    const before = padding("weightsAt").slice();
    const readouts = shape.namesPrevious ? 2 : 1;
    assertEquals(
      before.filter((x) => x !== 0).length,
      readouts * (layout.widths.logits - shape.symbols),
    );
    for (const rule of ["sgd", "rmsprop", "adam"] as const) {
      const batch = float32Batch(random, shape, [4, 1, 6]),
        size = { slots: 0, steps: 0, rows: 0, outputLosses: 0, previousFrom: 0, losses: 0 };
      measureBatch(size, batch, false);
      ensureTrainingCapacity(memory, size);
      writeBatch(memory, batchViews(memory), size, batch, false);
      writeOptimizer(memory.plan, { rule, rate: 0.1 }, 1);
      const { prepare, forward, decode, loss, backward, step } = PHASE;
      pool.run(prepare | forward | decode | loss | backward | step);
      for (const field of ["gradientsAt", "firstMoment", "secondMoment"] as const) {
        assertEquals(padding(field).every((x) => x === 0), true, `${rule}: ${field}`);
      }
      assertEquals(padding("weightsAt"), before, rule);
    }
  }
});
