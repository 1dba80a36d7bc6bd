/**
 * jax-js on WebAssembly: the update is one function under jit, with the LSTM's steps unrolled, since there is no scan,
 * and the embedding as a product with one-hot rows, since jit refuses the gradient of take (scatter).
 *
 * It takes all cores, and cannot be told otherwise.
 *
 * @module
 */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { type PeerTask, servePeer } from "../peer_session.ts";

type Tensors = Record<string, np.Array>;

/** Mean cross-entropy; x and y are `T` × `B`. Each use of an array but the last is of its `ref`: jax-js counts references. */
function lossOf(p: Tensors, x: np.Array, y: np.Array, { symbols: K, hidden: H }: PeerTask) {
  const [, B] = x.shape;
  const e = np.matmul(nn.oneHot(x, K), p["embedding.weight"]);
  const sums = np.matmul(e, np.transpose(p["cells.0.weight_ih"])).add(p["cells.0.bias"]);
  const whh = np.transpose(p["cells.0.weight_hh"]);
  let h = np.broadcastTo(p["cells.0.h0"], [B, H]), c = np.broadcastTo(p["cells.0.c0"], [B, H]);
  const hidden: np.Array[] = [];
  for (const sum of np.unstack(sums)) {
    const [i, f, g, o] = np.split(sum.add(np.matmul(h, whh.ref)), 4, 1);
    c = nn.sigmoid(f).mul(c).add(nn.sigmoid(i).mul(np.tanh(g)));
    h = nn.sigmoid(o).mul(np.tanh(c.ref));
    hidden.push(h.ref);
  }
  for (const left of [h, c, whh]) left.dispose();
  const logits = np.matmul(np.stack(hidden), np.transpose(p["logits.weight"]));
  const logP = nn.logSoftmax(logits.add(p["logits.bias"]), -1);
  return np.mean(np.sum(logP.mul(nn.oneHot(y, K)), -1)).neg();
}

/** Parameters, and Adam's m and v of each. */
type State = { p: Tensors; m: Tensors; v: Tensors };

/** One step of Adam; `rates` are rate / (1 − β1^n) and 1 / √(1 − β2^n). */
function stepOf(task: PeerTask) {
  const { beta1, beta2, epsilon } = task.adam;
  return jit((state: State, x: np.Array, y: np.Array, rate: np.Array, rootScale: np.Array) => {
    const loss = (p: Tensors) => lossOf(p, x.ref, y.ref, task);
    const [before, gradient] = valueAndGrad(loss)(tree.ref(state.p));
    const next: State = { p: {}, m: {}, v: {} };
    for (const [name, g] of Object.entries(gradient)) {
      const m = state.m[name].mul(beta1).add(g.ref.mul(1 - beta1));
      const v = state.v[name].mul(beta2).add(np.square(g).mul(1 - beta2));
      const root = np.sqrt(v.ref).mul(rootScale.ref).add(epsilon);
      next.p[name] = state.p[name].sub(m.ref.mul(rate.ref).div(root));
      [next.m[name], next.v[name]] = [m, v];
    }
    for (const left of [x, y, rate, rootScale]) left.dispose();
    return { before, next };
  });
}

await servePeer(async (task) => {
  await init("wasm");
  defaultDevice("wasm");
  const { embedding: E, hidden: H, symbols: K, adam, inputs, targets, parameters } = task;
  const shapes: Record<string, number[]> = {
    "embedding.weight": [K, E],
    "cells.0.weight_ih": [4 * H, E],
    "cells.0.weight_hh": [4 * H, H],
    "logits.weight": [K, H],
  };
  const tensor = (name: string, W: Float32Array<ArrayBuffer>) =>
    np.array(W).reshape(shapes[name] ?? [W.length]);
  const tensors = (of: (W: readonly number[]) => Float32Array<ArrayBuffer>): Tensors =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, W]) => [name, tensor(name, of(W))]),
    );
  const zeros = (W: readonly number[]) => new Float32Array(W.length);
  let state: State = {
    p: tensors((W) => Float32Array.from(W)),
    m: tensors(zeros),
    v: tensors(zeros),
  };
  const byStep = (strings: readonly (readonly number[])[]) =>
    np.transpose(
      np.array(Int32Array.from(strings.flat()), { dtype: np.int32 })
        .reshape([strings.length, strings[0].length]),
    );
  const x = byStep(inputs), y = byStep(targets), step = stepOf(task);
  let n = 0;
  return async () => {
    n++;
    const rate = np.array(adam.rate / (1 - adam.beta1 ** n));
    const rootScale = np.array(1 / Math.sqrt(1 - adam.beta2 ** n));
    const { before, next } = step(state, x.ref, y.ref, rate, rootScale);
    state = next;
    return await before.jsAsync() as number;
  };
});
