import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { softmax } from "@/math/activations.ts";
import { checkGradient } from "@/math/gradient_check.ts";
import { mean, range } from "@/math/lists.ts";
import { seededRandom } from "@/math/random.ts";
import { averagePredictions, averagePredictionsBackward } from "@/network/averaged_predictions.ts";
import { crossEntropy, crossEntropyBackward } from "@/network/cross_entropy.ts";
import { vector } from "./random_numbers.ts";

const random = seededRandom("averages");

function randomLogits(): number[][] {
  const [N, K] = [random.integer(1, 4), random.integer(1, 6)];
  return range(N).map(() => vector(random, K));
}

Deno.test("the mean of probabilities, as their logarithms", () => {
  for (let n = 0; n < 50; n++) {
    const logits = randomLogits(), average = averagePredictions(logits);
    const wanted = logits[0].map((_, k) => mean(logits.map((x) => softmax(x)[k])));
    average.forEach((log, k) => assertAlmostEquals(Math.exp(log), wanted[k], 1e-14));
    softmax(average).forEach((p_k, k) => assertAlmostEquals(p_k, wanted[k], 1e-14));
  }
});

Deno.test("a probability too small for a number has a logarithm", () => {
  assertEquals(averagePredictions([[0, -5000], [0, -5000]])[1], -5000);
});

Deno.test("the gradient of the average's cross-entropy agrees with central differences", () => {
  for (let n = 0; n < 30; n++) {
    const logits = randomLogits(), target = random.integer(0, logits[0].length);
    const { passed, kinks, summary } = checkGradient({
      name: "averaged predictions",
      f: ({ logits }) => {
        const logProbabilities = averagePredictions(logits);
        return { logProbabilities, loss: crossEntropy(logProbabilities, target) };
      },
      adjoint: ({ logits }, { logProbabilities: g, loss: gLoss }) => {
        const gLog = crossEntropyBackward(averagePredictions(logits), target, gLoss);
        return { gLogits: averagePredictionsBackward(logits, gLog.map((x, k) => x + g[k])) };
      },
      at: { logits },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
});

Deno.test("networks with other symbols are refused, and no network", () => {
  assertThrows(
    () => averagePredictions([]),
    TypeError,
    "Cannot average predictions: wanted the logits of 1 network or more, got none",
  );
  assertThrows(
    () => averagePredictions([[1, 2], [1]]),
    TypeError,
    "Cannot average predictions: wanted 2 logits in row 1, got 1",
  );
  assertThrows(
    () => averagePredictionsBackward([[1, 2]], [1]),
    TypeError,
    "Cannot reverse averaged predictions: wanted 2 gradients in row 0, got 1",
  );
});
