/** Lengths of tensors and distances between them. */
type Tensor = ArrayLike<number>;

/** ‖x‖₂. */
export function norm(x: Tensor): number {
  return distance(x, new Float32Array(x.length));
}

/** ‖x − y‖₂. */
export function distance(x: Tensor, y: Tensor): number {
  if (x.length !== y.length) return NaN;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return Math.sqrt(sum);
}

/** ‖x‖₂ over several tensors together. */
export function normOfAll(tensors: Readonly<Record<string, Tensor>>): number {
  return Math.hypot(...Object.values(tensors).map(norm));
}
