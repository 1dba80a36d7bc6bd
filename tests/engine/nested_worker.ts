/** A worker that trains with engines of one thread and of two, and sends back all parameters. */
import { createEngine, type Tensors } from "@/engine/engine.ts";
import { seededRandom } from "@/math/random.ts";
import { float32Batch, float32Parameters } from "./float32_sequences.ts";

const SHAPE = {
  cell: "lstm",
  memory: "stack",
  layers: 1,
  hidden: 9,
  embedding: 3,
  valueWidth: 5,
  symbols: 7,
} as const;

/** All parameters after three updates with so many threads. */
export function trained(threads: number): Tensors {
  const engine = createEngine(SHAPE, { threads }), random = seededRandom("nested");
  engine.setParameters(float32Parameters(random, SHAPE));
  for (let n = 0; n < 3; n++) {
    engine.update(float32Batch(random, SHAPE, [4, 2, 7]), { rule: "adam", rate: 0.01 });
  }
  engine.close();
  return engine.parameters();
}

const scope = globalThis as unknown as {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
};

scope.onmessage = () => scope.postMessage([1, 2].map(trained));
