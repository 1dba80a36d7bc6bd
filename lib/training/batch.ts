/**
 * A training batch: pairs drawn from a task, laid out as inputs and targets, with the weights of the loss and the noise
 * that the schedule asks for.
 *
 * @module
 */
import type { RandomSource } from "@/math/random.ts";
import type { SequenceBatch, SequenceString } from "@/models/sequence_batch.ts";
import { previousTarget } from "@/models/sequence_loss.ts";
import { memoryPorts } from "@/models/sequence_shape.ts";
import { type LengthRange, NO_TARGET } from "@/tasks/task.ts";
import type { Hyperparameters } from "./schedule.ts";
import type { TrainingPlan } from "./training_plan.ts";

/** The random sources of a batch. */
export interface BatchSources {
  readonly strings: RandomSource;
  readonly noise: RandomSource;
}

/** The hyperparameters that a batch depends on. */
type LossHyperparameters = Pick<
  Hyperparameters,
  "anchorWeight" | "firstAnchorWeight" | "deviation"
>;

/**
 * Draws a batch. Each part of its loss is a mean over the batch.
 *
 * @param plan The task and the recipe.
 * @param lengths Lengths of the strings.
 * @param hyperparameters The weights of the anchor, and the noise's standard deviation.
 * @param sources Where strings and noise are drawn from.
 * @returns The batch.
 */
export function drawBatch(
  { task, shape, recipe }: Pick<TrainingPlan, "task" | "shape" | "recipe">,
  lengths: LengthRange,
  { anchorWeight, firstAnchorWeight, deviation }: LossHyperparameters,
  { strings, noise }: BatchSources,
): SequenceBatch {
  const pairs = Array.from({ length: recipe.batch }, () => task.sample(strings, lengths));
  const laidOut = pairs.map((pair) => task.layOut(pair));
  const count = (of: "inputs" | "targets" | "valueTargets") =>
    laidOut.reduce((sum, { [of]: list }) => sum + list.filter((x) => x !== NO_TARGET).length, 0);
  const each = (weight: number, items: number) => items === 0 ? 0 : weight / items;
  return {
    strings: laidOut.map((string) => withNoise(string, memoryPorts(shape), deviation, noise)),
    outputWeight: each(1, count("targets")),
    valueWeight: each(recipe.auxiliaryWeight, count("valueTargets")),
    previousWeight: each(recipe.previousWeight ?? 0, countPrevious(laidOut)),
    anchorWeight: each(anchorWeight, count("inputs")),
    firstAnchorWeight: each(firstAnchorWeight, count("inputs")),
    anchorPush: recipe.anchor?.push,
    anchorPop: recipe.anchor?.pop,
    anchors: recipe.anchor?.ports,
    hingeWeight: each(recipe.hinge?.weight ?? 0, count("inputs")),
    hingeBound: recipe.hinge?.bound,
  };
}

/** How many symbols before another one there are to be named. */
function countPrevious(strings: readonly SequenceString[]): number {
  const count = (string: SequenceString) =>
    string.inputs.filter((_, t) => previousTarget(string, t) !== NO_TARGET).length;
  return strings.reduce((sum, string) => sum + count(string), 0);
}

function withNoise(
  string: SequenceString,
  ports: number,
  deviation: number,
  random: RandomSource,
): SequenceString {
  if (deviation === 0) return string;
  const length = ports * string.inputs.length;
  const draw = () => Array.from({ length }, () => random.normal(0, deviation));
  return { ...string, pushNoise: draw(), popNoise: draw() };
}
