/**
 * exp, σ and tanh of four numbers at a time.
 *
 * Method: exp(x) = 2ⁿ (1 + p), n the nearest whole number to x log₂e and 1 + p = exp(x − n ln 2), with ln 2 in two parts so
 * that what is left of x is exact, and p a polynomial (coefficients: Moshier's Cephes library, expf.c). n is found by adding
 * 1.5 · 2²³: it is then in the last bits of the sum, ready to be shifted into an exponent.
 * σ(x) = 1 / (1 + exp(−x)); tanh(x) = e / (e + 2) with e = exp(2x) − 1 = 2ⁿ p + (2ⁿ − 1), which does not cancel near 0.
 *
 * Layout: constants lie in the module's own memory, four times each: a load costs one instruction, making a vector of
 * a constant costs three.
 *
 * Error: exp within 2⁻²³ of itself on [−87, 88], beyond which it is clamped; σ and tanh within
 * 2 · 2⁻²³ of themselves (measured: 0.66, 1.1 and 1.4 times 2⁻²³). σ is exactly 0 below −87 and exactly 1 above 17; tanh is exactly ±1 beyond ±9.1.
 */
import { fma, fnma, VECTOR } from "./lanes";

const MOST = memory.data<f32>([88, 88, 88, 88], 16);
const LEAST = memory.data<f32>([-87, -87, -87, -87], 16);
const LOG2E = memory.data<f32>([1.44269504088896341, 1.44269504088896341, 1.44269504088896341, 1.44269504088896341], 16);
/** 1.5 · 2²³. */
const ROUNDER = memory.data<f32>([12582912, 12582912, 12582912, 12582912], 16);
const LN2_HIGH = memory.data<f32>([0.693359375, 0.693359375, 0.693359375, 0.693359375], 16);
const LN2_LOW = memory.data<f32>([-2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4], 16);
const P5 = memory.data<f32>([1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4], 16);
const P4 = memory.data<f32>([1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3], 16);
const P3 = memory.data<f32>([8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3], 16);
const P2 = memory.data<f32>([4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2], 16);
const P1 = memory.data<f32>([1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1], 16);
const P0 = memory.data<f32>([5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1], 16);
const ONE = memory.data<f32>([1, 1, 1, 1], 16);
const TWO = memory.data<f32>([2, 2, 2, 2], 16);

/** x clamped to where exp can be computed. */
// @ts-ignore: decorator
@inline
function clamp(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, v128.load(MOST)), v128.load(LEAST)); // in this order NaN stays NaN
}

/** n + 1.5 · 2²³, n the nearest whole number to x log₂e. */
// @ts-ignore: decorator
@inline
function rounded(x: v128): v128 {
  return fma(x, v128.load(LOG2E), v128.load(ROUNDER));
}

/** 2ⁿ, from {@link rounded}. */
// @ts-ignore: decorator
@inline
function powerOfTwo(sum: v128): v128 {
  return i32x4.add(i32x4.shl(sum, 23), v128.load(ONE)); // 1 has the exponent 0, and no other bits
}

/** p = exp(x − n ln 2) − 1. */
// @ts-ignore: decorator
@inline
function remainder(x: v128, sum: v128): v128 {
  const n = f32x4.sub(sum, v128.load(ROUNDER));
  const r = fnma(n, v128.load(LN2_LOW), fnma(n, v128.load(LN2_HIGH), x));
  let p = fma(r, v128.load(P5), v128.load(P4));
  p = fma(p, r, v128.load(P3));
  p = fma(p, r, v128.load(P2));
  p = fma(p, r, v128.load(P1));
  p = fma(p, r, v128.load(P0));
  return fma(p, f32x4.mul(r, r), r);
}

/** exp(x). */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const clamped = clamp(x), sum = rounded(clamped), power = powerOfTwo(sum);
  return fma(remainder(clamped, sum), power, power);
}

/** σ(x) = 1 / (1 + exp(−x)). */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const s = f32x4.div(v128.load(ONE), f32x4.add(v128.load(ONE), exp4(f32x4.neg(x))));
  return v128.andnot(s, f32x4.lt(x, v128.load(LEAST)));
}

/** tanh(x). */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const clamped = clamp(f32x4.add(x, x)), sum = rounded(clamped), power = powerOfTwo(sum);
  const e = fma(remainder(clamped, sum), power, f32x4.sub(power, v128.load(ONE)));
  return f32x4.div(e, f32x4.add(e, v128.load(TWO)));
}

