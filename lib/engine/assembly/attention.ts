/**
 * Attention: what a step takes in from the places of its string, and the way back.
 *
 * p = W_q h_{t−1}, k_s = W_k a_s; e_s = w · tanh(p + k_s), or p · k_s / √A; α = softmax(e), z_t = Σ_s α_s a_s
 *
 * Method: the keys of a string are made once, at its start. Before each step one product makes the queries of all slots; the
 * rest goes slot by slot. Backwards tanh is computed again. What a place and w get from the steps of a string is added up by
 * the worker that has the slot; products over all places follow when all steps are reversed (weight_gradients.ts).
 *
 * Layout: z_t is the input part of row(t − 1) of the first layer's states, and queries and weights lie in that row too. The
 * places of all slots follow each other, those of a slot from firstPlace[slot] on. A row of weights has `placesPerRow` numbers,
 * a multiple of 4; those beyond the slot's places are 0 up to the end of their vector.
 *
 * Error: that of multiply.ts, squash.ts and softmax.ts; scores are chains of A / 8 multiply-adds, contexts and the gradients
 * of queries chains over the places.
 */
import { fma, fnma, sumOfLanes, VECTOR } from "./lanes";
import { multiply } from "./multiply";
import { Attention, layerOf, Plan } from "./plan";
import { clearRow } from "./rows";
import { greatestOf, scaleRow, storeExponentials } from "./softmax";
import { tanh4 } from "./squash";

/** The first place of a slot; of the slot after the last, how many there are. */
// @ts-ignore: decorator
@inline
export function firstPlace(plan: Plan, slot: i32): i32 {
  return load<i32>(plan.firstPlace + slot * 4);
}

/** Makes the keys of a slot, and clears what its backward pass adds to. */
export function startAttention(plan: Plan, slot: i32): void {
  const first = firstPlace(plan, slot), count = firstPlace(plan, slot + 1) - first;
  const place = plan.placeWidth * 4, key = plan.attentionWidth * 4;
  multiply(
    plan.places + first * place, place, plan.packedKeyForward, plan.keys + first * key, key,
    count, plan.placeWidth, plan.attentionWidth, 0,
  );
  if (plan.inference) return;
  memory.fill(plan.gPlaces + first * place, 0, count * place);
  memory.fill(plan.gKeys + first * key, 0, count * key);
  clearRow(plan.gSlotScoreWeights + slot * key, key);
}

/** Reads the places of `count` slots with the h of rows `row`, row + workers, …; the contexts go to the same rows. */
export function attend(plan: Plan, row: i32, slot: i32, workers: i32, count: i32): void {
  const first = layerOf(plan, 0), top = layerOf(plan, plan.layers - 1);
  const state = top.stateWidth * 4, query = plan.attentionWidth * 4;
  multiply(
    top.states + row * state + top.inputWidth * 4, workers * state, plan.packedQueryForward,
    plan.queries + row * query, workers * query, count, plan.hidden, plan.attentionWidth, 0,
  );
  for (let i = 0; i < count; i++, row += workers, slot += workers) {
    readPlaces(plan, row, slot, first.states + row * first.stateWidth * 4);
  }
}

function readPlaces(plan: Plan, row: i32, slot: i32, z: usize): void {
  const first = firstPlace(plan, slot), count = firstPlace(plan, slot + 1) - first, key = plan.attentionWidth * 4;
  const query = plan.queries + row * key, keys = plan.keys + first * key;
  const weights = plan.placeWeights + row * plan.placesPerRow * 4, bytes = (count + 3 & ~3) * 4;
  if (plan.attention == Attention.additive) additiveScores(weights, query, keys, plan.scoreWeights, key, count);
  else dotProductScores(weights, query, keys, plan.attentionScale, key, count);
  for (let s = count * 4; s < bytes; s += 4) store<f32>(weights + s, -<f32> Infinity);
  scaleRow(weights, 1 / storeExponentials(weights, greatestOf(weights, bytes), bytes), bytes);
  const place = plan.placeWidth * 4;
  weightedSum(z, weights, plan.places + first * place, place, count);
}

/** e_s = w · tanh(p + k_s). */
function additiveScores(e: usize, p: usize, k: usize, w: usize, bytes: i32, count: i32): void {
  for (let s = 0; s < count; s++, e += 4, k += bytes) {
    let e0 = f32x4.splat(0), e1 = e0;
    for (let at = 0; at < bytes; at += 2 * VECTOR) {
      e0 = fma(v128.load(w + at), tanh4(f32x4.add(v128.load(p + at), v128.load(k + at))), e0);
      e1 = fma(v128.load(w + at, 16), tanh4(f32x4.add(v128.load(p + at, 16), v128.load(k + at, 16))), e1);
    }
    store<f32>(e, sumOfLanes(f32x4.add(e0, e1)));
  }
}

/** e_s = p · k_s / √A. */
function dotProductScores(e: usize, p: usize, k: usize, scale: f32, bytes: i32, count: i32): void {
  for (let s = 0; s < count; s++, e += 4, k += bytes) store<f32>(e, scale * dot(p, k, bytes));
}

/** x · y; `bytes` is a multiple of 32. */
// @ts-ignore: decorator
@inline
function dot(x: usize, y: usize, bytes: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0;
  for (let at = 0; at < bytes; at += 2 * VECTOR) {
    s0 = fma(v128.load(x + at), v128.load(y + at), s0);
    s1 = fma(v128.load(x + at, 16), v128.load(y + at, 16), s1);
  }
  return sumOfLanes(f32x4.add(s0, s1));
}

