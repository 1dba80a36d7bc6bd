import { assert, assertEquals } from "@std/assert";
import { createEngine } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { MEMORY_NAMES } from "@/memory/memories.ts";
import { askPyTorch, type ModelCase, type PyTorchResult } from "../pytorch/compare.ts";
import { missing } from "../pytorch/python.ts";
import { cutInTwo, runSegments } from "../models/segments.ts";
import { float32Batch, float32Parameters, float32Shape, KINDS } from "./float32_sequences.ts";
import { assertNear, norm, normOfAll } from "./tensors.ts";

const WITHIN = 1e-5, OF_ALL = 1e-7; // see reference_comparison.ts

function compare({ shape, parameters, batch }: ModelCase, answer: PyTorchResult): void {
  const engine = createEngine(shape), what = JSON.stringify(shape);
  engine.setParameters(parameters);
  const [{ loss, gradients }, logits] = [engine.gradient(batch), engine.logits(batch)];
  assert(Math.abs(loss - answer.loss) <= WITHIN * Math.abs(answer.loss), `loss: ${what}`);
  assertEquals(logits.length, answer.logits.length);
  logits.forEach((rows, i) => {
    const wanted = answer.logits[i];
    assertNear(rows, wanted, WITHIN * norm(wanted), `logits of string ${i}, ${what}`);
  });
  const wanted = answer.gradients;
  assertEquals(Object.keys(wanted).sort(), Object.keys(gradients).sort());
  for (const [name, gradient] of Object.entries(wanted)) {
    const room = gradient.length === 1 ? OF_ALL * normOfAll(wanted) : 0;
    assertNear(gradients[name], gradient, WITHIN * norm(gradient) + room, `${name}, ${what}`);
  }
}

const reason = missing(["torch", "numpy"], false);
const NAME = "PyTorch gives the same logits, loss and gradients with the same weights";

Deno.test({
  name: reason === undefined ? NAME : `${NAME} (left out: ${reason})`,
  ignore: reason !== undefined,
  async fn() {
    const random = seededRandom("PyTorch"), cases: ModelCase[] = [];
    for (const cell of ["rnn", "lstm", "gru"] as const) {
      for (const memory of MEMORY_NAMES) {
        for (const layers of [1, 2]) {
          for (const lengths of [[1], [6, 2, 9], [5, 5]]) {
            const shape = float32Shape(random, { cell, memory, layers });
            const parameters = float32Parameters(random, shape);
            cases.push({ shape, parameters, batch: float32Batch(random, shape, lengths) });
          }
        }
      }
    }
    (await askPyTorch(cases)).forEach((answer, i) => compare(cases[i], answer));
  },
});

const CARRIED = "PyTorch gives the same gradients through carried states, detached or not";

Deno.test({
  name: reason === undefined ? CARRIED : `${CARRIED} (left out: ${reason})`,
  ignore: reason !== undefined,
  async fn() {
    const random = seededRandom("PyTorch and the engine's states"), cases: ModelCase[] = [];
    for (const kind of KINDS.filter(({ memory }) => memory === "none")) {
      const shape = float32Shape(random, kind), parameters = float32Parameters(random, shape);
      const [first, batch] = cutInTwo(random, float32Batch(random, shape, [9, 4, 6]));
      cases.push({ shape, parameters, before: [first], batch, detach: false });
      cases.push({ shape, parameters, before: [first], batch, detach: true });
    }
    (await askPyTorch(cases)).forEach((answer, i) => {
      const { shape, parameters, batch, before = [], detach = false } = cases[i];
      const engine = createEngine(shape), wanted = answer.gradients;
      engine.setParameters(parameters);
      const { loss, gradients } = runSegments([...before, batch], detach, engine.gradient);
      const what = JSON.stringify({ ...shape, detach }), all = OF_ALL * normOfAll(wanted);
      assert(Math.abs(loss - answer.loss) <= WITHIN * Math.abs(answer.loss), `loss: ${what}`);
      for (const [name, gradient] of Object.entries(wanted)) {
        assertNear(gradients[name], gradient, WITHIN * norm(gradient) + all, `${name}, ${what}`);
      }
    });
  },
});
