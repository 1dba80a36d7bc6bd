/** Strings in segments, each of which starts from the state in which the one before ended. */
import type { RandomSource } from "@/math/random.ts";
import type {
  CellStateGradients,
  CellStates,
  SequenceBatch,
  SequenceString,
} from "@/models/sequence_batch.ts";
import type { SequenceModelShape } from "@/models/sequence_shape.ts";

/** States, or their gradients, of every layer. */
export function randomStates(
  random: RandomSource,
  { cell, layers, hidden }: SequenceModelShape,
): CellStates {
  const numbers = () => Array.from({ length: hidden }, () => Math.fround(random.normal(0, 0.8)));
  const state = () => cell === "lstm" ? { h: numbers(), c: numbers() } : { h: numbers() };
  return Array.from({ length: layers }, state);
}

/** The same numbers as gradients. */
export function asGradients(states: CellStates): CellStateGradients {
  return states.map(({ h, c }) => ({ gH: h, gC: c ?? [] }));
}

/** Cuts each string of a batch without a memory after one of its steps, so that at least `left` of them are left. */
export function cutInTwo(random: RandomSource, batch: SequenceBatch, left = 1): SequenceBatch[] {
  const cuts = batch.strings.map(({ inputs }) => random.integer(1, inputs.length - left + 1));
  const part = (of: (list: readonly number[], cut: number) => number[]) => ({
    ...batch,
    strings: batch.strings.map(({ inputs, targets }, i) => //
    ({ inputs: of(inputs, cuts[i]), targets: of(targets, cuts[i]) })),
  });
  return [part((list, cut) => list.slice(0, cut)), part((list, cut) => list.slice(cut))];
}

/** What is known of a batch, from whatever computes it. */
export interface SegmentResult {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
  readonly final: readonly CellStates[];
  readonly gStart: readonly CellStateGradients[];
}

/** Of all segments together. */
export interface SegmentsResult {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, number[]>>;
  /** Of the last one. */
  readonly final: readonly CellStates[];
}

/**
 * Runs segments one after the other, then backwards from the last one: its gradient with respect to where it starts is the
 * gradient with respect to where the one before ends, unless it is cut off there.
 */
export function runSegments(
  segments: readonly SequenceBatch[],
  detach: boolean,
  run: (batch: SequenceBatch) => SegmentResult,
): SegmentsResult {
  const batches: SequenceBatch[] = [];
  let final: readonly CellStates[] | undefined, loss = 0;
  for (const segment of segments) {
    const strings = segment.strings.map((string, i): SequenceString =>
      //
      final === undefined ? string : { ...string, start: final[i] }
    );
    batches.push({ ...segment, strings });
    final = run(batches[batches.length - 1]).final;
  }
  const gradients: Record<string, number[]> = {};
  let gFinal: readonly CellStateGradients[] | undefined;
  for (const batch of batches.toReversed()) {
    const strings = batch.strings.map((string, i): SequenceString =>
      //
      gFinal === undefined || detach ? string : { ...string, gFinal: gFinal[i] }
    );
    const result = run({ ...batch, strings });
    for (const [name, gradient] of Object.entries(result.gradients)) {
      gradients[name] = Array.from(gradient, (g, i) => g + (gradients[name]?.[i] ?? 0));
    }
    loss += result.loss;
    gFinal = result.gStart;
  }
  return { loss, gradients, final: final! };
}
