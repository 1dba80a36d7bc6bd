import { assertEquals, assertThrows } from "@std/assert";
import { cellsOfAllSteps } from "@/engine/batch_buffers.ts";
import { createEngine } from "@/engine/engine.ts";
import { createStepper } from "@/engine/stepper.ts";
import { range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { float32Batch, float32Parameters } from "./float32_sequences.ts";
import { compare } from "./reference_comparison.ts";

const SIZES = { layers: 1, hidden: 6, embedding: 3, valueWidth: 5, symbols: 6 };
const SHAPE = { cell: "lstm", memory: "superposition", ...SIZES } as const;

Deno.test("there is space for the cells of all steps: one more after each, up to their number", () => {
  const cells = (memoryCells?: number) =>
    [0, 1, 2, 5].map((steps) => cellsOfAllSteps({ ...SHAPE, memoryCells }, steps));
  assertEquals(cells(), [0, 1, 1 + 2, 1 + 2 + 3 + 4 + 5]);
  assertEquals(cells(1), [0, 1, 2, 5]);
  assertEquals(cells(2), [0, 1, 3, 1 + 2 + 2 + 2 + 2]);
  assertEquals(cells(9), cells());
  assertEquals(cellsOfAllSteps({ ...SHAPE, memory: "stack" }, 5), 0);
});

Deno.test("strings shorter than the cells, as long and longer have the reference's gradient side by side", () => {
  const random = seededRandom("around the number of cells");
  for (const memoryCells of [1, 2, 7]) {
    const shape: SequenceModelShape = { ...SHAPE, memoryCells };
    const lengths = [20, memoryCells + 1, memoryCells, Math.max(1, memoryCells - 1), 13];
    for (const build of ["relaxed", "strict"] as const) {
      const parameters = float32Parameters(random, shape);
      compare({ shape, parameters, batch: float32Batch(random, shape, lengths) }, build);
    }
  }
});

Deno.test("a batch leaves no gradient of its cells to the next, which may be shorter or longer", () => {
  const random = seededRandom("one after the other");
  for (const cells of [{}, { memoryCells: 3 }]) {
    const shape: SequenceModelShape = { ...SHAPE, ...cells };
    const parameters = float32Parameters(random, shape), used = createEngine(shape);
    used.setParameters(parameters);
    for (const lengths of [[9, 4], [9, 4], [2, 2, 1], [12, 5]]) {
      const batch = float32Batch(random, shape, lengths), fresh = createEngine(shape);
      fresh.setParameters(parameters);
      assertEquals(used.gradient(batch), fresh.gradient(batch));
    }
  }
});

/** Symbols 0 and 1 are pushed, 2 pops, 3 does nothing; the first logit is the read. */
function steeredByHand(memoryCells?: number) {
  const shape = {
    cell: "rnn",
    memory: "superposition",
    ...SIZES,
    hidden: 2,
    embedding: 2,
  } as const;
  const sized = { ...shape, valueWidth: 1, symbols: 4, ...(memoryCells && { memoryCells }) };
  const parameters = zeroParameters(sized);
  // e = (value, action)
  parameters["embedding.weight"].set([0.25, 1, 0.5, 1, 0, -1, 0, 0]);
  parameters["cells.0.weight_ih"].set([1, 0, 0, 0, 1, 0]);
  parameters["push.weight"].set([0, 2000]);
  parameters["pop.weight"].set([0, -2000]);
  parameters["no_op.bias"].set([800]);
  parameters["value.weight"].set([1, 0]);
  return { shape: { ...sized, logitsSeeReads: true }, parameters };
}

/** The reads, each as which symbol's value it is; nothing where no value was ever. */
function readsOf(symbols: readonly number[], memoryCells?: number): (number | undefined)[] {
  const { shape, parameters } = steeredByHand(memoryCells);
  const seeing = { ...parameters, "logits.read_weight": Float64Array.of(1, 0, 0, 0) };
  const stepper = createStepper(shape, seeing);
  stepper.start(1);
  const values = [0.25, 0.5].map((x) => Math.tanh(Math.tanh(x)));
  return symbols.map((symbol) => {
    const [read] = stepper.step(Int32Array.of(symbol));
    const found = values.findIndex((value) => Math.abs(value - read) < 1e-6);
    return found >= 0 ? found : undefined;
  });
}

Deno.test("with whole pushes, pops and no-ops it is a stack; with two cells it forgets the first of three", () => {
  const nothing = undefined, string = [0, 1, 1, 3, 2, 2, 2, 0];
  assertEquals(readsOf(string), [0, 1, 1, 1, 1, 0, nothing, 0]);
  assertEquals(readsOf(string, 2), [0, 1, 1, 1, 1, nothing, nothing, 0]);
});

Deno.test("a batch whose cells need more memory than there is is refused, and the engine goes on", () => {
  const engine = createEngine(SHAPE), steps = 60_000;
  engine.setParameters(float32Parameters(seededRandom("too long"), SHAPE));
  const long = { inputs: range(steps).map(() => 0), targets: range(steps).map(() => 1) };
  const message = "Cannot make room for the batch: wanted ";
  const batch = (strings: typeof long[]) => ({ strings, outputWeight: 1 });
  assertThrows(() => engine.gradient(batch([long])), RangeError, message);
  const short = { inputs: [0, 1], targets: [1, 2] }, fresh = createEngine(SHAPE);
  fresh.setParameters(engine.parameters());
  assertEquals(engine.gradient(batch([short])), fresh.gradient(batch([short])));
});
