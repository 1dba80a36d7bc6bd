/**
 * How well points tell what they are labelled with: a measure that asks nothing of the network that made them.
 *
 * @module
 */

/**
 * The share of points that are nearer to the mean of the other points of their own label than to the mean of any other
 * label. Labels with a single point are left out.
 *
 * @example Two groups apart, and one whose points are far from each other.
 * ```ts
 * import { nearestMeanAccuracy } from "@/studies/nearest_mean.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestMeanAccuracy([[0], [1], [8], [9]], [0, 0, 1, 1]), 1);
 * assertEquals(nearestMeanAccuracy([[0], [9], [8], [9]], [0, 0, 1, 1]), 0.5);
 * ```
 * @param points Each of as many numbers as the others.
 * @param labels One for each point.
 * @returns A share from 0 to 1.
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
  let [right, asked] = [0, 0];
  for (const [own, members] of groups) {
    if (members.length < 2) continue;
    for (const i of members) {
      const distance = (label: number) => {
        const n = groups.get(label)!.length, sum = sums.get(label)!, x = points[i];
        return label === own
          ? squared(x, sum, (total, j) => (total - x[j]) / (n - 1))
          : squared(x, sum, (total) => total / n);
      };
      const nearest = [...groups.keys()].every((label) =>
        label === own || distance(own) < distance(label)
      );
      [right, asked] = [right + Number(nearest), asked + 1];
    }
  }
  if (asked === 0) throw new RangeError("Cannot measure: wanted a label with two points, got none");
  return right / asked;
}

function sumOf(points: readonly (readonly number[])[]): number[] {
  return points[0].map((_, j) => points.reduce((sum, point) => sum + point[j], 0));
}

function squared(
  x: readonly number[],
  sum: readonly number[],
  mean: (total: number, j: number) => number,
): number {
  return x.reduce((d, value, j) => d + (value - mean(sum[j], j)) ** 2, 0);
}
