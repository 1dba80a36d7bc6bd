import { assertEquals, assertGreater } from "@std/assert";
import { createEncoderDecoderEngine } from "@/engine/encoder_decoder_engine.ts";
import { engineSourceStepper } from "@/engine/greedy_answers.ts";
import { seededRandom } from "@/math/random.ts";
import { readSource } from "@/models/encoder_decoder.ts";
import { sourceStepper } from "@/models/greedy_writing.ts";
import { copyTask } from "@/tasks/copy.ts";
import { decodeGreedily } from "@/tasks/decoding.ts";
import { PAIR_KINDS } from "../models/random_pairs.ts";
import { float32PairParameters, float32PairShape } from "./float32_pairs.ts";

const KINDS = PAIR_KINDS;

Deno.test("greedy answers are the reference's, of sources of any length side by side", () => {
  const random = seededRandom("greedy answers"), task = copyTask(5);
  const different = new Set<string>();
  for (const kind of KINDS) {
    const shape = { ...float32PairShape(random, kind), symbols: task.vocabulary.size };
    const parameters = float32PairParameters(random, shape);
    const engine = createEncoderDecoderEngine(shape);
    engine.setParameters(parameters);
    const sources = [3, 1, 6, 2, 6, 1, 4].map((S) =>
      Array.from({ length: S }, () => random.integer(0, 5))
    );
    for (const reverseSource of [false, true]) {
      const reference = sourceStepper((s) => readSource(shape, parameters, s), task.vocabulary, {
        reverseSource,
      });
      const network = engineSourceStepper(engine, task.vocabulary, { reverseSource });
      const wanted = decodeGreedily(reference, task, sources, { batch: 4 });
      assertEquals(decodeGreedily(network, task, sources, { batch: 4 }), wanted);
      for (const answer of wanted) different.add(String(answer));
    }
  }
  assertGreater(different.size, 40);
});

Deno.test("answers are those of the parameters that were set last, or updated", () => {
  const random = seededRandom("set last"), task = copyTask(5);
  const shape = { ...float32PairShape(random, KINDS[0]), symbols: task.vocabulary.size };
  const engine = createEncoderDecoderEngine(shape),
    network = engineSourceStepper(engine, task.vocabulary);
  const sources = [[0, 1, 2, 3], [2]];
  const strings = [{ source: [0, 1], inputs: [0, 1], targets: [1, 2] }];
  for (let n = 0; n < 4; n++) {
    if (n % 2 === 0) engine.setParameters(float32PairParameters(random, shape));
    else engine.update({ strings, outputWeight: 1 }, { rule: "sgd", rate: 2 });
    const other = createEncoderDecoderEngine(shape);
    other.setParameters(engine.parameters());
    const wanted = decodeGreedily(engineSourceStepper(other, task.vocabulary), task, sources);
    assertEquals(decodeGreedily(network, task, sources), wanted);
  }
});
