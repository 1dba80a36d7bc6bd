/**
 * Four numbers at a time.
 *
 * Every kernel computes on vectors of four Float32 lanes. Widths are padded to whole vectors, and the padding is 0, so
 * that no kernel needs a tail.
 */

/** Bytes of one vector. */
export const VECTOR: i32 = 16;

/**
 * a · b + c in each lane.
 *
 * With relaxed SIMD the product is not rounded where the machine has a fused instruction, so that machines may
 * differ in the last bit. The strict build rounds twice, on every machine alike.
 */
// @ts-ignore: decorator
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a · b in each lane, rounded as {@link fma}. */
// @ts-ignore: decorator
@inline
export function fnma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** Lane `i` of x in all four lanes; `i` is known when the kernel is compiled. */
// @ts-ignore: decorator
@inline
export function lane0(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
}
// @ts-ignore: decorator
@inline
export function lane1(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
}
// @ts-ignore: decorator
@inline
export function lane2(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
}
// @ts-ignore: decorator
@inline
export function lane3(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

/** x_0 + x_1 + x_2 + x_3, as (x_0 + x_2) + (x_1 + x_3). */
// @ts-ignore: decorator
@inline
export function sumOfLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}
