/**
 * The elementwise part of the LSTM cell, one row at a time.
 *
 * Method: four units at a time, all gates of them, so that each number is loaded and stored once.
 *
 * Layout: a row of gates is [i | f | g | o], each `hidden` numbers (a multiple of 8). Forwards it comes in as the sums
 * less their bias, and goes out as the activations; backwards those are replaced by the gradients with respect to the sums.
 *
 * Error: that of squash.ts on each gate, and one rounding for each operation of the equations below.
 */
import { fma, fnma, VECTOR } from "./lanes";
import { sigmoid4, tanh4 } from "./squash";

/** Adds `bias` to the sums; c = σ(f) c_{t−1} + σ(i) tanh(g); h = σ(o) tanh(c). */
export function lstmForward(gates: usize, bias: usize, cPrev: usize, c: usize, tanhC: usize, h: usize, hidden: i32): void {
  const bytes = hidden * 4;
  for (let at = 0; at < bytes; at += VECTOR) {
    const i = sigmoid4(sum(gates + at, bias + at));
    const f = sigmoid4(sum(gates + bytes + at, bias + bytes + at));
    const g = tanh4(sum(gates + 2 * bytes + at, bias + 2 * bytes + at));
    const o = sigmoid4(sum(gates + 3 * bytes + at, bias + 3 * bytes + at));
    const c_t = fma(f, v128.load(cPrev + at), f32x4.mul(i, g));
    const tanh_c = tanh4(c_t);
    v128.store(gates + at, i);
    v128.store(gates + bytes + at, f);
    v128.store(gates + 2 * bytes + at, g);
    v128.store(gates + 3 * bytes + at, o);
    v128.store(c + at, c_t);
    v128.store(tanhC + at, tanh_c);
    v128.store(h + at, f32x4.mul(o, tanh_c));
  }
}

// @ts-ignore: decorator
@inline
function sum(a: usize, b: usize): v128 {
  return f32x4.add(v128.load(a), v128.load(b));
}

/** Reverses {@link lstmForward}; `gC` comes in as ∂L/∂c_t from the step after and goes out as ∂L/∂c_{t−1}. */
export function lstmBackward(gates: usize, cPrev: usize, tanhC: usize, gH: usize, gC: usize, hidden: i32): void {
  const bytes = hidden * 4, one = f32x4.splat(1);
  for (let at = 0; at < bytes; at += VECTOR) {
    const i = v128.load(gates + at), f = v128.load(gates + bytes + at);
    const g = v128.load(gates + 2 * bytes + at), o = v128.load(gates + 3 * bytes + at);
    const tanh_c = v128.load(tanhC + at), gH_t = v128.load(gH + at);
    // h = o tanh(c)
    const gO = f32x4.mul(gH_t, tanh_c);
    const gC_t = fma(f32x4.mul(gH_t, o), fnma(tanh_c, tanh_c, one), v128.load(gC + at));
    // c = f c_{t−1} + i g
    const gI = f32x4.mul(gC_t, g), gF = f32x4.mul(gC_t, v128.load(cPrev + at)), gG = f32x4.mul(gC_t, i);
    v128.store(gC + at, f32x4.mul(gC_t, f));
    // σ′ = σ (1 − σ), tanh′ = 1 − tanh²
    v128.store(gates + at, f32x4.mul(gI, fnma(i, i, i)));
    v128.store(gates + bytes + at, f32x4.mul(gF, fnma(f, f, f)));
    v128.store(gates + 2 * bytes + at, f32x4.mul(gG, fnma(g, g, one)));
    v128.store(gates + 3 * bytes + at, f32x4.mul(gO, fnma(o, o, o)));
  }
}