/**
 * y = tanh(x) of four vectors, y's one after the other: as tanh4 and with its bits, but step by step for all four, so that no
 * step waits for the one before, and each constant is loaded once.
 */
// @ts-ignore: decorator
@inline
export function storeTanh16(y: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  let r0 = f32x4.add(x0, x0), r1 = f32x4.add(x1, x1), r2 = f32x4.add(x2, x2), r3 = f32x4.add(x3, x3);
  let c = v128.load(MOST);
  r0 = f32x4.pmin(r0, c);
  r1 = f32x4.pmin(r1, c);
  r2 = f32x4.pmin(r2, c);
  r3 = f32x4.pmin(r3, c);
  c = v128.load(LEAST);
  r0 = f32x4.pmax(r0, c);
  r1 = f32x4.pmax(r1, c);
  r2 = f32x4.pmax(r2, c);
  r3 = f32x4.pmax(r3, c);
  c = v128.load(LOG2E);
  const rounder = v128.load(ROUNDER);
  let n0 = fma(r0, c, rounder);
  let n1 = fma(r1, c, rounder);
  let n2 = fma(r2, c, rounder);
  let n3 = fma(r3, c, rounder);
  const high = v128.load(LN2_HIGH);
  r0 = fnma(f32x4.sub(n0, rounder), high, r0);
  r1 = fnma(f32x4.sub(n1, rounder), high, r1);
  r2 = fnma(f32x4.sub(n2, rounder), high, r2);
  r3 = fnma(f32x4.sub(n3, rounder), high, r3);
  c = v128.load(LN2_LOW);
  r0 = fnma(f32x4.sub(n0, rounder), c, r0);
  r1 = fnma(f32x4.sub(n1, rounder), c, r1);
  r2 = fnma(f32x4.sub(n2, rounder), c, r2);
  r3 = fnma(f32x4.sub(n3, rounder), c, r3);
  // 2ⁿ
  c = v128.load(ONE);
  n0 = i32x4.add(i32x4.shl(n0, 23), c);
  n1 = i32x4.add(i32x4.shl(n1, 23), c);
  n2 = i32x4.add(i32x4.shl(n2, 23), c);
  n3 = i32x4.add(i32x4.shl(n3, 23), c);
  // p = exp(x − n ln 2) − 1
  const p = v128.load(P5);
  c = v128.load(P4);
  let p0 = fma(r0, p, c);
  let p1 = fma(r1, p, c);
  let p2 = fma(r2, p, c);
  let p3 = fma(r3, p, c);
  c = v128.load(P3);
  p0 = fma(p0, r0, c);
  p1 = fma(p1, r1, c);
  p2 = fma(p2, r2, c);
  p3 = fma(p3, r3, c);
  c = v128.load(P2);
  p0 = fma(p0, r0, c);
  p1 = fma(p1, r1, c);
  p2 = fma(p2, r2, c);
  p3 = fma(p3, r3, c);
  c = v128.load(P1);
  p0 = fma(p0, r0, c);
  p1 = fma(p1, r1, c);
  p2 = fma(p2, r2, c);
  p3 = fma(p3, r3, c);
  c = v128.load(P0);
  p0 = fma(p0, r0, c);
  p1 = fma(p1, r1, c);
  p2 = fma(p2, r2, c);
  p3 = fma(p3, r3, c);
  p0 = fma(p0, f32x4.mul(r0, r0), r0);
  p1 = fma(p1, f32x4.mul(r1, r1), r1);
  p2 = fma(p2, f32x4.mul(r2, r2), r2);
  p3 = fma(p3, f32x4.mul(r3, r3), r3);
  // e = 2ⁿ p + (2ⁿ − 1)
  c = v128.load(ONE);
  p0 = fma(p0, n0, f32x4.sub(n0, c));
  p1 = fma(p1, n1, f32x4.sub(n1, c));
  p2 = fma(p2, n2, f32x4.sub(n2, c));
  p3 = fma(p3, n3, f32x4.sub(n3, c));
  c = v128.load(TWO);
  v128.store(y, f32x4.div(p0, f32x4.add(p0, c)));
  v128.store(y, f32x4.div(p1, f32x4.add(p1, c)), VECTOR);
  v128.store(y, f32x4.div(p2, f32x4.add(p2, c)), 2 * VECTOR);
  v128.store(y, f32x4.div(p3, f32x4.add(p3, c)), 3 * VECTOR);
}
