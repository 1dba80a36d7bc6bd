/** Tasks that no registry has, to test what must hold for every task: other lengths of targets, another layout. */
import {
  type AutoregressiveTask,
  checkSource,
  createVocabulary,
  drawCharacters,
  type InPlaceTask,
  NO_TARGET,
  PAPER_LENGTHS,
  teacherForced,
} from "@/tasks/task.ts";

/** An autoregressive task in which `rule` makes a target of any length. */
export function ruleTask(
  rule: (source: ArrayLike<number>) => Int32Array,
  characters: number,
  longestTarget: (k: number) => number,
): AutoregressiveTask {
  const vocabulary = createVocabulary(characters);
  return {
    name: "toy",
    title: "toy",
    vocabulary,
    lengths: PAPER_LENGTHS,
    autoregressive: true,
    sample(random, lengths) {
      const source = drawCharacters(random, vocabulary, lengths);
      return { source, target: rule(source) };
    },
    pairOf(source) {
      checkSource(vocabulary, source);
      return { source: Int32Array.from(source), target: rule(source) };
    },
    layOut: (pair) => teacherForced(vocabulary, pair),
    longestTarget,
  };
}

/** Each character twice: targets longer than their sources. */
export const doubleEach = (source: ArrayLike<number>) =>
  Int32Array.from({ length: 2 * source.length }, (_, i) => source[i >> 1]);

/** The first character only: targets shorter than their sources. */
export const firstOnly = (source: ArrayLike<number>) => Int32Array.of(source[0]);

/** The larger half of the characters, in their order: targets of any length, none at all among them. */
export const keepLarge = (characters: number) => (source: ArrayLike<number>) =>
  Int32Array.from(source).filter((symbol) => 2 * symbol >= characters);

/**
 * A task that is not autoregressive: a string is read, then there are as many blanks (separators), and at every blank the
 * next character of the string is asked for, the last one first. There is no start and no terminator.
 */
export function blanksTask(characters: number): InPlaceTask {
  const vocabulary = createVocabulary(characters), { separator: blank } = vocabulary;
  return {
    name: "blanks",
    title: "blanks",
    vocabulary,
    lengths: PAPER_LENGTHS,
    autoregressive: false,
    sample(random, lengths) {
      const source = drawCharacters(random, vocabulary, lengths);
      return { source, target: source.toReversed() };
    },
    layOut: ({ source, target }) => ({
      inputs: [...source, ...target.toReversed().fill(blank)],
      targets: [...source.toReversed().fill(NO_TARGET), ...target],
      valueTargets: [...source, ...target.toReversed().fill(NO_TARGET)],
    }),
  };
}
