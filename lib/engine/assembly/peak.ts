/**
 * The machine's peak: multiply-adds on 12 independent vectors and nothing else.
 *
 * Method: 12 sums hide an addition's latency, and fit the registers together with both factors, so that every cycle
 * starts as many 128-bit multiply-adds as the machine can. No memory is touched.
 */
import { fma, sumOfLanes } from "./lanes";

/** Does 96 · `rounds` floating-point operations: 12 vectors, 4 lanes, a product and a sum. */
export function multiplyAdds(rounds: i32, x: f32, y: f32): f32 {
  const a = f32x4.splat(x), b = f32x4.splat(y);
  let c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
  for (let i = 0; i < rounds; i++) {
    c0 = fma(a, b, c0);
    c1 = fma(a, b, c1);
    c2 = fma(a, b, c2);
    c3 = fma(a, b, c3);
    c4 = fma(a, b, c4);
    c5 = fma(a, b, c5);
    c6 = fma(a, b, c6);
    c7 = fma(a, b, c7);
    c8 = fma(a, b, c8);
    c9 = fma(a, b, c9);
    c10 = fma(a, b, c10);
    c11 = fma(a, b, c11);
  }
  const left = f32x4.add(f32x4.add(f32x4.add(c0, c1), f32x4.add(c2, c3)), f32x4.add(c4, c5));
  const right = f32x4.add(f32x4.add(f32x4.add(c6, c7), f32x4.add(c8, c9)), f32x4.add(c10, c11));
  return sumOfLanes(f32x4.add(left, right));
}
