import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { bits } from "../tensors.ts";
import { BUILDS, createDesk, type Desk } from "./kernel_desk.ts";

/** The bias of padding; see parameter_memory.ts. */
const NEVER = -1e30;
const ULP = 2 ** -24;
/** What lies beyond the range of exp4, e⁻⁸⁷, is 0. */
const TINY = 1.7e-38;

/** Runs the kernel on logits padded to whole panels; returns the loss, and what the logits have become. */
function crossEntropy(desk: Desk, logits: number[], target: number, weight: number) {
  desk.clear();
  const width = Math.ceil(logits.length / 8) * 8;
  const row = desk.lay([...logits, ...new Array(width - logits.length).fill(NEVER)]);
  const loss = desk.kernels.crossEntropy(row.at, target, weight, width);
  desk.checkGuards();
  return { loss, gradient: row.numbers.slice() };
}

/** The same in Float64. */
function exactly(logits: number[], target: number, weight: number) {
  const most = Math.max(...logits), e = logits.map((z) => Math.exp(z - most));
  const sum = e.reduce((a, b) => a + b);
  return {
    loss: weight * (Math.log(sum) + most - logits[target]),
    gradient: e.map((e_k, k) => weight * (e_k / sum - (k === target ? 1 : 0))),
  };
}

for (const build of BUILDS) {
  const desk = createDesk(build);

  Deno.test(`${build}: the loss is within 8 · 2⁻²⁴ of the larger of 1 and itself, its gradient as said`, () => {
    const random = seededRandom(`cross-entropy ${build}`);
    for (let n = 0; n < 3000; n++) {
      const size = 10 ** random.uniform(-2, 1.5), K = random.integer(1, 140);
      const logits = Array.from({ length: K }, () => Math.fround(random.normal(0, size)));
      const target = random.integer(0, K);
      const [got, wanted] = [crossEntropy(desk, logits, target, 1), exactly(logits, target, 1)];
      const room = 8 * ULP * Math.max(1, wanted.loss);
      assert(Math.abs(got.loss - wanted.loss) <= room, `${got.loss}, wanted ${wanted.loss}`);
      const most = Math.max(...logits);
      wanted.gradient.forEach((g, k) => {
        const share = k === target ? g + 1 : g;
        // exp and the sum have 8 roundings each at most; taking off the greatest logit has one, of that distance
        const room = (16 + most - logits[k]) * ULP * share + (k === target ? ULP : 0) + TINY;
        assert(Math.abs(got.gradient[k] - g) <= room, `${k}: ${got.gradient[k]}, wanted ${g}`);
      });
      assertEquals(new Set(got.gradient.slice(K)), K % 8 ? new Set([0]) : new Set());
    }
  });

  Deno.test(`${build}: logits of any size neither overflow nor give padding a share`, () => {
    for (const K of [1, 2, 5, 8, 9]) {
      for (const size of [1e3, 1e6, 1e20]) {
        const logits = Array.from({ length: K }, (_, k) => Math.fround(k === 0 ? size : -size));
        const sure = crossEntropy(desk, logits, 0, 1);
        assertEquals([sure.loss, new Set(sure.gradient)], [0, new Set([0])]);
        if (K === 1) continue;
        const wrong = crossEntropy(desk, logits, K - 1, 1);
        assertEquals(wrong.loss, Math.fround(2 * Math.fround(size)));
        const wanted = wrong.gradient.map((_, k) => k === 0 ? 1 : k === K - 1 ? -1 : 0);
        assertEquals(wrong.gradient, wanted);
      }
    }
  });

  Deno.test(`${build}: the weight multiplies the loss and its gradient; the greatest logit may be anywhere`, () => {
    for (let most = 0; most < 11; most++) {
      const logits = Array.from({ length: 11 }, (_, k) => k === most ? 120 : k / 4);
      const [once, twice] = [1, 2].map((weight) => crossEntropy(desk, logits, 3, weight));
      assertEquals(twice.loss, 2 * once.loss);
      assertEquals(twice.gradient, once.gradient.map((g) => 2 * g));
      const wanted = exactly(logits, 3, 1);
      assert(Math.abs(once.loss - wanted.loss) <= 8 * ULP * Math.max(1, wanted.loss));
    }
    const { loss, gradient } = crossEntropy(desk, [1, 2, 3], 1, 0);
    assertEquals([loss, new Set(gradient.map(Math.abs))], [0, new Set([0])]);
  });

  Deno.test(`${build}: rows of at most eight logits have the same gradients to the bit, and the loss within its bound`, () => {
    const random = seededRandom(`narrow ${build}`);
    for (let rows = 1; rows <= 70; rows++) {
      const K = random.integer(1, 9), size = 10 ** random.uniform(-2, 2);
      const draw = () => Array.from({ length: K }, () => Math.fround(random.normal(0, size)));
      const logits = Array.from({ length: rows }, draw);
      const targets = logits.map(() => random.integer(0, K));
      const weights = logits.map(() => Math.fround(random.uniform(0, 2)));
      const wanted = logits.map((row, i) => crossEntropy(desk, row, targets[i], weights[i]));
      desk.clear();
      const padded = logits.flatMap((row) => [...row, ...new Array(8 - K).fill(NEVER)]);
      const fours = 4 * Math.ceil(rows / 4); // of the last four some may be missing
      const [at, words, weight] = [desk.lay(padded), desk.lay(fours), desk.lay(fours)];
      const [loss, sums] = [desk.lay(fours), desk.lay(4 * fours)];
      new Int32Array(words.numbers.buffer, words.at, rows).set(targets);
      weight.numbers.set(weights);
      desk.kernels.narrowCrossEntropy(at.at, words.at, weight.at, loss.at, sums.at, rows);
      desk.checkGuards();
      assertEquals(bits(at.numbers), wanted.flatMap(({ gradient }) => bits(gradient)));
      wanted.forEach((row, i) => {
        const exact = exactly(logits[i], targets[i], weights[i]).loss;
        const room = 8 * ULP * Math.max(weights[i], exact);
        assert(Math.abs(loss.numbers[i] - exact) <= room, `${loss.numbers[i]}, wanted ${row.loss}`);
      });
    }
  });
}
