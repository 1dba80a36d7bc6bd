/**
 * Sums and differences in brackets, modulo 5: read an expression, then write its value at one blank.
 *
 * E → d | − d | ( d ) | ( − d ) | ( E ± E ),  d a digit from 0 to 4
 *
 * An expression is drawn at exactly the length asked for: those of up to 4 symbols are the first four kinds, each of one length;
 * in a longer one of L symbols, the left side has 1 to L − 4 symbols, each number equally likely, and the right side the rest.
 * Digits and signs are uniform. No single symbol is what a value in the memory should stand for, so there are no value targets.
 *
 * Source: Delétang et al. 2022, arXiv:2207.02098, the task "Modular Arithmetic", without multiplication.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import { BENCHMARK_LENGTHS, blanksVocabulary, layOutWithBlanks } from "./blanks.ts";
import {
  checkLengths,
  checkSource,
  type InPlaceTask,
  type LengthRange,
  NO_TARGET,
  NoTargetError,
} from "./task.ts";

const MODULUS = 5;
/** The digits are the symbols 0 to 4. */
const PLUS = 5, MINUS = 6, OPEN = 7, CLOSE = 8;
const VOCABULARY = blanksVocabulary("01234+-()");
/** The symbols of an expression of two sides beside the sides: brackets and a sign. */
const AROUND_SIDES = 3;

const modulo = (value: number) => (value % MODULUS + MODULUS) % MODULUS;

type Random = Pick<RandomSource, "integer">;

/** Draws an expression of a length. */
function drawExpression(random: Random, length: number): number[] {
  const digit = () => random.integer(0, MODULUS);
  if (length === 1) return [digit()];
  if (length === 2) return [MINUS, digit()];
  if (length === 3) return [OPEN, digit(), CLOSE];
  if (length === 4) return [OPEN, MINUS, digit(), CLOSE];
  const sides = length - AROUND_SIDES, ofLeft = random.integer(1, sides);
  const left = drawExpression(random, ofLeft), right = drawExpression(random, sides - ofLeft);
  return [OPEN, ...left, random.integer(PLUS, MINUS + 1), ...right, CLOSE];
}

function drawSource(random: Random, lengths: LengthRange): Int32Array {
  checkLengths(lengths);
  const length = random.integer(lengths.shortest, lengths.longest + 1);
  return Int32Array.from(drawExpression(random, length));
}

/** An open bracket: what stands to the left of its sign, once that has been read. */
interface Bracket {
  readonly left?: { readonly value: number; readonly sign: number };
}

/** Reads an expression from left to right, with its open brackets in a list, and returns its value; undefined if it is none. */
function valueOf(source: Int32Array): number | undefined {
  const open: Bracket[] = [];
  let at = 0;
  while (true) {
    while (source[at] === OPEN) at++, open.push({});
    const negative = source[at] === MINUS, digit = source[negative ? at + 1 : at];
    if (!(digit < MODULUS)) return undefined;
    at += negative ? 2 : 1;
    let value = modulo(negative ? -digit : digit), isDigit = true;
    while (open.length > 0) {
      const { left } = open.pop()!, next = source[at++];
      if (left === undefined && (next === PLUS || next === MINUS)) {
        open.push({ left: { value, sign: next } });
        break;
      }
      if (next !== CLOSE || left === undefined && !isDigit) return undefined;
      if (left) value = modulo(left.sign === PLUS ? left.value + value : left.value - value);
      isDigit = false;
    }
    if (open.length === 0) return at === source.length ? value : undefined;
  }
}

/**
 * Makes the task.
 *
 * @example
 * ```ts
 * import { modularArithmeticTask } from "@/tasks/modular_arithmetic.ts";
 * import { textToSymbols } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { vocabulary, pairOf } = modularArithmeticTask();
 * assertEquals([...pairOf!(textToSymbols("(1-(2+-1))", vocabulary)).target], [0]);
 * ```
 * @returns The task; its `pairOf` throws a `NoTargetError` for a source that is no expression.
 */
export function modularArithmeticTask(): InPlaceTask {
  return {
    name: "modular-arithmetic",
    title: "modular arithmetic",
    vocabulary: VOCABULARY,
    lengths: BENCHMARK_LENGTHS,
    autoregressive: false,
    sample(random, lengths) {
      const source = drawSource(random, lengths);
      return { source, target: Int32Array.of(valueOf(source)!) };
    },
    pairOf(symbols) {
      checkSource(VOCABULARY, symbols);
      const source = Int32Array.from(symbols), value = valueOf(source);
      if (value !== undefined) return { source, target: Int32Array.of(value) };
      throw new NoTargetError(
        "an expression such as (1-(2+-1))",
        "another string of its characters",
      );
    },
    layOut: ({ source, target }) =>
      layOutWithBlanks(source, target, {
        blank: VOCABULARY.blank,
        values: source.map(() => NO_TARGET),
      }),
  };
}
