/**
 * Sampling: draws the next symbol from a network's logits, and writes a text symbol by symbol.
 *
 * `K` symbols.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import type { SymbolStepper } from "@/tasks/decoding.ts";
import type { Alphabet } from "./alphabet.ts";

/** How a symbol is drawn. */
export interface SamplingRule {
  /** The factor 1/temperature on the logits; at 0 the symbol with the greatest logit is taken (argmax). */
  readonly temperature: number;
  /** How many of the symbols with the greatest logits can be drawn, at least 1; all of them if left out. */
  readonly topK?: number;
}

/**
 * Computes the probabilities with which {@linkcode sampleSymbol} draws symbols.
 *
 * p_k = e^{x_k / τ} / Σ_j e^{x_j / τ}, over the greatest `topK` logits; p = 0 for all others
 *
 * As τ falls to 0, p goes to the symbols with the greatest logit, in equal parts. At τ = 0 it is 1 for the first of them.
 * Of equal logits at the border of `topK`, those of the first symbols count.
 *
 * Source: Ackley, Hinton and Sejnowski 1985, "A Learning Algorithm for Boltzmann Machines", for the temperature;
 * Fan, Lewis and Dauphin 2018, "Hierarchical Neural Story Generation", for top-k sampling.
 *
 * @example Half the temperature squares the ratios.
 * ```ts
 * import { samplingProbabilities } from "@/text/sampling.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const logits = [Math.log(4), Math.log(2), Math.log(1)];
 * const round = (p: ArrayLike<number>) => Array.from(p, (p_k) => Math.round(1000 * p_k) / 1000);
 * assertEquals(round(samplingProbabilities(logits, { temperature: 1 })), [0.571, 0.286, 0.143]);
 * assertEquals(round(samplingProbabilities(logits, { temperature: 0.5 })), [0.762, 0.19, 0.048]);
 * assertEquals(round(samplingProbabilities(logits, { temperature: 0.5, topK: 2 })), [0.8, 0.2, 0]);
 * assertEquals(round(samplingProbabilities(logits, { temperature: 0 })), [1, 0, 0]);
 * ```
 * @param logits x, `K`.
 * @param rule τ, and how many symbols can be drawn.
 * @returns p, `K`, sums to 1.
 * @throws {RangeError} If a logit is NaN or infinite, there is none, the temperature is negative or not finite, or `topK`
 * not an integer of at least 1.
 */
export function samplingProbabilities(
  logits: ArrayLike<number>,
  { temperature, topK = Infinity }: SamplingRule,
): Float64Array {
  const K = logits.length,
    p = new Float64Array(K),
    greatest = checkSampling(logits, temperature, topK);
  if (temperature === 0) {
    p[greatest] = 1;
    return p;
  }
  let sum = 0;
  for (const k of greatestOf(logits, topK)) {
    sum += p[k] = Math.exp((logits[k] - logits[greatest]) / temperature);
  }
  return p.map((p_k) => p_k / sum);
}

/** The symbols with the greatest logits; of equal ones the first. */
function greatestOf(logits: ArrayLike<number>, topK: number): number[] {
  const symbols = Array.from(logits, (_, k) => k);
  if (topK >= symbols.length) return symbols;
  return symbols.sort((i, j) => logits[j] - logits[i] || i - j).slice(0, topK);
}

/** Checks logits and rule; returns the first symbol with the greatest logit. */
function checkSampling(logits: ArrayLike<number>, temperature: number, topK: number): number {
  const action = "sample a symbol";
  if (!(temperature >= 0 && temperature < Infinity)) {
    const wanted = "a finite temperature of at least 0";
    throw new RangeError(`Cannot ${action}: wanted ${wanted}, got ${temperature}`);
  }
  if (!(topK >= 1 && (topK === Infinity || Number.isSafeInteger(topK)))) {
    throw new RangeError(`Cannot ${action}: wanted a topK of at least 1, got ${topK}`);
  }
  if (logits.length === 0) throw new RangeError(`Cannot ${action}: wanted logits, got none`);
  let greatest = 0;
  for (let k = 0; k < logits.length; k++) {
    if (!Number.isFinite(logits[k])) {
      throw new RangeError(
        `Cannot ${action}: wanted finite logits, got ${logits[k]} for symbol ${k}`,
      );
    }
    if (logits[k] > logits[greatest]) greatest = k;
  }
  return greatest;
}

