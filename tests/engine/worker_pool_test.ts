import { assertAlmostEquals, assertThrows } from "@std/assert";
import { createEngine, type Engine, type Tensors } from "@/engine/engine.ts";
import { createEngineBuffers } from "@/engine/parameter_buffers.ts";
import { startWorkers } from "@/engine/worker_pool.ts";
import { seededRandom } from "@/math/random.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";
import { float32Batch, float32Parameters, float32Shape, KINDS } from "./float32_sequences.ts";
import { trained } from "./nested_worker.ts";
import { assertSame } from "../same.ts";

/** A worker is loaded from its file, which Deno allows only with leave to read it. */
const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

function testWorkers(name: string, fn: () => void | Promise<void>): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

/** Runs something on engines of several numbers of threads; all must give what one thread gives. */
function sameForAll(
  shape: SequenceModelShape,
  numbers: number[],
  run: (engine: Engine) => unknown,
): void {
  let wanted: unknown;
  for (const threads of [1, ...numbers]) {
    const engine = createEngine(shape, { threads });
    try {
      const got = run(engine);
      wanted ??= got;
      assertSame(got, wanted, `${threads} threads: ${JSON.stringify(shape)}`);
    } finally {
      engine.close();
    }
  }
}

/** Updates by all rules on random batches; everything that an engine can be asked for, bit for bit. */
function train(engine: Engine, seed: string, batches: number[][]) {
  const random = seededRandom(seed), { shape } = engine;
  engine.setParameters(float32Parameters(random, shape));
  const reports = batches.map((lengths, n) => {
    const rule = (["adam", "rmsprop", "sgd"] as const)[n % 3];
    return engine.update(float32Batch(random, shape, lengths), { rule, rate: 0.01, clip: 1 });
  });
  const { steps, first, second } = engine.optimizerState();
  const last = float32Batch(random, shape, [3, 7, 1, 2]), { gradients } = engine.gradient(last);
  const logits = engine.logits(last), parameters = engine.parameters();
  return { reports, steps, gradients, logits, parameters, first, second };
}

for (const kind of KINDS) {
  const { cell, memory, layers } = kind, what = `${cell}, memory ${memory}, ${layers}`;
  testWorkers(`the same bits whatever the number of threads: ${what}`, () => {
    const shape = float32Shape(seededRandom(what), kind);
    const batches = [[5, 1, 3, 8, 2], [4], [9, 9, 2], [1, 1, 1, 1, 1, 1, 1], [6, 12]];
    sameForAll(shape, [2, 3, 4], (engine) => train(engine, what, batches));
  });
}

testWorkers("the same bits where every thread has several chunks of parameters", () => {
  const sizes = { layers: 1, hidden: 60, embedding: 20, valueWidth: 33, symbols: 50 };
  const shape = { cell: "lstm", memory: "stack", ...sizes } as const;
  sameForAll(shape, [2, 3], (engine) => train(engine, "chunks", [[7, 3, 5], [2, 8]]));
});

testWorkers("the same bits with more threads than strings, symbols and panels", () => {
  const sizes = { layers: 1, hidden: 1, embedding: 1, valueWidth: 1, symbols: 2 };
  for (const cell of ["rnn", "lstm", "gru"] as const) {
    const shape = { cell, memory: "stack", ...sizes } as const;
    sameForAll(shape, [7], (engine) => train(engine, "few", [[1], [2], [1, 3]]));
  }
});

testWorkers("two engines at once do not interfere", () => {
  const random = seededRandom("two"),
    [a, b] = KINDS.slice(0, 2).map((k) => float32Shape(random, k));
  const [one, two] = [createEngine(a, { threads: 2 }), createEngine(b, { threads: 3 })];
  const alone = [createEngine(a), createEngine(b)];
  for (const engine of [one, two, ...alone]) {
    engine.setParameters(float32Parameters(seededRandom("parameters"), engine.shape));
  }
  for (let n = 0; n < 6; n++) {
    const optimizer = { rule: "adam", rate: 0.01 } as const;
    for (const [i, engine] of [one, two].entries()) {
      const batch = float32Batch(random, engine.shape, [3, 1, 5]);
      assertSame(engine.update(batch, optimizer), alone[i].update(batch, optimizer));
    }
  }
  one.close(); // and the other goes on
  const batch = float32Batch(random, b, [4, 4]);
  assertSame(two.gradient(batch), alone[1].gradient(batch));
  two.close();
});

testWorkers("workers that have gone to sleep wake up", async () => {
  const random = seededRandom("asleep"), shape = float32Shape(random, KINDS[0]);
  const engine = createEngine(shape, { threads: 3 });
  engine.setParameters(float32Parameters(random, shape));
  const batch = float32Batch(random, shape, [3, 4, 2]), { loss } = engine.gradient(batch);
  for (let n = 0; n < 3; n++) {
    await new Promise((done) => setTimeout(done, 30)); // far longer than they look for work
    assertAlmostEquals(engine.gradient(batch).loss, loss, 0);
  }
  engine.close();
  engine.close(); // twice is once
});

testWorkers(
  "the strict build gives the same bits whatever the number of threads",
  () => {
    const random = seededRandom("strict"), shape = float32Shape(random, KINDS[6]);
    const results = [];
    for (const threads of [1, 3]) {
      const engine = createEngine(shape, { threads, build: "strict" });
      results.push(train(engine, "strict", [[5, 1, 3], [4, 2]]));
      engine.close();
    }
    assertSame(results[1], results[0]);
  },
);

testWorkers("inside a Worker an engine starts its own workers, and has the same bits", async () => {
  const worker = new Worker(new URL("./nested_worker.ts", import.meta.url).href, {
    type: "module",
  });
  const results = await new Promise<Tensors[]>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage("start");
  });
  worker.terminate();
  assertSame(results, [trained(1), trained(1)]);
});

testWorkers("startWorkers throws if the workers are not ready in time", () => {
  const memory = createEngineBuffers(float32Shape(seededRandom("late"), KINDS[0]), 4);
  assertThrows(
    () => startWorkers(memory, "relaxed", 0),
    Error,
    "Cannot start the engine's workers: wanted 3 ready within 0 s, got ",
  );
});
