/** The gradient of a cell whose state is h alone, against central differences. */
import { assert, assertEquals } from "@std/assert";
import { checkGradient } from "@/math/gradient_check.ts";
import { type RandomSource, seededRandom } from "@/math/random.ts";
import type { Vector } from "@/math/shapes.ts";
import { vector, zerosLike } from "./random_numbers.ts";

/** A cell, its adjoint, and weights for H units and I inputs. */
export interface CellUnderTest<W extends object, S extends { readonly h: Vector }> {
  readonly name: string;
  randomWeights(random: RandomSource, H: number, I: number): W;
  step(weights: W, input: Vector, hPrev: Vector): S;
  backward(weights: W, gWeights: W, step: S, gH: Vector): { gInput: Vector; gHPrev: Vector };
}

/** Compares the adjoint with central differences, in as many random cells as `cases` says. */
export function assertCellGradient<W extends object, S extends { readonly h: Vector }>(
  { name, randomWeights, step, backward }: CellUnderTest<W, S>,
  cases: number,
): void {
  const random = seededRandom(name);
  for (let n = 0; n < cases; n++) {
    const [H, I] = [random.integer(1, 5), random.integer(1, 5)];
    const { passed, kinks, summary } = checkGradient({
      name: `${name}, H ${H}, I ${I}`,
      f: ({ weights, input, hPrev }) => step(weights, input, hPrev).h,
      adjoint: ({ weights, input, hPrev }, gH) => {
        const gWeights = zerosLike(weights), forward = step(weights, input, hPrev);
        return { gWeights, ...backward(weights, gWeights, forward, gH) };
      },
      at: {
        weights: randomWeights(random, H, I),
        input: vector(random, I),
        hPrev: vector(random, H),
      },
      random,
    });
    assert(passed, summary);
    assertEquals(kinks, 0);
  }
}
