/**
 * Rules by which parameters follow their gradients.
 *
 * @module
 */
import { RULE, SETTING } from "./phases.ts";

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

/** w −= rate · m̂ / (√v̂ + ε), m̂ and v̂ running means of g and g², freed of their start at 0. */
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

/** A rule, and how long a gradient may be. */
export type Optimiser = (Sgd | RmsProp | Adam) & {
  /** Longer gradients are shortened to this length, all parameters together; never, if left out. */
  readonly clip?: number;
};

const DEFAULTS = { decay: 0.99, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: Infinity };

/**
 * Writes a rule's numbers where the workers read them.
 *
 * @param settings Of the team.
 * @param optimiser The rule.
 * @param n Which step this is, from 1.
 * @throws {RangeError} If a number is outside what its rule allows.
 */
export function setOptimiser(settings: Float64Array, optimiser: Optimiser, n: number): void {
  checkOptimiser(optimiser);
  const { rule, rate, clip, decay, beta1, beta2, epsilon } = { ...DEFAULTS, ...optimiser } as
    & Required<Adam & RmsProp>
    & { rule: Optimiser["rule"]; clip: number };
  const adam = rule === "adam";
  settings[SETTING.rule] = RULE[rule];
  settings[SETTING.clip] = clip;
  settings[SETTING.rate] = adam ? rate / (1 - beta1 ** n) : rate;
  settings[SETTING.a] = adam ? beta1 : decay;
  settings[SETTING.b] = beta2;
  settings[SETTING.epsilon] = epsilon;
  settings[SETTING.root] = 1 / Math.sqrt(1 - beta2 ** n);
}

/** Checks a rule's numbers; throws a {@linkcode RangeError} that names the first that does not do. */
export function checkOptimiser(optimiser: Optimiser): void {
  const { rule } = optimiser;
  if (!(rule in RULE)) {
    throw new TypeError(`Cannot train: wanted rule "sgd", "rmsprop" or "adam", got ${rule}`);
  }
  const ranges = { rate: [0, Infinity], epsilon: [0, Infinity], clip: [0, Infinity] };
  const shares = { decay: [0, 1], beta1: [0, 1], beta2: [0, 1] };
  for (const [name, [low, high]] of Object.entries({ ...ranges, ...shares })) {
    const x = (optimiser as unknown as Record<string, number | undefined>)[name];
    if (x === undefined && name !== "rate") continue;
    const within = typeof x === "number" && x >= low && (name === "clip" ? x > 0 : x < high);
    if (!within) {
      const wanted = name === "clip"
        ? "above 0"
        : high === 1
        ? "from 0 to below 1"
        : "of at least 0";
      throw new RangeError(`Cannot train: wanted a ${name} ${wanted}, got ${x}`);
    }
  }
}
