/**
 * What is wrong with the figures of a page.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { SeenFigure } from "./figures_in_page.ts";

/** What is wrong with each figure, as far as it can be seen without touching it. */
export function faultsOf(figures: readonly SeenFigure[]): string[] {
  return figures.flatMap(({ title, marks, overlaps, cutOff, underButtons }) => [
    ...(marks === 0 ? [`${title}: no marks`] : []),
    ...overlaps.map((pair) => `${title}: texts over each other: ${pair}`),
    ...cutOff.map((text) => `${title}: cut off: ${text}`),
    ...underButtons.map((text) => `${title}: under the buttons: ${text}`),
  ]);
}

export function assertDrawn(figures: readonly SeenFigure[], wanted: number): void {
  assertEquals(faultsOf(figures), []);
  assertEquals(figures.length, wanted);
}
