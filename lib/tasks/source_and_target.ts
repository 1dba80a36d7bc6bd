/**
 * The layout of a pair for an encoder and a decoder: the source for one, what is fed and what is written for the other.
 *
 * | step   | 1     | 2   | … | m     | m + 1      |
 * | ------ | ----- | --- | - | ----- | ---------- |
 * | input  | START | b_1 | … | b_m−1 | b_m        |
 * | target | b_1   | b_2 | … | b_m   | terminator |
 *
 * START is the vocabulary's `start`; its `separator` does not occur.
 *
 * Source: Sutskever et al. 2014, "Sequence to Sequence Learning with Neural Networks", arXiv:1409.3215, section 2, and 3.3
 * for the reversed source.
 *
 * @module
 */
import type { AutoregressiveTask, AutoregressiveVocabulary, Pair } from "./task.ts";

/** A decoder's inputs and targets, `T` = m + 1 of each. */
export interface LaidOutTarget {
  /** START b_1 … b_m. */
  readonly inputs: number[];
  /** b_1 … b_m terminator. */
  readonly targets: number[];
}

/** A source, and the decoder's inputs and targets. */
export interface SourceAndTarget extends LaidOutTarget {
  /** a_1 … a_k, or a_k … a_1. */
  readonly source: number[];
}

/** What is turned round before it is laid out. */
export interface ReadingOrder {
  /** The source; no, if left out. */
  readonly reverseSource?: boolean;
  /** The target, without its terminator; no, if left out. */
  readonly reverseTarget?: boolean;
}

/** The marks of a vocabulary that a decoder needs. */
type TargetMarks = Pick<AutoregressiveVocabulary, "start" | "terminator">;

/**
 * Lays out a target for a decoder.
 *
 * @example Two symbols.
 * ```ts
 * import { layOutTarget } from "@/tasks/source_and_target.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [start, terminator] = [8, 9];
 * const { inputs, targets } = layOutTarget({ start, terminator }, [3, 4]);
 * assertEquals([inputs, targets], [[start, 3, 4], [3, 4, terminator]]);
 * ```
 * @param marks START and the terminator.
 * @param target b_1 … b_m.
 * @returns Inputs and targets.
 */
export function layOutTarget(
  { start, terminator }: TargetMarks,
  target: ArrayLike<number>,
): LaidOutTarget {
  const symbols = Array.from(target);
  return { inputs: [start, ...symbols], targets: [...symbols, terminator] };
}

/**
 * Lays out a pair for an encoder and a decoder.
 *
 * @example As it is, and with the source reversed.
 * ```ts
 * import { layOutSourceAndTarget } from "@/tasks/source_and_target.ts";
 * import { createVocabulary } from "@/tasks/task.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [vocabulary, start, terminator] = [createVocabulary(5), 5, 7];
 * const pair = { source: Int32Array.of(0, 1, 2), target: Int32Array.of(3, 4) };
 * const { source, inputs, targets } = layOutSourceAndTarget(vocabulary, pair);
 * assertEquals(source, [0, 1, 2]);
 * assertEquals([inputs, targets], [[start, 3, 4], [3, 4, terminator]]);
 * const reversed = layOutSourceAndTarget(vocabulary, pair, { reverseSource: true });
 * assertEquals(reversed, { source: [2, 1, 0], inputs, targets });
 * ```
 * @param marks START and the terminator of the task's vocabulary.
 * @param pair Source and target.
 * @param order What is turned round.
 * @returns Source, inputs and targets.
 */
export function layOutSourceAndTarget(
  marks: TargetMarks,
  { source, target }: Pair,
  { reverseSource = false, reverseTarget = false }: ReadingOrder = {},
): SourceAndTarget {
  return {
    source: reverseSource ? [...source].reverse() : [...source],
    ...layOutTarget(marks, reverseTarget ? [...target].reverse() : target),
  };
}

/**
 * Makes the task whose targets are those of another one, written from their end.
 *
 * @example A copy, written from its end.
 * ```ts
 * import { copyTask } from "@/tasks/copy.ts";
 * import { reverseTargets } from "@/tasks/source_and_target.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const task = reverseTargets(copyTask(4));
 * assertEquals([...task.pairOf!([0, 1, 2]).target], [2, 1, 0]);
 * assertEquals(task.title, "string copying, target reversed");
 * ```
 * @param task The other task.
 * @returns The task; only its title and its targets are new.
 */
export function reverseTargets(task: AutoregressiveTask): AutoregressiveTask {
  const { pairOf, title } = task;
  const turn = ({ source, target }: Pair): Pair => ({ source, target: target.toReversed() });
  return {
    ...task,
    title: `${title}, target reversed`,
    sample: (random, lengths) => turn(task.sample(random, lengths)),
    ...(pairOf && { pairOf: (source) => turn(pairOf(source)) }),
  };
}
