/**
 * Tasks in which blanks follow the source and the network answers at the blanks: it is told when to write and for how long,
 * and is not fed its own answer.
 *
 * | step   | 1   | … | k   | k + 1 | … | k + m |
 * | ------ | --- | - | --- | ----- | - | ----- |
 * | input  | a_1 | … | a_k | blank | … | blank |
 * | target |     |   |     | b_1   | … | b_m   |
 *
 * k symbols in a source, m in a target.
 *
 * Source: Delétang et al. 2022, "Neural Networks and the Chomsky Hierarchy", arXiv:2207.02098.
 *
 * @module
 */
import {
  checkSource,
  drawCharacters,
  type InPlaceTask,
  type LaidOutPair,
  NO_TARGET,
  type Pair,
  type TaskLengths,
  type Vocabulary,
} from "./task.ts";

/** The symbols of a task with blanks. */
export interface BlanksVocabulary extends Vocabulary {
  /** Asks for a symbol of the target. */
  readonly blank: number;
}

/** The lengths of Delétang et al. 2022: trained on up to 40 symbols, tested on every length from 41 to 500. */
export const BENCHMARK_LENGTHS: TaskLengths = {
  training: { shortest: 1, longest: 40 },
  test: { shortest: 41, longest: 500 },
  validation: [],
};

/**
 * Numbers the characters of an alphabet and a blank.
 *
 * @example Bits, then the blank.
 * ```ts
 * import { blanksVocabulary } from "@/tasks/blanks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { characters, blank, size } = blanksVocabulary("01");
 * assertEquals([characters, blank, size], [2, 2, 3]);
 * ```
 * @param alphabet The task's characters.
 * @returns The vocabulary.
 */
export function blanksVocabulary(alphabet: string): BlanksVocabulary {
  const n = alphabet.length;
  return { characters: n, alphabet, marks: ["blank"], blank: n, size: n + 1 };
}

/**
 * Lays out a source, and blanks with a target at each of the first ones.
 *
 * @example The last blank has no target.
 * ```ts
 * import { layOutWithBlanks } from "@/tasks/blanks.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const blank = 2;
 * assertEquals(layOutWithBlanks([0, 1], [1, 0], { blank, blanks: 3 }), {
 *   inputs: [0, 1, blank, blank, blank],
 *   targets: [-1, -1, 1, 0, -1],
 *   valueTargets: [0, 1, -1, -1, -1],
 *   popping: [false, false, true, true, true],
 * });
 * ```
 * @param source a_1 … a_k.
 * @param target b_1 … b_m, with a terminator if the task has one.
 * @param layout The blank's symbol; how many blanks there are, m if left out; and the symbols that the values pushed while the
 * source is read stand for, the source's own if left out; and which symbols of the source pop, none if left out. Blanks do.
 * @returns Inputs and targets.
 */
export function layOutWithBlanks(
  source: ArrayLike<number>,
  target: ArrayLike<number>,
  { blank, blanks = target.length, values = source, pops = () => false }: {
    readonly blank: number;
    readonly blanks?: number;
    readonly values?: ArrayLike<number>;
    readonly pops?: (symbol: number) => boolean;
  },
): LaidOutPair {
  const none = (length: number) => new Array<number>(length).fill(NO_TARGET);
  return {
    inputs: [...Array.from(source), ...new Array<number>(blanks).fill(blank)],
    targets: [...none(source.length), ...Array.from(target), ...none(blanks - target.length)],
    valueTargets: [...Array.from(values), ...none(blanks)],
    popping: [...Array.from(source, pops), ...new Array<boolean>(blanks).fill(true)],
  };
}

/** What distinguishes one task on strings of bits from another. */
export interface BitTaskRule {
  readonly name: string;
  readonly title: string;
  /** The target of a source of k bits. */
  target(source: Int32Array): Int32Array;
}

/**
 * Makes a task on strings of independent, uniform bits whose target is a function of its source.
 *
 * @param rule Its names and its target.
 * @returns The task; it has as many blanks as the target has bits.
 */
export function bitTask({ name, title, target }: BitTaskRule): InPlaceTask {
  const vocabulary = blanksVocabulary("01");
  const pairOf = (source: Int32Array): Pair => ({ source, target: target(source) });
  return {
    name,
    title,
    vocabulary,
    lengths: BENCHMARK_LENGTHS,
    autoregressive: false,
    sample: (random, lengths) => pairOf(drawCharacters(random, vocabulary, lengths)),
    pairOf(source) {
      checkSource(vocabulary, source);
      return pairOf(Int32Array.from(source));
    },
    layOut: ({ source, target }) => layOutWithBlanks(source, target, vocabulary),
  };
}
