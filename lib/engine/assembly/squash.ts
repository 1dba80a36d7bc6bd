/**
 * exp, σ and tanh of four numbers at a time.
 *
 * Method: exp(x) = 2ⁿ exp(r) with n the nearest whole number to x log₂e, ln 2 taken off in two parts so that r is
 * exact, and a polynomial of degree 7 in r. σ and tanh follow from it; near 0 tanh has a polynomial of its own, since
 * 1 − 2 / (1 + exp 2x) would cancel. Coefficients: Moshier's Cephes library, expf.c and tanhf.c.
 *
 * Error: exp within 2 units in the last place on [−87, 88], beyond which it is held at its value there; σ within
 * 3 · 2⁻²⁴ and tanh within 4 · 2⁻²⁴ of a value's own size. σ is exactly 0 below −87 and exactly 1 above 17.
 */
import { fma, fnma } from "./lanes";

/** exp(x). */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  x = f32x4.max(f32x4.min(x, f32x4.splat(88)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  const r = fnma(n, f32x4.splat(-2.12194440e-4), fnma(n, f32x4.splat(0.693359375), x));
  let p = fma(r, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  p = fma(p, r, f32x4.splat(8.3334519073e-3));
  p = fma(p, r, f32x4.splat(4.1665795894e-2));
  p = fma(p, r, f32x4.splat(1.6666665459e-1));
  p = fma(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(fma(p, f32x4.mul(r, r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** σ(x) = 1 / (1 + exp(−x)). */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const s = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exp4(f32x4.neg(x))));
  return v128.andnot(s, f32x4.lt(x, f32x4.splat(-87)));
}

/** tanh(x). */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const z = f32x4.mul(x, x);
  let p = fma(z, f32x4.splat(-5.70498872745e-3), f32x4.splat(2.06390887954e-2));
  p = fma(p, z, f32x4.splat(-5.37397155531e-2));
  p = fma(p, z, f32x4.splat(1.33314422036e-1));
  p = fma(p, z, f32x4.splat(-3.33332819422e-1));
  const near = fma(f32x4.mul(p, z), x, x);
  const e = exp4(f32x4.add(x, x));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  return v128.bitselect(near, far, f32x4.lt(f32x4.abs(x), f32x4.splat(0.625)));
}
