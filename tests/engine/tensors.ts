/** Lengths of tensors and distances between them, and their bits. */
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

/** Numbers as their bits, in which 0 and −0 differ, and a NaN is itself. */
export function bits(numbers: Float32Array): number[] {
  return [...new Uint32Array(numbers.slice().buffer)];
}

/** The bits of several tensors, by name. */
export function bitsOfAll(
  tensors: Readonly<Record<string, Float32Array>>,
): Record<string, number[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, bits(x)]));
}
