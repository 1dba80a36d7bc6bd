/**
 * TensorFlow.js: `tensorflow.ts cpu`, or `wasm`, with its embedding layer; `tensorflow.ts wasm one-hot` has a dense layer
 * without bias on one-hot rows in its place, which computes the same.
 *
 * Its starting state is fixed at 0; the engine's starts there, and is trained.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
// Loaded as a part of the program, so that the process need not be allowed to read files.
import wasm from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm" with {
  type: "bytes",
};
import { type PeerTask, servePeer } from "../peer_session.ts";

const [backend, embeddingKind] = Deno.args, oneHot = embeddingKind === "one-hot";

async function startBackend(): Promise<void> {
  const url = URL.createObjectURL(new Blob([wasm], { type: "application/wasm" }));
  setWasmPaths({ // it wants all names, and takes the second
    "tfjs-backend-wasm.wasm": url,
    "tfjs-backend-wasm-simd.wasm": url,
    "tfjs-backend-wasm-threaded-simd.wasm": url,
  }, true);
  if (!await tf.setBackend(backend)) throw new Error(`wanted the backend ${backend}, got none`);
}

function createModel({ symbols: K, embedding: E, hidden: H, adam, inputs }: PeerTask) {
  const model = tf.sequential(), [{ length: T }] = inputs;
  model.add(
    oneHot
      ? tf.layers.dense({ units: E, useBias: false, inputShape: [T, K] })
      : tf.layers.embedding({ inputDim: K, outputDim: E, inputLength: T }),
  );
  const lstm = { recurrentActivation: "sigmoid", recurrentInitializer: "zeros" } as const;
  model.add(tf.layers.lstm({ units: H, returnSequences: true, ...lstm }));
  model.add(tf.layers.dense({ units: K, activation: "softmax" }));
  const { rate, beta1, beta2, epsilon } = adam;
  model.compile({
    optimizer: tf.train.adam(rate, beta1, beta2, epsilon),
    loss: "sparseCategoricalCrossentropy",
  });
  return model;
}

/** In the model's order; its gates lie in the same order, i, f, g, o. */
function weightsOf({ symbols: K, embedding: E, hidden: H, parameters }: PeerTask): tf.Tensor[] {
  const matrix = (name: string, rows: number, columns: number) =>
    tf.tensor2d([...parameters[name]], [rows, columns]);
  return [
    matrix("embedding.weight", K, E),
    matrix("cells.0.weight_ih", 4 * H, E).transpose(),
    matrix("cells.0.weight_hh", 4 * H, H).transpose(),
    tf.tensor1d([...parameters["cells.0.bias"]]),
    matrix("logits.weight", K, H).transpose(),
    tf.tensor1d([...parameters["logits.bias"]]),
  ];
}

await servePeer(async (task) => {
  await startBackend();
  const model = createModel(task), { inputs, targets } = task;
  const [B, T] = [inputs.length, inputs[0].length];
  model.setWeights(weightsOf(task));
  const symbols = tf.tensor2d(inputs.flat(), [B, T], "int32");
  const x = oneHot ? tf.oneHot(symbols, task.symbols) : symbols;
  const y = tf.tensor3d(targets.flat(), [B, T, 1]);
  return async () => {
    try {
      return await model.trainOnBatch(x, y) as number;
    } catch (error) {
      const { message } = error as Error, isGather = message.includes("UnsortedSegmentSum");
      throw isGather ? new Error(`${message} (the gradient of the embedding's gather)`) : error;
    }
  };
});
