/**
 * The elementwise part of the GRU cell, one row at a time.
 *
 * Method: four units at a time, all gates of them, so that each number is loaded and stored once.
 *
 * Layout: a row of gates is [n | r | z | m], each `hidden` numbers (a multiple of 8), m being the h_{t−1}'s part of the
 * candidate n. Forwards it comes in as the sums less their bias, and goes out as the activations and m; backwards those
 * are replaced by the gradients with respect to the sums.
 *
 * Error: that of squash.ts on each gate, and one rounding for each operation of the equations below.
 */
import { fma, fnma, VECTOR } from "./lanes";
import { sigmoid4, tanh4 } from "./squash";

/** Adds `bias` to the sums; n = tanh(a_n + σ(r) m); h = n + σ(z) (h_{t−1} − n). */
export function gruForward(gates: usize, bias: usize, hPrev: usize, h: usize, hidden: i32): void {
  const bytes = hidden * 4;
  for (let at = 0; at < bytes; at += VECTOR) {
    const r = sigmoid4(sum(gates + bytes + at, bias + bytes + at));
    const z = sigmoid4(sum(gates + 2 * bytes + at, bias + 2 * bytes + at));
    const m = sum(gates + 3 * bytes + at, bias + 3 * bytes + at);
    const n = tanh4(fma(r, m, sum(gates + at, bias + at)));
    v128.store(gates + at, n);
    v128.store(gates + bytes + at, r);
    v128.store(gates + 2 * bytes + at, z);
    v128.store(gates + 3 * bytes + at, m);
    v128.store(h + at, fma(z, f32x4.sub(v128.load(hPrev + at), n), n));
  }
}

// @ts-ignore: decorator
@inline
function sum(a: usize, b: usize): v128 {
  return f32x4.add(v128.load(a), v128.load(b));
}

/** Reverses {@link gruForward}; writes to `gHPrev` the part of ∂L/∂h_{t−1} that passes no product: ∂L/∂h z. */
export function gruBackward(gates: usize, hPrev: usize, gH: usize, gHPrev: usize, hidden: i32): void {
  const bytes = hidden * 4, one = f32x4.splat(1);
  for (let at = 0; at < bytes; at += VECTOR) {
    const n = v128.load(gates + at), r = v128.load(gates + bytes + at);
    const z = v128.load(gates + 2 * bytes + at), m = v128.load(gates + 3 * bytes + at), gH_t = v128.load(gH + at);
    // h = (1 − z) n + z h_{t−1}
    const gZ = f32x4.mul(gH_t, f32x4.sub(v128.load(hPrev + at), n)), gKept = f32x4.mul(gH_t, z);
    const gN = f32x4.sub(gH_t, gKept);
    // n = tanh(a_n + r m)
    const gSum = f32x4.mul(gN, fnma(n, n, one)), gR = f32x4.mul(gSum, m);
    v128.store(gHPrev + at, gKept);
    v128.store(gates + at, gSum);
    // σ′ = σ (1 − σ)
    v128.store(gates + bytes + at, f32x4.mul(gR, fnma(r, r, r)));
    v128.store(gates + 2 * bytes + at, f32x4.mul(gZ, fnma(z, z, z)));
    v128.store(gates + 3 * bytes + at, f32x4.mul(gSum, r));
  }
}