/**
 * Draws a symbol.
 *
 * The first k with p_0 + … + p_k > y is taken, with y uniform in [0, 1); at temperature 0 no number is drawn.
 *
 * @example The same seed, the same symbols.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { sampleSymbol } from "@/text/sampling.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const draw = (seed: number) => {
 *   const random = seededRandom(seed);
 *   return Array.from({ length: 9 }, () => sampleSymbol([0, 0, 0], { temperature: 1 }, random));
 * };
 * assertEquals(draw(1), draw(1));
 * assertEquals(sampleSymbol([1, 3, 3], { temperature: 0 }, seededRandom(1)), 1);
 * ```
 * @param logits x, `K`.
 * @param rule How it is drawn.
 * @param random Where numbers come from.
 * @returns k, from 0 to `K` − 1.
 * @throws {RangeError} As {@linkcode samplingProbabilities} does.
 */
export function sampleSymbol(
  logits: ArrayLike<number>,
  rule: SamplingRule,
  random: Pick<RandomSource, "uniform">,
): number {
  const p = samplingProbabilities(logits, rule);
  if (rule.temperature === 0) return p.indexOf(1);
  const y = random.uniform();
  let sum = 0, last = 0;
  for (let k = 0; k < p.length; k++) {
    if (p[k] === 0) continue;
    sum += p[k];
    last = k;
    if (sum > y) break;
  }
  return last; // also where rounding leaves the sum below y
}

/**
 * Returns the prompt of a text that begins anew: a line break, or the alphabet's first symbol if it has none.
 *
 * @example With and without a line break.
 * ```ts
 * import { createAlphabet } from "@/text/alphabet.ts";
 * import { freshPrompt } from "@/text/sampling.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...freshPrompt(createAlphabet("\t\na", "characters"))], [1]);
 * assertEquals([...freshPrompt(createAlphabet("ab", "characters"))], [0]);
 * assertEquals([...freshPrompt(createAlphabet("", "bytes"))], [10]);
 * ```
 * @param alphabet The alphabet.
 * @returns One symbol.
 */
export function freshPrompt({ unit, characters }: Alphabet): Int32Array {
  const lineBreak = unit === "bytes" ? 10 : [...characters].indexOf("\n");
  return Int32Array.of(Math.max(0, lineBreak));
}

/** A text to write. */
export interface SamplingRequest {
  /** The symbols that the network reads first, at least one. */
  readonly prompt: ArrayLike<number>;
  /** The number of symbols to write. */
  readonly length: number;
  readonly rule: SamplingRule;
  readonly random: Pick<RandomSource, "uniform">;
}

/**
 * Lets a network write: it reads the prompt from its initial state, then each symbol that it has written.
 *
 * @example A network that prefers the symbol after the one that it reads.
 * ```ts
 * import { seededRandom } from "@/math/random.ts";
 * import { sampleSymbols } from "@/text/sampling.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const network = {
 *   start() {},
 *   step: ([read]: Int32Array) => Float32Array.from({ length: 4 }, (_, k) => k === (read + 1) % 4 ? 9 : 0),
 * };
 * const request = { prompt: [0, 1], length: 5, rule: { temperature: 0 }, random: seededRandom(1) };
 * assertEquals([...sampleSymbols(network, request)], [2, 3, 0, 1, 2]);
 * ```
 * @param network The network.
 * @param request The prompt, the length and the rule.
 * @returns The symbols, one by one as they are written.
 * @throws {RangeError} If the prompt is empty, or as {@linkcode samplingProbabilities} does.
 */
export function* sampleSymbols(
  network: SymbolStepper,
  { prompt, length, rule, random }: SamplingRequest,
): Generator<number, void> {
  if (prompt.length === 0) {
    throw new RangeError("Cannot sample a text: wanted a prompt of at least 1 symbol, got none");
  }
  const fed = new Int32Array(1);
  network.start(1);
  for (let t = 0; t < prompt.length - 1; t++) {
    fed[0] = prompt[t];
    network.step(fed);
  }
  fed[0] = prompt[prompt.length - 1];
  for (let n = 0; n < length; n++) {
    fed[0] = sampleSymbol(network.step(fed), rule, random);
    yield fed[0];
  }
}
