/**
 * Rules by which parameters follow their gradients.
 *
 * @module
 */
import { type PLAN_FIELDS, RULE, type Struct } from "./kernel_plan.ts";

/** Plain gradient descent: w −= rate · g. */
export interface Sgd {
  readonly rule: "sgd";
  readonly rate: number;
}

/** w −= rate · g / (√v + ε), v a running mean of g². */
export interface RmsProp {
  readonly rule: "rmsprop";
  readonly rate: number;
  /** How much of v is kept at each step; 0.99 if left out. */
  readonly decay?: number;
  /** ε, 1e-8 if left out. */
  readonly epsilon?: number;
}

/** w −= rate · m̂ / (√v̂ + ε), m̂ and v̂ running means of g and g², corrected for their start at 0. */
export interface Adam {
  readonly rule: "adam";
  readonly rate: number;
  /** How much of m is kept; 0.9 if left out. */
  readonly beta1?: number;
  /** How much of v is kept; 0.999 if left out. */
  readonly beta2?: number;
  /** ε, 1e-8 if left out. */
  readonly epsilon?: number;
}

/** A rule, clipping and weight decay. */
export type Optimizer = (Sgd | RmsProp | Adam) & {
  /** Longer gradients are shortened to this length, all parameters together; never, if left out. */
  readonly clip?: number;
  /**
   * Decoupled weight decay λ of the cells alone, 0 if left out: at each step, and before it, all that is named `cells.*`
   * is multiplied by 1 − rate · λ.
   *
   * Source: Loshchilov & Hutter 2019, "Decoupled Weight Decay Regularization", there of all parameters.
   */
  readonly cellDecay?: number;
};

/** Added to a gradient's norm before the clip is divided by it: that of assembly/optimizers.ts, and of PyTorch. */
const CLIP_EPSILON = 1e-6;

/**
 * Writes a rule and its numbers into the plan.
 *
 * @param plan The plan.
 * @param optimizer The rule.
 * @param n Which step this is, from 1.
 * @throws {RangeError} If a number is outside what its rule allows.
 */
export function writeOptimizer(
  plan: Struct<typeof PLAN_FIELDS>,
  optimizer: Optimizer,
  n: number,
): void {
  checkOptimizer(optimizer);
  const all = optimizer as Partial<Adam & RmsProp & Optimizer> & Pick<Optimizer, "rule" | "rate">;
  // a number given as undefined is one left out
  const { rule, rate, clip = Infinity, cellDecay = 0, decay = 0.99 } = all;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = all;
  const adam = rule === "adam";
  plan.set({
    rule: RULE[rule],
    clip,
    cellFactor: 1 - rate * cellDecay,
    rate: adam ? rate / (1 - beta1 ** n) : rate,
    beta1,
    beta2: adam ? beta2 : decay,
    epsilon,
    rootScale: 1 / Math.sqrt(1 - beta2 ** n),
  });
}

/** Parameters that have a gradient, part of all that a model has. */
export interface StepPart {
  /** ‖∂L/∂θ‖₂ of them. */
  gradientNorm(): number;
  /** One step of an optimizer along that gradient. */
  step(optimizer: Optimizer): unknown;
}

/** The result of a step of several parts. */
export interface StepReport {
  /** ‖∂L/∂θ‖₂ of all parameters before clipping. */
  readonly gradientNorm: number;
  /** False if that norm was not finite: then nothing was changed. */
  readonly applied: boolean;
}

/**
 * Makes one step of an optimizer with the parameters of several parts, all clipped together.
 *
 * @param parts The parts, each with its gradient.
 * @param optimizer The rule.
 * @returns The norm of the whole gradient, and whether it was finite.
 */
export function stepTogether(parts: readonly StepPart[], optimizer: Optimizer): StepReport {
  const norms = parts.map((part) => part.gradientNorm()), gradientNorm = Math.hypot(...norms);
  if (!Number.isFinite(gradientNorm)) return { gradientNorm, applied: false };
  const { clip = Infinity } = optimizer, factor = clip / (gradientNorm + CLIP_EPSILON);
  parts.forEach((part, n) => {
    // each part divides by its own norm
    const own = factor < 1 ? factor * (norms[n] + CLIP_EPSILON) : Infinity;
    part.step({ ...optimizer, clip: own });
  });
  return { gradientNorm, applied: true };
}

/** Checks a rule's numbers; throws a {@linkcode RangeError} that names the first that is out of range. */
export function checkOptimizer(optimizer: Optimizer): void {
  const { rule } = optimizer;
  if (!Object.hasOwn(RULE, rule)) {
    throw new TypeError(`Cannot train: wanted rule "sgd", "rmsprop" or "adam", got ${rule}`);
  }
  for (const name in RANGES) {
    const { wanted, fits } = RANGES[name];
    const x = (optimizer as unknown as Record<string, number | undefined>)[name];
    if (x === undefined && name !== "rate") continue;
    if (typeof x === "number" && fits(x, optimizer.rate)) continue;
    throw new RangeError(`Cannot train: wanted ${name} ${wanted}, got ${x}`);
  }
}

interface NumberRange {
  readonly wanted: string;
  /** Whether a number is in range, at this rate. */
  fits(x: number, rate: number): boolean;
}

const SHARE: NumberRange = { wanted: "from 0 to below 1", fits: (x) => x >= 0 && x < 1 };

/** What each number may be, in Float32: an ε that is 0 there would divide 0 by 0. */
const RANGES: Readonly<Record<string, NumberRange>> = {
  rate: {
    wanted: "from 0 to 3.4e38",
    fits: (x) => x >= 0 && Number.isFinite(Math.fround(x)),
  },
  epsilon: {
    wanted: "from 1e-38 to 3.4e38",
    fits: (x) => x >= 1e-38 && Number.isFinite(Math.fround(x)),
  },
  clip: { wanted: "above 0", fits: (x) => x > 0 },
  cellDecay: { wanted: "from 0 to 1 / rate", fits: (x, rate) => x >= 0 && x * rate <= 1 },
  decay: SHARE,
  beta1: SHARE,
  beta2: SHARE,
};
