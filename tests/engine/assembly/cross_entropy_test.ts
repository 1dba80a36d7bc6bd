import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "@/math/random.ts";
import { BUILDS, createKernelMemory, type KernelMemory } from "./kernel_memory.ts";

/** The bias of padding; see parameter_buffers.ts. */
const PADDING_BIAS = -1e30;
const ULP = 2 ** -24;
/** What lies beyond the range of exp4, e⁻⁸⁷, is 0. */
const TINY = 1.7e-38;

/** Runs the kernel on logits padded to whole panels; returns the loss, and what the logits have become. */
function crossEntropy(memory: KernelMemory, logits: number[], target: number, weight: number) {
  memory.clear();
  const width = Math.ceil(logits.length / 8) * 8;
  const row = memory.place([...logits, ...new Array(width - logits.length).fill(PADDING_BIAS)]);
  const loss = memory.kernels.crossEntropy(row.at, target, weight, width);
  memory.checkGuards();
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
  const memory = createKernelMemory(build);

  Deno.test(`${build}: the loss is within 8 · 2⁻²⁴ of the larger of 1 and itself, its gradient within its bound`, () => {
    const random = seededRandom(`cross-entropy ${build}`);
    for (let n = 0; n < 3000; n++) {
      const size = 10 ** random.uniform(-2, 1.5), K = random.integer(1, 140);
      const logits = Array.from({ length: K }, () => Math.fround(random.normal(0, size)));
      const target = random.integer(0, K);
      const [got, wanted] = [crossEntropy(memory, logits, target, 1), exactly(logits, target, 1)];
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
        const sure = crossEntropy(memory, logits, 0, 1);
        assertEquals([sure.loss, new Set(sure.gradient)], [0, new Set([0])]);
        if (K === 1) continue;
        const wrong = crossEntropy(memory, logits, K - 1, 1);
        assertEquals(wrong.loss, Math.fround(2 * Math.fround(size)));
        const wanted = wrong.gradient.map((_, k) => k === 0 ? 1 : k === K - 1 ? -1 : 0);
        assertEquals(wrong.gradient, wanted);
      }
    }
  });

  Deno.test(`${build}: the weight multiplies the loss and its gradient; the greatest logit may be anywhere`, () => {
    for (let most = 0; most < 11; most++) {
      const logits = Array.from({ length: 11 }, (_, k) => k === most ? 120 : k / 4);
      const [once, twice] = [1, 2].map((weight) => crossEntropy(memory, logits, 3, weight));
      assertEquals(twice.loss, 2 * once.loss);
      assertEquals(twice.gradient, once.gradient.map((g) => 2 * g));
      const wanted = exactly(logits, 3, 1);
      assert(Math.abs(once.loss - wanted.loss) <= 8 * ULP * Math.max(1, wanted.loss));
    }
    const { loss, gradient } = crossEntropy(memory, [1, 2, 3], 1, 0);
    assertEquals([loss, new Set(gradient.map(Math.abs))], [0, new Set([0])]);
  });
}
