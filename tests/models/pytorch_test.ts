import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { batchLossAndGradient } from "@/models/batch_gradient.ts";
import { askPyTorch, type ModelCase, type PyTorchResult } from "../pytorch/compare.ts";
import { missing } from "../pytorch/python.ts";
import { cutInTwo, runSegments } from "./segments.ts";
import { KINDS, randomBatch, randomParameters, randomShape } from "./random_sequences.ts";

function assertClose(got: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void {
  assertEquals(got.length, wanted.length, what);
  for (let i = 0; i < wanted.length; i++) assertAlmostEquals(got[i], wanted[i], 1e-12, what);
}

function compare({ shape, parameters, batch }: ModelCase, wanted: PyTorchResult): void {
  const { loss, logits, gradient } = batchLossAndGradient(shape, parameters, batch);
  const what = JSON.stringify(shape);
  assertAlmostEquals(loss, wanted.loss, 1e-12 * Math.abs(wanted.loss));
  logits.forEach((rows, i) =>
    assertClose(rows.flat(), wanted.logits[i], `logits of ${i}: ${what}`)
  );
  assertEquals(Object.keys(gradient).sort(), Object.keys(wanted.gradients).sort());
  for (const name in gradient) {
    assertClose(gradient[name], wanted.gradients[name], `${name}: ${what}`);
    assert(gradient[name].some((g) => g !== 0), `${name} is 0: ${what}`);
  }
}

const reason = missing(["torch", "numpy"], false);
const NAME = "PyTorch gives the same logits, loss and gradients, whatever the memory";

Deno.test({
  name: reason === undefined ? NAME : `${NAME} (left out: ${reason})`,
  ignore: reason !== undefined,
  async fn() {
    const random = seededRandom("PyTorch and the reference");
    const cases = KINDS.filter(({ layers }) => layers < 3).map((kind): ModelCase => {
      const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
      for (const name in parameters) {
        parameters[name].forEach((x, i, numbers) => numbers[i] = Math.fround(x));
      }
      return { shape, parameters, batch: randomBatch(random, shape, [7, 3, 5]) };
    });
    (await askPyTorch(cases)).forEach((wanted, i) => compare(cases[i], wanted));
  },
});

const CARRIED = "PyTorch gives the same gradients through carried states, detached or not";

Deno.test({
  name: reason === undefined ? CARRIED : `${CARRIED} (left out: ${reason})`,
  ignore: reason !== undefined,
  async fn() {
    const random = seededRandom("PyTorch and carried states");
    const cases = KINDS.filter(({ memory }) => memory === "none").flatMap((kind): ModelCase[] => {
      const shape = randomShape(random, kind), parameters = randomParameters(random, shape);
      for (const name in parameters) {
        parameters[name].forEach((x, i, numbers) => numbers[i] = Math.fround(x));
      }
      const [first, rest] = cutInTwo(random, randomBatch(random, shape, [9, 4, 6]), 2);
      const [second, third] = cutInTwo(random, rest);
      const segments = { shape, parameters, before: [first, second], batch: third };
      return [{ ...segments, detach: false }, { ...segments, detach: true }];
    });
    (await askPyTorch(cases)).forEach((wanted, i) => {
      const { shape, parameters, batch, before = [], detach = false } = cases[i];
      const got = runSegments([...before, batch], detach, (batch) => {
        const { gradient, ...rest } = batchLossAndGradient(shape, parameters, batch);
        return { ...rest, gradients: gradient };
      });
      const what = JSON.stringify({ ...shape, detach });
      assertAlmostEquals(got.loss, wanted.loss, 1e-12 * Math.abs(wanted.loss));
      for (const name in wanted.gradients) {
        assertClose(got.gradients[name], wanted.gradients[name], `${name}: ${what}`);
      }
    });
  },
});
