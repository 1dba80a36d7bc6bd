/**
 * The length of the gradient, clipping, and the steps of SGD, RMSProp and Adam.
 *
 * Method: one pass over all numbers, four at a time, clipping folded into the step.
 *
 * Layout: parameters, gradients and the optimizer's memories are four flat runs of `parameters` numbers in one order;
 * padding has a gradient of 0 and never moves. They are shared out in chunks of 4,096 numbers; the squares of a chunk
 * are added up by one worker and the chunks' sums in order, so that the bits do not depend on the number of workers.
 *
 * Error: the norm within 2⁻¹⁵ of itself (a chunk's four lanes are chains of 1,024 additions in f32, chunks' sums are in f64); a step has one rounding for
 * each operation of the update rule.
 */
import { fma, sumOfLanes, VECTOR } from "./lanes";
import { Plan, Rule } from "./plan";

const CHUNK: i32 = 4096;

function chunks(plan: Plan): i32 {
  return (plan.parameters + CHUNK - 1) / CHUNK;
}

/** Σ g² of a worker's share of the chunks. */
export function squares(plan: Plan, worker: i32, workers: i32): void {
  const all = chunks(plan);
  for (let chunk = all * worker / workers, end = all * (worker + 1) / workers; chunk < end; chunk++) {
    let sum = f32x4.splat(0);
    const last = plan.gradientsAt + min((chunk + 1) * CHUNK, plan.parameters) * 4;
    for (let at = plan.gradientsAt + chunk * CHUNK * 4; at < last; at += VECTOR) {
      const g = v128.load(at);
      sum = fma(g, g, sum);
    }
    store<f64>(plan.squares + chunk * 8, <f64> sumOfLanes(sum));
  }
}

/** ‖g‖₂ over all parameters; every worker gets the same. */
function norm(plan: Plan): f64 {
  let sum: f64 = 0;
  for (let chunk = 0; chunk < chunks(plan); chunk++) sum += load<f64>(plan.squares + chunk * 8);
  return Math.sqrt(sum);
}

/** Added to a norm before it divides, as PyTorch does. */
const CLIP_EPSILON: f64 = 1e-6;

/**
 * One step of the plan's rule, a worker's share of the parameters, after {@link squares} of all workers. A gradient whose
 * norm is not finite changes nothing: every worker computes the same norm, and so decides the same.
 */
export function step(plan: Plan, worker: i32, workers: i32): void {
  const length = norm(plan);
  if (worker == 0) plan.gradientNorm = length;
  if (!isFinite(length)) return;
  const scale = <f32> min<f64>(1, plan.clip / (length + CLIP_EPSILON));
  if (plan.cellFactor != 1) decay(plan, worker, workers);
  if (plan.rule == Rule.sgd) sgd(plan, worker, workers, scale);
  else if (plan.rule == Rule.rmsprop) rmsprop(plan, worker, workers, scale);
  else adam(plan, worker, workers, scale);
}

/** w = factor · w for the cells' parameters: decoupled weight decay, before a rule's step. */
function decay(plan: Plan, worker: i32, workers: i32): void {
  const factor = f32x4.splat(<f32> plan.cellFactor), start = max(first(plan, worker, workers), plan.cellsFrom * 4);
  for (let at = start, end = min(first(plan, worker + 1, workers), plan.cellsTo * 4); at < end; at += VECTOR) {
    const w = plan.weightsAt + at;
    v128.store(w, f32x4.mul(factor, v128.load(w)));
  }
}

/** w −= rate · scale · g. */
function sgd(plan: Plan, worker: i32, workers: i32, scale: f32): void {
  const step = f32x4.splat(-(<f32> plan.rate) * scale);
  for (let at = first(plan, worker, workers), end = first(plan, worker + 1, workers); at < end; at += VECTOR) {
    const w = plan.weightsAt + at;
    v128.store(w, fma(step, v128.load(plan.gradientsAt + at), v128.load(w)));
  }
}

/** v = β₂ v + (1 − β₂) g²; w −= rate · g / (√v + ε). */
function rmsprop(plan: Plan, worker: i32, workers: i32, scale: f32): void {
  const keep = f32x4.splat(<f32> plan.beta2), take = f32x4.splat(<f32> (1 - plan.beta2));
  const step = f32x4.splat(-(<f32> plan.rate)), ε = f32x4.splat(<f32> plan.epsilon), factor = f32x4.splat(scale);
  for (let at = first(plan, worker, workers), end = first(plan, worker + 1, workers); at < end; at += VECTOR) {
    const w = plan.weightsAt + at, second = plan.secondMoment + at;
    const g = f32x4.mul(v128.load(plan.gradientsAt + at), factor);
    const v = fma(keep, v128.load(second), f32x4.mul(take, f32x4.mul(g, g)));
    v128.store(second, v);
    v128.store(w, fma(step, f32x4.div(g, f32x4.add(f32x4.sqrt(v), ε)), v128.load(w)));
  }
}

/**
 * m = β₁ m + (1 − β₁) g; v = β₂ v + (1 − β₂) g²; w −= rate / c₁ · m / (√v / √c₂ + ε), with c₁ = 1 − β₁ⁿ and c₂ = 1 − β₂ⁿ
 * at the n-th step. The plan holds rate / c₁ and 1 / √c₂.
 */
function adam(plan: Plan, worker: i32, workers: i32, scale: f32): void {
  const keep1 = f32x4.splat(<f32> plan.beta1), take1 = f32x4.splat(<f32> (1 - plan.beta1));
  const keep2 = f32x4.splat(<f32> plan.beta2), take2 = f32x4.splat(<f32> (1 - plan.beta2));
  const step = f32x4.splat(-(<f32> plan.rate)), ε = f32x4.splat(<f32> plan.epsilon), factor = f32x4.splat(scale);
  const root = f32x4.splat(<f32> plan.rootScale);
  for (let at = first(plan, worker, workers), end = first(plan, worker + 1, workers); at < end; at += VECTOR) {
    const w = plan.weightsAt + at, one = plan.firstMoment + at, two = plan.secondMoment + at;
    const g = f32x4.mul(v128.load(plan.gradientsAt + at), factor);
    const m = fma(keep1, v128.load(one), f32x4.mul(take1, g));
    const v = fma(keep2, v128.load(two), f32x4.mul(take2, f32x4.mul(g, g)));
    v128.store(one, m);
    v128.store(two, v);
    v128.store(w, fma(step, f32x4.div(m, fma(f32x4.sqrt(v), root, ε)), v128.load(w)));
  }
}

/** Where a worker's share starts, in bytes. */
function first(plan: Plan, worker: i32, workers: i32): i32 {
  return min(chunks(plan) * worker / workers * CHUNK, plan.parameters) * 4;
}