/** z = Σ_s α_s a_s, eight columns at a time. */
function weightedSum(z: usize, α: usize, places: usize, bytes: i32, count: i32): void {
  for (let at = 0; at < bytes; at += 2 * VECTOR) {
    let z0 = f32x4.splat(0), z1 = z0, a = places + at;
    for (let s = 0; s < count; s++, a += bytes) {
      const α_s = f32x4.splat(load<f32>(α + s * 4));
      z0 = fma(α_s, v128.load(a), z0);
      z1 = fma(α_s, v128.load(a, 16), z1);
    }
    v128.store(z + at, z0);
    v128.store(z + at, z1, 16);
  }
}

/** Reverses {@link attend} for one slot, given ∂L/∂z: adds to the gradients of places, keys and w, and leaves that of the query. */
export function attendBackward(plan: Plan, row: i32, slot: i32, gZ: usize): void {
  const first = firstPlace(plan, slot), count = firstPlace(plan, slot + 1) - first;
  const place = plan.placeWidth * 4, key = plan.attentionWidth * 4;
  const weights = plan.placeWeights + row * plan.placesPerRow * 4, gE = plan.gPlaceScores + slot * plan.placesPerRow * 4;
  let a = plan.places + first * place, gA = plan.gPlaces + first * place, mean: f32 = 0;
  for (let s = 0; s < count * 4; s += 4, a += place, gA += place) {
    // z = Σ_s α_s a_s
    const α_s = load<f32>(weights + s), gα_s = dot(gZ, a, place), α4 = f32x4.splat(α_s);
    for (let at = 0; at < place; at += VECTOR) v128.store(gA + at, fma(α4, v128.load(gZ + at), v128.load(gA + at)));
    store<f32>(gE + s, gα_s);
    mean += α_s * gα_s;
  }
  // α = softmax(e)
  for (let s = 0; s < count * 4; s += 4) store<f32>(gE + s, load<f32>(weights + s) * (load<f32>(gE + s) - mean));
  const p = plan.queries + row * key, gP = plan.gQueries + row * key;
  const k = plan.keys + first * key, gK = plan.gKeys + first * key;
  if (plan.attention == Attention.additive) {
    additiveBackward(gE, p, gP, k, gK, plan.scoreWeights, plan.gSlotScoreWeights + slot * key, key, count);
  } else dotProductBackward(gE, p, gP, k, gK, plan.attentionScale, key, count);
}

/**
 * Reverses e_s = w · tanh(p + k_s). A softmax' gradients by its scores add up to 0, so that ∂L/∂p = w Σ_s ∂L/∂e_s (1 − tanh²) is
 * −w Σ_s ∂L/∂e_s tanh², of whose terms less cancels.
 */
function additiveBackward(
  gE: usize, p: usize, gP: usize, k: usize, gK: usize, w: usize, gW: usize, bytes: i32, count: i32,
): void {
  const one = f32x4.splat(1);
  for (let at = 0; at < bytes; at += 2 * VECTOR) {
    const p0 = v128.load(p + at), p1 = v128.load(p + at, 16), w0 = v128.load(w + at), w1 = v128.load(w + at, 16);
    let gW0 = v128.load(gW + at), gW1 = v128.load(gW + at, 16), gP0 = f32x4.splat(0), gP1 = gP0;
    for (let s = 0, key = at; s < count; s++, key += bytes) {
      const gE_s = f32x4.splat(load<f32>(gE + s * 4));
      const u0 = tanh4(f32x4.add(p0, v128.load(k + key))), u1 = tanh4(f32x4.add(p1, v128.load(k + key, 16)));
      const gE_u0 = f32x4.mul(gE_s, u0), gE_u1 = f32x4.mul(gE_s, u1);
      gW0 = f32x4.add(gW0, gE_u0);
      gW1 = f32x4.add(gW1, gE_u1);
      gP0 = fnma(gE_u0, u0, gP0);
      gP1 = fnma(gE_u1, u1, gP1);
      v128.store(gK + key, fma(f32x4.mul(gE_s, w0), fnma(u0, u0, one), v128.load(gK + key)));
      v128.store(gK + key, fma(f32x4.mul(gE_s, w1), fnma(u1, u1, one), v128.load(gK + key, 16)), 16);
    }
    v128.store(gW + at, gW0);
    v128.store(gW + at, gW1, 16);
    v128.store(gP + at, f32x4.mul(gP0, w0));
    v128.store(gP + at, f32x4.mul(gP1, w1), 16);
  }
}

/** Reverses e_s = p · k_s / √A. */
function dotProductBackward(
  gE: usize, p: usize, gP: usize, k: usize, gK: usize, scale: f32, bytes: i32, count: i32,
): void {
  for (let at = 0; at < bytes; at += VECTOR) {
    const p4 = v128.load(p + at);
    let gP4 = f32x4.splat(0);
    for (let s = 0, key = at; s < count; s++, key += bytes) {
      const gDot = f32x4.splat(scale * load<f32>(gE + s * 4));
      gP4 = fma(gDot, v128.load(k + key), gP4);
      v128.store(gK + key, fma(gDot, p4, v128.load(gK + key)));
    }
    v128.store(gP + at, gP4);
  }
}
