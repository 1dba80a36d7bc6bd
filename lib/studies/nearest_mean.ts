/**
 * Nearest-mean classification: how well labelled points separate, measured from the points alone.
 *
 * @module
 */

/**
 * Computes the share of points that are nearer to the mean of the other points of their own label than to the mean of any
 * other label. Labels with a single point are left out.
 *
 * @example Two groups that are apart, then two groups that overlap.
 * ```ts
 * import { nearestMeanAccuracy } from "@/studies/nearest_mean.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestMeanAccuracy([[0], [1], [8], [9]], [0, 0, 1, 1]), 1);
 * assertEquals(nearestMeanAccuracy([[0], [9], [8], [9]], [0, 0, 1, 1]), 0.5);
 * ```
 * @param points Points of equal dimension.
 * @param labels The label of each point.
 * @returns The accuracy, from 0 to 1.
 * @throws {RangeError} If no label has two points.
 */
export function nearestMeanAccuracy(
  points: readonly (readonly number[])[],
  labels: readonly number[],
): number {
  const groups = Map.groupBy(points.keys(), (i) => labels[i]);
  const sums = new Map(
    [...groups].map(([label, members]) => [label, sumOf(members.map((i) => points[i]))]),
  );
  let [right, total] = [0, 0];
  for (const [own, members] of groups) {
    if (members.length < 2) continue;
    for (const i of members) {
      const distance = (label: number) => {
        const n = groups.get(label)!.length, sum = sums.get(label)!, x = points[i];
        return label === own
          ? squaredDistance(x, sum, (sum_j, j) => (sum_j - x[j]) / (n - 1))
          : squaredDistance(x, sum, (sum_j) => sum_j / n);
      };
      const nearest = [...groups.keys()].every((label) =>
        label === own || distance(own) < distance(label)
      );
      [right, total] = [right + Number(nearest), total + 1];
    }
  }
  if (total === 0) {
    throw new RangeError(
      "Cannot measure the nearest-mean accuracy: wanted a label with two points, got none",
    );
  }
  return right / total;
}

function sumOf(points: readonly (readonly number[])[]): number[] {
  return points[0].map((_, j) => points.reduce((sum, point) => sum + point[j], 0));
}

/** Σ_j (x_j − mean_j)², where `mean` computes mean_j from the sum of the points. */
function squaredDistance(
  x: readonly number[],
  sum: readonly number[],
  mean: (sum_j: number, j: number) => number,
): number {
  return x.reduce((d, value, j) => d + (value - mean(sum[j], j)) ** 2, 0);
}
