/**
 * Following instructions to a stack of bits: read the stack from the bottom to the top, then instructions to pop or to push a
 * bit, then write what is on the stack from the top down, and a terminator.
 *
 * There are k + 1 blanks, enough for any stack; those after the terminator's ask for nothing. A pop of an empty stack does
 * nothing. In a source of k symbols, the stack has 1 to k − 1 bits, each number equally likely, and each instruction is one of
 * the three with probability 1/3; a source of one symbol is one bit.
 *
 * Source: Delétang et al. 2022, arXiv:2207.02098, the task "Stack Manipulation".
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import { BENCHMARK_LENGTHS, type BlanksVocabulary, layOutWithBlanks } from "./blanks.ts";
import {
  checkLengths,
  checkSource,
  type InPlaceTask,
  type LengthRange,
  NO_TARGET,
  NoTargetError,
} from "./task.ts";

/** The bits are the symbols 0 and 1. */
const BITS = 2, POP = 2, PUSH_0 = 3, PUSH_1 = 4;
const WORDS = ["0", "1", "pop", "push-0", "push-1"];
const TERMINATOR = 5, BLANK = 6;
const VOCABULARY: BlanksVocabulary = {
  characters: WORDS.length,
  words: WORDS,
  marks: ["terminator", "blank"],
  terminator: TERMINATOR,
  blank: BLANK,
  size: 7,
};

/** The bit that a symbol puts on the stack; {@linkcode NO_TARGET} if it is a pop. */
function bitOf(symbol: number): number {
  if (symbol < BITS) return symbol;
  return symbol === POP ? NO_TARGET : symbol - PUSH_0;
}

/** The stack that is left, from the top down. */
function stackAfter(source: Int32Array): Int32Array {
  const stack: number[] = [];
  for (const bit of source.map(bitOf)) {
    if (bit === NO_TARGET) stack.pop();
    else stack.push(bit);
  }
  return Int32Array.from(stack.reverse());
}

function drawSource(random: Pick<RandomSource, "integer">, lengths: LengthRange): Int32Array {
  checkLengths(lengths);
  const k = random.integer(lengths.shortest, lengths.longest + 1);
  const height = k === 1 ? 1 : random.integer(1, k);
  return Int32Array.from(
    { length: k },
    (_, i) => i < height ? random.integer(0, BITS) : random.integer(POP, PUSH_1 + 1),
  );
}

function checkOrder(source: Int32Array): void {
  const first = source.findIndex((symbol) => symbol >= BITS);
  const late = first >= 0 && source.subarray(first).some((symbol) => symbol < BITS);
  if (first !== 0 && !late) return;
  const got = late ? "a bit after an instruction" : "no bit before the first instruction";
  throw new NoTargetError("one bit or more, then instructions", got);
}

/**
 * Makes the task.
 *
 * @example A stack of 0 and 1, from which the 1 is popped before a 0 is pushed.
 * ```ts
 * import { stackManipulationTask } from "@/tasks/stack_manipulation.ts";
 * import { symbolsToText, textToSymbols } from "@/tasks/text.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { vocabulary, pairOf } = stackManipulationTask();
 * const { target } = pairOf!(textToSymbols("1 0 1 pop push-0", vocabulary));
 * assertEquals(symbolsToText(target, vocabulary), "0 0 1");
 * ```
 * @returns The task; its `pairOf` throws a `NoTargetError` for a source that is not bits, then instructions.
 */
export function stackManipulationTask(): InPlaceTask {
  return {
    name: "stack-manipulation",
    title: "stack manipulation",
    vocabulary: VOCABULARY,
    lengths: BENCHMARK_LENGTHS,
    autoregressive: false,
    sample(random, lengths) {
      const source = drawSource(random, lengths);
      return { source, target: stackAfter(source) };
    },
    pairOf(symbols) {
      checkSource(VOCABULARY, symbols);
      const source = Int32Array.from(symbols);
      checkOrder(source);
      return { source, target: stackAfter(source) };
    },
    layOut: ({ source, target }) =>
      layOutWithBlanks(source, [...target, TERMINATOR], {
        blank: BLANK,
        blanks: source.length + 1,
        values: source.map(bitOf),
        pops: (symbol) => symbol === POP,
      }),
  };
}
